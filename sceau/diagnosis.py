# SPDX-License-Identifier: Apache-2.0
"""Everything that work on a deployment needs, looked at: versions, settings, nodes, contracts, clock, key, policies.

One function for each thing; none raises.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from sceau import __version__
from sceau.chain.times import utc_text
from sceau.errors import NodeError, SceauError, Sentence
from sceau.secrets import read_secret
from sceau.settings import STANDARD_INPUT, Settings
from sceau.store.keys import without_password

if TYPE_CHECKING:
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network
    from sceau.chain.node import Block, Node
    from sceau.proof.conflict import Conflict

_LIBRARIES = ("web3", "eth-account", "coincurve", "cryptography", "typer", "rich")
_EXTRAS = {"fhir": "fhir.resources", "card": "segno", "envelope": "joserfc"}
#: A head this many seconds ahead of this computer's clock says that one of the two is wrong.
_CLOCK_TOLERANCE = 60
#: Two nodes that were asked one after the other may be this many blocks apart.
_BLOCKS_APART = 3
_DAY = 86_400
#: Blocks over which the period is measured.
_SPAN = 20
_PASSWORD = Sentence("diagnosis.password")


#: The check about two blocks of one height; a fault has the document that keeps them under the same name.
CONFLICT = "conflict"


class Level(Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; ``error`` is what a fault is, ``data`` holds what programs may want."""

    name: str
    level: Level
    words: Sentence
    error: SceauError | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """What programs tell it by: the error's code, else its name."""
        return self.error.code if self.error else self.name


def diagnose(settings: Settings, *, key: Callable[[], str | None] | None = None) -> Iterator[Check]:
    """Every check, in the order in which faults build on each other.

    Args:
        settings: what is looked at.
        key: gives the address of the signing key; :func:`signing_address` if not given.
    """
    from sceau.chain.provider import distinct

    yield from _versions()
    yield from _settings(settings)
    manifest, fault = _manifest(settings)
    if fault:
        yield fault
    nodes = distinct(settings.nodes)
    looked = [_node(url, manifest) for url in nodes]
    network = next((usable for _, usable in looked if usable), None)
    _compare(nodes, [checks for checks, _ in looked])
    for checks, usable in looked:
        # A node that cannot be used is no fault where another can: the commands use that one.
        yield from checks if usable or not network else map(_softened, checks)
    yield from _conflicts([usable for _, usable in looked if usable])
    if not looked:
        yield _warning("node", _said("no-node"))
    yield from _keystore(settings, network, key or (lambda: signing_address(settings)))
    yield from _policies(settings)


def diagnose_conflict(settings: Settings, found: Conflict) -> Check:
    """What two blocks of one height show, which were kept before: checked again by the manifest, and by no node.

    Raises:
        SettingMissing, ManifestInvalid: there is no manifest.
        ProofOfAnotherChain, ProofsRequired, ProofInvalid, ValidatorsOutdated: as :func:`check_conflict`.
    """
    from sceau.chain.conflicts import check_conflict
    from sceau.chain.manifest import Manifest
    from sceau.proof.conflict import conflict

    first, second = check_conflict(found, Manifest.load(settings.require_manifest()))
    sealers, together = sorted(conflict(first, second)), first.round == second.round
    said = _said(
        "conflict" if together else "conflict-of-rounds",
        number=first.number,
        first=first.hash,
        second=second.hash,
        sealers=", ".join(sealers),
    )
    blocks = {"number": first.number, "first": first.hash, "second": second.hash}
    return _ok(CONFLICT, said, **blocks, sealers=sealers, one_round=together)


def gravest(checks: Iterable[Check]) -> SceauError | None:
    """The first fault that is not a node's, since it needs somebody here; else the node's; ``None`` without faults."""
    faults = [check.error for check in checks if check.error is not None and check.level is Level.FAULT]
    return next(
        (error for error in faults if not isinstance(error, NodeError)), faults[0] if faults else None
    )


def signing_address(settings: Settings) -> str | None:
    """Address of the settings' signing key, opened with its password file; without one, what the keystore says.

    Raises:
        SettingMissing, KeystoreInvalid, WrongPassword, FileNotRead, SecretEmpty.
    """
    from sceau.chain.signer import Signer, stated_address

    path, file = settings.require_keystore(), settings.password_file
    if file is not None and file != STANDARD_INPUT:
        return Signer.from_keystore(path, read_secret(file, _PASSWORD)).address
    return stated_address(path)


