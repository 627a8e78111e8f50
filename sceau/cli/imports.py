# SPDX-License-Identifier: Apache-2.0
"""``sceau import``: other systems' files become values files, ready to be sealed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.options import force_option, output_option
from sceau.cli.result import fact, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.formats.fhir import Imported
    from sceau.record import Value


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau import``."""
    for name, function, french in (
        ("fhir-prescription", prescription, "Lit une ordonnance de lunettes (VisionPrescription, FHIR R4)."),
        (
            "fhir-claim",
            claim,
            "Lit une demande de prise en charge et sa couverture (Claim, Coverage, FHIR R4).",
        ),
        ("quote", quote, "Lit un devis optique français (sceau-quote/1)."),
        ("order", order, "Lit une commande de verres (sceau-lens-order/1)."),
        ("delivery", delivery, "Lit des données de production ou d'expédition (sceau-lens-delivery/1)."),
        ("invoice", invoice, "Lit une facture optique française (sceau-invoice/1)."),
    ):
        add_command(group, name, function, french=french)


def prescription(
    session: Session,
    file: Annotated[Path, _file_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read a spectacle prescription (VisionPrescription, FHIR R4)."""
    from sceau.formats.fhir import import_prescription

    imported = session.read(file, import_prescription)
    _write(session, imported.profile, imported.values, output, force=force, imported=imported)


def claim(
    session: Session,
    claim: Annotated[Path, _claim_argument()],
    coverage: Annotated[Path, _coverage_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read a claim and its coverage (Claim and Coverage, FHIR R4)."""
    from sceau.documents.files import load
    from sceau.formats.fhir import import_claim

    imported = session.read(claim, lambda data: import_claim(data, load(coverage)))
    _write(session, imported.profile, imported.values, output, force=force, imported=imported)


def quote(
    session: Session,
    file: Annotated[Path, _file_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read a French optical quote (sceau-quote/1)."""
    from sceau.formats.optics.quote import PROFILE, load_quote

    _write(session, PROFILE, session.read(file, load_quote), output, force=force)


def order(
    session: Session,
    file: Annotated[Path, _file_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read an order of lenses (sceau-lens-order/1)."""
    from sceau.formats.optics.order import load_order

    _write(session, "lens-order/1", session.read(file, load_order), output, force=force)


def delivery(
    session: Session,
    file: Annotated[Path, _file_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read a production or dispatch record (sceau-lens-delivery/1)."""
    from sceau.formats.optics.order import load_delivery

    _write(session, "lens-delivery/1", session.read(file, load_delivery), output, force=force)


def invoice(
    session: Session,
    file: Annotated[Path, _file_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Read a French optical invoice (sceau-invoice/1)."""
    from sceau.formats.optics.order import load_invoice

    _write(session, "fr-optical-invoice/1", session.read(file, load_invoice), output, force=force)


def _write(
    session: Session,
    profile: str,
    values: Mapping[str, Value],
    output: Path,
    *,
    force: bool,
    imported: Imported | None = None,
) -> None:
    from sceau.record.values import RecordValues

    require_writable(output, force=force)
    save_json(output, RecordValues(profile, values).to_json(), force=force)
    notices = imported.notices if imported else ()
    for notice in notices:
        session.screen.warn(notice.message(spoken()))
    session.screen.show(
        [
            fact("profile", profile, say("profile")),
            fact("values", len(values), say("values")),
            fact("file", str(output), say("file")),
            for_programs("notices", [{"code": notice.code, "path": notice.path} for notice in notices]),
        ]
    )


def _file_argument() -> Any:
    return typer.Argument(metavar=say("metavar-file"), help=say("file-read"))


def _claim_argument() -> Any:
    return typer.Argument(metavar="CLAIM", help=say("fhir-claim"))


def _coverage_argument() -> Any:
    return typer.Argument(metavar="COVERAGE", help=say("coverage"))
