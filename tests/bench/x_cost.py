"""What reading X costs, in calls and in money, against the usual loop: mentions each 15 seconds, the thread of each.

Counted on the loopback network by its own bill, on a clock that moves by hand. The same hour is lived twice: people
write, strangers answer, some mentions stand in long threads of others, and the account answers within minutes.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import tweepy

from carecli.channels.x.channel import XChannel
from carecli.clock import ManualClock
from carecli.worker.pace import pause
from tests.bench.figures import Figure, ratio
from tests.bench.yardsticks import Subjects
from tests.channels.x.network.test_tweepy import client_of
from tests.channels.x.rig import Held, oauth1, opened
from tests.channels.x.server import User, XServer

_START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_HOUR = 3600
_EACH_HOUR = 120
_STEP = 15.0
_OPENED_AFTER = 180.0
_ANSWERED_AFTER = 240.0
_EVERYTHING: dict[str, list[str]] = {
    "expansions": [
        "author_id", "in_reply_to_user_id", "entities.mentions.username", "attachments.media_keys",
        "referenced_tweets.id", "referenced_tweets.id.author_id",
    ],
    "tweet_fields": ["author_id", "conversation_id", "created_at", "entities", "lang", "referenced_tweets"],
}  # fmt: skip


def run(subjects: Subjects) -> Iterator[Figure]:
    """Calls at rest and under load, and the money for a thousand mentions."""
    del subjects
    ours, usual = _lived(_Ours, 0), _lived(_Usual, 0)
    yield ratio("X at rest", ours.calls, usual.calls, 0.5, "calls/h")
    ours, usual = _lived(_Ours, _EACH_HOUR), _lived(_Usual, _EACH_HOUR)
    yield ratio("X under load", ours.calls, usual.calls, 2.0, "calls/h")
    yield ratio("X, a thousand mentions, the account's own app", ours.dollars, usual.dollars, 0.333, "$")
    ours, usual = (_lived(one, _EACH_HOUR, own_app=False) for one in (_Ours, _Usual))
    yield ratio("X, a thousand mentions, another's app", ours.dollars, usual.dollars, 0.333, "$")


class Lived(msgspec.Struct, frozen=True):
    """An hour's calls, and US dollars for a thousand mentions."""

    calls: float
    dollars: float


def _lived(reader: Callable[[XServer, ManualClock], _Ours | _Usual], mentions: int, *, own_app: bool = True) -> Lived:
    """Live the hour: things happen each 15 seconds, and the reader reads when it is due."""
    clock = ManualClock(_START)
    with XServer(clock.now, own_app=own_app) as x:
        hour, one = _Hour(x, clock, mentions), reader(x, clock)
        for _ in range(int(_HOUR / _STEP)):
            hour.go_on()
            one.look(hour)
            clock.advance(_STEP)
        assert x.violations == [], x.violations
        return Lived(len(x.requests), x.bill.micros / 1_000_000 / max(hour.mentions, 1) * 1000)


@dataclass
class _Hour:
    """Who writes when, the same each time. `opened` are the mentions that somebody opens now."""

    x: XServer
    clock: ManualClock
    each_hour: int
    mentions: int = 0
    last: datetime | None = None
    opened: list[int] = field(default_factory=list)
    _dice: random.Random = field(default_factory=lambda: random.Random(7))
    _later: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def go_on(self) -> None:
        now = self.clock.now()
        self.opened = []
        due = [one for one in self._later if one[0] <= now]
        self._later = [one for one in self._later if one[0] > now]
        for _, happen in due:
            happen()
        if self._dice.random() < self.each_hour * _STEP / _HOUR:
            self._somebody_writes(now)

    def _somebody_writes(self, now: datetime) -> None:
        customer = self._person()
        above = self._long_thread() if self._dice.random() < 0.1 else None
        number = self._mention(customer, "@acme_care my line is down", above)
        for _ in range(self._dice.choice((0, 0, 1, 3)) if above is None else 0):
            self.x.post(self._person(), "here too", reply_to=number, filled_in=False)
        self._is_answered(customer, number)

    def _is_answered(self, customer: User, number: int) -> None:
        self._after(_OPENED_AFTER, lambda: self.opened.append(number))
        self._after(_ANSWERED_AFTER, lambda: self._answer(customer, number))

    def _answer(self, customer: User, number: int) -> None:
        answer = self.x.post(self.x.account, "Sorry, we are on it.", reply_to=number)
        if self._dice.random() < 0.4:
            self._after(120, lambda: self._go_on_writing(customer, answer))

    def _go_on_writing(self, customer: User, answer: int) -> None:
        self._is_answered(customer, self._mention(customer, "thanks, and when?", answer))

    def _long_thread(self) -> int:
        root = self.x.post(self._person(), "Is anybody else offline?")
        for _ in range(60):
            self.x.post(self._person(), "me too", reply_to=root, filled_in=False)
        return root

    def _mention(self, author: User, text: str, above: int | None) -> int:
        self.mentions += 1
        self.last = self.clock.now()
        return self.x.post(author, text, reply_to=above)

    def _person(self) -> User:
        return self.x.customer(f"person{len(self.x.api.world.users)}")

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        self._later.append((self.clock.now() + timedelta(seconds=seconds), happen))


class _Ours:
    """The channel at the worker's pace; a conversation is read at the network when somebody opens it to answer."""

    def __init__(self, x: XServer, clock: ManualClock) -> None:
        self._channel: XChannel = opened(x, clock, held=Held(oauth1(x)))
        self._clock = clock
        self._cursor = ""
        self._next = clock.now()

    def look(self, hour: _Hour) -> None:
        now = self._clock.now()
        for number in hour.opened:
            self._channel.fetch_thread(str(number))
        if now < self._next:
            return
        self._cursor = self._channel.fetch_mentions(self._cursor).cursor
        quiet = (now - hour.last).total_seconds() if hour.last else math.inf
        self._next = now + timedelta(seconds=pause(quiet, self._channel.capabilities.shortest_poll, attended=True))


class _Usual:
    """tweepy's client in a loop, as its examples have it: everything that can be had about each mention."""

    def __init__(self, x: XServer, clock: ManualClock) -> None:
        keys = x.keys
        self._client: tweepy.Client = client_of(
            x,
            consumer_key=keys.api_key,
            consumer_secret=keys.api_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
        )
        self._me = x.account.id
        self._since: int | None = None

    def look(self, hour: _Hour) -> None:
        del hour
        found: Any = self._client.get_users_mentions(
            self._me, since_id=self._since, max_results=100, user_auth=True, **_EVERYTHING
        )
        for mention in found.data or ():
            self._since = max(self._since or 0, mention.id)
            self._client.search_recent_tweets(
                f"conversation_id:{mention.conversation_id}", max_results=100, user_auth=True, **_EVERYTHING
            )
