"""The search operators that a care desk uses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, ids
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


def found(client: PlainClient, query: str) -> list[int]:
    return ids(client.get("/2/tweets/search/recent", query=query))[::-1]


@pytest.fixture
def talk(x: XServer, jo: User, clock: ManualClock) -> dict[str, int]:
    """A conversation of jo, kim and the brand, and something else, half a minute ago."""
    kim = x.customer("kim")
    posts = {"root": x.post(jo, "@acme_care is it down? example.com")}
    posts["ours"] = x.post(x.account, "It is. ^CL", reply_to=posts["root"])
    posts["thanks"] = x.post(jo, "thanks", reply_to=posts["ours"])
    posts["kim"] = x.post(kim, "for me too", reply_to=posts["root"], language="de")
    posts["else"] = x.post(kim, "@acme_care Good Morning", media=[x.picture()])
    posts["quote"] = x.post(kim, "look", quote=posts["root"])
    posts["repost"] = x.repost(kim, posts["root"])
    clock.advance(30)
    return posts


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("conversation_id:{root}", "root ours thanks kim"),
        ("conversation_id:{root} -from:acme_care", "root thanks kim"),
        ("conversation_id:{root} from:jo", "root thanks"),
        ("in_reply_to_tweet_id:{root}", "ours kim"),
        ("to:acme_care", "thanks"),
        ("from:KIM is:reply", "kim"),
        ("@acme_care -is:retweet", "root thanks kim else"),
        ("acme_care is:retweet", "repost"),
        ("from:kim is:quote", "quote"),
        ("from:kim has:media", "else"),
        ("from:jo has:links", "root"),
        ("from:kim lang:de", "kim"),
        ('"good morning"', "else"),
        ("thanks OR morning", "thanks else"),
        ("(from:jo OR from:acme_care) is:reply", "ours thanks"),
        ("conversation_id:{root} -(from:jo OR from:kim)", "ours"),
        ("url:example.com from:jo", "root"),
    ],
)
def test_a_query_finds(client: PlainClient, talk: dict[str, int], query: str, names: str) -> None:
    assert found(client, query.format(**talk)) == [talk[name] for name in names.split()]


@pytest.mark.parametrize(
    "query", ["is:reply", "-from:jo", "has:media lang:de", "near:berlin", "(from:jo", "x OR", "x)", "a" * 513]
)
def test_what_x_cannot_read_is_refused(client: PlainClient, query: str) -> None:
    answer = client.get("/2/tweets/search/recent", query=query)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


def test_the_last_half_minute_is_searched_only_within_bounds(
    x: XServer, jo: User, client: PlainClient, clock: ManualClock
) -> None:
    root = x.post(jo, "@acme_care help")
    clock.advance(20)
    reply = x.post(jo, "anybody?", reply_to=root)
    query = {"query": f"conversation_id:{root}"}
    assert ids(client.get("/2/tweets/search/recent", **query)) == []
    assert ids(client.get("/2/tweets/search/recent", since_id=root, **query)) == [reply]
    clock.advance(30)
    assert ids(client.get("/2/tweets/search/recent", **query)) == [reply, root]


def test_protected_posts_are_not_searched(x: XServer, client: PlainClient, clock: ManualClock) -> None:
    x.post(x.customer("shy", protected=True, followed=True), "@acme_care psst")
    clock.advance(60)
    assert found(client, "@acme_care") == []
    assert len(ids(client.mentions())) == 1


def test_no_bound_may_be_older_than_what_is_searched(
    x: XServer, jo: User, client: PlainClient, clock: ManualClock
) -> None:
    old = x.post(jo, "hm", at=clock.now() - timedelta(days=8))
    assert client.get("/2/tweets/search/recent", query="hm", since_id=old).status_code == 400
    assert client.get("/2/tweets/search/recent", query="hm", start_time="2026-02-22T09:00:00Z").status_code == 400
    assert client.get("/2/tweets/search/recent", query="hm", start_time="2026-02-23T09:00:00Z").status_code == 200
