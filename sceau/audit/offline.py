# SPDX-License-Identifier: Apache-2.0
"""Checking evidence with no node at all: the proof in the file shows the chain, by the manifest's validators."""

from __future__ import annotations

from dataclasses import replace

from sceau.audit._audit import audit
from sceau.audit.errors import EvidenceUnproved
from sceau.audit.evidence import Evidence
from sceau.audit.ruling import Report, Seals
from sceau.chain.manifest import Manifest
from sceau.chain.proof_reading import block_of, header_of, reading
from sceau.party.directory import Directory


def audit_offline(manifest: Manifest, evidence: Evidence, directory: Directory | None = None) -> Report:
    """Checks evidence against the chain as the proof in it shows it; no node is asked.

    The age of the report's block is zero: how old the evidence may be is for the reader to say. That the file shows
    every directory hash that a sender published is believed.

    Args:
        manifest: the deployment; its validators prove what is in the file.
        evidence: the file.
        directory: entries of parties whose messages are in it, beside those that it brings.

    Raises:
        EvidenceUnproved: the file holds no proof.
        EvidenceForeign, ProofOfAnotherChain: it is about another deployment.
        ProofsRequired, ValidatorsOutdated: the manifest lists no validators, or listed them too long ago.
        ProofInvalid: the proof does not hold, or does not show the claim whole.
    """
    if evidence.proof is None:
        raise EvidenceUnproved
    with reading(evidence.proof, manifest) as network:
        time = block_of(network).timestamp
        report = audit(network, evidence, directory, clock=lambda: float(time))
        header = header_of(network)
    sealers = header.sealers & header.validators
    return replace(report, seals=Seals(tuple(sorted(header.validators)), tuple(sorted(sealers))))
