"""What calls use up: the windows that limit them, the credits, and the bill."""

from __future__ import annotations

import pytest

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, data
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

_BEFORE_MIDNIGHT = 15 * 3600 - 60

# ── limits ───────────────────────────────────────────────────────────────────────────────────────


def test_every_answer_tells_what_is_left(client: PlainClient, clock: ManualClock) -> None:
    for left in (299, 298):
        headers = client.mentions().headers
        assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("300", str(left))
        assert int(headers["x-rate-limit-reset"]) == clock.now().timestamp() + 900


def test_days_are_told_where_they_are_limited(client: PlainClient) -> None:
    headers = client.publish("hello").headers
    assert (headers["x-app-limit-24hour-limit"], headers["x-app-limit-24hour-remaining"]) == ("10000", "9999")


def test_beyond_the_limit_x_refuses_until_the_window_ends(client: PlainClient, clock: ManualClock) -> None:
    codes = [client.get("/2/dm_events").status_code for _ in range(16)]
    assert codes == [200] * 15 + [429]
    clock.advance(900)
    assert client.get("/2/dm_events").status_code == 200


def test_one_call_s_limit_leaves_the_others_alone(x: XServer, client: PlainClient) -> None:
    x.use_up("POST /2/tweets", left=1)
    assert [client.publish(text).status_code for text in ("one", "two")] == [201, 429]
    assert client.mentions().status_code == 200


def test_limits_that_are_only_told_refuse_nothing(clock: ManualClock) -> None:
    with XServer(clock.now, enforce_limits=False) as x:
        client = PlainClient(x)
        answers = [client.get("/2/dm_events") for _ in range(20)]
        client.close()
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].headers["x-rate-limit-remaining"] == "0"


@pytest.mark.parametrize(("wording", "title"), [("credits", "CreditsDepleted"), ("payment", "Payment Required")])
def test_without_credits_nothing_works_and_all_says_so(
    x: XServer, client: PlainClient, wording: str, title: str
) -> None:
    x.api.without_credits = "credits" if wording == "credits" else "payment"
    for answer in (client.mentions(), client.publish("hello"), client.get("/2/users/me")):
        assert (answer.status_code, answer.json()["title"]) == (402, title)
    assert x.cost == {}


# ── the bill ─────────────────────────────────────────────────────────────────────────────────────


def test_own_mentions_cost_a_fifth_and_each_post_once_a_day(
    x: XServer, jo: User, client: PlainClient, clock: ManualClock
) -> None:
    first = x.post(jo, "@acme_care one")
    client.mentions()
    client.mentions()
    client.get(f"/2/tweets/{first}")
    assert x.cost == {"own mentions read": 1_000}
    x.post(jo, "@acme_care two")
    client.mentions()
    assert x.cost == {"own mentions read": 2_000}


def test_a_new_day_charges_again(x: XServer, jo: User, client: PlainClient, clock: ManualClock) -> None:
    clock.advance(_BEFORE_MIDNIGHT)
    client.header = f"Bearer {x.sign_in().access}"
    x.post(jo, "@acme_care one")
    client.mentions()
    clock.advance(60)
    client.mentions()
    assert x.cost == {"own mentions read": 2_000}


def test_in_another_s_app_mentions_cost_what_posts_do(clock: ManualClock) -> None:
    with XServer(clock.now, own_app=False) as x:
        client = PlainClient(x)
        x.post(x.customer("jo"), "@acme_care one")
        client.mentions()
        client.close()
        assert x.cost == {"posts read": 5_000}


def test_what_stands_beside_is_charged_too_unless_the_test_says_otherwise(
    x: XServer, jo: User, client: PlainClient
) -> None:
    root = x.post(x.customer("kim"), "is it down?")
    x.post(jo, "@acme_care is it?", reply_to=root)
    client.mentions(expansions="author_id,referenced_tweets.id")
    assert x.cost == {"own mentions read": 1_000, "posts read": 5_000, "people read": 10_000}
    x.api.charges_beside = False
    x.post(x.customer("lee"), "@acme_care hello")
    client.mentions(expansions="author_id")
    assert x.cost["people read"] == 10_000


def test_writing_costs_by_what_is_written(x: XServer, jo: User, client: PlainClient) -> None:
    client.publish("Good morning. ^CL")
    client.publish("See foo.zip ^CL")
    client.publish("It is. ^CL", reply_to=x.post(jo, "@acme_care is it down?"))
    client.post(f"/2/dm_conversations/with/{jo.id}/messages", {"text": "hello"})
    client.delete(f"/2/tweets/{x.posts[0].id}")
    assert x.cost == {
        "posts": 15_000,
        "posts with a link": 200_000,
        "summoned replies": 10_000,
        "messages": 15_000,
        "posts deleted": 10_000,
    }
    assert x.bill.micros == 250_000


def test_messages_and_people_are_charged_as_read(x: XServer, jo: User, client: PlainClient) -> None:
    x.message(jo, "hello")
    client.get("/2/dm_events")
    data(client.get("/2/users/by/username/jo"))
    assert x.cost == {"messages read": 10_000, "people read": 10_000}


def test_what_is_refused_or_empty_is_free(x: XServer, jo: User, client: PlainClient) -> None:
    client.mentions()
    client.publish("Can we help?", reply_to=x.post(jo, "hm"))
    client.get("/2/tweets", ids="5")
    x.fail("GET /2/users/{id}/mentions", "server_error")
    client.mentions()
    assert x.cost == {}
