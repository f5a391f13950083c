"""A list of any number of one-line rows that costs what is visible: no widget per row, no text before it is seen.

Subclasses say how many rows there are (`total`) and draw one (`row_strip`). The keys are those of the keymap's lists.
Not for: rows of several lines (`ThreadView`), fetching (ask by message).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from carecli.tui.keymap import bindings
from carecli.tui.widgets.cells import wrap
from carecli.tui.widgets.painting import Span, paint
from carecli.tui.widgets.scrolled import Scrolled

# How long after a key others are told of the row under the cursor: its picture is out by then.
_TOLD_SECONDS = 0.02
# Two screens of rows: each takes 3 KiB, and to draw it anew a fraction of a millisecond.
_STRIPS_KEPT = 80


class LineList(Scrolled, can_focus=True, inherit_bindings=False):
    """Rows of one line each, one of them under the cursor.

    Posts `Highlighted` when another row comes under the cursor, `Chosen` on enter or a double click.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor", "line-list--empty"}
    BINDINGS: ClassVar[list[BindingType]] = bindings("list")
    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .line-list--cursor { background: $cursor-blurred; text-style: bold; }
        &:focus > .line-list--cursor { background: $cursor; color: $cursor-text; text-style: $cursor-style; }
        & > .line-list--empty { color: $muted; }
    }
    """

    cursor = reactive(0, repaint=False, init=False)

    class Highlighted(Message):
        """Row `index` is under the cursor now."""

        def __init__(self, control: LineList, index: int) -> None:
            super().__init__()
            self.list = control
            self.index = index

        @property
        def control(self) -> LineList:
            return self.list

    class Chosen(Highlighted):
        """Row `index` was chosen."""

    def __init__(self, *, empty: str = "Nothing here.", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._empty = empty
        self._total = 0
        self._strips: LRUCache[tuple[Hashable, bool, int], Strip] = LRUCache(_STRIPS_KEPT)
        self._telling: Timer | None = None

    # ── for subclasses ────────────────────────────────────────────────────────────────────────────

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        """Draw row `index` in exactly `width` cells; see `painting.paint`."""
        raise NotImplementedError

    def row_key(self, index: int) -> Hashable:
        """What the look of row `index` depends on, beside selection and width: rows are drawn once per key."""
        return index

    def highlighted_message(self, index: int) -> Message:
        """What to post when row `index` comes under the cursor."""
        return self.Highlighted(self, index)

    def chosen_message(self, index: int) -> Message:
        """What to post when row `index` is chosen."""
        return self.Chosen(self, index)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    @property
    def total(self) -> int:
        """How many rows there are. Setting it keeps the cursor inside and draws everything again."""
        return self._total

    @total.setter
    def total(self, total: int) -> None:
        self._total = total
        if not self.container_size and total >= self.app.size.height:
            # As many rows as the terminal has lines need a bar, however high the list: the first picture has it.
            self.show_vertical_scrollbar = self.vertical_scrollbar.display = True
        self.virtual_size = Size(0, total)
        self.cursor = min(self.cursor, max(0, total - 1))
        self.redraw()

    @property
    def empty(self) -> str:
        """The sentence of a list without rows."""
        return self._empty

    @empty.setter
    def empty(self, sentence: str) -> None:
        self._empty = sentence
        self.refresh()

    def redraw(self) -> None:
        """Forget what was drawn, and draw again what is visible."""
        self._strips.clear()
        self.refresh()

    @property
    def page(self) -> int:
        """How many rows are visible at once."""
        return max(1, self.scrollable_content_region.height)

    @property
    def in_view(self) -> range:
        """The indices of the visible rows."""
        top = self.scroll_offset.y
        return range(top, min(self._total, top + self.page))

    def strips(self, lines: range) -> list[Strip]:
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        return [self._row(top + y, width) if top + y < self._total else self._blank_line(y, width) for y in lines]

    def _row(self, index: int, width: int) -> Strip:
        selected = index == self.cursor
        key = (self.row_key(index), selected, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self.row_strip(index, selected, width)
        return strip

    def _blank_line(self, y: int, width: int) -> Strip:
        if self._total == 0 and self._empty:
            lines = wrap(self._empty, max(2, width - 2))
            if 1 <= y <= len(lines):
                return paint((Span(" "), Span(lines[y - 1], "empty")), width, self.palette)
        return paint((), width, self.palette)

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    # ── the cursor ────────────────────────────────────────────────────────────────────────────────

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self._total - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)
        self.show_cursor()
        # Drawn first, and told when the picture is out: the thread that writes it waits for this one to rest.
        if self._telling is None:
            self._telling = self.set_interval(_TOLD_SECONDS, self._tell)
        else:
            self._telling.reset()

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.pause()
        self.announce()

    def announce(self) -> None:
        """Tell of the row that is under the cursor now."""
        if self._total:
            self.post_message(self.highlighted_message(self.cursor))

    def show_cursor(self) -> None:
        """Scroll so that the cursor's row is in view: as little as needed, or, for a step over the edge, half a page.

        So one step in twenty draws the whole list, and not each: that is felt over a slow line.
        """
        top, page = self.scroll_offset.y, self.page
        if self.cursor < top:
            step = page // 2 if self.cursor == top - 1 else 0
            self.scroll_to(y=max(0, self.cursor - step), animate=False, force=True)
        elif self.cursor >= top + page:
            step = page // 2 if self.cursor == top + page else 0
            self.scroll_to(y=self.cursor - page + 1 + step, animate=False, force=True)
        self._place_terminal_cursor()

    def _place_terminal_cursor(self) -> None:
        # Screen readers and braille displays follow the terminal's cursor.
        if self.has_focus:
            x, y = self.scrollable_content_region.offset
            self.app.cursor_position = Offset(x, y + self.cursor - self.scroll_offset.y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)
        if self.show_vertical_scrollbar:
            # To draw it takes as long as the rows do, so it moves only where that is seen: by eighths of a cell.
            step = max(1, self.max_scroll_y // (8 * self.page))
            self.vertical_scrollbar.position = new_value if new_value == self.max_scroll_y else new_value // step * step
        self._place_terminal_cursor()

    def on_focus(self) -> None:
        self._place_terminal_cursor()

    def on_resize(self) -> None:
        self.show_cursor()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or (index := offset.y + self.scroll_offset.y) >= self._total:
            return
        self.cursor = index
        if event.chain == 2:
            self.action_list_choose()

    def action_list_down(self) -> None:
        self.cursor += 1

    def action_list_up(self) -> None:
        self.cursor -= 1

    def action_list_page_down(self) -> None:
        self.cursor += self.page

    def action_list_page_up(self) -> None:
        self.cursor -= self.page

    def action_list_home(self) -> None:
        self.cursor = 0

    def action_list_end(self) -> None:
        self.cursor = self._total - 1

    def action_list_choose(self) -> None:
        if self._total:
            self.post_message(self.chosen_message(self.cursor))
