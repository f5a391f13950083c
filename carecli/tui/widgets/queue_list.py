"""The queue: open waits in order of urgency, each with its countdown.

Knows the order of all waits and the details of those that were looked at; asks for missing details by message.
Not for: the order itself, the clock's rules, or reading anything from the desk.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from carecli.desk.views import Countdown, QueueRow
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.painting import Line, Span, paint
from carecli.tui.widgets.queue_row import LEAD_WIDTH, lead, queue_line

NOBODY_WAITS = "Nobody is waiting. New mentions appear here by themselves."

_DEBOUNCE_SECONDS = 0.03
_ROWS_KEPT = 4096
_NO_LEAD = lead(None)


class QueueList(LineList):
    """Open waits, most urgent first. The screen feeds it by `show`, `provide` and, each second, `tick`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "queue-list--late",
        "queue-list--soon",
        "queue-list--fresh",
        "queue-list--paused",
        "queue-list--handle",
        "queue-list--reason",
        "queue-list--private",
        "queue-list--claimed",
        "queue-list--muted",
    }
    DEFAULT_CSS = """
    QueueList {
        & > .queue-list--late { color: $late; text-style: bold; }
        & > .queue-list--soon { color: $soon; }
        & > .queue-list--fresh { color: $fresh; }
        & > .queue-list--paused { color: $paused; }
        & > .queue-list--handle { color: $foreground; }
        & > .queue-list--reason { color: $hint; }
        & > .queue-list--private { color: $private; text-style: bold; }
        & > .queue-list--claimed { color: $accent; }
        & > .queue-list--muted { color: $muted; }
    }
    """

    class Highlighted(Message):
        """The wait under the cursor, and its row once it is known (the message then comes a second time)."""

        def __init__(self, control: QueueList, wait_id: int, row: QueueRow | None) -> None:
            super().__init__()
            self.queue_list = control
            self.wait_id = wait_id
            self.row = row

        @property
        def control(self) -> QueueList:
            return self.queue_list

    class Chosen(Highlighted):
        """The wait was chosen by enter or a double click."""

    class RowsWanted(Message):
        """Details of these waits are about to be seen and not known: answer with `provide`."""

        def __init__(self, control: QueueList, ids: tuple[int, ...]) -> None:
            super().__init__()
            self.queue_list = control
            self.ids = ids

        @property
        def control(self) -> QueueList:
            return self.queue_list

    def __init__(self, *, empty: str = NOBODY_WAITS, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(empty=empty, id=id, classes=classes)
        self._ids: Sequence[int] = array("q")
        self._rows: LRUCache[int, QueueRow] = LRUCache(_ROWS_KEPT)
        self._settled: set[int] = set()
        self._countdown: Callable[[QueueRow, datetime], Countdown] | None = None
        self._now: datetime | None = None
        self._leads: dict[int, Line] = {}
        self._asking: Timer | None = None
        self._announced: tuple[int, QueueRow | None] | None = None

    # ── fed by the screen ─────────────────────────────────────────────────────────────────────────

    def show(self, ids: Sequence[int], rows: Mapping[int, QueueRow]) -> None:
        """Take a new order and the details that came with it.

        The cursor stays on its wait, and that on its line of the screen; if it has left, the cursor stays in place.
        Details known from before are shown until they are provided again.
        """
        at, wait_id = self.cursor, self.highlighted_id
        seen = [(index, index == at, self.row_key(index)) for index in self.in_view]
        self._ids = ids
        self._settled = set()
        self._take(rows)
        self.set_reactive(QueueList.cursor, self._place_of(wait_id, at, ids))
        if len(ids) != self.total:
            self.total = len(ids)
        else:
            for index, selected, key in seen:
                if (index == self.cursor, self.row_key(index)) != (selected, key):
                    self.refresh_line(index)
        moved = self.cursor - at
        if moved and self.scroll_offset.y > 0:
            self.scroll_to(y=max(0, self.scroll_offset.y + moved), animate=False, force=True)
        self.show_cursor()
        self.announce()
        self._ask_soon()

    def _take(self, rows: Mapping[int, QueueRow]) -> None:
        for wait_id, row in rows.items():
            # Textual's cache keeps the old value of a key that it knows.
            self._rows.discard(wait_id)
            self._rows[wait_id] = row
            self._leads.pop(wait_id, None)
        self._settled.update(rows)

    @staticmethod
    def _place_of(wait_id: int | None, at: int, ids: Sequence[int]) -> int:
        if wait_id is not None:
            if at < len(ids) and ids[at] == wait_id:
                return at
            try:
                return ids.index(wait_id)
            except ValueError:
                pass
        return max(0, min(at, len(ids) - 1))

    def provide(self, rows: Mapping[int, QueueRow]) -> None:
        """Take details of some waits, usually those of `RowsWanted`, and draw the visible ones."""
        self._take(rows)
        for index in self.in_view:
            if self._ids[index] in rows:
                self.refresh_line(index)
        self.announce()

    def set_countdown(self, countdown: Callable[[QueueRow, datetime], Countdown]) -> None:
        """Take the function that says how much of a wait is left; it is called for visible rows, on each tick."""
        self._countdown = countdown
        self._leads.clear()
        self.redraw()

    def tick(self, now: datetime) -> None:
        """Let the clock go on: only countdowns whose text changes are drawn."""
        self._now = now
        before, self._leads = self._leads, {}
        visible = self.in_view
        for index in visible:
            wait_id = self._ids[index]
            if self._lead_of(wait_id) != before.get(wait_id, _NO_LEAD):
                self.refresh(Region(0, index - visible.start, LEAD_WIDTH, 1))

    # ── what it knows ─────────────────────────────────────────────────────────────────────────────

    @property
    def highlighted_id(self) -> int | None:
        """The wait under the cursor."""
        return self._ids[self.cursor] if self.cursor < len(self._ids) else None

    @property
    def highlighted_row(self) -> QueueRow | None:
        """The details of the wait under the cursor, if they are known."""
        wait_id = self.highlighted_id
        return None if wait_id is None else self._rows.get(wait_id)

    def _lead_of(self, wait_id: int) -> Line:
        known = self._leads.get(wait_id)
        if known is None:
            row = self._rows.get(wait_id)
            if row is None or self._countdown is None or self._now is None:
                return _NO_LEAD
            known = self._leads[wait_id] = lead(self._countdown(row, self._now))
        return known

    # ── drawing ───────────────────────────────────────────────────────────────────────────────────

    def row_key(self, index: int) -> Hashable:
        wait_id = self._ids[index]
        return wait_id, self._rows.get(wait_id), self._lead_of(wait_id)

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        wait_id = self._ids[index]
        row = self._rows.get(wait_id)
        over = "cursor" if selected else ""
        if row is None:
            return paint((*_NO_LEAD, Span("…", "muted")), width, self.palette, over=over)
        return paint((*self._lead_of(wait_id), *queue_line(row, width)), width, self.palette, over=over)

    # ── telling the screen ────────────────────────────────────────────────────────────────────────

    def highlighted_message(self, index: int) -> Message:
        self._announced = self._ids[index], self._rows.get(self._ids[index])
        return self.Highlighted(self, *self._announced)

    def chosen_message(self, index: int) -> Message:
        return self.Chosen(self, self._ids[index], self._rows.get(self._ids[index]))

    def announce(self) -> None:
        """Tell of the wait under the cursor, unless that was told already."""
        if not self._ids:
            self._announced = None
        elif (self.highlighted_id, self.highlighted_row) != self._announced:
            self.post_message(self.highlighted_message(self.cursor))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ask_soon()

    def on_resize(self) -> None:
        self._ask_soon()

    def _ask_soon(self) -> None:
        # A wheel or a held key passes many rows: ask once, for where it came to rest.
        if self._asking is None and self.is_mounted:
            self._asking = self.set_timer(_DEBOUNCE_SECONDS, self._ask)

    def _ask(self) -> None:
        self._asking = None
        around = range(max(0, self.in_view.start - self.page), min(self.total, self.in_view.stop + self.page))
        wanted = tuple(wait_id for index in around if (wait_id := self._ids[index]) not in self._settled)
        if wanted:
            self._settled.update(wanted)
            self.post_message(self.RowsWanted(self, wanted))
