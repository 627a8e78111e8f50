# SPDX-License-Identifier: Apache-2.0
"""Opening one group of an order to an auditor: its key and its leaves, with their proof under its step's root.

Each side opens its own: the practice its order (or invoice) against the lock it wrote, the supplier its delivery
against the tag it wrote. An opening that does not reproduce both root and lock or tag is none. Two that do, and
say something else, show that the goods differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sceau.conformity.errors import (
    GroupOpeningShowsMore,
    KeyMalformed,
    NotADelivery,
    NotForLocks,
    SealNotReproduced,
)
from sceau.conformity.groups import DELIVERY, CanonicalGroup, canonical_group, group_paths
from sceau.conformity.keys import GroupKey, OrderKey
from sceau.conformity.seals import lock_of, require_step, tag_of
from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.record import Multiproof, Scope, SealedRecord
from sceau.terms import Group, group_words

if TYPE_CHECKING:
    from sceau.conformity import shapes

FORMAT = "sceau-group-opening/1"

_WHAT = Sentence("files.group-opening")
_LOCK = Sentence("conformity.lock")
_TAG = Sentence("conformity.tag")


@dataclass(frozen=True, repr=False)
class GroupOpening:
    """The key of one group, and all its leaves in one sealed record. It shows health data: seal its envelope."""

    key: GroupKey
    multiproof: Multiproof

    @property
    def group(self) -> Group:
        """The group that is opened."""
        return self.key.group

    def __repr__(self) -> str:
        return f"GroupOpening({group_words(self.group).code})"

    def read(self, root: str, scope: Scope) -> CanonicalGroup:
        """What the record sealed under ``root`` says of the group, when it is part of the record ``scope``.

        ``root`` and the parts of ``scope`` come from the chain, never from the opening. Raises a
        :class:`~sceau.record.errors.DisclosureRefused`, :class:`GroupOpeningShowsMore` when it shows a path of
        another group, and what :func:`~sceau.conformity.seals.require_step` raises.
        """
        require_step(scope)
        values = self.multiproof.read(root, scope)
        own = group_paths(scope.profile_key)[self.group]
        for path in values:
            if path not in own:
                raise GroupOpeningShowsMore(path=path, group=group_words(self.group))
        return canonical_group(scope.profile_key, self.group, values)

    def to_json(self) -> dict[str, Any]:
        """Everything an auditor needs, ready for ``json.dumps``. It holds the key: encrypt it to the auditor."""
        return {
            "format": FORMAT,
            "group": group_words(self.group).code,
            "key": self.key.reveal(),
            "shown": self.multiproof.to_json(),
        }

    @classmethod
    def from_json(cls, data: Data) -> GroupOpening:
        """Reads what :meth:`to_json` wrote; nothing is proved before :meth:`read`.

        Raises :class:`~sceau.documents.errors.FileMalformed` and :class:`KeyMalformed`.
        """
        from sceau.conformity import shapes
        from sceau.documents.model import Fault, parse

        written = parse(shapes.GroupOpening, data)
        if isinstance(written, Fault):
            if written.place == "key":
                raise KeyMalformed
            raise FileMalformed(what=_WHAT, rule=written.sentence)
        return cls.of_shape(written)

    @classmethod
    def of_shape(cls, written: shapes.GroupOpening) -> GroupOpening:
        """What a file holds, once its shape was found right; raises as :meth:`from_json`."""
        group = next(group for group in Group if group_words(group).code == written.group)
        return cls(GroupKey.read(group, written.key), Multiproof.of_shape(written.shown))


def open_group(opening: SealedRecord, key: OrderKey, group: Group) -> GroupOpening:
    """Opens ``group`` of a sealed order, delivery or invoice, and nothing else of it.

    Whom it may be shown to is for the caller to know: an auditor, and for the act codes the payer. Raises what
    :func:`~sceau.conformity.seals.require_step` raises.
    """
    context = require_step(opening.scope)
    own = group_paths(opening.scope.profile_key)[group]
    paths = [path for path in opening.values if path in own]
    return GroupOpening(key.group_key(context, group), opening.prove(paths))


def check_lock(opened: GroupOpening, *, root: str, scope: Scope, lock: str) -> CanonicalGroup:
    """What the practice's order or invoice says of the group, when root and ``lock`` are both reproduced.

    Raises :class:`SealNotReproduced`, :class:`NotForLocks` for a delivery, and what :meth:`GroupOpening.read`
    raises.
    """
    if scope.profile_key == DELIVERY:
        raise NotForLocks(profile=DELIVERY)
    content = opened.read(root, scope)
    if lock_of(require_step(scope), opened.group, tag_of(opened.key, content)) != lock.lower():
        raise SealNotReproduced(group=group_words(opened.group), seal=_LOCK)
    return content


def check_tag(opened: GroupOpening, *, root: str, scope: Scope, tag: str) -> CanonicalGroup:
    """What the supplier's delivery says of the group, when root and ``tag`` are both reproduced.

    Raises :class:`SealNotReproduced`, :class:`NotADelivery` for another profile, and what
    :meth:`GroupOpening.read` raises.
    """
    if scope.profile_key != DELIVERY:
        raise NotADelivery(profile=scope.profile_key)
    content = opened.read(root, scope)
    if tag_of(opened.key, content) != tag.lower():
        raise SealNotReproduced(group=group_words(opened.group), seal=_TAG)
    return content
