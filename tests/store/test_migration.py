"""Upgrades: all steps or none, and a copy of what was there before the first."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from carecli.errors import StoreError
from carecli.store import accounts
from carecli.store.migration import statements
from carecli.store.sqlite import DESK, Schema, SqliteDatabase, open_database
from tests.store.files import dump, every_connection

NEXT = DESK.version + 1
ADD_COLUMN = "ALTER TABLE account ADD COLUMN colour TEXT NOT NULL DEFAULT 'green';\n"
MakeSchema = Callable[..., Schema]


@pytest.fixture
def made_up(tmp_path: Path) -> MakeSchema:
    """Makes a schema that comes after the present one, by the scripts of its steps."""

    def make(*steps: str) -> Schema:
        folder = tmp_path / "migrations"
        shutil.copytree(DESK.folder, folder, dirs_exist_ok=True)
        for number, script in enumerate(steps, start=NEXT):
            (folder / f"{number:04d}_made_up.sql").write_text(script, "utf-8")
        return Schema(DESK.version + len(steps), folder)

    return make


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A desk of the present version, with something in it."""
    database = open_database(tmp_path / "desk.db")
    with database.write() as session:
        accounts.account_id(session, "care")
    database.close()
    return database.path


def colours(database: SqliteDatabase) -> list[tuple[object, ...]]:
    with database.read() as session:
        return session.all("SELECT name, colour FROM account")


def copies(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file.name not in (path.name, "migrations"))


def test_an_upgrade_takes_every_step_in_order_and_keeps_what_is_there(old: Path, made_up: MakeSchema) -> None:
    database = open_database(old, made_up(ADD_COLUMN, "UPDATE account SET colour = 'red';"))
    assert colours(database) == [("care", "red")]
    with database.read() as session:
        assert session.one("PRAGMA user_version") == (NEXT + 1,)
    database.close()


def test_before_it_a_copy_is_laid_beside_that_the_earlier_carecli_can_open(old: Path, made_up: MakeSchema) -> None:
    before = dump(old)
    open_database(old, made_up(ADD_COLUMN)).close()
    copy = old.with_name(f"desk.db.before-{NEXT}")
    assert copies(old) == [copy.name]
    assert dump(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    open_database(copy).close()


def test_a_copy_of_an_earlier_upgrade_is_never_overwritten(old: Path, made_up: MakeSchema) -> None:
    old.with_name(f"desk.db.before-{NEXT}").write_text("from before")
    open_database(old, made_up(ADD_COLUMN)).close()
    assert copies(old) == [f"desk.db.before-{NEXT}", f"desk.db.before-{NEXT}-2"]
    assert old.with_name(f"desk.db.before-{NEXT}").read_text() == "from before"


def test_a_new_desk_needs_no_copy(tmp_path: Path, made_up: MakeSchema) -> None:
    database = open_database(tmp_path / "desk.db", made_up(ADD_COLUMN))
    assert colours(database) == []
    database.close()
    assert copies(database.path) == []


def test_an_upgraded_desk_is_not_copied_again(old: Path, made_up: MakeSchema) -> None:
    for _ in range(2):
        open_database(old, made_up(ADD_COLUMN)).close()
    assert copies(old) == [f"desk.db.before-{NEXT}"]


@pytest.mark.parametrize(
    "failing",
    [
        f"{ADD_COLUMN}ALTER TABLE nothing ADD COLUMN colour TEXT;",
        f"{ADD_COLUMN}INSERT INTO account SELECT * FROM account;",
        f"{ADD_COLUMN}SELECT this is no SQL;",
    ],
)
def test_a_step_that_fails_leaves_the_file_as_it_was_and_no_copy(old: Path, made_up: MakeSchema, failing: str) -> None:
    before = dump(old)
    with pytest.raises(StoreError, match=f"cannot be upgraded to schema {NEXT + 1}") as caught:
        open_database(old, made_up("CREATE TABLE step_one (x);", failing))
    assert "left as it was" in caught.value.remedy
    assert dump(old) == before
    assert copies(old) == []
    # The carecli of before goes on with it.
    open_database(old).close()


def test_a_damaged_file_is_not_upgraded(old: Path, made_up: MakeSchema) -> None:
    with closing(sqlite3.connect(old)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message_thread'").fetchone()
    with old.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    before = old.read_bytes()
    with pytest.raises(StoreError, match="is damaged"):
        open_database(old, made_up(ADD_COLUMN))
    assert old.read_bytes() == before
    assert copies(old) == []


def test_without_room_for_the_upgrade_the_file_is_as_it_was(
    old: Path, made_up: MakeSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(old)
    schema = made_up("CREATE TABLE big (x);\nINSERT INTO big VALUES (zeroblob(100000));")
    database = SqliteDatabase(old, schema)
    with every_connection(monkeypatch, database, "max_page_count = 1"), pytest.raises(StoreError, match="is full"):
        colours(database)
    assert dump(old) == before
    assert copies(old) == []


def test_two_that_open_it_at_once_upgrade_it_once(old: Path, made_up: MakeSchema) -> None:
    schema = made_up(ADD_COLUMN)
    opened: list[SqliteDatabase] = []
    threads = [threading.Thread(target=lambda: opened.append(open_database(old, schema))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [colours(database) for database in opened] == [[("care", "green")]] * 4
    for database in opened:
        database.close()
    assert copies(old) == [f"desk.db.before-{NEXT}"]


def test_a_trigger_or_comment_does_not_break_a_script_apart() -> None:
    script = "-- one; two\nCREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\nEND;\n"
    assert len(statements(script)) == 2
