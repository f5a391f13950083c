"""carecli's own form of an archive: one JSON object a line, in the words of the model.

Documented in docs/archives.md; what other tools and scripts should write.
Not for: JSON lists (`json_list`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Annotated

import msgspec

from carecli.archive import texts
from carecli.archive.base import Entry, Row, refusal
from carecli.model import Author, Visibility

_Id = Annotated[str, msgspec.Meta(min_length=1)] | int


class _Person(msgspec.Struct, forbid_unknown_fields=True):
    remote_id: _Id
    handle: str = ""
    display_name: str = ""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    remote_id: _Id
    author: _Person
    text: str
    published_at: Annotated[datetime, msgspec.Meta(tz=True)]
    own: bool = False
    parent_remote_id: _Id | None = None
    thread_remote_id: _Id | None = None
    recipient: _Person | None = None
    visibility: Visibility = "public"
    language: str = ""
    attachments: tuple[str, ...] = ()


_DECODER = msgspec.json.Decoder(_Line)


def recognises(head: str) -> bool:
    """Whether a file that begins with `head` has an object of this form on its first line."""
    first = head.lstrip().partition("\n")[0]
    return first.startswith("{") and '"remote_id"' in first and '"published_at"' in first


def read(stream: IO[bytes]) -> Iterator[Entry]:
    """Yield the rows. Raises nothing for the contents of the file."""
    number = 0
    while raw := texts.read_line(stream):
        number += 1
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            yield _row(number, _DECODER.decode(raw))
        except (ValueError, OverflowError, RecursionError) as reason:
            yield refusal(number, reason, texts.decode(raw))


def _row(number: int, line: _Line) -> Row:
    remote_id = _text(line.remote_id)
    parent = None if line.parent_remote_id is None else _text(line.parent_remote_id)
    return Row(
        line=number,
        remote_id=remote_id,
        author=_author(line.author),
        own=line.own,
        text=texts.storable(line.text),
        published_at=line.published_at.astimezone(UTC),
        parent_remote_id=None if parent == remote_id else parent,
        thread_remote_id=None if line.thread_remote_id is None else _text(line.thread_remote_id),
        recipient=_author(line.recipient) if line.recipient else None,
        visibility=line.visibility,
        language=texts.storable(line.language),
        attachments=tuple(map(texts.storable, line.attachments)),
    )


def _author(person: _Person) -> Author:
    remote_id = _text(person.remote_id)
    handle = texts.storable(person.handle) or remote_id
    return Author(remote_id=remote_id, handle=handle, display_name=texts.storable(person.display_name))


def _text(written: str | int) -> str:
    return texts.storable(str(written))