def _ok(name: str, said: Sentence | str, **data: object) -> Check:
    """Nothing is wrong; a text is the same in all languages."""
    return Check(name, Level.OK, Sentence("given", said, said) if isinstance(said, str) else said, data=data)


def _softened(check: Check) -> Check:
    return replace(check, level=Level.WARNING) if check.level is Level.FAULT else check


def _warning(name: str, said: Sentence) -> Check:
    return Check(name, Level.WARNING, said)


def _fault(name: str, error: SceauError) -> Check:
    return Check(name, Level.FAULT, Sentence("diagnosis.fault", error=error), error)


def _said(code: str, /, **details: object) -> Sentence:
    return Sentence(f"diagnosis.{code}", **details)


def _versions() -> Iterator[Check]:
    yield _ok(
        "sceau",
        f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    )
    yield _ok("libraries", ", ".join(f"{name} {_version(name) or '?'}" for name in _LIBRARIES))
    there = [name for name, package in _EXTRAS.items() if _version(package)]
    absent = [name for name in _EXTRAS if name not in there]
    if not absent:
        yield _ok("extras", _said("extras", there=", ".join(there)))
    else:
        named = ", ".join(there) or _said("none")
        yield _ok("extras", _said("extras-missing", there=named, absent=",".join(absent)))


def _version(package: str) -> str | None:
    with suppress(PackageNotFoundError):
        return version(package)
    return None


def _settings(settings: Settings) -> Iterator[Check]:
    for name, source in settings.sources.items():
        # Not a node's address: it may hold a password.
        value = len(settings.nodes) if name == "nodes" else getattr(settings, name)
        if name == "store":
            value = without_password(settings.store)
        yield _ok(f"setting {name}", _said("setting", value=value, source=source))


def _manifest(settings: Settings) -> tuple[Manifest | None, Check | None]:
    from sceau.chain.manifest import Manifest

    try:
        manifest = Manifest.load(settings.require_manifest())
        if settings.proofs is not None:
            manifest.require_validators()
        return manifest, None
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
        head = node.head()
        checks += _head(node, head, manifest.block_period)
        checks.append(_proof(manifest, head))
        checks.append(_logs(node, manifest, head))
    except SceauError as error:
        return [*checks, _fault("node", error)], None
    contracts = list(_contracts(node, manifest))
    whole = all(check.level is not Level.FAULT for check in (*checks, *contracts))
    return [*checks, *contracts], network if whole else None


def _compare(urls: Sequence[str], looked: Sequence[list[Check]]) -> None:
    """Adds which nodes are behind another, or that the chain has stopped, to what was found of each."""
    from sceau.chain.errors import ChainStopped, NodeBehind, NodeStale
    from sceau.chain.node import Node

    heads = [next((check for check in checks if check.name == "head"), None) for checks in looked]
    known = [head for head in heads if head is not None]
    if len(known) < 2:
        return
    newest = max(_number(head) for head in known)
    stopped = all(isinstance(head.error, NodeStale) for head in known)
    for url, checks, head in zip(urls, looked, heads, strict=True):
        if head is None:
            continue
        if newest - _number(head) > _BLOCKS_APART:
            error = NodeBehind(url=Node(url).url, number=_number(head), newest=newest)
            checks.append(_softened(_fault("node behind", error)))
        elif stopped and isinstance(head.error, NodeStale):
            checks.append(_fault("chain stopped", ChainStopped(**head.error.details, nodes=len(known))))
            stopped = False


def _conflicts(networks: Sequence[Network]) -> Iterator[Check]:
    """Holds the blocks that several nodes prove against each other."""
    from sceau.chain.conflicts import compare_nodes

    proving = [each for each in networks if each.proves]
    if len(proving) < 2:
        return
    try:
        found = next(compare_nodes(proving), None)
        if found is None:
            number = min(each.node.head().number for each in proving)
            yield _ok("blocks", _said("blocks-agree", number=number), number=number)
        else:
            error, kept = found
            yield replace(_fault(CONFLICT, error), data={CONFLICT: kept.to_json()})
    except SceauError as error:
        yield _softened(_fault("blocks", error))


def _number(head: Check) -> int:
    found = head.error.details if head.error else head.data
    return int(str(found["number"]))


def _chain(manifest: Manifest) -> Check:
    said = _said("chain", chain=manifest.chain_id, genesis=_short(manifest.genesis_hash))
    return _ok("chain", said, chain_id=manifest.chain_id, genesis_hash=manifest.genesis_hash)


