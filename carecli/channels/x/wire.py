"""What X tells of posts, people and messages, read into records of our own; both spellings of its field names.

Tolerant of whatever is not needed. Where a field is absent without which the desk would be wrong, reading stops with
an alarm: X answers a field that it does not know by leaving its data out. Not for: which calls bring these answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from carecli.errors import NetworkFailure
from carecli.model import Author, Record
from carecli.playbook.language import names_one
from carecli.snowflake import id_in, time_of

Json = Mapping[str, Any]

# Asked for wherever posts are read, in the spelling that tweepy's version of the API knows.
POST_FIELDS = (
    "attachments", "author_id", "conversation_id", "created_at", "display_text_range", "edit_history_tweet_ids",
    "entities", "in_reply_to_user_id", "lang", "note_tweet", "referenced_tweets", "withheld",
)  # fmt: skip
MEDIA_FIELDS = ("alt_text", "media_key", "preview_image_url", "type", "url")
USER_FIELDS = ("name", "protected", "username")
MESSAGE_FIELDS = (
    "attachments", "created_at", "dm_conversation_id", "entities", "event_type", "referenced_tweets", "sender_id",
)  # fmt: skip

_NEEDED = ("author_id", "conversation_id", "created_at")
_ALARM = "Its interface seems to have changed: look for a newer carecli. Nothing is lost; it is read again."
_ESCAPED = re.compile("&(amp|lt|gt);")
_MEANING = {"amp": "&", "lt": "<", "gt": ">"}
_FILLED_IN = re.compile(r"(?:@\w{1,15}\s+)+", re.ASCII)
_MEDIA_PAGE = re.compile(r"/status/\d+/(?:photo|video)/\d+$|/messages/media/\d+$")
# What begins a key of media says what it is.
_MEDIA_KINDS = {"3": "photo", "7": "video", "13": "video", "16": "animated_gif"}
_MEDIA_NAMES = {"animated_gif": "gif"}


class Post(Record, frozen=True):
    """A post. `id` is its first version's, which it keeps; `versions` are all ids that it is known to have had.

    version: which of them this is. text: the whole of it, links and characters as they were written. filled_in: how
    many of its characters at the head X filled in to say whom it answers. replied_to: whose post that was, by id.
    """

    id: int
    version: int
    versions: tuple[int, ...]
    author: Author
    text: str
    at: datetime
    conversation: int
    parent: int | None = None
    replied_to: str = ""
    quoted: int | None = None
    retweet: bool = False
    mentioned: frozenset[str] = frozenset()
    language: str = ""
    attachments: tuple[str, ...] = ()
    filled_in: int = 0

    @property
    def own_words(self) -> str:
        """What its author wrote, as X shows it: without the head that says whom it answers."""
        return self.text[self.filled_in :]


class Message(Record, frozen=True):
    """A direct message between two people. `conversation` holds the ids of both."""

    id: int
    sender: Author
    other: Author
    text: str
    at: datetime
    attachments: tuple[str, ...] = ()


class Told(Record, frozen=True):
    """An answer about posts. included: those that it brings along. gone: ids that it cannot show, with X's own word.

    people: who was brought along, by id. next: where to go on; "" at the end.
    """

    posts: tuple[Post, ...]
    included: tuple[Post, ...] = ()
    gone: Mapping[int, str] = {}
    people: tuple[str, ...] = ()
    next: str = ""


class Messages(Record, frozen=True):
    """An answer about direct messages, newest first; `ids` are those of all events, groups' and others' included."""

    messages: tuple[Message, ...]
    ids: tuple[int, ...]
    people: tuple[str, ...] = ()
    next: str = ""


def told(answer: Json) -> Told:
    """The posts of an answer, one or many. Raises `NetworkFailure` where one lacks what the desk cannot do without."""
    includes = _table(answer, "includes")
    around = _Around(includes)
    listed = _both(includes, "tweets", "posts")
    included = tuple(post for raw in _tables(listed) if (post := _post(raw, around)) is not None)
    around.add(included)
    posts = tuple(_needed(raw, around) for raw in _tables(answer.get("data")))
    return Told(posts, included, _gone(answer), tuple(around.people), _word(_table(answer, "meta"), "next_token"))


def messages_told(answer: Json, me: str) -> Messages:
    """The direct messages of an answer. me: the account's own id. Raises `NetworkFailure` as `told` does."""
    around = _Around(_table(answer, "includes"))
    events = _tables(answer.get("data"))
    ids = tuple(number for raw in events if (number := id_in(raw.get("id"))) is not None)
    found = tuple(message for raw in events if (message := _message(raw, around, me)) is not None)
    return Messages(found, ids, tuple(around.people), _word(_table(answer, "meta"), "next_token"))


