# SPDX-License-Identifier: Apache-2.0
"""A real file of every format, as the program writes it, and what reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
from sceau.chain.manifest import Manifest
from sceau.chain.signer import Signer
from sceau.claim.prepared import PreparedStep
from sceau.conformity.opening import GroupOpening, open_group
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.request import ConsentRequest, make_request
from sceau.consent.revocation import Revocation, sign_revocation
from sceau.consent.revocation_proof import RevocationCode, RevocationProof
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.deployment import RegistryId
from sceau.disclosure import Disclosure
from sceau.documents.model import Shape, read
from sceau.errors import Sentence
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.stored import StoredMessage
from sceau.papers import shapes
from sceau.papers.certificate import ErasureCertificate, certify
from sceau.party.application import Application, apply
from sceau.party.confirmation import IdentityConfirmation
from sceau.party.directory import DirectoryEntry
from sceau.party.message_keys import MessageKeys, PublicKeys
from sceau.policy import parse_policy
from sceau.proof.conflict import Conflict
from sceau.proof.document import ChainProof
from sceau.record import Multiproof, SealedRecord, parse_profile
from sceau.record.values import RecordValues
from sceau.renewal.beneficiary import read_beneficiary
from sceau.renewal.rules_file import parse_rules
from sceau.retention.periods import parse_periods
from sceau.terms import Group, Role
from sceau.verify.shapes import Verdict
from tests.js.kept import of_besu
from tests.support.deployed import key
from tests.support.life import DATA
from tests.support.mailboxes import confirmation, hostile_envelope
from tests.support.stage import Stage

HERE = RegistryId(chain_id=20_261, genesis_hash="0x" + "a1" * 32, contract="0x" + "c0" * 20)
ONE = "0x" + "11" * 32
# 23 November 2026, 10:00 UTC
HEAD_TIME = 1_795_428_000


@dataclass(frozen=True)
class Kind:
    """Files of one format, by the name of their schema, and their reader (of a text)."""

    schema: str
    files: tuple[dict[str, Any], ...]
    read: Callable[[str], object]


def kinds(stage: Stage) -> list[Kind]:
    """Every format, with files of claims and consents that were played."""
    return [*_consent(), *_claim(stage), *_parties(stage), *_data(), *_trade(), *_papers(), *_proofs()]


def _proofs() -> list[Kind]:
    """What a Besu network held, and files that only look like a revocation and two blocks of one height."""
    proof, _ = of_besu()
    (header,) = proof.headers
    revoked = RevocationProof(RevocationCode(ONE, proof.block, ONE, HEAD_TIME), HERE, proof)
    conflict = Conflict(proof.chain_id, proof.genesis_hash, (header,), (header,))
    return [
        Kind("sceau-proof-1", (proof.to_json(),), ChainProof.from_json),
        Kind("sceau-revocation-proof-1", (revoked.to_json(),), RevocationProof.from_json),
        Kind("sceau-conflict-1", (conflict.to_json(),), Conflict.from_json),
    ]


def _consent() -> list[Kind]:
    request = make_request(
        HERE,
        practice=7,
        payer=9,
        purpose="THIRD-PARTY-PAYMENT",
        groups=["DETAIL-AMOUNTS", "AMOUNTS"],
        expires_on=date(2027, 6, 1),
        head_time=HEAD_TIME,
    )
    signer = Signer.from_key(bytes(range(1, 33)))
    unlocked = UnlockedCard(HERE, request.commitment, signer)
    return [
        Kind("sceau-consent-request-1", (request.to_json(),), ConsentRequest.from_json),
        Kind("sceau-signed-consent-1", (sign_consent(request, signer).to_json(),), SignedConsent.from_json),
        Kind("sceau-revocation-1", (sign_revocation(unlocked).to_json(),), Revocation.from_json),
        Kind(
            "sceau-consent-card-1",
            (Card.lock(HERE, request.commitment, signer, "482915").to_json(),),
            Card.from_json,
        ),
        Kind("sceau-opening-1", (request.record.to_json(),), SealedRecord.from_json),
    ]


def _claim(stage: Stage) -> list[Kind]:
    life, network = stage.delivered, stage.chain.network
    record = life.steps["open"].record
    opened = [(life.steps[step].record, life.key) for step in ("order", "deliver")]
    groups = [open_group(each, own, group) for each, own in opened for group in Group]
    sender = life.published.directory.entry(network, life.practice.party)
    evidence = Evidence.about(
        network,
        life.claim,
        records=(RecordPart.of(record, ["right.code"]),),
        groups=tuple(OpenedGroup(each.scope, open_group(each, own, Group.QUANTITY)) for each, own in opened),
        messages=(life.signed["order"],),
        entries=(sender,),
    )
    sealed = hostile_envelope(
        life.mailboxes["practice"], "note", {"a": 1}, recipient=2, attached={"note": "é"}
    )
    message = StoredMessage.of(life.mailboxes["supplier"].open(sealed))
    proofs = (record.prove(["right.code", "renewal.early"]), record.prove_all())
    disclosures = (stage.round.disclose(), stage.round.disclose("minimal"))
    verdicts = (life.payer.verify(life.disclosure()), stage.round.payer.verify(disclosures[0]))
    return [
        Kind("multiproof", tuple(each.to_json() for each in proofs), Multiproof.from_json),
        Kind("sceau-group-opening-1", tuple(each.to_json() for each in groups), GroupOpening.from_json),
        Kind("sceau-disclosure-1", tuple(each.to_json() for each in disclosures), Disclosure.from_json),
        Kind("sceau-verdict-1", tuple(each.to_json() for each in verdicts), _of_shape(Verdict)),
        Kind("sceau-evidence-1", (evidence.to_json(),), Evidence.from_json),
        Kind(
            "sceau-prepared-step-1", tuple(s.to_json() for s in life.steps.values()), PreparedStep.from_json
        ),
        Kind("sceau-message-1", (message.to_json(),), StoredMessage.from_json),
        Kind("sceau-deployment-1", (network.manifest.to_json(),), _parsed(Manifest.from_json)),
    ]


def _parties(stage: Stage) -> list[Kind]:
    jwks = MessageKeys.generate().public.jwks
    entries = (
        DirectoryEntry("Optique de la Gare", "FR", "73282932000074", jwks),
        DirectoryEntry("Optique du Port", "BE", "0403.019.261", None, former_keys=("0x" + "12" * 32,)),
    )
    statement = confirmation(stage.chain, stage.chain.party("practice"), entries[0].identity)
    applications = [
        apply(
            stage.chain.network.manifest,
            entry=entry,
            roles=Role.PRACTICE | Role.AUDITOR,
            controller=key("applicant's controller").address,
            keys=[key("applicant's key"), key("applicant's second key")],
        )
        for entry in entries
    ]
    return [
        Kind("jwks", (dict(jwks),), _parsed(lambda data: PublicKeys.from_jwks(data, "somebody"))),
        Kind("sceau-identity-confirmation-1", (statement.to_json(),), IdentityConfirmation.from_json),
        Kind("sceau-directory-entry-2", tuple(e.to_json() for e in entries), DirectoryEntry.from_json),
        Kind("sceau-party-application-1", tuple(a.to_json() for a in applications), Application.from_json),
    ]


def _data() -> list[Kind]:
    beneficiaries = (
        {"format": "sceau-beneficiary/1", "last_equipment": "2026-03-01", "band": "FROM-16", "early": False},
        {"format": "sceau-beneficiary/1", "born": "1990-02-01", "early": None},
    )
    values = RecordValues("fr-optical-quote/1", load_quote(DATA / "quote.json"))
    return [
        Kind("sceau-policy-1", _packaged("sceau.policy", "data"), parse_policy),
        Kind("sceau-renewal-1", _packaged("sceau.renewal", "data"), parse_rules),
        Kind("sceau-retention-1", _packaged("sceau.retention", "data"), parse_periods),
        Kind("sceau-profile-1", _packaged("sceau.record", "profiles"), lambda t: parse_profile(t, "file")),
        Kind("sceau-values-1", (values.to_json(),), RecordValues.from_json),
        Kind("sceau-beneficiary-1", beneficiaries, read_beneficiary),
    ]


def _papers() -> list[Kind]:
    content: dict[str, Any] = {
        "format": "sceau-erasure-certificate/1",
        **HERE.to_json(),
        "party": 1,
        "erasure": "ab" * 16,
        "issued_at": "2026-11-30T12:00:00Z",
        "block": {"number": 12, "hash": ONE},
        "removed_at": "2026-11-29T12:00:00Z",
        "final_at": None,
        "periods": None,
        "erased": {"claims": [], "consents": [ONE], "commitments": [], "records": {"signed-consent": 1}},
        "stays": [],
        "kept": [],
        "backups": {"covered": None, "tried": []},
        "search": None,
        "given": [],
        "on_chain": [],
    }
    notice = {"cause": "erased", "made_at": "2026-11-29T12:00:00Z", "state": "received", "outcome": "kept"}
    full = {
        **content,
        "final_at": "2026-11-29T12:00:00Z",
        "periods": "fr-optical/2026-11-30",
        "stays": [{"kind": "received", "count": 2, "reason": "must-not-come-back"}],
        "kept": [{"subject": ONE, "reason": "recent", "until": "2027-01-01"}],
        "backups": {
            "covered": "covered",
            "tried": [{"sha256": "cd" * 32, "bytes": 9, "readable": False, "at": "2026-11-29T12:00:00Z"}],
        },
        "search": {
            "at": "2026-11-29T12:00:00Z",
            "looked_for": 9,
            "files": 2,
            "bytes": 4096,
            "found_in": 0,
            "rows_that_verify": 0,
        },
        "given": [
            {
                "recipient": 3,
                "claim": ONE,
                "commitments": [ONE],
                "keys": True,
                "last_at": "2026-11-29T12:00:00Z",
                "delete_by": None,
                "notices": [{**notice, "reason": "recent", "until": "2027-01-01"}],
            }
        ],
        "on_chain": [{"claim": ONE, "steps": [{"step": "opened", "order": 0, "commitment": ONE}]}],
    }
    empty: dict[str, Any] = {
        "subject": ONE,
        "held": [],
        "notes": {},
        "given": [],
        "notices": [],
        "erased_at": [],
        "kept": {"reason": None, "until": None, "erased_from": None},
        "on_chain": None,
    }
    holding = {
        "format": "sceau-holding/1",
        **HERE.to_json(),
        "party": 1,
        "made_at": "2026-11-30T12:00:00Z",
        "block": {"number": 12, "hash": ONE},
        "register_since": None,
        "periods": "fr-optical/2026-11-30",
        "claims": [empty],
        "consents": [empty],
    }
    made = tuple(certify(each, key("practice"), HERE).to_json() for each in (content, full))
    return [
        Kind("sceau-erasure-certificate-1", made, ErasureCertificate.from_json),
        Kind("sceau-holding-1", (holding,), _of_shape(shapes.Holding)),
    ]


def _trade() -> list[Kind]:
    readers: Mapping[str, tuple[str, Callable[[bytes], object]]] = {
        "quote": ("sceau-quote-1", load_quote),
        "order": ("sceau-lens-order-1", load_order),
        "delivery": ("sceau-lens-delivery-1", load_delivery),
        "invoice": ("sceau-invoice-1", load_invoice),
    }
    return [
        Kind(schema, (_json(DATA / f"{name}.json"),), _of_bytes(read))
        for name, (schema, read) in readers.items()
    ]


def _packaged(package: str, folder: str) -> tuple[dict[str, Any], ...]:
    files = resources.files(package).joinpath(folder).iterdir()
    return tuple(_json(file) for file in sorted(files, key=lambda f: f.name) if file.name.endswith(".json"))


def _json(file: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read


def _of_shape(shape: type[Shape]) -> Callable[[str], object]:
    return lambda text: read(shape, text, Sentence("files.disclosure"))


def _parsed(read: Callable[[Any], object]) -> Callable[[str], object]:
    return lambda text: read(json.loads(text))


def _of_bytes(read: Callable[[bytes], object]) -> Callable[[str], object]:
    return lambda text: read(text.encode())
