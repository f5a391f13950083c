"""Reading posts: mentions, one's own posts, posts by id, and search, a page at a time, newest first.

Not for: how a post is told (`rendering`), or who may ask (`authorisation`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.channels.x.network import search, snowflake
from tests.channels.x.network.answers import Refusal, not_found, problem, wrong_parameter
from tests.channels.x.network.facts import LONGEST_QUERY
from tests.channels.x.network.rendering import Asked, Beside, Renderer, Told
from tests.channels.x.network.world import Post, User, World

MENTIONS_KEPT = 800
OWN_POSTS_KEPT = 3200
SEARCHED = timedelta(days=7)
# docs.x.com, "Search Posts", "Paginate": without start_time, end_time or since_id.
SEARCH_LAGS = timedelta(seconds=30)
_TOKEN_HEAD = "7140dibdnow9c7btw"


class Timelines:
    """Tells posts of `world` to `account`."""

    def __init__(self, world: World, account: User, renderer: Callable[[], Renderer]) -> None:
        self._world = world
        self._account = account
        self._renderer = renderer

    def mentions(self, person: int, query: Mapping[str, str]) -> Told:
        """The newest 800 posts that mention a person."""
        user = self._user(person)
        found = self._world.newest_first(lambda p: p.mentions(user) and p.author.id != user.id, self._account.id)
        return self._page(found[:MENTIONS_KEPT], query)

    def posts_of(self, person: int, query: Mapping[str, str]) -> Told:
        """The newest 3200 posts of a person."""
        user = self._user(person)
        replies = "replies" not in query.get("exclude", "")
        found = self._world.newest_first(
            lambda p: p.author.id == user.id and (replies or p.reply_to is None), self._account.id
        )
        return self._page(found[:OWN_POSTS_KEPT], query)

    def by_ids(self, parameter: str, ids: list[int], query: Mapping[str, str]) -> Told:
        """Posts by id, in the order asked; those that cannot be told are in `errors`, and the answer is a 200."""
        renderer = self._renderer()
        with self._world.lock:
            faults = [(number, renderer.fault(parameter, number)) for number in ids]
            found = [self._world.posts[number] for number, fault in faults if fault is None]
            told = self._told(found, Asked.of(query))
        errors = [fault for _, fault in faults if fault is not None]
        document = told.document
        if errors or document.get("errors"):
            document["errors"] = errors + document.get("errors", [])
        if parameter == "id" and "data" in document:
            document["data"] = document["data"][0]
        return told

    def found(self, query: Mapping[str, str]) -> Told:
        """Recent search: the posts of the last seven days, less the last 30 seconds unless a bound is named."""
        if len(query["query"]) > LONGEST_QUERY:
            raise wrong_parameter(
                "query", query["query"], f"Rule length exceeds the maximum of {LONGEST_QUERY} characters."
            )
        begin = self._world.now() - SEARCHED
        if int(query.get("since_id", "0")) and int(query["since_id"]) < snowflake.first_at(begin):
            message = f"'since_id' must be a tweet id created after [{begin.isoformat()}]."
            raise wrong_parameter("since_id", query["since_id"], message)
        start = _moment(query.get("start_time"))
        if start is not None and start < begin:
            message = f"'start_time' must be on or after [{begin.isoformat()}]."
            raise wrong_parameter("start_time", query["start_time"], message)
        fits = search.parsed(query["query"], self._world)
        bounded = {"start_time", "end_time", "since_id"} & set(query)
        end = self._world.now() - (timedelta() if bounded else SEARCH_LAGS)
        found = self._world.newest_first(lambda p: begin <= p.created_at <= end and fits(p), self._account.id)
        return self._page([post for post in found if not post.author.protected], query)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def _page(self, found: list[Post], query: Mapping[str, str]) -> Told:
        size = int(query.get("max_results", "10"))
        end = page_end(query)
        since, until = int(query.get("since_id", "0")), int(query.get("until_id", "0"))
        start, stop = (_moment(query.get(name)) for name in ("start_time", "end_time"))
        fitting = [
            post
            for post in found
            if post.id > since
            and (not until or post.id < until)
            and (end is None or post.id < end)
            and (start is None or post.created_at >= start)
            and (stop is None or post.created_at < stop)
        ]
        page = fitting[:size]
        with self._world.lock:
            told = self._told(page, Asked.of(query))
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        if len(fitting) > size:
            meta["next_token"] = page_token(page[-1].id)
        told.document["meta"] = meta
        return told

    def _told(self, posts: list[Post], asked: Asked) -> Told:
        renderer = self._renderer()
        data, beside = renderer.posts(posts, asked)
        return Told(
            whole(data, beside, renderer.includes(beside, asked)),
            posts=tuple(post.id for post in posts),
            posts_beside=tuple(beside.posts),
            users_beside=tuple(beside.users),
        )

    def _user(self, number: int) -> User:
        user = self._world.users.get(number)
        if user is None:
            raise Refusal(problem(404, "Not Found Error", str(not_found("user", "id", number)["detail"])))
        return user


def whole(data: list[dict[str, Any]], beside: Beside, includes: dict[str, Any]) -> dict[str, Any]:
    """An answer's document, without what would be empty."""
    document: dict[str, Any] = {"data": data} if data else {}
    if includes:
        document["includes"] = includes
    if beside.errors:
        document["errors"] = beside.errors
    return document


def page_token(oldest: int) -> str:
    """What stands for "older than this"; nobody but the server may read it."""
    return f"{_TOKEN_HEAD}{oldest:x}"


def page_end(query: Mapping[str, str]) -> int | None:
    """Below which id the asked page begins. Raises `Refusal` for a token that was never given."""
    name = "next_token" if "next_token" in query else "pagination_token"
    token = query.get(name)
    if token is None:
        return None
    digits = token.removeprefix(_TOKEN_HEAD)
    if digits == token or not all(letter in "0123456789abcdef" for letter in digits) or not digits:
        raise wrong_parameter(name, token, f"The `{name}` query parameter value [{token}] is not valid")
    return int(digits, 16)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
