"""The text field of the composer: plain text, nothing in it that acts, findings and overflow marked where they stand.

Not for: the signature (locked, outside of the text), checking the text, or keeping drafts.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.content import Content
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Selection

from carecli.model import Finding, Level

_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Controls, bidirectional controls, what nobody sees, noncharacters, surrogates. The non-joiner stays: Persian is spelt
# with it.
_ACTING = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff\U00013430-\U0001345f\U0001bca0-\U0001bcaf"
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000f0000-\U0010ffff]"
)


def clean_reply(text: str) -> str:
    """Return `text` as it may be typed into a reply: newlines kept, tabs as spaces, whatever acts or hides removed."""
    if text.isascii() and text.isprintable():
        return text
    return _ACTING.sub("", _NEWLINES.sub("\n", text).replace("\t", "    "))


_INVITATION = Content("Write a reply. The desk signs it.")


class ReplyArea(TextArea):
    """A text area whose every way in is cleaned: typing, pasting, loading."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reply-area--overflow",
        "reply-area--hint",
        "reply-area--warn",
        "reply-area--block",
    }
    DEFAULT_CSS = """
    ReplyArea, ReplyArea:focus {
        border: none;
        padding: 0 1;
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;
        & .text-area--placeholder { color: $muted; }
        & > .reply-area--overflow { color: $block; text-style: reverse; }
        & > .reply-area--hint { text-style: underline; }
        & > .reply-area--warn { color: $warn; text-style: underline; }
        & > .reply-area--block { color: $block; text-style: underline bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            compact=True,
            highlight_cursor_line=False,
        )
        # A blinking cursor repaints twice a second for nothing; a matched bracket is for programs.
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.disabled = True
        self._marks: tuple[tuple[int, int, str], ...] = ()

    def load(self, text: str, cursor: int) -> None:
        """Replace the text, with `cursor` characters before the cursor; the history begins anew."""
        self._marks = ()
        if not text and not self.text:
            # As most conversations are when one looks through them: there is nothing to draw again.
            self.history.clear()
            return
        self.load_text(clean_reply(text))
        self.move_cursor(self._location(max(0, min(cursor, len(self.text)))))

    def put(self, text: str, start: int, end: int) -> None:
        """Replace the text as an edit that undo takes back, and mark what stands between `start` and `end`."""
        self.replace(text, (0, 0), self.document.end)
        self.select(start, end)

    def select(self, start: int, end: int) -> None:
        """Mark what stands between `start` and `end`, in characters; what is typed then takes its place."""
        self.selection = Selection(self._location(start), self._location(end))

    @property
    def cursor_index(self) -> int:
        """How many characters stand before the cursor."""
        row, column = self.cursor_location
        return self._line_start(row) + column

    def _line_start(self, row: int) -> int:
        return sum(len(line) + 1 for line in self.document.lines[:row])

    def _location(self, index: int) -> tuple[int, int]:
        before = self.text[:index].split("\n")
        return len(before) - 1, len(before[-1])

    def open(self, is_open: bool) -> None:
        """Let the agent type, or not."""
        self.disabled = not is_open
        self.placeholder = _INVITATION if is_open else ""

    def mark(self, findings: Sequence[Finding], over: int) -> None:
        """Mark the findings' spans, and the last `over` characters as those that do not fit."""
        length = len(self.text)
        marks = [(found.start, found.end, _ink(found.level)) for found in findings if found.end > found.start]
        if over > 0:
            marks.append((max(0, length - over), length, "overflow"))
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.notify_style_update()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        # While a terminal changes its size there may be no room at all, and in none Textual cannot break a line.
        return super().render_line(y) if self.content_size.width > 0 else Strip.blank(0)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        if self._marks:
            start = self._line_start(line_index)
            for first, last, ink in self._marks:
                if first < start + len(line) and last > start:
                    line.stylize(self._style(ink), max(0, first - start), last - start)
        return line

    def _style(self, ink: str) -> Style:
        return self.get_component_rich_style(f"reply-area--{ink}", partial=True)

    def edit(self, edit: Edit) -> EditResult:
        return super().edit(dataclasses.replace(edit, text=clean_reply(edit.text)))


def _ink(level: Level) -> str:
    return level if level in ("warn", "block") else "hint"
