"""What strangers write never acts on the terminal: not on the desk, in any place that shows it, and in no command.

The bytes are judged as they leave the process, the screen as a terminal draws it. Who is attacked: `attacked`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from carecli.config import load
from carecli.desk.context import open_desk
from carecli.desk.queue import first_rows
from carecli.desk.views import QueueFilter
from carecli.store.sqlite import open_database
from tests.end_to_end.attacked import MARK, everything, write_more
from tests.hostile import HOSTILE, acting
from tests.terminal.escapes import escape_violations
from tests.terminal.session import Session

# Rows and columns: the queue as a drawer, beside the conversation, and with the customer's card.
NARROW, WIDE, BROAD = (24, 80), (40, 120), (50, 200)
LONG = pytest.mark.long
SIZES = pytest.mark.parametrize(
    "size", [NARROW, pytest.param(WIDE, marks=LONG), pytest.param(BROAD, marks=LONG)], ids=["80x24", "120x40", "200x50"]
)
BOTH_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
_NON_JOINER = "\u200c"
# Terminals take escapes out of what is pasted: they would end the paste. What stored drafts hold is shown above.
PASTED = " ".join(everything().replace("\x1b", "").split()) + " pasted"


class Visitor:
    """Somebody who goes through an attacked desk, and looks at the screen wherever they are."""

    def __init__(self, screen: Session, size: tuple[int, int]) -> None:
        self.screen = screen
        self.rows, self.columns = size
        self._places: list[tuple[int, str]] = []

    @property
    def narrow(self) -> bool:
        return (self.rows, self.columns) == NARROW

    def look(self, place: str) -> None:
        """Nothing on the screen acts or hides, and its frame stands where it stood."""
        self._places.append((len(self.screen.raw), place))
        # Persian is spelt with the non-joiner, so that one may write it.
        acts = {ascii(acting(row.replace(_NON_JOINER, ""))) for row in self.screen.screen_text()}
        assert acts == {"''"}, place
        # A dialog may take a second look at how tall it is.
        self.screen.wait_until(lambda _: self._is_whole(), what=f"the frame: {place}")

    def _is_whole(self) -> bool:
        """Whether status, keys and frame are seen in their places; a dialog stands before them."""
        screen = self.screen.screen
        # The second cell of a wide character is empty; a mark of what was cut off may hang on the frame.
        cells = [[screen.buffer[y][x].data for x in range(self.columns)] for y in range(self.rows)]
        first, last = "".join(cells[0]), "".join(cells[-1]).rstrip()
        if not first.strip() or not last.endswith(("? keys", "ctrl+p palette")):
            return False
        signs = [[cell[:1] for cell in row] for row in cells]
        top = next((number for number, row in enumerate(signs) if "╭" in row), None)
        if top is not None:
            left, right = signs[top].index("╭"), len(signs[top]) - 1 - signs[top][::-1].index("╮")
            below = [row[left] + row[right] for row in signs[top + 1 :]]
            bottom = below.index("╰╯") if "╰╯" in below else -1
            return bottom > 0 and set(below[:bottom]) == {"││"}
        border = signs[1].index("▕") if "▕" in signs[1] else None
        return border is None or {row[border] for row in signs[1:-1]} == {"▕"}

    def leave(self) -> None:
        """Quit, in good order; then judge all that went to the terminal."""
        self.screen.press("q")
        assert self.screen.wait_exit() == 0
        assert self.screen.screen.title == ""
        assert self.screen.screen.icon_name == ""
        raw = self.screen.raw
        assert escape_violations(raw) == []
        for hostile in HOSTILE:
            for sign in hostile.signs:
                at = raw.find(sign.encode())
                assert at < 0, f"{hostile.what}, {self._place_of(at)}"

    def _place_of(self, at: int) -> str:
        return next((place for end, place in self._places if at < end), "at the end")

    def wait_for_mark(self, number: int) -> None:
        """Wait for the newest message of a conversation, in its own pane."""
        mark, left = f"{MARK}{number:02}", 0 if self.narrow else self.columns // 3
        self.screen.wait_until(lambda rows: any(mark in row[left:] for row in rows), what=mark)

    def down(self, times: int = 1) -> None:
        """Move down in the queue, and wait until the rows there are known."""
        self.screen.press(*["down"] * times)

        def known(rows: list[str]) -> bool:
            return all("@" in row for row in (row.partition("▕")[0] for row in rows[2:-1]) if row.strip())

        self.screen.wait_until(known, what="all rows")

    def open(self, number: int) -> None:
        """From the queue to the conversation under the cursor, where it does not stand beside."""
        if self.narrow:
            self.screen.press("enter")
        self.wait_for_mark(number)

    def back_to_the_queue(self) -> None:
        if self.narrow:
            self.screen.press("escape")
            self.screen.wait_for(" QUEUE")


@contextmanager
def visiting(folder: Path, size: tuple[int, int]) -> Iterator[Visitor]:
    with opened(size, "--config", str(folder / "config.toml"), "desk") as visitor:
        visitor.screen.wait_for(f"{len(HOSTILE)} waiting")
        yield visitor


@contextmanager
def opened(size: tuple[int, int], *words: str) -> Iterator[Visitor]:
    with Session([sys.executable, "-m", "carecli", *words], rows=size[0], columns=size[1]) as screen:
        screen.wait_for("? keys")
        visitor = Visitor(screen, size)
        yield visitor
        visitor.leave()


def in_order(folder: Path) -> list[int]:
    """Which text of `HOSTILE` attacks in each row of the queue, from its top."""
    desk = open_desk(load(folder / "config.toml"))
    try:
        return [row.conversation_id - 1 for row in first_rows(desk, QueueFilter(), 100)]
    finally:
        desk.close()


@SIZES
def test_no_customer_acts_in_queue_conversation_and_composer(attacked: Path, size: tuple[int, int]) -> None:
    # On the small and the large screen every third: the queue has shown the others.
    every = 1 if size == WIDE else 3
    with visiting(attacked, size) as visitor:
        visitor.look("queue")
        for place, number in enumerate(in_order(attacked)[::every]):
            if place:
                visitor.down(every)
            visitor.open(number)
            visitor.look(f"conversation with {HOSTILE[number].what}")
            assert HOSTILE[number].literal in "\n".join(visitor.screen.screen_text())
            visitor.back_to_the_queue()


@LONG
@BOTH_SIZES
def test_nothing_acts_that_is_pasted(attacked: Path, size: tuple[int, int]) -> None:
    with visiting(attacked, size) as visitor:
        screen = visitor.screen
        for keys, shows in ((("a",), "ctrl+s keep"), (("z", "4"), "2h, 14:30"), (("/",), "results")):
            screen.press(*keys)
            screen.wait_for(shows)
            screen.paste(PASTED)
            # A field shows the end of what was pasted once a key follows.
            screen.type("!")
            screen.wait_for("pasted!")
            visitor.look(f"pasted, {shows}")
            screen.press("escape")
            screen.wait_gone("pasted")
        visitor.open(in_order(attacked)[0])
        screen.press("r")
        screen.wait_for("ctrl+s send")
        screen.paste(PASTED)
        screen.wait_for("pasted")
        visitor.look("pasted, reply")
        screen.press("escape")
        screen.wait_for("n next")


@LONG
@BOTH_SIZES
def test_nobody_acts_in_dialogs_and_notices(attacked: Path, size: tuple[int, int]) -> None:
    with visiting(attacked, size) as visitor:
        screen, left = visitor.screen, len(HOSTILE)
        for number in in_order(attacked)[::3]:
            for key, shows in (("z", "15 minutes"), ("a", "ctrl+s keep"), ("e", "Gone silent")):
                screen.press(key)
                screen.wait_for(shows)
                visitor.look(f"{shows}, {HOSTILE[number].what}")
                if key != "e":
                    screen.press("escape")
                    screen.wait_gone(shows)
            left -= 1
            screen.press("1")
            screen.wait_for(f"{left} waiting")
            screen.wait_for("is resolved")
            visitor.look(f"resolved, {HOSTILE[number].what}")
            visitor.down(2)


@LONG
@BOTH_SIZES
def test_nobody_acts_in_outbox_shift_and_help(attacked: Path, size: tuple[int, int]) -> None:
    with visiting(attacked, size) as visitor:
        screen = visitor.screen
        screen.press("o")
        for hostile in reversed(HOSTILE):
            screen.wait_for(" error")
            visitor.look(f"outbox, {hostile.what}")
            screen.press("down")
            screen.settle(0.02)
        for key, shows in (("f", "all of it"), ("escape", " QUEUE"), ("s", "SHIFT"), ("?", "KEYS")):
            screen.press(key)
            screen.wait_for(shows)
            visitor.look(shows)
        screen.press("escape")
        screen.wait_for(" QUEUE")


def test_what_comes_while_one_writes_does_not_act(attacked: Path) -> None:
    with visiting(attacked, WIDE) as visitor:
        screen, second = visitor.screen, in_order(attacked)[1]
        visitor.down()
        visitor.open(second)
        screen.press("r")
        screen.wait_for("ctrl+s send")
        screen.type("Hi")
        database = open_database(attacked / "desk.db")
        try:
            write_more(database, second, f"news {everything()}")
        finally:
            database.close()
        screen.wait_for("4 messages")
        visitor.look("news in the thread")
        screen.press("ctrl+s")
        screen.wait_for("Look first")
        visitor.look("moved on")
        screen.press("3")
        screen.wait_gone("Look first")
        screen.press("escape")
        screen.wait_for("n next")


@LONG
def test_no_brand_of_an_archive_acts_when_it_is_played_again(attacked: Path, tmp_path: Path) -> None:
    archive = tmp_path / "\x1b]0;owned\x07.jsonl"
    archive.write_text("\n".join(_lines()), "utf-8")
    with opened(BROAD, "replay", str(archive), "--folder", str(tmp_path / "replay"), "--speed", "3600") as visitor:
        screen = visitor.screen
        screen.wait_for("44 accounts")
        screen.press("down")
        screen.wait_for("network    archive")
        visitor.look("conversation")
        for key, shows in (
            ("f", "Unclaimed"),
            ("escape", "QUEUE"),
            ("s", "SHIFT"),
            ("tab", "SHIFT"),
            ("escape", "QUEUE"),
        ):
            screen.press(key)
            screen.wait_for(shows)
            visitor.look(f"{shows} in the replay")


def _lines() -> Iterator[str]:
    """An archive of brands whose names attack, each with a customer who waits."""
    for number, hostile in enumerate(HOSTILE):
        brand = {"remote_id": f"b{number}", "handle": f"{hostile.text[:60]}{number}"}
        for place, author in enumerate(({"remote_id": "c"}, brand, {"remote_id": "c"})):
            line = {
                "remote_id": f"{number}.{place}",
                "author": author,
                "own": author is brand,
                "text": f"{hostile.text[:60]}?",
                "published_at": f"2026-03-02T09:00:0{place}Z",
                "parent_remote_id": f"{number}.{place - 1}" if place else None,
            }
            yield json.dumps(line)
