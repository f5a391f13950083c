"""A person works a shift: README's steps, by keys alone, in a real terminal, on the simulated network.

What is on the screen, what stands at the network and what another process tells must be the same.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyte.modes import DECTCEM

from carecli.channels.sandbox.network import SandboxNetwork
from carecli.channels.sandbox.wire import Post
from carecli.simulation import DEMO_START, demo_config
from tests.end_to_end.flags import told
from tests.terminal.escapes import escape_violations
from tests.terminal.session import PATIENCE, Session

REPLY = "Sorry for the wait, we are looking into it now."
INVITATION = "Write to us there, please, with your address."
NOTE = "Same street as the other two."
# In the numbers of pyte.
MOUSE = {mode << 5 for mode in (1000, 1002, 1003, 1006, 1015, 1016)}
LEFT_ON = {mode << 5 for mode in (1004, 2004)}


# A reply of ours in its thread: still held, or on its way, or there by now.
OURS = re.compile(r"HELD|ON ITS WAY|· us, claire")


def opened(folder: Path, *more: str) -> Session:
    return Session([sys.executable, "-m", "carecli", "demo", "--folder", str(folder), *more], rows=40, columns=120)


def posts_by_us(folder: Path) -> list[Post]:
    network = SandboxNetwork(folder / "sandbox.db", 7, start=DEMO_START)
    try:
        return [post for post in network.posts_after(0, 10_000) if post.author == network.account]
    finally:
        network.close()


def customers_are_there(screen: Session) -> None:
    screen.wait_until(lambda rows: re.search(r"[1-9]\d* waiting", rows[0]) is not None, what="waiting customers")


def take_the_next(screen: Session, folder: Path) -> Any:  # noqa: ANN401
    """Press `n`; the customer who is open then, as the queue tells of them."""
    most_urgent = next(row for row in told(folder, "queue")["rows"] if not row["claimed_by"])
    screen.press("n")
    screen.wait_until(
        lambda rows: any(f"@{most_urgent['handle']}" in row and "⚑ claire" in row for row in rows),
        what=f"the header of @{most_urgent['handle']}",
    )
    return most_urgent


def test_a_new_agent_works_a_shift(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with opened(folder, "--seed", "7") as screen:
        # The greeting opens the shift.
        customers_are_there(screen)
        screen.press("g")
        screen.wait_for("Post the greeting")
        screen.press("enter")
        screen.wait_for("shift greeted")

        # The most urgent one, read and answered; the desk signs.
        first = take_the_next(screen, folder)
        screen.wait_for(first["excerpt"][:30])
        screen.wait_for("waiting since")
        screen.press("r")
        screen.wait_for("‹^CL›")
        screen.type(REPLY)
        screen.wait_for(f"{len(REPLY) + len(' ^CL')}/280")
        screen.press("ctrl+s")
        screen.wait_for("A question is still open")
        screen.press("1")
        screen.wait_gone("A question is still open")
        screen.press("ctrl+t")
        screen.wait_for("✓")
        screen.press("ctrl+s")
        screen.wait_for("HELD, can be taken back")
        screen.wait_for(f"{REPLY} ^CL")
        screen.wait_for("1 on the way")

        # The next one in private; the third waits for an hour, with a note; the fourth is done.
        second = take_the_next(screen, folder)
        screen.press("p")
        screen.wait_for("sandbox.example/messages")
        screen.type(f" {INVITATION}")
        screen.wait_for("with your address.")
        screen.press("ctrl+s")
        screen.wait_until(lambda rows: any(OURS.search(row) or "still open" in row for row in rows))
        if any("still open" in row for row in screen.screen_text()):
            screen.press("2")
        screen.wait_until(lambda rows: any(OURS.search(row) for row in rows), what="the reply in the thread")
        third = take_the_next(screen, folder)
        screen.press("a")
        screen.wait_for("Note on")
        screen.type(NOTE)
        screen.press("ctrl+s")
        screen.wait_for(f"claire: {NOTE}")
        screen.press("z")
        screen.wait_for("1 hour")
        screen.press("2")
        screen.wait_for("snoozed until")
        fourth = take_the_next(screen, folder)
        screen.press("e")
        screen.wait_for("Solved")
        screen.press("1")
        screen.wait_for("is resolved")

        # Both replies leave by themselves; the first one's countdown has stopped.
        screen.press("o")
        screen.wait_for("OUTBOX")
        screen.press("f")
        screen.wait_until(lambda rows: sum(row.startswith(" sent ") for row in rows) == 3, what="greeting, two replies")
        screen.press("down", "enter")
        screen.wait_for("waiting on the customer")
        rows = screen.wait_gone("on the way")
        assert any(f"@{first['handle']}" in row for row in rows)
        assert not any("due in" in row or "HELD" in row for row in rows)

        # Good night.
        screen.press("G")
        screen.wait_for("Post the sign-off")
        screen.press("enter")
        screen.wait_for("shift signed off")

        # Another process tells the same, while the desk is open.
        sent = {entry["text"]: entry for entry in told(folder, "outbox", "--all")}
        assert {entry["state"] for entry in sent.values()} == {"sent"}
        assert sorted(entry["kind"] for entry in sent.values()) == ["greeting", "reply", "reply", "signoff"]
        assert sent[f"{REPLY} ^CL"]["conversation_id"] == first["conversation_id"]
        waiting = {row["handle"] for row in told(folder, "queue")["rows"]}
        assert waiting.isdisjoint(row["handle"] for row in (first, second, third, fourth))
        assert [row["handle"] for row in told(folder, "queue", "--snoozed")["rows"]] == [third["handle"]]
        assert [note["text"] for note in told(folder, "show", str(third["conversation_id"]))["notes"]] == [NOTE]
        assert told(folder, "show", str(fourth["conversation_id"]))["state"] == "resolved"
        (shift,) = told(folder, "shift", "status")
        assert shift["greeted_at"] is not None
        assert shift["signed_off_at"] is not None

        screen.press("q")
        assert screen.wait_exit() == 0
        assert escape_violations(screen.raw) == []

    # Each of these stands at the network once, and nothing else.
    greeting, reply, invitation, sign_off = posts_by_us(folder)
    assert (greeting.parent_id, sign_off.parent_id) == (None, None)
    assert greeting.text == next(text for text, entry in sent.items() if entry["kind"] == "greeting")
    assert reply.text == f"{REPLY} ^CL"
    assert (reply.parent_id is not None, reply.visibility) == (True, "public")
    assert "https://sandbox.example/messages/NorthwindCare" in invitation.text
    assert invitation.text.endswith(f"{INVITATION} ^CL")


def test_what_was_typed_survives_a_kill(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with opened(folder, "--seed", "7") as screen:
        customers_are_there(screen)
        customer = take_the_next(screen, folder)
        screen.press("r")
        screen.wait_for("0/280")
        # Typed without a pause: what is stored must not wait for one.
        typing, last = itertools.cycle("Hello again. "), time.monotonic() + PATIENCE
        while len(_draft(folder)) < 10 and time.monotonic() < last:
            screen.press(next(typing))
            screen.read(0.02)
        os.kill(screen.pid, signal.SIGKILL)
        assert screen.wait_exit() == -signal.SIGKILL
    draft = _draft(folder)
    assert "Hello" in draft
    with opened(folder, "--resume") as screen:
        customers_are_there(screen)
        screen.press("enter")
        screen.wait_for(f"@{customer['handle']}")
        screen.wait_for(f"{len(draft.rstrip()) + len(' ^CL')}/280")
        screen.wait_for(draft.rstrip())
        assert posts_by_us(folder) == []


def _draft(folder: Path) -> str:
    """The one draft that is stored, as a process sees it that reads the file beside the desk."""
    with sqlite3.connect(f"file:{folder / 'desk.db'}?mode=ro", uri=True) as database:
        row = database.execute("SELECT text FROM draft").fetchone()
    return str(row[0]) if row else ""


@pytest.mark.parametrize("mouse", [False, True], ids=["without the mouse", "with the mouse"])
def test_the_terminal_is_given_back_as_it_was(tmp_path: Path, mouse: bool) -> None:
    folder = tmp_path / "demo"
    config = demo_config(folder, seed=7, speed=1, now=datetime.now(UTC)).folder / "config.toml"
    config.write_text(f"mouse = {str(mouse).lower()}\n" + config.read_text("utf-8"), "utf-8")
    shell = 'echo before; "$0" -m carecli demo --resume --folder "$1"; echo "after $?"'
    with Session(["sh", "-c", shell, sys.executable, str(folder)], rows=24, columns=80) as screen:
        screen.wait_for("QUEUE")
        assert "before" not in "".join(screen.screen_text())
        assert bool(MOUSE & screen.screen.mode) == mouse
        screen.press("q")
        assert screen.wait_for("after 0")[:3] == ["before", "after 0", ""]
        assert not (MOUSE | LEFT_ON) & screen.screen.mode
        assert DECTCEM in screen.screen.mode
        assert not screen.screen.cursor.hidden
        assert screen.screen.title == ""
        assert len(re.findall(rb"\x1b\[>\d+u", screen.raw)) == screen.raw.count(b"\x1b[<u"), "the kitty keys"
