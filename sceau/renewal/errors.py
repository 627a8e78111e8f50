# SPDX-License-Identifier: Apache-2.0
"""Errors of the renewal rules. None holds a date or an age of a person."""

from __future__ import annotations

from sceau.errors import InputError


class RenewalError(InputError):
    """Base of the errors of renewal rules."""


class RulesBroken(RenewalError):
    """A file of renewal rules does not follow the format (docs/verdicts.md). ``where`` is the place in it."""

    code = "renewal-rules-broken"
    en = "Renewal rules file {file}, {where}: {rule}. Correct the file (format: docs/verdicts.md)."
    fr = "Fichier de règles de renouvellement {file}, {where} : {rule}. Corrigez-le (format : docs/verdicts.md)."


class RulesUnknown(RenewalError):
    """No renewal rules of that name, or none in force on that day."""

    code = "renewal-rules-unknown"
    en = "No renewal rules {rules} are in force on {day} here. Correct the name or the day, or add the file."
    fr = "Aucune règle de renouvellement {rules} en vigueur le {day} ici. Corrigez le nom, le jour, ou ajoutez-la."


class RulesFolderMissing(RenewalError):
    """The directory of further renewal rules cannot be read."""

    code = "renewal-folder-missing"
    en = "The directory of renewal rules {directory} cannot be read. Correct the path or its permissions."
    fr = (
        "Le dossier des règles de renouvellement {directory} est illisible. Corrigez le chemin ou ses droits."
    )


class BandUnknown(RenewalError):
    """The rules have no such band of ages."""

    code = "renewal-band-unknown"
    en = "The renewal rules {rules} have no band of ages of that name. They have: {known}."
    fr = "Les règles de renouvellement {rules} n'ont pas cette tranche d'âge. Elles ont : {known}."


class CaseUnknown(RenewalError):
    """The rules have no such early case for this band of ages."""

    code = "renewal-case-unknown"
    en = "The renewal rules {rules} have no early case of that name for this band of ages. It has: {known}."
    fr = "Les règles de renouvellement {rules} n'ont pas ce cas anticipé pour cette tranche d'âge : {known}."
