# SPDX-License-Identifier: Apache-2.0
"""What a party stores: received ids, and numbers that serve one claim only."""
