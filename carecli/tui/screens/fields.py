"""The fields of searches and dialogs: plain text, whatever acts in it removed, by whichever way it comes in.

Not for: the reply (`widgets.reply_area`).
"""

from __future__ import annotations

import dataclasses

from textual import events
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from carecli.tui.widgets.reply_area import clean_reply

# More keys than this, each so soon after the one before, were pasted by a terminal that does not say so.
_TYPED = 12
_PASTED_SECONDS = 0.02


class LineField(Input):
    """One line. Its cursor does not blink: that would draw twice a second for nothing.

    The end of a line that was pasted is a space, and no enter: what stands behind it would act as keys.
    """

    def __init__(self, text: str = "", *, example: str = "", id: str | None = None) -> None:
        super().__init__(clean_line(text), placeholder=example, id=id)
        self.cursor_blink = False
        self._in_haste = 0
        self._last_key = 0.0

    def on_key(self, event: events.Key) -> None:
        self._in_haste = self._in_haste + 1 if event.time - self._last_key < _PASTED_SECONDS else 0
        self._last_key = event.time
        if event.key == "enter" and self._in_haste > _TYPED:
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(" ")

    def replace(self, text: str, start: int, end: int) -> None:
        super().replace(clean_line(text), start, end)


class TextField(TextArea):
    """Several lines; tab leaves it."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(clean_reply(text), id=id, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        return super().edit(dataclasses.replace(edit, text=clean_reply(edit.text)))


def clean_line(text: str) -> str:
    """Return `text` as it may stand in a field of one line."""
    return clean_reply(text).replace("\n", " ")
