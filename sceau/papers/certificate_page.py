# SPDX-License-Identifier: Apache-2.0
"""A certificate of erasure as one page of text, in English or French: every fact of it that a person can use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sceau.errors import Language, Sentence
from sceau.papers.certificate import ErasureCertificate
from sceau.papers.kinds import kind_sentence

_STAYS = {
    "must-not-come-back": "papers.stays-received",
    "must-not-serve-twice": "papers.stays-number",
    "says-who-was-given-what": "papers.stays-given",
}
_COVERED = {
    "covered": "papers.backups-covered",
    "copies-of-key-not-excluded": "papers.backups-not-excluded",
    "key-under-passphrase": "papers.backups-passphrase",
    "key-in-keyring": "papers.backups-keyring",
}
_STATES = {
    "handed-over": "papers.notice-handed-over",
    "waiting": "papers.notice-waiting",
    "left": "papers.notice-left",
    "received": "papers.notice-received",
}
_OUTCOMES = {
    "deleted": "papers.answer-deleted",
    "kept": "papers.answer-kept",
    "nothing-held": "papers.answer-nothing-held",
}


def certificate_page(
    certificate: ErasureCertificate, language: Language = "en", *, reasons: Mapping[str, str] | None = None
) -> str:
    """The page. ``reasons`` are the sentences of the codes for which something is kept, by the code."""
    lines = [
        each if isinstance(each, str) else each.text(language) for each in _lines(certificate, reasons or {})
    ]
    return "\n".join(lines) + "\n"


def _lines(certificate: ErasureCertificate, reasons: Mapping[str, str]) -> Iterator[Sentence | str]:
    content = certificate.content
    yield Sentence("papers.certificate-title")
    yield Sentence("papers.certificate-head", party=content["party"], at=content["issued_at"])
    yield Sentence("papers.certificate-erasure", number=content["erasure"], at=content["removed_at"])
    yield from _part("papers.erased-title", _erased(content))
    yield from _part("papers.kept-title", _kept(content, reasons))
    yield from _part("papers.search-title", _search(content))
    yield from _part("papers.backups-title", _backups(content))
    yield from _part("papers.given-title", _given(content, reasons))
    yield from _part("papers.chain-title", _chain(content))
    yield ""
    yield Sentence("papers.certificate-signed", key=certificate.key, number=content["block"]["number"])


def _part(title: str, lines: Iterator[Sentence]) -> Iterator[Sentence | str]:
    yield ""
    yield Sentence(title)
    for line in lines:
        yield Sentence("papers.item", what=line)


def _erased(content: Mapping[str, Any]) -> Iterator[Sentence]:
    erased = content["erased"]
    for kind, number in erased["records"].items():
        yield Sentence("papers.counted", what=kind_sentence(kind), count=number)
    for name, key in (
        ("claims", "papers.of-claim"),
        ("consents", "papers.of-consent"),
        ("commitments", "papers.of-record"),
    ):
        for each in erased[name]:
            yield Sentence(key, claim=each)
    if content["final_at"] is None:
        yield Sentence("papers.not-final")
    else:
        yield Sentence("papers.final", at=content["final_at"])


def _kept(content: Mapping[str, Any], reasons: Mapping[str, str]) -> Iterator[Sentence]:
    for each in content["stays"]:
        yield Sentence("papers.because", what=_counted(each), why=_coded(_STAYS, each["reason"]))
    for each in content["kept"]:
        yield Sentence("papers.kept-subject", claim=each["subject"], why=_why(each, reasons))
    if not content["stays"] and not content["kept"]:
        yield Sentence("papers.nothing")


def _search(content: Mapping[str, Any]) -> Iterator[Sentence]:
    search = content["search"]
    if search is None:
        yield Sentence("papers.not-searched")
        return
    numbers = {"number": search["looked_for"], "count": search["files"], "total": search["bytes"]}
    yield Sentence("papers.searched", at=search["at"], **numbers)
    if search["found_in"] or search["rows_that_verify"]:
        yield Sentence("papers.found", count=search["found_in"], number=search["rows_that_verify"])
    else:
        yield Sentence("papers.nothing-found")


def _backups(content: Mapping[str, Any]) -> Iterator[Sentence]:
    covered = content["backups"]["covered"]
    yield Sentence("papers.backups-not-yet" if covered is None else _COVERED[covered])
    for each in content["backups"]["tried"]:
        key = "papers.backup-readable" if each["readable"] else "papers.backup-unreadable"
        yield Sentence(key, hash=each["sha256"], at=each["at"])
    if not content["backups"]["tried"]:
        yield Sentence("papers.no-backup-tried")


def _given(content: Mapping[str, Any], reasons: Mapping[str, str]) -> Iterator[Sentence]:
    for each in content["given"]:
        until = each["delete_by"]
        yield Sentence(
            "papers.given",
            party=each["recipient"],
            claim=each["claim"],
            at=each["last_at"],
            due=Sentence("papers.no-day") if until is None else until,
        )
        for notice in each["notices"]:
            yield Sentence("papers.notice", at=notice["made_at"], state=_state(notice, reasons))
        if not each["notices"]:
            yield Sentence("papers.no-notice")
    if not content["given"]:
        yield Sentence("papers.given-to-nobody")
    yield Sentence("papers.others-hold-their-own")


def _chain(content: Mapping[str, Any]) -> Iterator[Sentence]:
    for each in content["on_chain"]:
        yield Sentence("papers.chain-claim", claim=each["claim"], count=len(each["steps"]))
    yield Sentence("papers.chain-stays")


def _state(notice: Mapping[str, Any], reasons: Mapping[str, str]) -> Sentence:
    if notice["outcome"] is None:
        return _coded(_STATES, notice["state"])
    answer = _coded(_OUTCOMES, notice["outcome"])
    return (
        answer
        if notice["reason"] is None
        else Sentence("papers.because", what=answer, why=_why(notice, reasons))
    )


def _why(kept: Mapping[str, Any], reasons: Mapping[str, str]) -> Sentence | str:
    code = kept["reason"]
    why = Sentence(reasons[code]) if code in reasons else code
    return why if kept["until"] is None else Sentence("papers.until", why=why, day=kept["until"])


def _coded(sentences: Mapping[str, str], code: str) -> Sentence:
    key = sentences[code]
    return Sentence(key)


def _counted(each: Mapping[str, Any]) -> Sentence:
    return Sentence("papers.counted", what=kind_sentence(each["kind"]), count=each["count"])
