#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes a patient's consent back with its card: ``python scripts/revoke_consent.py CARD``.

Needs only the client (``pip install .``), no Brownie. It is the command ``sceau consent revoke``; ``--help`` shows
its options, docs/cli.md its exit codes.
"""

from __future__ import annotations

import sys

from sceau.cli.main import run
from sceau.cli.standalone import only_revoke


def main() -> None:
    """Entry point."""
    sys.exit(run(sys.argv[1:], program="revoke_consent.py", build=only_revoke))


if __name__ == "__main__":
    main()
