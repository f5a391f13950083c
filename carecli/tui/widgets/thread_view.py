"""The conversation on screen: the whole thread as a tree, one message under the cursor, notes and readers below it.

Each message is wrapped once per width (`thread_layout`) and painted when it comes into view.
Not for: the customer's summary above it (`ConversationHeader`) or marking anything as read.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import ClassVar, Self

from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from carecli.desk.views import ConversationView, ThreadRow
from carecli.safetext import SafeText
from carecli.tui.keymap import bindings
from carecli.tui.widgets.cells import wrap
from carecli.tui.widgets.painting import Line, Span, paint
from carecli.tui.widgets.scrolled import Scrolled
from carecli.tui.widgets.thread_layout import ThreadLayout, lay_out, newest_unanswered, reading_order

NOTHING_OPEN = "No conversation is open. Choose one in the queue."


class ThreadView(Scrolled, can_focus=True, inherit_bindings=False):
    """A conversation. `show` opens it at the customer's newest unanswered message."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "thread-view--cursor",
        "thread-view--theirs",
        "thread-view--ours",
        "thread-view--bystander",
        "thread-view--text",
        "thread-view--muted",
        "thread-view--guide",
        "thread-view--rule",
        "thread-view--missing",
        "thread-view--private",
        "thread-view--public",
        "thread-view--pending",
        "thread-view--trouble",
        "thread-view--note",
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings("list", "thread")
    DEFAULT_CSS = """
    ThreadView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .thread-view--cursor { background: $background; }
        &:focus > .thread-view--cursor { background: $cursor-blurred; }
        & > .thread-view--theirs { color: $theirs; text-style: bold; }
        & > .thread-view--ours { color: $ours; text-style: bold; }
        & > .thread-view--bystander { color: $foreground; text-style: bold; }
        & > .thread-view--text { color: $foreground; }
        & > .thread-view--muted { color: $muted; }
        & > .thread-view--guide { color: $rule; }
        & > .thread-view--rule { color: $muted; }
        & > .thread-view--missing { color: $muted; text-style: italic; }
        & > .thread-view--private { color: $private; text-style: bold; }
        & > .thread-view--public { color: $public; }
        & > .thread-view--pending { color: $hint; text-style: bold; }
        & > .thread-view--trouble { color: $block; text-style: bold; }
        & > .thread-view--note { color: $hint; }
    }
    """

    cursor = reactive(0, repaint=False, init=False)

    class Copied(Message):
        """The text of a message went to the terminal's clipboard. Not every terminal says yes or no to that."""

        def __init__(self, control: ThreadView, message_id: int, text: SafeText) -> None:
            super().__init__()
            self.thread_view = control
            self.message_id = message_id
            self.text = text

        @property
        def control(self) -> ThreadView:
            return self.thread_view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view: ConversationView | None = None
        self._now: datetime | None = None
        self._rows: tuple[ThreadRow, ...] = ()
        self._layout: ThreadLayout | None = None
        self._width = 0
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(1024)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    def show(self, view: ConversationView | None, now: datetime) -> None:
        """Show a conversation, its times in the zone of `now`; None shows that none is open.

        The same conversation again keeps its place, unless the cursor was on the last message and there is a newer
        one: then it follows.
        """
        same = self._view is not None and view is not None and self._view.conversation_id == view.conversation_id
        before, followed, offset = self._rows, self.selected, self._offset
        self._view, self._now = view, now
        self._rows = reading_order(view) if view is not None else ()
        self._layout = None
        self._lay_out()
        self.refresh()
        ids = [row.message_id for row in self._rows]
        at_end = followed is not None and followed.message_id == before[-1].message_id
        grown = len(ids) > len(before) or ids[-1:] != [row.message_id for row in before[-1:]]
        if same and followed is not None and followed.message_id in ids and not (at_end and grown):
            self.set_reactive(ThreadView.cursor, ids.index(followed.message_id))
            self._scroll_by(self._offset - offset)
            return
        self.set_reactive(ThreadView.cursor, newest_unanswered(self._rows))
        if not same:
            self.scroll_to(y=0, animate=False, force=True)
        self.show_cursor()

    @property
    def _offset(self) -> int:
        """How far below the top of the view the message under the cursor begins."""
        if self._layout is None or not self._rows:
            return 0
        return self._layout.starts[self.cursor] - self.scroll_offset.y

    @property
    def selected(self) -> ThreadRow | None:
        """The message under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def _lay_out(self) -> None:
        """Wrap for the width there is now, unless that was done."""
        width = self.scrollable_content_region.width
        if self._view is None or self._now is None or width == 0:
            self._set_height(0)
        else:
            self._set_height(len(self._wrapped(self._view, width, self._now).lines))

    def _set_height(self, lines: int) -> None:
        # Told to Textual, this would lay the whole screen out again, though only the scrollbar differs.
        self.set_reactive(ThreadView.virtual_size, Size(0, lines))
        self.vertical_scrollbar.window_virtual_size = lines

    def _wrapped(self, view: ConversationView, width: int, now: datetime) -> ThreadLayout:
        if self._layout is None or self._width != width:
            self._width = width
            self._layout = lay_out(view, width, now)
            self._strips.clear()
        return self._layout

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        # Before the picture of that size is drawn: told by a resize, the right place would take a second one.
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if changed:
            self._lay_out()
            self.show_cursor()
        return changed

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def strips(self, lines: range) -> list[Strip]:
        width = self.scrollable_content_region.width
        if self._view is None or self._now is None:
            said: list[Line] = [(), *((Span(" "), Span(line, "muted")) for line in wrap(NOTHING_OPEN, width - 2))]
            return [paint(said[y] if y < len(said) else (), width, self.palette) for y in lines]
        # A picture may be drawn before the resize is told of, and the first one always is.
        layout = self._wrapped(self._view, width, self._now)
        top = self.scroll_offset.y
        chosen = range(layout.starts[self.cursor], layout.ends[self.cursor]) if self._rows else range(0)
        return [self._strip(layout, at, at in chosen) for at in range(top + lines.start, top + lines.stop)]

    def _strip(self, layout: ThreadLayout, at: int, selected: bool) -> Strip:
        strip = self._strips.get((at, selected))
        if strip is None:
            line = layout.lines[at] if at < len(layout.lines) else ()
            strip = paint(line, self._width, self.palette, over="cursor" if selected else "")
            self._strips[at, selected] = strip
        return strip

    # ── the cursor ────────────────────────────────────────────────────────────────────────────────

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self._rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        if self._layout is None:
            return
        layout = self._layout
        for index in (old, new):
            if index < len(self._rows):
                self.refresh_lines(layout.starts[index], layout.ends[index] - layout.starts[index])
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll as little as needed to see the message under the cursor, its beginning where it is too tall."""
        if self._layout is None or not self._rows:
            return
        layout, top, page = self._layout, self.scroll_offset.y, self._page
        start, end = layout.starts[self.cursor], layout.ends[self.cursor]
        if self.cursor == len(self._rows) - 1:
            # What follows the last message are notes and readers: show of them what there is room for.
            end = min(len(layout.lines), start + page)
        if start < top or end - start >= page:
            self.scroll_to(y=start, animate=False, force=True)
        elif end > top + page:
            self.scroll_to(y=end - page, animate=False, force=True)
        self._place_terminal_cursor()

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def _place_terminal_cursor(self) -> None:
        if self.has_focus and self._layout is not None and self._rows:
            x, y = self.scrollable_content_region.offset
            self.app.cursor_position = Offset(x, y + max(0, self._offset))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._place_terminal_cursor()

    def focus(self, scroll_visible: bool = True) -> Self:
        # To ask for what is so already takes a message to the app, and the next picture waits for that.
        return self if self.has_focus else super().focus(scroll_visible)

    def on_focus(self) -> None:
        self._place_terminal_cursor()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and self._rows and self._layout is not None:
            line = offset.y + self.scroll_offset.y
            self.cursor = max(0, bisect_right(self._layout.starts, line) - 1)

    def action_list_down(self) -> None:
        """To the next message; in one taller than the screen, first on through it."""
        if self._layout is None or not self._rows:
            return
        layout, below = self._layout, self.scroll_offset.y + self._page
        last = self.cursor == len(self._rows) - 1
        if below < (len(layout.lines) if last else layout.ends[self.cursor]):
            self._scroll_by(max(1, self._page - 1))
        else:
            self.cursor += 1

    def action_list_up(self) -> None:
        """To the message before; in one taller than the screen, first back through it."""
        if self._layout is None or not self._rows:
            return
        if self._offset < 0:
            self._scroll_by(-max(1, self._page - 1))
        else:
            self.cursor -= 1

    def action_list_page_down(self) -> None:
        self._scroll_by(self._page)
        self._cursor_into_view()

    def action_list_page_up(self) -> None:
        self._scroll_by(-self._page)
        self._cursor_into_view()

    def action_list_home(self) -> None:
        self.cursor = 0
        self.scroll_to(y=0, animate=False, force=True)

    def action_list_end(self) -> None:
        self.cursor = len(self._rows) - 1
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def _scroll_by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def _cursor_into_view(self) -> None:
        """Take the cursor along to a message on the page, without scrolling back to where that begins."""
        if self._layout is None or not self._rows:
            return
        layout, top = self._layout, self.scroll_offset.y
        cursor = self.cursor
        if layout.ends[cursor] <= top:
            cursor = bisect_right(layout.ends, top)
        elif layout.starts[cursor] >= top + self._page:
            cursor = bisect_right(layout.starts, top + self._page - 1) - 1
        self.set_reactive(ThreadView.cursor, self.validate_cursor(cursor))
        self.refresh()

    def action_thread_copy(self) -> None:
        """Copy the text of the message under the cursor, through the terminal (OSC 52)."""
        row = self.selected
        if row is not None and row.text:
            self.app.copy_to_clipboard(row.text)
            self.post_message(self.Copied(self, row.message_id, row.text))
