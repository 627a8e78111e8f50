# SPDX-License-Identifier: Apache-2.0
"""For every finding there is, a scene on a real chain that makes a verification find it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sceau import Network, Payer, Practice, Verdict, load_policy
from sceau.chain.node import Node
from sceau.disclosure import PolicyReference
from sceau.record import Value
from sceau.renewal import Beneficiary
from sceau.verify.act_codes import ActCodes
from tests.client.verify.cheats import CODES, act_codes, consent_shown, edited, policy_file, rules_file
from tests.client.verify.dated import sent, step_time
from tests.client.verify.invoices import AUTHORISED, authorise_as_sealed, dearer, opened_as, quoted_on
from tests.support.life import Life
from tests.support.lying_node import lying_at, the_truth
from tests.support.round import Round
from tests.support.stage import Stage
from tests.support.words import ruled, word

Scene = Callable[[Stage, Path], Verdict]

SCENES: dict[str, Scene] = {}

_OTHER_LENS = {"right.lens.code": "ECO50"}
_ADULT = "FROM-16"


def scene(code: str) -> Callable[[Scene], Scene]:
    """Enters a scene as the one for a finding."""

    def enter(play: Scene) -> Scene:
        assert code not in SCENES
        SCENES[code] = play
        return play

    return enter


# The node, the addressee, the step


@scene("stale-node")
def _(stage: Stage, _tmp: Path) -> Verdict:
    network = stage.chain.network
    beating = Network(network.node, replace(network.manifest, block_period=2))
    payer = Payer(beating, stage.chain.signers["payer"])
    return payer.verify(stage.opened.disclosure(), clock=lambda: time.time() + 3600)


@scene("chain-stopped")
def _(stage: Stage, _tmp: Path) -> Verdict:
    manifest = replace(stage.chain.network.manifest, block_period=2)
    with lying_at(stage.chain.url, the_truth) as other:
        nodes = [Node(url) for url in (stage.chain.url, other)]
        payer = Payer(
            Network.joined([Network(node, manifest) for node in nodes]), stage.chain.signers["payer"]
        )
        return payer.verify(stage.opened.disclosure(), clock=lambda: time.time() + 3600)


@scene("head-in-future")
def _(stage: Stage, _tmp: Path) -> Verdict:
    network = stage.chain.network
    beating = Network(network.node, replace(network.manifest, block_period=2))
    payer = Payer(beating, stage.chain.signers["payer"])
    return payer.verify(stage.opened.disclosure(), clock=lambda: stage.chain.now - 301)


@scene("foreign-chain")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    return stage.opened.payer.verify(replace(made, scope=replace(made.scope, chain_id=20_261)))


@scene("not-addressed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    other = Payer(stage.chain.network, stage.chain.signers["other_payer"])
    return other.verify(stage.opened.disclosure())


@scene("claim-unknown")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    return stage.opened.payer.verify(replace(made, scope=replace(made.scope, claim="0x" + "77" * 32)))


@scene("step-not-on-chain")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.ordered
    life.steps["invoice"] = life.unsent_invoice()
    return life.payer.verify(life.disclosure("invoice"))


@scene("not-sealed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    return stage.opened.payer.verify(replace(made, multiproof=edited(made.multiproof, "total.amc", "99999")))


@scene("profile-of-another-step")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.opened
    return life.payer.verify(opened_as(life, "lens-order", life.values("order"), ("order.date",)))


@scene("not-the-payer")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = replace(stage.opened.disclosure(), recipient=stage.chain.party("other_payer"))
    return Payer(stage.chain.network, stage.chain.signers["other_payer"]).verify(made)


@scene("not-the-writer")
def _(stage: Stage, _tmp: Path) -> Verdict:
    other = stage.chain.party("other_practice")
    return stage.opened.payer.verify(replace(stage.opened.disclosure(), sender=other))


@scene("claim-closed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.opened.note("cancel")
    return stage.opened.verdict()


# The policy


@scene("policy-unknown")
def _(stage: Stage, _tmp: Path) -> Verdict:
    unknown = PolicyReference("de-statutory", "2026-01-01", "minimal")
    return stage.opened.payer.verify(replace(stage.opened.disclosure(), policy=unknown))


@scene("policy-not-in-force")
def _(stage: Stage, tmp: Path) -> Verdict:
    policy_file(tmp, version="2090-01-01", valid_from="2090-01-01")
    later = PolicyReference("fr-responsible-contract", "2090-01-01", "minimal")
    made = replace(stage.opened.disclosure(), policy=later)
    return Payer(stage.chain.network, stage.chain.signers["payer"], policies=tmp).verify(made)


@scene("purpose-differs")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.opened.payer.verify(replace(stage.opened.disclosure(), purpose="MARKETING"))


@scene("outside-policy")
def _(stage: Stage, _tmp: Path) -> Verdict:
    record = stage.opened.steps["open"].record
    made = replace(stage.opened.disclosure(), multiproof=record.prove(["pec.number", "right.price"]))
    return stage.opened.payer.verify(made)


@scene("delete-by-passed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    stage.chain.sleep(733 * 86_400)
    return stage.opened.payer.verify(made)


@scene("delete-by-too-late")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    return stage.opened.payer.verify(replace(made, delete_by=made.delete_by + timedelta(days=1)))


@scene("made-in-the-future")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.opened.disclosure()
    return stage.opened.payer.verify(replace(made, made_at=made.made_at + timedelta(hours=1)))


@scene("made-at-another-time")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.chain.sleep(1_000)
    now = stage.chain.now
    return stage.opened.payer.verify(sent(stage.opened, made_at=now - 301, issued_at=now))


@scene("made-before-step")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.chain.sleep(86_400)
    life = Life(stage.chain, stage.opened.published)
    at = step_time(life) - 301
    return life.payer.verify(sent(life, made_at=at, issued_at=at))


@scene("opened-late")
def _(stage: Stage, _tmp: Path) -> Verdict:
    shown = stage.opened.show(stage.opened.disclosure())
    late = replace(shown.sent, opened_at=shown.sent.issued_at + 14 * 86_400 + 1)
    return stage.opened.payer.verify(replace(shown, sent=late))


@scene("contract-differs")
def _(stage: Stage, tmp: Path) -> Verdict:
    asked = Round(stage.chain, changes={"contract.type": "RESPONSIBLE"})
    policy_file(tmp, contract="other")
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], policies=tmp)
    return payer.verify(asked.disclose())


@scene("not-signed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.opened.payer.verify(stage.opened.disclosure())


@scene("without-consent")
@scene("declared-only")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.opened.verdict()


# The consent


@scene("consent-missing")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=None))


@scene("consent-not-of-claim")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.round.payer.verify(stage.round.disclose(record=stage.opened.steps["open"].record))


@scene("consent-not-recorded")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return Round(stage.chain, record=False).verdict()


@scene("consent-expired")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made = stage.round.disclose()
    stage.chain.sleep(31 * 86_400)
    return stage.round.payer.verify(made)


@scene("consent-revoked")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.round.revoke()
    return stage.round.verdict()


@scene("consent-withdrawn")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.round.practice.withdraw_consent(stage.round.signed.consent).wait(30)
    return stage.round.verdict()


@scene("consent-false")
def _(stage: Stage, _tmp: Path) -> Verdict:
    made, asked = stage.round.disclose(), stage.round
    shown = consent_shown(asked.request, asked.signed)
    other = replace(shown, multiproof=edited(shown.multiproof, "group.1", "CORRECTION"))
    return asked.payer.verify(replace(made, consent=other))


@scene("consent-other-recorder")
@scene("consent-other-practice")
def _(stage: Stage, _tmp: Path) -> Verdict:
    shown = consent_shown(*stage.round.consent(practice="other_practice"))
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=shown))


@scene("consent-other-payer")
def _(stage: Stage, _tmp: Path) -> Verdict:
    shown = consent_shown(*stage.round.consent(payer="other_payer"))
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=shown))


@scene("consent-other-purpose")
def _(stage: Stage, _tmp: Path) -> Verdict:
    shown = consent_shown(*stage.round.consent(purpose="REIMBURSEMENT"))
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=shown))


@scene("consent-too-narrow")
def _(stage: Stage, _tmp: Path) -> Verdict:
    narrow = Round(stage.chain, ["PEC", "AMOUNTS"])
    shown = narrow.record.prove(["pec.number", "total.amc", "right.price"])
    return narrow.payer.verify(replace(narrow.disclose(), multiproof=shown))


@scene("consent-half-shown")
def _(stage: Stage, _tmp: Path) -> Verdict:
    half = consent_shown(stage.round.request, stage.round.signed, ["practice", "payer", "group.1"])
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=half))


@scene("consent-attested")
def _(stage: Stage, _tmp: Path) -> Verdict:
    shown = consent_shown(*stage.round.consent(attested=True))
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=shown))


@scene("consent-by-key")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.round.verdict()


# Keys and parties


@scene("key-compromised")
def _(stage: Stage, _tmp: Path) -> Verdict:
    written = stage.opened.practice.history(stage.opened.claim).steps[0]
    _compromised(stage, written.time)
    return stage.opened.verdict()


@scene("consent-key-compromised")
def _(stage: Stage, _tmp: Path) -> Verdict:
    _compromised(stage, 1)
    return stage.round.verdict()


def _compromised(stage: Stage, since: int) -> None:
    chain = stage.chain
    key = chain.signers["practice"].address
    chain.consortium.set_compromised_since(key, since).wait(30)


@scene("party-suspended")
def _(stage: Stage, _tmp: Path) -> Verdict:
    chain = stage.chain
    chain.consortium.suspend(chain.party("practice")).wait(30)
    return stage.opened.verdict()


# Orders


@scene("declared-conform")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.delivered.verdict()


@scene("conform")
@scene("act-codes-fit")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    return life.payer.verify(life.disclosure(), act_codes=act_codes(life))


@scene("act-codes-differ")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    life.invoice()
    paper = replace(act_codes(life), invoiced={"right.code": "VXA1", "left.code": "VXB2"})
    return life.payer.verify(life.disclosure(), act_codes=paper)


@scene("act-codes-not-authorised")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    cheaper = act_codes(life, {"right.code": "VXA1", "left.code": "VXB2"})
    return life.payer.verify(life.disclosure(), act_codes=cheaper)


@scene("delivery-differs")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.deliver(**_OTHER_LENS)
    return stage.ordered.verdict()


@scene("invoice-differs")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.invoice(**_OTHER_LENS)
    return stage.delivered.verdict()


@scene("invoice-of-replaced-order")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.invoice()
    stage.ordered.remake("CORRECTION")
    return stage.ordered.verdict()


@scene("order-returned")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.note("recordReturn")
    return stage.delivered.verdict()


@scene("order-disputed")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.note("dispute")
    return stage.ordered.verdict()


@scene("delivery-not-attested")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.ordered.verdict()


@scene("invoice-before-delivery")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.invoice()
    return stage.ordered.verdict()


@scene("order-remade")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.remake()
    return stage.delivered.verdict()


@scene("order-corrected")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.remake("CORRECTION")
    return stage.ordered.verdict()


@scene("closed-by-delivery")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.ordered.deliver(**_OTHER_LENS)
    stage.ordered.remake("DEFECT")
    stage.ordered.deliver()
    return stage.ordered.verdict()


@scene("invoiced-order-not-attested")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.ordered
    life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.invoice()
    return life.verdict("invoice")


@scene("invoice-fits-standing-order")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.ordered
    life.invoice()
    life.remake("CORRECTION")
    life.deliver()
    held = ActCodes((life.act_code_key("remake"),), CODES)
    return life.payer.verify(life.disclosure("invoice"), act_codes=held)


@scene("mark-told")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.ordered
    replaced = life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.payer.receive(replaced.tell_payer(life.claim, 1).text)
    return life.verdict()


@scene("justified")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    life.note("recordReturn")
    accepted = word(life, "order-returned", "CREDIT-NOTE-SENT")
    return life.payer.verify(life.disclosure(), justifications=[accepted])


@scene("word-without-effect")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    return life.payer.verify(life.disclosure(), justifications=[word(life, "order-returned")])


def _ruled(stage: Stage, fault: str | None) -> Verdict:
    life = stage.delivered
    life.note("dispute")
    ruling = ruled(life, "order-disputed", None if fault is None else stage.chain.party(fault))
    return life.payer.verify(life.disclosure(), justifications=[ruling])


@scene("ruled")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _ruled(stage, None)


@scene("ruled-at-fault")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _ruled(stage, "supplier")


@scene("ruled-against-practice")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _ruled(stage, "practice")


# Renewal


@scene("renewal-due")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.opened.payer.verify(stage.opened.disclosure(), beneficiary=_bought(1_000))


@scene("renewal-too-early")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return stage.opened.payer.verify(stage.opened.disclosure(), beneficiary=_bought(300))


@scene("renewal-unattested")
def _(stage: Stage, _tmp: Path) -> Verdict:
    practice: Practice = stage.opened.practice
    made = practice.disclose(
        stage.opened.steps["open"].record,
        ["quote.date", "pec.number"],
        payer=stage.chain.party("payer"),
        policy=load_policy("fr-responsible-contract"),
        clause="minimal",
    )
    return stage.opened.payer.verify(made, beneficiary=_bought(300))


@scene("renewal-early")
def _(stage: Stage, _tmp: Path) -> Verdict:
    attested = Round(stage.chain, changes={"renewal.early": True})
    return attested.payer.verify(attested.disclose("minimal"), beneficiary=_bought(300))


@scene("renewal-not-judged")
def _(stage: Stage, tmp: Path) -> Verdict:
    rules_file(tmp, valid_from="2090-01-01")
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], renewal_rules=tmp)
    return payer.verify(stage.opened.disclosure(), beneficiary=_bought(300))


@scene("care-date-implausible")
def _(stage: Stage, _tmp: Path) -> Verdict:
    old = Round(stage.chain, changes=quoted_on("2019-11-20"))
    return old.payer.verify(old.disclose("minimal"))


def _bought(days: int) -> Beneficiary:
    """An adult who bought the last equipment so many days ago."""
    return Beneficiary(datetime.now(timezone.utc).date() - timedelta(days=days), band=_ADULT)


# What the payer authorised


@scene("invoice-above-authorised")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.invoice(**dearer(1))
    return stage.delivered.verdict("invoice")


@scene("invoice-other-currency")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _invoiced(stage, {"currency": "CHF"})


@scene("invoice-other-file-number")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _invoiced(stage, {"pec.number": "PEC-OF-THE-PAYER"})


@scene("invoice-after-last-day")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.invoice(**{"equipment.dispensed": "2090-01-01"})
    return stage.delivered.verdict("invoice")


@scene("invoice-codes-not-authorised")
def _(stage: Stage, _tmp: Path) -> Verdict:
    return _invoiced(stage, {"frame.code": "MXA"})


@scene("invoice-not-compared")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.delivered
    life.invoice()
    record = life.steps["invoice"].record
    made = life.practice.disclose(record, ["pec.number"], payer=life.payer.party, clause="minimal")
    return life.payer.verify(made)


@scene("invoice-line-not-shown")
def _(stage: Stage, _tmp: Path) -> Verdict:
    """Lenses without a frame are authorised; the invoice has one, and shows its class alone."""
    life = stage.opened
    lenses = {path: value for path, value in AUTHORISED.items() if path != "frame.code"}
    authorise_as_sealed(life, lenses)
    life.order()
    life.invoice()
    paths = [path for path in life.disclosure("invoice").paths if path != "frame.code"]
    record = life.steps["invoice"].record
    made = life.practice.disclose(record, paths, payer=life.payer.party, clause="minimal")
    return life.payer.verify(made)


@scene("authorisation-incomplete")
def _(stage: Stage, _tmp: Path) -> Verdict:
    life = stage.opened
    authorise_as_sealed(life, {"pec.number": "PEC20260417338"})
    life.order()
    life.invoice()
    return life.verdict("invoice")


@scene("authorisation-not-held")
def _(stage: Stage, _tmp: Path) -> Verdict:
    stage.delivered.invoice()
    lost = Payer(stage.chain.network, stage.chain.signers["payer"])
    return lost.verify(stage.delivered.disclosure("invoice"))


def _invoiced(stage: Stage, authorised: dict[str, Value]) -> Verdict:
    """The verdict on the invoice of a claim that was authorised otherwise than it was asked for."""
    life = stage.opened
    life.authorise(authorised)
    life.order()
    life.invoice()
    return life.verdict("invoice")
