# SPDX-License-Identifier: Apache-2.0
"""Run a command on a fresh Anvil where nothing costs a fee: every `{url}` in it becomes the node's address.

.venv/bin/python -m tools.free_chain make demo NETWORK={url}
"""

import subprocess
import sys

from tools.ganache import anvil


def main() -> int:
    """The command's own exit code."""
    with anvil() as node:
        command = [argument.replace("{url}", node.url) for argument in sys.argv[1:]]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
