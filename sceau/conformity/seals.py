# SPDX-License-Identifier: Apache-2.0
"""Tags and locks: what the practice and the supplier write on the chain about an order.

The practice writes locks (order, invoice), the supplier tags (delivery); the contract makes a lock of each tag
and compares. A tag cannot be computed from its lock, so a party that writes a fitting tag had the key and the
value: nothing can be copied from the chain.

All are '0x' and 64 lower-case hexadecimal digits, four of each, in the order of :class:`~sceau.terms.Group`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sceau.conformity.errors import (
    GroupEmpty,
    GroupKeyOfAnotherGroup,
    LocksDiffer,
    NoActCode,
    NotADelivery,
    NotForLocks,
    SealsMalformed,
    StepWrong,
)
from sceau.conformity.groups import (
    DELIVERY,
    EYES,
    INVOICE,
    ORDER,
    CanonicalGroup,
    canonical_group,
    group_values,
    sealed_profile,
)
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.documents.hashing import keccak, text_word, word
from sceau.documents.identifiers import hex_of, is_hash
from sceau.record import Scope, SealedRecord, Value
from sceau.record.canonical import canonical
from sceau.record.normalise import normalised_code
from sceau.terms import Group, Step, group_words, groups_words, step_words

Seals = tuple[str, str, str, str]

#: The steps at which a record of each profile is written.
STEPS: Final[Mapping[str, tuple[Step, ...]]] = MappingProxyType(
    {ORDER: (Step.ORDER, Step.REMAKE), DELIVERY: (Step.DELIVER,), INVOICE: (Step.INVOICE,)}
)


def tag_of(key: GroupKey, content: CanonicalGroup) -> str:
    """HMAC-SHA-256(group key, canonical group). Raises :class:`GroupKeyOfAnotherGroup`."""
    if key.group != content.group:
        raise GroupKeyOfAnotherGroup(key=group_words(key.group), group=group_words(content.group))
    return hex_of(key.authenticate(content.encoded))


def lock_of(context: OrderContext, group: Group, tag: str) -> str:
    """The lock that the contract makes of a tag.

    keccak256(abi.encode(bytes32 claim, uint8 order, uint256 group, bytes32 tag)), as
    ``ClaimRegistry._compareTags``.
    """
    words = (text_word(context.claim), word(context.order_number), word(group), text_word(tag))
    return hex_of(keccak(b"".join(words)))


def locks(record: SealedRecord, key: OrderKey) -> Seals:
    """The locks that the practice writes with its sealed order or invoice (profiles lens-order, invoice).

    The order is the one that the opening's scope names: chain, contract, claim, order number. Raises
    :class:`NotForLocks` for a delivery, :class:`RecordNotSealed` for another profile, :class:`StepWrong`.
    """
    if record.scope.profile_key == DELIVERY:
        raise NotForLocks(profile=DELIVERY)
    context = require_step(record.scope)
    return _four(lock_of(context, group, each) for group, each in _tags(record, key, context).items())


def tags(record: SealedRecord, key: OrderKey) -> Seals:
    """The tags that the supplier writes with its sealed delivery (profile lens-delivery).

    A delivery record is made from what was produced or dispatched. Raises :class:`NotADelivery` for any other
    profile, an order's above all: a supplier that sends the order back has attested nothing. :class:`StepWrong`.
    """
    if record.scope.profile_key != DELIVERY:
        raise NotADelivery(profile=sealed_profile(record.scope.profile_key).key)
    return _four(_tags(record, key, require_step(record.scope)).values())


def differing_locks(record: SealedRecord, key: OrderKey, on_chain: Sequence[str]) -> tuple[Group, ...]:
    """The groups in which an order or invoice, with this key, does not give the locks on the chain.

    Raises :class:`SealsMalformed` and what :func:`locks` raises.
    """
    written = checked_seals(on_chain)
    own = locks(record, key)
    return tuple(group for group in Group if own[group] != written[group])


def check_locks(record: SealedRecord, key: OrderKey, on_chain: Sequence[str]) -> None:
    """What a supplier does before it makes anything: raises :class:`LocksDiffer`, naming the groups.

    ``opening`` and ``key`` come from the order envelope, ``on_chain`` from the order's event.
    """
    groups = differing_locks(record, key, on_chain)
    if groups:
        raise LocksDiffer(groups=groups_words(groups))


def act_code_lock(key: GroupKey, context: OrderContext, values: Mapping[str, Value]) -> str:
    """The lock of the act codes, from their group's key alone and the codes that a payer holds.

    ``values`` are those it authorised or was invoiced, by path: ``right.code``, ``left.code`` count and the rest
    is passed over. Codes may have blanks or be in lower case. It is the order's (or the invoice's) first lock,
    or the codes differ. Raises :class:`NoActCode`, :class:`GroupKeyOfAnotherGroup` for another group's key,
    and :class:`~sceau.record.errors.ValueNotCanonical` for what is not a code.
    """
    fields = {path: sealed_profile(ORDER).field(path) for path in (f"{eye}.code" for eye in EYES)}
    codes = {
        path: canonical(path, field.format, _normalised(values[path]), field.limits)
        for path, field in fields.items()
        if path in values
    }
    try:
        content = canonical_group(ORDER, Group.ACT_CODES, codes)
    except GroupEmpty:
        raise NoActCode(paths=", ".join(fields)) from None
    return lock_of(context, Group.ACT_CODES, tag_of(key, content))


def checked_seals(given: Sequence[str]) -> Seals:
    """Four locks or tags as an event holds them, in lower case. Raises :class:`SealsMalformed`."""
    lowered = [str(each).lower() for each in given]
    if len(lowered) != len(Group) or not all(map(is_hash, lowered)):
        raise SealsMalformed(count=len(lowered))
    return _four(lowered)


def require_step(scope: Scope) -> OrderContext:
    """The order that a record is about, when it is sealed for a step at which its profile is written.

    Raises :class:`RecordNotSealed`, :class:`StepWrong`, :class:`OrderContextWrong`.
    """
    profile = sealed_profile(scope.profile_key)
    expected = [step_words(step).code for step in STEPS[profile.key]]
    if scope.step not in expected:
        raise StepWrong(profile=profile.key, expected=" / ".join(expected), step=scope.step)
    return OrderContext.of(scope)


def _tags(record: SealedRecord, key: OrderKey, context: OrderContext) -> dict[Group, str]:
    contents = group_values(record.scope.profile_key, record.values)
    return {group: tag_of(key.group_key(context, group), contents[group]) for group in Group}


def _four(seals: Iterable[str]) -> Seals:
    act_codes, lens_product, correction, quantity = seals
    return act_codes, lens_product, correction, quantity


def _normalised(code: object) -> object:
    return normalised_code(code) if isinstance(code, str) else code
