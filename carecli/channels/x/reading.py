"""X's reading calls: what each asks for, all its pages, and what it costs. No more is asked than the desk shows.

Raises `NetworkFailure`, `RateLimited` and `NeedsPerson` as the channel's reading calls may, and nothing else.
Not for: where the pages of the feed begin (`mentions`), or which posts make up a thread (`threads`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carecli.channels.answers import Failure, error_of
from carecli.channels.spendings import Spendings
from carecli.channels.x import wire
from carecli.channels.x.limits import Route
from carecli.channels.x.prices import Kind
from carecli.channels.x.wire import Messages, Post, Told
from carecli.clock import Clock
from carecli.errors import NetworkFailure
from carecli.model import Author

if TYPE_CHECKING:
    import tweepy

    from carecli.channels.x.transport import Ask, Door

_Page = Callable[["tweepy.Client", bool, "str | None"], object]

_PAGE = 100
# X serves no timeline beyond 3200 posts: more pages than this mean that it goes round in circles.
_MOST_PAGES = 40
_LOOKED_UP_AT_ONCE = 100
_ABOUT = {
    "tweet_fields": list(wire.POST_FIELDS),
    "media_fields": list(wire.MEDIA_FIELDS),
    "user_fields": list(wire.USER_FIELDS),
    "expansions": ["author_id", "attachments.media_keys"],
}
# Most messages of the newest ones are known already, and each costs once a day.
_NEWEST_MESSAGES = 20


class Reader:
    """Reads for one account. own_app: whether the app that asks belongs to it, which makes its own posts cheaper."""

    def __init__(self, door: Door, clock: Clock, spendings: Spendings[Kind], *, own_app: bool) -> None:
        self._door = door
        self._clock = clock
        self._spendings = spendings
        self._own: tuple[Kind, Kind] = (
            ("own mentions read", "own posts read") if own_app else ("posts read", "posts read")
        )

    def me(self) -> Author:
        """The account itself, as X knows it."""
        answer = self._read("me", lambda client, signed: client.get_me(user_auth=signed))
        data = answer.get("data")
        me = wire.person(data) if isinstance(data, dict) else Author("")
        if not me.remote_id:
            raise NetworkFailure("X did not say whose account this is.", "It is tried again by itself.")
        self._spend_on("people read", [me.remote_id])
        return me

    def mentions(self, user: str, since: int, start: datetime | None = None) -> list[Post]:
        """Mentions of `user` after the id `since`, or from `start` on: the newest 800 of them, in any order."""

        def page(client: tweepy.Client, signed: bool, token: str | None) -> object:
            return client.get_users_mentions(
                user, since_id=since or None, start_time=start, max_results=_PAGE, pagination_token=token,
                user_auth=signed, **_ABOUT,
            )  # fmt: skip

        return [post for told in self._pages("mentions", self._own[0], page) for post in told.posts]

    def own_posts(self, user: str, since: int, start: datetime | None = None, *, urgent: bool = False) -> list[Post]:
        """The account's own posts after the id `since`, or from `start` on."""

        def page(client: tweepy.Client, signed: bool, token: str | None) -> object:
            return client.get_users_tweets(
                user, since_id=since or None, start_time=start, max_results=_PAGE, pagination_token=token,
                exclude=["retweets"], tweet_fields=list(wire.POST_FIELDS), user_auth=signed,
            )  # fmt: skip

        pages = self._pages("own posts", self._own[1], page, urgent=urgent)
        return [post for told in pages for post in told.posts]

    def search(
        self, query: str, *, since: int = 0, until: int = 0, pages: int = _MOST_PAGES
    ) -> tuple[list[Post], bool]:
        """Posts of the last seven days that fit, after the id `since` and before `until`; whether these are all."""

        def page(client: tweepy.Client, signed: bool, token: str | None) -> object:
            return client.search_recent_tweets(
                query, since_id=since or None, until_id=until or None, max_results=_PAGE, next_token=token,
                user_auth=signed, **_ABOUT,
            )  # fmt: skip

        found: list[Post] = []
        more = ""
        for number, told in enumerate(self._pages("search", "posts read", page), 1):
            found += told.posts
            more = told.next
            if number == pages:
                break
        return found, not more

    def posts(self, ids: Iterable[int]) -> Told:
        """Posts by id, a hundred a call, and which of them X cannot show."""
        return self._looked_up(ids, _ABOUT)

    def there(self, ids: Iterable[int]) -> Told:
        """As `posts`, with no more than what tells whether they are there."""
        return self._looked_up(ids, {"tweet_fields": ["author_id", "conversation_id", "created_at"]})

    def messages(self, me: str, after: int, start: int) -> tuple[list[wire.Message], int]:
        """Direct messages after the id `after`, and none before the id `start`; the newest id of all."""
        return self._messages(me, after, start, None)

    def messages_with(self, me: str, other: str, start: int) -> list[wire.Message]:
        """Direct messages with one person from the id `start` on."""
        return self._messages(me, start - 1, start, other)[0]

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def _pages(self, route: Route, kind: Kind, page: _Page, *, urgent: bool = False) -> Iterator[Told]:
        token: str | None = None
        for _ in range(_MOST_PAGES):
            answer = self._read(route, _asking(page, token), urgent=urgent)
            if "meta" not in answer:
                raise NetworkFailure("X gave an answer that is no page of posts.", "It is tried again by itself.")
            told = wire.told(answer)
            self._charge(kind, told)
            yield told
            token = told.next
            if not token:
                return

    def _looked_up(self, ids: Iterable[int], fields: dict[str, list[str]]) -> Told:
        found: list[Told] = []
        wanted = list(dict.fromkeys(ids))
        for begin in range(0, len(wanted), _LOOKED_UP_AT_ONCE):
            some = wanted[begin : begin + _LOOKED_UP_AT_ONCE]
            answer = self._read("posts", _lookup(some, fields))
            told = wire.told(answer)
            self._charge("posts read", told)
            found.append(told)
        return Told(
            tuple(post for told in found for post in told.posts),
            tuple(post for told in found for post in told.included),
            {number: word for told in found for number, word in told.gone.items()},
        )

    def _messages(self, me: str, after: int, start: int, other: str | None) -> tuple[list[wire.Message], int]:
        found: list[wire.Message] = []
        newest, token = after, ""
        for number in range(_MOST_PAGES):
            told = self._message_page(me, other, token, _NEWEST_MESSAGES if number == 0 and not other else _PAGE)
            found += [message for message in told.messages if message.id > max(after, start - 1)]
            newest = max((newest, *told.ids))
            token = told.next
            if not token or min(told.ids, default=0) <= max(after, start):
                break
        return found, newest

    def _message_page(self, me: str, other: str | None, token: str, size: int) -> Messages:
        def ask(client: tweepy.Client, signed: bool) -> object:
            return client.get_direct_message_events(
                participant_id=other, max_results=size, pagination_token=token or None, event_types="MessageCreate",
                dm_event_fields=list(wire.MESSAGE_FIELDS), media_fields=list(wire.MEDIA_FIELDS),
                user_fields=list(wire.USER_FIELDS), expansions=["sender_id", "attachments.media_keys"],
                user_auth=signed,
            )  # fmt: skip

        answer = self._read("messages with" if other else "messages", ask, urgent=other is not None)
        told = wire.messages_told(answer, me)
        self._spend_on("messages read", told.ids)
        self._spend_on("people read", told.people)
        return told

    # ── one call ─────────────────────────────────────────────────────────────────────────────────

    def _read(self, route: Route, ask: Ask, *, urgent: bool = False) -> dict[str, Any]:
        answer = self._door.read(route, ask, urgent=urgent)
        if isinstance(answer, Failure):
            raise error_of(answer)
        return answer

    def _charge(self, kind: Kind, told: Told) -> None:
        self._spend_on(kind, [post.version for post in told.posts])
        self._spend_on("posts read", [post.version for post in told.included])
        self._spend_on("people read", told.people)

    def _spend_on(self, kind: Kind, ids: Sequence[object]) -> None:
        self._spendings.read(kind, ids, self._clock.now().date())


def _asking(page: _Page, token: str | None) -> Ask:
    return lambda client, signed: page(client, signed, token)


def _lookup(ids: list[int], fields: dict[str, list[str]]) -> Ask:
    return lambda client, signed: client.get_tweets(ids, user_auth=signed, **fields)