def _head(node: Node, head: Block, period: int) -> Iterator[Check]:
    from sceau.chain.freshness import Freshness, doubt

    now = time.time()
    fresh, why = Freshness.of(head, period, now), doubt(head, period, now)
    if why is not None:
        yield _fault("head", why)
    else:
        said = _said(
            "head-on-demand" if fresh.limit is None else "head",
            number=head.number,
            time=utc_text(head.timestamp),
            age=fresh.age,
            limit=fresh.limit,
        )
        yield _ok("head", said, number=head.number, hash=head.hash, age=fresh.age)
    yield from _period(node, head, period)
    yield _clock(head, now)
    yield _fees(node, head)


def _proof(manifest: Manifest, head: Block) -> Check:
    """Whether this node's answers are proved; that they do not hold is the fault of the head."""
    if manifest.validators is None:
        return _ok("proof", _said("believed"), proved=False)
    newest = manifest.validators.sets[-1]
    said = _said(
        "proved",
        number=len(newest.validators),
        block=newest.block,
        days=int(time.time() - newest.time) // _DAY,
        window=manifest.validators.window_days,
    )
    return _ok("proof", said, proved=head.proved)


def _period(node: Node, head: Block, expected: int) -> Iterator[Check]:
    span = min(_SPAN, head.number)
    if not span:
        return
    measured = (head.timestamp - node.block(head.number - span).timestamp) / span
    said = _said("period", seconds=f"{measured:.1f}", blocks=span, expected=expected)
    slow = bool(expected) and measured > 3 * expected
    yield _warning("block period", said) if slow else _ok("block period", said)


def _clock(head: Block, now: float) -> Check:
    ahead = head.timestamp - int(now)
    if ahead > _CLOCK_TOLERANCE:
        return _warning("clock", _said("clock-behind", seconds=ahead))
    return _ok("clock", _said("clock"))


def _fees(node: Node, head: Block) -> Check:
    from sceau.chain.fees import fee_fields, highest_fee

    price = highest_fee(fee_fields(node, head))
    return _ok("fees", _said("fees", price=price) if price else _said("free"))


def _logs(node: Node, manifest: Manifest, head: Block) -> Check:
    """How many blocks the node takes one question about events for; ``None`` in the data where all were taken."""
    from sceau.chain.logs import largest_question

    blocks, named = head.number - manifest.block + 1, manifest.logs_range
    address = manifest.contracts["ClaimRegistry"].address
    try:
        limit = largest_question(node, address, manifest.block, head.number)
    except SceauError as error:
        return _fault("events", error)
    if limit is None:
        return _ok("events", _said("logs-no-limit", blocks=blocks), limit=None, named=named)
    if named is not None and named > limit:
        return _warning("events", _said("logs-limit-named", most=named, limit=limit))
    return _ok("events", _said("logs-limit", limit=limit, blocks=blocks), limit=limit, named=named)


def _contracts(node: Node, manifest: Manifest) -> Iterator[Check]:
    from sceau.chain.network import Network

    for name, entry in manifest.contracts.items():
        try:
            Network(node, replace(manifest, contracts={name: entry})).check_contracts()
        except SceauError as error:
            yield _fault(name, error)
        else:
            said = _said("contract", address=entry.address, code=_short(entry.code_hash))
            yield _ok(name, said, address=entry.address, code_hash=entry.code_hash)


def _short(hash_: str) -> str:
    return f"{hash_[:10]}…{hash_[-4:]}"


def _keystore(settings: Settings, network: Network | None, key: Callable[[], str | None]) -> Iterator[Check]:
    if settings.keystore is None:
        yield _ok("key", _said("key-not-named"))
        return
    try:
        address = key()
        if address is None:
            yield _warning("key", _said("key-not-opened"))
        else:
            yield _ok("key", address) if network is None else _key_state(network, address)
    except SceauError as error:
        yield _fault("key", error)


def _key_state(network: Network, address: str) -> Check:
    from sceau.chain.registries.parties import read_key
    from sceau.terms import roles_words

    key = read_key(network, address)
    if key.party == 0:
        return _warning("key", _said("key-of-no-party", key=address))
    facts = {"key": address, "party": key.party, "roles": roles_words(key.roles)}
    if key.active:
        return _ok("key", _said("key", **facts))
    return _warning("key", _said("key-retired" if key.retired_at else "key-suspended", **facts))


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
    yield _ok("policies", _said("policies", keys=keys)) if keys else _warning("policies", _said("no-policy"))
