"""Opening an archive: what format it has, told by what is in it and never by its name's ending.

Not for: reading it (`base.Archive.read` does, with the reader that is chosen here).
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import msgspec

from carecli.archive import care_csv, json_lines, mastodon_outbox, texts, x_archive
from carecli.archive.base import DAMAGE, Archive, ArchiveError, Part, Reader
from carecli.archive.container import Container, container_at, folder
from carecli.model import Author
from carecli.safetext import sanitize_line

CARE_CSV = "care conversations (CSV)"
JSON_LINES = "JSON Lines"
MASTODON = "Mastodon archive"
X = "X archive"

_FORMATS = "docs/archives.md lists what can be read."
_HEAD_BYTES = 1 << 16

_X_TWEETS = re.compile(r"(?:.*/)?tweets?(?:-part(\d+))?\.js")
_X_MESSAGES = re.compile(r"(?:.*/)?direct-messages?(?:-part(\d+))?\.js")


def open_archive(path: Path) -> Archive:
    """Return the archive at `path`, recognised by its content: a file, a folder, a zip or a tar.

    Raises `NotFound` where there is nothing, and `ArchiveError` for what is empty, unreadable, or in no known format.
    """
    container = container_at(path)
    try:
        if container.single:
            return _file(container, container.names[0])
        if any(_X_TWEETS.fullmatch(name) or _X_MESSAGES.fullmatch(name) for name in container.names):
            return _x_archive(container)
        if outbox := container.named("outbox.json"):
            return _mastodon_archive(container, outbox)
        if len(container.names) == 1:
            return _file(container, container.names[0])
    except DAMAGE as damage:
        raise ArchiveError(
            f"{path} cannot be read: {sanitize_line(str(damage))}.", "Export or unpack it again."
        ) from None
    raise ArchiveError(f"{path} holds neither a tweets.js nor an outbox.json.", "Name the file itself, unpacked.")


def _file(container: Container, name: str) -> Archive:
    path = container.path
    with container.open(name) as stream:
        raw = stream.read(_HEAD_BYTES)
    if not raw.strip():
        raise ArchiveError(f"{path} is empty.", "Export the archive again.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ArchiveError(f"{path} is written in UTF-16.", "Save it as UTF-8.")
    if texts.ends_lines_with_returns(raw):
        opened = container.open
        container = msgspec.structs.replace(container, open=lambda name: texts.with_line_feeds(opened(name)))
        raw = raw.replace(b"\r", b"\n")
    head = texts.decode(raw).removeprefix("\ufeff")
    if (holds := x_archive.holds(head)) is not None:
        return _x_file(container, name, holds, _x_owner(_around(container)))
    if mastodon_outbox.recognises(head):
        owner = _mastodon_owner(_around(container))
        return _one(container, name, MASTODON, mastodon_outbox.posts(owner), owner)
    if json_lines.recognises(head):
        return _one(container, name, JSON_LINES, json_lines.read)
    if layout := care_csv.layout_of(head.lstrip("\r\n").partition("\n")[0]):
        if layout.missing:
            raise ArchiveError(
                f"{path} lacks the column {layout.missing[0]}.",
                f"Its first line must name {', '.join(care_csv.COLUMNS)}.",
            )
        return _one(container, name, CARE_CSV, care_csv.read)
    if b"\0" in raw:
        raise ArchiveError(f"{path} is a binary file.", _FORMATS)
    raise ArchiveError(f"{path} is in no format that carecli knows.", _FORMATS)


def _around(container: Container) -> Container:
    """Where the account's own file would lie: beside a single file, if one may look there."""
    if not container.single:
        return container
    try:
        return folder(container.path.parent)
    except OSError:
        return container


def _one(container: Container, name: str, form: str, reader: Reader, owner: Author | None = None) -> Archive:
    return Archive(container.path, form, (Part("", partial(container.open, name), reader),), owner)


def _x_file(container: Container, name: str, holds: str, owner: Author | None) -> Archive:
    if holds in ("tweets", "tweet"):
        return _one(container, name, X, x_archive.tweets(owner), owner or x_archive.UNNAMED)
    if holds not in ("direct_messages", "direct_message"):
        raise ArchiveError(
            f"{container.path} holds “{holds[:40]}”, and no posts.", "Name tweets.js, or the whole archive."
        )
    if owner is None:
        raise ArchiveError(
            f"{container.path} cannot be read: {x_archive.NOBODYS}.",
            "Name the folder or the zip of the whole archive.",
        )
    return _one(container, name, X, x_archive.messages(owner), owner)


def _x_archive(container: Container) -> Archive:
    owner = _x_owner(container)
    messages = x_archive.messages(owner) if owner else x_archive.nobodys_messages
    parts = [_part(container, name, x_archive.tweets(owner)) for name in _in_order(container, _X_TWEETS)]
    parts += [_part(container, name, messages) for name in _in_order(container, _X_MESSAGES)]
    return Archive(container.path, X, tuple(parts), owner or x_archive.UNNAMED)


def _mastodon_archive(container: Container, outbox: str) -> Archive:
    owner = _mastodon_owner(container)
    return _one(container, outbox, MASTODON, mastodon_outbox.posts(owner), owner)


def _part(container: Container, name: str, reader: Reader) -> Part:
    return Part(name, partial(container.open, name), reader)


def _in_order(container: Container, pattern: re.Pattern[str]) -> list[str]:
    """The parts of a list that X cut in pieces: tweets.js, tweets-part1.js, …, tweets-part10.js."""
    found = [(int(match[1] or 0), name) for name in container.names if (match := pattern.fullmatch(name))]
    return [name for _, name in sorted(found)]


def _x_owner(container: Container) -> Author | None:
    if (name := container.named("account.js")) is None:
        return None
    with container.open(name) as stream:
        return x_archive.owner_in(stream)


def _mastodon_owner(container: Container) -> Author | None:
    if (name := container.named("actor.json")) is None:
        return None
    with container.open(name) as stream:
        return mastodon_outbox.owner_in(stream)
