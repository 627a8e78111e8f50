# SPDX-License-Identifier: Apache-2.0
"""Reading policy files (format ``sceau-policy/1``, docs/policies.md) and choosing the right version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timezone
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sceau.documents.dated import DatedFiles, counting_on
from sceau.documents.identifiers import hex_of
from sceau.policy._policy import Clause, Policy, matches
from sceau.policy.errors import NoPolicyInForce, PolicyBroken, PolicyFolderMissing, PolicyUnknown
from sceau.record.errors import ProfileUnknown
from sceau.record.profile_file import load_profile

if TYPE_CHECKING:
    from sceau.documents.model import Fault
    from sceau.policy import shapes


def load_policy(
    id: str,  # noqa: A002  # the word of the file format
    version: str | None = None,
    *,
    on: date | None = None,
    directory: Path | None = None,
) -> Policy:
    """The policy ``id`` in ``version`` or, without one, in the version in force on day ``on`` (today in UTC).

    ``directory`` holds further policy files (``*.json``); one with the identifier and version of a packaged
    file replaces it. Where several versions are in force on a day, the latest to come into force counts.
    Raises :class:`PolicyUnknown`, :class:`NoPolicyInForce`, :class:`PolicyFolderMissing` or
    :class:`PolicyBroken`.
    """
    known = [policy for policy in list_policies(directory) if policy.id == id]
    if version is not None:
        known = [policy for policy in known if policy.version == version]
    if not known:
        raise PolicyUnknown(policy=id if version is None else f"{id}/{version}")
    if version is not None:
        return known[0]
    day = on or datetime.now(timezone.utc).date()
    counting = counting_on(day, known)
    if counting is None:
        raise NoPolicyInForce(policy=id, day=day.isoformat())
    return counting


def replacing(policy: Policy, day: date, directory: Path | None = None) -> Policy | None:
    """The version that counts on ``day`` in the place of ``policy``; ``None`` where ``policy`` itself does.

    Of a policy that is not in force on that day nothing is said. Raises :class:`PolicyFolderMissing`,
    :class:`PolicyBroken`.
    """
    others = [
        each for each in list_policies(directory) if each.id == policy.id and each.version != policy.version
    ]
    counting = counting_on(day, [*others, policy])
    return None if counting is policy else counting


def list_policies(directory: Path | None = None) -> list[Policy]:
    """Every policy of the package and of ``directory``, by identifier and version."""
    return _FILES.all(directory)


# Asked for with every verdict; the text alone decides, and nothing changes what it gives.
@lru_cache(maxsize=128)
def parse_policy(text: str | bytes, file: str = "policy") -> Policy:
    """The policy that ``text`` holds; ``file`` names it in errors. Raises :class:`PolicyBroken`."""
    from sceau.documents.model import Fault, parse
    from sceau.policy import shapes

    written = parse(shapes.Policy, text)
    if isinstance(written, Fault):
        raise _broken(file, written)
    fault = next(_faults(written), None)
    if fault is not None:
        raise _broken(file, fault)
    return Policy(
        id=written.id,
        version=written.version.isoformat(),
        valid_from=written.valid_from,
        valid_until=written.valid_until,
        recipient=written.recipient,
        contract=written.contract,
        sources=tuple(written.sources),
        clauses=MappingProxyType({name: _clause(name, each) for name, each in written.clauses.items()}),
        file_hash=hex_of(sha256(text.encode() if isinstance(text, str) else text).digest()),
        text=text if isinstance(text, str) else text.decode(),
    )


def _clause(name: str, written: shapes.Clause) -> Clause:
    return Clause(
        name=name,
        consent=written.consent,
        purpose=written.purpose,
        delete_after_days=written.delete_after_days,
        allow=MappingProxyType({key: tuple(paths) for key, paths in written.allow.items()}),
    )


def _faults(written: shapes.Policy) -> Iterator[Fault]:
    """What is wrong with a file of the right shape."""
    from sceau.documents.model import fault_at

    days = written.fault()
    if days is not None:
        yield days
    for name, clause in written.clauses.items():
        for profile, patterns in clause.allow.items():
            where = f"clauses.{name}.allow"
            paths = _paths_of(profile)
            if not paths:
                yield fault_at(where, "policy.unknown-profile")
            for place, pattern in enumerate(patterns):
                if not any(matches(pattern, path) for path in paths):
                    # A misprint: it would allow nothing.
                    yield fault_at(f"{where}.{profile}[{place}]", "policy.fits-no-path")
                if pattern in patterns[:place]:
                    yield fault_at(f"{where}.{profile}[{place}]", "policy.pattern-twice")


def _paths_of(profile: str) -> tuple[str, ...]:
    """The paths of a profile; none when it is unknown here."""
    name, _, version = profile.partition("/")
    try:
        return tuple(load_profile(name, int(version)).fields)
    except ProfileUnknown:
        return ()


def _broken(file: str, fault: Fault) -> PolicyBroken:
    return PolicyBroken(file=file, where=fault.where or "$", rule=fault.rule)


_FILES = DatedFiles("sceau.policy", parse_policy, PolicyBroken, PolicyFolderMissing)
