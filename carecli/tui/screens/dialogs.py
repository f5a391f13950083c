"""Small dialogs: a choice, with something to read above it, and a text to write. Escape leaves; then nothing happens.

They know nothing of the desk: the screen that opens one decides what the answer means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from carecli.model import Record
from carecli.safetext import SafeText
from carecli.tui.keymap import Keymap, bindings, command
from carecli.tui.screens.fields import LineField, TextField
from carecli.tui.widgets.hint_line import HintLine
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.painting import Span, paint


class Choice(Record, frozen=True):
    """One thing to choose: an id for the caller, a few words, and what follows from it."""

    id: str
    words: str
    means: str = ""


class ChoiceList(LineList):
    """The choices of a dialog, each with its number."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-list--number", "choice-list--means"}

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(id="choices")
        self._choices = tuple(choices)
        self._column = max(len(choice.words) for choice in choices) + 2

    def on_mount(self) -> None:
        self.total = len(self._choices)
        self.styles.height = self.total

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        choice = self._choices[index]
        words = choice.words.ljust(self._column) if choice.means else choice.words
        line = (Span(f" {index + 1}".ljust(4), "number"), Span(words), Span(choice.means, "means"))
        return paint(line, width, self.palette, over="cursor" if selected else "")


class Dialog(ModalScreen[str]):
    """A box in the middle: a title, what subclasses put into it, and its keys. Answers with a text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(self, keys: Keymap, title: str) -> None:
        super().__init__()
        self._keys = keys
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(self._title), id="title", markup=False)
            yield from self.content()
            yield HintLine()

    def content(self) -> ComposeResult:
        """What stands between title and keys."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.query_one(HintLine).show((*self.answers(), (self._keys.shown("dialog.cancel"), "leave")))

    def answers(self) -> tuple[tuple[str, str], ...]:
        """The keys that answer, each with a word."""
        raise NotImplementedError

    def action_dialog_cancel(self) -> None:
        self.dismiss(None)

    def action_dialog_save(self) -> None:
        """Only dialogs with a text keep something."""


class ChoiceDialog(Dialog):
    """Choose one; answers with the choice's id. `reading` is shown above the choices, as it is, never as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"dialog_pick({number})", show=False)
        for number, key in enumerate(command("dialog.pick").keys.split(","))
    ]

    def __init__(
        self, keys: Keymap, title: str, choices: Sequence[Choice], *, reading: SafeText | Content | None = None
    ) -> None:
        super().__init__(keys, title)
        self._choices = tuple(choices)
        self._reading = Content(reading) if isinstance(reading, str) else reading

    def content(self) -> ComposeResult:
        if self._reading is not None:
            with VerticalScroll(id="reading", can_focus=False):
                yield Static(self._reading, markup=False)
        yield ChoiceList(self._choices)

    def answers(self) -> tuple[tuple[str, str], ...]:
        return ((self._keys.shown("list.choose"), "choose"),)

    @on(LineList.Chosen)
    def chosen(self, event: LineList.Chosen) -> None:
        self.dismiss(self._choices[event.index].id)

    def action_dialog_pick(self, number: int) -> None:
        if number < len(self._choices):
            self.dismiss(self._choices[number].id)


class LineDialog(Dialog):
    """Write one line; enter answers with it. `example` stands in the empty field."""

    def __init__(self, keys: Keymap, title: str, *, example: str = "", text: str = "") -> None:
        super().__init__(keys, title)
        self._example = example
        self._text = text

    def content(self) -> ComposeResult:
        yield LineField(self._text, example=self._example, id="line")

    def answers(self) -> tuple[tuple[str, str], ...]:
        return (("enter", "choose"),)

    @on(Input.Submitted)
    def action_dialog_save(self) -> None:
        if text := self.query_one(LineField).value.strip():
            self.dismiss(text)


class TextDialog(Dialog):
    """Write a text of several lines, or change `text`; answers with it."""

    def __init__(self, keys: Keymap, title: str, *, reading: SafeText | Content | None = None, text: str = "") -> None:
        super().__init__(keys, title)
        self._text = text
        self._reading = Content(reading) if isinstance(reading, str) else reading

    def content(self) -> ComposeResult:
        if self._reading is not None:
            with VerticalScroll(id="reading", can_focus=False):
                yield Static(self._reading, markup=False)
        yield TextField(self._text, id="text")

    def answers(self) -> tuple[tuple[str, str], ...]:
        return ((self._keys.shown("dialog.save"), "keep"),)

    def action_dialog_save(self) -> None:
        if text := self.query_one(TextField).text.strip():
            self.dismiss(text)
