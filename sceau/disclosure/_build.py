# SPDX-License-Identifier: Apache-2.0
"""Making a disclosure: nothing leaves that the policy, and where it is needed the consent, does not allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sceau.disclosure._disclosure import ConsentPart, Disclosure, PolicyReference, new_id
from sceau.disclosure.errors import ConsentDoesNotCover, ConsentNeeded, NothingAllowed, PolicyDoesNotApply
from sceau.errors import Sentence
from sceau.policy import PAYER, Clause, Policy, replacing
from sceau.record import SealedRecord

_PRACTICE = Sentence("disclosure.practice")
_PAYER = Sentence("disclosure.payer")
_PURPOSE = Sentence("disclosure.purpose")
_OTHERS = Sentence("disclosure.recipient")
_OTHER_DAYS = Sentence("disclosure.days")
_OTHER_CONTRACT = Sentence("disclosure.contract")


@dataclass(frozen=True)
class GivenConsent:
    """A consent as its practice keeps it: the opening, and the address of the key that signed."""

    record: SealedRecord
    key: str


def build_disclosure(
    record: SealedRecord,
    paths: Iterable[str] | None,
    *,
    sender: int,
    recipient: int,
    policy: Policy,
    clause: str,
    consent: GivenConsent | None,
    made_at: datetime,
    policies: Path | None = None,
) -> Disclosure:
    """A disclosure of ``paths`` of a record; of all that the clause (and the consent) allow when ``None``.

    ``made_at`` is UTC, to the second. ``policies`` is a directory of further policy files, one of which may replace
    ``policy``.

    Raises:
        PolicyDoesNotApply: the policy is not for payers, not in force, replaced, or for another kind of contract.
        PathNotAllowed: the clause does not allow a path.
        ConsentNeeded, ConsentDoesNotCover: the clause needs a consent that is missing or too narrow.
        NothingAllowed: nothing of the record may be shown.
        PathNotInRecord: the record holds no value at a path.
    """
    if policy.recipient != PAYER:
        raise PolicyDoesNotApply(policy=policy.key, why=_OTHERS)
    if not policy.in_force(made_at.date()):
        raise PolicyDoesNotApply(policy=policy.key, why=_OTHER_DAYS)
    replaced_by = replacing(policy, made_at.date(), policies)
    if replaced_by is not None:
        why = Sentence("disclosure.replaced", version=replaced_by.version)
        raise PolicyDoesNotApply(policy=policy.key, why=why)
    if not policy.fits_contract(record.values):
        raise PolicyDoesNotApply(policy=policy.key, why=_OTHER_CONTRACT)
    rules = policy.clause(clause)
    if rules.consent and consent is None:
        raise ConsentNeeded(clause=clause, policy=policy.key)
    relied_on = consent if rules.consent else None
    profile_key = record.scope.profile_key
    chosen = _everything(record, rules, relied_on) if paths is None else sorted(set(paths))
    if not chosen:
        raise NothingAllowed(clause=clause, policy=policy.key, profile=profile_key)
    policy.check(clause, profile_key, chosen)
    shown_consent = None
    if relied_on is not None:
        _require_cover(relied_on.record, record, chosen, sender, recipient, rules.purpose)
        shown_consent = _consent_part(relied_on, {record.profile.field(path).group for path in chosen})
    return Disclosure(
        id=new_id(),
        sender=sender,
        recipient=recipient,
        scope=record.scope,
        root=record.root,
        multiproof=record.prove(chosen),
        policy=PolicyReference(policy.id, policy.version, clause),
        purpose=rules.purpose,
        consent=shown_consent,
        made_at=made_at,
        delete_by=(made_at + timedelta(days=rules.delete_after_days)).date(),
    )


def covered_groups(consent: SealedRecord) -> set[str]:
    """The data groups that a consent names."""
    return {str(value) for path, value in consent.values.items() if path.startswith("group.")}


def _everything(record: SealedRecord, rules: Clause, consent: GivenConsent | None) -> list[str]:
    groups = None if consent is None else covered_groups(consent.record)
    return [
        path
        for path in record.values
        if rules.allowed(record.scope.profile_key, path)
        and (groups is None or record.profile.field(path).group in groups)
    ]


def _require_cover(
    consent: SealedRecord, record: SealedRecord, paths: list[str], sender: int, recipient: int, purpose: str
) -> None:
    for path, expected, what in (
        ("practice", sender, _PRACTICE),
        ("payer", recipient, _PAYER),
        ("purpose", purpose, _PURPOSE),
    ):
        if consent.values[path] != expected:
            raise ConsentDoesNotCover(what=what)
    groups = covered_groups(consent)
    for path in paths:
        group = record.profile.field(path).group
        if group not in groups:
            raise ConsentDoesNotCover(what=Sentence("disclosure.group", path=path))


def _consent_part(consent: GivenConsent, groups: set[str]) -> ConsentPart:
    """Of the consent, no more than a reader must see: practice, payer, purpose and the groups relied on."""
    values = consent.record.values
    places = [path for path in values if path.startswith("group.") and values[path] in groups]
    shown = consent.record.prove(["practice", "payer", "purpose", *places])
    return ConsentPart(commitment=consent.record.root, key=consent.key, multiproof=shown)
