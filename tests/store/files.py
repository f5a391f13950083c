"""What can happen to a database's file, for tests: done to a real one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from carecli.store import sqlite

NOBODY = 65534


def dump(path: Path) -> list[str]:
    """All that is in a database, as SQL, and its version."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return [f"-- {version}", *connection.iterdump()]


def open_files(path: Path) -> int:
    """How many times this process has the file open."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found += handle.samefile(path)
        except OSError:
            # The handle by which the folder itself is read has gone by now.
            continue
    return found


def write_over(path: Path, start: int, content: bytes) -> None:
    """Overwrite a part of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


@contextmanager
def every_connection(monkeypatch: pytest.MonkeyPatch, database: sqlite.SqliteDatabase, pragma: str) -> Iterator[None]:
    """While each connection of `database` has a pragma: `query_only = ON` is a file that has become read-only,
    `max_page_count = 1` a disk without room for another page."""
    database.close()
    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, pragma))
        yield
    database.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While somebody else is writing."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """While this process may do no more than any user: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
