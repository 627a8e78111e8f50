# SPDX-License-Identifier: Apache-2.0
"""Why an envelope is refused. None of these echoes what an envelope holds."""

from __future__ import annotations

from sceau.errors import SceauError


class EnvelopeError(SceauError):
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


class EnvelopeReplayed(EnvelopeError):
    """An envelope with this identifier came from this sender before."""

    code = "envelope-replayed"
    en = "This envelope from party {sender} was received before: it counts once."
    fr = "Cette enveloppe de la partie {sender} a déjà été reçue : elle ne compte qu'une fois."


class EnvelopeMalformed(EnvelopeError):
    """It opens, is signed, and lacks what an envelope must hold."""

    code = "envelope-malformed"
    en = "The envelope lacks or bends '{part}', which every envelope must hold. Tell its sender."
    fr = "L'enveloppe n'a pas ou déforme « {part} », que toute enveloppe doit contenir. Dites-le à l'expéditeur."
