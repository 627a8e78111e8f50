# SPDX-License-Identifier: Apache-2.0
"""Does the patient's consent stand, and does it say what this disclosure needs?"""

from __future__ import annotations

from collections.abc import Iterator

from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.consents import ConsentState, consent_standing
from sceau.claim.history import History
from sceau.consent.typed_data import consent_id
from sceau.disclosure import ConsentPart, Disclosure
from sceau.record import Scope, Value, load_profile
from sceau.record.errors import RecordError
from sceau.verify.findings import At, finding
from sceau.verify.verdict import Finding

_NEEDED = ("practice", "payer", "purpose")


def check_consent(
    network: Network, disclosure: Disclosure, history: History, block: Block, purpose: str
) -> tuple[list[Finding], set[str]]:
    """Findings on the consent, and the paths that it does not cover; without a consent it covers none."""
    shown = disclosure.consent
    if shown is None:
        return [finding("consent-missing")], set(disclosure.paths)
    consent = consent_id(shown.commitment, shown.key)
    found: list[Finding] = []
    if consent != history.consent:
        found.append(finding("consent-not-of-claim"))
    found += _standing(consent_standing(network, consent, block), history, block)
    says, uncovered = _content(network, disclosure, history, shown, purpose)
    found += says
    return found, set(disclosure.paths) if any(each.voids_consent for each in found) else uncovered


def _standing(state: ConsentState, history: History, block: Block) -> Iterator[Finding]:
    """What the chain says of it at this block; a revocation in this very block counts."""
    if not state.recorded_at:
        yield finding("consent-not-recorded")
        return
    if state.recorder != history.state.practice:
        yield finding("consent-other-recorder", recorder=state.recorder)
    if state.revoked_at:
        yield finding("consent-revoked", at=At(state.revoked_at))
    if state.withdrawn_at:
        yield finding("consent-withdrawn", at=At(state.withdrawn_at))
    if block.timestamp >= state.expires_at:
        yield finding("consent-expired", at=At(state.expires_at))
    yield finding("consent-attested" if state.attested else "consent-by-key")


def _content(
    network: Network, disclosure: Disclosure, history: History, shown: ConsentPart, purpose: str
) -> tuple[list[Finding], set[str]]:
    """What it says, under its own commitment: practice, payer, purpose, and the paths that its groups leave out."""
    profile = load_profile("consent", 1)
    scope = Scope(profile.name, profile.version, network.chain_id, network.address("ConsentRegistry"))
    try:
        values = shown.multiproof.read(shown.commitment, scope)
    except RecordError as error:
        return [finding("consent-false", why=error)], set()
    if any(path not in values for path in _NEEDED):
        return [finding("consent-half-shown")], set()
    found = list(_terms(values, history, disclosure, purpose))
    if found:
        return found, set()
    uncovered = _uncovered(values, disclosure)
    if uncovered:
        found.append(finding("consent-too-narrow", paths=tuple(sorted(uncovered))))
    return found, uncovered


def _terms(
    values: dict[str, Value], history: History, disclosure: Disclosure, purpose: str
) -> Iterator[Finding]:
    if values["practice"] != history.state.practice:
        yield finding("consent-other-practice", practice=history.state.practice)
    if values["payer"] != disclosure.recipient:
        yield finding("consent-other-payer")
    if values["purpose"] != purpose:
        yield finding("consent-other-purpose")


def _uncovered(values: dict[str, Value], disclosure: Disclosure) -> set[str]:
    groups = {value for path, value in values.items() if path.startswith("group.")}
    fields = load_profile(disclosure.scope.profile, disclosure.scope.version).fields
    return {path for path in disclosure.paths if path not in fields or fields[path].group not in groups}
