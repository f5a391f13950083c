"""Putting a backup back: nothing is posted twice by it, nothing is deleted, and nobody is at work meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from carecli.desk.outbox import cancel, outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import OutboxRow, QueueFilter
from carecli.errors import CareError, Misuse, NotFound, StoreError
from carecli.store import leases
from carecli.store.backup import back_up
from carecli.store.integrity import inspect
from carecli.store.outbox import RESTORED
from carecli.store.restore import Restored, restore
from carecli.store.sqlite import DESK, SCHEMA_VERSION, Schema, open_database
from tests.shop import START, Shop, load_draft, open_shop
from tests.store.files import dump, locked, write_over

STAMP = "2026-03-02-090000"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk with one customer who waits."""
    with open_shop(tmp_path) as opened:
        opened.customer_writes("My line is slow.")
        opened.work()
        yield opened


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "desk.db"


def answer(shop: Shop, *parts: str, hold: bool = False) -> None:
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    reply(shop.desk, number, parts[0], "public", seen_version=None, hold=hold, further=parts[1:])


def put_back(shop: Shop, backup: Path) -> Restored:
    """Close the desk and put the backup back."""
    shop.worker.stop()
    shop.database.close()
    return restore(shop.database.path, backup, now=START, stamp=STAMP)


@contextmanager
def opened_again(shop: Shop) -> Iterator[Shop]:
    """The desk of the restored database, at the same network and the same time."""
    with open_shop(shop.database.path.parent) as again:
        again.clock.set(shop.clock.now())
        yield again


def only_entry(shop: Shop) -> OutboxRow:
    (row,) = outbox(shop.desk)
    return row


def work_on(shop: Shop) -> None:
    """Long enough for every look at the network that there is."""
    for _ in range(8):
        shop.work()
        shop.pass_minutes(6)


def posted(shop: Shop) -> list[str]:
    return [post.text for post in shop.posts_by_us()]


# ── nothing is posted twice ───────────────────────────────────────────────────────────────────────


def test_a_reply_that_was_sent_after_the_backup_is_found_and_not_sent_again(shop: Shop, backup: Path) -> None:
    answer(shop, "Hi Andy.")
    back_up(shop.database.path, backup)
    shop.work()
    done = put_back(shop, backup)
    assert done.unknown == (1,)
    with opened_again(shop) as again:
        assert (only_entry(again).state, only_entry(again).error) == ("unknown", RESTORED)
        work_on(again)
        assert only_entry(again).state == "sent"
        assert len(posted(again)) == 1
        assert first_rows(again.desk, QueueFilter(), 9) == ()


@pytest.mark.parametrize("hold", [True, False])
def test_a_reply_that_is_not_at_the_network_is_left_to_a_person(shop: Shop, backup: Path, hold: bool) -> None:
    answer(shop, "Hi Andy.", hold=hold)
    back_up(shop.database.path, backup)
    cancel(shop.desk, 1)
    put_back(shop, backup)
    with opened_again(shop) as again:
        work_on(again)
        assert (only_entry(again).state, only_entry(again).error) == ("unknown", RESTORED)
        assert posted(again) == []
        assert cancel(again.desk, 1) == "Hi Andy."
        draft = load_draft(again.desk, 1)
        assert draft is not None and draft.text == "Hi Andy."


def test_of_several_parts_those_that_were_sent_are_found_one_by_one(shop: Shop, backup: Path) -> None:
    answer(shop, "Hi Andy.", "And more.", "And still more.")
    back_up(shop.database.path, backup)
    shop.faults.send.extend(["none", "none", "not_sent"])
    shop.work()
    assert len(posted(shop)) == 2
    put_back(shop, backup)
    with opened_again(shop) as again:
        work_on(again)
        assert (only_entry(again).state, only_entry(again).parts_sent) == ("unknown", 2)
        assert len(posted(again)) == 2


def test_what_a_dead_worker_was_sending_is_looked_up_like_the_rest(shop: Shop, backup: Path) -> None:
    answer(shop, "Hi Andy.")
    with shop.database.write() as session:
        session.run("UPDATE outbox SET state = 'sending'")
    back_up(shop.database.path, backup)
    assert put_back(shop, backup).unknown == (1,)


def test_what_was_settled_stays_as_it_was(shop: Shop, backup: Path) -> None:
    answer(shop, "Hi Andy.")
    shop.work()
    back_up(shop.database.path, backup)
    assert put_back(shop, backup).unknown == ()
    with opened_again(shop) as again:
        assert only_entry(again).state == "sent"


