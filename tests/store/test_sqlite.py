"""The SQLite driver: transactions, connections that many threads share, and the file that they hold to."""

from __future__ import annotations

import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from carecli.errors import StoreError
from carecli.store import accounts, leases, sqlite
from carecli.store.sqlite import APPLICATION_ID, DESK, SCHEMA_VERSION, SqliteDatabase, open_database
from tests.store.files import locked, open_files

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts handles in /proc")


def add_account(database: SqliteDatabase, name: str) -> None:
    with database.write() as session:
        accounts.account_id(session, name)


def names(database: SqliteDatabase) -> list[str]:
    with database.read() as session:
        return [state.name for state in accounts.account_states(session)]


def in_a_thread_of_its_own(work: threading.Thread) -> None:
    work.start()
    work.join()


# ── transactions ──────────────────────────────────────────────────────────────────────────────────


def test_a_new_database_has_the_newest_schema_and_is_marked_as_a_desk_s(database: SqliteDatabase) -> None:
    with database.read() as session:
        assert session.one("PRAGMA user_version") == (SCHEMA_VERSION,)
        assert session.one("PRAGMA application_id") == (APPLICATION_ID,)


def test_the_version_is_that_of_the_last_migration() -> None:
    numbers = {int(script.name[:4]) for script in DESK.folder.glob("*.sql")}
    assert numbers == set(range(1, SCHEMA_VERSION + 1))


def test_what_is_written_is_there_after_reopening(tmp_path: Path) -> None:
    first = open_database(tmp_path / "desk.db")
    add_account(first, "care")
    first.close()
    second = open_database(tmp_path / "desk.db")
    assert names(second) == ["care"]
    second.close()


@pytest.mark.parametrize("durable", [True, False])
def test_what_is_committed_is_there_for_everybody_at_once(database: SqliteDatabase, durable: bool) -> None:
    with database.write(durable=durable) as session:
        accounts.account_id(session, "care")
    other = sqlite3.connect(database.path)
    assert other.execute("SELECT name FROM account").fetchall() == [("care",)]
    other.close()


@pytest.mark.durable
def test_only_the_commit_that_need_not_last_leaves_the_disk_to_the_system(database: SqliteDatabase) -> None:
    levels = []
    for durable in (True, False, True):
        with database.write(durable=durable) as session:
            levels.append(session.one("PRAGMA synchronous"))
    full, normal = (2,), (1,)
    assert levels == [full, normal, full]


def test_an_exception_undoes_the_whole_transaction(database: SqliteDatabase) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        accounts.account_id(session, "care")
        raise RuntimeError
    assert names(database) == []


def test_a_writer_that_never_ends_gives_locked_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.store.sqlite._BUSY_SECONDS", 0.05)
    database = open_database(tmp_path / "desk.db")
    with locked(database.path), pytest.raises(StoreError, match="locked by another writer"), database.write():
        pytest.fail("two writers at once")
    add_account(database, "care")
    database.close()


def test_a_thread_that_never_ends_its_writing_gives_locked_too(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.store.sqlite._BUSY_SECONDS", 0.05)
    refused: list[StoreError] = []

    def write() -> None:
        try:
            add_account(database, "other")
        except StoreError as error:
            refused.append(error)

    with database.write() as session:
        in_a_thread_of_its_own(threading.Thread(target=write))
        accounts.account_id(session, "care")
    assert [error.sentence for error in refused] == [f"The database {database.path} is locked by another writer."]
    assert names(database) == ["care"]


def test_nobody_in_the_process_writes_while_the_database_is_at_rest(database: SqliteDatabase) -> None:
    wrote = threading.Event()

    def write() -> None:
        with database.write():
            wrote.set()

    with database.at_rest():
        writer = threading.Thread(target=write)
        writer.start()
        assert not wrote.wait(0.05)
        other = open_database(database.path)
        with other.write():
            pass
        other.close()
    writer.join()
    assert wrote.is_set()


def test_readers_go_on_while_somebody_writes(database: SqliteDatabase) -> None:
    with database.write() as session:
        accounts.account_id(session, "care")
        assert names(database) == []
    assert names(database) == ["care"]


# ── connections ───────────────────────────────────────────────────────────────────────────────────


@on_linux
def test_threads_that_come_and_go_leave_no_connections_behind(database: SqliteDatabase) -> None:
    for number in range(200):
        work = names if number % 4 else database.__class__.change_number
        in_a_thread_of_its_own(threading.Thread(target=work, args=(database,)))
        if number % 50 == 0:
            in_a_thread_of_its_own(threading.Thread(target=add_account, args=(database, f"care {number}")))
    assert open_files(database.path) <= 3


@on_linux
def test_many_threads_at_once_leave_no_more_connections_behind_the_second_time(database: SqliteDatabase) -> None:
    together = threading.Barrier(16)

    def read() -> None:
        with database.read() as session:
            together.wait(10)
            session.one("SELECT 1")

    # SQLite keeps the handle of a connection that was closed for the next one, while the process has the file open.
    for _ in range(3):
        with ThreadPoolExecutor(16) as threads:
            for done in [threads.submit(read) for _ in range(16)]:
                done.result()
        assert open_files(database.path) <= 16


@on_linux
def test_one_thread_s_work_takes_one_connection(database: SqliteDatabase) -> None:
    add_account(database, "care")
    assert names(database) == ["care"]
    assert open_files(database.path) == 1


@on_linux
def test_closing_closes_every_connection_those_in_use_when_they_come_back(tmp_path: Path) -> None:
    database = open_database(tmp_path / "desk.db")
    database.change_number()
    with database.read() as session:
        database.close()
        assert session.one("SELECT 1") == (1,)
    assert open_files(database.path) == 0


def test_writers_in_many_threads_all_get_their_turn(database: SqliteDatabase) -> None:
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(add_account, database, f"care {number}") for number in range(40)]:
            done.result()
    assert len(names(database)) == 40


