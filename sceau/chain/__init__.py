# SPDX-License-Identifier: Apache-2.0
"""The chain: nodes, contracts at the addresses of a deployment, signers and transactions."""
