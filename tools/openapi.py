# SPDX-License-Identifier: Apache-2.0
"""Write docs/openapi.json, which describes the gateway, or with ``--check`` say whether it is equal.

python -m tools.openapi [--check]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sceau.gateway.app import application
from sceau.gateway.asking import Served
from sceau.gateway.clients import Clients, Rate
from sceau.gateway.shops import Shops

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def document() -> str:
    """The OpenAPI document of a gateway."""
    app = application(Served(Clients([]), Shops({}, 1), Rate(1)))
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Writes the file, or compares it."""
    made = document()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == made:
        return 0
    print("docs/openapi.json is not that of the gateway: python -m tools.openapi")
    return 1


if __name__ == "__main__":
    sys.exit(main())
