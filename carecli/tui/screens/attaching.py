"""Attaching a picture or film to the reply on the screen: its file, then what it shows, in words.

Functions of the screen that asks; answers come to it as messages. Not for: what a network takes (`desk.media`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from textual.message import Message

from carecli.desk.context import Desk
from carecli.desk.media import attach, detach, files_for
from carecli.desk.views import MediaRow, media_row
from carecli.model import AttachedMedia
from carecli.safetext import sanitize_line
from carecli.tui.asking import ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.dialogs import LineDialog
from carecli.tui.screens.path_dialog import path_dialog, typed_path


class FileChosen(Message):
    """A file that the network would take; what it shows is still to be said."""

    def __init__(self, conversation_id: int, path: Path) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.path = path


class Attached(Message):
    """What a draft carries now."""

    def __init__(self, conversation_id: int, media: tuple[MediaRow, ...]) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.media = media


def ask_for_file(screen: CareScreen, conversation_id: int) -> None:
    """Ask which file; the answer is a `FileChosen`, or a refusal in a sentence."""

    def answered(text: str | None) -> None:
        if text is not None:
            ask(screen, "file", partial(_chosen, screen.desk, conversation_id, typed_path(text)))

    screen.app.push_screen(path_dialog(screen.keys), answered)


def ask_for_words(screen: CareScreen, event: FileChosen) -> None:
    """Ask what the file shows, then attach it; the answer is an `Attached`."""

    def answered(words: str | None) -> None:
        if words is not None:
            call = partial(_attach, screen.desk, event.conversation_id, event.path, words)
            ask(screen, "attach", call, latest=False)

    title = f"What does {sanitize_line(event.path.name)} show?"
    screen.app.push_screen(LineDialog(screen.keys, title, example="in words, for those who cannot see it"), answered)


def take_off(screen: CareScreen, conversation_id: int, number: int) -> None:
    """Take a file off the draft; the answer is an `Attached`."""
    ask(screen, "attach", partial(_detach, screen.desk, conversation_id, number), latest=False)


def _chosen(desk: Desk, conversation_id: int, path: Path) -> FileChosen:
    files_for(desk, conversation_id, ((path, "…"),))
    return FileChosen(conversation_id, path)


def _attach(desk: Desk, conversation_id: int, path: Path, words: str) -> Attached:
    return Attached(conversation_id, _rows(attach(desk, conversation_id, path, words)))


def _detach(desk: Desk, conversation_id: int, number: int) -> Attached:
    return Attached(conversation_id, _rows(detach(desk, conversation_id, number)))


def _rows(media: tuple[AttachedMedia, ...]) -> tuple[MediaRow, ...]:
    return tuple(media_row(one) for one in media)
