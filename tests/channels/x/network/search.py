"""Search queries: the operators that a care desk uses, and what X refuses of them.

A query is terms, all of which must fit; `OR`, parentheses, `-` and quotes as X has them.
Not for: the operators of counts, places and polls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tests.channels.x.network import wording
from tests.channels.x.network.answers import Refusal, wrong_parameter
from tests.channels.x.network.world import Post, World

Test = Callable[[Post], bool]

_TOKEN = re.compile(r'\s*(-?\(|\)|-?"[^"]*"|[^\s()]+)')
# These say nothing by themselves: X wants another term beside them.
_NOT_ALONE = ("is:", "has:", "lang:")


def parsed(query: str, world: World) -> Test:
    """What a post must be to fit `query`. Raises `Refusal` as X does for one that it cannot read."""
    tokens = [found[1] for found in _TOKEN.finditer(query)]
    reader = _Reader(tokens, world, query)
    test = reader.any_of()
    if reader.place < len(tokens):
        raise _unreadable(query, "unexpected parenthesis")
    terms = [token for token in tokens if token not in ("(", "-(", ")", "OR")]
    if not any(not term.startswith(("-", *_NOT_ALONE)) for term in terms):
        raise _unreadable(query, "Rules must contain at least one positive, non-stopword clause")
    return test


class _Reader:
    """Reads a query's tokens from left to right."""

    def __init__(self, tokens: list[str], world: World, query: str) -> None:
        self._tokens = tokens
        self._world = world
        self._query = query
        self.place = 0

    def any_of(self) -> Test:
        choices = [self._all_of()]
        while self._next() == "OR":
            self.place += 1
            choices.append(self._all_of())
        return lambda post: any(choice(post) for choice in choices)

    def _all_of(self) -> Test:
        terms: list[Test] = []
        while self._next() not in ("OR", ")", None):
            terms.append(self._one())
        if not terms:
            raise _unreadable(self._query, "an empty clause")
        return lambda post: all(term(post) for term in terms)

    def _one(self) -> Test:
        token = self._tokens[self.place]
        self.place += 1
        negated = token.startswith("-")
        if token.lstrip("-") == "(":
            test = self.any_of()
            if self._next() != ")":
                raise _unreadable(self._query, "missing parenthesis")
            self.place += 1
        else:
            test = self._term(token.removeprefix("-"))
        return (lambda post: not test(post)) if negated else test

    def _term(self, term: str) -> Test:
        name, _, value = term.partition(":")
        if term.startswith('"'):
            return _contains(term.strip('"'))
        if term.startswith("@"):
            return lambda post: term[1:].lower() in _lowered(wording.mentioned(post.whole))
        if not value:
            return _contains(term)
        if name in ("from", "to"):
            return self._person(name, value)
        if name in ("conversation_id", "in_reply_to_tweet_id") and value.isdigit():
            number = int(value)
            return lambda post: number == (post.conversation if name == "conversation_id" else post.reply_to)
        test = _SIGNS.get(term) or ((lambda post: post.language == value) if name == "lang" else None)
        if name == "url":
            return lambda post: any(value.strip('"') in link for link in wording.links(post.text))
        if test is None:
            raise _unreadable(self._query, f"Reference to invalid operator '{name}'")
        return test

    def _person(self, name: str, value: str) -> Test:
        known = self._world.user_by_handle(value.removeprefix("@"))
        number = int(value) if value.isdigit() else known.id if known else 0
        return lambda post: number == (post.author.id if name == "from" else post.reply_to_user)

    def _next(self) -> str | None:
        return self._tokens[self.place] if self.place < len(self._tokens) else None


_SIGNS: dict[str, Test] = {
    "is:reply": lambda post: post.reply_to is not None,
    "is:quote": lambda post: post.quote is not None,
    "is:retweet": lambda post: post.repost_of is not None,
    "is:verified": lambda post: post.author.verified,
    "has:links": lambda post: bool(wording.links(post.text)),
    "has:mentions": lambda post: bool(wording.mentioned(post.whole)),
    "has:media": lambda post: bool(post.pictures),
    "has:images": lambda post: any(picture.kind == "photo" for picture in post.pictures),
}


def _contains(words: str) -> Test:
    return lambda post: words.lower() in post.whole.lower()


def _lowered(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in names]


def _unreadable(query: str, why: str) -> Refusal:
    return wrong_parameter("query", query, f"There were errors processing your request: {why} (at position 1)")
