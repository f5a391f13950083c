"""Direct messages: read for 30 days, written where one is welcome."""

from __future__ import annotations

from datetime import timedelta

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, data, ids
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


def test_messages_come_newest_first_with_who_wrote_them(x: XServer, jo: User, client: PlainClient) -> None:
    first, second = x.message(jo, "my order & 5 < 6"), x.message(x.customer("kim"), "hello")
    answer = client.get(
        "/2/dm_events", dm_event_fields="sender_id,created_at,dm_conversation_id", expansions="sender_id"
    )
    assert ids(answer) == [second, first]
    told = answer.json()["data"][1]
    assert told == {
        "id": str(first),
        "event_type": "MessageCreate",
        "text": "my order &amp; 5 &lt; 6",
        "sender_id": str(jo.id),
        "created_at": "2026-03-02T09:00:00.000Z",
        "dm_conversation_id": "-".join(map(str, sorted((jo.id, x.account.id)))),
    }
    assert {one["username"] for one in answer.json()["includes"]["users"]} == {"jo", "kim"}


def test_one_person_s_messages_can_be_asked_for(x: XServer, jo: User, client: PlainClient) -> None:
    wanted = x.message(jo, "hello")
    x.message(x.customer("kim"), "hello")
    assert ids(client.get(f"/2/dm_conversations/with/{jo.id}/dm_events")) == [wanted]
    assert data(client.get(f"/2/dm_events/{wanted}"))["text"] == "hello"


def test_messages_come_in_pages(x: XServer, jo: User, client: PlainClient) -> None:
    written = [x.message(jo, str(number)) for number in range(3)]
    first = client.get("/2/dm_events", max_results=2)
    second = client.get("/2/dm_events", max_results=2, pagination_token=first.json()["meta"]["next_token"])
    assert ids(first) + ids(second) == written[::-1]


def test_messages_are_kept_for_30_days(x: XServer, jo: User, client: PlainClient, clock: ManualClock) -> None:
    x.message(jo, "hello?", at=clock.now() - timedelta(days=31))
    assert client.get("/2/dm_events").json() == {"meta": {"result_count": 0}}


def test_a_picture_and_a_shared_post_stand_beside(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care this")
    x.message(jo, "look", media=[x.picture("a receipt")], post=post)
    found = client.get(
        "/2/dm_events", expansions="attachments.media_keys,referenced_tweets.id", media_fields="alt_text"
    ).json()["includes"]
    assert found["media"][0]["alt_text"] == "a receipt"
    assert found["tweets"][0]["id"] == str(post)


def test_an_answer_is_sent_and_comes_back(x: XServer, jo: User, client: PlainClient) -> None:
    x.message(jo, "my order")
    told = data(client.post(f"/2/dm_conversations/with/{jo.id}/messages", {"text": "On its way. ^CL"}))
    (sent,) = x.sent_messages
    assert (str(sent.id), sent.text, sent.recipient) == (told["dm_event_id"], "On its way. ^CL", jo)
    assert ids(client.get("/2/dm_events"))[0] == sent.id


def test_who_takes_no_messages_must_have_written_first(x: XServer, client: PlainClient) -> None:
    shy = x.customer("shy", accepts_messages=False)
    path = f"/2/dm_conversations/with/{shy.id}/messages"
    assert client.post(path, {"text": "hello"}).status_code == 403
    x.message(shy, "may I?")
    assert client.post(path, {"text": "hello"}).status_code == 201


def test_nobody_writes_to_nobody(x: XServer, client: PlainClient) -> None:
    for number in (5, x.account.id):
        assert client.post(f"/2/dm_conversations/with/{number}/messages", {"text": "hello"}).status_code == 403


def test_an_empty_message_is_refused(x: XServer, jo: User, client: PlainClient) -> None:
    assert client.post(f"/2/dm_conversations/with/{jo.id}/messages", {"text": ""}).status_code == 400
    assert x.violations
    x.violations.clear()
