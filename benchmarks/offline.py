# SPDX-License-Identifier: Apache-2.0
"""What is checked without a node, on one core: disclosures, and consents in the index of a store.

Of a disclosure the text is read, the leaves are proved, and the policy is applied; one shows few leaves, one many. The
index is asked for many consents at once, and for one at a time.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from sceau import load_policy
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.chain.network import Network
from sceau.chain.node import Block, Node
from sceau.disclosure import Disclosure, build_disclosure
from sceau.formats.optics.quote import load_quote
from sceau.record import Scope
from sceau.record.sealed import seal
from sceau.store import Kind, LocalStore
from sceau.store.index import ChainIndex, _Position
from sceau.verify.policy import When, check_policy
from scripts.documents import document

POLICY = "fr-responsible-contract"
CONSENTS = 10_000
_SECONDS = 2.0
_ADDRESS = "0x" + "11" * 20
_HASH = "0x" + "22" * 32


def disclosure(paths: int | None) -> str:
    """The text of a disclosure of a quote: all that may be shown without a consent, or its first paths."""
    values = load_quote(document("quote"))
    scope = Scope("fr-optical-quote", 1, 1337, _ADDRESS, _HASH, 0, "opened")
    record = seal(scope, values)
    policy, made_at = load_policy(POLICY), datetime.now(timezone.utc).replace(microsecond=0)

    def showing(chosen: Sequence[str] | None) -> Disclosure:
        return build_disclosure(
            record,
            chosen,
            sender=1,
            recipient=3,
            policy=policy,
            clause="minimal",
            consent=None,
            made_at=made_at,
        )

    made = showing(None)
    if paths is not None:
        made = showing(made.paths[:paths])
    return json.dumps(made.to_json())


def check(text: str) -> None:
    """All that is known of a disclosure without a chain. Raises where anything is wrong with it."""
    shown = Disclosure.from_json(text)
    values = shown.multiproof.read(shown.root, shown.scope)
    block = Block(1, _HASH, int(shown.made_at.timestamp()), None)
    _, outside, _ = check_policy(shown, values, When(block, None, None), None)
    if outside:
        raise RuntimeError("more was shown than the policy allows")


def index(folder: Path) -> tuple[ChainIndex, list[str]]:
    """An index of consents, as following the chain fills it, and their identifiers."""
    manifest = Manifest(1337, _HASH, 0, 0, {"ClaimRegistry": ContractEntry(_ADDRESS, _HASH, _HASH)})
    store, now = LocalStore(folder), int(time.time())
    followed = ChainIndex(Network(Node("http://127.0.0.1:9"), manifest), store, 1)
    consents = ["0x" + secrets.token_hex(32) for _ in range(CONSENTS)]
    state = {
        "recorder": 1,
        "recorded_at": now,
        "expires_at": now + 86_400,
        "revoked_at": 0,
        "withdrawn_at": 0,
    }
    with store.change():
        followed._put(followed_to(now))
        for each in consents:
            held = {"consent": each, **state, "attested": False}
            store.put(Kind.MEMO, each, {"consent": held}, claim=each)
    return followed, consents


def followed_to(now: int) -> _Position:
    """How far the chain was followed: to its newest block."""
    return _Position(Block(1, _HASH, now, None), supplies=False, ended=0)


def rate(some: Callable[[], int]) -> float:
    """How many a second of the processor, of what ``some`` does at once and counts."""
    some()
    done, began = 0, time.process_time()
    while time.process_time() - began < _SECONDS:
        done += some()
    return done / (time.process_time() - began)


def main() -> None:
    """Prints how many a second."""
    for paths, what in ((3, "of few leaves"), (None, "of all that may be shown")):
        text = disclosure(paths)

        def one(text: str = text) -> int:
            check(text)
            return 1

        leaves = len(Disclosure.from_json(text).multiproof.leaves)
        print(f"{f'disclosures {what} ({leaves} leaves)':<52} {rate(one):>8,.0f}/s", flush=True)
    with TemporaryDirectory() as folder:
        followed, consents = index(Path(folder))

        def at_once() -> int:
            return sum(state is not None for state in followed.consents(consents))

        def alone() -> int:
            return sum(followed.consent(each) is not None for each in consents[:500])

        print(f"{'consents in the index, many at once':<52} {rate(at_once):>8,.0f}/s", flush=True)
        print(f"{'consents in the index, one at a time':<52} {rate(alone):>8,.0f}/s", flush=True)


if __name__ == "__main__":
    main()
