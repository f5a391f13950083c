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

_ROOMY = 100
"""Columns from which all keys of a command and its id are shown; below, its first key and the sentence."""


class HelpList(LineList):
    """Commands under their headings, one a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help-list--heading", "help-list--key", "help-list--muted"}

    def __init__(self, keys: Keymap, came_from: Sequence[Place]) -> None:
        super().__init__()
        self._keys = keys
        self._entries = help_entries(came_from)

    def on_mount(self) -> None:
        self.total = len(self._entries)

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        line = help_line(self._keys, self._entries[index], width)
        return paint(line, width, self.palette, over="cursor" if selected else "")


class HelpScreen(CareScreen):
    """The keys by category."""

    WHERE: ClassVar[Place] = "help"
    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, desk: Desk, keys: Keymap, status: StatusView | None, came_from: Sequence[Place]) -> None:
        super().__init__(desk, keys, status)
        self._came_from = tuple(came_from)

    def content(self) -> ComposeResult:
        title = Content.assemble((" KEYS", "bold"), "  of where you are, then all others")
        yield Static(title, id="title", markup=False)
        yield HelpList(self.keys, self._came_from)

    def on_mount(self) -> None:
        self.query_one(HelpList).focus()

    def works(self, entry: Command) -> bool:
        return entry.id not in ("list.choose", "screen.help")


def help_entries(came_from: Sequence[Place]) -> list[Command | str]:
    """The commands that work in `came_from`, then the others, each under its category; an empty text is a gap."""
    here = [entry for entry in COMMANDS if entry.where in came_from and entry.where != "everywhere"]
    rest = [entry for entry in COMMANDS if entry not in here]
    entries: list[Command | str] = []
    for group in (here, rest):
        for category, members in categories(group).items():
            if entries:
                entries.append("")
            entries.append(category)
            entries.extend(members)
    return entries


def help_line(keys: Keymap, entry: Command | str, width: int) -> Line:
    """One line of the help in `width` cells."""
    if isinstance(entry, str):
        return (Span(f" {entry.upper()}", "heading"),)
    pressed = [shown(key) for key in keys.keys(entry.id)]
    if width < _ROOMY:
        return Span(f"  {'1 – 9' if entry.fixed else pressed[0]:<8}", "key"), Span(entry.sentence)
    told = "1 – 9" if entry.fixed else "  ".join(pressed)
    return Span(f"  {told:<19}", "key"), Span(f"{entry.sentence:<61}"), Span(f"  {entry.id}", "muted")
