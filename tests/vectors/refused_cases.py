# SPDX-License-Identifier: Apache-2.0
"""What a reader must refuse, each with the code of the refusal, and the rule where there are several.

Most of these have a proof that libraries accept: the author sealed exactly these leaves under this root.
"""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sceau.record import Leaf, Multiproof, Scope, SealedRecord, Value
from sceau.record.canonical import LeafType
from sceau.record.leaf import salted
from sceau.record.tree import build, multiproof
from tests.vectors.samples import (
    CLAIM,
    CONSENT_SEED,
    CONSENT_VALUES,
    LENS_SEED,
    LENS_VALUES,
    consent_scope,
    lens_scope,
)

SEED = CONSENT_SEED


def honest() -> SealedRecord:
    return SealedRecord(consent_scope(), CONSENT_VALUES, SEED)


def sealed(leaves: list[Leaf], shown: list[str]) -> tuple[str, dict[str, Any]]:
    """Root and disclosure of the leaves at the paths ``shown``, in a tree over any leaves."""
    nodes = build(leaf.hash for leaf in leaves)
    chosen = {nodes.index(leaf.hash, len(leaves) - 1): leaf for leaf in leaves if leaf.path in shown}
    order, branch = multiproof(nodes, chosen)
    part = Multiproof(tuple(chosen[index] for index in order), branch.proof, branch.flags)
    return "0x" + nodes[0].hex(), part.to_json()


def with_leaf(kind: LeafType, path: str, value: Value, place: str = "pad.1") -> list[Leaf]:
    """The leaves of the honest record, with another one in the place of ``place``."""
    forged = salted(SEED, kind, path, value)
    return [forged if leaf.path == place else leaf for leaf in honest().leaves]


def disclosures() -> list[dict[str, Any]]:
    opening, scope = honest(), consent_scope().text()
    cases = []

    def add(
        name: str,
        code: str,
        root: str,
        disclosure: dict[str, Any],
        asked: str = scope,
        rule: str | None = None,
    ) -> None:
        cases.append(
            {"name": name, "root": root, "scope": asked, "disclosure": disclosure, "code": code, "rule": rule}
        )

    def forge(name: str, code: str, leaves: list[Leaf], shown: list[str], rule: str | None = None) -> None:
        add(name, code, *sealed(leaves, shown), rule=rule)

    empty = {"leaves": [], "proof": [opening.root], "proofFlags": []}
    add("no leaf: the empty multiproof", "disclosure-empty", opening.root, empty)
    own = list(opening.leaves)
    forge("without sceau.record", "disclosure-without-record", own, ["practice", "purpose"])
    forge("sceau.record alone", "disclosure-of-nothing-else", own, ["sceau.record"])
    forge("a free place", "disclosure-path-unknown", own, ["sceau.record", "purpose", "pad.1"])
    for name, forged in _forged():
        forge(name, *forged)
    lens = SealedRecord(lens_scope(), LENS_VALUES, LENS_SEED)
    for record, change in _others(lens):
        asked = replace(record.scope, **change)
        part = record.prove(list(record.values)[:2]).to_json()
        name = f"asked for another {next(iter(change)).removesuffix('_number')}"
        add(name, "disclosure-of-another-record", record.root, part, asked.text())
    for name, disclosure in _unproved():
        add(name, "disclosure-proof-wrong", opening.root, disclosure)
    bigger = [
        *own,
        *(salted(SEED, "bytes32", f"pad.{number}", "0x" + "00" * 32) for number in range(90, 106)),
    ]
    shown = ["sceau.record", "purpose"]
    forge("a tree with twice the profile's leaves", "disclosure-proof-wrong", bigger, shown)
    forge(
        "a tree with half the profile's leaves", "disclosure-proof-wrong", own[:8], ["sceau.record", "payer"]
    )
    return cases


def _part() -> dict[str, Any]:
    return honest().prove(["purpose", "expires"]).to_json()


