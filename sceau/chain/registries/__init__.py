# SPDX-License-Identifier: Apache-2.0
"""What the contracts hold: parties, consents and claims, each read at one block."""
