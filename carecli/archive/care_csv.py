"""Care conversations as CSV, in the columns of the public "Customer Support on Twitter" collection.

tweet_id, author_id, inbound, created_at, text, response_tweet_id, in_response_to_tweet_id. Quoting is read strictly,
and a torn row is given up by itself: reading goes on with the next line that begins a row.
Not for: CSV in general.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import IO

from carecli.archive import texts
from carecli.archive.base import Entry, Refusal, Row, Skipped, Unreadable, refusal
from carecli.archive.ids import parent_id, post_id, post_ids
from carecli.archive.times import published
from carecli.model import Author, Record

COLUMNS = (
    "tweet_id",
    "author_id",
    "inbound",
    "created_at",
    "text",
    "response_tweet_id",
    "in_response_to_tweet_id",
)
# The others can be missing: a time follows from the id, links are empty.
_NEEDED = ("tweet_id", "author_id", "inbound", "text")

# No post is longer; a quote that is never closed would be.
_LONGEST = 1 << 20

_TOO_MANY = "the row is torn, or its text is not quoted: it has more cells than there are columns"

# What a cell at the beginning of a row looks like. A torn text continues with a line that rarely looks like this.
_CELLS = {
    "tweet_id": r'"?[0-9][0-9.eE+-]*"?,',
    "author_id": r'"?[^,"\s]{1,100}"?,',
    "inbound": r'"?(?:true|false|[01])"?,',
}
_INBOUND = {"true": True, "1": True, "false": False, "0": False}


class Layout(Record, frozen=True):
    """Which columns a file has, in their order; `headed` where its first line says so."""

    columns: tuple[str, ...]
    headed: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns without which no row can be read."""
        return tuple(name for name in _NEEDED if name not in self.columns)

    @property
    def telling(self) -> bool:
        """Whether the beginning of a row can hardly be mistaken for a line of a text."""
        return set(self.columns[:3]) == set(_CELLS)


def layout_of(line: str) -> Layout | None:
    """Return the layout that the first line of a file tells, or None where it is no such file."""
    cells = tuple(cell.strip().strip('"').lower() for cell in line.removeprefix("\ufeff").strip().split(","))
    if "tweet_id" in cells and "text" in cells:
        return Layout(cells, headed=True)
    bare = Layout(COLUMNS, headed=False)
    return bare if _beginning(bare).match(line.removeprefix("\ufeff")) else None


def read(stream: IO[bytes]) -> Iterator[Entry]:
    """Yield the rows of a CSV file. Raises nothing for its contents; a file of another shape yields refusals."""
    lines = _Lines(stream)
    while (first := lines.take()) is not None and not first.strip("\ufeff \r\n"):
        pass
    layout = layout_of(first or "") or Layout(COLUMNS, headed=False)
    if first is not None and not layout.headed:
        lines.give_back([first.removeprefix("\ufeff")])
    reader = _Rows(layout)
    beginning = _beginning(layout)
    while (line := lines.take()) is not None:
        if not line.strip():
            continue
        number = lines.number
        taken = [line]
        entry = reader.entry(number, _split(lines, taken, len(layout.columns)), line)
        if len(taken) > 1 and layout.telling and beginning.match(taken[-1]):
            # The quote closed in a line that is a good row by itself: it was opened in a torn one.
            alone = reader.entry(number, _split(_Lines(None), [taken[-1]], len(layout.columns)), "")
            if isinstance(alone, Row):
                entry = refusal(number, "the row is torn: its quote is not closed before the next row", line)
        if isinstance(entry, Refusal):
            lines.give_back(taken[1:])
            if len(taken) > 1 or not reader.whole(line):
                _pass_over(lines, beginning, reader)
        yield entry


def _beginning(layout: Layout) -> re.Pattern[str]:
    pattern = ""
    for name in layout.columns:
        if name not in _CELLS:
            break
        pattern += _CELLS[name]
    return re.compile(pattern, re.IGNORECASE)


def _pass_over(lines: _Lines, beginning: re.Pattern[str], reader: _Rows) -> None:
    """Leave out what remains of a torn row: the lines up to the next that begins one, or is as wide as one."""
    while (line := lines.take()) is not None:
        if line.strip() and (beginning.match(line) or reader.whole(line)):
            lines.give_back([line])
            return


