"""The server as a server: many at once, quickly there, honest about its own faults."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, ids
from tests.channels.x.network.rendering import Told
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


def test_many_may_ask_at_once_and_all_of_it_stands(x: XServer, client: PlainClient) -> None:
    def publish(number: int) -> int:
        return client.publish(f"post {number}").status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(publish, range(40)))
    assert codes == [201] * 40
    assert len({post.id for post in x.posts}) == 40
    assert x.cost == {"posts": 40 * 15_000}


def test_of_the_same_post_from_several_sides_one_stands(x: XServer, client: PlainClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: client.publish("hello").status_code, range(8)))
    assert sorted(codes) == [201] + [403] * 7
    assert len(x.posts) == 1


def test_customers_may_write_while_pages_are_read(x: XServer, jo: User, client: PlainClient) -> None:
    with ThreadPoolExecutor(2) as pool:
        written = pool.map(lambda number: x.post(jo, f"@acme_care {number}"), range(100))
        for _ in range(20):
            client.mentions(max_results=100)
        wanted = sorted(written, reverse=True)
    assert ids(client.mentions(max_results=100)) == wanted


def test_a_fault_of_the_server_itself_is_kept_in_mind(
    x: XServer, client: PlainClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(query: Mapping[str, str]) -> Told:
        raise ZeroDivisionError

    monkeypatch.setattr(x.api.timelines, "found", broken)
    with pytest.raises(httpx.TransportError):
        client.get("/2/tweets/search/recent", query="hello")
    (fault,) = x.violations
    assert "ZeroDivisionError" in fault
    x.violations.clear()


def test_it_is_there_at_once_and_gone_at_once(clock: ManualClock) -> None:
    started = time.monotonic()
    for _ in range(10):
        with XServer(clock.now) as server:
            assert httpx.get(server.url, trust_env=False, verify=False).status_code == 404
    assert time.monotonic() - started < 5
