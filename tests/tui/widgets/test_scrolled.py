"""Lines that are drawn at once, with and without a frame, and the bar beside them look as Textual draws them."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from carecli.tui.widgets.hint_line import HintLine
from carecli.tui.widgets.thread_view import ThreadView

from .stage import play
from .views import NOW, conversation, message

SIZE = (60, 10)
WHOLE = Region(0, 0, 60, 10)
MANY = [message(n, minute=n) for n in range(1, 30)]


class NotingView(ThreadView):
    """Keeps which lines it has drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[range] = []

    def strips(self, lines: range) -> list[Strip]:
        self.drawn.append(lines)
        return super().strips(lines)


class FramedLine(HintLine):
    """Hints in a box."""

    DEFAULT_CSS = "FramedLine { height: 3; border: round red; }"


def looks(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """The cells of some lines, each with its style, however they are cut into segments."""
    return [[(cell, str(segment.style)) for segment in strip for cell in segment.text] for strip in strips]


def by_textual(widget: Widget, crop: Region) -> list[Strip]:
    return Widget.render_lines(widget, crop)


@pytest.mark.parametrize("position", [0, 1, 7, 30, 49])
def test_the_bar_looks_as_textual_draws_it(position: int) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*MANY), NOW)
        thread.scroll_to(y=position, animate=False)
        await pilot.pause()
        bar, whole = thread.vertical_scrollbar, Region(0, 0, 1, 10)
        ours = bar.render_lines(whole)
        textual = [ScrollBar.render_line(bar, y) for y in range(10)]
        assert looks(ours) == looks(textual)

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_the_mouse_scrolls_by_the_bar() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*MANY), NOW)
        thread.scroll_to(y=0, animate=False)
        await pilot.pause()
        await pilot.click(thread.vertical_scrollbar, offset=(0, 9))
        await pilot.pause(0.3)
        assert thread.scroll_offset.y > 0

    thread = ThreadView()
    play(thread, scene, size=SIZE)


@pytest.mark.parametrize("crop", [WHOLE, Region(0, 3, 60, 2), Region(5, 0, 20, 4)])
def test_lines_that_are_drawn_at_once_look_as_textual_draws_them(crop: Region) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*MANY), NOW)
        await pilot.pause()
        within = 59 - crop.x
        ours, theirs = thread.render_lines(crop), by_textual(thread, crop)
        # In the last column stands the bar.
        assert [line[:within] for line in looks(ours)] == [line[:within] for line in looks(theirs)]

    thread = ThreadView()
    play(thread, scene, size=SIZE)


def test_a_frame_from_the_style_sheet_is_drawn_around_the_lines() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        line.show((("n", "next"), ("?", "keys")))
        await pilot.pause()
        top, middle, _ = (strip.text for strip in line.render_lines(Region(0, 0, 60, 3)))
        assert top.startswith("╭")
        assert "n next" in middle

    line = FramedLine()
    play(line, scene, size=SIZE)


def test_a_line_is_drawn_once_until_it_is_named_anew() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        thread.show(conversation(*MANY), NOW)
        await pilot.pause()
        thread.render_lines(WHOLE)
        thread.drawn.clear()
        thread.render_lines(WHOLE)
        assert thread.drawn == []
        thread.refresh(Region(0, 3, 60, 2), Region(0, 7, 60, 1))
        thread.render_lines(WHOLE)
        assert thread.drawn == [range(3, 5), range(7, 8)]
        thread.drawn.clear()
        thread.refresh()
        thread.render_lines(WHOLE)
        assert thread.drawn == [range(10)]

    thread = NotingView()
    play(thread, scene, size=SIZE)
