# SPDX-License-Identifier: Apache-2.0
"""A practice's request for consent, and how the patient's software reads it before anything is signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

from sceau.consent import errors
from sceau.consent.typed_data import CONSENT, consent_message, wallet_request
from sceau.consent.wording import CURRENT, Terms, consent_text, published_hash
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.strict_json import Data
from sceau.errors import Language, Sentence
from sceau.record import Scope, SealedRecord, Value, seal

FORMAT = "sceau-consent-request/1"

#: Longest life of a consent, in seconds: ``MAX_LIFETIME`` of the contract.
LONGEST_LIFE = 731 * 86_400

#: Days for which a consent lasts at least, where no end is named: for a claim, its settlement and a remake.
USUAL_DAYS = 90

_PROFILE = "consent"
_PROFILE_VERSION = 1
_WHAT = Sentence("files.consent-request")

_RECORDER = Sentence("consent.recorder")
_EXPIRY = Sentence("consent.expires_at")
_ATTESTED = Sentence("consent.attested")
_RECORD_TYPE = Sentence("consent.profile")
_SEALED_SCOPE = Sentence("consent.scope")


@dataclass(frozen=True, repr=False)
class ConsentRequest:
    """Everything that a patient is asked to agree to; the opening holds what the consent says and its secret.

    ``recorder`` (party number), ``expires_at`` (seconds, a midnight UTC) and ``attested`` are what the
    signature will name beside the commitment.
    """

    record: SealedRecord
    recorder: int
    expires_at: int
    attested: bool
    registry: RegistryId

    def __repr__(self) -> str:
        return f"ConsentRequest({self.commitment})"

    @property
    def commitment(self) -> str:
        """The root of the opening, '0x' hex."""
        return self.record.root

    @property
    def values(self) -> Mapping[str, Value]:
        """The sealed values by path."""
        return self.record.values

    @property
    def terms(self) -> Terms:
        """The sealed values, ready to be put into words."""
        values = cast(Mapping[str, Any], self.values)
        groups = [values[f"group.{place}"] for place in range(1, 9) if f"group.{place}" in values]
        return Terms(
            practice=values["practice"],
            payer=values["payer"],
            purpose=values["purpose"],
            groups=tuple(groups),
            expires_at=_midnight(self.ends_on),
            attested=values["attested"],
        )

    @property
    def unusual_end(self) -> Sentence | None:
        """What to know of an end that is not the first day of a month: every member sees it; ``None`` where it is."""
        return None if self.ends_on.day == 1 else Sentence("consent.unusual-end")

    @property
    def ends_on(self) -> date:
        """The day at whose start, midnight UTC, the consent ends."""
        return date.fromisoformat(str(self.values["expires"]))

    def in_words(self, language: Language = "fr", names: Mapping[int, str] | None = None) -> str:
        """The whole text with the values in words, as the patient must be shown it before signing.

        French is what is signed; English is a reading version. ``names`` are names of parties by number, from
        a directory that was checked; without one a party is shown by its number. Raises :class:`TextUnknown`,
        :class:`NotInWords`.
        """
        version = str(self.values["text.version"])
        return consent_text(version, language).filled(self.terms, names or {})

    def check(self, here: RegistryId, head_time: int | None = None) -> None:
        """Refuses a request that is not what it seems, before it is shown or signed.

        ``here`` is the register that the reader knows (from the published manifest, never from the request).
        ``head_time`` is the time of the chain's newest block, in seconds; without it only the chain will
        judge whether the end is too near or too far. The opening has been rebuilt from its values by then,
        so no path is unknown or given twice.

        Raises :class:`RequestForeign`, :class:`RequestContradictory`, :class:`PartiesAlike`,
        :class:`TextUnknown`, :class:`TextChanged`, :class:`NotInWords`, :class:`ExpiryRefused`.
        """
        self._check_register(here)
        terms = self.terms
        for part, outside, sealed in (
            (_RECORDER, self.recorder, terms.practice),
            (_EXPIRY, self.expires_at, terms.expires_at),
            (_ATTESTED, self.attested, terms.attested),
        ):
            if outside != sealed:
                raise errors.RequestContradictory(part=part)
        if terms.practice == terms.payer:
            raise errors.PartiesAlike
        self._check_text(terms)
        check_expiry(self.expires_at, head_time)

    def _check_register(self, here: RegistryId) -> None:
        part = self.registry.difference(here)
        if part is not None:
            raise errors.RequestForeign(part=part)
        if self.record.scope != _scope(here):
            raise errors.RequestForeign(part=_SEALED_SCOPE)

    def _check_text(self, terms: Terms) -> None:
        version = str(self.values["text.version"])
        if self.values["text.hash"] != published_hash(version):
            raise errors.TextChanged(version=version)
        consent_text(version).check(terms.purpose, terms.groups)

    def for_wallet(self) -> dict[str, Any]:
        """The typed data for a wallet of the patient's own (``eth_signTypedData_v4``)."""
        message = consent_message(self.commitment, self.recorder, self.expires_at, self.attested)
        return wallet_request(self.registry, CONSENT, message)

    def described(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        """What is asked, as JSON values: codes, the whole text in both languages, and what a wallet signs.

        ``names`` as :meth:`in_words`; raises as it does.
        """
        terms = self.terms
        return {
            "commitment": self.commitment,
            "practice": terms.practice,
            "payer": terms.payer,
            "purpose": terms.purpose,
            "groups": list(terms.groups),
            "expires_on": str(self.values["expires"]),
            "attested": terms.attested,
            "text": {
                "version": self.values["text.version"],
                "hash": self.values["text.hash"],
                "fr": self.in_words("fr", names),
                "en": self.in_words("en", names),
            },
            "typed_data": self.for_wallet(),
        }

    def to_json(self) -> dict[str, Any]:
        """The request as JSON values. It holds what is asked and its secret: for the patient only."""
        return {
            "format": FORMAT,
            "opening": self.record.to_json(),
            "recorder": self.recorder,
            "expires_at": self.expires_at,
            "attested": self.attested,
            **self.registry.to_json(),
        }

    @classmethod
    def from_json(cls, data: Data) -> ConsentRequest:
        """Restores a request and rebuilds its root; nothing is judged before :meth:`check`.

        Raises :class:`FileMalformed`, and what :meth:`SealedRecord.from_json` raises on values and paths.
        """
        from sceau.consent import shapes
        from sceau.documents.model import read

        written = read(shapes.ConsentRequest, data, _WHAT)
        record = SealedRecord.of_shape(written.opening)
        if record.scope.profile_key != f"{_PROFILE}/{_PROFILE_VERSION}":
            raise errors.RequestForeign(part=_RECORD_TYPE)
        return cls(
            record=record,
            recorder=written.recorder,
            expires_at=written.expires_at,
            attested=written.attested,
            registry=RegistryId.of_shape(written),
        )

    def save(self, path: str | Path) -> None:
        """Writes it to a new file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> ConsentRequest:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))


def make_request(
    registry: RegistryId,
    *,
    practice: int,
    payer: int,
    purpose: str,
    groups: Iterable[str],
    expires_on: date,
    head_time: int,
    attested: bool = False,
    language: str = "fr",
) -> ConsentRequest:
    """Makes and seals a request; each call seals anew, so keep the result until it is signed or given up.

    ``practice`` and ``payer`` are party numbers. ``groups`` are data group codes, in any order. The consent
    ends at the midnight UTC with which ``expires_on`` begins, at most 731 days after ``head_time``, the time
    of the chain's newest block in seconds. ``language`` is that of the text signed ('fr').

    Raises what :meth:`ConsentRequest.check` raises, and what :func:`sceau.record.seal` raises on a value
    that is not canonical, no group, or more than 8.
    """
    version = CURRENT.get(language, "")
    text_hash = published_hash(version)
    values: dict[str, Value] = {
        "practice": practice,
        "payer": payer,
        "purpose": purpose,
        "text.version": version,
        "text.hash": text_hash,
        "expires": expires_on.isoformat(),
        "attested": attested,
    }
    values |= {f"group.{place}": group for place, group in enumerate(sorted(set(groups)), 1)}
    request = ConsentRequest(
        record=seal(_scope(registry), values),
        recorder=practice,
        expires_at=_midnight(expires_on),
        attested=attested,
        registry=registry,
    )
    request.check(registry, head_time)
    return request


def usual_end(head_time: int) -> date:
    """The end to offer: the first day of a month, at least :data:`USUAL_DAYS` after the chain's time in seconds.

    All consents that are asked for within a month then end on one day, which distinguishes none from the others.
    """
    earliest = datetime.fromtimestamp(head_time, timezone.utc).date() + timedelta(days=USUAL_DAYS)
    if earliest.day == 1:
        return earliest
    return date(earliest.year + earliest.month // 12, earliest.month % 12 + 1, 1)


def read_request(data: Data, here: RegistryId, head_time: int | None = None) -> ConsentRequest:
    """The patient's side: a request that may be shown and then signed.

    Rebuilds the root from all values and checks everything that :meth:`ConsentRequest.check` names; raises as
    it and :meth:`ConsentRequest.from_json` do. Show :meth:`ConsentRequest.in_words` before signing.
    """
    request = ConsentRequest.from_json(data)
    request.check(here, head_time)
    return request


def check_expiry(expires_at: int, head_time: int | None) -> None:
    """Raises :class:`ExpiryRefused` unless the contract would take this end (seconds) in the next block.

    Without ``head_time`` nothing is judged. That the end is a midnight UTC follows from the record, which seals
    a date.
    """
    if head_time is None:
        return
    if expires_at <= head_time:
        raise errors.ExpiryRefused(rule=errors.PAST)
    if expires_at > head_time + LONGEST_LIFE:
        raise errors.ExpiryRefused(rule=errors.TOO_FAR)


def _scope(registry: RegistryId) -> Scope:
    """What the leaf ``sceau.record`` of a consent says there."""
    return Scope(_PROFILE, _PROFILE_VERSION, registry.chain_id, registry.contract)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())
