# SPDX-License-Identifier: Apache-2.0
"""What ``sceau doctor`` looks at, one function for each thing; none raises."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from sceau import __version__
from sceau.chain.times import utc_text
from sceau.cli.exits import Exit, exit_of
from sceau.errors import SceauError, Sentence
from sceau.settings import Settings

if TYPE_CHECKING:
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network
    from sceau.chain.node import Block, Node
    from sceau.cli.session import Session

_LIBRARIES = ("web3", "eth-account", "coincurve", "cryptography", "typer", "rich")
_EXTRAS = {"fhir": "fhir.resources", "card": "segno", "envelope": "joserfc"}
#: A head this many seconds ahead of this computer's clock says that one of the two is wrong.
_CLOCK_TOLERANCE = 60
#: Blocks over which the period is measured.
_SPAN = 20


class Level(Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; ``exit`` counts only for a fault, ``data`` holds what programs may want."""

    name: str
    level: Level
    words: Sentence
    exit: Exit = Exit.OK
    data: Mapping[str, object] = field(default_factory=dict)


def all_checks(session: Session) -> Iterator[Check]:
    """Every check, in the order in which faults build on each other."""
    yield from _versions()
    yield from _settings(session.settings)
    manifest, fault = _manifest(session.settings)
    if fault:
        yield fault
    looked = [_node(url, manifest) for url in session.settings.nodes]
    network = next((usable for _, usable in looked if usable), None)
    for checks, usable in looked:
        # A node that cannot be used is no fault where another can: the commands use that one.
        yield from checks if usable or not network else map(_softened, checks)
    if not looked:
        yield _warning("node", "no node is named", "aucun nœud n'est nommé")
    yield from _keystore(session, network)
    yield from _policies(session.settings)


def _ok(name: str, en: str, fr: str | None = None, **data: object) -> Check:
    return Check(name, Level.OK, Sentence(name, en, fr or en), data=data)


def _softened(check: Check) -> Check:
    return replace(check, level=Level.WARNING) if check.level is Level.FAULT else check


def _warning(name: str, en: str, fr: str) -> Check:
    return Check(name, Level.WARNING, Sentence(name, en, fr))


def _fault(name: str, error: SceauError) -> Check:
    words = Sentence(error.code, error.message("en"), error.message("fr"))
    return Check(name, Level.FAULT, words, exit_of(error))


def _versions() -> Iterator[Check]:
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield _ok("sceau", f"{__version__}, {python}")
    libraries = ", ".join(f"{name} {_version(name) or '?'}" for name in _LIBRARIES)
    yield _ok("libraries", libraries)
    there = [name for name, package in _EXTRAS.items() if _version(package)]
    absent = [name for name in _EXTRAS if name not in there]
    en = f"installed: {', '.join(there) or 'none'}"
    fr = f"installés : {', '.join(there) or 'aucun'}"
    if absent:
        names = ",".join(absent)
        en += f"; for the others: pip install 'sceau[{names}]'"
        fr += f" ; pour les autres : pip install 'sceau[{names}]'"
    yield _ok("extras", en, fr)


def _version(package: str) -> str | None:
    with suppress(PackageNotFoundError):
        return version(package)
    return None


def _settings(settings: Settings) -> Iterator[Check]:
    for name, source in settings.sources.items():
        # Not a node's address: it may hold a password.
        shown = f"{len(settings.nodes)}" if name == "nodes" else getattr(settings, name)
        yield _ok(f"setting {name}", f"{shown} (from {source})", f"{shown} (par {source})")


def _manifest(settings: Settings) -> tuple[Manifest | None, Check | None]:
    from sceau.chain.manifest import Manifest

    try:
        return Manifest.load(settings.require_manifest()), None
    except SceauError as error:
        return None, _fault("manifest", error)


def _node(url: str, manifest: Manifest | None) -> tuple[list[Check], Network | None]:
    """Checks of one node, and the connection if it can be used."""
    from sceau.chain.network import Network
    from sceau.chain.node import Node

    node = Node(url)
    checks: list[Check] = []
    try:
        checks.append(_ok("node", f"{node.url}, {node.client_version()}"))
        if manifest is None:
            return [*checks, _ok("chain", f"{node.chain_id()}"), *_head(node, node.head(), 0)], None
        network = Network(node, manifest)
        network.check_chain()
        checks.append(_chain(manifest))
        checks += _head(node, node.head(), manifest.block_period)
    except SceauError as error:
        return [*checks, _fault("node", error)], None
    contracts = list(_contracts(node, manifest))
    whole = all(check.level is not Level.FAULT for check in (*checks, *contracts))
    return [*checks, *contracts], network if whole else None


def _chain(manifest: Manifest) -> Check:
    short = _short(manifest.genesis_hash)
    en = f"{manifest.chain_id}, genesis block {short}, as in the manifest"
    fr = f"{manifest.chain_id}, bloc d'origine {short}, comme au manifeste"
    return _ok("chain", en, fr, chain_id=manifest.chain_id, genesis_hash=manifest.genesis_hash)


