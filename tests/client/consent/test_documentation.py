# SPDX-License-Identifier: Apache-2.0
"""docs/consent.md is run, and the values that it names are the code's."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from sceau.consent import errors, pin
from sceau.consent.card import FORMAT, SCRYPT_N, Card
from sceau.consent.errors import PinRefused
from sceau.consent.printed import QR_WIDTH
from sceau.consent.wording import CURRENT, PUBLISHED
from sceau.documents.errors import FileMalformed
from tests.support.deployed import Deployed

PAGE = (Path(__file__).parents[3] / "docs" / "consent.md").read_text(encoding="utf-8")


def test_the_code_runs(chain: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(code) == 5
    given = {
        "network": chain.network,
        "practice_key": chain.signers["practice"],
        "anybody": chain.signers["stranger"],
        "node": chain.url,
        "today": datetime.fromtimestamp(chain.now, timezone.utc).date(),
        "folder": tmp_path,
    }
    exec(compile("\n".join(code), "docs/consent.md", "exec"), given)  # noqa: S102  # our own page
    printed = capsys.readouterr().out
    assert "VOTRE ACCORD" in printed
    assert "valable jusqu'au" in printed
    assert "révoqué par sa clé" in printed
    names = {each.name for each in tmp_path.iterdir()}
    assert names == {"request.json", "signed.json", "card.json", "card.pdf"}


def test_the_values_are_those_of_the_code(locked: Card) -> None:
    version = CURRENT["fr"]
    assert f"    {PUBLISHED[version][2:]}  {version}.txt" in PAGE
    assert f"`text.version`, `{version}`" in PAGE
    for key in locked.to_json().keys() - {"address", "crypto", "id", "version"}:
        assert f"`{key}`" in PAGE
    assert f"(`{FORMAT}`, mode 0600)" in PAGE
    assert f"{QR_WIDTH:.0f} mm wide" in PAGE
    assert f"{pin.SHORTEST} to {pin.LONGEST} digits" in PAGE


def test_the_errors_are_those_of_the_code() -> None:
    named = set(re.findall(r"\| `([a-z-]+)` \|", PAGE))
    known = (errors.WrongPin, FileMalformed, errors.CardContradictory, errors.SignedForeign)
    assert named == {error.code for error in known}


def test_the_pins_that_it_calls_refused_are() -> None:
    refused = re.findall(r"`([0-9]{6})`", PAGE)
    assert len(refused) == 6
    for each in refused:
        try:
            pin.check_pin(each)
        except PinRefused:
            continue
        raise AssertionError(each)


def test_the_strength_that_it_names_is_the_codes() -> None:
    assert f"N = {SCRYPT_N}" in PAGE
    assert f"N = 2^{SCRYPT_N.bit_length() - 1}" in PAGE