def test_what_customers_wrote_after_the_backup_comes_back_by_itself(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.customer_writes("Anybody there?", "zak")
    shop.work()
    put_back(shop, backup)
    with opened_again(shop) as again:
        assert [row.handle for row in first_rows(again.desk, QueueFilter(), 9)] == ["andy"]
        again.work()
        assert {row.handle for row in first_rows(again.desk, QueueFilter(), 9)} == {"andy", "zak"}


def test_the_log_tells_of_the_restore_and_of_each_reply(shop: Shop, backup: Path) -> None:
    answer(shop, "Hi Andy.")
    back_up(shop.database.path, backup)
    put_back(shop, backup)
    with opened_again(shop) as again, again.database.read() as session:
        *_, restored, unknown = session.all("SELECT kind, conversation_id, data FROM event ORDER BY id")
    assert restored == ("restored", None, '{"unknown":1}')
    assert unknown[:2] == ("unknown", 1)
    assert RESTORED in unknown[2]


# ── nothing is deleted ────────────────────────────────────────────────────────────────────────────


def test_the_file_that_was_there_stays_beside_and_can_be_restored_itself(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.customer_writes("Anybody there?", "zak")
    shop.work()
    shop.worker.stop()
    shop.database.close()
    before = dump(shop.database.path)
    first = put_back(shop, backup)
    assert first.kept == shop.database.path.with_name(f"desk.db.before-restore-{STAMP}")
    assert dump(first.kept) == before
    second = put_back(shop, first.kept)
    assert second.kept is not None and second.kept != first.kept
    with opened_again(shop) as again:
        assert len(first_rows(again.desk, QueueFilter(), 9)) == 2


def test_nothing_else_is_left_lying_about(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    put_back(shop, backup)
    found = {file.name for file in shop.database.path.parent.glob("*desk.db*")}
    assert found == {"desk.db", f"desk.db.before-restore-{STAMP}"}
    assert {file.name for file in backup.parent.iterdir()} == {"desk.db"}
    assert not [one for one in inspect(shop.database.path) if not one.sound]


def test_a_damaged_database_gives_way_to_the_backup_and_is_kept(shop: Shop, backup: Path) -> None:
    path = shop.database.path
    back_up(path, backup)
    shop.worker.stop()
    shop.database.close()
    write_over(path, 0, b"\xff" * 200)
    before = path.read_bytes()
    done = restore(path, backup, now=START, stamp=STAMP)
    assert done.kept is not None
    assert done.kept.read_bytes() == before
    with opened_again(shop) as again:
        assert len(first_rows(again.desk, QueueFilter(), 9)) == 1


def test_where_the_database_is_gone_the_backup_takes_its_place_and_a_log_left_behind_is_not_read(
    shop: Shop, backup: Path
) -> None:
    path = shop.database.path
    back_up(path, backup)
    shop.worker.stop()
    log = path.with_name("desk.db-wal").read_bytes()
    shop.database.close()
    path.unlink()
    path.with_name("desk.db-wal").write_bytes(log)
    done = restore(path, backup, now=START, stamp=STAMP)
    assert done.kept is None
    assert path.with_name(f"desk.db.before-restore-{STAMP}-wal").read_bytes() == log
    with opened_again(shop) as again:
        assert len(first_rows(again.desk, QueueFilter(), 9)) == 1


def test_those_who_could_open_it_still_can(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.database.path.chmod(0o660)
    put_back(shop, backup)
    assert shop.database.path.stat().st_mode & 0o777 == 0o660


def test_a_database_that_is_a_link_stays_one(shop: Shop, backup: Path, tmp_path: Path) -> None:
    back_up(shop.database.path, backup)
    (tmp_path / "link.db").symlink_to(shop.database.path)
    shop.worker.stop()
    shop.database.close()
    restore(tmp_path / "link.db", backup, now=START, stamp=STAMP)
    assert (tmp_path / "link.db").is_symlink()
    assert not shop.database.path.is_symlink()


# ── what is put back ──────────────────────────────────────────────────────────────────────────────


def test_a_backup_of_an_earlier_version_is_upgraded_and_stays_itself_as_it_was(
    shop: Shop, backup: Path, tmp_path: Path
) -> None:
    back_up(shop.database.path, backup)
    before = backup.read_bytes()
    shop.worker.stop()
    shop.database.close()
    shutil.copytree(DESK.folder, tmp_path / "migrations")
    (tmp_path / "migrations" / f"{SCHEMA_VERSION + 1:04d}_made_up.sql").write_text("CREATE TABLE made_up (x);\n")
    newer = Schema(SCHEMA_VERSION + 1, tmp_path / "migrations")
    done = restore(shop.database.path, backup, now=START, stamp=STAMP, schema=newer)
    assert done.contents.version == newer.version
    assert backup.read_bytes() == before
    open_database(shop.database.path, newer).close()


def absent(backup: Path) -> None:
    backup.unlink()


def empty(backup: Path) -> None:
    backup.write_bytes(b"")


def a_text(backup: Path) -> None:
    backup.write_text("no database " * 1000)


def damaged(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message'").fetchone()
    write_over(backup, (page - 1) * 4096, b"\xff" * 4096)


def truncated(backup: Path) -> None:
    os.truncate(backup, backup.stat().st_size // 2)


def of_a_newer_carecli(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA user_version = 99")


def of_another_program(backup: Path) -> None:
    backup.unlink()
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")


def a_pipe(backup: Path) -> None:
    backup.unlink()
    os.mkfifo(backup)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (absent, "There is no file"),
        (empty, "is empty"),
        (a_text, "is damaged, or is not a carecli database"),
        (damaged, "is damaged"),
        (truncated, "is damaged"),
        (of_a_newer_carecli, "was written by a newer carecli"),
        (of_another_program, "is a database of some other program"),
        (a_pipe, "is not a file"),
    ],
)
def test_what_is_no_sound_backup_is_refused_and_the_desk_is_as_it_was(
    shop: Shop, backup: Path, harm: object, sentence: str
) -> None:
    assert callable(harm)
    back_up(shop.database.path, backup)
    harm(backup)
    shop.worker.stop()
    shop.database.close()
    before = dump(shop.database.path)
    with pytest.raises(CareError, match=sentence) as caught:
        put_back(shop, backup)
    assert isinstance(caught.value, StoreError | NotFound)
    assert {file.name for file in shop.database.path.parent.glob("*desk.db*")} == {"desk.db"}
    assert dump(shop.database.path) == before


def test_the_database_is_no_backup_of_itself(shop: Shop) -> None:
    with pytest.raises(Misuse, match="is the desk's database itself"):
        put_back(shop, shop.database.path)


def test_what_is_wrong_with_a_backup_that_can_be_worked_with_is_told(shop: Shop, backup: Path) -> None:
    with shop.database.write() as session:
        session.run("UPDATE conversation SET state = 'waiting'")
    back_up(shop.database.path, backup)
    assert put_back(shop, backup).problems == ("Open waits without a conversation that needs a reply: 1 (1).",)


# ── nobody is at work meanwhile ───────────────────────────────────────────────────────────────────

HOLD_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM account").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def open_elsewhere(path: Path) -> Iterator[None]:
    """While another process has the database open, and does nothing with it."""
    words = [sys.executable, "-c", HOLD_OPEN, os.fspath(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "open\n"
        yield
        other.stdin.close()


def refused(shop: Shop, backup: Path) -> str:
    """The sentence with which a restore is refused; the file is the same afterwards."""
    path = shop.database.path
    file = path.stat().st_ino
    with pytest.raises(StoreError) as caught:
        restore(path, backup, now=START, stamp=STAMP)
    assert path.stat().st_ino == file
    assert "Close" in caught.value.remedy
    return caught.value.sentence


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carecli.store.restore._PATIENCE_MS", 50)


@pytest.mark.usefixtures("hurried")
def test_it_is_refused_while_the_desk_is_open(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    assert "is in use" in refused(shop, backup)


@pytest.mark.usefixtures("hurried")
def test_it_is_refused_while_another_process_has_the_desk_open_even_if_it_is_damaged(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.worker.stop()
    shop.database.close()
    with open_elsewhere(shop.database.path):
        assert "is in use" in refused(shop, backup)
        write_over(shop.database.path, 0, b"\xff" * 100)
        assert "is in use" in refused(shop, backup)
    restore(shop.database.path, backup, now=START, stamp=STAMP)


@pytest.mark.usefixtures("hurried")
def test_it_is_refused_while_somebody_writes(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.worker.stop()
    shop.database.close()
    with locked(shop.database.path):
        assert "is in use" in refused(shop, backup)


def test_it_is_refused_while_a_worker_holds_a_lease(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.worker.stop()
    with shop.database.write() as session:
        leases.take(session, "delivery:care", "elsewhere", 30)
    shop.database.close()
    assert "is at work on" in refused(shop, backup)


def test_a_lease_of_one_who_was_killed_holds_nobody_up(shop: Shop, backup: Path) -> None:
    back_up(shop.database.path, backup)
    shop.worker.stop()
    with shop.database.write() as session:
        leases.take(session, "delivery:care", "killed", 30)
    shop.database.close()
    restore(shop.database.path, backup, now=START, stamp=STAMP, gone=lambda holder: holder == "killed")
    with opened_again(shop) as again, again.database.read() as session:
        assert leases.held(session) == ()


def test_leases_that_were_held_when_the_backup_was_made_hold_nobody_up(shop: Shop, backup: Path) -> None:
    with shop.database.write() as session:
        leases.take(session, "delivery:care", "elsewhere", 30)
    back_up(shop.database.path, backup)
    with shop.database.write() as session:
        leases.drop_all(session)
    put_back(shop, backup)
    with opened_again(shop) as again, again.database.write() as session:
        assert leases.held(session) == ()
        assert leases.take(session, "delivery:care", "new", 30) is not None
