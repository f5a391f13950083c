"""The SQLite driver: what a database file may be, and what its failures are called."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from carecli.errors import StoreError
from carecli.store import accounts
from carecli.store.migration import statements
from carecli.store.sqlite import SCHEMA_VERSION, SqliteDatabase, open_database


def test_a_new_database_has_the_newest_schema(database: SqliteDatabase) -> None:
    with database.read() as session:
        assert session.one("PRAGMA user_version") == (SCHEMA_VERSION,)


def test_what_is_written_is_there_after_reopening(tmp_path: Path) -> None:
    first = open_database(tmp_path / "desk.db")
    with first.write() as session:
        accounts.account_id(session, "care")
    first.close()
    second = open_database(tmp_path / "desk.db")
    with second.read() as session:
        assert [state.name for state in accounts.account_states(session)] == ["care"]
    second.close()


def test_many_numbers_come_in_the_order_of_the_query(database: SqliteDatabase) -> None:
    with database.read() as session:
        numbers = session.numbers("SELECT value FROM json_each('[3, 1, 9007199254740993]') ORDER BY value DESC")
        assert list(numbers) == [9007199254740993, 3, 1]
        assert list(session.numbers("SELECT 1 WHERE 1 = 0")) == []


def test_an_exception_undoes_the_whole_transaction(database: SqliteDatabase) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        accounts.account_id(session, "care")
        raise RuntimeError
    with database.read() as session:
        assert accounts.account_states(session) == ()


def test_the_change_number_tells_of_another_connection_s_commit(database: SqliteDatabase) -> None:
    before = database.change_number()

    def commit() -> None:
        with database.write() as session:
            accounts.account_id(session, "care")

    thread = threading.Thread(target=commit)
    thread.start()
    thread.join()
    assert database.change_number() != before


def test_a_database_of_a_newer_carecli_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer carecli"):
        open_database(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(b"not a database at all, but long enough to be taken for one" * 50)
    with pytest.raises(StoreError, match="damaged, or is not a carecli database"):
        open_database(path)


def test_a_folder_in_the_place_of_the_file_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not a file"):
        open_database(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError):
        open_database(folder / "desk.db")


def test_a_writer_that_never_ends_gives_locked_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.store.sqlite._BUSY_SECONDS", 0.05)
    database = open_database(tmp_path / "desk.db")
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another writer"), database.write():
        pytest.fail("two writers at once")
    other.close()
    database.close()


def test_a_trigger_or_comment_does_not_break_a_script_apart() -> None:
    script = "-- one; two\nCREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\nEND;\n"
    assert len(statements(script)) == 2
