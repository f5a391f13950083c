"""What the simulated network and its client say to each other: shapes, limits, and the account itself.

All that `channel` (the client) and `network` (the server) share, so that a wire can be put between them.
Not for: how either side does its part.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from carecli.channels.base import NotSent, Paused, Rejected, Unknown
from carecli.model import Author, Record, Visibility

# The care account of the fictitious brand that the simulation is about; its handle may be another.
ACCOUNT = Author("1000000000000001", "NorthwindCare", "Northwind Broadband")


# The header of a request over HTTP that tells the network what time it is, in ISO 8601 with a zone.
DESK_TIME = "Desk-Time"

# A public reply that holds this link asks the customer to go on privately.
INVITATION = "https://sandbox.example/messages/"

MAX_PAGE = 100

# How many pictures or films a post may carry, and of how many bytes each.
MAX_MEDIA = 4
MAX_MEDIA_BYTES = 5_000_000

RefusalCode = Literal[
    "empty",
    "too_long",
    "duplicate",
    "key_reused",
    "no_such_post",
    "no_such_person",
    "never_wrote",
    "wrong_person",
    "not_public",
    "media",
]


class Identity(Record, frozen=True):
    """Which network this is, and whom a client speaks for."""

    name: str
    account: Author


class Advance(Record, frozen=True):
    """A request to let what is due happen, `at_most` so many things of it."""

    at_most: int | None = None


class PostedMedia(Record, frozen=True):
    """A picture or film that goes along with a posting. kind: its MIME type; alt: what it shows, in words."""

    kind: str
    alt: str
    data: bytes


class Posting(Record, frozen=True):
    """A request to post. The same `key` with the same request is the same post, for ever; "" is no key."""

    key: str
    text: str
    visibility: Visibility
    reply_to: str | None = None
    recipient_id: str | None = None
    media: tuple[PostedMedia, ...] = ()


class Post(Record, frozen=True):
    """A post or private message as the network tells it.

    seq: the order of insertion, without a gap in time behind it: what was inserted later has a larger one.
    addressed: it mentions the account, answers it, or goes on in the author's own thread with it.
    key: the key it was posted under, told only to the account that posted it.
    removed: its author took it away, and its text with it; told once more, at the end of the order.
    attachments: what it carries, in words, such as "image: a router with a red light".
    """

    seq: int
    id: str
    author: Author
    text: str
    at: datetime
    visibility: Visibility
    thread_id: str
    parent_id: str | None = None
    recipient: Author | None = None
    addressed: bool = True
    language: str = ""
    key: str = ""
    removed: bool = False
    attachments: tuple[str, ...] = ()


class Found(Record, frozen=True):
    """What was looked for, and whether it is there."""

    post: Post | None


class ThreadView(Record, frozen=True):
    """A thread's posts, oldest first, and the ids of those that their authors removed."""

    posts: tuple[Post, ...]
    removed: tuple[str, ...] = ()


class Refusal(Record, frozen=True):
    """The network will not take a posting, now or later; `sentence` says why to a person."""

    code: RefusalCode
    sentence: str


# The last four are a wire's own: what can be said of a request whose answer was another, or never came.
Published = Post | Refusal | NotSent | Rejected | Paused | Unknown


class Server(Protocol):
    """The network as its client sees it.

    Every call may raise `errors.NetworkFailure`, and over a wire `errors.NeedsPerson`; where `publish` does, it has
    posted nothing.
    """

    @property
    def account(self) -> Author:
        """The account that the client speaks for."""
        ...

    @property
    def name(self) -> str:
        """Tells this network from any other: a place in its posts means nothing elsewhere."""
        ...

    def advance(self, now: datetime, at_most: int | None = None) -> bool:
        """Let what is due by `now` happen, or the first `at_most` things; whether all of it has."""
        ...

    def publish(self, posting: Posting, now: datetime) -> Published:
        """Post at `now`, after everything that is due by then."""
        ...

    def posts_after(self, seq: int, limit: int) -> tuple[Post, ...]:
        """Up to `limit` posts that were inserted after `seq`, in the order of insertion."""
        ...

    def thread(self, post_id: str) -> ThreadView:
        """The whole thread around a post; empty where there is no such post."""
        ...

    def post_by_key(self, key: str) -> Post | None:
        """The post that was made under `key`."""
        ...

    def own_posts(self, since: datetime, limit: int) -> tuple[Post, ...]:
        """The account's posts and private messages since that moment, the newest first, `limit` at most."""
        ...

    def close(self) -> None: ...
