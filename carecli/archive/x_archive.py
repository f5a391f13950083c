"""An account's own archive from X: `tweets.js`, and `direct-messages.js` beside it.

JavaScript files that assign one list: `window.YTD.tweets.part0 = [ {"tweet": {…}}, … ]`; before 2018
`Grailbird.data.tweets_2014_05 = [ {…} ]`, each tweet bare. Only the account's side of public threads is in it.
Not for: finding the files (`opening`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from carecli.archive import texts
from carecli.archive.base import Entry, Reader, Row, Skipped, Unreadable, refusal
from carecli.archive.ids import parent_id, post_id
from carecli.archive.json_list import Element, elements
from carecli.archive.times import published
from carecli.model import Author
from carecli.playbook.language import names_one

# An archive without account.js does not say whose it is.
UNNAMED = Author(remote_id="owner", handle="owner")

NOBODYS = "whose messages these are is told by account.js, which is missing"

_OPENING = re.compile(r"=\s*\[|\A\s*\[")
_BEGINNING = re.compile(
    r'\{\s*"(?:tweet|dmConversation)"\s*:\s*\{|(?<=,)\s*\{\s*"(?:created_at|edit_info|id|id_str|retweeted|source)"\s*:'
)
_ASSIGNMENT = re.compile(r"\s*(?:window\.)?(?:YTD\.(\w+)\.part\d+|Grailbird\.data\.(tweets)_\w+)\s*=\s*\[")
_BARE = re.compile(r'\s*\[\s*\{\s*"(?:tweet"\s*:\s*\{|(?:[a-z_]+)")')

_Id = str | int | None


class _Medium(msgspec.Struct):
    type: str | None = None
    media_url_https: str | None = None
    media_url: str | None = None
    ext_alt_text: str | None = None


class _Entities(msgspec.Struct):
    media: list[_Medium] = []


class _User(msgspec.Struct):
    screen_name: str
    id_str: _Id = None
    id: _Id = None
    name: str | None = None


class _Tweet(msgspec.Struct):
    id_str: _Id = None
    id: _Id = None
    full_text: str | None = None
    text: str | None = None
    created_at: str | None = None
    in_reply_to_status_id_str: _Id = None
    in_reply_to_status_id: _Id = None
    lang: str | None = None
    extended_entities: _Entities | None = None
    entities: _Entities | None = None
    user: _User | None = None


class _Message(msgspec.Struct, rename="camel"):
    id: _Id
    sender_id: _Id
    recipient_id: _Id = None
    text: str = ""
    created_at: str | None = None
    media_urls: list[str] = []


class _Conversation(msgspec.Struct, rename="camel"):
    conversation_id: str
    messages: list[dict[str, Any]]


class _Account(msgspec.Struct, rename="camel"):
    username: str
    account_id: _Id = None
    account_display_name: str | None = None


def holds(head: str) -> str | None:
    """Return what a file that begins with `head` holds, as X names it, such as "tweets" or "like"; else None."""
    if found := _ASSIGNMENT.match(head):
        return found[1] or found[2]
    if _BARE.match(head) and '"created_at"' in head and ('"full_text"' in head or '"text"' in head):
        return "tweets"
    return None


def owner_in(account_js: IO[bytes]) -> Author | None:
    """Return the account that `account.js` names, or None."""
    for element in elements(account_js, _OPENING, _BEGINNING):
        try:
            account = msgspec.convert(element.value["account"], _Account)
        except (msgspec.ValidationError, LookupError, TypeError):
            continue
        handle = texts.storable(account.username)
        name = texts.storable(account.account_display_name or "")
        remote_id = texts.storable(str(account.account_id or handle))
        return Author(remote_id=remote_id, handle=handle, display_name=name)
    return None


def tweets(owner: Author | None) -> Reader:
    """Return the reader of a `tweets.js` of `owner`."""

    def read(stream: IO[bytes]) -> Iterator[Entry]:
        for element in elements(stream, _OPENING, _BEGINNING):
            try:
                yield _tweet(element, owner)
            except (Unreadable, msgspec.ValidationError) as reason:
                yield _refused(element, reason)

    return read


def messages(owner: Author) -> Reader:
    """Return the reader of a `direct-messages.js` of `owner`."""

    def read(stream: IO[bytes]) -> Iterator[Entry]:
        for element in elements(stream, _OPENING, _BEGINNING):
            try:
                conversation = msgspec.convert(_unwrapped(element, "dmConversation"), _Conversation)
            except (Unreadable, msgspec.ValidationError) as reason:
                yield _refused(element, reason)
                continue
            for event in conversation.messages:
                try:
                    yield _message(element.line, event, conversation.conversation_id, owner)
                except (Unreadable, msgspec.ValidationError) as reason:
                    yield _refused(element, reason)

    return read


def nobodys_messages(stream: IO[bytes]) -> Iterator[Entry]:
    """Read no `direct-messages.js`, and say why: without its owner, no side of a conversation is ours."""
    yield refusal(1, NOBODYS)


def _tweet(element: Element, owner: Author | None) -> Row:
    tweet = msgspec.convert(_unwrapped(element, "tweet"), _Tweet)
    remote_id = _id(tweet.id_str or tweet.id)
    written = tweet.full_text if tweet.full_text is not None else tweet.text
    if written is None:
        raise Unreadable("it has no text")
    author = _author(tweet.user) if tweet.user else owner or UNNAMED
    entities = tweet.extended_entities or tweet.entities or _Entities()
    return Row(
        line=element.line,
        remote_id=remote_id,
        author=author,
        own=owner is None or author.handle.lower() == owner.handle.lower(),
        text=texts.as_written(written),
        published_at=published(tweet.created_at, remote_id),
        parent_remote_id=parent_id(
            str(tweet.in_reply_to_status_id_str or tweet.in_reply_to_status_id or ""), remote_id
        ),
        language=texts.storable(tweet.lang) if tweet.lang and names_one(tweet.lang) else "",
        attachments=tuple(
            texts.attachment(medium.type or "media", medium.ext_alt_text, medium.media_url_https or medium.media_url)
            for medium in entities.media
        ),
    )


def _message(line: int, event: dict[str, Any], conversation: str, owner: Author) -> Row | Skipped:
    if "messageCreate" not in event:
        return Skipped(line, "an event of a conversation, and no message")
    message = msgspec.convert(event["messageCreate"], _Message)
    remote_id, sender = _id(message.id), _id(message.sender_id)
    if message.recipient_id is None:
        return Skipped(line, "a message to a group")
    recipient = _id(message.recipient_id)
    own = sender == owner.remote_id
    return Row(
        line=line,
        remote_id=remote_id,
        author=owner if own else Author(remote_id=sender, handle=sender),
        own=own,
        text=texts.as_written(message.text),
        published_at=published(message.created_at, remote_id),
        thread_remote_id=texts.storable(conversation),
        recipient=owner if recipient == owner.remote_id else Author(remote_id=recipient, handle=recipient),
        visibility="private",
        attachments=tuple(texts.attachment("media", None, url) for url in message.media_urls),
    )


def _unwrapped(element: Element, name: str) -> object:
    if element.problem:
        raise Unreadable(element.problem)
    value: object = element.value
    return value[name] if isinstance(value, dict) and name in value else value


def _author(user: _User) -> Author:
    handle = texts.storable(user.screen_name)
    remote_id = str(user.id_str or user.id or handle)
    return Author(remote_id=texts.storable(remote_id), handle=handle, display_name=texts.storable(user.name or ""))


def _id(written: _Id) -> str:
    if written is None:
        raise Unreadable("it has no id")
    return post_id(str(written))


def _refused(element: Element, reason: object) -> Entry:
    return refusal(element.line, f"entry {element.number}: {reason}", str(element.value))
