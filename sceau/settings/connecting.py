# SPDX-License-Identifier: Apache-2.0
"""The nodes and the store that settings name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sceau.errors import Joined, NodeError, Sentence
from sceau.secrets import read_secret
from sceau.settings.errors import NoNodeAnswers
from sceau.settings.loading import Settings, given_setting
from sceau.settings.table import SETTINGS

if TYPE_CHECKING:
    from sceau.chain.network import MadeForRegistry, Network
    from sceau.store import LocalStore
    from sceau.store.keys import StoreKeys

if sys.version_info >= (3, 11):
    pass
else:
    pass

_PASSPHRASE = Sentence("settings.store-passphrase-file")


def open_store(settings: Settings) -> LocalStore:
    """The store of the settings, with its keys; nothing is made before something is stored.

    Raises:
        SettingMissing: no store is named.
        FileNotRead, SecretEmpty: of the passphrase file.
        StoreUnusable: as :class:`LocalStore`.
    """
    from sceau.store import LocalStore

    return LocalStore(settings.require_store(), keys_of_store(settings))


def keys_of_store(settings: Settings) -> StoreKeys:
    """Where the keys of the settings' store are. Raises SettingMissing, FileNotRead, SecretEmpty, StoreKeyNotNamed."""
    from sceau.store.keys import keys_of

    place = settings.require_store()
    file = settings.store_passphrase_file
    passphrase = None if file is None else read_secret(file, _PASSPHRASE)
    return keys_of(place, settings.store_key, passphrase)


def connect(settings: Settings, *, timeout: float = 10) -> Network:
    """A checked connection to the nodes that can be used, through the freshest; ``timeout`` in seconds, for each.

    The others are asked where a negative answer counts (:meth:`Network.witnesses`) and where the first one fails.

    Raises:
        SettingMissing, ManifestInvalid, ProofsRequired; with one node what :meth:`Network.connect` raises, with
        several :class:`NoNodeAnswers`, which names each with its reason.
    """
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network

    manifest = Manifest.load(settings.require_manifest())
    required = settings.proofs is not None
    return _join(
        settings, lambda url: Network.connect(url, manifest, timeout=timeout, proofs_required=required)
    )


def connect_when_possible(settings: Settings, *, timeout: float = 10) -> Network:
    """As :func:`connect`; where no node answers, a connection that is made when one does (:meth:`Network.later`).

    Raises:
        SettingMissing, ManifestInvalid; and as :func:`connect` where a node answers and cannot be used.
    """
    from sceau.chain.errors import NodeUnreachable
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network
    from sceau.chain.node import Node
    from sceau.chain.provider import distinct

    try:
        return connect(settings, timeout=timeout)
    except (NodeUnreachable, NoNodeAnswers):
        manifest = Manifest.load(settings.require_manifest())
        urls = distinct(settings.require_nodes())
        nodes = [Node(url, timeout=timeout) for url in urls]
        required = settings.proofs is not None
        return _with_settings(Network.later(nodes, manifest, proofs_required=required), settings)


def connect_for_card(settings: Settings, card: MadeForRegistry, *, timeout: float = 10) -> Network:
    """A connection for a card's consent, which needs no manifest; with one in the settings, as :func:`connect`.

    Raises:
        ProofsRequired: the settings want proofs, and name no manifest by which anything could be proved.
        ChainOfAnother: the node is on another chain than the card's; and as :func:`connect`.
    """
    from sceau.chain.errors import ProofsRequired
    from sceau.chain.network import Network

    if settings.manifest is not None:
        return connect(settings, timeout=timeout)
    if settings.proofs is not None:
        raise ProofsRequired
    return _join(settings, lambda url: Network.for_card(url, card, timeout=timeout))


def with_nodes(settings: Settings, urls: Sequence[str]) -> Settings:
    """The settings with other nodes, given on the command line. Raises :class:`SecretInTheOpen`."""
    if not urls:
        return settings
    sources = {**settings.sources, "nodes": "--via"}
    return replace(settings, nodes=given_setting(SETTINGS["nodes"], urls, "--via"), sources=sources)


def _join(settings: Settings, open_node: Callable[[str], Network]) -> Network:
    """All nodes that can be used as one network; they are opened at the same time, so that none holds up another."""
    from concurrent.futures import ThreadPoolExecutor

    from sceau.chain.network import Network
    from sceau.chain.provider import distinct

    def opened(url: str) -> Network | NodeError:
        try:
            return open_node(url)
        except NodeError as error:
            return error

    nodes = distinct(settings.require_nodes())
    with ThreadPoolExecutor(len(nodes)) as pool:
        found = list(pool.map(opened, nodes))
    usable = [each for each in found if isinstance(each, Network)]
    if usable:
        return _with_settings(Network.joined(usable), settings)
    refusals = [each for each in found if isinstance(each, NodeError)]
    if len(refusals) == 1:
        raise refusals[0]
    raise NoNodeAnswers(count=len(nodes), reasons=Joined(refusals, between=" "))


def _with_settings(network: Network, settings: Settings) -> Network:
    """A connection with what the settings say of fees, and where it may remember what it learnt."""
    from sceau.store import StoredMemos

    network.fee_limit = settings.fee_limit or network.fee_limit
    if settings.store is not None:
        network.memos = StoredMemos(lambda: open_store(settings))
    return network
