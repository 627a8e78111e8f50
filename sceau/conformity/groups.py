# SPDX-License-Identifier: Apache-2.0
"""The four groups of an order, computed from paths that the order, the delivery and the invoice all carry.

The three profiles have these paths under the same names and in the same formats, so two records that say the
same of a lens give the same bytes, whoever wrote them. What else they hold (dates, references, serial numbers,
amounts) is in no group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from eth_abi.abi import encode

from sceau.conformity.errors import GroupEmpty, GroupUnknown, RecordNotSealed
from sceau.record import LeafType, Profile, Value, load_profile_key
from sceau.record.errors import ProfileUnknown
from sceau.terms import Group, group_words

EYES: Final = ("right", "left")

#: The paths of each group, for either eye; N stands for the places of a list.
PATHS: Final[Mapping[Group, tuple[str, ...]]] = MappingProxyType(
    {
        Group.ACT_CODES: ("code",),
        Group.LENS_PRODUCT: (
            "lens.manufacturer",
            "lens.supplier",
            "lens.code",
            "lens.geometry",
            "lens.material",
            "lens.index",
            "lens.diameter",
            "supplement.N.code",
            "supplement.N.type",
        ),
        Group.CORRECTION: (
            "sphere",
            "cylinder",
            "axis",
            "addition",
            "prism.vertical",
            "prism.horizontal",
        ),
        # An eye for which nothing is ordered has no path at all, so the eyes are in it too.
        Group.QUANTITY: ("quantity",),
    }
)

ORDER: Final = "lens-order/1"
DELIVERY: Final = "lens-delivery/1"
INVOICE: Final = "fr-optical-invoice/1"

#: The profiles that carry the groups, with the version of the groups' paths and formats that each carries. The
#: groups have a version of their own: an order and a delivery compare although their profiles move apart.
VERSIONS: Final[Mapping[str, int]] = MappingProxyType({ORDER: 1, DELIVERY: 1, INVOICE: 1})

Entry = tuple[str, LeafType, Value]


@dataclass(frozen=True, repr=False)
class CanonicalGroup:
    """What one record says of one group: (path, type, canonical value), sorted by path; never empty."""

    group: Group
    version: int
    entries: tuple[Entry, ...]

    @property
    def encoded(self) -> bytes:
        """abi.encode(uint256 version, (string path, string type, bytes abi.encode(value as type))[])."""
        written = [(path, type_, encode([type_], [value])) for path, type_, value in self.entries]
        return encode(["uint256", "(string,string,bytes)[]"], [self.version, written])

    @property
    def values(self) -> dict[str, Value]:
        """The values by path."""
        return {path: value for path, _, value in self.entries}

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"CanonicalGroup({group_words(self.group).code}, {len(self.entries)} entries)"


def group_of_code(code: str) -> Group:
    """The group of a code, such as 'lens-product'. Raises :class:`GroupUnknown`."""
    groups = {group_words(group).code: group for group in Group}
    if code not in groups:
        raise GroupUnknown(known=", ".join(groups))
    return groups[code]


def group_values(profile_key: str, values: Mapping[str, Value]) -> dict[Group, CanonicalGroup]:
    """The four groups of a whole record of ``profile_key`` ('lens-order/1'), by group.

    ``values`` are canonical, as :func:`sceau.formats.optics.order.load_order` gives them. Raises
    :class:`RecordNotSealed` when the profile carries no groups, and what
    :meth:`~sceau.record.Profile.validate` raises when they are no whole record of it.
    """
    profile = sealed_profile(profile_key)
    checked = profile.validate(values)
    return {group: canonical_group(profile_key, group, checked) for group in Group}


def canonical_group(profile_key: str, group: Group, values: Mapping[str, Value]) -> CanonicalGroup:
    """``group`` as the canonical ``values`` of a record of ``profile_key`` say it; other paths are passed over.

    Raises :class:`RecordNotSealed`, and :class:`GroupEmpty` when nothing of the group is there.
    """
    profile = sealed_profile(profile_key)
    own = group_paths(profile_key)[group]
    entries = tuple((path, profile.field(path).type, values[path]) for path in sorted(values) if path in own)
    if not entries:
        raise GroupEmpty(group=group_words(group))
    return CanonicalGroup(group, VERSIONS[profile_key], entries)


def differences(first: CanonicalGroup, second: CanonicalGroup) -> tuple[str, ...]:
    """The paths at which two records say something else of one group, sorted; only one of them may have it."""
    one, other = first.values, second.values
    return tuple(path for path in sorted({*one, *other}) if one.get(path) != other.get(path))


@cache
def group_paths(profile_key: str) -> Mapping[Group, frozenset[str]]:
    """The paths of each group in ``profile_key``, lists expanded. Raises :class:`RecordNotSealed`."""
    fields = sealed_profile(profile_key).fields.values()
    return MappingProxyType(
        {
            group: frozenset(
                field.path
                for field in fields
                if field.template in {f"{eye}.{name}" for eye in EYES for name in names}
            )
            for group, names in PATHS.items()
        }
    )


def sealed_profile(profile_key: str) -> Profile:
    """The profile of that name and version, which carries the groups. Raises :class:`RecordNotSealed`."""
    if profile_key not in VERSIONS:
        known = ", ".join(sorted(VERSIONS))
        raise RecordNotSealed(profile=_readable(profile_key), known=known)
    return load_profile_key(profile_key)


def _readable(profile_key: str) -> str:
    """A profile's name as it may be printed: it can come from somebody else's file."""
    try:
        return load_profile_key(str(profile_key)).key
    except ProfileUnknown:
        return "(?)"