def _head(node: Node, head: Block, period: int) -> Iterator[Check]:
    from sceau.chain.errors import NodeStale
    from sceau.chain.freshness import Freshness

    now = time.time()
    fresh = Freshness.of(head, period, now)
    if fresh.stale:
        yield _fault("head", NodeStale(number=head.number, age=fresh.age, limit=fresh.limit))
    else:
        when = f"{head.number}, {utc_text(head.timestamp)}"
        limit_en = "blocks on demand" if fresh.limit is None else f"at most {fresh.limit} s"
        limit_fr = "blocs à la demande" if fresh.limit is None else f"au plus {fresh.limit} s"
        en, fr = f"block {when}, {fresh.age} s old ({limit_en})", f"bloc {when}, {fresh.age} s ({limit_fr})"
        yield _ok("head", en, fr, number=head.number, hash=head.hash, age=fresh.age)
    yield from _period(node, head, period)
    yield _clock(head, now)
    yield _fees(node, head)


def _period(node: Node, head: Block, expected: int) -> Iterator[Check]:
    span = min(_SPAN, head.number)
    if not span:
        return
    measured = (head.timestamp - node.block(head.number - span).timestamp) / span
    en = f"{measured:.1f} s over {span} blocks (manifest: {expected} s)"
    fr = f"{measured:.1f} s sur {span} blocs (manifeste : {expected} s)"
    slow = bool(expected) and measured > 3 * expected
    yield _warning("block period", en, fr) if slow else _ok("block period", en, fr)


def _clock(head: Block, now: float) -> Check:
    ahead = head.timestamp - int(now)
    if ahead > _CLOCK_TOLERANCE:
        en = f"this computer's clock is {ahead} s behind the chain: set it right"
        return _warning("clock", en, f"l'horloge de cet ordinateur retarde de {ahead} s : réglez-la")
    return _ok("clock", "not behind the chain", "pas en retard sur la chaîne")


def _fees(node: Node, head: Block) -> Check:
    from sceau.chain.fees import fee_fields, highest_fee

    price = highest_fee(fee_fields(node, head))
    if price == 0:
        return _ok("fees", "free", "gratuit")
    en = f"up to {price} wei for each unit of gas: who writes needs money"
    return _ok("fees", en, f"jusqu'à {price} wei par unité de gaz : il faut de quoi payer pour écrire")


def _contracts(node: Node, manifest: Manifest) -> Iterator[Check]:
    from sceau.chain.network import Network

    for name, entry in manifest.contracts.items():
        try:
            Network(node, replace(manifest, contracts={name: entry})).check_contracts()
        except SceauError as error:
            yield _fault(name, error)
        else:
            code = f"{entry.address}, code {_short(entry.code_hash)}"
            en, fr = f"{code} as in the manifest", f"{code} comme au manifeste"
            yield _ok(name, en, fr, address=entry.address, code_hash=entry.code_hash)


def _short(hash_: str) -> str:
    return f"{hash_[:10]}…{hash_[-4:]}"


def _keystore(session: Session, network: Network | None) -> Iterator[Check]:
    if session.settings.keystore is None:
        yield _ok("key", "no keystore is named", "aucun fichier de clé n'est nommé")
        return
    try:
        address = session.signer.address if session.settings.password_file else session.key_address
        yield _ok("key", address) if network is None else _key_state(network, address)
    except SceauError as error:
        yield _fault("key", error)


def _key_state(network: Network, address: str) -> Check:
    from sceau.chain.registries.parties import read_key
    from sceau.chain.terms import roles_words

    key = read_key(network, address)
    if key.party == 0:
        return _warning(
            "key", f"{address} is no party's signing key", f"{address} n'est la clé d'aucune partie"
        )
    roles = roles_words(key.roles)
    en, fr = f"{address}, party {key.party} ({roles.en})", f"{address}, partie {key.party} ({roles.fr})"
    if key.active:
        return _ok("key", f"{en}, may act", f"{fr}, peut agir")
    why_en, why_fr = ("retired", "retirée") if key.retired_at else ("party suspended", "partie suspendue")
    return _warning("key", f"{en}, may not act: {why_en}", f"{fr}, ne peut pas agir : {why_fr}")


def _policies(settings: Settings) -> Iterator[Check]:
    from datetime import datetime, timezone

    from sceau.policy import list_policies, load_policy

    try:
        known = list_policies(settings.policies)
    except SceauError as error:
        yield _fault("policies", error)
        return
    today = datetime.now(timezone.utc).date()
    # One of each: where a newer one came into force, it alone counts.
    names = sorted({policy.id for policy in known if policy.in_force(today)})
    keys = ", ".join(load_policy(name, on=today, directory=settings.policies).key for name in names)
    if keys:
        yield _ok("policies", f"in force: {keys}", f"en vigueur : {keys}")
    else:
        yield _warning("policies", "none is in force today", "aucune n'est en vigueur aujourd'hui")
