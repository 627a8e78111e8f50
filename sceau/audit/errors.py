# SPDX-License-Identifier: Apache-2.0
"""Why an evidence file cannot be judged at all."""

from __future__ import annotations

from sceau.errors import InputError


class EvidenceMalformed(InputError):
    """The file is truncated, edited in its shape, or no evidence file."""

    code = "evidence-malformed"
    en = "This is no whole evidence file: {part}. Ask for it again."
    fr = "Ce n'est pas un fichier de preuves entier : {part}. Redemandez-le."


class EvidenceForeign(InputError):
    """The file is about another chain or another deployment."""

    code = "evidence-foreign"
    en = "The evidence is about another chain or deployment than this manifest's. Use its own manifest."
    fr = "Les preuves concernent une autre chaîne ou un autre déploiement que ce manifeste. Prenez le leur."


class NotOfThisClaim(InputError):
    """A record, a group or a message of another claim, or of a step that the claim does not have."""

    code = "not-of-this-claim"
    en = "It is of no step of this claim on this chain."
    fr = "Cela n'est d'aucune étape de ce dossier sur cette chaîne."
