# SPDX-License-Identifier: Apache-2.0
"""The kinds of rows of a store in words, for people."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.errors import Sentence

#: The sentence of each kind of row.
KIND_WORDS: Mapping[str, str] = {
    "step": "papers.kind-step",
    "envelope": "papers.kind-envelope",
    "unconfirmed": "papers.kind-unconfirmed",
    "consent-request": "papers.kind-consent-request",
    "signed-consent": "papers.kind-signed-consent",
    "message": "papers.kind-message",
    "evidence-request": "papers.kind-evidence-request",
    "information": "papers.kind-information",
    "directory-entry": "papers.kind-directory-entry",
    "verdict": "papers.kind-verdict",
    "proof": "papers.kind-proof",
    "outgoing": "papers.kind-outgoing",
    "delivery": "papers.kind-delivery",
    "told": "papers.kind-told",
    "intention": "papers.kind-intention",
    "request": "papers.kind-request",
    "request-begun": "papers.kind-request-begun",
    "unhandled": "papers.kind-unhandled",
    "sent-again": "papers.kind-sent-again",
    "policy": "papers.kind-policy",
    "restored": "papers.kind-restored",
    "memo": "papers.kind-memo",
    "given": "papers.kind-given",
    "register": "papers.kind-register",
    "erasure": "papers.kind-erasure",
    "notice": "papers.kind-notice",
    "obeyed": "papers.kind-obeyed",
    "received": "papers.kind-received",
    "number": "papers.kind-number",
    "outbox": "papers.kind-outbox",
}


def kind_sentence(kind: str) -> Sentence:
    """A kind of row in words; one that this version does not know by its code."""
    known = KIND_WORDS.get(kind)
    return Sentence("papers.kind-other", kind=kind) if known is None else Sentence(known)
