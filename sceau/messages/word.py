# SPDX-License-Identifier: Apache-2.0
"""A justification or ruling, read again from what its sender signed: one made or changed by hand does not count."""

from __future__ import annotations

from sceau.chain.contract_errors import PartyUnknown
from sceau.chain.network import Network
from sceau.errors import MessageError
from sceau.messages import justification, ruling
from sceau.messages.envelope import Message, read_received
from sceau.messages.errors import WordNotSigned
from sceau.messages.justification import Justification, justification_of
from sceau.messages.mailbox import Mailbox
from sceau.messages.ruling import AuditRuling, ruling_of
from sceau.messages.signed import namespace_of
from sceau.party.errors import MessageKeysInvalid, NotInDirectory

#: A party's justification, or an auditor's ruling.
Word = Justification | AuditRuling

_READ = {justification.KIND: justification_of, ruling.KIND: ruling_of}


def require_signed(mailbox: Mailbox, word: Word) -> None:
    """Checks a word against what was signed: every field is its sender's, and it was made out to this mailbox's party.

    The very same message is among those that the mailbox received, whose envelopes were checked then, or its envelope
    would open now: a key that its sender retired signs no word any more, whatever day it writes on it.

    Raises:
        WordNotSigned: neither shows it.
    """
    message = _signed(mailbox, word)
    read = None if message is None else _READ.get(message.kind)
    if message is None or read is None or message.recipient != mailbox.party:
        raise WordNotSigned(party=word.party)
    if read(mailbox.network, message) != word:
        raise WordNotSigned(party=word.party)


def signed_at(network: Network, word: Word) -> int:
    """When a word was signed, by its sender's clock, in seconds since 1970; its signature was checked before."""
    return read_received(word.signed, namespace=namespace_of(network)).issued_at


def _signed(mailbox: Mailbox, word: Word) -> Message | None:
    try:
        return mailbox.signed(word.signed, word.claim)
    except (MessageError, MessageKeysInvalid, NotInDirectory, PartyUnknown):
        return None
