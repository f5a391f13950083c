"""What the check of a database finds, each time in one that was broken on purpose."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from carecli.desk.drafts import save_draft
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import NotFound, StoreError
from carecli.store.integrity import INVARIANTS, inspect
from carecli.store.sqlite import open_database
from tests.shop import Shop, open_shop
from tests.store.files import dump, locked, write_over

RELIABILITY = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")


@pytest.fixture
def worked(tmp_path: Path) -> Iterator[Shop]:
    """A desk in the middle of its day: one customer answered in two parts, one waiting, a draft, an entry held."""
    with open_shop(tmp_path) as shop:
        for handle in ("andy", "zak", "mira"):
            shop.customer_writes(f"Hello, this is {handle}", handle)
        shop.work()
        numbers = [row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 3)]
        reply(shop.desk, numbers[0], "Hi.", "public", seen_version=None, hold=False, further=["And more."])
        shop.work()
        reply(shop.desk, numbers[1], "Hi.", "public", seen_version=None, hold=True)
        save_draft(shop.desk, numbers[2], "Hi", 2, "public", 1)
        yield shop


def unsound(path: Path, *, quick: bool = False) -> dict[str, str]:
    return {one.name: one.sentence for one in inspect(path, quick=quick) if not one.sound}


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_desk_at_work_is_sound(worked: Shop) -> None:
    found = inspect(worked.database.path)
    assert [one.name for one in found if not one.sound] == []
    assert all(one.sentence.endswith(".") for one in found)


def test_looking_changes_nothing(worked: Shop) -> None:
    before = dump(worked.database.path)
    number = worked.database.change_number()
    inspect(worked.database.path)
    assert dump(worked.database.path) == before
    assert worked.database.change_number() == number


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("waits", "UPDATE conversation SET state = 'waiting' WHERE id = 3"),
        ("waits", "UPDATE wait SET conversation_id = 99 WHERE conversation_id = 3"),
        ("conversations", "UPDATE wait SET closed_at = 1 WHERE conversation_id = 3"),
        ("threads", "UPDATE message SET thread_id = 99 WHERE id = 1"),
        ("threads", "UPDATE message SET conversation_id = 99 WHERE id = 1"),
        ("outbox", "DELETE FROM outbox_part WHERE outbox_id = 2"),
        ("outbox", "UPDATE outbox_part SET number = 3 WHERE outbox_id = 1 AND number = 2"),
        ("outbox", "UPDATE outbox_part SET payload = x'' WHERE outbox_id = 2"),
        ("order", "UPDATE outbox_part SET remote_id = '' WHERE outbox_id = 1 AND number = 1"),
        ("sent", "UPDATE outbox_part SET remote_id = '' WHERE outbox_id = 1 AND number = 2"),
        ("sent", "UPDATE outbox_part SET sent_at = NULL WHERE outbox_id = 1 AND number = 1"),
        ("drafts", "UPDATE draft SET conversation_id = 99"),
        ("references", "UPDATE outbox SET conversation_id = 99 WHERE id = 2"),
        ("search", "INSERT INTO message_search (message_search, rowid, folded) VALUES ('delete', 1, '')"),
    ],
)
def test_what_is_broken_is_found_and_told_with_its_number(worked: Shop, name: str, statement: str) -> None:
    run(worked.database.path, statement)
    assert re.search(r": \d+ \(.+\)\.$", unsound(worked.database.path)[name])


def test_a_message_that_is_stored_twice_is_found_where_no_index_forbids_it(worked: Shop) -> None:
    run(
        worked.database.path,
        "ALTER TABLE message RENAME TO guarded",
        "CREATE TABLE message AS SELECT * FROM guarded",
        "DROP TABLE guarded",
        "INSERT INTO message SELECT * FROM message WHERE id = 1",
        "UPDATE message SET id = 99 WHERE rowid = (SELECT max(rowid) FROM message)",
        "INSERT INTO message_search (rowid, folded) VALUES (99, 'hello')",
    )
    assert unsound(worked.database.path) == {"messages": "Messages that are stored more than once: 1 (99)."}


def test_a_damaged_index_of_the_search_is_found(worked: Shop) -> None:
    run(worked.database.path, "UPDATE message_search_data SET block = zeroblob(50) WHERE id > 10")
    assert unsound(worked.database.path) == {"search": "The index of the search is damaged."}


def test_while_somebody_writes_the_search_is_looked_at_as_far_as_possible(
    worked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.store.sqlite._BUSY_SECONDS", 0.05)
    with locked(worked.database.path):
        found = {one.name: one for one in inspect(worked.database.path)}
    assert found["search"].sound
    assert "could not be locked" in found["search"].sentence


def test_of_a_file_with_damaged_pages_nothing_else_is_said(worked: Shop) -> None:
    path = worked.database.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message_thread'").fetchone()
    worked.database.close()
    write_over(path, (page - 1) * 4096, b"\xff" * 4096)
    (found,) = inspect(path)
    assert (found.name, found.sound) == ("pages", False)
    assert found.sentence.startswith("Damaged: ")


def test_an_index_that_lacks_a_row_is_found_by_the_thorough_look(worked: Shop) -> None:
    run(
        worked.database.path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = sql || ' WHERE id > 1' WHERE name = 'message_thread'",
    )
    assert unsound(worked.database.path).keys() == {"pages"}


def test_the_quick_look_leaves_out_what_grows_with_the_messages(worked: Shop) -> None:
    names = {one.name for one in inspect(worked.database.path, quick=True)}
    assert names == {"pages", "schema", "waits", "conversations", "outbox", "order", "sent", "drafts"}


def test_many_of_a_kind_are_counted_and_a_few_named(worked: Shop) -> None:
    # fmt: off
    rows = ", ".join(f"({number}, 'rob', 'Hi', 2, 'public', 1, 0)" for number in range(100, 120))
    # fmt: on
    run(worked.database.path, f"INSERT INTO draft VALUES {rows}")
    sentence = unsound(worked.database.path)["drafts"]
    assert sentence == "Drafts whose conversation is gone, by its id: 20 (100, 101, 102, 103, 104, …)."


def test_what_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        inspect(tmp_path / "absent.db")
    (tmp_path / "text.db").write_text("no database" * 100)
    with pytest.raises(StoreError, match="is damaged, or is not a carecli database"):
        inspect(tmp_path / "text.db")
    assert not (tmp_path / "absent.db").exists()


def test_an_empty_or_older_database_is_sound_and_is_told_to_be_upgraded_later(tmp_path: Path) -> None:
    (tmp_path / "desk.db").touch()
    *_, last = inspect(tmp_path / "desk.db")
    assert (last.name, last.sound) == ("schema", True)
    assert "upgraded" in last.sentence
    open_database(tmp_path / "desk.db").close()


def test_every_check_is_explained_in_the_documentation() -> None:
    told = re.findall(r"^\| `(\w+)` \|", RELIABILITY.split("### What `db check` looks at")[1], re.MULTILINE)
    assert told == ["pages", "schema", "references", "search", *(invariant.name for invariant in INVARIANTS)]
