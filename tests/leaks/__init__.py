# SPDX-License-Identifier: Apache-2.0
"""Does the chain hold anything private? A scenario, a dump of all that a node has, a search, and a comparison."""
