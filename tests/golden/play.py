# SPDX-License-Identifier: Apache-2.0
"""Plays the command lines on a chain of their own, and says what a program sees of each."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sceau.party.entry import Identity
from scripts.documents import document
from tests.client.cli.conftest import PASSWORD, Result
from tests.client.cli.offices import DATA, Office, open_office, publish
from tests.golden.shape import shape, shape_of_text
from tests.support.deployed import Deployed, deploy
from tests.support.mailboxes import confirmation
from tools.ganache import quick_node

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = Path(__file__).with_name("commands.txt")
FROZEN = Path(__file__).with_name("json_outputs.json")
#: The variable that a command sets, and the key of its output that holds the value.
GIVES = {
    "claim open": ("$CLAIM", "claim"),
    "consent sign": ("$CONSENT", "consent"),
    "consent relay": ("$CODE", "revocation_code"),
    "key new": ("$KEY", "address"),
    "verify": ("$VERDICT", "id"),
}

DESKS = {"shop": "practice", "maker": "supplier", "insurer": "payer", "auditor": "auditor"}

#: What commands write, by what it is: desk and file.
FILES = {
    "keystore": "shop/new.json",
    "message keys": "shop/messages.jwe",
    "public message keys": "shop/jwks.json",
    "directory entry": "shop/entry.json",
    "directory entry, added": "maker/directory/party-1.json",
    "statement, added": "maker/directory/party-1-confirmed-2.json",
    "application": "shop/application.json",
    "values": "shop/quote-values.json",
    "prepared opening": "shop/opening.json",
    "prepared opening with a prescription": "shop/opening-fhir.json",
    "prepared authorisation": "insurer/authorisation.json",
    "prepared order": "shop/order-1.json",
    "prepared remake": "shop/order-2.json",
    "prepared delivery": "maker/delivery-2.json",
    "prepared invoice": "shop/invoice-1.json",
    "prepared settlement": "insurer/settlement.json",
    "prepared refusal": "insurer/refusal.json",
    "prepared note": "shop/cancellation.json",
    "disclosure": "shop/shown.json",
    "disclosure under a consent": "shop/shown-2.json",
    "envelope": "shop/shown.env",
    "stored disclosure": "insurer/shown.json",
    "stored authorisation": "shop/authorisation.json",
    "stored order": "maker/order-1.json",
    "stored answer": "shop/answer-1.json",
    "stored act-code key": "insurer/act-codes.json",
    "stored justification": "insurer/word.json",
    "evidence": "auditor/evidence.json",
    "consent request": "shop/request.json",
    "signed consent": "shop/signed.json",
    "card": "shop/card.json",
    "FHIR consent": "shop/consent-fhir.json",
    "revocation": "shop/revocation.json",
    "erasure certificate": "shop/certificate.json",
}

Frozen = dict[str, dict[str, Any]]


def documented() -> set[str]:
    """The commands of the table in docs/cli.md."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `sceau ([^`]+)` \|", page, flags=re.MULTILINE))


def command_of(words: list[str]) -> str:
    """The command that a line calls."""
    return words[0] if words[0] in documented() else " ".join(words[:2])


def lines() -> list[tuple[str, list[str], str]]:
    """Every line of the script: what stands before the colon, the words, and the remark after them."""
    found = []
    for line in re.sub(r"\\\n *", "", COMMANDS.read_text(encoding="utf-8")).splitlines():
        if line.strip() and not line.startswith("#"):
            where, _, rest = line.partition(": ")
            words, _, remark = rest.partition("  # ")
            found.append((where, shlex.split(words), remark))
    return found


def record(folder: Path) -> Frozen:
    """Exit code, messages and shape of standard output of every command, and the shape of the files written."""
    with quick_node() as node:
        return _play(deploy(node), folder)


