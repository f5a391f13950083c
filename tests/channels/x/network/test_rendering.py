"""How posts are told: the fields asked for and no others, what stands beside them, both dialects."""

from __future__ import annotations

import html
from typing import Any

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, data
from tests.channels.x.network.facts import MEDIA_FIELDS, TWEET_EXPANSIONS, TWEET_FIELDS
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

ALL = ",".join(TWEET_FIELDS)


def told(client: PlainClient, post: int, **query: str) -> dict[str, Any]:
    return data(client.get(f"/2/tweets/{post}", **query))


def beside(client: PlainClient, post: int, expansions: str, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/2/tweets/{post}", expansions=expansions, **query).json().get("includes", {})
    return found


def test_unasked_a_post_has_its_id_text_and_history(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care hello?")
    assert told(client, post) == {
        "id": str(post),
        "text": "@acme_care hello?",
        "edit_history_tweet_ids": [str(post)],
    }


def test_fields_come_as_asked(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care hello?", language="de")
    found = told(client, post, tweet_fields="created_at,author_id,conversation_id,lang")
    assert (found["created_at"], found["lang"]) == ("2026-03-02T09:00:00.000Z", "de")
    assert (found["author_id"], found["conversation_id"]) == (str(jo.id), str(post))


def test_nothing_stands_beside_unasked(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care look", media=[x.picture("a bill")])
    assert set(client.get(f"/2/tweets/{post}", tweet_fields=ALL, media_fields="alt_text").json()) == {"data"}


def test_the_author_stands_beside_once(x: XServer, jo: User, client: PlainClient) -> None:
    for number in range(3):
        x.post(jo, f"@acme_care {number}")
    found = client.mentions(expansions="author_id", user_fields="protected").json()["includes"]
    assert found == {"users": [{"id": str(jo.id), "name": "Jo", "username": "jo", "protected": False}]}


def test_pictures_stand_beside_with_the_words_that_describe_them(x: XServer, jo: User, client: PlainClient) -> None:
    picture = x.picture("a broken kettle")
    post = x.post(jo, "@acme_care look at this", media=[picture])
    found = client.get(
        f"/2/tweets/{post}",
        expansions="attachments.media_keys",
        media_fields=",".join(MEDIA_FIELDS),
        tweet_fields="entities,display_text_range",
    ).json()
    (shown,) = found["includes"]["media"]
    assert (shown["media_key"], shown["type"], shown["alt_text"]) == (picture.key, "photo", "a broken kettle")
    assert found["data"]["attachments"] == {"media_keys": [picture.key]}
    link = found["data"]["entities"]["urls"][0]
    assert found["data"]["text"] == f"@acme_care look at this {link['url']}"
    assert found["data"]["display_text_range"] == [0, len("@acme_care look at this")]
    assert link["display_url"].startswith("pic.x.com/")


def test_a_reply_tells_its_parent_and_where_its_own_words_begin(x: XServer, jo: User, client: PlainClient) -> None:
    root = x.post(jo, "@acme_care help")
    ours = int(data(client.publish("Tell us more. ^CL", reply_to=root))["id"])
    reply = x.post(jo, "it is <hot> & loud", reply_to=ours)
    found = told(client, reply, tweet_fields=ALL)
    assert found["referenced_tweets"] == [{"type": "replied_to", "id": str(ours)}]
    assert found["in_reply_to_user_id"] == str(x.account.id)
    assert found["conversation_id"] == str(root)
    begin, end = found["display_text_range"]
    assert found["text"][begin:end] == "it is &lt;hot&gt; &amp; loud"
    assert found["entities"]["mentions"][0]["username"] == "acme_care"


def test_parents_and_quotes_stand_beside_with_their_authors(x: XServer, jo: User, client: PlainClient) -> None:
    kim = x.customer("kim")
    quoted = x.post(kim, "it is broken")
    post = x.post(jo, "@acme_care same here", quote=quoted)
    found = beside(client, post, "referenced_tweets.id,referenced_tweets.id.author_id")
    assert [one["id"] for one in found["tweets"]] == [str(quoted)]
    assert [one["username"] for one in found["users"]] == ["kim"]
    text = told(client, post, tweet_fields="entities")
    assert text["entities"]["urls"][-1]["expanded_url"] == f"https://x.com/kim/status/{quoted}"


def test_a_parent_that_is_gone_is_an_error_beside(x: XServer, jo: User, client: PlainClient) -> None:
    gone = x.post(x.customer("kim"), "@acme_care never mind")
    reply = x.post(jo, "@acme_care me too", reply_to=gone)
    x.delete(gone)
    (error,) = client.get(f"/2/tweets/{reply}", expansions="referenced_tweets.id").json()["errors"]
    assert (error["resource_id"], error["parameter"]) == (str(gone), "referenced_tweets.id")


def test_an_edit_has_a_new_id_and_both_know_the_history(
    x: XServer, jo: User, client: PlainClient, clock: ManualClock
) -> None:
    old = x.post(jo, "@acme_care it is brokn")
    clock.advance(60)
    new = x.edit(old, "@acme_care it is broken")
    history = [str(old), str(new)]
    assert [told(client, post)["edit_history_tweet_ids"] for post in (old, new)] == [history, history]
    assert [told(client, post)["text"] for post in (old, new)] == ["@acme_care it is brokn", "@acme_care it is broken"]
    assert [one["id"] for one in client.mentions().json()["data"]] == [str(new)]
    assert [one["id"] for one in beside(client, new, "edit_history_tweet_ids")["tweets"]] == history


def test_a_long_post_has_its_whole_text_in_the_note_alone(x: XServer, jo: User, client: PlainClient) -> None:
    words = "@acme_care " + "all of it & more " * 30 + "example.com"
    found = told(client, x.post(jo, words), tweet_fields="note_tweet")
    assert len(html.unescape(found["text"])) <= 274
    assert found["note_tweet"]["text"].startswith(found["text"])
    assert found["note_tweet"]["text"].count("&amp;") == 30
    assert found["note_tweet"]["entities"]["urls"][0]["expanded_url"] == "http://example.com"
    assert "note_tweet" not in told(client, x.post(jo, "@acme_care short"), tweet_fields="note_tweet")


def test_what_is_withheld_somewhere_says_where(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care hm")
    x.withhold(post, "DE", "FR")
    found = told(client, post, tweet_fields="withheld")
    assert found["withheld"] == {"copyright": False, "country_codes": ["DE", "FR"]}


def test_a_repost_refers_to_what_it_passes_on(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(x.customer("kim"), "@acme_care is down")
    found = told(client, x.repost(jo, post), tweet_fields="referenced_tweets")
    assert found["text"] == "RT @kim: @acme_care is down"
    assert found["referenced_tweets"] == [{"type": "retweeted", "id": str(post)}]


def test_the_newer_dialect_has_other_names_and_takes_both(x: XServer, jo: User, client: PlainClient) -> None:
    root = x.post(jo, "@acme_care " + "long " * 80)
    reply = x.post(jo, "@acme_care more", reply_to=root)
    x.dialect = "post"
    older = {"tweet_fields": "referenced_tweets,note_tweet", "expansions": "referenced_tweets.id"}
    newer = {"post_fields": "referenced_posts,note_post", "expansions": "referenced_posts"}
    answers = [client.get(f"/2/tweets/{reply}", **query).json() for query in (older, newer)]
    assert answers[0] == answers[1]
    assert set(answers[0]["data"]) == {"id", "text", "edit_history_post_ids", "referenced_posts"}
    assert "note_post" in answers[0]["includes"]["posts"][0]


def test_the_older_dialect_knows_no_newer_names(x: XServer, jo: User, client: PlainClient) -> None:
    assert client.get(f"/2/tweets/{x.post(jo, 'hi')}", post_fields="note_post").status_code == 400
    assert len(x.violations) == 1
    x.violations.clear()


def test_every_expansion_can_be_asked_for_at_once(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care hi", reply_to=x.post(jo, "@acme_care look", media=[x.picture()]))
    assert set(beside(client, post, ",".join(TWEET_EXPANSIONS), tweet_fields=ALL)) == {"users", "tweets", "media"}
