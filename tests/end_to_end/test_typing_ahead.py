"""Keys typed in one breath act in their order, each where the one before it led: in a real terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.flags import told
from tests.terminal.session import Session

TEXT = "zero euros, e 1 q: nothing of this is a command"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def screen(folder: Path) -> Iterator[Session]:
    command = [sys.executable, "-m", "carecli", "demo", "--folder", str(folder), "--seed", "7"]
    with Session(command, rows=40, columns=120) as session:
        session.wait_until(lambda rows: re.search(r"[2-9] waiting", rows[0]) is not None, what="waiting customers")
        yield session


def test_a_reply_typed_with_its_commands_is_a_reply_to_the_next_customer(screen: Session, folder: Path) -> None:
    expected = next(row for row in told(folder, "queue")["rows"] if not row["claimed_by"])
    # They have asked something: the desk asks whether that may stay open, and 2 says that it may.
    screen.send(f"nr{TEXT}\x132".encode())
    screen.wait_for("1 on the way")
    [entry] = told(folder, "outbox")
    assert entry["conversation_id"] == expected["conversation_id"]
    shown = told(folder, "outbox", "show", str(entry["entry_id"]))
    assert shown["parts"][0]["text"].startswith(TEXT)


def test_a_choice_typed_with_its_command_is_made(screen: Session) -> None:
    screen.send(b"nz2")
    screen.wait_for("Snoozed. The filter")


def test_a_greeting_is_confirmed_in_one_breath(screen: Session) -> None:
    screen.send(b"g\r")
    screen.wait_for("shift greeted")


def test_a_note_typed_with_its_command_is_a_note(screen: Session) -> None:
    screen.send(f"na{TEXT}\x13".encode())
    screen.wait_for(f"claire: {TEXT}")


def test_lines_pasted_without_a_word_of_it_are_all_looked_for(screen: Session) -> None:
    screen.send(b"/")
    screen.wait_for("search the messages")
    screen.send(b"the router is dead\re1 since\r")
    screen.wait_for("the router is dead e1 since")


def test_a_search_and_its_enter_may_be_typed_in_one_breath(screen: Session) -> None:
    screen.send(b"/internet\r")
    screen.wait_for("found")
    screen.wait_for("next  r reply")
