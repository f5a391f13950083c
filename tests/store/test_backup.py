"""Backups: one moment of a desk that works on, whole, private, and never in the place of something else."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from carecli.errors import Misuse, NotFound, StoreError
from carecli.store import accounts
from carecli.store.backup import Contents, back_up
from carecli.store.sqlite import SCHEMA_VERSION, SqliteDatabase, open_database
from tests.store.files import dump, write_over


def add_accounts(database: SqliteDatabase, *names: str) -> None:
    with database.write() as session:
        for name in names:
            accounts.account_id(session, name)


def names_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM account ORDER BY id")]


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "desk.db"


def test_a_backup_is_the_database_as_it_is_while_the_desk_stays_open(database: SqliteDatabase, target: Path) -> None:
    add_accounts(database, "care", "main")
    made = back_up(database.path, target)
    add_accounts(database, "later")
    assert names_in(target) == ["care", "main"]
    assert (made.path, made.size) == (target, target.stat().st_size)
    assert made.contents == Contents(version=SCHEMA_VERSION, conversations=0, messages=0, pending=0)
    open_database(target).close()


def test_it_is_a_single_file_that_only_its_owner_reads(database: SqliteDatabase, target: Path) -> None:
    back_up(database.path, target)
    assert files(target.parent) == {"desk.db"}
    assert target.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert files(target.parent) == {"desk.db"}


def test_what_is_being_written_is_in_it_whole_or_not_at_all(
    database: SqliteDatabase, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several steps, so that there is something to come between.
    monkeypatch.setattr("carecli.store.backup._PAGES_AT_ONCE", 1)
    stop = threading.Event()

    def write_pairs() -> None:
        number = 0
        while not stop.is_set():
            add_accounts(database, f"left {number}", f"right {number}")
            number += 1

    writing = threading.Thread(target=write_pairs)
    writing.start()
    try:
        for _ in range(5):
            back_up(database.path, target, overwrite=True)
            found = names_in(target)
            assert len(found) % 2 == 0
            assert [name.split()[1] for name in found[::2]] == [name.split()[1] for name in found[1::2]]
    finally:
        stop.set()
        writing.join()


def test_what_nobody_has_committed_is_not_in_it(database: SqliteDatabase, target: Path) -> None:
    add_accounts(database, "care")
    with database.write() as session:
        accounts.account_id(session, "not yet")
        back_up(database.path, target)
    assert names_in(target) == ["care"]


# ── where it goes ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_overwritten_without_being_told_to(database: SqliteDatabase, target: Path) -> None:
    target.write_text("precious")
    with pytest.raises(Misuse, match="exists") as caught:
        back_up(database.path, target)
    assert "--force" in caught.value.remedy
    assert target.read_text() == "precious"
    back_up(database.path, target, overwrite=True)
    assert names_in(target) == []


def test_a_link_that_leads_nowhere_is_not_followed(database: SqliteDatabase, target: Path, tmp_path: Path) -> None:
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misuse, match="exists"):
        back_up(database.path, target)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_the_database_is_no_place_for_its_backup(database: SqliteDatabase, tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "link.db").symlink_to(database.path)
    for place in (database.path, tmp_path / "link.db"):
        with pytest.raises(Misuse, match="is the database itself"):
            back_up(database.path, place, overwrite=overwrite)


def test_another_desk_s_open_database_is_no_place_either(database: SqliteDatabase, target: Path) -> None:
    other = open_database(target)
    with pytest.raises(Misuse, match="is a database that is in use"):
        back_up(database.path, target, overwrite=True)
    other.close()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_and_a_folder_that_is_not_there_are_named(
    database: SqliteDatabase, tmp_path: Path, overwrite: bool
) -> None:
    with pytest.raises(Misuse, match="is a folder"):
        back_up(database.path, tmp_path, overwrite=overwrite)
    with pytest.raises(Misuse, match="cannot be written: No such file or directory"):
        back_up(database.path, tmp_path / "absent" / "desk.db", overwrite=overwrite)


def test_on_a_disk_without_links_it_is_made_all_the_same_and_nothing_overwritten(
    database: SqliteDatabase, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    back_up(database.path, target)
    assert files(target.parent) == {"desk.db"}
    with pytest.raises(Misuse, match="exists"):
        back_up(database.path, target)


# ── when it fails ─────────────────────────────────────────────────────────────────────────────────


def test_without_a_database_there_is_nothing_to_back_up_and_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for name in ("absent.db", "empty.db"):
        with pytest.raises(NotFound, match="There is no desk in"):
            back_up(tmp_path / name, tmp_path / "backup.db")
    assert files(tmp_path) == {"empty.db"}


def test_of_a_damaged_database_no_backup_is_kept_and_the_earlier_one_stays(
    database: SqliteDatabase, target: Path
) -> None:
    add_accounts(database, "care")
    database.close()
    back_up(database.path, target)
    before = dump(target)
    write_over(database.path, 4096 * 5, b"\xff" * 4096)
    with pytest.raises(StoreError, match="is damaged"):
        back_up(database.path, target, overwrite=True)
    assert files(target.parent) == {"desk.db"}
    assert dump(target) == before


FULL = """
import resource, sys
from pathlib import Path
from carecli.errors import CareError
from carecli.store.backup import back_up

resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    back_up(Path(sys.argv[1]), Path(sys.argv[2]))
except CareError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on the size of files here")
def test_a_disk_without_room_is_told_and_nothing_stays_on_it(database: SqliteDatabase, target: Path) -> None:
    words = [sys.executable, "-c", FULL, os.fspath(database.path), os.fspath(target)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)
    assert done.stderr == ""
    assert done.stdout.startswith(f"The disk does not take what is written to {target}.")
    assert files(target.parent) == set()
