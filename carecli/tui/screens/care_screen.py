"""What every whole screen of the desk has: the status line above, the hints below, and the time.

Not for: dialogs, or anything that one screen alone does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from carecli.desk.context import Desk
from carecli.desk.views import StatusView
from carecli.tui.keymap import Command, Keymap, Place
from carecli.tui.type_ahead import Typing
from carecli.tui.widgets.hint_line import HintLine
from carecli.tui.widgets.status_line import StatusLine

TICK_SECONDS = 1.0


class OpenWanted(Message):
    """A conversation is to be opened on the desk."""

    def __init__(self, conversation_id: int) -> None:
        super().__init__()
        self.conversation_id = conversation_id


class CareScreen(Screen[None]):
    """Base of the whole screens. `WHERE` is the place whose commands the screen itself carries out."""

    WHERE: ClassVar[Place]
    # Whose keys the palette offers, too: those of a part of the screen.
    OFFERS: ClassVar[tuple[Place, ...]] = ()
    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, keys: Keymap, status: StatusView | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.keys = keys
        self._status = status
        self._left = False
        self._status_line = StatusLine()
        self._standing = Static(id="standing", markup=False)
        self._trouble = ""
        self._hint_line = HintLine()

    def compose(self) -> ComposeResult:
        self._fit(*self.app.size)
        yield self._status_line
        yield self._standing
        yield from self.content()
        yield self._hint_line

    def _fit(self, width: int, height: int) -> None:
        """Take the classes of this size: the first resize brings them when all has been painted once without them."""
        for length, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            fitting = [(least, name) for least, name in breakpoints or () if least <= length]
            self.add_class(*(name for _, name in sorted(fitting)[-1:]))

    def content(self) -> ComposeResult:
        """What stands between the status line and the hints."""
        raise NotImplementedError

    def changed(self) -> None:
        """Something on the desk has changed: ask again for what is shown."""

    def tick(self, now: datetime) -> None:
        """A second has passed."""

    def go_back(self) -> None:
        """One step back; by default to the screen below."""
        self.app.pop_screen()

    def account(self) -> str:
        """The account that a key means which names none."""
        return next(iter(self.desk.config.accounts), "")

    def places(self) -> tuple[Place, ...]:
        """The places whose keys are live just now."""
        return ("list", self.WHERE, "everywhere")

    def works(self, entry: Command) -> bool:
        """Whether a command does something just now; the hint line shows no other."""
        return entry.where != self.WHERE or bool(self.check_action(entry.action, ()))

    def interrupt(self, dialog: Screen[str], answered: Callable[[str | None], None]) -> None:
        """Open a dialog that nobody asked for: what was typed ahead was not meant for it."""
        if isinstance(self.app, Typing):
            self.app.type_ahead.drop()
        self.app.push_screen(dialog, answered)

    def show_status(self, status: StatusView) -> None:
        """Take the figures of the status line."""
        self._status = status
        if self.is_mounted:
            self._status_line.show(status)
            self.show_hints()

    def show_standing(self, trouble: str) -> None:
        """Show what is wrong until it is right again; an empty text takes it away."""
        # A text that is given anew has the whole screen laid out, even one that is not displayed.
        if trouble != self._trouble:
            self._trouble = trouble
            self._standing.update(Content(trouble))
            self._standing.display = bool(trouble)

    def show_hints(self) -> None:
        """Show the keys that work just now; while one types, a character is a character."""
        hints = self.keys.hints(self.places(), self.works)
        if isinstance(self.focused, Input | TextArea):
            hints = tuple((key, word) for key, word in hints if len(key) > 1)
        self._hint_line.show(hints)

    def on_mount(self) -> None:
        if self._status is not None:
            self._status_line.show(self._status)
        self.show_hints()
        self.set_interval(TICK_SECONDS, self._tick)

    def on_screen_suspend(self) -> None:
        self._left = True

    def on_screen_resume(self) -> None:
        if self._left:
            self.changed()

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        self.show_hints()

    def _tick(self) -> None:
        if self.is_current:
            self.tick(self.desk.now())
