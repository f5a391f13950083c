"""The thread on screen: it opens where an answer is owed, moves by message, and copies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.strip import Strip

from carecli.desk.views import NoteRow
from carecli.safetext import sanitize
from carecli.tui.widgets.thread_view import NOTHING_OPEN, ThreadView

from .stage import play, shown, until
from .views import NOW, conversation, message, our_message

SIZE = (60, 10)
LONG = [f"line {number:02}" for number in range(30)]


class CountingView(ThreadView):
    """Counts the lines that it is asked for."""

    asked = 0

    def strips(self, lines: range) -> list[Strip]:
        self.asked += len(lines)
        return super().strips(lines)


class OpeningView(ThreadView):
    """Is opened before its first picture, and keeps how far down each picture stood."""

    def __init__(self) -> None:
        super().__init__()
        self.tops: list[int] = []

    def on_mount(self) -> None:
        self.show(conversation(*(message(n, minute=n) for n in range(1, 30))), NOW)

    def strips(self, lines: range) -> list[Strip]:
        self.tops.append(self.scroll_offset.y)
        return super().strips(lines)


def test_the_first_picture_of_a_size_stands_where_the_last_one_does() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert set(thread.tops) == {thread.max_scroll_y}
        thread.tops.clear()
        await pilot.resize_terminal(60, 6)
        await until(pilot, lambda: bool(thread.tops))
        assert set(thread.tops) == {thread.max_scroll_y}

    thread = OpeningView()
    play(thread, scene, size=SIZE)


def test_with_nothing_open_it_says_what_to_do() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert shown(thread)[1].strip() == NOTHING_OPEN

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_it_opens_at_the_newest_message_that_nobody_answered() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        early = [our_message(n, minute=n) for n in range(1, 30)]
        thread.show(conversation(*early, message(30, "Anyone there?", minute=31), message(31, minute=30)), NOW)
        await pilot.pause()
        assert thread.selected is not None
        assert thread.selected.message_id == 30
        assert any("Anyone there?" in line for line in shown(thread))

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_j_and_k_go_from_message_to_message() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*(message(n, minute=n) for n in range(1, 20))), NOW)
        thread.focus()
        await pilot.press("home", "j", "j", "k")
        assert thread.cursor == 1
        await pilot.press("end")
        assert thread.cursor == 18
        assert "09:19" in "".join(shown(thread))

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_a_message_taller_than_the_screen_is_read_through_before_the_next() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1, "First"), message(2, "\n".join(LONG)), message(3, "Last")), NOW)
        thread.focus()
        thread.cursor = 1
        await pilot.pause()
        seen = " ".join(shown(thread))
        while thread.cursor == 1:
            thread.action_list_down()
            await pilot.pause()
            seen += " ".join(shown(thread))
        assert [line for line in LONG if line not in seen] == []
        assert thread.cursor == 2
        assert "Last" in "".join(shown(thread))

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_notes_below_the_last_message_can_be_reached() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        notes = tuple(NoteRow("rob", sanitize(f"note {n}"), NOW) for n in range(20))
        thread.show(conversation(message(1), notes=notes), NOW)
        thread.focus()
        for _ in range(4):
            thread.action_list_down()
            await pilot.pause()
        assert "note 19" in "".join(shown(thread))
        thread.action_list_up()
        thread.action_list_up()
        thread.action_list_up()
        await pilot.pause()
        assert "Hello" in "".join(shown(thread))

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_the_same_conversation_again_keeps_the_place_of_the_reader() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        many = [message(n, minute=n) for n in range(1, 30)]
        thread.show(conversation(*many), NOW)
        thread.cursor = 10
        await pilot.pause()
        before = shown(thread)
        thread.show(conversation(message(0, minute=0), *many, message(30, minute=40)), NOW)
        await pilot.pause()
        assert thread.selected is not None
        assert thread.selected.message_id == 11
        assert shown(thread) == before

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_a_reader_at_the_end_is_taken_along_to_what_is_new() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1, minute=1)), NOW)
        thread.show(conversation(message(1, minute=1), message(2, minute=2)), NOW)
        assert thread.cursor == 1

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_a_new_width_wraps_anew() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1, "word " * 30)), NOW)
        await pilot.pause()
        wide = thread.virtual_size.height
        await pilot.resize_terminal(30, 10)
        await until(pilot, lambda: thread.virtual_size.height > wide)
        width = thread.scrollable_content_region.width
        assert {thread.render_line(y).cell_length for y in range(10)} == {width}

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_y_copies_the_message_under_the_cursor() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1, "My number is 5"), message(2, "bump", minute=1)), NOW)
        thread.focus()
        await pilot.press("k", "y")
        assert pilot.app.clipboard == "My number is 5"

    thread = ThreadView()
    heard = play(thread, scene, size=SIZE)
    assert [(m.message_id, m.text) for m in heard if isinstance(m, ThreadView.Copied)] == [(1, "My number is 5")]


def test_a_click_selects_the_message_below_it() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1), message(2), message(3)), NOW)
        await pilot.click(thread, offset=(20, 3))
        assert thread.cursor == 1

    thread = ThreadView()
    play(thread, scene, size=SIZE)


@pytest.mark.parametrize("count", [300, 5000])
def test_of_a_long_thread_only_the_visible_lines_are_drawn(count: int) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*(message(n, minute=n - count) for n in range(count))), NOW + timedelta(days=9))
        await pilot.pause()
        assert thread.asked <= 4 * SIZE[1]
        assert thread.cursor == count - 1

    thread = CountingView()
    play(thread, scene, size=SIZE)


def test_the_terminal_cursor_follows_for_screen_readers() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(message(1, minute=1), message(2, minute=2)), NOW)
        thread.focus()
        await pilot.pause()
        assert pilot.app.cursor_position == (0, 2)

    thread = ThreadView()
    play(thread, scene, size=SIZE)
