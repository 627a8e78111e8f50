# SPDX-License-Identifier: Apache-2.0
"""Taking in what a party stored before it had an encrypted store: the store of the earlier version, and files of steps,
consent requests and signed consents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sceau.claim import prepared
from sceau.claim.prepared import PreparedStep
from sceau.consent import request, signing
from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent
from sceau.documents.errors import FileMalformed, InFile
from sceau.documents.files import load
from sceau.documents.strict_json import read_object
from sceau.errors import SceauError, Sentence
from sceau.settings import Settings, keys_of_store, open_store
from sceau.store import Kind
from sceau.store.earlier import TakenIn, take_in
from sceau.store.errors import NotOfVersionBefore

_WHAT = Sentence("files.stored")
_FORMAT = Sentence("files.stored-formats")


class _Kept(NamedTuple):
    """Where a document belongs in a store."""

    kind: Kind
    key: str
    claim: str
    document: Mapping[str, Any]


def take_in_all(settings: Settings, files: Iterable[Path] = ()) -> TakenIn:
    """Takes in the store of the earlier version that the settings name, if there is one, and then the files.

    What the store has already stays as it is, so that this may be done again. The files stay where they are.

    Raises:
        NotOfVersionBefore: there is no such store, and no file was given.
        FileNotRead, FileMalformed: a file is none of these; the error names it, and no file was taken in.
        SettingMissing, StoreUnusable.
    """
    kept = [_read(path) for path in files]
    place = settings.require_store()
    taken = TakenIn(0, 0, 0)
    try:
        taken = take_in(place, keys_of_store(settings))
    except NotOfVersionBefore:
        if not kept:
            raise
    store = open_store(settings)
    new = [each for each in kept if store.get(each.kind, each.key) is None]
    if new:
        with store.vault.change():
            for each in new:
                store.put(each.kind, each.key, each.document, claim=each.claim)
    return taken._replace(documents=taken.documents + len(new))


def _read(path: Path) -> _Kept:
    content = load(path)
    try:
        written = read_object(content, _WHAT)
        reader = _READERS.get(str(written.get("format")))
        if reader is None:
            raise FileMalformed(what=_WHAT, rule=_FORMAT)
        return reader(content)
    except SceauError as error:
        raise InFile(path, error) from None


def _step(content: bytes) -> _Kept:
    step = PreparedStep.from_json(content)
    return _Kept(Kind.STEP, step.record.root, step.claim, step.to_json())


def _request(content: bytes) -> _Kept:
    asked = ConsentRequest.from_json(content)
    return _Kept(Kind.CONSENT_REQUEST, asked.commitment, "", asked.to_json())


def _consent(content: bytes) -> _Kept:
    signed = SignedConsent.from_json(content)
    return _Kept(Kind.SIGNED_CONSENT, signed.consent, "", signed.to_json())


_READERS: Mapping[str, Callable[[bytes], _Kept]] = {
    prepared.FORMAT: _step,
    request.FORMAT: _request,
    signing.FORMAT: _consent,
}
