# SPDX-License-Identifier: Apache-2.0
"""Everything that a verification can find, each with its weight and a sentence in both languages.

The sentences say what it means and what to do. They name paths, parties and dates, never a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sceau.errors import SceauError, Sentence
from sceau.verify.verdict import Finding, Weight

_ALL: dict[str, tuple[Weight, str, str]] = {
    "stale-node": (
        Weight.REFUSES,
        "The node's newest block is {age} s old, over the {limit} s allowed: ask another node.",
        "Le dernier bloc du nœud a {age} s, plus que les {limit} s permises : interrogez un autre nœud.",
    ),
    "foreign-chain": (
        Weight.REFUSES,
        "The disclosure is about another chain or another contract than this deployment.",
        "La divulgation concerne une autre chaîne ou un autre contrat que ce déploiement.",
    ),
    "not-addressed": (
        Weight.REFUSES,
        "The disclosure is made out to party {recipient}, not to you (party {reader}): do not use it.",
        "La divulgation est adressée à la partie {recipient}, pas à vous (partie {reader}) : ne l'utilisez pas.",
    ),
    "claim-unknown": (
        Weight.REFUSES,
        "No such claim is on the chain: what is on paper was never sealed.",
        "Ce dossier n'est pas sur la chaîne : ce qui est sur le papier n'a jamais été scellé.",
    ),
    "step-not-on-chain": (
        Weight.REFUSES,
        "The claim holds no step '{step}' for order {order}: what is on paper was never sealed.",
        "Le dossier n'a pas d'étape « {step} » pour la commande {order} : le papier n'a jamais été scellé.",
    ),
    "not-sealed": (
        Weight.REFUSES,
        "What is shown is not what the claim sealed: {why}",
        "Ce qui est montré n'est pas ce que le dossier a scellé : {why}",
    ),
    "not-the-payer": (
        Weight.REFUSES,
        "The payer of this claim is party {payer}, not you (party {reader}).",
        "Le payeur de ce dossier est la partie {payer}, pas vous (partie {reader}).",
    ),
    "not-the-writer": (
        Weight.REFUSES,
        "The disclosure comes from party {sender}, but party {writer} wrote this step.",
        "La divulgation vient de la partie {sender}, mais la partie {writer} a écrit cette étape.",
    ),
    "claim-closed": (
        Weight.REFUSES,
        "The claim is {state}: it can no longer be authorised or paid.",
        "Le dossier est {state} : il ne peut plus être pris en charge ni payé.",
    ),
    "policy-unknown": (
        Weight.REFUSES,
        "Policy {policy}, clause {clause}, is not among yours: get it, or have it disclosed under another.",
        "La règle {policy}, clause {clause}, n'est pas des vôtres : obtenez-la, ou faites montrer sous une autre.",
    ),
    "policy-not-in-force": (
        Weight.REFUSES,
        "Policy {policy} was not in force on {day}, or a later version had replaced it: ask for another disclosure.",
        "La règle {policy} n'était pas en vigueur le {day}, ou était déjà remplacée : redemandez une divulgation.",
    ),
    "purpose-differs": (
        Weight.REFUSES,
        "The purpose stated is not that of the policy clause.",
        "La finalité énoncée n'est pas celle de la clause.",
    ),
    "outside-policy": (
        Weight.REFUSES,
        "You may not hold: {paths}. Their values were dropped; tell the sender.",
        "Vous ne pouvez pas détenir : {paths}. Leurs valeurs ont été écartées ; dites-le à l'expéditeur.",
    ),
    "delete-by-passed": (
        Weight.REFUSES,
        "What is shown had to be deleted by {day}: delete it.",
        "Ce qui est montré devait être supprimé au {day} : supprimez-le.",
    ),
    "delete-by-too-late": (
        Weight.REFUSES,
        "The delete-by date {day} is later than the policy allows ({latest}).",
        "La date de suppression {day} dépasse ce que la règle permet ({latest}).",
    ),
    "made-in-the-future": (
        Weight.REFUSES,
        "The disclosure is dated after the block that was read: check the sender's clock, or the node.",
        "La divulgation est datée d'après le bloc lu : vérifiez l'horloge de l'expéditeur, ou le nœud.",
    ),
    "consent-missing": (
        Weight.REFUSES,
        "This clause needs the patient's consent, and none is shown.",
        "Cette clause exige l'accord du patient, et aucun n'est montré.",
    ),
    "consent-not-of-claim": (
        Weight.REFUSES,
        "The consent shown is not the one under which the claim was opened.",
        "L'accord montré n'est pas celui sous lequel le dossier a été ouvert.",
    ),
    "consent-not-recorded": (
        Weight.REFUSES,
        "The consent is not recorded on the chain.",
        "L'accord n'est pas enregistré sur la chaîne.",
    ),
    "consent-expired": (
        Weight.REFUSES,
        "The patient's consent expired on {at}: ask the practice for what needs none.",
        "L'accord du patient a expiré le {at} : demandez au magasin ce qui n'en exige pas.",
    ),
    "consent-revoked": (
        Weight.REFUSES,
        "The patient revoked the consent on {at}: do not use what it covered.",
        "Le patient a révoqué l'accord le {at} : n'utilisez plus ce qu'il couvrait.",
    ),
    "consent-withdrawn": (
        Weight.REFUSES,
        "The practice withdrew the consent at the patient's word on {at}: do not use what it covered.",
        "Le magasin a retiré l'accord à la demande du patient le {at} : n'utilisez plus ce qu'il couvrait.",
    ),
    "consent-false": (
        Weight.REFUSES,
        "What is shown of the consent is not what was consented to: {why}",
        "Ce qui est montré de l'accord n'est pas ce qui a été consenti : {why}",
    ),
    "consent-other-recorder": (
        Weight.REFUSES,
        "The consent was recorded by party {recorder}, not by the claim's practice.",
        "L'accord a été enregistré par la partie {recorder}, et non par le magasin du dossier.",
    ),
    "consent-other-practice": (
        Weight.REFUSES,
        "The consent names another practice than the claim's.",
        "L'accord nomme un autre magasin que celui du dossier.",
    ),
    "consent-other-payer": (
        Weight.REFUSES,
        "The consent names another payer than you.",
        "L'accord nomme un autre payeur que vous.",
    ),
    "consent-other-purpose": (
        Weight.REFUSES,
        "The consent is for another purpose than this disclosure's.",
        "L'accord vaut pour une autre finalité que cette divulgation.",
    ),
    "consent-too-narrow": (
        Weight.REFUSES,
        "The consent does not cover: {paths}. Their values were dropped.",
        "L'accord ne couvre pas : {paths}. Leurs valeurs ont été écartées.",
    ),
    "consent-half-shown": (
        Weight.REFUSES,
        "Practice, payer, purpose and data groups of the consent must all be shown.",
        "Magasin, payeur, finalité et groupes de données de l'accord doivent tous être montrés.",
    ),
    "delivery-differs": (
        Weight.REFUSES,
        "What the supplier attests for order {order} differs from it in: {groups}. Ask both; open to an auditor.",
        "Commande {order} : ce que le fournisseur atteste diffère en : {groups}. Interrogez-les ; sinon, un audit.",
    ),
    "invoice-differs": (
        Weight.REFUSES,
        "The invoice of order {order} differs from the order in: {groups}. Ask the practice; open to an auditor.",
        "La facture diffère de la commande {order} en : {groups}. Interrogez le magasin ; sinon, un audit.",
    ),
    "act-codes-differ": (
        Weight.REFUSES,
        "The act codes sealed with order {order} are not {what}, or the key given is false. Ask the practice.",
        "Les codes actes scellés avec la commande {order} ne sont pas {what}, ou la clé est fausse. Voyez le magasin.",
    ),
    "renewal-too-early": (
        Weight.REFUSES,
        "The renewal is due from {due} ({rules}) and no legal case allows it earlier. Ask the practice, or wait.",
        "Le renouvellement est dû à partir du {due} ({rules}), sans cas anticipé. Demandez au magasin, ou attendez.",
    ),
    "renewal-unattested": (
        Weight.DOUBTS,
        "The renewal is due from {due} ({rules}): ask the practice for its yes or no to a legal early case.",
        "Le renouvellement est dû à partir du {due} ({rules}) : un cas anticipé vaut-il ? Voyez le magasin.",
    ),
    "renewal-early": (
        Weight.NOTES,
        "The renewal comes before {due} ({rules}); the practice attests that a legal case allows it.",
        "Le renouvellement précède le {due} ({rules}) ; le magasin atteste qu'un cas légal le permet.",
    ),
    "renewal-due": (
        Weight.NOTES,
        "The renewal is due since {due} ({rules}).",
        "Le renouvellement est dû depuis le {due} ({rules}).",
    ),
    "renewal-not-judged": (
        Weight.NOTES,
        "No renewal rules are in force on {day}: the date was not judged.",
        "Aucune règle de renouvellement n'est en vigueur le {day} : la date n'a pas été jugée.",
    ),
    "invoice-of-replaced-order": (
        Weight.DOUBTS,
        "Order {order} was invoiced, then replaced undelivered by order {current}: ask the practice why.",
        "La commande {order} a été facturée, puis remplacée sans livraison par la {current} : demandez pourquoi.",
    ),
    "order-returned": (
        Weight.DOUBTS,
        "Order {order} went back to the supplier and was not remade: ask for the remake or a credit.",
        "La commande {order} est retournée au fournisseur sans être refaite : demandez la réfection ou un avoir.",
    ),
    "order-disputed": (
        Weight.DOUBTS,
        "The supplier disputes order {order}: it did not receive it, or it does not fit its locks. Ask both.",
        "Le fournisseur conteste la commande {order} : non reçue, ou ne répondant pas à ses verrous. Voyez-les.",
    ),
    "conform": (
        Weight.NOTES,
        "Order {order} is conform: delivered as sealed, by the supplier's attestation, with the act codes you hold.",
        "La commande {order} est conforme : livrée telle que scellée, selon le fournisseur, avec vos codes actes.",
    ),
    "declared-conform": (
        Weight.NOTES,
        "Order {order} is declared conform: practice and supplier seal the same; you did not check what.",
        "La commande {order} est déclarée conforme : magasin et fournisseur scellent de même, sans votre contrôle.",
    ),
    "act-codes-fit": (
        Weight.NOTES,
        "The act codes sealed with order {order} are {what}.",
        "Les codes actes scellés avec la commande {order} sont {what}.",
    ),
    "delivery-not-attested": (
        Weight.NOTES,
        "The supplier has not attested the delivery of order {order}: this is silence, not fraud.",
        "Le fournisseur n'a pas attesté la livraison de la commande {order} : un silence, pas une fraude.",
    ),
    "invoice-before-delivery": (
        Weight.NOTES,
        "Order {order} was invoiced before its delivery was attested.",
        "La commande {order} a été facturée avant que sa livraison soit attestée.",
    ),
    "order-remade": (
        Weight.NOTES,
        "Order {order} was delivered and remade as order {by}: a remake of the same claim, not a new one.",
        "La commande {order} a été livrée puis refaite sous le numéro {by} : même dossier, pas un nouveau.",
    ),
    "order-corrected": (
        Weight.NOTES,
        "Order {order} was replaced by order {by} before any delivery.",
        "La commande {order} a été remplacée par la {by} avant toute livraison.",
    ),
    "replaced-order-differed": (
        Weight.NOTES,
        "Order {order}, since replaced, had been delivered with a difference in: {groups}.",
        "La commande {order}, remplacée depuis, avait été livrée avec une différence en : {groups}.",
    ),
    "justified": (
        Weight.NOTES,
        "Accepted on the word of party {party} ({reason}): {what}",
        "Accepté sur la parole de la partie {party} ({reason}) : {what}",
    ),
    "key-compromised": (
        Weight.DOUBTS,
        "Step '{step}' was written by a key of party {party} said to be in wrong hands since {at}.",
        "L'étape « {step} » a été écrite par une clé de la partie {party} dite compromise depuis le {at}.",
    ),
    "consent-key-compromised": (
        Weight.DOUBTS,
        "The consent was recorded by a key of party {party} said to be in wrong hands since {at}.",
        "L'accord a été enregistré par une clé de la partie {party} dite compromise depuis le {at}.",
    ),
    "party-suspended": (
        Weight.NOTES,
        "Party {party} is suspended at present; what it wrote before stands.",
        "La partie {party} est suspendue à présent ; ce qu'elle a écrit avant reste valable.",
    ),
    "consent-attested": (
        Weight.NOTES,
        "The practice vouches for the patient's agreement; the chain shows only that a one-time key agreed.",
        "Le magasin se porte garant de l'accord du patient ; la chaîne montre seulement qu'une clé a consenti.",
    ),
    "consent-by-key": (
        Weight.NOTES,
        "The holder of a one-time key agreed; that the holder was the patient rests on the practice's word.",
        "Le porteur d'une clé unique a consenti ; que ce soit le patient repose sur la parole du magasin.",
    ),
    "without-consent": (
        Weight.NOTES,
        "Disclosed under policy {policy}, clause {clause}, which needs no consent.",
        "Divulgué selon la règle {policy}, clause {clause}, qui n'exige pas d'accord.",
    ),
    "declared-only": (
        Weight.NOTES,
        "Values not shown were not checked; those shown are what the practice sealed, not yet what was supplied.",
        "Seul ce qui est montré est vérifié : c'est ce que le magasin a scellé, pas encore ce qui a été fourni.",
    ),
}

#: Every finding by its code: weight, and the sentences with places for details. docs/verdicts.md lists them.
CATALOGUE: Final[Mapping[str, tuple[Weight, str, str]]] = MappingProxyType(_ALL)


def finding(code: str, **details: object) -> Finding:
    """The finding of this code, its sentence filled with ``details``; an error among them in each language."""
    weight, en, fr = CATALOGUE[code]
    sentence = Sentence(code, _fill(en, "en", details), _fill(fr, "fr", details))
    order_number = details.get("order", 0)
    return Finding(weight, sentence, order_number if isinstance(order_number, int) else 0)


def codes() -> tuple[str, ...]:
    """The codes of all findings."""
    return tuple(CATALOGUE)


def _fill(template: str, language: str, details: dict[str, object]) -> str:
    return template.format(**{name: _word(value, language) for name, value in details.items()})


def _word(value: object, language: str) -> object:
    if isinstance(value, SceauError):
        return value.message("fr" if language == "fr" else "en")
    if isinstance(value, Sentence):
        return value.text("fr" if language == "fr" else "en")
    return value
