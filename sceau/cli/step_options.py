# SPDX-License-Identifier: Apache-2.0
"""Arguments and options of the commands on a claim, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import typer

from sceau.cli.options import argument, code_option, file_option, flag_option, party_option
from sceau.cli.words import say
from sceau.documents.identifiers import is_hash


def claim_in_place(path: Path) -> str | None:
    """The claim that is named in the place of a file; ``None`` where it is a file."""
    return str(path) if is_hash(str(path).lower()) and not path.exists() else None


class HasClaim(Protocol):
    """What is about one claim."""

    @property
    def claim(self) -> str:
        """The claim's identifier."""


def claim_argument() -> Any:
    """``CLAIM``."""
    return argument(say("metavar-claim"), say("claim-identifier-0x"))


def claim_option() -> Any:
    """``--claim CLAIM``: where no file names it."""
    return typer.Option("--claim", metavar=say("metavar-claim"), help=say("claim-of-store"))


def claim_named(claim: str | None, other: HasClaim | None) -> str:
    """The claim of ``--claim``, or of a file that is about one. Raises typer.BadParameter where neither is given."""
    if claim is not None:
        return claim
    if other is None:
        raise typer.BadParameter(say("claim-wanted"), param_hint="--claim")
    return other.claim


def values_argument() -> Any:
    """``VALUES``."""
    return argument(
        say("metavar-values"),
        say("values-record-sceau-import-writes"),
    )


def step_argument() -> Any:
    """``STEP``: a file that keeps a step."""
    return argument(say("metavar-step"), say("file-keeps-step"))


def disclosures_argument() -> Any:
    """``DISCLOSURES``: one file or several."""
    return argument(say("metavar-disclosures"), say("disclosures-received"))


def judged_argument() -> Any:
    """``DISCLOSURE``: a file, or a verdict's identifier."""
    return argument(
        say("metavar-disclosure"),
        say("disclosure-received-file-envelope-what-kept"),
    )


def step_file() -> str:
    """Help for ``-o`` of a step."""
    return say("file-keeps-step-opening-without")


def envelope_option() -> Any:
    """``--envelope FILE``."""
    return file_option(
        "--envelope",
        say("also-write-envelope-party-relies"),
    )


def keep_option() -> Any:
    """``--keep FILE``: where to keep what an envelope holds."""
    return file_option("--keep", say("where-keep-what-envelope-holds"))


def values_option(profile: str) -> Any:
    """``--values FILE``."""
    return file_option(
        "--values",
        say("values-record-path", profile=profile),
    )


def supplier_option() -> Any:
    """``--supplier NUMBER``."""
    return party_option("--supplier", say("party-number-supplier"))


def own_order_option() -> Any:
    """``--order N``: a supplier's own."""
    return typer.Option("--order", metavar="N", min=1, help=say("number-own-order"), show_default=False)


def note_reason_option() -> Any:
    """``--reason CODE`` of a note."""
    codes = "BREAKAGE, ADAPTATION, DEFECT, CORRECTION, NOT-RECEIVED, LOCKS-DIFFER, PATIENT"
    return code_option("--reason", say("why-other-sealed", codes=codes))


def reference_option() -> Any:
    """``--reference CODE`` of a note."""
    return code_option("--reference", say("own-reference-sealed"))


def difference_option() -> Any:
    """``--despite-difference``."""
    return flag_option(
        "--despite-difference",
        text=say("write-although-differs-order-difference"),
    )


def doubt_option() -> Any:
    """``--despite-doubt``."""
    return flag_option(
        "--despite-doubt",
        text=say("go-although-verdict-doubt"),
    )


# What a payer holds beside a disclosure


def justification_option() -> Any:
    """``--justification FILE``."""
    return file_option(
        "--justification",
        say("justification-accept-kept-sceau-envelope"),
    )


def act_codes_option() -> Any:
    """``--act-codes FILE``."""
    return file_option(
        "--act-codes",
        say("act-code-key-order-repeat"),
    )


def authorisation_option() -> Any:
    """``--authorisation FILE``: the payer's own."""
    return file_option(
        "--authorisation",
        say("file-keeps-authorisation-codes-authorised"),
    )


def beneficiary_option() -> Any:
    """``--beneficiary FILE``."""
    return file_option(
        "--beneficiary",
        say("what-own-files-say-beneficiary"),
    )