def person(raw: Json) -> Author:
    """Somebody, as X tells of them."""
    return Author(str(raw.get("id", "")), _word(raw, "username"), _word(raw, "name"))


# ── posts ────────────────────────────────────────────────────────────────────────────────────────


class _Around:
    """What an answer brings along for its posts."""

    def __init__(self, includes: Json) -> None:
        users = [raw for raw in _tables(includes.get("users")) if raw.get("id")]
        self.people = {str(raw["id"]): person(raw) for raw in users}
        self.protected = {str(raw["id"]) for raw in users if raw.get("protected") is True}
        self.media = {_word(raw, "media_key"): raw for raw in _tables(includes.get("media"))}
        self.posts: dict[int, Post] = {}

    def add(self, posts: tuple[Post, ...]) -> None:
        self.posts = {version: post for post in posts for version in post.versions}


def _needed(raw: Json, around: _Around) -> Post:
    missing = [name for name in _NEEDED if not raw.get(name)]
    post = _post(raw, around)
    if post is None or missing:
        raise NetworkFailure(
            f"X left out {', '.join(missing) or 'the id'} of a post though it was asked for.",
            _ALARM,
        )
    return post


def _post(raw: Json, around: _Around) -> Post | None:
    number = id_in(raw.get("id"))
    if number is None:
        return None
    history = _list(_both(raw, "edit_history_tweet_ids", "edit_history_post_ids"))
    versions = tuple(sorted({number, *(one for one in map(id_in, history) if one is not None)}))
    references = _tables(_both(raw, "referenced_tweets", "referenced_posts"))
    referred = {_word(one, "type"): id_in(one.get("id")) for one in references}
    quoted = referred.get("quoted")
    author = str(raw.get("author_id") or "")
    text = _text(raw, around, quoted)
    return Post(
        id=versions[0],
        version=number,
        versions=versions,
        author=around.people.get(author, Author(author)),
        text=text,
        at=time_of(versions[0]) or _moment(raw.get("created_at")),
        conversation=id_in(raw.get("conversation_id")) or versions[0],
        parent=referred.get("replied_to"),
        replied_to=str(raw.get("in_reply_to_user_id") or "") if "replied_to" in referred else "",
        quoted=quoted,
        retweet="retweeted" in referred,
        mentioned=frozenset(_mentioned(raw)),
        language=language if names_one(language := _word(raw, "lang")) else "",
        attachments=tuple(_attachments(raw, around, author, quoted)),
        filled_in=_filled_in(raw, text, is_reply="replied_to" in referred),
    )


def _text(raw: Json, around: _Around, quoted: int | None) -> str:
    """The whole text, without the links to its own media and to a quoted post that is shown."""
    note = _both(raw, "note_tweet", "note_post")
    long = note if isinstance(note, Mapping) and _word(note, "text") else raw
    links = [*_urls(raw), *_urls(long)]
    dropped: list[str] = []
    for expanded in (_word(link, "expanded_url") for link in links):
        own_media = _table(raw, "attachments").get("media_keys") and _MEDIA_PAGE.search(expanded)
        if own_media or (quoted in around.posts and expanded.endswith(f"/status/{quoted}")):
            dropped.append(expanded)
    return _unwrapped(_word(long, "text"), links, dropped)


def _unwrapped(text: str, links: list[Json], dropped: list[str]) -> str:
    """A text with its links as they were written, and its characters too; without those links that are `dropped`."""
    for link in links:
        short, expanded = _word(link, "url"), _word(link, "expanded_url")
        if short and expanded in dropped:
            text = text.replace(f" {short}", "").replace(short, "")
        elif short and expanded:
            text = text.replace(short, _as_written(expanded, _word(link, "display_url")))
    return _ESCAPED.sub(lambda found: _MEANING[found[1]], text)


def _as_written(expanded: str, displayed: str) -> str:
    """A link as its author wrote it: X puts http:// before one that had no scheme, and shows it without."""
    bare = expanded.removeprefix("http://")
    return bare if bare != expanded and bare.rstrip("/") == displayed.rstrip("/") else expanded


def _filled_in(raw: Json, text: str, *, is_reply: bool) -> int:
    """How much of the head X filled in; where it does not say, all whom a reply mentions there."""
    shown = _list(raw.get("display_text_range"))
    if shown and isinstance(shown[0], int) and 0 <= shown[0] <= len(text):
        return shown[0]
    head = _FILLED_IN.match(text) if is_reply else None
    return head.end() if head else 0


