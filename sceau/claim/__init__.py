# SPDX-License-Identifier: Apache-2.0
"""A claim on the chain: its state, and its history checked against the head that the contract keeps."""
