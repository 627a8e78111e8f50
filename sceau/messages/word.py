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
from sceau.messages.signed import namespace_of, read_signed_message
from sceau.party.errors import MessageKeysInvalid, NotInDirectory
from sceau.store import Kind

#: A party's justification, or an auditor's ruling.
Word = Justification | AuditRuling

_READ = {justification.KIND: justification_of, ruling.KIND: ruling_of}


def require_signed(mailbox: Mailbox, word: Word) -> None:
    """Checks a word against what was signed: every field is its sender's, and it was made out to this mailbox's party.

    The signature is checked by the directory, or, where that does not have the signer's keys of the time any more, the
    very same message is among those that the mailbox received: its envelope was checked then.

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
        return read_signed_message(mailbox.network, mailbox.directory, word.signed)
    except (MessageError, MessageKeysInvalid, NotInDirectory, PartyUnknown):
        received = mailbox.store.of_claim(Kind.MESSAGE, word.claim)
        if all(each.get("signed") != word.signed for each in received):
            return None
        return read_received(word.signed, namespace=namespace_of(mailbox.network))
