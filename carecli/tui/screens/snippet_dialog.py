"""Finding a snippet: a few letters narrow the list, the arrows choose, the text of the chosen one stands below.

Answers with the snippet's name. Not for: what a search finds (`playbook.snippets`), or filling one in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input, Static

from carecli.model import Snippet
from carecli.playbook.snippets import found
from carecli.safetext import sanitize, sanitize_line
from carecli.tui.keymap import Keymap
from carecli.tui.screens.dialogs import Dialog
from carecli.tui.screens.fields import LineField
from carecli.tui.widgets.cells import crop
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.painting import Span, paint

_ROWS = 8
_NAME = 24


class SnippetList(LineList):
    """Snippets, each with its name and how it begins."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"snippet-list--text"}

    def __init__(self, snippets: Sequence[Snippet]) -> None:
        super().__init__(empty="No snippet has these letters.", id="choices")
        self.can_focus = False
        self.snippets = tuple(snippets)

    def on_mount(self) -> None:
        self.styles.height = min(_ROWS, max(1, len(self.snippets)))
        self.total = len(self.snippets)

    def narrow(self, snippets: Sequence[Snippet]) -> None:
        """Show these, the likeliest first, under the cursor."""
        self.snippets, self.cursor = tuple(snippets), 0
        self.total = len(self.snippets)

    @property
    def chosen(self) -> Snippet | None:
        """The snippet under the cursor."""
        return self.snippets[self.cursor] if self.snippets else None

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        snippet = self.snippets[index]
        name = crop(sanitize_line(snippet.name), _NAME).ljust(_NAME + 2)
        line = (Span(f" {name}"), Span(sanitize_line(snippet.text), "text"))
        return paint(line, width, self.palette, over="cursor" if selected else "")


class SnippetDialog(Dialog):
    """Choose a snippet by a few letters of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, keys: Keymap, snippets: Sequence[Snippet]) -> None:
        super().__init__(keys, "Snippets")
        self._snippets = tuple(snippets)

    def content(self) -> ComposeResult:
        yield LineField(example="a few letters", id="line")
        yield SnippetList(self._snippets)
        yield Static(id="reading", markup=False)

    def answers(self) -> tuple[tuple[str, str], ...]:
        return (("enter", "take"), ("↑↓", "choose"))

    def on_mount(self) -> None:
        super().on_mount()
        self._show()

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(SnippetList).narrow(found(self._snippets, event.value))
        self._show()

    def action_move(self, step: int) -> None:
        snippets = self.query_one(SnippetList)
        snippets.cursor = max(0, min(snippets.total - 1, snippets.cursor + step))
        self._show()

    @on(Input.Submitted)
    def action_dialog_save(self) -> None:
        chosen = self.query_one(SnippetList).chosen
        if chosen is not None:
            self.dismiss(chosen.name)

    def _show(self) -> None:
        chosen = self.query_one(SnippetList).chosen
        self.query_one("#reading", Static).update(Content(sanitize(chosen.text) if chosen else ""))
