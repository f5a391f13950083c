"""Direct messages of the unencrypted kind: the last 30 days, read and written.

Not for: encrypted chats, which this part of X does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.channels.x.network import answers
from tests.channels.x.network.answers import Refusal, forbidden
from tests.channels.x.network.rendering import Asked, Renderer, Told
from tests.channels.x.network.timelines import page_end, page_token, whole
from tests.channels.x.network.world import DirectMessage, Picture, User, World

KEPT = timedelta(days=30)
LONGEST = 10_000
_NOT_WELCOME = "You do not have permission to DM one or more participants."


@dataclass(frozen=True)
class Correspondence:
    """The messages of `account`. `made`: those that came by the API, in order."""

    world: World
    account: User
    renderer: Callable[[], Renderer]
    made: list[int] = field(default_factory=list)

    def events(self, query: Mapping[str, str], with_whom: int | None = None) -> Told:
        """Messages from and to the account, or those with one person, newest first."""
        size, end = int(query.get("max_results", "100")), page_end(query)
        wanted = "MessageCreate" in query.get("event_types", "MessageCreate")
        fitting = [message for message in self._kept(with_whom) if wanted and (end is None or message.id < end)]
        page = fitting[:size]
        told = self._told(page, Asked.of(query))
        told.document["meta"] = {"result_count": len(page)}
        if len(fitting) > size:
            told.document["meta"]["next_token"] = page_token(page[-1].id)
        return told

    def event(self, number: int, query: Mapping[str, str]) -> Told:
        """One message by its id."""
        told = self._told([one for one in self._kept(None) if one.id == number], Asked.of(query))
        if "data" in told.document:
            told.document["data"] = told.document["data"][0]
        else:
            told.document["errors"] = [answers.not_found("dm_event", "event_id", number)]
        return told

    def write(self, to: int, body: Mapping[str, Any]) -> DirectMessage:
        """Send a message to a person. Raises `Refusal`."""
        with self.world.lock:
            recipient = self.world.users.get(to)
            if recipient is None or recipient.id == self.account.id or not self._welcome(recipient):
                raise Refusal(forbidden(_NOT_WELCOME))
            text: str = body.get("text", "")
            if len(text) > LONGEST:
                raise Refusal(answers.invalid({"text": (text[:40], f"is longer than {LONGEST} characters")}))
            pictures = self._pictures([str(one["media_id"]) for one in body.get("attachments", ())])
            message = self.world.add_message(self.account, recipient, text, pictures=pictures)
            self.made.append(message.id)
            return message

    def _kept(self, with_whom: int | None) -> list[DirectMessage]:
        since = self.world.now() - KEPT
        with self.world.lock:
            mine = [
                message
                for message in self.world.messages.values()
                if self.account.id in (message.sender.id, message.recipient.id)
                and (with_whom is None or with_whom in (message.sender.id, message.recipient.id))
                and message.created_at >= since
            ]
        return sorted(mine, key=lambda message: -message.id)

    def _told(self, page: list[DirectMessage], asked: Asked) -> Told:
        renderer = self.renderer()
        with self.world.lock:
            data, beside = renderer.messages(page, asked)
            document = whole(data, beside, renderer.includes(beside, asked))
        ids = tuple(message.id for message in page)
        return Told(document, messages=ids, posts_beside=tuple(beside.posts), users_beside=tuple(beside.users))

    def _welcome(self, recipient: User) -> bool:
        wrote = any(message.sender.id == recipient.id for message in self.world.messages.values())
        return recipient.accepts_messages or wrote

    def _pictures(self, ids: list[str]) -> list[Picture]:
        found = [self.world.pictures.get(int(number)) for number in ids]
        ready = [one for one in found if one is not None and one.owner == self.account.id and one.size]
        if len(ready) < len(ids) or len(ready) > 1:
            raise Refusal(answers.invalid({"attachments": (ids, "Your media IDs are invalid.")}))
        return ready
