# SPDX-License-Identifier: Apache-2.0
"""Write docs/schemas from the shapes of documents, or with ``--check`` say whether they are equal.

python -m tools.schemas [--check]
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

import sceau
from sceau.documents.model import Shape
from tools.trade_schemas import trade_schemas

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: Parts that have no format of their own and are exchanged by themselves.
PARTS = {"Multiproof": "multiproof", "Jwks": "jwks"}


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its file, without ``.schema.json``."""
    found = {_file_name(name): _schema(name, shape) for name, shape in _shapes()}
    found |= {_file_name(name): _with_head(name, body) for name, body in trade_schemas().items()}
    return dict(sorted(found.items()))


def _shapes() -> Iterator[tuple[str, type[Shape]]]:
    """Every shape of a whole document with the name of its format, or of its part."""
    for module in pkgutil.walk_packages(sceau.__path__, "sceau."):
        if module.name.endswith("shapes"):
            for shape in vars(importlib.import_module(module.name)).values():
                if isinstance(shape, type) and issubclass(shape, Shape) and shape.__module__ == module.name:
                    name = _format_of(shape)
                    if name is not None:
                        yield name, shape


def _format_of(shape: type[Shape]) -> str | None:
    field = shape.model_fields.get("format")
    names = get_args(field.annotation) if field is not None else ()
    return names[0] if len(names) == 1 else PARTS.get(shape.__name__)


def _schema(name: str, shape: type[Shape]) -> dict[str, Any]:
    return _with_head(name, shape.model_json_schema(schema_generator=_Plain))


def _with_head(name: str, body: dict[str, Any]) -> dict[str, Any]:
    body.pop("title", None)
    return {"$schema": DIALECT, "$id": f"urn:sceau:format:{name}", "title": name, **body}


class _Plain(GenerateJsonSchema):
    """Pydantic's schemas without titles made from names, and with no key that a pattern does not allow."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic calls it so
        return False

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        if "patternProperties" in made:
            made["additionalProperties"] = False
        return made


def _file_name(name: str) -> str:
    return name.replace("/", "-")


def main() -> int:
    """Writes or compares the folder; 1 when it is not what it should be."""
    wanted = {
        FOLDER / f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas().items()
    }
    there = {path: path.read_text("utf-8") for path in FOLDER.glob("*.schema.json")}
    if "--check" in sys.argv[1:]:
        if there != wanted:
            print("docs/schemas is not what it should be. Run: python -m tools.schemas", file=sys.stderr)
            return 1
        return 0
    for path in there.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
