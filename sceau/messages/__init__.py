# SPDX-License-Identifier: Apache-2.0
"""Messages between parties: signed, then encrypted to one recipient; one module for each kind."""
