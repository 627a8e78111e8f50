# SPDX-License-Identifier: Apache-2.0
"""Errors of the policy package. They name paths, never values."""

from __future__ import annotations

from sceau.errors import PolicyError


class PolicyBroken(PolicyError):
    """A policy file does not follow the format (docs/policies.md). ``where`` is the JSON path in it."""

    http_status = 422
    code = "policy-broken"
    en = "Policy file {file}, {where}: {rule}. Correct the file (format: docs/policies.md)."
    fr = "Fichier de règles {file}, {where} : {rule}. Corrigez le fichier (format : docs/policies.md)."


class PolicyUnknown(PolicyError):
    """No policy of that identifier, or none in that version."""

    http_status = 422
    code = "policy-unknown"
    en = "No policy {policy} is known here. Correct its name or version, or add its file."
    fr = "Les règles {policy} sont inconnues ici. Corrigez le nom ou la version, ou ajoutez le fichier."


class NoPolicyInForce(PolicyError):
    """The policy is known, but no version of it was in force on that day."""

    code = "policy-not-in-force"
    en = "No version of policy {policy} is in force on {day}. Add the version for that day, or name one."
    fr = "Aucune version des règles {policy} n'est en vigueur le {day}. Ajoutez-la, ou nommez une version."


class PolicyFolderMissing(PolicyError):
    """The directory of further policies cannot be read."""

    http_status = 422
    code = "policy-folder-missing"
    en = "The policy directory {directory} cannot be read. Correct the path or its permissions."
    fr = "Le dossier de règles {directory} ne peut pas être lu. Corrigez le chemin ou ses droits."


class ClauseUnknown(PolicyError):
    """The policy has no clause of that name."""

    http_status = 422
    code = "policy-clause-unknown"
    en = "Policy {policy} has no clause '{clause}'. It has: {known}."
    fr = "Les règles {policy} n'ont pas de clause « {clause} ». Elles ont : {known}."


class PathNotAllowed(PolicyError):
    """A path that the clause does not let the recipient see."""

    code = "path-not-allowed"
    en = "{path}: policy {policy}, clause '{clause}', does not allow it for {profile}. Leave it out."
    fr = "{path} : les règles {policy}, clause « {clause} », ne l'autorisent pas pour {profile}. Retirez-le."
