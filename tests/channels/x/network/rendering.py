"""How things are told: the fields that were asked for, what stands beside them in `includes`, and in which dialect.

An answer has the fields that X gives unasked and those that the request names; `includes` only what it expands.
Not for: choosing what is told (`timelines`), or what may not be seen (`world`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tests.channels.x.network import wording
from tests.channels.x.network.answers import not_authorized, not_found, unavailable
from tests.channels.x.network.facts import NEWER_EXPANSIONS, NEWER_NAMES
from tests.channels.x.network.world import EVERYWHERE, DirectMessage, Picture, Post, User, World

Dialect = Literal["tweet", "post"]
_OLDER_NAMES = {new: old for old, new in NEWER_NAMES.items()}
_OLDER_EXPANSIONS = {new: old for old, new in NEWER_EXPANSIONS.items()}
_EDITABLE = timedelta(hours=1)
_LONGEST_PLAIN = 280


@dataclass(frozen=True)
class Asked:
    """Which fields and expansions a request names, in the older spelling."""

    tweet: frozenset[str] = frozenset()
    user: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    message: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        named = {name: _listed(value) for name, value in query.items()}
        posts = named.get("tweet.fields", frozenset()) | named.get("post.fields", frozenset())
        expansions = frozenset(_OLDER_EXPANSIONS.get(one, one) for one in named.get("expansions", frozenset()))
        return cls(
            tweet=frozenset(_OLDER_NAMES.get(one, one) for one in posts) | _brought_along(expansions),
            user=named.get("user.fields", frozenset()),
            media=named.get("media.fields", frozenset()),
            message=named.get("dm_event.fields", frozenset()),
            expansions=expansions,
        )


@dataclass
class Beside:
    """What an answer brings beside its data, each once: ids by kind, and what could not be shown."""

    users: dict[int, User] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    errors: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """An answer's document, and the ids of everything in it that is charged for; `posts_beside` is in `includes`."""

    document: dict[str, Any]
    posts: tuple[int, ...] = ()
    messages: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    posts_beside: tuple[int, ...] = ()
    users_beside: tuple[int, ...] = ()


