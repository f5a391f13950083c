"""The network's memory: people, posts with their versions, messages and pictures.

Only what stands there and who may see it; how it is told is `rendering`, what may be added is `publishing`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.channels.x.network import wording
from tests.channels.x.network.snowflake import Snowflakes

EVERYWHERE = "XY"


@dataclass(frozen=True)
class User:
    """A person or a brand. accepts_messages: whether strangers may write to them first.

    followed: whether the brand follows them, and so sees what they write though they are protected.
    """

    id: int
    handle: str
    name: str
    created_at: datetime
    protected: bool = False
    followed: bool = False
    verified: bool = False
    accepts_messages: bool = True


@dataclass(frozen=True)
class Picture:
    """Something to see. `key` is its media key; size in bytes."""

    id: int
    key: str
    kind: str = "photo"
    alt: str = ""
    size: int = 0
    owner: int = 0


@dataclass(frozen=True)
class Post:
    """One version of a post. `text` is what its author wrote; `filled_in` what X put before it, with its space.

    repost_of: the post that it only passes on.
    """

    id: int
    author: User
    text: str
    created_at: datetime
    conversation: int
    reply_to: int | None = None
    reply_to_user: int | None = None
    quote: int | None = None
    repost_of: int | None = None
    pictures: tuple[Picture, ...] = ()
    filled_in: str = ""
    language: str = "en"
    history: tuple[int, ...] = ()
    deleted: bool = False
    withheld_in: tuple[str, ...] = ()
    reply_settings: str = "everyone"

    @property
    def whole(self) -> str:
        return self.filled_in + self.text

    @property
    def is_newest(self) -> bool:
        return self.history[-1] == self.id

    def mentions(self, user: User, *, explicit: bool = False) -> bool:
        """Whether it speaks to `user`. explicit: in its author's own words, not by what X filled in."""
        handles = wording.mentioned(self.text if explicit else self.whole)
        return user.handle.lower() in {handle.lower() for handle in handles}


@dataclass(frozen=True)
class DirectMessage:
    """A message between two people, of the unencrypted kind."""

    id: int
    sender: User
    recipient: User
    text: str
    created_at: datetime
    pictures: tuple[Picture, ...] = ()
    post: int | None = None

    @property
    def conversation(self) -> str:
        return "-".join(str(one) for one in sorted((self.sender.id, self.recipient.id)))


@dataclass
class World:
    """Everything there is. `lock` is held by whoever reads or changes more than one thing."""

    now: Callable[[], datetime]
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[int, User] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    messages: dict[int, DirectMessage] = field(default_factory=dict)
    pictures: dict[int, Picture] = field(default_factory=dict)
    listeners: list[Callable[[Post], None]] = field(default_factory=list)
    snowflakes: Snowflakes = field(default_factory=Snowflakes)

    # ── adding ───────────────────────────────────────────────────────────────────────────────────

    def add_user(self, handle: str, name: str, **more: bool) -> User:
        with self.lock:
            user = User(self.snowflakes.at(self.now()), handle, name or handle, self.now(), **more)
            self.users[user.id] = user
            return user

    def add_picture(self, kind: str = "photo", alt: str = "", size: int = 0, owner: int = 0) -> Picture:
        prefix = {"photo": 3, "video": 7, "animated_gif": 16}[kind]
        with self.lock:
            number = self.snowflakes.at(self.now())
            picture = Picture(number, f"{prefix}_{number}", kind, alt, size, owner)
            self.pictures[number] = picture
            return picture

    def describe(self, picture: int, alt: str) -> None:
        with self.lock:
            self.pictures[picture] = replace(self.pictures[picture], alt=alt)

    def add_post(
        self,
        author: User,
        text: str,
        *,
        reply_to: int | None = None,
        quote: int | None = None,
        repost_of: int | None = None,
        pictures: Iterable[Picture] = (),
        filled_in: str = "",
        language: str = "en",
        at: datetime | None = None,
        reply_settings: str = "everyone",
    ) -> Post:
        """Let a post stand. Its conversation is that of its parent, or its own."""
        with self.lock:
            moment = at or self.now()
            number = self.snowflakes.at(moment)
            parent = self.posts.get(reply_to) if reply_to else None
            post = Post(
                number,
                author,
                text,
                moment,
                conversation=parent.conversation if parent else reply_to or number,
                reply_to=reply_to,
                reply_to_user=parent.author.id if parent else None,
                quote=quote,
                repost_of=repost_of,
                pictures=tuple(pictures),
                filled_in=filled_in,
                language=language,
                history=(number,),
                reply_settings=reply_settings,
            )
            self.posts[number] = post
        for listener in tuple(self.listeners):
            listener(post)
        return post

    def add_message(
        self,
        sender: User,
        recipient: User,
        text: str,
        *,
        pictures: Iterable[Picture] = (),
        post: int | None = None,
        at: datetime | None = None,
    ) -> DirectMessage:
        with self.lock:
            moment = at or self.now()
            number = self.snowflakes.at(moment)
            self.messages[number] = DirectMessage(number, sender, recipient, text, moment, tuple(pictures), post)
            return self.messages[number]

    # ── changing ─────────────────────────────────────────────────────────────────────────────────

    def edit(self, post: int, text: str) -> Post:
        """A new version under a new id; the old id goes on telling the old text."""
        with self.lock:
            old = self.posts[self.posts[post].history[-1]]
            number = self.snowflakes.at(self.now())
            history = (*old.history, number)
            conversation = number if old.conversation == old.id else old.conversation
            new = replace(old, id=number, text=text, created_at=self.now(), conversation=conversation)
            for version in (*(self.posts[one] for one in old.history), new):
                self.posts[version.id] = replace(version, history=history)
            return self.posts[number]

    def delete(self, post: int) -> None:
        """Take it away, all its versions."""
        with self.lock:
            for version in self.posts[post].history:
                self.posts[version] = replace(self.posts[version], deleted=True)

    def withhold(self, post: int, countries: tuple[str, ...]) -> None:
        with self.lock:
            self.posts[post] = replace(self.posts[post], withheld_in=countries)

    # ── seeing ───────────────────────────────────────────────────────────────────────────────────

    def user_by_handle(self, handle: str) -> User | None:
        return next((user for user in self.users.values() if user.handle.lower() == handle.lower()), None)

    def visible(self, post: Post, viewer: int | None) -> bool:
        follows = viewer is not None and post.author.followed
        hidden = post.author.protected and post.author.id != viewer and not follows
        return not post.deleted and not hidden and EVERYWHERE not in post.withheld_in

    def newest_first(self, wanted: Callable[[Post], bool], viewer: int | None) -> list[Post]:
        """The posts that `wanted` takes and `viewer` may see, in their newest versions."""
        with self.lock:
            found = [p for p in self.posts.values() if p.is_newest and self.visible(p, viewer) and wanted(p)]
        return sorted(found, key=lambda post: -post.id)
