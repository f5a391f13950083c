"""Posting: what is accepted, what it becomes, and each refusal in X's words."""

from __future__ import annotations

import pytest

from carecli.clock import ManualClock
from tests.channels.x.network import answers
from tests.channels.x.network.client import PlainClient, data
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


def test_a_post_stands_and_comes_back_with_its_id(x: XServer, client: PlainClient) -> None:
    answer = client.publish("Good morning. ^CL")
    assert answer.status_code == 201
    told = data(answer)
    assert told["text"] == "Good morning. ^CL"
    assert [(str(post.id), post.text) for post in x.posts] == [(told["id"], "Good morning. ^CL")]


def test_a_reply_stands_in_its_conversation_with_the_mentions_filled_in(
    x: XServer, jo: User, client: PlainClient
) -> None:
    x.customer("kim")
    root = x.post(jo, "@acme_care and @kim, is it down?")
    told = data(client.publish("It is. ^CL", reply_to=root))
    assert told["text"] == "@jo @kim It is. ^CL"
    (reply,) = x.posts
    assert (reply.reply_to, reply.conversation, reply.reply_to_user, reply.text) == (root, root, jo.id, "It is. ^CL")


def test_who_is_excluded_or_named_already_is_not_filled_in(x: XServer, jo: User, client: PlainClient) -> None:
    kim = x.customer("kim")
    root = x.post(jo, "@acme_care and @kim, is it down?")
    reply = {"in_reply_to_tweet_id": str(root), "exclude_reply_user_ids": [str(kim.id)]}
    assert data(client.post("/2/tweets", {"text": "@jo It is.", "reply": reply}))["text"] == "@jo It is."


@pytest.mark.parametrize("wording", ["mentioned", "author"])
def test_who_did_not_call_is_not_answered(x: XServer, jo: User, client: PlainClient, wording: str) -> None:
    x.rules.summon_wording = "mentioned" if wording == "mentioned" else "author"
    answer = client.publish("Can we help? ^CL", reply_to=x.post(jo, "acme is down again"))
    assert answer.status_code == 403
    assert answer.json()["detail"] == answers.SUMMON_WORDINGS[wording]
    assert x.posts == []


def test_who_quotes_us_has_called(x: XServer, jo: User, client: PlainClient) -> None:
    ours = int(data(client.publish("All is well. ^CL"))["id"])
    assert client.publish("Oh? ^CL", reply_to=x.post(jo, "no, it is not", quote=ours)).status_code == 201


def test_a_reply_of_theirs_calls_by_the_mention_that_x_fills_in(x: XServer, jo: User, client: PlainClient) -> None:
    ours = data(client.publish("It is. ^CL", reply_to=x.post(jo, "@acme_care is it down?")))["id"]
    follow_up = x.post(jo, "since when?", reply_to=int(ours))
    x.rules.explicit_summons = True
    assert client.publish("An hour. ^CL", reply_to=follow_up).status_code == 403
    x.rules.explicit_summons = False
    assert client.publish("An hour. ^CL", reply_to=follow_up).status_code == 201


def test_our_own_posts_can_be_replied_to(x: XServer, client: PlainClient) -> None:
    first = data(client.publish("1/2 ^CL"))["id"]
    assert client.publish("2/2 ^CL", reply_to=int(first)).status_code == 201


def test_nobody_replies_to_what_is_gone_or_hidden(x: XServer, jo: User, client: PlainClient) -> None:
    gone = x.post(jo, "@acme_care help")
    x.delete(gone)
    hidden = x.post(x.customer("shy", protected=True), "@acme_care psst")
    seen = x.post(x.customer("friend", protected=True, followed=True), "@acme_care psst")
    for number in (gone, hidden, 5):
        assert client.publish("Hello? ^CL", reply_to=number).json()["detail"] == answers.GONE
    assert client.publish("Hello? ^CL", reply_to=seen).status_code == 201


def test_where_only_some_may_reply_we_may_not(x: XServer, jo: User, client: PlainClient) -> None:
    closed = x.post(jo, "@acme_care help", reply_settings="following")
    assert client.publish("Hello? ^CL", reply_to=closed).status_code == 403


def test_the_same_again_is_a_duplicate_for_a_time(x: XServer, client: PlainClient, clock: ManualClock) -> None:
    client.publish("Good morning. ^CL")
    again = client.publish("Good morning. ^CL")
    assert (again.status_code, again.json()["detail"]) == (403, answers.DUPLICATE)
    assert len(x.posts) == 1
    clock.advance(12 * 3600)
    client.header = f"Bearer {x.sign_in().access}"
    assert client.publish("Good morning. ^CL").status_code == 201


def test_the_same_words_elsewhere_are_a_duplicate_if_the_test_says_so(
    x: XServer, jo: User, client: PlainClient
) -> None:
    first, second, third = (x.post(jo, f"@acme_care {number}?") for number in range(3))
    assert client.publish("Yes. ^CL", reply_to=first).status_code == 201
    assert client.publish("Yes. ^CL", reply_to=second).status_code == 201
    x.rules.duplicate_of = "text"
    assert client.publish("Yes. ^CL", reply_to=third).json()["detail"] == answers.DUPLICATE


def test_what_is_too_long_by_x_s_count_is_refused(x: XServer, client: PlainClient) -> None:
    assert client.publish("é" * 280).status_code == 201
    assert client.publish("日" * 141).json()["detail"] == answers.TOO_LONG
    x.rules.limit = 25_000
    assert client.publish("日" * 141).status_code == 201


def test_mentions_at_the_head_of_a_reply_do_not_count(x: XServer, jo: User, client: PlainClient) -> None:
    root = x.post(jo, "@acme_care is it down?")
    assert client.publish("@jo " + "x" * 281, reply_to=root).status_code == 400
    assert client.publish("@jo " + "x" * 280, reply_to=root).status_code == 201
    assert client.publish("@jo " + "x" * 277).status_code == 400


def test_a_post_without_text_or_with_two_cashtags_is_refused(client: PlainClient) -> None:
    assert client.publish(" ").status_code == 400
    assert client.publish("$ACME or $OTHER").status_code == 403


def test_strangers_are_not_quoted(x: XServer, jo: User, client: PlainClient) -> None:
    other = x.post(jo, "acme is down")
    assert client.publish("Not at all. ^CL", quote_tweet_id=str(other)).status_code == 403


def test_own_posts_can_be_deleted_and_others_not(x: XServer, jo: User, client: PlainClient) -> None:
    ours = data(client.publish("Oops. ^CL"))["id"]
    assert data(client.delete(f"/2/tweets/{ours}")) == {"deleted": True}
    assert x.posts == []
    assert client.delete(f"/2/tweets/{x.post(jo, 'mine')}").status_code == 403
    assert client.delete("/2/tweets/5").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"text": "hi", "txt": "hi"},
        {"text": 5},
        {"text": "hi", "reply": {}},
        {"text": "hi", "reply": {"in_reply_to_tweet_id": 5}},
        {"text": "hi", "media": {"media_ids": []}},
        {"text": "hi", "reply_settings": "nobody"},
    ],
)
def test_a_body_that_x_does_not_know_is_refused_and_kept_in_mind(
    x: XServer, client: PlainClient, body: dict[str, object]
) -> None:
    answer = client.post("/2/tweets", body)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert len(x.violations) == 1
    x.violations.clear()
