# SPDX-License-Identifier: Apache-2.0
"""A real node with the contracts on it, for the client's tests."""
