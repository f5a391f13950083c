"""The sandbox channel: the desk's client for the simulated network, over its file and a clock.

Speaks for the one account of the simulation. It can be told to fail as real networks do, so that tests may
show what becomes of a reply whose outcome nobody knows.
Not for: the network itself (`network`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from carecli.channels.base import (
    Capabilities,
    Inconclusive,
    Missing,
    NotFound,
    NotSent,
    Outgoing,
    Page,
    Paused,
    Permission,
    Prepared,
    ReconcileOutcome,
    Rejected,
    SendOutcome,
    Sent,
    Thread,
    Unknown,
)
from carecli.channels.lengths import weighted_length
from carecli.channels.sandbox.wire import INVITATION, LIMITS, MAX_PAGE, Post, Posting, Refusal, Server
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from carecli.model import Author, Item, Length, Visibility

SendFault = Literal["none", "not_sent", "rate_limited", "paused", "unknown_without_acting", "act_then_unknown"]
ReadFault = Literal["none", "unreachable", "rate_limited", "signed_out"]

CAPABILITIES = Capabilities(private_messages=True, private_reply_to_post=True, idempotency="strong", shortest_poll=2.0)

# What happens at the network in one call: less than half a second of work.
_STEP = 1000
_LATER = timedelta(seconds=60)
_CUT = "The connection was cut before the network's answer came."


class Faults:
    """Failures for the next calls, one a call in their order; "none" lets one pass. Append to inject more."""

    def __init__(self, send: Iterable[SendFault] = (), read: Iterable[ReadFault] = ()) -> None:
        self.send: deque[SendFault] = deque(send)
        self.read: deque[ReadFault] = deque(read)

    def next_send(self) -> SendFault:
        return self.send.popleft() if self.send else "none"

    def next_read(self) -> ReadFault:
        return self.read.popleft() if self.read else "none"


class SandboxChannel:
    """Implements `channels.base.Channel` on a simulated network. `close` closes the server it was given."""

    def __init__(self, server: Server, clock: Clock, *, faults: Faults | None = None) -> None:
        self._server = server
        self._clock = clock
        self._faults = faults or Faults()

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    @property
    def me(self) -> Author:
        return self._server.account

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def fetch_mentions(self, cursor: str) -> Page:
        """Up to 100 posts after `cursor`, in the order in which the network took them in, own ones included.

        Raises `NeedsPerson` for a cursor of another network.
        """
        self._may_read()
        after = self._place(cursor)
        up_to_date = self._server.advance(self._clock.now(), _STEP)
        posts = self._server.posts_after(after, MAX_PAGE + 1)
        shown = posts[:MAX_PAGE]
        place = shown[-1].seq if shown else after
        more = len(posts) > MAX_PAGE or not up_to_date
        return Page(tuple(map(self._item, shown)), f"{self._server.name}:{place}", more)

    def fetch_thread(self, remote_id: str) -> Thread:
        """The whole thread around a message; what its author removed, or what never was, has a place as missing."""
        self._may_read()
        self._server.advance(self._clock.now(), _STEP)
        view = self._server.thread(remote_id)
        missing = tuple(Missing(removed, "Its author removed it.") for removed in view.removed)
        if not view.posts and not missing:
            missing = (Missing(remote_id, "The network does not know it."),)
        return Thread(tuple(map(self._item, view.posts)), missing)

    def _place(self, cursor: str) -> int:
        network, _, place = (cursor or f"{self._server.name}:0").partition(":")
        if network != self._server.name or not place.isascii() or not place.isdigit() or len(place) > 12:
            raise NeedsPerson(
                "What was read so far belongs to another simulated network.",
                "Begin with a new database, or bring its file back.",
            )
        return int(place)

    def _may_read(self) -> None:
        match self._faults.next_read():
            case "unreachable":
                raise NetworkFailure("The simulated network is out of reach.", "It is tried again by itself.")
            case "rate_limited":
                until = self._clock.now() + _LATER
                raise RateLimited("The simulated network asked to be left alone for a minute.", until=until)
            case "signed_out":
                raise NeedsPerson("The simulated network has signed this account out.", "Sign in again.")

    def _item(self, post: Post) -> Item:
        own = post.author.remote_id == self.me.remote_id
        return Item(
            remote_id=post.id,
            author=post.author,
            text=post.text,
            published_at=post.at,
            own=own,
            addressed=post.addressed and not own,
            visibility=post.visibility,
            parent_remote_id=post.parent_id,
            thread_remote_id=post.thread_id,
            recipient=post.recipient if own else None,
            language=post.language,
            delivery_key=post.key,
        )

    # ── what is known without asking ─────────────────────────────────────────────────────────────

    def measure(self, text: str, visibility: Visibility, reply: bool) -> Length:
        """Weighted characters: 280 in public, 10,000 in private."""
        return Length(weighted_length(text), LIMITS[visibility], "weighted characters")

    def can_reply(self, item: Item, visibility: Visibility, now: datetime) -> Permission:
        """There is no window in time; a private message is never answered in public."""
        if item.visibility == "private" and visibility == "public":
            return Permission(False, reason="A private message cannot be answered in public.")
        if visibility == "private" and item.own and item.recipient is None:
            return Permission(False, reason="This is a post of the account itself: nobody stands behind it.")
        if visibility == "private" and not item.own and not item.addressed:
            return Permission(False, reason="The author has not written to this account.")
        return Permission(True)

    def private_invitation(self, handle: str) -> str:
        """The link that opens a private message to `handle`, which is the account's own."""
        return f"{INVITATION}{handle.removeprefix('@')}"

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Freeze the call: the request as JSON."""
        posting = Posting(
            key=outgoing.key,
            text=outgoing.text,
            visibility=outgoing.visibility,
            reply_to=outgoing.reply_to,
            recipient_id=outgoing.recipient.remote_id if outgoing.recipient else None,
        )
        return Prepared(outgoing.key, msgspec.json.encode(posting))

    def send(self, prepared: Prepared) -> SendOutcome:
        """Post, once. The network keeps keys for ever: the same call again is answered with the same id."""
        match self._faults.next_send():
            case "not_sent":
                return NotSent("The simulated network is out of reach.")
            case "rate_limited":
                return NotSent("The simulated network asked to wait a minute.", self._clock.now() + _LATER)
            case "paused":
                return Paused("The simulated network has signed this account out.", "Sign in again.")
            case "unknown_without_acting":
                return Unknown(_CUT)
            case "act_then_unknown":
                self._post(prepared)
                return Unknown(_CUT)
            case "none":
                return self._post(prepared)

    def _post(self, prepared: Prepared) -> SendOutcome:
        try:
            posting = msgspec.json.decode(prepared.payload, type=Posting)
            answer = self._server.publish(posting, self._clock.now())
        except msgspec.DecodeError:
            return Rejected("This was not prepared for the simulated network.")
        except NetworkFailure as failure:
            # The file's transaction was undone: nothing was written.
            return NotSent(failure.sentence)
        return Rejected(answer.sentence) if isinstance(answer, Refusal) else Sent(answer.id, answer.at)

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """Look the key up: the network would answer a second call with the first one's post, so repeating is safe."""
        try:
            self._may_read()
            post = self._server.post_by_key(prepared.key)
        except (NetworkFailure, NeedsPerson) as failure:
            return Inconclusive(failure.sentence)
        return NotFound(safe_to_repeat=True) if post is None else Sent(post.id, post.at)

    def close(self) -> None:
        self._server.close()
