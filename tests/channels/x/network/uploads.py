"""Uploading pictures and films: at once, or begun, filled in pieces and finished; and the words that describe them.

Not for: attaching them (`publishing`, `correspondence`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from typing import Any

from tests.channels.x.network import answers
from tests.channels.x.network.answers import Answer, Refusal, said
from tests.channels.x.network.world import Picture, User, World

SESSION_SECONDS = 86_400
LARGEST_IMAGE = 5 * 1024**2
_KINDS = {"gif": "animated_gif", "image": "photo", "video": "video"}


@dataclass
class _Session:
    """An upload that is under way."""

    picture: Picture
    total: int
    pieces: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Uploads:
    """What `account` uploads. `contents`: the finished ones' bytes, by media id."""

    world: World
    account: User
    contents: dict[int, bytes] = field(default_factory=dict)
    _sessions: dict[int, _Session] = field(default_factory=dict)

    def at_once(self, body: Mapping[str, Any]) -> Answer:
        """POST /2/media/upload."""
        data = _content(body["media"])
        picture = self._new(body["media_category"])
        return self._finished(picture, data)

    def begin(self, body: Mapping[str, Any]) -> Answer:
        """POST /2/media/upload/initialize."""
        picture = self._new(body.get("media_category", "tweet_image"))
        self._sessions[picture.id] = _Session(picture, body.get("total_bytes", 0))
        return said({"data": _told(picture)})

    def append(self, number: int, body: Mapping[str, Any]) -> Answer:
        """POST /2/media/upload/:id/append."""
        session = self._session(number)
        session.pieces[int(body["segment_index"])] = _content(body["media"])
        return said({"data": {"expires_at": int(self.world.now().timestamp()) + SESSION_SECONDS}})

    def finish(self, number: int) -> Answer:
        """POST /2/media/upload/:id/finalize."""
        session = self._session(number)
        data = b"".join(session.pieces[index] for index in sorted(session.pieces))
        if len(data) != session.total:
            raise Refusal(answers.invalid({"media": (number, f"has {len(data)} bytes of {session.total}")}))
        del self._sessions[number]
        return self._finished(session.picture, data)

    def status(self, number: int) -> Answer:
        """GET /2/media/upload."""
        if number not in self.contents:
            raise Refusal(answers.said({"errors": [answers.not_found("media", "media_id", number)]}, 404))
        return said({"data": _told(self.world.pictures[number]) | {"processing_info": {"state": "succeeded"}}})

    def describe(self, body: Mapping[str, Any]) -> Answer:
        """POST /2/media/metadata: the alternative text."""
        number, alt = int(body["id"]), body.get("metadata", {}).get("alt_text", {}).get("text", "")
        picture = self.world.pictures.get(number)
        if picture is None or picture.owner != self.account.id:
            raise Refusal(answers.said({"errors": [answers.not_found("media", "id", number)]}, 404))
        self.world.describe(number, alt)
        return said({"data": {"id": str(number), "associated_metadata": {"alt_text": {"text": alt}}}})

    def _new(self, category: str) -> Picture:
        return self.world.add_picture(_KINDS[category.rpartition("_")[2]], owner=self.account.id)

    def _finished(self, picture: Picture, data: bytes) -> Answer:
        if not data or (picture.kind == "photo" and len(data) > LARGEST_IMAGE):
            raise Refusal(answers.invalid({"media": (picture.id, f"has {len(data)} bytes")}))
        with self.world.lock:
            self.contents[picture.id] = data
            self.world.pictures[picture.id] = replace(self.world.pictures[picture.id], size=len(data))
        told = _told(picture) | {"size": len(data)}
        if picture.kind == "video":
            told["processing_info"] = {"state": "pending", "check_after_secs": 1}
        return said({"data": told})

    def _session(self, number: int) -> _Session:
        if number not in self._sessions:
            raise Refusal(answers.invalid({"id": (number, "This upload was never begun, or is over.")}))
        return self._sessions[number]


def parts_of_form(body: bytes, kind: str) -> dict[str, Any]:
    """The fields of a `multipart/form-data` body: files as bytes, the rest as text."""
    whole: Message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    fields: dict[str, Any] = {}
    for part in whole.get_payload() if whole.is_multipart() else ():
        assert isinstance(part, Message)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", "", "content-disposition"))
        fields[name] = content if part.get_filename() else content.decode()
    return fields


def _content(media: bytes | str) -> bytes:
    if isinstance(media, bytes):
        return media
    try:
        return base64.b64decode(media, validate=True)
    except binascii.Error as error:
        raise Refusal(answers.invalid({"media": (media[:40], "is no base64")})) from error


def _told(picture: Picture) -> dict[str, Any]:
    return {"id": str(picture.id), "media_key": picture.key, "expires_after_secs": SESSION_SECONDS}
