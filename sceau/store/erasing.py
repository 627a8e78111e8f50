# SPDX-License-Identifier: Apache-2.0
"""Erasing rows of a store for good: the key under which they were is destroyed, once tested copies of the rest stand.

In this order: the rows are removed and all others re-wrapped under the next epoch's key, in one change; a backup and,
if wanted, a copy of the key are written and tested; the old epoch's key is destroyed. If the process is killed
between two of these, :func:`finish` goes on from what the database says. There is at most one epoch a day, unless the
caller insists: until the next one, what was removed may still be in the log, free pages and backups.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.store._files import copy
from sceau.store._local import LocalStore
from sceau.store._protocol import NUMBER, RECEIVED, Kind
from sceau.store._sealing import Opened
from sceau.store.errors import CopyInStore, CopyUnreadable, StoreLocked, StoreNotThere, StoreUnusable
from sceau.store.keys import HeldKeys, KeyFile, StoreKeys

if TYPE_CHECKING:
    from sceau.store._rows import Rows

DAY = 86_400

#: What is about a claim and stays: it holds no value, and says what was given and erased.
STAYS = frozenset(kind.value for kind in (Kind.GIVEN, Kind.REGISTER, Kind.ERASURE, Kind.NOTICE, Kind.OBEYED))


#: The kinds of messages by which something is deleted elsewhere.
_OF_DELETION = frozenset({"deletion-notice", "deletion-answer"})


@dataclass(frozen=True)
class Copies:
    """Where the new copies are written; what is there is replaced.

    ``backup`` is a file; ``key`` a place for a copy of the new epoch's key, ``None`` for none.
    """

    backup: Path
    key: StoreKeys | None = None


@dataclass(frozen=True)
class Erased:
    """What was removed at one time, without its content, and whether it is final.

    ``claims`` and ``consents`` are identifiers, ``commitments`` those of the records; ``kinds`` counts rows by kind,
    ``left`` the marks that stay of them. ``kept`` is what was wanted as well and must stay, with its reasons, by the
    ``periods`` of that name. ``epoch`` is the one in which they were removed; it is ``final`` once that epoch's key is
    destroyed. ``proof`` is what was searched afterwards, ``tried`` the old backups that were tried with the keys that
    remained; neither names a file. Times are in seconds.
    """

    id: str
    at: int
    claims: tuple[str, ...]
    commitments: tuple[str, ...]
    kinds: Mapping[str, int]
    epoch: int
    final_at: int | None = None
    backup_covers: str | None = None
    consents: tuple[str, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[Mapping[str, Any], ...] = ()
    periods: str | None = None
    proof: Mapping[str, Any] | None = None
    tried: tuple[Mapping[str, Any], ...] = ()

    @property
    def final(self) -> bool:
        """Whether nothing of it can be read any more with what this store knows of."""
        return self.final_at is not None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: list(each) if isinstance(each, tuple) else each for name, each in asdict(self).items()}

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Erased:
        """What :meth:`to_json` wrote."""
        values: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in read.items()
        }
        return cls(**values)


@dataclass(frozen=True, repr=False)
class Removed:
    """What was removed, with its content: it is in memory alone, for the search that proves it gone."""

    erased: Erased
    rows: tuple[tuple[str, Opened], ...]

    def __repr__(self) -> str:
        return f"Removed({self.erased.id}, {len(self.rows)} rows)"


def remove(
    store: LocalStore,
    *,
    at: int,
    claims: Iterable[str] = (),
    lanes: Iterable[str] = (),
    rows: Iterable[tuple[str, str]] = (),
    free: Iterable[str] = (),
    commitments: Iterable[str] = (),
    kept: Iterable[Mapping[str, Any]] = (),
    periods: str | None = None,
    insist: bool = False,
    begin: bool = True,
) -> Removed:
    """Removes rows and, unless an epoch began that day, brings all others under the next key: one change.

    Of a claim, all rows go but those of :data:`STAYS`. That a message was received stays, without its claim: brought
    again, it must not bring everything back. That a number was used stays, as a mark without its claim, unless the
    claim is among ``free``: it ended unpaid, and its number may serve another.

    Args:
        store: the store.
        at: the time of the chain, in seconds.
        claims: claims of which everything goes.
        lanes: what else entries of the outbox belong to: consents.
        rows: single rows, by their kind and key; what requests that made one were answered goes with it.
        free: those of the claims whose numbers become free.
        commitments: of the records that go, for what is reported of the erasure; so are ``kept`` and ``periods``.
        insist: begin another epoch on the same day.
        begin: whether to begin one at all, or to leave it to the next erasure.

    Raises:
        StoreNotThere: nothing was stored.
        RecordDamaged, StoreUnusable: nothing was changed.
    """
    if not store.is_there:
        raise StoreNotThere
    freed = frozenset(free)
    with store.vault.change() as found:
        taken: list[tuple[str, Opened]] = []
        left: dict[str, int] = {}
        for claim in claims:
            taken += _take(found, claim, left, free=claim in freed)
        for lane in lanes:
            taken += found.take_of_claim(lane, but=STAYS)
        for kind, key in rows:
            row = found.opened(kind, key)
            if row is not None:
                found.remove(kind, key)
                taken.append((kind, Opened(key, "", row.document)))
                taken += _take_requests(found, kind, row)
        kinds: dict[str, int] = {}
        for name, _ in taken:
            kinds[name] = kinds.get(name, 0) + 1
        erased = Erased(
            id=secrets.token_hex(16),
            at=at,
            claims=tuple(claims),
            commitments=tuple(sorted(set(commitments))),
            kinds=kinds,
            epoch=found.epoch.number,
            consents=tuple(lanes),
            left=left,
            kept=tuple(kept),
            periods=periods,
        )
        store.put(Kind.ERASURE, erased.id, erased.to_json())
        if begin and (insist or not _epoch_began(store, at)):
            store.vault.begin_epoch()
    return Removed(erased, tuple(taken))


def _take_requests(found: Rows, kind: str, gone: Opened) -> list[tuple[str, Opened]]:
    """Removes the requests that made a row that goes: what they were answered says what it said."""
    others = frozenset(found.kinds()) - {Kind.REQUEST.value}
    taken = []
    for name, row in found.about(gone.claim, but=others):
        if [kind, gone.key] in ([made[0], made[1]] for made in row.document["made"]):
            found.remove(name, row.key)
            taken.append((name, row))
    return taken


def erasures(store: LocalStore) -> list[Erased]:
    """All that was erased from a store, oldest first."""
    return [Erased.from_json(document) for _, document in store.of_kind(Kind.ERASURE)]


def enter_proof(
    store: LocalStore, ids: Iterable[str], proof: Mapping[str, Any] | None, tried: Iterable[Mapping[str, Any]]
) -> None:
    """Enters with erasures what was searched afterwards; what was entered before is not removed."""
    backups = tuple(tried)
    with store.change():
        for id_ in ids:
            found = store.get(Kind.ERASURE, id_)
            if found is not None:
                erased = Erased.from_json(found)
                erased = replace(erased, proof=proof or erased.proof, tried=(*erased.tried, *backups))
                store.put(Kind.ERASURE, id_, erased.to_json())


def pending(store: LocalStore) -> list[Erased]:
    """What was removed and is not final."""
    return [each for each in erasures(store) if not each.final]


def finish(
    store: LocalStore, copies: Copies, *, at: int, insist: bool = False, nowhere_else: bool = False
) -> list[Erased]:
    """Makes all that was removed gone for good, if its epoch has ended, or can: at most one began that day.

    Writes and tests the copies, then destroys the old key. Done again after a crash, it ends complete.

    Args:
        store: the store.
        copies: where the new backup, and a copy of the key, go.
        at: the time of the chain, in seconds.
        insist: begin another epoch on the same day.
        nowhere_else: the caller's word that no other copy of the old epoch's key exists.

    Returns:
        What became final.

    Raises:
        CopyInStore: a copy would be written over the store or its key.
        CopyUnreadable: a copy that was written does not open; no key was destroyed.
        FileNotWritten, StoreUnusable: no key was destroyed.
    """
    _require_apart(store, copies)
    while waiting := pending(store):
        with store.vault.change() as rows:
            if any(each.epoch >= rows.epoch.number for each in waiting):
                if not insist and _epoch_began(store, at):
                    return []
                store.vault.begin_epoch()
        tested = _copy(store, copies)
        covered = covers(store.keys, copies, nowhere_else=nowhere_else)
        with store.vault.change() as rows:
            # Another process may have gone on to a further epoch, which this backup does not open with.
            if rows.epoch.number != tested:
                continue
            store.vault.destroy_old_keys()
            done = [replace(each, final_at=at, backup_covers=covered) for each in waiting]
            for each in done:
                store.put(Kind.ERASURE, each.id, each.to_json())
        _truncate_log(store)
        return done
    return []


def covers(keys: StoreKeys, copies: Copies, *, nowhere_else: bool) -> str:
    """Whether old backups are unreadable as well: ``covered``, or the code of why that cannot be said.

    A passphrase and the login of a keyring outlive an epoch: an old copy of the file opens with them. That no other
    copy stands anywhere only the caller can say.
    """
    places = [keys, *([copies.key] if copies.key is not None else [])]
    for place in places:
        if isinstance(place, KeyFile) and place.locked:
            return "key-under-passphrase"
        if not isinstance(place, KeyFile | HeldKeys):
            return "key-in-keyring"
    return "covered" if nowhere_else or isinstance(keys, HeldKeys) else "copies-of-key-not-excluded"


def opens(backup: Path, keys: StoreKeys) -> bool:
    """Whether a copy of a database can still be read with these keys; the copy stays as it is."""
    from sceau.store._vault import Vault
    from sceau.store.backup import temporary_file

    with temporary_file(None) as temporary:
        copy(backup, temporary)
        log = backup.with_name(f"{backup.name}-wal")
        if log.exists():
            copy(log, temporary.with_name(f"{temporary.name}-wal"))
        vault = Vault(temporary, keys)
        try:
            with vault.view() as rows:
                return rows is not None and any(True for _ in rows.all())
        except StoreLocked:
            return False
        finally:
            vault.close()


def on_their_way(rows: Iterable[tuple[str, Opened]]) -> set[tuple[str, str]]:
    """Those of a claim's rows, by kind and key, that are notices of deletion and answers still to be delivered."""
    held = list(rows)
    ids = {
        row.key
        for kind, row in held
        if kind == Kind.OUTGOING.value and row.document["draft"]["kind"] in _OF_DELETION
    }
    return {
        (kind, row.key)
        for kind, row in held
        if (kind in (Kind.OUTGOING.value, Kind.DELIVERY.value) and row.key in ids)
        or (kind == Kind.TOLD.value and row.document["id"] in ids)
    }


