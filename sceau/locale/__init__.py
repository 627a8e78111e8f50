# SPDX-License-Identifier: Apache-2.0
"""The two languages of the client."""
