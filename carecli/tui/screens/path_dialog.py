"""Asking for a file: a field that completes paths as one types, and takes them as terminals drop them.

Not for: what the file must be (`desk.media`).
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

from carecli.safetext import is_safe
from carecli.tui.keymap import Keymap
from carecli.tui.screens.dialogs import Dialog
from carecli.tui.screens.fields import LineField

# A folder of many thousands of files is not read to its end for one suggestion.
_MOST_READ = 5000


class PathDialog(Dialog):
    """Name a file; enter answers with its path as it was written."""

    def content(self) -> ComposeResult:
        yield PathField(id="line")

    def answers(self) -> tuple[tuple[str, str], ...]:
        return (("enter", "choose"), ("tab", "complete"))

    @on(Input.Submitted)
    def action_dialog_save(self) -> None:
        if text := self.query_one(PathField).value.strip():
            self.dismiss(text)


class PathField(LineField):
    """One line for a path; what it may go on with stands behind the cursor, and tab takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(example="~/Pictures/…", id=id)
        self.suggester = PathSuggester()

    def action_complete(self) -> None:
        self.action_cursor_right()


class PathSuggester(Suggester):
    """Suggests how a path may go on, from the folder that it names; the folder is read in a thread."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(completed, value)


def completed(text: str) -> str | None:
    """`text` with the first file's or folder's name that goes on as it does, folders with their stroke; or None."""
    folder, _, begun = text.rpartition("/")
    if not text or (not begun and not folder):
        return None
    names: list[str] = []
    try:
        with os.scandir(Path(f"{folder}/" if folder or text.startswith("/") else ".").expanduser()) as entries:
            for _, entry in zip(range(_MOST_READ), entries, strict=False):
                hidden = entry.name.startswith(".") and not begun.startswith(".")
                if entry.name.startswith(begun) and not hidden and is_safe(entry.name):
                    names.append(f"{entry.name}/" if entry.is_dir() else entry.name)
    except (OSError, ValueError, RuntimeError):
        return None
    found = min(names, default="")
    return text[: len(text) - len(begun)] + found if found else None


def typed_path(text: str) -> Path:
    """The path that somebody typed, or dropped into the terminal: quoted, escaped, or as the address of a file."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    elif text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    elif "\\ " in text and os.sep == "/":
        text = text.replace("\\ ", " ")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def path_dialog(keys: Keymap) -> PathDialog:
    """The dialog for a picture or film."""
    return PathDialog(keys, "Which picture or film?")
