# SPDX-License-Identifier: Apache-2.0
"""Why an envelope or a message is refused. None of these errors repeats what an envelope holds."""

from __future__ import annotations

from sceau.errors import MessageError


class MessageRefused(MessageError):
    """Base of the errors of messages: nothing may be done on the strength of it."""


class MessageMalformed(MessageRefused):
    """A signed message lacks something, or bends it."""

    code = "message-malformed"
    en = "The {kind} from party {sender} lacks or bends '{part}'. Tell its sender."
    fr = "Le message « {kind} » de la partie {sender} n'a pas ou déforme « {part} ». Dites-le à l'expéditeur."


class MessageKindUnknown(MessageRefused):
    """The message is of a kind that this version does not know."""

    code = "message-kind-unknown"
    en = "The message is of a kind that this version does not know. Update the program."
    fr = "Le message est d'une sorte inconnue de cette version. Mettez le logiciel à jour."


class StepNotWritten(MessageRefused):
    """The chain holds no such step of the claim."""

    code = "step-not-written"
    en = "Claim {claim} holds no {step} for order {order} on the chain. Wait for it, or ask its writer."
    fr = "Le dossier {claim} n'a pas de {step} pour la commande {order} sur la chaîne. Attendez, ou demandez."


class OpeningNotOnChain(MessageRefused):
    """The opening is not that of the step on the chain."""

    code = "opening-not-on-chain"
    en = "What was sent does not open the {step} of claim {claim}: do not rely on it. Ask its writer."
    fr = "L'envoi n'ouvre pas {step} du dossier {claim} : ne vous y fiez pas. Demandez à son auteur."


class NotTheWriter(MessageRefused):
    """Another party wrote the step."""

    code = "message-not-by-writer"
    en = "The message comes from party {sender}; party {writer} wrote this step."
    fr = "Le message vient de la partie {sender} ; la partie {writer} a écrit cette étape."


class NotForYou(MessageRefused):
    """The step names another party than the reader."""

    code = "message-not-for-you"
    en = "Order {order} of claim {claim} is for party {supplier}, not for you."
    fr = "La commande {order} du dossier {claim} est pour la partie {supplier}, pas pour vous."


class GroupKeysDiffer(MessageRefused):
    """The order key attached is not the one that the sender signed for."""

    code = "group-keys-differ"
    en = "The order key attached is not the one that was signed for. Refuse the order."
    fr = "La clé de commande jointe n'est pas celle qui a été signée. Refusez la commande."


class NotTheClaimsPayer(MessageRefused):
    """Something for a claim's payer reached another party."""

    code = "message-not-for-payer"
    en = "The payer of claim {claim} is party {payer}, not you: do not use what was sent."
    fr = "Le payeur du dossier {claim} est la partie {payer}, pas vous : n'utilisez pas ce qui a été envoyé."


class NotJustifiable(MessageRefused):
    """No party's word can close this finding."""

    code = "not-justifiable"
    en = "No justification closes '{finding}'. Only these can be justified: {known}."
    fr = "Aucune justification ne lève « {finding} ». Seuls se justifient : {known}."


class OrderToName(MessageRefused):
    """A justification names no order where it should, or one where it should not."""

    code = "order-to-name"
    en = "'{finding}': name the order that the finding is about by its number; a renewal is about none (0)."
    fr = "« {finding} » : nommez par son numéro la commande dont parle le constat ; un renouvellement, aucune (0)."


class EnvelopeError(MessageError):
    """Base of the errors of envelopes."""


class EnvelopeUnreadable(EnvelopeError):
    """It is truncated or altered, encrypted to another key, or no envelope."""

    code = "envelope-unreadable"
    en = "This envelope cannot be opened: truncated, altered, or made out to other keys. Ask for it again."
    fr = "Enveloppe illisible : tronquée, modifiée, ou faite pour d'autres clés. Redemandez-la."


class EnvelopeNotSigned(EnvelopeError):
    """The signature is not by a signing key that the sender's directory entry publishes."""

    code = "envelope-not-signed"
    en = "The envelope is not signed by party {sender}'s published keys: do not use it."
    fr = "L'enveloppe n'est pas signée par les clés publiées de la partie {sender} : ne l'utilisez pas."


class EnvelopeForeign(EnvelopeError):
    """It is made out to another party, or another chain."""

    code = "envelope-foreign"
    en = "The envelope is not made out to you on this chain: do not use it."
    fr = "L'enveloppe ne vous est pas adressée sur cette chaîne : ne l'utilisez pas."


class EnvelopeOfAnotherKind(EnvelopeError):
    """It holds another kind of message than the one expected."""

    code = "envelope-of-another-kind"
    en = "The envelope holds a message of another kind than '{expected}'."
    fr = "L'enveloppe contient un message d'une autre sorte que « {expected} »."


class EnvelopeStale(EnvelopeError):
    """Its time has passed, or has not come."""

    code = "envelope-stale"
    en = "The envelope was valid from {issued} to {expires}; the chain's time is {now}. Ask for a new one."
    fr = "L'enveloppe valait du {issued} au {expires} ; la chaîne est au {now}. Demandez-en une nouvelle."


class EnvelopeMalformed(EnvelopeError):
    """It opens, is signed, and lacks what an envelope must hold."""

    code = "envelope-malformed"
    en = "The envelope lacks or bends '{part}', which every envelope must hold. Tell its sender."
    fr = "L'enveloppe n'a pas ou déforme « {part} », que toute enveloppe doit contenir. Dites-le à l'expéditeur."
