# SPDX-License-Identifier: Apache-2.0
"""Writes what the commands print today into the frozen file: ``python -m tests.golden.write``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.golden.play import FROZEN, record


def main() -> None:
    """Plays the commands and writes the file; look at the difference before you commit it."""
    with tempfile.TemporaryDirectory() as folder:
        frozen = record(Path(folder))
    FROZEN.write_text(json.dumps(frozen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FROZEN}: {len(frozen['commands'])} commands, {len(frozen['files'])} files")


if __name__ == "__main__":
    main()
