"""An account's own posts from Mastodon: `outbox.json`, and `actor.json` beside it.

An ActivityStreams collection of activities; the posts in it are Notes (and Questions) whose content is HTML and whose
ids are addresses. Boosts and other activities are no posts, and are counted as skipped.
Not for: finding the files (`opening`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from carecli.archive import texts
from carecli.archive.base import Entry, Reader, Row, Skipped, Unreadable, refusal
from carecli.archive.html_text import LONGEST, plain_text
from carecli.archive.json_list import Element, elements
from carecli.archive.times import parse_time
from carecli.model import Author, Visibility

# Mastodon writes `"orderedItems":[]` first and the real list after it; `elements` reads both as one.
_OPENING = re.compile(r'"orderedItems"\s*:\s*\[')
_BEGINNING = re.compile(r'\{\s*"id"\s*:\s*"[^"\\]*"\s*,\s*"type"\s*:\s*"(?:Create|Announce)"')
# Lists of likes and bookmarks are collections too, of addresses.
_POSTS_BEGIN = re.compile(_OPENING.pattern + r"\s*[{\]]")
_COLLECTION = re.compile(r'"type"\s*:\s*"OrderedCollection(?:Page)?"')

# https://www.w3.org/TR/activitypub/#public-addressing: the full name, and the two that JSON-LD makes of it.
_EVERYBODY = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_POSTS = frozenset({"Note", "Question", "Article", "Page"})

_ACTOR_BYTES = 1 << 20


class _Tag(msgspec.Struct):
    type: str | None = None
    href: str | None = None
    name: str | None = None


class _Attachment(msgspec.Struct, rename="camel"):
    media_type: str | None = None
    url: str | None = None
    name: str | None = None


class _Note(msgspec.Struct, rename="camel"):
    id: str
    published: str | None = None
    attributed_to: str | None = None
    content: str | None = None
    content_map: dict[str, str] | None = None
    summary: str | None = None
    in_reply_to: str | None = None
    to: list[str] | str | None = None
    cc: list[str] | str | None = None
    tag: list[_Tag] = []
    attachment: list[_Attachment] = []


class _Actor(msgspec.Struct, rename="camel"):
    id: str
    preferred_username: str
    name: str | None = None


def recognises(head: str) -> bool:
    """Whether a file that begins with `head` is a collection of activities."""
    return head.lstrip().startswith("{") and bool(_POSTS_BEGIN.search(head)) and bool(_COLLECTION.search(head))


def owner_in(actor_json: IO[bytes]) -> Author | None:
    """Return the account that `actor.json` describes, or None."""
    try:
        actor = msgspec.convert(json.loads(texts.decode(actor_json.read(_ACTOR_BYTES))), _Actor)
    except (msgspec.ValidationError, ValueError, RecursionError):
        return None
    name = texts.storable(actor.name or "")
    return Author(
        remote_id=texts.storable(actor.id), handle=texts.storable(actor.preferred_username), display_name=name
    )


def posts(owner: Author | None) -> Reader:
    """Return the reader of an `outbox.json` of `owner`."""

    def read(stream: IO[bytes]) -> Iterator[Entry]:
        for element in elements(stream, _OPENING, _BEGINNING):
            try:
                yield _entry(element, owner)
            except (Unreadable, msgspec.ValidationError) as reason:
                yield refusal(element.line, f"entry {element.number}: {reason}", str(element.value))

    return read


def _entry(element: Element, owner: Author | None) -> Row | Skipped:
    if element.problem:
        raise Unreadable(element.problem)
    activity: Any = element.value
    if not isinstance(activity, dict):
        raise Unreadable("it is no activity")
    kind = activity.get("type")
    if kind == "Announce":
        return Skipped(element.line, "a boost")
    if kind in _POSTS:
        activity = {"type": "Create", "object": activity}
    elif kind != "Create":
        return Skipped(element.line, "an activity that posts nothing")
    note = activity.get("object")
    if not isinstance(note, dict):
        raise Unreadable("it holds the address of a post and not the post")
    if note.get("type") not in _POSTS:
        return Skipped(element.line, "an activity that posts nothing")
    return _row(element.line, msgspec.convert(note, _Note), activity, owner)


def _row(line: int, note: _Note, activity: dict[str, Any], owner: Author | None) -> Row:
    published_at = parse_time(note.published or str(activity.get("published") or ""))
    if published_at is None:
        raise Unreadable(f"the time “{str(note.published)[:40]}” cannot be read")
    if len(note.content or "") > LONGEST:
        raise Unreadable(f"its text is longer than {LONGEST} characters")
    visibility = _visibility(note)
    remote_id = texts.storable(note.id)
    parent = texts.storable(note.in_reply_to) if note.in_reply_to else None
    return Row(
        line=line,
        remote_id=remote_id,
        author=owner or _author(str(note.attributed_to or activity.get("actor") or "")),
        own=True,
        text=_text(note),
        published_at=published_at,
        parent_remote_id=None if parent == remote_id else parent,
        recipient=_recipient(note) if visibility == "private" else None,
        visibility=visibility,
        language=texts.storable(next(iter(note.content_map or {}), "")),
        attachments=tuple(
            texts.attachment((medium.media_type or "media").partition("/")[0], medium.name, medium.url)
            for medium in note.attachment
        ),
    )


def _text(note: _Note) -> str:
    """What readers see: the content warning, where there is one, before the text."""
    content = note.content if note.content is not None else next(iter((note.content_map or {}).values()), "")
    warning = f"{note.summary}\n\n" if note.summary else ""
    return texts.storable(warning + plain_text(content))


def _visibility(note: _Note) -> Visibility:
    addressees = {*_listed(note.to), *_listed(note.cc)}
    return "public" if addressees & _EVERYBODY else "private"


def _recipient(note: _Note) -> Author | None:
    """The one who is addressed first. Followers are no recipient: they are an audience."""
    addressees = {*_listed(note.to), *_listed(note.cc)}
    for tag in note.tag:
        if tag.type == "Mention" and tag.href in addressees:
            return Author(remote_id=texts.storable(tag.href), handle=texts.storable((tag.name or "").removeprefix("@")))
    return None


def _author(address: str) -> Author:
    if not address:
        raise Unreadable("it has no author")
    handle = address.rstrip("/").rpartition("/")[2].removeprefix("@")
    return Author(remote_id=texts.storable(address), handle=texts.storable(handle))


def _listed(addresses: list[str] | str | None) -> list[str]:
    return [addresses] if isinstance(addresses, str) else addresses or []
