# SPDX-License-Identifier: Apache-2.0
"""Arguments and options of the commands on a claim, each declared once."""

from __future__ import annotations

from typing import Any

from sceau.cli.options import argument, code_option, file_option, flag_option, party_option
from sceau.cli.words import say


def claim_argument() -> Any:
    """``CLAIM``."""
    return argument(
        say("CLAIM", "DOSSIER"), say("The claim's identifier (0x…).", "L'identifiant du dossier (0x…).")
    )


def values_argument() -> Any:
    """``VALUES``."""
    return argument(
        say("VALUES", "VALEURS"),
        say(
            "Values of the record (sceau import writes them).",
            "Valeurs de l'enregistrement (écrites par sceau import).",
        ),
    )


def step_argument() -> Any:
    """``STEP``: a file that keeps a step."""
    return argument(
        say("STEP", "ÉTAPE"), say("The file that keeps the step.", "Le fichier qui garde l'étape.")
    )


def disclosure_argument() -> Any:
    """``DISCLOSURE``: a file."""
    return argument(
        say("DISCLOSURE", "DIVULGATION"),
        say(
            "The disclosure received: the file, its envelope, or what was kept of that.",
            "La divulgation reçue : le fichier, son enveloppe, ou ce qui en est gardé.",
        ),
    )


def judged_argument() -> Any:
    """``DISCLOSURE``: a file, or a verdict's identifier."""
    return argument(
        say("DISCLOSURE", "DIVULGATION"),
        say(
            "The disclosure received: the file, its envelope, or what was kept of that; or the number of a "
            "verdict on it (sceau verify).",
            "La divulgation reçue : le fichier, son enveloppe, ou ce qui en est gardé ; ou le numéro d'un "
            "verdict sur elle (sceau verify).",
        ),
    )


def step_file() -> str:
    """Help for ``-o`` of a step."""
    return say(
        "File that keeps the step's opening; without it the step can never be shown or proved.",
        "Fichier où garder l'ouverture ; sans lui, l'étape ne pourra être ni montrée ni prouvée.",
    )


def envelope_option() -> Any:
    """``--envelope FILE``."""
    return file_option(
        "--envelope",
        say(
            "Also write the envelope for the party that relies on the step (or later: sceau envelope step).",
            "Écrire aussi l'enveloppe pour la partie qui s'y fie (ou plus tard : sceau envelope step).",
        ),
    )


def keep_option() -> Any:
    """``--keep FILE``: where to keep what an envelope holds."""
    return file_option(
        "--keep", say("Where to keep what an envelope holds.", "Où garder ce que contient une enveloppe.")
    )


def values_option(profile: str) -> Any:
    """``--values FILE``."""
    return file_option(
        "--values",
        say(
            f"Values of the record ({profile}), by path.",
            f"Valeurs de l'enregistrement ({profile}), par chemin.",
        ),
    )


def supplier_option() -> Any:
    """``--supplier NUMBER``."""
    return party_option("--supplier", say("Party number of the supplier.", "Numéro du fournisseur."))


def note_reason_option() -> Any:
    """``--reason CODE`` of a note."""
    codes = "BREAKAGE, ADAPTATION, DEFECT, CORRECTION, NOT-RECEIVED, LOCKS-DIFFER, PATIENT"
    return code_option(
        "--reason", say(f"Why: {codes} or OTHER; sealed.", f"Motif : {codes} ou OTHER ; scellé.")
    )


def reference_option() -> Any:
    """``--reference CODE`` of a note."""
    return code_option("--reference", say("Your own reference; sealed.", "Votre propre référence ; scellée."))


def difference_option() -> Any:
    """``--despite-difference``."""
    return flag_option(
        "--despite-difference",
        text=say(
            "Write it although it differs from the order; the difference stays on the chain.",
            "Écrire bien que cela diffère de la commande ; la différence reste sur la chaîne.",
        ),
    )


def doubt_option() -> Any:
    """``--despite-doubt``."""
    return flag_option(
        "--despite-doubt",
        text=say(
            "Go on although the verdict is in doubt.", "Continuer bien que le verdict soit dans le doute."
        ),
    )


# What a payer holds beside a disclosure


def justification_option() -> Any:
    """``--justification FILE``."""
    return file_option(
        "--justification",
        say(
            "A justification that you accept (kept by sceau envelope open); repeat it for several.",
            "Une justification que vous acceptez (gardée par sceau envelope open) ; à répéter.",
        ),
    )


def act_codes_option() -> Any:
    """``--act-codes FILE``."""
    return file_option(
        "--act-codes",
        say(
            "The act-code key of an order; repeat it for several orders.",
            "La clé des codes actes d'une commande ; à répéter pour plusieurs commandes.",
        ),
    )


def authorisation_option() -> Any:
    """``--authorisation FILE``: the payer's own."""
    return file_option(
        "--authorisation",
        say(
            "The file that keeps your authorisation: the codes you authorised. Your store's otherwise.",
            "Le fichier qui garde votre prise en charge : les codes accordés. Sinon celle de vos données.",
        ),
    )


def beneficiary_option() -> Any:
    """``--beneficiary FILE``."""
    return file_option(
        "--beneficiary",
        say(
            "What your own files say of the beneficiary, to judge a renewal's date.",
            "Ce que vos dossiers disent du bénéficiaire, pour juger la date d'un renouvellement.",
        ),
    )