def _take(rows: Rows, claim: str, left: dict[str, int], *, free: bool) -> list[tuple[str, Opened]]:
    """Removes what is about a claim, but for marks, which ``left`` counts, and for notices that are on their way."""
    gone = rows.take_of_claim(claim, but=STAYS)
    for kind in _leave_marks(rows, gone, free=free):
        left[kind] = left.get(kind, 0) + 1
    staying = on_their_way(gone)
    for kind, row in gone:
        if (kind, row.key) in staying:
            rows.put(kind, row.key, row.claim, row.document)
    return [
        (kind, row) for kind, row in gone if kind not in (NUMBER, RECEIVED) and (kind, row.key) not in staying
    ]


def _leave_marks(rows: Rows, gone: Iterable[tuple[str, Opened]], *, free: bool) -> Iterator[str]:
    """Leaves marks without their claim; gives the kind of each."""
    for kind, row in gone:
        if kind == RECEIVED:
            rows.put(RECEIVED, row.key, "", {})
            yield RECEIVED
        elif kind == NUMBER and not free:
            rows.put(NUMBER, row.key, "", {"claim": "", "attempts": 1})
            yield NUMBER


def _epoch_began(store: LocalStore, at: int) -> bool:
    """Whether an erasure ended an epoch on that day already."""
    return any(each.final_at is not None and each.final_at // DAY == at // DAY for each in erasures(store))


def _copy(store: LocalStore, copies: Copies) -> int:
    """Writes and tests the copies; the epoch that they are of."""
    from sceau.store.backup import back_up

    back_up(store, copies.backup, force=True)
    keys = store.keys.read()
    if keys is None:
        raise CopyUnreadable(path=store.keys.shown)
    epoch = _epoch_of(copies.backup, store.keys)
    newest = keys.only(epoch)
    if copies.key is not None:
        copies.key.replace(newest)
        if copies.key.read() != newest:
            raise CopyUnreadable(path=copies.key.shown)
    # With the new key alone, as it will be: a row that was left under an old one is found before that one is gone.
    alone: StoreKeys = copies.key or HeldKeys()
    if copies.key is None:
        alone.create(newest)
    if _epoch_of(copies.backup, alone) != epoch:
        raise CopyUnreadable(path=copies.backup)
    return epoch


def _epoch_of(backup: Path, keys: StoreKeys) -> int:
    """The epoch of a backup whose every row opens. Raises :class:`CopyUnreadable`."""
    from sceau.store._vault import Vault

    vault = Vault(backup, keys)
    try:
        with vault.view() as rows:
            if rows is None:
                raise CopyUnreadable(path=backup)
            for _ in rows.all():
                pass
            return rows.epoch.number
    except StoreUnusable:
        raise CopyUnreadable(path=backup) from None
    finally:
        vault.close()


def _require_apart(store: LocalStore, copies: Copies) -> None:
    database = store.vault.database.path
    taken = {database.resolve()} if database is not None else set()
    if isinstance(store.keys, KeyFile):
        taken.add(store.keys.path.resolve())
    wanted = [copies.backup.resolve()]
    if isinstance(copies.key, KeyFile):
        wanted.append(copies.key.path.resolve())
    if len(set(wanted)) < len(wanted) or taken & set(wanted):
        raise CopyInStore(path=copies.backup)
    if database is not None and database.parent.resolve() in wanted[-1].parents:
        # A thief of the folder must not have a copy of the key with it; a backup in it is copied with what it backs up.
        raise CopyInStore(path=wanted[-1])


def _truncate_log(store: LocalStore) -> None:
    """Leaves fewer old bytes in the log of a SQLite file; they are unreadable in any case."""
    if store.vault.database.path is not None:
        store.vault.database.driver().execute("PRAGMA wal_checkpoint(TRUNCATE)")
