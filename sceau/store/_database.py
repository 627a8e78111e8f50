# SPDX-License-Identifier: Apache-2.0
"""The database under a store: one SQLite file, or PostgreSQL by a URL, asked in the same words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from sceau.store._files import make
from sceau.store.errors import PostgresqlExtraMissing, StoreUnusable
from sceau.store.keys import without_password

#: How long one process waits for the change of another, in seconds.
PATIENCE = 30


class Database:
    """One change at a time, in whole; nothing is opened before it is asked for.

    Args:
        place: the path of the SQLite file, a URL (``postgresql://…``), or ``None`` for a database in memory.
    """

    def __init__(self, place: Path | str | None) -> None:
        self._lock = RLock()
        self._place = place
        self._engine: Engine | None = None
        self._current: Connection | None = None

    @property
    def path(self) -> Path | None:
        """The SQLite file."""
        return self._place if isinstance(self._place, Path) else None

    @property
    def shown(self) -> str:
        """The place as it may be shown: without the password of a URL."""
        return without_password(self._place)

    @property
    def absent(self) -> bool:
        """Whether the SQLite file was not made yet."""
        path = self.path
        return path is not None and not path.exists()

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """One change: all or nothing; other threads and processes wait until it ends. Inside another, part of it.

        Raises :class:`StoreUnusable`.
        """
        with self._transaction(writes=True, isolation_level="READ COMMITTED") as connection:
            yield connection

    @contextmanager
    def view(self) -> Iterator[Connection]:
        """The database as it was at one moment; inside a change, as it has become. Raises :class:`StoreUnusable`."""
        with self._transaction(writes=False, isolation_level="REPEATABLE READ") as connection:
            yield connection

    def at_once(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT by itself, which sees one moment; ``?`` stands for each value.

        Where one row is looked for, the way through SQLAlchemy takes ten times as long as the database.
        Raises :class:`StoreUnusable`.
        """
        with self._lock, self._usable():
            if self._current is None and self._opened.dialect.name == "sqlite":
                return self._driver.execute(statement, values).fetchall()
            with self.view() as connection:
                if connection.dialect.name != "sqlite":
                    statement = statement.replace("?", "%s")
                return connection.exec_driver_sql(statement, tuple(values)).all()

    def size(self, connection: Connection) -> int:
        """How many bytes the tables take."""
        if connection.dialect.name == "sqlite":
            asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            tables = ("store_record", "store_state", "store_outbox")
            asked = "SELECT " + " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
        return int(connection.execute(text(asked)).scalar_one())

    def driver(self) -> sqlite3.Connection:
        """SQLite's own connection, for what SQLAlchemy has no words for."""
        with self._lock, self._usable():
            return self._driver

    def keep_a_log(self) -> None:
        """Lets a new SQLite file keep its changes in a log beside it: readers and a writer do not wait for each other.

        The file remembers it. Nothing is done to a file that holds something already.
        """
        if not isinstance(self._place, str):
            with self._usable(), suppress(sqlite3.OperationalError):
                # Refused where another process is about to do the same.
                self.driver().execute("PRAGMA journal_mode=WAL")

    def close(self) -> None:
        """Closes the database."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None
            self.__dict__.pop("_driver", None)

    @cached_property
    def _driver(self) -> sqlite3.Connection:
        return cast(sqlite3.Connection, self._opened.raw_connection().driver_connection)

    @contextmanager
    def _transaction(self, **options: Any) -> Iterator[Connection]:
        with self._lock, self._usable():
            if self._current is not None:
                yield self._current
                return
            engine = self._opened
            if engine.dialect.name == "sqlite":
                options.pop("isolation_level", None)
            with engine.connect().execution_options(**options) as connection, connection.begin():
                self._current = connection
                try:
                    yield connection
                finally:
                    self._current = None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError):
            # Whatever the database says holds its statement, and with it values.
            raise StoreUnusable(path=self.shown) from None

    @property
    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = _server(self._place) if isinstance(self._place, str) else _file(self._place)
        return self._engine


class _Compiled(dict[Any, Any]):
    """Statements that were compiled, by all but the engine's own dialect: all SQLite files are asked in one.

    SQLAlchemy keeps them for each engine, and to compile a statement takes longer than to run it.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._without_dialect(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._without_dialect(key), compiled)

    @staticmethod
    def _without_dialect(key: Any) -> Any:
        # A version of SQLAlchemy that writes keys in another way only compiles more often.
        return key[1:] if isinstance(key[0], SQLiteDialect) else key


_COMPILED = _Compiled()


def _file(path: Path | None) -> Engine:
    if path is not None:
        make(path)
    engine = create_engine(
        URL.create("sqlite", database=None if path is None else str(path)),
        poolclass=StaticPool,
        # A handle may wait in a thread of its own: the lock orders what they do.
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        execution_options={"compiled_cache": _COMPILED},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin a change of its own accord, and too late.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options()["writes"] else "BEGIN")


def _server(url: str) -> Engine:
    try:
        wanted = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUnusable(path=without_password(url)) from None
    if wanted.get_backend_name() != "postgresql":
        raise StoreUnusable(path=without_password(url))
    try:
        import psycopg  # noqa: F401 - is it there?
    except ImportError:
        raise PostgresqlExtraMissing from None
    engine = create_engine(
        wanted.set(drivername="postgresql+psycopg"),
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"connect_timeout": PATIENCE},
    )
    event.listen(engine, "connect", _have_patience)
    return engine


def _have_patience(connection: Any, _: object) -> None:
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.commit()