@pytest.mark.parametrize("wanted", [[], [7], [*range(1, 20_001)], [2**62, 3, -1, 2**62 - 1] * 5_000])
def test_numbers_come_whole_and_in_their_order_however_many_they_are(
    database: SqliteDatabase, wanted: list[int]
) -> None:
    with database.read() as session:
        found = session.numbers("SELECT value FROM json_each(:wanted)", {"wanted": str(wanted)})
    assert found.tolist() == wanted


# ── changes by others ─────────────────────────────────────────────────────────────────────────────


def test_the_change_number_tells_of_every_commit_whichever_thread_asks(database: SqliteDatabase) -> None:
    before = database.change_number()
    assert database.change_number() == before
    add_account(database, "care")
    after = database.change_number()
    assert after != before
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(database.change_number).result() == after


def test_the_change_number_tells_of_another_process_s_commit(database: SqliteDatabase) -> None:
    before = database.change_number()
    other = open_database(database.path)
    add_account(other, "care")
    other.close()
    assert database.change_number() != before


def test_the_change_number_says_nothing_of_a_transaction_that_was_undone(database: SqliteDatabase) -> None:
    before = database.change_number()
    with pytest.raises(RuntimeError), database.write() as session:
        accounts.account_id(session, "care")
        raise RuntimeError
    assert database.change_number() == before


def test_the_change_number_says_nothing_of_what_no_screen_shows(database: SqliteDatabase) -> None:
    before = database.change_number()
    with database.write(shown=False) as session:
        leases.take(session, "intake:care", "somebody", 30)
    assert database.change_number() == before
    with database.read() as session:
        assert leases.held(session) == ("intake:care",)


def test_a_commit_right_before_one_that_no_screen_shows_is_told(database: SqliteDatabase) -> None:
    before = database.change_number()
    add_account(database, "care")
    with database.write(shown=False) as session:
        leases.take(session, "intake:care", "somebody", 30)
    assert database.change_number() != before


@pytest.mark.parametrize("look", [3, 4])
def test_a_commit_right_after_one_that_no_screen_shows_is_told(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    looks = 0
    plain = sqlite._data_version

    def interrupted(connection: sqlite3.Connection) -> int:
        nonlocal looks
        looks += 1
        if looks == look:
            other = open_database(database.path)
            add_account(other, "care")
            other.close()
        return plain(connection)

    before = database.change_number()
    monkeypatch.setattr(sqlite, "_data_version", interrupted)
    with database.write(shown=False) as session:
        leases.take(session, "intake:care", "somebody", 30)
    assert looks == 4
    assert database.change_number() != before


# ── the file ──────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_was_removed_is_told_and_not_made_again(database: SqliteDatabase) -> None:
    database.path.unlink()
    for use in (names, database.__class__.change_number):
        with pytest.raises(StoreError, match="is not there any more"):
            use(database)
    with pytest.raises(StoreError, match="is not there any more"):
        add_account(database, "care")
    assert not database.path.exists()


def test_nothing_is_written_where_another_file_has_taken_the_place(database: SqliteDatabase, tmp_path: Path) -> None:
    add_account(database, "care")
    other = open_database(tmp_path / "other.db")
    other.close()
    (tmp_path / "other.db").replace(database.path)
    for use in (names, database.__class__.change_number):
        with pytest.raises(StoreError, match="Another file stands at") as caught:
            use(database)
        assert caught.value.remedy == "Close this desk and open it again."
    with pytest.raises(StoreError, match="Another file"):
        add_account(database, "lost")
    database.close()
    # Nor is the log of the file that was there read into the one that stands there now.
    assert names(database) == []
    assert (tmp_path / "desk.db-wal.stray").stat().st_size > 0


def test_a_file_that_is_replaced_while_it_is_being_opened_is_opened_anew(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(database, "before")
    database.close()
    restored = open_database(tmp_path / "restored.db")
    add_account(restored, "restored")
    restored.close()

    def connect_too_early(path: Path) -> sqlite3.Connection:
        monkeypatch.undo()
        connection = sqlite.connect(path)
        (tmp_path / "restored.db").replace(path)
        return connection

    monkeypatch.setattr(sqlite, "connect", connect_too_early)
    assert names(database) == ["restored"]


def test_a_log_that_was_removed_under_the_desk_is_told_and_what_it_held_is_written_back(
    database: SqliteDatabase,
) -> None:
    add_account(database, "care")
    database.path.with_name("desk.db-wal").unlink()
    with pytest.raises(StoreError, match="-wal was removed"):
        add_account(database, "lost")
    database.close()
    assert names(database) == ["care"]


def test_a_desk_whose_file_is_a_link_is_the_same_desk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "desk.db").symlink_to(tmp_path / "disk" / "desk.db")
    linked = open_database(tmp_path / "desk.db")
    add_account(linked, "care")
    direct = open_database(tmp_path / "disk" / "desk.db")
    assert names(direct) == ["care"]
    direct.close()
    (tmp_path / "disk" / "desk.db-wal").unlink()
    with pytest.raises(StoreError, match="-wal was removed"):
        names(linked)
    linked.close()


def test_only_its_owner_reads_a_new_database_and_what_lies_beside_it(database: SqliteDatabase) -> None:
    add_account(database, "care")
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in database.path.parent.glob("desk.db*")}
    assert modes == {"desk.db": "0o600", "desk.db-wal": "0o600", "desk.db-shm": "0o600"}


def test_a_database_of_a_newer_carecli_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer carecli"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmark (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="some other program"):
        open_database(path)
    assert path.read_bytes() == before
