# SPDX-License-Identifier: Apache-2.0
"""What the exit code of a command says. docs/cli.md documents the same list."""

from __future__ import annotations

from enum import IntEnum

from sceau.errors import SceauError


class Exit(IntEnum):
    """Exit codes, the same for every command and script."""

    OK = 0
    REFUSED = 1  # the input, the configuration or a contract does not allow it; nothing was written
    USAGE = 2  # the command line itself cannot be understood
    VERDICT_REFUSED = 3  # the question was answered: no
    VERDICT_IN_DOUBT = 4  # the question was answered: it cannot be said
    NODE = 5  # no node can be used, or what it says is too old: another may do
    NOT_MINED = 6  # sent, and not yet in a block: it may still be written
    STORE_LOCKED = 7  # the keys of the store are missing, or are others: nothing was read or written
    INTERNAL = 70  # a fault of the program
    OUTPUT = 74  # the output could not be written (disk full); the work may be done
    INTERRUPTED = 130  # Ctrl-C


def exit_of(error: SceauError) -> Exit:
    """The exit code that an error ends a command with, as its class says."""
    return Exit(error.exit_code)
