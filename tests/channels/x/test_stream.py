"""X's stream: it says when to look, is held again when it ends, costs what X charges, and decides nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from carecli.channels.base import Listens
from carecli.channels.http import Bounds
from carecli.channels.spendings import Spendings
from carecli.channels.x import prices
from carecli.channels.x.prices import Kind
from carecli.channels.x.stream import Stream
from carecli.clock import ManualClock
from carecli.errors import NeedsPerson
from carecli.model import Author
from tests.channels.x.network.answers import said
from tests.channels.x.rig import opened
from tests.channels.x.server import User, XServer

RULES = "POST /2/tweets/search/stream/rules"
STREAM = "GET /2/tweets/search/stream"
_SOON = 5.0


class Bell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self._rung = threading.Semaphore(0)

    def __call__(self) -> None:
        self._rung.release()

    def wait(self) -> bool:
        """Wait for one ring; whether it came."""
        return self._rung.acquire(timeout=_SOON)


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def andy(x: XServer) -> User:
    return x.customer("andy", "Andy Loynes")


@pytest.fixture
def spendings() -> Spendings[Kind]:
    return prices.spendings()


@pytest.fixture
def stream(x: XServer, clock: ManualClock, spendings: Spendings[Kind]) -> Iterator[Stream]:
    x.api.streaming.keep_alive = 0.05
    me = Author(str(x.account.id), x.account.handle)
    stream = listening(x, clock, spendings, lambda: x.keys.bearer_token, me)
    yield stream
    stream.close()


def listening(
    x: XServer, clock: ManualClock, spendings: Spendings[Kind], app_only: Callable[[], str], me: Author
) -> Stream:
    bounds = Bounds(connect=5.0, silence=5.0, total=10.0)
    return Stream(x.url, app_only, clock, spendings, lambda: me, bounds=bounds, first_pause=0.01)


def test_a_mention_rings_and_so_does_a_connection_that_begins(
    x: XServer, stream: Stream, bell: Bell, andy: User
) -> None:
    stream.begin(bell)
    assert bell.wait()
    x.post(andy, "@acme_care hello")
    assert bell.wait()


def test_its_rule_is_added_once_and_has_a_tag(x: XServer, stream: Stream, bell: Bell) -> None:
    for _ in range(2):
        stream.begin(bell)
        assert bell.wait()
        stream.end()
    (rule,) = x.api.streaming.rules.values()
    assert (rule.value, rule.tag) == ("@acme_care -is:retweet -from:acme_care", f"carecli:{x.account.id}")
    assert len(x.calls(RULES)) == 1


def test_a_connection_that_ends_is_made_again(x: XServer, stream: Stream, bell: Bell, andy: User) -> None:
    stream.begin(bell)
    assert bell.wait()
    x.drop_stream()
    assert bell.wait()
    x.post(andy, "@acme_care hello")
    assert bell.wait()


def test_a_refusal_is_tried_again(x: XServer, stream: Stream, bell: Bell) -> None:
    x.fail(STREAM, "html_503", "server_error", "empty_500")
    stream.begin(bell)
    assert bell.wait()


def test_a_list_of_rules_that_is_none_is_taken_for_an_empty_one(
    x: XServer, stream: Stream, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    x.api.checks_itself = False
    monkeypatch.setattr(x.api.streaming, "listed", lambda: said({"data": True}))
    stream.begin(bell)
    assert bell.wait()


def test_what_it_brings_is_charged_and_what_another_rule_brings_does_not_ring(
    x: XServer, stream: Stream, bell: Bell, andy: User, spendings: Spendings[Kind]
) -> None:
    x.api.streaming.change({"add": [{"value": "weather", "tag": "another's"}]}, dry_run=False)
    stream.begin(bell)
    assert bell.wait()
    x.post(andy, "what a weather")
    x.post(andy, "@acme_care hello")
    assert bell.wait()
    stream.end()
    assert {spent.kind: spent.micros for spent in spendings.take()} == x.cost == {"posts read": 10_000}
    assert not bell._rung.acquire(blocking=False)


def test_it_ends_at_once_when_it_is_told_to(x: XServer, stream: Stream, bell: Bell) -> None:
    x.api.streaming.keep_alive = 3600
    x.api.streaming.gone.clear()
    stream.begin(bell)
    while not x.api.streaming.connected:
        assert not x.api.streaming.gone.wait(0.01)
    stream.end()
    assert x.api.streaming.gone.wait(_SOON)


def test_without_the_app_s_token_nothing_is_asked(x: XServer, clock: ManualClock, bell: Bell) -> None:
    asked = threading.Event()

    def app_only() -> str:
        asked.set()
        raise NeedsPerson("The stream needs the app's own bearer token, and none is kept.")

    stream = listening(x, clock, prices.spendings(), app_only, Author("1", "acme_care"))
    stream.begin(bell)
    assert asked.wait(_SOON)
    stream.close()
    assert x.requests == []


def test_a_channel_listens_only_where_its_account_asks_for_it(x: XServer, clock: ManualClock, bell: Bell) -> None:
    x.api.streaming.keep_alive = 0.05
    silent, other = opened(x, clock), opened(x, clock, stream=True)
    assert (silent.capabilities.streaming, other.capabilities.streaming) == (False, True)
    assert isinstance(other, Listens)
    silent.listen(bell)
    assert x.requests == []
    x.api.streaming.gone.clear()
    other.listen(bell)
    assert bell.wait()
    other.listen(None)
    other.close()
    assert x.api.streaming.gone.wait(_SOON)
