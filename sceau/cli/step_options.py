# SPDX-License-Identifier: Apache-2.0
"""Arguments and options of the commands on a claim, each declared once."""

from __future__ import annotations

from typing import Any

import typer

from sceau.cli.options import file_word, party_option
from sceau.cli.words import say


def _file(name: str, en: str, fr: str) -> Any:
    return typer.Option(name, metavar=file_word(), help=say(en, fr))


def _argument(metavar_en: str, metavar_fr: str, en: str, fr: str) -> Any:
    return typer.Argument(metavar=say(metavar_en, metavar_fr), help=say(en, fr))


def claim_argument() -> Any:
    """``CLAIM``."""
    return _argument("CLAIM", "DOSSIER", "The claim's identifier (0x…).", "L'identifiant du dossier (0x…).")


def values_argument() -> Any:
    """``VALUES``."""
    return _argument(
        "VALUES",
        "VALEURS",
        "Values of the record (sceau import writes them).",
        "Valeurs de l'enregistrement (écrites par sceau import).",
    )


def step_argument() -> Any:
    """``STEP``: a file that keeps a step."""
    return _argument("STEP", "ÉTAPE", "The file that keeps the step.", "Le fichier qui garde l'étape.")


def disclosure_argument() -> Any:
    """``DISCLOSURE``: a file."""
    return _argument(
        "DISCLOSURE",
        "DIVULGATION",
        "The disclosure received: the file, its envelope, or what was kept of that.",
        "La divulgation reçue : le fichier, son enveloppe, ou ce qui en est gardé.",
    )


def judged_argument() -> Any:
    """``DISCLOSURE``: a file, or a verdict's identifier."""
    return _argument(
        "DISCLOSURE",
        "DIVULGATION",
        "The disclosure received: the file, its envelope, or what was kept of that; or the identifier of the verdict "
        "that sceau verify gave on it.",
        "La divulgation reçue : le fichier, son enveloppe, ou ce qui en est gardé ; ou l'identifiant du verdict que "
        "sceau verify a rendu.",
    )


def step_file() -> str:
    """Help for ``-o`` of a step."""
    return say(
        "File that keeps the step's opening; without it the step can never be shown or proved.",
        "Fichier où garder l'ouverture ; sans lui, l'étape ne pourra être ni montrée ni prouvée.",
    )


def envelope_option() -> Any:
    """``--envelope FILE``."""
    return _file(
        "--envelope",
        "Also write the envelope for the party that relies on the step (or later: sceau envelope step).",
        "Écrire aussi l'enveloppe pour la partie qui s'y fie (ou plus tard : sceau envelope step).",
    )


def keep_option() -> Any:
    """``--keep FILE``: where to keep what an envelope holds."""
    return _file(
        "--keep", "Where to keep what an envelope holds.", "Où garder ce que contient une enveloppe."
    )


def values_option(profile: str) -> Any:
    """``--values FILE``."""
    return _file(
        "--values",
        f"Values of the record ({profile}), by path.",
        f"Valeurs de l'enregistrement ({profile}), par chemin.",
    )


def supplier_option() -> Any:
    """``--supplier NUMBER``."""
    return party_option("--supplier", say("Party number of the supplier.", "Numéro du fournisseur."))


def note_reason_option() -> Any:
    """``--reason CODE`` of a note."""
    codes = "BREAKAGE, ADAPTATION, DEFECT, CORRECTION, NOT-RECEIVED, LOCKS-DIFFER, PATIENT"
    return code_option("--reason", f"Why: {codes} or OTHER; sealed.", f"Motif : {codes} ou OTHER ; scellé.")


def reference_option() -> Any:
    """``--reference CODE`` of a note."""
    return code_option("--reference", "Your own reference; sealed.", "Votre propre référence ; scellée.")


def code_option(name: str, en: str, fr: str) -> Any:
    """An option that takes a code."""
    return typer.Option(name, metavar="CODE", help=say(en, fr))


def date_option(name: str, en: str, fr: str) -> Any:
    """An option that takes a day."""
    return typer.Option(name, metavar="DATE", help=say(en, fr))


def flag_option(name: str, en: str, fr: str) -> Any:
    """An option that takes nothing."""
    return typer.Option(name, metavar="", help=say(en, fr))


def difference_option() -> Any:
    """``--despite-difference``."""
    return flag_option(
        "--despite-difference",
        "Write it although it differs from the order; the difference stays on the chain.",
        "Écrire bien que cela diffère de la commande ; la différence reste sur la chaîne.",
    )


def doubt_option() -> Any:
    """``--despite-doubt``."""
    return flag_option(
        "--despite-doubt",
        "Go on although the verdict is in doubt.",
        "Continuer bien que le verdict soit dans le doute.",
    )


# What a payer holds beside a disclosure


def justification_option() -> Any:
    """``--justification FILE``."""
    return _file(
        "--justification",
        "A justification that you accept (kept by sceau envelope open); repeat it for several.",
        "Une justification que vous acceptez (gardée par sceau envelope open) ; à répéter.",
    )


def act_codes_option() -> Any:
    """``--act-codes FILE``."""
    return _file(
        "--act-codes",
        "The act-code key of an order; repeat it for several orders.",
        "La clé des codes actes d'une commande ; à répéter pour plusieurs commandes.",
    )


def authorisation_option() -> Any:
    """``--authorisation FILE``: the payer's own."""
    return _file(
        "--authorisation",
        "The file that keeps your authorisation: the codes you authorised. Your store's otherwise.",
        "Le fichier qui garde votre prise en charge : les codes que vous avez accordés. Sinon celle de vos données.",
    )


def beneficiary_option() -> Any:
    """``--beneficiary FILE``."""
    return _file(
        "--beneficiary",
        "What your own files say of the beneficiary, to judge a renewal's date.",
        "Ce que vos dossiers disent du bénéficiaire, pour juger la date d'un renouvellement.",
    )
