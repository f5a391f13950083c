"""The command palette: every command that works just now, and the themes.

Made from the table of commands. Not for: what the commands do (the screens).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from carecli.tui.keymap import COMMANDS
from carecli.tui.screens.care_screen import CareScreen

_LEFT_OUT = ("screen.back", "app.palette", "app.interrupt", "pane.next", "pane.previous")


class Entry(NamedTuple):
    """One line of the palette: what it does, its key, and how to do it."""

    words: str
    key: str
    run: Callable[[], object]


class CommandProvider(Provider):
    """Offers the commands of the screen below and of everywhere."""

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for entry in self._entries():
            if (score := matcher.match(entry.words)) > 0:
                yield Hit(score, _line(entry.key, matcher.highlight(entry.words)), entry.run, text=entry.words)

    async def discover(self) -> Hits:
        for entry in self._entries():
            yield DiscoveryHit(_line(entry.key, Content(entry.words)), entry.run, text=entry.words)

    def _entries(self) -> Iterator[Entry]:
        screen = self.screen
        if isinstance(screen, CareScreen):
            for command in COMMANDS:
                if command.where in (screen.WHERE, *screen.OFFERS, "everywhere") and command.id not in _LEFT_OUT:
                    if not screen.works(command):
                        continue
                    owner: DOMNode = self.app if command.where == "everywhere" else screen
                    run = partial(self.app.run_action, command.action, owner)
                    yield Entry(command.sentence.rstrip("."), screen.keys.shown(command.id), run)
        for name in desk_themes(self.app):
            yield Entry(f"Theme: {name}", "", partial(setattr, self.app, "theme", name))


def _line(key: str, words: Content) -> Content:
    return Content.assemble((f"{key:<11}", "$key"), words)


def desk_themes(app: App[object]) -> list[str]:
    """The themes that know the desk's colours; those that Textual brings do not."""
    return sorted(name for name, theme in app.available_themes.items() if "late" in theme.variables)
