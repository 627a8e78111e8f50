# SPDX-License-Identifier: Apache-2.0
"""A store is what dictionaries are, whatever is done to it in which order, by however many processes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau.errors import StoreError
from sceau.store import Arrived, Filed, Kind, LocalStore, MemoryStore, Number, Store
from tests.client.store.conftest import Home

CLAIMS = st.sampled_from(["", "0x" + "11" * 32, "0x" + "22" * 32])
KINDS = st.sampled_from([Kind.STEP, Kind.VERDICT])
# The same names in several kinds; what no name should be, too.
KEYS = st.sampled_from(["a", "b", "", "é\0\n", "a" * 300])
DOCUMENTS = st.dictionaries(
    st.text(max_size=3), st.integers() | st.text() | st.none() | st.lists(st.booleans())
)
NUMBERS = st.sampled_from(list(Number))
FILED = st.builds(Filed, KEYS, DOCUMENTS, CLAIMS)
ARRIVED = st.builds(Arrived, st.integers(1, 2), st.sampled_from(["one", "two", ":"]), DOCUMENTS, CLAIMS)

Act = tuple[str, Callable[[Store], Any]]


def acts() -> st.SearchStrategy[Act]:
    """What is done to a store, with a name for it."""
    return st.one_of(
        st.builds(
            lambda k, n, d, c: ("put", lambda s: s.put(k, n, d, claim=c)), KINDS, KEYS, DOCUMENTS, CLAIMS
        ),
        st.builds(lambda k, n: ("get", lambda s: s.get(k, n)), KINDS, KEYS),
        st.builds(lambda k, c: ("of_claim", lambda s: s.of_claim(k, c)), KINDS, CLAIMS),
        st.builds(lambda k, f: ("put_all", lambda s: s.put_all(k, f)), KINDS, st.lists(FILED, max_size=4)),
        st.builds(lambda k, c: ("of_claims", lambda s: s.of_claims(k, c)), KINDS, st.lists(CLAIMS)),
        st.builds(lambda k, n: ("discard", lambda s: s.discard(k, n)), KINDS, KEYS),
        st.builds(
            lambda k, n, c, e: ("reserve", lambda s: s.reserve(k, n, c, ended=lambda _: e)),
            NUMBERS,
            KEYS,
            CLAIMS,
            st.booleans(),
        ),
        st.builds(lambda k, n, c: ("release", lambda s: s.release(k, n, c)), NUMBERS, KEYS, CLAIMS),
        st.builds(lambda each: ("receive", lambda s: s.receive(each)), st.lists(ARRIVED, max_size=3)),
        st.builds(lambda n, i: ("has_received", lambda s: s.has_received(n, i)), st.integers(1, 2), KEYS),
        st.just(("next epoch", next_epoch)),
        st.builds(
            lambda k, n, d, whole: ("change", lambda s: in_one_change(s, k, n, d, whole)),
            KINDS,
            KEYS,
            DOCUMENTS,
            st.booleans(),
        ),
    )


def in_one_change(store: Store, kind: Kind, key: str, document: dict[str, Any], whole: bool) -> None:
    """Stores and removes something in one change, which may fail."""
    with suppress(ZeroDivisionError), store.change():
        store.put(kind, key, document)
        store.discard(kind, "a")
        store.receive(
            [Arrived(1, "in a change", document, "")] if not store.has_received(1, "in a change") else []
        )
        if not whole:
            raise ZeroDivisionError


def next_epoch(store: Store) -> None:
    if isinstance(store, LocalStore):
        store.vault.begin_epoch()
        store.vault.destroy_old_keys()


def outcome(act: Callable[[Store], Any], store: Store) -> object:
    try:
        return act(store)
    except StoreError as error:
        return error.code, error.details


def everything(store: Store) -> list[object]:
    """All that a store can be asked."""
    kinds, claims = (Kind.STEP, Kind.VERDICT, Kind.MESSAGE), ("", "0x" + "11" * 32, "0x" + "22" * 32)
    said: list[object] = [store.of_claim(kind, claim) for kind in kinds for claim in claims]
    said += [list(store.of_kind(kind)) for kind in kinds]
    return said + [store.has_received(sender, each) for sender in (1, 2) for each in ("one", "two", ":")]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(done=st.lists(st.tuples(st.integers(0, 1), acts()), max_size=25))
def test_any_order_of_acts_in_two_processes_is_that_of_a_dictionary(
    homes: Callable[[], Home], done: list[tuple[int, Act]]
) -> None:
    home, model = homes(), MemoryStore()
    stores = [home.open() for _ in range(2)]
    for which, (name, act) in done:
        assert outcome(act, stores[which]) == outcome(act, model), name
    for each in (*stores, home.open()):
        assert everything(each) == everything(model)
        each.close()
