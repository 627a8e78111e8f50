# SPDX-License-Identifier: Apache-2.0
"""Every sentence that a person may read, by language: ``en.json`` and ``fr.json`` beside this module.

A key is a namespace and a code, such as ``errors.file-exists`` or ``findings.consent-revoked``. Both files have the
same keys, and the templates of one key have the same places for details. Each file is read when first needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def template(key: str, language: str) -> str:
    """The template of a key; English for any language but French.

    Raises:
        KeyError: the catalogue has no such key.
    """
    namespace, _, code = key.partition(".")
    return catalogue("fr" if language == "fr" else "en")[namespace][code]


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """All templates of a language (``en`` or ``fr``), by namespace and code."""
    text = Path(__file__).with_name(f"{language}.json").read_text(encoding="utf-8")
    templates: Mapping[str, Mapping[str, str]] = json.loads(text)
    return templates
