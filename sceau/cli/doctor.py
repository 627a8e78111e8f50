# SPDX-License-Identifier: Apache-2.0
"""``sceau doctor``: looks at everything that a command needs, and says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.chain.errors import ProofInvalid, ProofOfAnotherChain
from sceau.cli.command import add_command
from sceau.cli.exits import Exit, exit_of
from sceau.cli.options import Needs, file_option
from sceau.cli.session import Session
from sceau.cli.words import either, say, spoken
from sceau.diagnosis import CONFLICT, Check, Level, diagnose, diagnose_conflict, gravest
from sceau.documents.files import save_json

_FRENCH_NAMES = {
    "libraries": "bibliothèques",
    "manifest": "manifeste",
    "node": "nœud",
    "chain": "chaîne",
    "head": "dernier bloc",
    "node behind": "nœud en retard",
    "chain stopped": "chaîne arrêtée",
    "blocks": "blocs",
    "conflict": "conflit",
    "block period": "période des blocs",
    "clock": "horloge",
    "fees": "frais",
    "key": "clé",
    "policies": "règles",
}


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "doctor",
        doctor,
        french="Vérifie versions, nœuds, chaîne, frais, contrats, horloge, clé et règles, et dit ce qui ne va pas.",
        needs=Needs.SIGN | Needs.POLICIES,
    )


def doctor(session: Session, conflict: Annotated[Path | None, _conflict_option()] = None) -> Exit:
    """Check versions, nodes, chain, fees, contracts, clock, key and policies, and say what is wrong.

    Two blocks of one height that the chain's validators sealed are kept in a file of the working directory.
    """
    from sceau.proof.conflict import Conflict

    if conflict is not None:
        found = session.read(conflict, Conflict.from_json)
        with session.in_file(conflict, ProofInvalid, ProofOfAnotherChain):
            return _say(session, [diagnose_conflict(session.settings, found)])

    def key() -> str:
        return session.signer.address if session.settings.password_file else session.key_address

    with session.screen.working(say("looking")):
        checks = list(diagnose(session.settings, key=key))
    code = _say(session, checks)
    for each in checks:
        kept = each.data.get(CONFLICT)
        if each.error is not None and isinstance(kept, dict):
            _keep(session, Path(f"sceau-conflict-{each.error.details['number']}.json"), kept)
    return code


def _say(session: Session, checks: list[Check]) -> Exit:
    if session.screen.as_json:
        session.screen.data({"checks": [_data(check) for check in checks], "exit_code": int(_exit(checks))})
    else:
        _show(session, checks)
    return _exit(checks)


def _keep(session: Session, path: Path, kept: dict[str, Any]) -> None:
    """Keeps two blocks of one height; what was kept of that height before stays."""
    if not path.exists():
        save_json(path, kept)
    session.screen.warn(say("conflict-kept", file=path))


def _conflict_option() -> Any:
    return file_option("--conflict", say("conflict-check"))


def _name(name: str) -> str:
    first, _, rest = name.partition(" ")
    if first == "setting":
        return either(name, f"réglage {rest}")
    return either(name, _FRENCH_NAMES.get(name, name))


def _exit(checks: list[Check]) -> Exit:
    error = gravest(checks)
    return Exit.OK if error is None else exit_of(error)


def _data(check: Check) -> dict[str, Any]:
    words = check.words
    return {
        "name": check.name,
        "level": check.level.value,
        "code": check.code,
        "en": words.en,
        "fr": words.fr,
        **check.data,
    }


def _show(session: Session, checks: list[Check]) -> None:
    marks = {
        Level.OK: say("ok"),
        Level.WARNING: say("look"),
        Level.FAULT: say("wrong"),
    }
    for check in checks:
        label = f"{marks[check.level]:<6}{_name(check.name):<23}"
        session.screen.facts([(label, check.words.text(spoken()))])
    faults = sum(check.level is Level.FAULT for check in checks)
    session.screen.text()
    session.screen.title(say("nothing-wrong") if not faults else say("faults-found", faults=faults))