class _Lines:
    """Physical lines with their numbers; lines that were taken too early can be given back."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream
        self._given_back: list[str] = []
        self.number = 0

    def take(self) -> str | None:
        if self._given_back:
            self.number += 1
            return self._given_back.pop()
        raw = texts.read_line(self._stream) if self._stream else b""
        if not raw:
            return None
        self.number += 1
        return texts.decode(raw)

    def give_back(self, lines: Sequence[str]) -> None:
        self._given_back.extend(reversed(lines))
        self.number -= len(lines)


def _split(lines: _Lines, taken: list[str], width: int) -> list[str] | str:
    """Return the cells of the record that begins with the one line in `taken`, or why it is none.

    Takes further lines while a quoted cell is open, and adds them to `taken`.
    """
    line, at, size = taken[0], 0, 0
    cells: list[str] = []
    if '"' not in line:
        cells = line.removesuffix("\n").removesuffix("\r").split(",", width)
        return cells if len(cells) <= width else _TOO_MANY
    while len(cells) < width:
        if not line.startswith('"', at):
            comma = line.find(",", at)
            if comma < 0:
                cells.append(line[at:].removesuffix("\n").removesuffix("\r"))
                return cells
            cells.append(line[at:comma])
            at = comma + 1
            continue
        at += 1
        pieces = []
        while True:
            close = line.find('"', at)
            if close < 0:
                pieces.append(line[at:])
                size += len(line)
                following = lines.take() if size <= _LONGEST else None
                if following is None:
                    return "the row is torn: its quote is never closed"
                taken.append(following)
                line, at = following, 0
                continue
            pieces.append(line[at:close])
            if not line.startswith('"', close + 1):
                at = close + 1
                break
            pieces.append('"')
            at = close + 2
        cells.append("".join(pieces))
        if not line.startswith(",", at):
            return cells if line[at:] in ("", "\n", "\r\n") else "the row is torn: a quote stands within its text"
        at += 1
    return _TOO_MANY


class _Rows:
    """Makes rows of cells. Keeps the authors it has seen, because a file has few of them and many rows."""

    def __init__(self, layout: Layout) -> None:
        self._layout = Layout(layout.columns, headed=True)
        self._columns = layout.columns
        self._places = [layout.columns.index(name) if name in layout.columns else None for name in COLUMNS]
        self._authors: dict[str, Author] = {}

    def whole(self, line: str) -> bool:
        """Whether `line` alone has all the columns, so that nothing that follows belongs to it."""
        cells = _split(_Lines(None), [line], len(self._columns))
        return not isinstance(cells, str) and len(cells) == len(self._columns)

    def entry(self, number: int, cells: list[str] | str, line: str) -> Entry:
        if isinstance(cells, str):
            return refusal(number, cells, line)
        if len(cells) != len(self._columns):
            return refusal(number, f"the row is torn: {len(cells)} of {len(self._columns)} columns", line)
        if cells[0].strip().lower() == self._columns[0] and layout_of(",".join(cells)) == self._layout:
            return Skipped(number, "the header again")
        try:
            return self._row(number, cells)
        except Unreadable as reason:
            return refusal(number, reason, line)

    def _row(self, number: int, cells: list[str]) -> Row:
        tweet, author, inbound, created, text, responses, parent = (
            "" if place is None else cells[place] for place in self._places
        )
        remote_id = post_id(tweet)
        if inbound.strip().lower() not in _INBOUND:
            raise Unreadable(f"inbound is neither True nor False: “{inbound[:40]}”")
        return Row(
            line=number,
            remote_id=remote_id,
            author=self._author(author.strip()),
            own=not _INBOUND[inbound.strip().lower()],
            text=texts.as_written(text),
            published_at=published(created, remote_id),
            parent_remote_id=parent_id(parent, remote_id),
            replies=post_ids(responses),
        )

    def _author(self, cell: str) -> Author:
        known = self._authors.get(cell)
        if known is None:
            if not cell:
                raise Unreadable("it has no author")
            # Spreadsheets make 115712.0 of a number.
            name = texts.storable(post_id(cell) if cell[0].isdigit() and "." in cell else cell)
            known = self._authors[cell] = Author(remote_id=name, handle=name)
        return known
