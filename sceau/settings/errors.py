# SPDX-License-Identifier: Apache-2.0
"""Why settings cannot be used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sceau.errors import InputError, NodeError

if TYPE_CHECKING:
    pass

if sys.version_info >= (3, 11):
    pass
else:
    pass


class ConfigInvalid(InputError):
    """A configuration file cannot be used."""

    code = "config-invalid"


class SettingMissing(InputError):
    """Something that a command needs is said nowhere."""

    code = "setting-missing"


class HomeUnknown(InputError):
    """A path begins with the folder of a user (``~``, ``~name``) that the system does not know."""

    code = "home-unknown"


class WorkingDirectoryGone(InputError):
    """The working directory was deleted, and a file is looked for in it."""

    code = "working-directory-gone"


class SecretInTheOpen(InputError):
    """A node's address in an argument or a variable holds credentials, which others can read there."""

    code = "secret-in-the-open"


class FeeLimitWrong(InputError):
    """The ceiling of fees is not an amount."""

    code = "fee-limit-wrong"


class ProofsWrong(InputError):
    """What is said of proofs is not that they are required."""

    code = "proofs-wrong"


class NoNodeAnswers(NodeError):
    """None of several nodes can be used."""

    code = "no-node-answers"
