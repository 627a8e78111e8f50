# SPDX-License-Identifier: Apache-2.0
"""What a QBFT chain proves by itself: that its validators sealed a header, and what the state under it holds.

Nothing here asks a node; specified in docs/proved.md.
"""