def _mentioned(raw: Json) -> Iterator[str]:
    """Handles that the post addresses, in small letters."""
    note = _both(raw, "note_tweet", "note_post")
    for holder in (raw, note if isinstance(note, Mapping) else {}):
        for mention in _tables(_table(holder, "entities").get("mentions")):
            yield _word(mention, "username").lower()


def _attachments(raw: Json, around: _Around, author: str, quoted: int | None) -> Iterator[str]:
    """A line for each thing that goes with a post: `photo: a cat on a router`."""
    attached = _table(raw, "attachments")
    pages = [_word(link, "expanded_url") for link in _urls(raw) if _MEDIA_PAGE.search(_word(link, "expanded_url"))]
    yield from _media_lines(attached, around, pages[0] if pages else "")
    if _list(attached.get("poll_ids")):
        yield "poll"
    if quoted is not None and quoted in around.posts:
        post = around.posts[quoted]
        yield f"quote: @{post.author.handle}: {post.text}"
    elif quoted is not None:
        yield f"quote: https://x.com/i/status/{quoted}"
    countries = [one for one in _list(_table(raw, "withheld").get("country_codes")) if isinstance(one, str)]
    if countries:
        yield f"withheld: in {', '.join(countries)}"
    if author in around.protected:
        yield "protected: seen by its author's followers alone"


def _media_lines(attached: Json, around: _Around, page: str) -> Iterator[str]:
    for key in _list(attached.get("media_keys")):
        medium = around.media.get(str(key), {})
        kind = _word(medium, "type") or _MEDIA_KINDS.get(str(key).partition("_")[0], "media")
        said = _word(medium, "alt_text") or _word(medium, "url") or _word(medium, "preview_image_url") or page
        yield f"{_MEDIA_NAMES.get(kind, kind)}: {said}".removesuffix(": ")


def _gone(answer: Json) -> Mapping[int, str]:
    """What an answer says it cannot show among its data, by the last word of the problem's type."""
    found: dict[int, str] = {}
    for problem in _tables(answer.get("errors")):
        number = id_in(problem.get("resource_id")) or id_in(problem.get("value"))
        about_a_post = _word(problem, "resource_type") in ("tweet", "post", "")
        if number is not None and about_a_post and _word(problem, "section") != "includes":
            found[number] = _word(problem, "type").rpartition("/")[2]
    return found


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


def _message(raw: Json, around: _Around, me: str) -> Message | None:
    """A message; None for another kind of event, and for what was said in a group, which nobody can answer alone."""
    number, people = id_in(raw.get("id")), _word(raw, "dm_conversation_id").split("-")
    if number is None or _word(raw, "event_type") != "MessageCreate" or (len(people) != 2 and len(people[0])):
        return None
    sender = str(raw.get("sender_id") or "")
    if not sender or me not in people:
        missing = "dm_conversation_id" if sender else "sender_id"
        raise NetworkFailure(f"X left out the {missing} of a message though it was asked for.", _ALARM)
    other = next((one for one in people if one != me), me)
    links = [*_urls(raw), *_tables(raw.get("urls"))]
    attached = _table(raw, "attachments")
    pages = [expanded for link in links if _MEDIA_PAGE.search(expanded := _word(link, "expanded_url"))]
    text = _unwrapped(_word(raw, "text"), links, pages if attached.get("media_keys") else [])
    shared = _tables(_both(raw, "referenced_tweets", "referenced_posts"))
    quotes = (f"quote: https://x.com/i/status/{one.get('id')}" for one in shared)
    return Message(
        number,
        around.people.get(sender, Author(sender)),
        around.people.get(other, Author(other)),
        text,
        time_of(number) or _moment(raw.get("created_at")),
        (*_media_lines(attached, around, pages[0] if pages else ""), *quotes),
    )


# ── JSON that may be anything ────────────────────────────────────────────────────────────────────


def _urls(holder: Json) -> list[Json]:
    return _tables(_table(holder, "entities").get("urls"))


def _both(raw: Json, name: str, newer: str) -> object:
    return raw.get(name, raw.get(newer))


def _word(raw: Json, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _table(raw: Json, name: str) -> Json:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _tables(value: object) -> list[Json]:
    """The objects of a list, or the one object that stands there alone."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in _list(value) if isinstance(one, Mapping)]


def _moment(value: object) -> datetime:
    """A time as X writes it, with or without milliseconds."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
