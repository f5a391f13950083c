"""Files that several open at once: nobody is told that a file is locked that somebody else is just making."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from carecli.channels.sandbox.network import SandboxNetwork
from carecli.store.sqlite import SqliteDatabase, open_database
from carecli.write_ahead import write_ahead
from tests.shop import START


def the_network(path: Path) -> SandboxNetwork:
    return SandboxNetwork(path, 1, start=START)


@pytest.mark.parametrize("open_file", [open_database, the_network])
def test_who_opens_a_file_that_another_is_making_waits(
    tmp_path: Path, open_file: Callable[[Path], SqliteDatabase | SandboxNetwork]
) -> None:
    path = tmp_path / "new.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor() as pool:
        other.execute("BEGIN IMMEDIATE")
        opening = pool.submit(open_file, path)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.2)
        other.execute("ROLLBACK")
        opening.result().close()


def test_waiting_ends_when_that_of_any_lock_would(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0.01)) as connection,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(connection)


def test_a_file_that_cannot_have_a_log_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        write_ahead(connection)
