"""`carecli db backup`, `db check` and `db restore`."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from carecli.store.sqlite import open_database
from tests.cli.conftest import Run

TEXT = "Hi Andy, your line is back."


def database(folder: Path) -> Path:
    return folder / "desk.db"


def test_a_backup_stands_beside_the_database_with_its_date_and_says_what_is_in_it(run: Run, folder: Path) -> None:
    run("reply", "1", TEXT, "--public", "--no-wait")
    answer = run("db", "backup")
    (made,) = folder.glob("desk-*.db")
    assert re.fullmatch(r"desk-\d{4}-\d\d-\d\d-\d{6}\.db", made.name)
    size = round(made.stat().st_size / 1000)
    counts = "Conversations: 3, messages: 3, replies on their way: 1."
    assert (answer.code, answer.out) == (0, f"Backed up to {made}, {size} kB. {counts}\n")


def test_a_backup_overwrites_nothing_unless_told_to(run: Run, folder: Path) -> None:
    target = str(folder / "backup.db")
    assert run("db", "backup", target).code == 0
    assert run("db", "backup", target).code == 2
    assert run("db", "backup", target, "--force").code == 0


def test_without_a_database_there_is_nothing_to_do(run: Run, folder: Path) -> None:
    database(folder).unlink()
    assert run("db", "backup").code == 6
    assert run("db", "check").code == 6
    assert not database(folder).exists()


def test_a_sound_database_has_a_line_for_each_check(run: Run) -> None:
    answer = run("db", "check")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert len(lines) > 8
    assert all(line.startswith("ok    ") for line in lines)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_is_broken_is_named_and_ends_with_5(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    with closing(open_database(database(folder))) as opened, opened.write() as session:
        session.run("UPDATE conversation SET state = 'waiting' WHERE id = 1")
    answer = run("db", "check", *words)
    assert answer.code == 5
    assert "Open waits without a conversation that needs a reply: 1 (1)." in answer.out
    assert "is not sound: 1 of 12 checks failed." in answer.err


def test_a_backup_that_is_not_there_is_told(run: Run, folder: Path) -> None:
    answer = run("db", "check", str(folder / "none.db"))
    assert (answer.code, answer.out) == (6, "")
    assert answer.err.startswith("There is no file ")


def test_a_backup_can_be_checked_too(run: Run, folder: Path) -> None:
    run("db", "backup", str(folder / "backup.db"))
    assert run("db", "check", str(folder / "backup.db")).code == 0
    (folder / "backup.db").write_bytes(b"no database" * 100)
    answer = run("db", "check", str(folder / "backup.db"))
    assert (answer.code, answer.out) == (5, "")
    assert "is damaged, or is not a carecli database" in answer.err


def test_a_restore_says_what_is_there_now_where_the_rest_is_and_what_is_to_be_looked_up(run: Run, folder: Path) -> None:
    run("reply", "1", TEXT, "--public", "--no-wait")
    run("db", "backup", str(folder / "backup.db"))
    run("outbox", "cancel", "1")
    answer = run("db", "restore", str(folder / "backup.db"))
    (kept,) = folder.glob("desk.db.before-restore-*")
    assert answer.out.splitlines() == [
        f"Restored {folder / 'backup.db'}. Conversations: 3, messages: 3, replies on their way: 1.",
        f"What was there before is {kept}.",
        "To be looked up at the network: 1. `carecli outbox` lists them.",
    ]
    assert [row["state"] for row in run("outbox", "--json").data] == ["unknown"]


def test_what_is_wrong_with_a_restored_backup_is_told_beside_it(run: Run, folder: Path) -> None:
    with closing(open_database(database(folder))) as opened, opened.write() as session:
        session.run("UPDATE conversation SET state = 'waiting' WHERE id = 1")
    run("db", "backup", str(folder / "backup.db"))
    answer = run("db", "restore", str(folder / "backup.db"))
    assert answer.code == 0
    assert answer.err == "Open waits without a conversation that needs a reply: 1 (1).\n"


def test_a_restore_while_the_desk_is_open_ends_with_5(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carecli.store.restore._PATIENCE_MS", 50)
    run("db", "backup", str(folder / "backup.db"))
    with closing(open_database(database(folder))):
        answer = run("db", "restore", str(folder / "backup.db"), "--json")
    assert (answer.code, answer.error["error"]) == (5, "StoreError")
    assert "Close every desk" in answer.error["remedy"]


@pytest.mark.parametrize(
    "words", [("queue",), ("show", "1"), ("reply", "1", TEXT, "--public"), ("note", "1", "Hm"), ("db", "backup")]
)
def test_every_command_ends_with_5_and_a_sentence_where_the_database_is_damaged(
    run: Run, folder: Path, words: tuple[str, ...]
) -> None:
    database(folder).write_bytes(b"no database" * 1000)
    answer = run(*words)
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.count("\n") == 1
    assert "carecli db restore FILE" in answer.err