def _forged() -> list[tuple[str, tuple[Any, ...]]]:
    shown = ["sceau.record", "purpose"]
    wrong, bad = "disclosure-type-wrong", "disclosure-value-not-canonical"
    return [
        (
            "a path that the profile has not",
            ("disclosure-path-unknown", with_leaf("string", "name", "X"), [*shown, "name"]),
        ),
        (
            "a place after the last of a list",
            ("disclosure-path-unknown", with_leaf("string", "group.9", "PEC"), [*shown, "group.9"]),
        ),
        ("a number as text", (wrong, with_leaf("string", "practice", "1", "practice"), [*shown, "practice"])),
        ("a number as signed", (wrong, with_leaf("int256", "practice", 1, "practice"), [*shown, "practice"])),
        (
            "a flag as a number",
            (wrong, with_leaf("uint256", "attested", 1, "attested"), [*shown, "attested"]),
        ),
        (
            "the record as a hash",
            (wrong, with_leaf("bytes32", "sceau.record", "0x" + "11" * 32, "sceau.record"), shown),
        ),
        (
            "a code in lower case",
            (bad, with_leaf("string", "purpose", "third-party-payment", "purpose"), shown, "code-shape"),
        ),
        ("a party zero", (bad, with_leaf("uint256", "payer", 0, "payer"), [*shown, "payer"], "out-of-range")),
        (
            "text in another Unicode form",
            (
                bad,
                with_leaf("string", "text.version", "e\u0301", "text.version"),
                [*shown, "text.version"],
                "text-not-nfc",
            ),
        ),
        (
            "a date that is none",
            (bad, with_leaf("string", "expires", "2027-02-30", "expires"), [*shown, "expires"], "date-shape"),
        ),
        (
            "a scope in another writing",
            (
                bad,
                with_leaf("string", "sceau.record", consent_scope().text() + ";", "sceau.record"),
                shown,
                "scope-shape",
            ),
        ),
        (
            "a scope with a leading zero",
            (
                bad,
                with_leaf(
                    "string",
                    "sceau.record",
                    consent_scope().text().replace("chain=1337", "chain=01337"),
                    "sceau.record",
                ),
                shown,
                "scope-shape",
            ),
        ),
        (
            "two values for one path",
            ("disclosure-path-twice", with_leaf("uint256", "payer", 4), [*shown, "payer"]),
        ),
        (
            "two records",
            ("disclosure-path-twice", with_leaf("string", "sceau.record", _elsewhere().text()), shown),
        ),
    ]


def _elsewhere() -> Scope:
    return replace(consent_scope(), chain_id=1338)


def _others(lens: SealedRecord) -> list[tuple[SealedRecord, dict[str, Any]]]:
    """Records, and what differs in the scope that is asked for."""
    return [
        (honest(), {"chain_id": 1338}),
        (honest(), {"contract": "0x" + "22" * 20}),
        (lens, {"claim": "0x" + "c2" * 32}),
        (lens, {"order_number": 1}),
        (lens, {"step": "invoiced"}),
    ]


