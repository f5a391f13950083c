"""A conversation as lines: the thread as a tree, what is missing, what is on its way, notes and readers.

Pure: a view and a width in, painted nothing. Every text is wrapped once here, and kept by the widget until the width
changes. Not for: colours (`ThreadView` has the inks), scrolling, or asking the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from carecli.desk.views import ConversationView, ThreadRow
from carecli.model import OutboxState
from carecli.tui.widgets.cells import crop, width_of, wrap
from carecli.tui.widgets.painting import Line, Span

DEEPEST = 6
"""How many levels are drawn by indentation; deeper ones carry their number."""

_EDGE = 1
_CLOCK = len("09:14 ")
_NARROW = 48
_SHORTEST_LINE = 20
_LONGEST_LINE = 100  # cells; beyond it the eye loses the next line

PENDING_WORDS: dict[OutboxState, str] = {
    "approval": "WAITS FOR A LEAD",
    "held": "HELD, can be taken back",
    "queued": "QUEUED",
    "sending": "SENDING",
    "unknown": "UNKNOWN, may stand at the network or not",
    "rejected": "REJECTED",
    "cancelled": "CANCELLED",
    "sent": "SENT",
}


class ThreadLayout(NamedTuple):
    """Lines for one width. Row i of `reading_order` stands on lines starts[i] up to ends[i]."""

    lines: tuple[Line, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def reading_order(view: ConversationView) -> tuple[ThreadRow, ...]:
    """Return the messages as they are read: the thread, then our own that are still on their way."""
    standing = [row for row in view.thread if row.pending is None]
    return (*standing, *(row for row in view.thread if row.pending is not None))


def branch_levels(depths: Sequence[int]) -> list[int]:
    """Return for each message of a tree in reading order how far to indent it.

    Only branches indent: a dialogue of forty answers, each to the one before, is a column and no staircase.
    """
    parents: list[int] = []
    open_at: list[int] = []
    children = [0] * len(depths)
    for index, depth in enumerate(depths):
        while open_at and depths[open_at[-1]] >= depth:
            open_at.pop()
        parent = open_at[-1] if open_at else -1
        parents.append(parent)
        if parent >= 0:
            children[parent] += 1
        open_at.append(index)
    levels: list[int] = []
    for parent in parents:
        levels.append(0 if parent < 0 else levels[parent] + (children[parent] > 1))
    return levels


def newest_unanswered(rows: Sequence[ThreadRow]) -> int:
    """Return the index of the customer's newest message if we have not answered since, else of the last row."""
    newest = max(
        (index for index, row in enumerate(rows) if not row.missing and (row.theirs or row.ours)),
        key=lambda index: (rows[index].published_at, index),
        default=len(rows) - 1,
    )
    return newest if newest >= 0 and rows[newest].theirs else max(0, len(rows) - 1)


def lay_out(view: ConversationView, width: int, now: datetime) -> ThreadLayout:
    """Return the conversation's lines for `width` cells, times in the zone of `now`."""
    zone = now.tzinfo
    rows = reading_order(view)
    levels = branch_levels([row.depth if row.pending is None else 0 for row in rows])
    lines: list[Line] = []
    starts: list[int] = []
    ends: list[int] = []
    day: date | None = now.date()
    for row, level in zip(rows, levels, strict=True):
        at = row.published_at.astimezone(zone)
        if at.date() != day:
            day = at.date()
            lines.append(_rule(_day_words(day, now.date()), width))
        starts.append(len(lines))
        lines.extend(_message(row, level, at, width, view.visibility == "private"))
        ends.append(len(lines))
    lines.extend(_notes(view, width, zone))
    lines.extend(_readers(view, width, zone))
    return ThreadLayout(tuple(lines), tuple(starts), tuple(ends))


def _rule(words: str, width: int) -> Line:
    title = crop(f"── {words} ", width)
    return (Span(title + "─" * (width - width_of(title)), "rule"),)


def _day_words(day: date, today: date) -> str:
    days = (today - day).days
    if days in (0, 1):
        return "yesterday" if days else "today"
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def _message(row: ThreadRow, level: int, at: datetime, width: int, among_private: bool) -> Iterator[Line]:
    # A narrow pane keeps the text readable rather than the tree and the column of times complete.
    clock = _CLOCK if width >= _NARROW else 0
    guides = "│ " * min(level, DEEPEST)
    if width - _EDGE - clock - len(guides) - 2 < _SHORTEST_LINE:
        guides = ""
    room = min(_LONGEST_LINE, width - _EDGE - clock - len(guides) - 2)
    tree = (Span(guides, "guide"),) if guides else ()
    time = Span(f" {at:%H:%M} ", "muted")
    margin = Span(" " * (_EDGE + clock))
    if row.missing:
        for number, line in enumerate(wrap(row.text or "A message is missing here.", room - (0 if clock else _CLOCK))):
            yield margin if number else time, *tree, Span("  " if number else "⋯ ", "missing"), Span(line, "missing")
        return
    bar = Span("▌ " if row.ours else "▎ " if row.theirs else "  ", _voice(row))
    deep = (Span(f"{level}› ", "muted"),) if level > DEEPEST else ()
    yield time, *tree, bar, *deep, *_who(row, among_private)
    for line in wrap(row.text, room) if row.text else ():
        yield margin, *tree, bar, Span(line, "text")
    if not row.text and not row.attachments:
        yield margin, *tree, bar, Span("(no text)", "muted")
    for attachment in row.attachments:
        for line in wrap(f"▣ {attachment or 'attachment without a description'}", room):
            yield margin, *tree, bar, Span(line, "muted")


def _voice(row: ThreadRow) -> str:
    return "ours" if row.ours else "theirs" if row.theirs else "bystander"


def _who(row: ThreadRow, among_private: bool) -> Iterator[Span]:
    # What must not be cut off comes first.
    if row.visibility == "private":
        yield Span("PRIVATE ", "private")
    elif among_private:
        yield Span("PUBLIC ", "public")
    if row.pending is not None:
        yield Span(f"{PENDING_WORDS[row.pending]} ", "trouble" if row.pending in ("unknown", "rejected") else "pending")
    handle = row.handle and f"@{row.handle.removeprefix('@')}"
    # Who we are is known; what is on its way has more to say in that line.
    name = "" if row.pending is not None and handle else row.name
    yield Span(name or handle or row.agent or "?", _voice(row))
    if name and handle:
        yield Span(f" {handle}", "muted")
    if row.ours:
        yield Span(f" · us, {row.agent}" if row.agent else " · us", "muted")
    elif not row.theirs:
        yield Span(" · bystander", "muted")


def _notes(view: ConversationView, width: int, zone: tzinfo | None) -> Iterator[Line]:
    if not view.notes:
        return
    yield _rule("notes", width)
    indent = _EDGE + (_CLOCK if width >= _NARROW else 0)
    for note in view.notes:
        at = Span(f" {note.at.astimezone(zone):%H:%M} ", "muted")
        words = wrap(f"{note.agent}: {note.text}", min(_LONGEST_LINE, width - indent))
        if indent == _EDGE:
            yield (at,)
        for number, line in enumerate(words):
            yield at if indent > _EDGE and number == 0 else Span(" " * indent), Span(line, "note")


def _readers(view: ConversationView, width: int, zone: tzinfo | None) -> Iterator[Line]:
    if not view.readers:
        return
    yield ()
    read = ", ".join(f"{reader.agent} {reader.at.astimezone(zone):%H:%M}" for reader in view.readers)
    for line in wrap(f"read by {read}", width - _EDGE):
        yield Span(" "), Span(line, "muted")
