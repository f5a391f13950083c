"""All keys, those of where one comes from first.

Made from the table of commands. Not for: what the commands do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from carecli.desk.context import Desk
from carecli.desk.views import StatusView
from carecli.tui.keymap import COMMANDS, Command, Keymap, Place, bindings, categories, shown
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.painting import Line, Span, paint

_ROOM_FOR_IDS = 100


class HelpList(LineList):
    """Lines of keys under their headings."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help-list--heading", "help-list--key", "help-list--muted"}

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self._lines = tuple(lines)

    def on_mount(self) -> None:
        self.total = len(self._lines)

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        line = self._lines[index] if width >= _ROOM_FOR_IDS else self._lines[index][:2]
        return paint(line, width, self.palette, over="cursor" if selected else "")


class HelpScreen(CareScreen):
    """The keys by category."""

    WHERE: ClassVar[Place] = "help"
    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, desk: Desk, keys: Keymap, status: StatusView | None, came_from: Sequence[Place]) -> None:
        super().__init__(desk, keys, status)
        self._came_from = tuple(came_from)

    def content(self) -> ComposeResult:
        yield Static(Content.assemble((" KEYS", "bold"), "  of where you are, then all others"), id="title")
        yield HelpList(help_lines(self.keys, self._came_from))

    def on_mount(self) -> None:
        self.query_one(HelpList).focus()

    def works(self, entry: Command) -> bool:
        return entry.id not in ("list.choose", "screen.help")


def help_lines(keys: Keymap, came_from: Sequence[Place]) -> list[Line]:
    """The help as lines: the commands that work in `came_from`, then the others; each under its category."""
    here = [entry for entry in COMMANDS if entry.where in came_from and entry.where != "everywhere"]
    rest = [entry for entry in COMMANDS if entry not in here]
    lines: list[Line] = []
    for entries in (here, rest):
        for category, members in categories(entries).items():
            if lines:
                lines.append(())
            lines.append((Span(f" {category.upper()}", "heading"),))
            lines.extend(_line(keys, entry) for entry in members)
    return lines


def _line(keys: Keymap, entry: Command) -> Line:
    pressed = "1 – 9" if entry.fixed else "  ".join(shown(key) for key in keys.keys(entry.id))
    return Span(f"  {pressed:<19}", "key"), Span(f"{entry.sentence:<60}"), Span(f"  {entry.id}", "muted")
