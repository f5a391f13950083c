"""Mentions, own posts, posts by id and search: what comes, in which order, and what does not."""

from __future__ import annotations

from datetime import timedelta

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, data, ids
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


def test_ids_have_19_digits_and_grow(x: XServer, jo: User, clock: ManualClock) -> None:
    first = x.post(jo, "@acme_care hello?")
    second = x.post(jo, "@acme_care anybody?")
    clock.advance(1)
    third = x.post(jo, "@acme_care well?")
    assert first < second < third
    assert {len(str(number)) for number in (first, second, third)} == {19}


def test_mentions_come_newest_first_with_their_bounds(x: XServer, jo: User, client: PlainClient) -> None:
    older = x.post(jo, "@acme_care hello?")
    x.post(jo, "nothing to you")
    newer = x.post(jo, "so, @ACME_care, what now?")
    answer = client.mentions()
    assert ids(answer) == [newer, older]
    assert answer.json()["meta"] == {"result_count": 2, "newest_id": str(newer), "oldest_id": str(older)}


def test_an_empty_answer_has_no_data(client: PlainClient) -> None:
    assert client.mentions().json() == {"meta": {"result_count": 0}}


def test_pages_follow_each_other_without_gap_while_more_is_written(x: XServer, jo: User, client: PlainClient) -> None:
    written = [x.post(jo, f"@acme_care {number}") for number in range(12)]
    first = client.mentions(max_results=5)
    x.post(jo, "@acme_care one more")
    second = client.mentions(max_results=5, pagination_token=first.json()["meta"]["next_token"])
    third = client.mentions(max_results=5, pagination_token=second.json()["meta"]["next_token"])
    assert ids(first) + ids(second) + ids(third) == written[::-1]
    assert "next_token" not in third.json()["meta"]


def test_since_and_until_leave_out_what_they_name(x: XServer, jo: User, client: PlainClient) -> None:
    first, second, third = (x.post(jo, f"@acme_care {number}") for number in range(3))
    assert ids(client.mentions(since_id=first)) == [third, second]
    assert ids(client.mentions(until_id=third)) == [second, first]


def test_no_more_than_the_newest_800_mentions_are_to_be_had(x: XServer, jo: User, client: PlainClient) -> None:
    written = [x.post(jo, f"@acme_care {number}") for number in range(805)]
    found: list[int] = []
    token: dict[str, str | int] = {}
    while True:
        answer = client.mentions(max_results=100, **token)
        found += ids(answer)
        if "next_token" not in answer.json()["meta"]:
            break
        token = {"pagination_token": answer.json()["meta"]["next_token"]}
    assert found == written[:4:-1]


def test_search_reaches_back_seven_days(x: XServer, jo: User, client: PlainClient, clock: ManualClock) -> None:
    root = x.post(jo, "@acme_care help", at=clock.now() - timedelta(days=8))
    reply = x.post(jo, "still broken", reply_to=root, filled_in=False)
    clock.advance(30)
    assert ids(client.get("/2/tweets/search/recent", query=f"conversation_id:{root}")) == [reply]


def test_what_is_gone_or_hidden_is_an_error_within_a_success(x: XServer, jo: User, client: PlainClient) -> None:
    stands, gone, withheld = (x.post(jo, f"@acme_care {number}") for number in range(3))
    hidden = x.post(x.customer("shy", protected=True), "@acme_care psst")
    x.delete(gone)
    x.withhold(withheld)
    answer = client.get("/2/tweets", ids=f"{stands},{gone},{hidden},{withheld}")
    assert ids(answer) == [stands]
    assert {(one["title"], int(one["resource_id"])) for one in answer.json()["errors"]} == {
        ("Not Found Error", gone),
        ("Authorization Error", hidden),
        ("Resource Unavailable", withheld),
    }


def test_own_posts_can_be_read_back(x: XServer, jo: User, client: PlainClient) -> None:
    asked = x.post(jo, "@acme_care help")
    reply = int(data(client.publish("Coming. ^CL", reply_to=asked))["id"])
    post = int(data(client.publish("Good morning. ^CL"))["id"])
    path = f"/2/users/{x.account.id}/tweets"
    assert ids(client.get(path)) == [post, reply]
    assert ids(client.get(path, exclude="replies")) == [post]
