# SPDX-License-Identifier: Apache-2.0
"""What parties send one another about a claim. The opening of a step is checked against the chain before use."""
