"""What a reader of a recorded archive gives: rows, and what it could not read, in the order of the file.

Readers stream, so that a file of any size can be read; what is wrong in a file is data here, never an exception.
Not for: finding out which format a file has (`opening`), or whose row it is (`attribution`).
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO

from carecli.errors import Misuse
from carecli.model import Author, Record, Visibility
from carecli.playbook.personal import mask
from carecli.safetext import SafeText, literal, sanitize_line

# As much of a broken line as a person needs to find it.
_EXCERPT = 80

# What the standard library raises where a file that was opened ends early or is damaged.
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError)


class ArchiveError(Misuse):
    """The file as a whole cannot be read: a folder, binary, empty, or in no format that carecli knows."""


class Unreadable(ValueError):
    """Why one row cannot be read, as a sentence. Stays within this package: readers turn it into a `Refusal`."""


class Row(Record, frozen=True):
    """One post or private message of an archive.

    line: the physical line on which it begins, from 1. own: the archive says that a brand wrote it.
    text: what the author wrote, entities undone; raw, so it must be sanitized before it is shown.
    replies: the ids of the answers, where the archive lists them. recipient: the reader of a private message.
    """

    line: int
    remote_id: str
    author: Author
    own: bool
    text: str
    published_at: datetime
    parent_remote_id: str | None = None
    thread_remote_id: str | None = None
    recipient: Author | None = None
    replies: tuple[str, ...] = ()
    visibility: Visibility = "public"
    language: str = ""
    attachments: tuple[str, ...] = ()


class Refusal(Record, frozen=True):
    """A row that could not be read: where, why, and how it begins. `file` names a part of a zip or folder."""

    line: int
    reason: SafeText
    excerpt: SafeText = literal("")
    file: SafeText = literal("")


class Skipped(Record, frozen=True):
    """Something that is no post of its own, such as a boost or a repeated header."""

    line: int
    reason: str


Entry = Row | Refusal | Skipped
Reader = Callable[[IO[bytes]], Iterator[Entry]]


class Part(Record, frozen=True):
    """One file of an archive, how it is opened and how it is read. `name` is empty where there is only one."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    reader: Reader


class Archive(Record, frozen=True):
    """A recognised archive, not yet read. `owner` is the account it was exported from, where it names one."""

    path: Path
    format: str
    parts: tuple[Part, ...]
    owner: Author | None = None

    def read(self) -> Iterator[Entry]:
        """Yield every row in the order of the file, and each that cannot be read with its line and reason.

        Raises nothing for what the file holds; a file that breaks off is reported as one more refusal.
        """
        for part in self.parts:
            line = 0
            try:
                with part.open() as stream:
                    for entry in part.reader(stream):
                        line = entry.line
                        yield _within(entry, part.name)
            except DAMAGE as damage:
                yield _within(refusal(line, f"nothing can be read after this: {damage}"), part.name)


def refusal(line: int, reason: object, raw: str = "") -> Refusal:
    """Return the refusal of a row that begins with `raw`, safe to show and masked: strangers wrote both."""
    # Masked before it is cut: half a number is not told from others.
    excerpt = mask(sanitize_line(raw[: 4 * _EXCERPT]))[:_EXCERPT]
    return Refusal(line, SafeText(mask(sanitize_line(str(reason)))), SafeText(excerpt))


def _within(entry: Entry, file: str) -> Entry:
    if file and isinstance(entry, Refusal):
        return Refusal(entry.line, entry.reason, entry.excerpt, sanitize_line(file))
    return entry
