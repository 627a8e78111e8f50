# SPDX-License-Identifier: Apache-2.0
"""Developer tooling: never shipped in the wheel, never imported by the client."""
