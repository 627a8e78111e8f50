# SPDX-License-Identifier: Apache-2.0
"""What Sceau's transactions cost, beside the Ethereum Attestation Service's on the same node."""