class Renderer:
    """Tells what is in `world` to `viewer`, in `dialect`."""

    def __init__(self, world: World, viewer: int, dialect: Dialect) -> None:
        self._world = world
        self._viewer = viewer
        self._dialect = dialect

    # ── whole answers ────────────────────────────────────────────────────────────────────────────

    def posts(self, found: Iterable[Post], asked: Asked) -> tuple[list[dict[str, Any]], Beside]:
        """Posts as data, and what stands beside them."""
        beside = Beside()
        data = []
        for post in found:
            data.append(self.post(post, asked))
            self._expand(post, asked, beside)
        return data, beside

    def messages(self, found: Iterable[DirectMessage], asked: Asked) -> tuple[list[dict[str, Any]], Beside]:
        """Messages as data, and what stands beside them."""
        beside = Beside()
        data = []
        for message in found:
            data.append(self.message(message, asked))
            if "sender_id" in asked.expansions:
                beside.users[message.sender.id] = message.sender
            if "participant_ids" in asked.expansions:
                beside.users |= {one.id: one for one in (message.sender, message.recipient)}
            if "attachments.media_keys" in asked.expansions:
                beside.pictures |= {picture.key: picture for picture in message.pictures}
            if "referenced_tweets.id" in asked.expansions and message.post:
                self._refer(message.post, beside)
        return data, beside

    def includes(self, beside: Beside, asked: Asked) -> dict[str, Any]:
        """The part of an answer that stands beside the data; empty where nothing was expanded."""
        told = {
            "users": [self.user(user, asked) for user in beside.users.values()],
            self._named("tweets"): [self.post(post, asked) for post in beside.posts.values()],
            "media": [self.picture(picture, asked) for picture in beside.pictures.values()],
        }
        return {kind: things for kind, things in told.items() if things}

    # ── one thing ────────────────────────────────────────────────────────────────────────────────

    def post(self, post: Post, asked: Asked) -> dict[str, Any]:
        told = self._text_of(post)
        whole = wording.told(post.whole, begins=len(post.filled_in))
        everything: dict[str, Any] = {
            "author_id": str(post.author.id),
            "conversation_id": str(post.conversation),
            "created_at": written(post.created_at),
            "display_text_range": [told.begins, min(len(whole.text), len(told.text))],
            "edit_controls": self._edit_controls(post),
            "entities": self._with_ids(told.entities),
            "in_reply_to_user_id": str(post.reply_to_user) if post.reply_to_user else None,
            "lang": post.language,
            "note_tweet": self._note(whole) if is_long(post) else None,
            "possibly_sensitive": False,
            "public_metrics": self._metrics(post) if "public_metrics" in asked.tweet else None,
            "referenced_tweets": _referenced(post),
            "reply_settings": post.reply_settings,
            "attachments": {"media_keys": [picture.key for picture in post.pictures]} if post.pictures else None,
            "withheld": {"copyright": False, "country_codes": list(post.withheld_in)} if post.withheld_in else None,
        }
        data: dict[str, Any] = {"id": str(post.id), "text": told.text}
        data[self._named("edit_history_tweet_ids")] = [str(version) for version in post.history]
        return data | {self._named(name): everything[name] for name in asked.tweet if everything.get(name)}

    def user(self, user: User, asked: Asked) -> dict[str, Any]:
        everything = {
            "created_at": written(user.created_at),
            "description": "",
            "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
            "protected": user.protected,
            "public_metrics": {"followers_count": 0, "following_count": 0, "tweet_count": 0, "listed_count": 0},
            "receives_your_dm": user.accepts_messages,
            "url": "",
            "verified": user.verified,
            "verified_type": "blue" if user.verified else "none",
        }
        data: dict[str, Any] = {"id": str(user.id), "name": user.name, "username": user.handle}
        return data | {name: everything[name] for name in asked.user if name in everything}

    def picture(self, picture: Picture, asked: Asked) -> dict[str, Any]:
        place = f"https://pbs.twimg.com/media/{picture.id}.jpg"
        moving = picture.kind != "photo"
        film = {"bit_rate": 832000, "content_type": "video/mp4", "url": f"https://video.twimg.com/{picture.id}.mp4"}
        everything = {
            "alt_text": picture.alt,
            "height": 768,
            "width": 1024,
            "url": "" if moving else place,
            "preview_image_url": place if moving else "",
            "duration_ms": 15000 if picture.kind == "video" else 0,
            "variants": [film] if moving else [],
        }
        data: dict[str, Any] = {"media_key": picture.key, "type": picture.kind}
        return data | {name: everything[name] for name in asked.media if everything.get(name)}

    def message(self, message: DirectMessage, asked: Asked) -> dict[str, Any]:
        told = wording.told(message.text, tuple(_picture_link(message.id, one) for one in message.pictures))
        everything: dict[str, Any] = {
            "attachments": {"media_keys": [picture.key for picture in message.pictures]} if message.pictures else None,
            "created_at": written(message.created_at),
            "dm_conversation_id": message.conversation,
            "entities": self._with_ids(told.entities),
            "referenced_tweets": [{"id": str(message.post)}] if message.post else None,
            "sender_id": str(message.sender.id),
        }
        data: dict[str, Any] = {"id": str(message.id), "event_type": "MessageCreate", "text": told.text}
        return data | {self._named(name): everything[name] for name in asked.message if everything.get(name)}

    def fault(self, parameter: str, number: int, section: str = "data") -> dict[str, object] | None:
        """Why a post is not told, in X's words; None if it can be."""
        post = self._world.posts.get(number)
        if post is None or post.deleted:
            return not_found("tweet", parameter, number)
        if EVERYWHERE in post.withheld_in:
            return unavailable(parameter, number)
        return None if self._world.visible(post, self._viewer) else not_authorized(parameter, number, section)

    # ── parts of them ────────────────────────────────────────────────────────────────────────────

    def _expand(self, post: Post, asked: Asked, beside: Beside) -> None:
        if "author_id" in asked.expansions:
            beside.users[post.author.id] = post.author
        if "in_reply_to_user_id" in asked.expansions and post.reply_to_user:
            beside.users[post.reply_to_user] = self._world.users[post.reply_to_user]
        if "entities.mentions.username" in asked.expansions:
            met = (self._world.user_by_handle(handle) for handle in wording.mentioned(post.whole))
            beside.users |= {user.id: user for user in met if user is not None}
        if "attachments.media_keys" in asked.expansions:
            beside.pictures |= {picture.key: picture for picture in post.pictures}
        if "edit_history_tweet_ids" in asked.expansions:
            beside.posts |= {version: self._world.posts[version] for version in post.history}
        for number in (post.reply_to, post.quote, post.repost_of):
            if number is not None and any(one.startswith("referenced_tweets.id") for one in asked.expansions):
                self._refer(number, beside)
                other = beside.posts.get(number)
                if other is not None and "referenced_tweets.id.author_id" in asked.expansions:
                    beside.users[other.author.id] = other.author
                if other is not None and "referenced_tweets.id.attachments.media_keys" in asked.expansions:
                    beside.pictures |= {picture.key: picture for picture in other.pictures}

    def _refer(self, number: int, beside: Beside) -> None:
        fault = self.fault("referenced_tweets.id", number, "includes")
        if fault is None:
            beside.posts[number] = self._world.posts[number]
        else:
            beside.errors.append(fault)

    def _text_of(self, post: Post) -> wording.Told:
        """The text of at most 280 characters, with the links that X adds for pictures and for what is quoted."""
        extra = [_picture_link(post.id, picture) for picture in post.pictures[:1]]
        quoted = self._world.posts.get(post.quote) if post.quote else None
        if quoted is not None and str(quoted.id) not in post.text:
            link = f"https://x.com/{quoted.author.handle}/status/{quoted.id}"
            extra.append((link, f"{link.removeprefix('https://')[:26]}…"))
        text = wording.cut_short(post.whole) if is_long(post) else post.whole
        return wording.told(text, tuple(extra), len(post.filled_in))

    def _note(self, whole: wording.Told) -> dict[str, Any]:
        note: dict[str, Any] = {"text": whole.text}
        return note | ({"entities": self._with_ids(whole.entities)} if whole.entities else {})

    def _with_ids(self, entities: Mapping[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        told = dict(entities)
        if "mentions" in told:
            known = [(one, self._world.user_by_handle(str(one["username"]))) for one in told["mentions"]]
            told["mentions"] = [one | {"id": str(user.id)} for one, user in known if user is not None]
        return {kind: found for kind, found in told.items() if found}

    def _edit_controls(self, post: Post) -> dict[str, Any]:
        first = self._world.posts[post.history[0]].created_at
        return {
            "edits_remaining": 6 - len(post.history),
            "is_edit_eligible": True,
            "editable_until": written(first + _EDITABLE),
        }

    def _metrics(self, post: Post) -> dict[str, int]:
        replies = sum(1 for other in self._world.posts.values() if other.reply_to == post.id and not other.deleted)
        names = ("retweet_count", "like_count", "quote_count", "bookmark_count", "impression_count")
        return {"reply_count": replies, **dict.fromkeys(names, 0)}

    def _named(self, name: str) -> str:
        return NEWER_NAMES.get(name, name) if self._dialect == "post" else name


def is_long(post: Post) -> bool:
    """Whether `text` has only its beginning, and `note_tweet` the whole."""
    return wording.weight(post.text) > _LONGEST_PLAIN


def written(moment: datetime) -> str:
    """A time as X writes it: UTC, milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _referenced(post: Post) -> list[dict[str, str]]:
    told = [("retweeted", post.repost_of), ("quoted", post.quote), ("replied_to", post.reply_to)]
    return [{"type": kind, "id": str(number)} for kind, number in told if number is not None]


def _picture_link(number: int, picture: Picture) -> tuple[str, str]:
    kind = "photo" if picture.kind == "photo" else "video"
    return f"https://x.com/i/status/{number}/{kind}/1", f"pic.x.com/{wording.shortened(str(picture.id))[-10:]}"


def _brought_along(expansions: frozenset[str]) -> frozenset[str]:
    """The fields that an expansion brings with it, as X does: what refers to what stands beside."""
    named = {one.split(".", maxsplit=1)[0] for one in expansions}
    return frozenset(named & {"author_id", "in_reply_to_user_id", "referenced_tweets", "attachments", "entities"})


def _listed(value: str) -> frozenset[str]:
    return frozenset(value.split(","))
