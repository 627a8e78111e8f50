# SPDX-License-Identifier: Apache-2.0
"""The ``sceau`` command: one module for each group of commands, docs/cli.md describes them all."""