def _play(deployed: Deployed, folder: Path) -> Frozen:
    desks, commands = _furnish(deployed, folder), {}
    (folder / "exchange").mkdir()
    year = datetime.fromtimestamp(deployed.now, timezone.utc) + timedelta(days=365)
    # Never the first day of a month, of which other things are said.
    known = {"$UNTIL": year.date().replace(day=2).isoformat(), "$NOBODY": "0x" + "11" * 32}
    known["$CONTROLLER"] = deployed.signers["stranger"].address
    for where, words, remark in lines():
        desk, _, others = where.partition(" > ")
        if others:
            _hand(desks[desk], [desks[other] for other in others.split()], words)
        elif where == "forge":
            _forge(*(folder / file for file in words))
        else:
            result = desks[desk].run(*(known.get(word, word) for word in words), "--json")
            command = command_of(words)
            name = command + (f": {remark}" if remark else "")
            assert name not in commands, f"two lines are called '{name}': add a remark to one"
            assert not list(folder.glob("*/x.*")), f"'{name}' wrote a file that no command may write"
            commands[name] = _seen(result)
            if command in GIVES and result.out:
                variable, key = GIVES[command]
                known[variable] = result.data[key]
    return {"commands": commands, "files": {name: _file(folder / file) for name, file in FILES.items()}}


def _hand(desk: Office, others: list[Office], files: list[str]) -> None:
    """Gives copies to other desks; a file that a command failed to write is missed by the next command soon enough."""
    for name in files:
        for other in others:
            if desk.path(name).exists():
                desk.hand(name, other)


def _file(path: Path) -> dict[str, str] | str:
    return shape_of_text(path.read_text(encoding="utf-8")) if path.exists() else "not written"


def _seen(result: Result) -> dict[str, Any]:
    """What a program sees of a command: messages by kind, an error by its code."""
    said = [json.loads(line) for line in result.err.splitlines()]
    return {
        "exit": result.code,
        "messages": [f"error {each['error']}" if "error" in each else next(iter(each)) for each in said],
        "output": shape(result.data) if result.out else "empty",
    }


def _furnish(deployed: Deployed, folder: Path) -> dict[str, Office]:
    """The desks, with the files that their own software would give; the shop has no message keys yet."""
    published = publish(deployed)
    desks = {name: open_office(folder / name, deployed, party, published) for name, party in DESKS.items()}
    shop, maker, insurer = desks["shop"], desks["maker"], desks["insurer"]
    for desk in desks.values():
        desk.path("directory/practice.json").unlink()
        desk.path("directory/practice-confirmed.json").unlink()
        for file in [*DATA.glob("*.json"), *(ROOT / "tests" / "fhir-r4").glob("*.json")]:
            shutil.copy(file, desk.path(file.name))
        for name in ("quote", "order", "delivery", "invoice"):
            desk.path(f"{name}.json").write_bytes(document(name))
    shop.path("messages.jwe").unlink()
    shop.path("other-store").mkdir()
    shop.write("controller.json", deployed.controllers["practice"].to_keystore(PASSWORD, iterations=2**10))
    shop.write("next-controller.json", deployed.signers["stranger"].to_keystore(PASSWORD, iterations=2**10))
    # The name that the shop publishes in a moment: the second entry of its party.
    pont = Identity("Optique du Pont", "FR", "73282932000074")
    shop.write("confirmation.json", confirmation(deployed, 1, pont, publication=2).to_json())
    shop.write("weak-pin", "123456\n")
    shop.write("cut.json", "{")
    for kind, other, changes in (
        ("quote", "other", {"pec_number": "PEC2"}),
        ("invoice", "dear", {"right_lens_code": "ULTRA74"}),
        ("invoice", "other-invoice", {"pec_number": "PEC2"}),
    ):
        shop.path(shop.values(kind, **changes)).rename(shop.path(f"{other}-values.json"))
    order, delivery = shop.json("order.json"), maker.json("delivery.json")
    order["order"]["reason"], delivery["right"]["lens"]["code"] = "DEFECT", "ECO50"
    shop.write("remade.json", order)
    maker.write("swapped.json", delivery)
    known = {"last_equipment": "2020-09-12", "born": None, "band": "FROM-16", "early": None}
    insurer.write("beneficiary.json", {"format": "sceau-beneficiary/1"} | known)
    return desks


def _forge(received: Path, forged: Path) -> None:
    """A disclosure like the one that was received, with another code than was sealed."""
    if received.exists():
        shown = json.loads(json.loads(received.read_text(encoding="utf-8"))["attached"])
        leaves = shown["record"]["shown"]["leaves"]
        next(leaf for leaf in leaves if leaf["name"] == "right.code")["value"] = "VXB9"
        forged.write_text(json.dumps(shown), encoding="utf-8")
