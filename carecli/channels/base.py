"""The channel: the one narrow door to a network, and the answers it may give.

A channel speaks one network's API for one account. Every rule of the network stays behind it; callers ask
`capabilities`, never which network it is. Blocking code, called from the worker's threads, never from a screen.
Not for: storing, retrying, deciding (`worker` does that with these answers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from carecli.model import Author, Item, Length, Link, Record, Visibility

Idempotency = Literal["none", "for_a_time", "strong"]


class Capabilities(Record, frozen=True):
    """What the network can do. `shortest_poll` in seconds of the desk's clock.

    metered: reading costs money. link_price: what a link makes a public post cost, in words; "" where it is free.
    tells_removals: the feed says what was taken away; else `fetch_removed` must ask.
    thread_on_opening: the feed brings no whole threads; `fetch_thread` does, when a conversation is opened.
    media: how many pictures or films a post may carry, each of `media_bytes` at most; 0: none.
    media_kinds: the MIME types that they may have; empty: all that the desk knows.
    private_note: what a reader of private messages must know, such as what cannot be seen here; a few words.
    """

    private_messages: bool = False
    private_reply_to_post: bool = False
    streaming: bool = False
    idempotency: Idempotency = "none"
    shortest_poll: float = 15.0
    metered: bool = False
    link_price: str = ""
    tells_removals: bool = True
    thread_on_opening: bool = False
    media: int = 0
    media_bytes: int = 0
    media_kinds: tuple[str, ...] = ()
    private_note: str = ""


class Terms(Record, frozen=True):
    """What a network asks of a text, known without asking it. link_price: as in `Capabilities`."""

    measure: Callable[[str, Visibility, bool], Length]
    link_price: str = ""


class Page(Record, frozen=True):
    """Some items, oldest first, and the cursor from which to go on; `more` says that there is another page now."""

    items: tuple[Item, ...]
    cursor: str
    more: bool = False


class Missing(Record, frozen=True):
    """A place in a thread where a message should stand and does not; `reason` is a sentence of ours."""

    remote_id: str
    reason: str


class Thread(Record, frozen=True):
    """A thread as far as the network shows it."""

    items: tuple[Item, ...]
    missing: tuple[Missing, ...] = ()


class Permission(Record, frozen=True):
    """Whether a reply will be accepted: `allowed`, until when if the network sets a window, and why not.

    doubtful: the network may refuse it all the same; `reason` says why.
    """

    allowed: bool
    until: datetime | None = None
    reason: str = ""
    doubtful: bool = False


class Media(Record, frozen=True):
    """A picture or film that goes out with a text. kind: its MIME type; alt: what it shows, in words."""

    kind: str
    alt: str
    data: bytes


class Spending(Record, frozen=True):
    """What some calls have cost, by the network's published prices. micros: millionths of a US dollar.

    kind: what was paid for, in the field's words, such as "posts read".
    """

    kind: str
    count: int
    micros: int


class Outgoing(Record, frozen=True):
    """One part of a reply, or a post of its own, as the desk wants it sent.

    text is final: signed, within the limit. key is the idempotency key, ours, never reused for another text.
    reply_to is the remote id of the message answered; recipient the customer of a private message.
    """

    text: str
    key: str
    visibility: Visibility
    reply_to: str | None = None
    recipient: Author | None = None
    media: tuple[Media, ...] = ()


class Prepared(Record, frozen=True):
    """The frozen bytes of one call: what the outbox stores before anything leaves. `payload` is the channel's own."""

    key: str
    payload: bytes


# The answers to send(). A connection that was never made is NotSent: the only one that may simply be repeated.


class Sent(Record, frozen=True):
    """The network has it, under this id, since `at` (the network's time)."""

    remote_id: str
    at: datetime


class NotSent(Record, frozen=True):
    """Nothing was written to the network, or it said "later". Repeat, not before `until` where it is known."""

    reason: str
    until: datetime | None = None


class Rejected(Record, frozen=True):
    """The network refused it for good. `reason` is a sentence for the agent.

    link: where a person can send the same text on the network's own page; "" where there is no such page.
    """

    reason: str
    link: str = ""


class Paused(Record, frozen=True):
    """Nothing can be sent on this account until a person acts: signed out, or credits spent."""

    reason: str
    remedy: str


class Unknown(Record, frozen=True):
    """The request was written and no readable answer came back: it may or may not stand at the network."""

    reason: str


SendOutcome = Sent | NotSent | Rejected | Paused | Unknown


class NotFound(Record, frozen=True):
    """The network was read completely, and it is not there. `safe_to_repeat` is the network's own promise."""

    safe_to_repeat: bool = False


class Inconclusive(Record, frozen=True):
    """The network could not be read well enough to tell."""

    reason: str


ReconcileOutcome = Sent | NotFound | Inconclusive


@runtime_checkable
class Listens(Protocol):
    """What a channel has besides whose capabilities name `streaming`."""

    def listen(self, heard: Callable[[], None] | None) -> None:
        """Call `heard` from now on, from any thread, when something may have arrived; None: listen no longer.

        It only says when to look: what arrived is what `fetch_mentions` then gives. Asked again, it goes on as it is.
        """
        ...


class Channel(Protocol):
    """What the worker and the desk may ask of a network.

    The reading calls raise `errors.NetworkFailure`, `errors.RateLimited` or `errors.NeedsPerson`, and nothing else;
    the writing calls answer with an outcome and raise nothing.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def me(self) -> Author:
        """The account itself, as the network knows it."""
        ...

    def fetch_mentions(self, cursor: str) -> Page:
        """The next page after `cursor` ("" at the beginning): all the account must know of, own posts included."""
        ...

    def fetch_thread(self, remote_id: str) -> Thread:
        """The whole thread around a message, with places for what is missing."""
        ...

    def fetch_removed(self, remote_ids: Sequence[str]) -> frozenset[str]:
        """Which of these messages the network does not show any more; for networks that do not tell by themselves."""
        ...

    def take_spendings(self) -> tuple[Spending, ...]:
        """What the calls have cost since this was last asked. Raises nothing."""
        ...

    def measure(self, text: str, visibility: Visibility, reply: bool) -> Length:
        """How long `text` is as this network counts it. Pure; called while typing."""
        ...

    def links(self, text: str) -> tuple[Link, ...]:
        """What this network makes a link of in `text`, and what each counts in its length. Pure; as `measure`."""
        ...

    def can_reply(self, item: Item, visibility: Visibility, now: datetime) -> Permission:
        """Whether a reply to `item` will be accepted. Pure, from what is known."""
        ...

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Freeze the call."""
        ...

    def send(self, prepared: Prepared) -> SendOutcome:
        """Make the call, once, and be done within 20 seconds. Never repeats by itself, never raises."""
        ...

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """After an unknown outcome: is it there? Reads only; never raises."""
        ...

    def private_invitation(self, handle: str) -> str:
        """The network's own link that opens a private message to the account; "" where there is none."""
        ...

    def close(self) -> None: ...
