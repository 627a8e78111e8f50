# SPDX-License-Identifier: Apache-2.0
"""What a party holds of a person's claims and consents (GDPR art. 15): one document, and pages of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sceau.documents import files
from sceau.errors import Language, Sentence
from sceau.papers.kinds import kind_sentence
from sceau.record.errors import ProfileUnknown
from sceau.record.words import values_in_words

FORMAT = "sceau-holding/1"

#: Hashes, addresses and names of formats: they stand in the document alone.
_TECHNICAL = re.compile(r"0x[0-9a-f]+$|sceau[-:]")


@dataclass(frozen=True)
class Holding:
    """``content`` is the document as JSON values (docs/erasure.md). It is in clear: for the person alone."""

    content: Mapping[str, Any] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """The document as JSON values."""
        return dict(self.content)

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Writes it to a file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.content, force=force)

    def page(self, language: Language = "en", *, reasons: Mapping[str, str] | None = None) -> str:
        """The text. ``reasons`` are the sentences of the codes for which something is kept, by the code."""
        lines = self._lines(reasons or {}, language)
        return "".join(f"{each if isinstance(each, str) else each.text(language)}\n" for each in lines)

    def _lines(self, reasons: Mapping[str, str], language: Language) -> Iterator[Sentence | str]:
        said = self.content
        yield Sentence("papers.holding-title")
        yield Sentence("papers.certificate-head", party=said["party"], at=said["made_at"])
        for subject in said["claims"]:
            yield from ("", Sentence("papers.holding-claim", claim=subject["subject"]))
            yield from _subject(subject, reasons, language)
            yield from _claim_on_chain(subject["on_chain"])
        for subject in said["consents"]:
            yield from ("", Sentence("papers.holding-consent", claim=subject["subject"]))
            yield from _subject(subject, reasons, language)
            yield from _consent_on_chain(subject["on_chain"])
        yield ""
        since = said["register_since"]
        yield (
            Sentence("papers.register-never")
            if since is None
            else Sentence("papers.register-since", since=since)
        )
        yield Sentence("papers.holding-others")


def _subject(
    subject: Mapping[str, Any], reasons: Mapping[str, str], language: Language
) -> Iterator[Sentence | str]:
    yield from _titled("papers.holding-held", _held(subject, language))
    yield from _titled("papers.holding-given", map(_given, subject["given"]))
    yield from _titled("papers.holding-notices", map(_notice, subject["notices"]))
    yield from _titled("papers.holding-until", _keeping(subject, reasons))


def _titled(title: str, lines: Iterator[Sentence]) -> Iterator[Sentence | str]:
    yield Sentence(title)
    told = list(lines)
    for line in told or [Sentence("papers.nothing")]:
        yield line if line.key == "papers.value" else Sentence("papers.item", what=line)


def _held(subject: Mapping[str, Any], language: Language) -> Iterator[Sentence]:
    for each in subject["held"]:
        yield _origin(each)
        for record in each["records"]:
            for name, words in _values(record, language):
                yield Sentence("papers.value", name=name, what=words)
        for name, words in each["facts"].items():
            if not _TECHNICAL.match(words):
                yield Sentence("papers.value", name=name, what=words)
    for kind, number in subject["notes"].items():
        yield Sentence("papers.counted", what=kind_sentence(kind), count=number)


def _origin(each: Mapping[str, Any]) -> Sentence:
    at = Sentence("papers.no-day") if each["at"] is None else each["at"]
    what = kind_sentence(each["kind"])
    if each["sender"] is not None:
        return Sentence("papers.held-from", what=what, kind=each["about"], party=each["sender"], at=at)
    if each["recipient"] is not None:
        return Sentence("papers.held-for", what=what, kind=each["about"], party=each["recipient"], at=at)
    return Sentence("papers.held-own", what=what, kind=each["about"], at=at)


def _values(record: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """A record's values with their names; by their paths where the profile is not known or does not name one."""
    values, said = record["values"], []
    with suppress(ProfileUnknown):
        said = values_in_words(record["profile"], values, language)
    return said if len(said) == len(values) else [(path, str(value)) for path, value in values.items()]


def _given(entry: Mapping[str, Any]) -> Sentence:
    paths = [path for shown in entry["shown"] for path in (*shown["paths"], *shown["keys"])]
    until = entry["delete_by"]
    return Sentence(
        "papers.holding-given-to",
        party=entry["recipient"],
        kind=entry["kind"],
        paths=", ".join(dict.fromkeys(paths)),
        at=entry["last_at"],
        count=entry["times"],
        due=Sentence("papers.no-day") if until is None else until,
    )


def _notice(notice: Mapping[str, Any]) -> Sentence:
    return Sentence(
        "papers.holding-notice",
        party=notice["recipient"],
        at=notice["made_at"],
        state=notice["outcome"] or notice["state"],
    )


def _keeping(subject: Mapping[str, Any], reasons: Mapping[str, str]) -> Iterator[Sentence]:
    kept = subject["kept"]
    if kept["reason"] is not None:
        key = reasons.get(kept["reason"])
        why = Sentence(key) if key is not None else kept["reason"]
        if kept["until"] is None:
            yield Sentence("papers.kept", why=why)
        else:
            yield Sentence("papers.until", why=why, day=kept["until"])
    if kept["erased_from"] is not None:
        yield Sentence("papers.erased-from", day=kept["erased_from"])
    for at in subject["erased_at"]:
        yield Sentence("papers.erased-on", at=at)


def _claim_on_chain(found: Mapping[str, Any] | None) -> Iterator[Sentence | str]:
    yield Sentence("papers.chain-title")
    for step in () if found is None else found["steps"]:
        what = Sentence(
            "papers.chain-step",
            step=step["step"],
            party=step["party"],
            at=step["at"],
            hash=step["commitment"] or Sentence("papers.nothing"),
        )
        yield Sentence("papers.item", what=what)
    if found is None:
        yield Sentence("papers.item", what=Sentence("papers.nothing"))


def _consent_on_chain(found: Mapping[str, Any] | None) -> Iterator[Sentence | str]:
    yield Sentence("papers.chain-title")
    for name in () if found is None else ("recorded_at", "expires_at", "revoked_at", "withdrawn_at"):
        if found is not None and found[name] is not None:
            key = _TIMES[name]
            yield Sentence("papers.item", what=Sentence(key, at=found[name]))
    if found is None:
        yield Sentence("papers.item", what=Sentence("papers.nothing"))


_TIMES = {
    "recorded_at": "papers.consent-recorded",
    "expires_at": "papers.consent-expires",
    "revoked_at": "papers.consent-revoked",
    "withdrawn_at": "papers.consent-withdrawn",
}
