"""The sandbox channel: the desk's client for the simulated network, over a server of it and a clock.

Speaks for the one account of the simulation. It can be told to fail as real networks do, and to do without keys as
some of them do, so that tests may show what becomes of a reply whose outcome nobody knows.
Not for: the network itself (`network`, or `remote` where it is somewhere else).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
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
    Spending,
    Thread,
    Unknown,
)
from carecli.channels.lengths import links_in, measure
from carecli.channels.sandbox import prices
from carecli.channels.sandbox.wire import (
    INVITATION,
    MAX_MEDIA,
    MAX_MEDIA_BYTES,
    MAX_PAGE,
    Post,
    PostedMedia,
    Posting,
    Refusal,
    Server,
)
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from carecli.model import Author, Item, Length, Link, Record, Visibility

SendFault = Literal["none", "not_sent", "rate_limited", "paused", "unknown_without_acting", "act_then_unknown"]
ReadFault = Literal["none", "unreachable", "rate_limited", "signed_out"]
# The sandbox keeps keys for ever. Without them it is as weak as the networks that have none.
Keys = Literal["strong", "none"]

CAPABILITIES = Capabilities(
    private_messages=True,
    private_reply_to_post=True,
    idempotency="strong",
    shortest_poll=2.0,
    media=MAX_MEDIA,
    media_bytes=MAX_MEDIA_BYTES,
)

# How often a network that charges is asked at most, in seconds.
_METERED_POLL = 15.0

# What happens at the network in one call: less than half a second of work.
_STEP = 1000
_LATER = timedelta(seconds=60)
_CUT = "The connection was cut before the network's answer came."
_FOREIGN = "This was not prepared for the simulated network."


class Faults:
    """Failures for the next calls, one a call in their order; "none" lets one pass. Append to inject more."""

    def __init__(self, send: Iterable[SendFault] = (), read: Iterable[ReadFault] = ()) -> None:
        self.send: deque[SendFault] = deque(send)
        self.read: deque[ReadFault] = deque(read)

    def next_send(self) -> SendFault:
        return self.send.popleft() if self.send else "none"

    def next_read(self) -> ReadFault:
        return self.read.popleft() if self.read else "none"


class _Keyless(Record, frozen=True):
    """A request without a key, and the moment before which it cannot have been made."""

    posting: Posting
    since: datetime


class SandboxChannel:
    """Implements `channels.base.Channel` on a simulated network. `close` closes the server it was given.

    idempotency: "none" for a network that is handed no keys. A lost answer is then looked for among the account's own
    posts, and what is not found there may still arrive.
    metered: it charges for its calls, as `prices` says.
    """

    def __init__(
        self,
        server: Server,
        clock: Clock,
        *,
        faults: Faults | None = None,
        idempotency: Keys = "strong",
        metered: bool = False,
    ) -> None:
        self._server = server
        self._clock = clock
        self._faults = faults or Faults()
        self._spendings = prices.spendings() if metered else None
        self._capabilities = msgspec.structs.replace(
            CAPABILITIES,
            idempotency=idempotency,
            metered=metered,
            link_price=prices.LINK_PRICE if metered else "",
            shortest_poll=_METERED_POLL if metered else CAPABILITIES.shortest_poll,
        )
        self._has_keys = idempotency == "strong"

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def me(self) -> Author:
        return self._server.account

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def fetch_mentions(self, cursor: str) -> Page:
        """Up to 100 posts after `cursor`, in the order in which the network took them in, own ones included.

        Raises `NeedsPerson` for a cursor of another network.
        """
        self._may_read()
        network = self._server.name
        after = _place(cursor, network)
        up_to_date = self._server.advance(self._clock.now(), _STEP)
        posts = self._server.posts_after(after, MAX_PAGE + 1)
        shown = posts[:MAX_PAGE]
        # A page that is delivered twice must not take the cursor back.
        place = max((after, *(post.seq for post in shown)))
        more = len(posts) > MAX_PAGE or not up_to_date
        self._count_read(shown)
        return Page(tuple(map(self._item, shown)), f"{network}:{place}", more)

    def fetch_thread(self, remote_id: str) -> Thread:
        """The whole thread around a message; what its author removed, or what never was, has a place as missing."""
        self._may_read()
        self._server.advance(self._clock.now(), _STEP)
        view = self._server.thread(remote_id)
        self._count_read(view.posts)
        missing = tuple(Missing(removed, "Its author removed it.") for removed in view.removed)
        if not view.posts and not missing:
            missing = (Missing(remote_id, "The network does not know it."),)
        return Thread(tuple(map(self._item, view.posts)), missing)

    def fetch_removed(self, remote_ids: Sequence[str]) -> frozenset[str]:
        """The feed tells of removals by itself."""
        return frozenset()

    def take_spendings(self) -> tuple[Spending, ...]:
        return self._spendings.take() if self._spendings else ()

    def _count_read(self, posts: Iterable[Post]) -> None:
        if self._spendings:
            today = self._clock.now().date()
            for post in posts:
                self._spendings.read(prices.of_reading(post), [post.id], today)

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
            attachments=post.attachments,
            deleted=post.removed,
        )

    # ── what is known without asking ─────────────────────────────────────────────────────────────

    def measure(self, text: str, visibility: Visibility, reply: bool) -> Length:
        """Weighted characters: 280 in public, 10,000 in private."""
        return measure(text, visibility, reply)

    def links(self, text: str) -> tuple[Link, ...]:
        return links_in(text)

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
        """Freeze the call: the request as JSON; without keys also from when on it may be found at the network."""
        posting = Posting(
            key=outgoing.key if self._has_keys else "",
            text=outgoing.text,
            visibility=outgoing.visibility,
            reply_to=outgoing.reply_to,
            recipient_id=outgoing.recipient.remote_id if outgoing.recipient else None,
            media=tuple(PostedMedia(one.kind, one.alt, one.data) for one in outgoing.media),
        )
        frozen = posting if self._has_keys else _Keyless(posting, self._clock.now())
        return Prepared(outgoing.key, msgspec.json.encode(frozen))

    def send(self, prepared: Prepared) -> SendOutcome:
        """Post, once. Where it has keys, the network answers the same call again with the same id."""
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
            posting = self._posting(prepared)
            answer = self._server.publish(posting, self._clock.now())
        except msgspec.DecodeError:
            return Rejected(_FOREIGN)
        except NetworkFailure as failure:
            # The file's transaction was undone: nothing was written.
            return NotSent(failure.sentence)
        match answer:
            case Post():
                if self._spendings:
                    self._spendings.wrote(prices.of_writing(posting))
                return Sent(answer.id, answer.at)
            case Refusal():
                return Rejected(answer.sentence)
            case _:
                return answer

    def _posting(self, prepared: Prepared) -> Posting:
        """The frozen request. Raises `msgspec.DecodeError` for one of another channel."""
        if self._has_keys:
            return msgspec.json.decode(prepared.payload, type=Posting)
        return msgspec.json.decode(prepared.payload, type=_Keyless).posting

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """Look the key up: the network would answer a second call with the first one's post, so repeating is safe.

        Without keys the account's own posts are read back, and what is not among them must not be repeated.
        """
        try:
            self._may_read()
            if not self._has_keys:
                return self._read_back(msgspec.json.decode(prepared.payload, type=_Keyless))
            post = self._server.post_by_key(prepared.key)
        except (NetworkFailure, NeedsPerson) as failure:
            return Inconclusive(failure.sentence)
        except msgspec.DecodeError:
            return Inconclusive(_FOREIGN)
        return NotFound(safe_to_repeat=True) if post is None else Sent(post.id, post.at)

    def _read_back(self, frozen: _Keyless) -> ReconcileOutcome:
        posts = self._server.own_posts(frozen.since, MAX_PAGE)
        self._count_read(posts)
        for post in posts:
            if _stands_for(post, frozen.posting):
                return Sent(post.id, post.at)
        if len(posts) == MAX_PAGE:
            return Inconclusive("More was posted since than can be read back.")
        return NotFound(safe_to_repeat=False)

    def close(self) -> None:
        self._server.close()


def _place(cursor: str, network: str) -> int:
    """The place in the network's order that a cursor stands for. Raises `NeedsPerson` for that of another network."""
    name, _, place = (cursor or f"{network}:0").partition(":")
    if name != network or not place.isascii() or not place.isdigit() or len(place) > 12:
        raise NeedsPerson(
            "What was read so far belongs to another simulated network.",
            "Begin with a new database, or bring its file back.",
        )
    return int(place)


def _stands_for(post: Post, posting: Posting) -> bool:
    """Whether `post` is what such a request makes."""
    recipient = post.recipient.remote_id if post.recipient else None
    return (
        post.text == posting.text
        and post.visibility == posting.visibility
        and post.parent_id == posting.reply_to
        and (posting.recipient_id is None or posting.visibility == "public" or recipient == posting.recipient_id)
    )
