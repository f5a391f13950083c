"""The queue on the desk: its filter, its search and the list, kept up to date from the desk.

Not for: what happens with the conversation under the cursor (the desk screen).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from carecli.desk.context import Desk
from carecli.desk.queue import countdown, queue_ids, queue_rows
from carecli.desk.views import Countdown, QueueFilter, QueueRow
from carecli.tui.asking import Failed, ask
from carecli.tui.keymap import bindings
from carecli.tui.screens.fields import LineField
from carecli.tui.widgets.queue_list import NOBODY_WAITS, QueueList

_SEARCH_SECONDS = 0.15
_NOTHING_FOUND = "Nothing in the queue is like this. Escape shows all again."


class SearchBox(LineField):
    """Where one types what to look for; shown while there is something to type."""

    BINDINGS = bindings("search")

    def action_search_done(self) -> None:
        self.screen.query_one(QueueList).focus()


class QueuePane(Vertical):
    """Filter line, search box and list."""

    class Loaded(Message):
        """The order of the queue, and the details of the rows that were in view."""

        def __init__(self, ids: array[int], rows: Mapping[int, QueueRow], chosen: QueueFilter) -> None:
            super().__init__()
            self.ids = ids
            self.rows = rows
            self.chosen = chosen

    class Provided(Message):
        """Details of some rows."""

        def __init__(self, rows: Mapping[int, QueueRow]) -> None:
            super().__init__()
            self.rows = rows

    class Pointed(Message):
        """The cursor stands on this row."""

        def __init__(self, row: QueueRow) -> None:
            super().__init__()
            self.row = row

    class Chosen(Pointed):
        """This row was chosen."""

    def __init__(self, desk: Desk, first: Sequence[QueueRow], waiting: int) -> None:
        """first: the most urgent ones of the `waiting`, to be shown until the order of all is known."""
        super().__init__(id="queue")
        self.list = QueueList()
        self.search = SearchBox(example="search the messages", id="search")
        self._title = Static(id="queue-title", markup=False)
        self._desk = desk
        self._first = first
        self._waiting = waiting
        self._ids: Sequence[int] = ()
        self._loading = self._again = False
        self._returning_to: int | None = None
        self.chosen = QueueFilter()
        self.languages = {row.language for row in first}

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.search
        yield self.list

    def on_mount(self) -> None:
        self.list.set_countdown(self._countdown)
        self.list.tick(self._desk.now())
        self._ids = array("q", (row.wait_id for row in self._first))
        self.list.show(self._ids, {row.wait_id: row for row in self._first})
        self._show_title()

    @property
    def filtered(self) -> bool:
        """Whether a part of the queue is left out by choice."""
        return self.chosen != QueueFilter()

    def tick(self, now: datetime) -> None:
        """Let the countdowns go on."""
        self.list.tick(now)

    def reload(self) -> None:
        """Ask for the order again. Changes that come meanwhile are asked for once, afterwards."""
        if self._loading:
            self._again = True
            return
        self._loading, chosen = True, self.chosen
        around = self.list.in_view
        top, page = around.start, self.list.page

        def load() -> Message:
            ids = queue_ids(self._desk, chosen)
            return self.Loaded(ids, queue_rows(self._desk, ids[top : top + page]), chosen)

        ask(self, "queue", load, latest=False)

    def filter(self, chosen: QueueFilter, *, wait_id: int | None = None) -> None:
        """Show only what `chosen` lets through, with the cursor on a wait, or at the top."""
        if chosen != self.chosen:
            self.chosen = chosen
            self._show_title()
            if wait_id is None:
                self.list.cursor = 0
            self._returning_to = wait_id
            self.reload()

    def show_all(self, *, wait_id: int | None = None) -> None:
        """Leave filter and search, with the cursor on a wait, or at the top."""
        self.search.display = False
        with self.prevent(Input.Changed):
            self.search.value = ""
        self.filter(QueueFilter(), wait_id=wait_id)

    def begin_search(self) -> None:
        """Open the search box."""
        self.search.display = True
        self.search.focus()

    def go_to(self, wait_id: int) -> None:
        """Put the cursor on a wait, if it is in view of the filter."""
        if wait_id in self._ids:
            self.list.cursor = self._ids.index(wait_id)

    @on(Loaded)
    def show_loaded(self, event: Loaded) -> None:
        event.stop()
        self._loading = False
        if event.chosen == self.chosen:
            self._ids = event.ids
            self._waiting = len(event.ids)
            self.list.empty = _NOTHING_FOUND if self.filtered else NOBODY_WAITS
            self.list.show(event.ids, event.rows)
            if self._returning_to is not None:
                self.go_to(self._returning_to)
                self._returning_to = None
            self.languages.update(row.language for row in event.rows.values())
            self._show_title()
        if self._again or event.chosen != self.chosen:
            self._again = False
            self.reload()

    @on(Failed)
    def try_again_later(self, event: Failed) -> None:
        if event.group == "queue":
            self._loading = self._again = False

    @on(QueueList.Highlighted)
    def pass_on(self, event: QueueList.Highlighted) -> None:
        """Tell in the pane's own name: a message that the list posts while it is fed does not get past the pane."""
        event.stop()
        if event.row is not None:
            chosen = isinstance(event, QueueList.Chosen)
            self.post_message(self.Chosen(event.row) if chosen else self.Pointed(event.row))

    @on(QueueList.RowsWanted)
    def load_rows(self, event: QueueList.RowsWanted) -> None:
        event.stop()
        ids = event.ids
        ask(self, "rows", lambda: self.Provided(queue_rows(self._desk, ids)), latest=False)

    @on(Provided)
    def show_rows(self, event: Provided) -> None:
        event.stop()
        self.list.provide(event.rows)
        self.languages.update(row.language for row in event.rows.values())

    @on(Input.Changed)
    def search_soon(self, event: Input.Changed) -> None:
        event.stop()
        self.set_timer(_SEARCH_SECONDS, self._search)

    def _search(self) -> None:
        self.filter(msgspec.structs.replace(self.chosen, search=self.search.value.strip()))

    def _countdown(self, row: QueueRow, now: datetime) -> Countdown:
        return countdown(self._desk, row.account, row.visibility, row.due_at, row.limit_at, now)

    def _show_title(self) -> None:
        count = f"{self._waiting}" if self._waiting else ""
        words = Content.assemble((" QUEUE", "bold"), "  ", filter_words(self.chosen), "  ", (count, "$muted"))
        self._title.update(words, layout=False)


def filter_words(chosen: QueueFilter) -> str:
    """A filter in words: `all`, `mine`, `private · pl`."""
    words = [
        chosen.account,
        chosen.visibility or "",
        chosen.language,
        chosen.claimed_by and "mine",
        "unclaimed" if chosen.unclaimed else "",
        "snoozed" if chosen.snoozed else "",
        "found" if chosen.search else "",
    ]
    return " · ".join(word for word in words if word) or "all"