def _unproved() -> list[tuple[str, dict[str, Any]]]:
    """Disclosures whose proof does not lead to the root."""

    def edited(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        part = _part()
        change(part)
        return part

    def value(part: dict[str, Any]) -> None:
        next(leaf for leaf in part["leaves"] if leaf["name"] == "expires")["value"] = "2028-06-30"

    def salt(part: dict[str, Any]) -> None:
        part["leaves"][0]["salt"] = "0x" + "00" * 32

    def repeated(part: dict[str, Any]) -> None:
        part["leaves"][0]["name"] = "payer" if part["leaves"][0]["name"] == "practice" else "practice"
        part["leaves"][0] |= {"type": "uint256", "value": "1"}

    return [
        ("another value", edited(value)),
        ("another salt", edited(salt)),
        ("a leaf less", edited(lambda part: part["leaves"].pop(_not_record(part)))),
        ("another order of leaves", edited(lambda part: part["leaves"].reverse())),
        ("no proof", edited(lambda part: part.update(proof=[], proofFlags=[]))),
        ("no flags", edited(lambda part: part.update(proofFlags=[]))),
        ("a hash less", edited(lambda part: part["proof"].pop())),
        ("a hash more", edited(lambda part: part["proof"].append("0x" + "00" * 32))),
        ("a hash and a flag more", edited(_longer)),
        ("all flags true", edited(lambda part: part.update(proofFlags=[True] * len(part["proofFlags"])))),
        (
            "flags inverted",
            edited(lambda part: part.update(proofFlags=[not flag for flag in part["proofFlags"]])),
        ),
        ("hashes reversed", edited(lambda part: part["proof"].reverse())),
    ]


def _not_record(part: dict[str, Any]) -> int:
    return next(place for place, leaf in enumerate(part["leaves"]) if leaf["name"] != "sceau.record")


def _longer(part: dict[str, Any]) -> None:
    part["proof"].append("0x" + "00" * 32)
    part["proofFlags"].append(False)


def full() -> list[dict[str, Any]]:
    """Full disclosures that a reader refuses."""
    opening, scope = honest(), consent_scope().text()
    every = [leaf.path for leaf in opening.leaves]
    seven = [leaf.path for leaf in opening.leaves if leaf.path != "pad.6"]
    unsorted = [*with_leaf("string", "group.1", "PEC", "group.1")]
    shifted = with_leaf("bytes32", "pad.7", "0x" + "00" * 32, "pad.6")
    text = with_leaf("string", "pad.6", "0x" + "00" * 32, "pad.6")
    value = with_leaf("bytes32", "pad.6", "0x" + "11" * 32, "pad.6")
    cheat = with_leaf("uint256", "payer", 4, "pad.6")
    cases = [
        ("a leaf is not shown", "disclosure-not-full", sealed(list(opening.leaves), seven), None),
        ("two values for one path", "disclosure-path-twice", sealed(cheat, every), None),
        ("a free place misnumbered", "disclosure-path-unknown", sealed(shifted, [*every, "pad.7"]), None),
        (
            "a free place that is not zero",
            "disclosure-value-not-canonical",
            sealed(value, every),
            "pad-not-zero",
        ),
        ("a free place of another type", "disclosure-type-wrong", sealed(text, every), None),
        ("a broken rule between fields", "record-rule-broken", sealed(unsorted, every), "ascending"),
    ]
    return [
        {"name": name, "root": root, "scope": scope, "disclosure": disclosure, "code": code, "rule": rule}
        for name, code, (root, disclosure), rule in cases
    ]


def files() -> list[dict[str, Any]]:
    """Disclosures as text that is not exactly of the format."""
    part = _part()
    text = json.dumps(part)

    def edited(place: str, key: str, new: object) -> str:
        changed = copy.deepcopy(part)
        target = changed["leaves"][0] if place == "leaf" else changed
        target[key] = new
        return json.dumps(changed)

    axis = {"type": "uint256", "name": "practice", "value": "1", "salt": "0x" + "00" * 32}
    numbers = ["01", "-1", "+1", "1.0", "1e3", "0x1", "", " 1", "١", "9" * 79, 1, True, None]
    signed = ["-0", "01", "-01", "+1", "- 1", "1.0", "9" * 78, -1]
    number_texts = [
        json.dumps({**part, "leaves": [{**axis, "type": kind, "value": number}]})
        for kind, written in (("uint256", numbers), ("int256", signed))
        for number in written
    ]
    return [
        {"name": name, "text": written, "code": "file-malformed", "rule": rule}
        for name, written, rule in [
            ("empty", "", "json-broken"),
            ("truncated", text[:-20], "json-broken"),
            ("two objects", text + text, "json-broken"),
            ("a list", "[]", "json-not-object"),
            ("a key twice", '{"leaves": [], ' + text[1:], "json-key-twice"),
            ("a leaf's key twice", text.replace('"type":', '"type": "bool", "type":', 1), "json-key-twice"),
            ("a fraction", edited("leaf", "value", 1.5), "json-fraction"),
            ("not a number", text.replace("[", "[NaN, ", 1), "json-fraction"),
            (
                "a key missing",
                json.dumps({"leaves": part["leaves"], "proof": part["proof"]}),
                "json-key-missing",
            ),
            ("a key more", edited("top", "root", "0x" + "00" * 32), "json-key-unknown"),
            ("a leaf hash beside a leaf", edited("leaf", "hash", "0x" + "00" * 32), "json-key-unknown"),
            ("a leaf hash for a leaf", json.dumps({**part, "leaves": ["0x" + "00" * 32]}), "json-leaf"),
            ("leaves no list", edited("top", "leaves", {}), "json-list"),
            ("a type that is none", edited("leaf", "type", "uint"), "json-leaf-type"),
            ("a type no text", edited("leaf", "type", ["bool"]), "json-leaf-type"),
            ("a name no text", edited("leaf", "name", 5), "json-leaf-name"),
            ("a salt in capitals", edited("leaf", "salt", "0x" + "AB" * 32), "json-hash"),
            ("a salt too short", edited("leaf", "salt", "0xab"), "json-hash"),
            ("a hash no text", edited("top", "proof", [5]), "json-hash"),
            ("a flag as a number", edited("top", "proofFlags", [1, 0]), "json-flag"),
            (
                "a bool as text",
                json.dumps({**part, "leaves": [{**axis, "type": "bool", "value": "true"}]}),
                "json-value",
            ),
            *(
                (f"a number written otherwise ({place})", each, "json-value")
                for place, each in enumerate(number_texts)
            ),
        ]
    ]


def openings() -> list[dict[str, Any]]:
    """Openings that a reader refuses."""
    good = honest().to_json()
    values = good["values"]
    cases: list[tuple[str, dict[str, Any], str, str | None]] = [
        ("another value", {"values": {**values, "expires": "2028-06-30"}}, "opening-does-not-fit", None),
        ("a value more", {"values": {**values, "group.3": "PEC"}}, "opening-does-not-fit", None),
        ("another root", {"root": "0x" + "00" * 32}, "opening-does-not-fit", None),
        ("another seed", {"seed": "0x" + "00" * 32}, "opening-does-not-fit", None),
        ("another scope", {"scope": _elsewhere().text()}, "opening-does-not-fit", None),
        ("another format", {"format": "sceau-opening/2"}, "file-malformed", "opening-format"),
        ("a key more", {"note": "x"}, "file-malformed", "json-key-unknown"),
        ("values no object", {"values": []}, "file-malformed", "opening-values"),
        ("a seed too short", {"seed": "0x00"}, "file-malformed", "json-hash"),
        ("a number for text", {"values": {**values, "practice": 1}}, "file-malformed", "json-value"),
        ("a path that is none", {"values": {**values, "name": "X"}}, "path-unknown", None),
        ("a free place as value", {"values": {**values, "pad.1": "0x" + "00" * 32}}, "path-unknown", None),
        ("the record as value", {"values": {**values, "sceau.record": good["scope"]}}, "path-unknown", None),
        (
            "a value not canonical",
            {"values": {**values, "purpose": "x"}},
            "value-not-canonical",
            "code-shape",
        ),
        (
            "a profile that is none",
            {"scope": good["scope"].replace("consent", "other")},
            "profile-unknown",
            None,
        ),
        ("a scope that is none", {"scope": "sceau:2"}, "scope-not-canonical", "scope-shape"),
        (
            "a scope with a claim",
            {"scope": good["scope"] + f";claim={CLAIM};order=0;step=opened"},
            "scope-not-canonical",
            "scope-with-claim",
        ),
    ]
    return [
        {"name": name, "opening": {**good, **change}, "code": code, "rule": rule}
        for name, change, code, rule in cases
    ]


def records() -> list[dict[str, Any]]:
    """Whole records that cannot be sealed, each with every value canonical."""
    consent, lens = ("consent/1", CONSENT_VALUES), ("optical-prescription/1", LENS_VALUES)
    cases: list[tuple[str, tuple[str, Mapping[str, Value]], dict[str, Value | None], str, str | None]] = [
        ("a required path missing", consent, {"payer": None}, "path-missing", None),
        ("a list unused", consent, {"group.1": None, "group.2": None}, "path-missing", None),
        ("a gap in a list", consent, {"group.4": "PEC"}, "record-rule-broken", "list-gap"),
        ("a set out of order", consent, {"group.2": "AAA"}, "record-rule-broken", "ascending"),
        ("a set with a repetition", consent, {"group.2": "AMOUNTS"}, "record-rule-broken", "ascending"),
        ("a cylinder without axis", lens, {"right.axis": None}, "record-rule-broken", "axis-missing"),
        (
            "an axis beside no cylinder",
            lens,
            {"left.axis": 90},
            "record-rule-broken",
            "axis-without-cylinder",
        ),
        ("a sphere without cylinder", lens, {"left.cylinder": None}, "record-rule-broken", "needs"),
    ]
    found = []
    for name, (profile, values), change, code, rule in cases:
        merged = {path: value for path, value in {**values, **change}.items() if value is not None}
        found.append({"name": name, "profile": profile, "values": merged, "code": code, "rule": rule})
    return found


def vectors() -> dict[str, Any]:
    return {
        "about": "What a reader refuses. 'disclosures' and 'full' are read under 'root' and 'scope'; 'files' are texts "
        "of disclosures; 'records' are whole records that cannot be sealed (integers as JSON numbers).",
        "disclosures": disclosures(),
        "full": full(),
        "files": files(),
        "openings": openings(),
        "records": records(),
    }
