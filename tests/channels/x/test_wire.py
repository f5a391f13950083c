"""What X tells, read without loss: its recorded answers, both spellings, and whatever a field may hold instead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.x.wire import Post, messages_told, told
from carecli.errors import NetworkFailure

RECORDED = Path(__file__).parents[3] / "../shared/data/api/x"
NEWER = {
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "tweets": "posts",
}


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    """The recorded answers about posts."""
    if not RECORDED.is_dir():
        pytest.skip("The recorded answers are not beside this working copy.")
    return list(_answers())


# ── recorded answers ─────────────────────────────────────────────────────────────────────────────


def test_recorded_posts_keep_all_that_the_desk_shows(recorded: list[dict[str, Any]]) -> None:
    seen = 0
    for answer in recorded:
        raws = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
        people = {user["id"]: user for user in answer.get("includes", {}).get("users", [])}
        posts = told(_completed(answer)).posts
        assert len(posts) == len(raws)
        for raw, post in zip(raws, posts, strict=True):
            seen += 1
            _assert_whole(raw, post, people)
    assert seen > 30


def test_recorded_posts_say_the_same_in_the_newer_spelling(recorded: list[dict[str, Any]]) -> None:
    for answer in recorded:
        assert told(msgspec.convert(_renamed(_completed(answer)), dict[str, Any])) == told(_completed(answer))


def test_a_recorded_edit_is_its_first_version_with_the_newest_text(recorded: list[dict[str, Any]]) -> None:
    (edited,) = [
        post for answer in recorded for post in told(_completed(answer)).posts if post.version == 1576994789110992896
    ]
    assert (edited.id, edited.text[:6]) == (1576994746135764992, "hey :)")


def test_recorded_reposts_are_known(recorded: list[dict[str, Any]]) -> None:
    posts = [post for answer in recorded for post in told(_completed(answer)).posts]
    assert any(post.retweet for post in posts)
    assert all(post.retweet for post in posts if post.text.startswith("RT @"))


def _answers() -> Iterator[dict[str, Any]]:
    for path in sorted(RECORDED.glob("twarc-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            with suppress(json.JSONDecodeError):  # One was cut off in the recording.
                answer = json.loads(line)
                if answer.get("data"):
                    yield answer
    for path in sorted(RECORDED.glob("tweepy__*_tweets.json")) + sorted(RECORDED.glob("tweepy__*_mentions.json")):
        for exchange in json.loads(path.read_text("utf-8")):
            yield exchange["body"]


def _completed(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as if what the desk always asks for had been asked for; some were recorded without."""
    about = {"author_id": "1", "conversation_id": "1", "created_at": "2022-10-07T22:43:17Z"}
    raws = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
    return answer | {"data": [about | raw for raw in raws]}


def _assert_whole(raw: dict[str, Any], post: Post, people: dict[str, Any]) -> None:
    assert str(post.version) == raw["id"]
    if "created_at" in raw and post.version == post.id:
        assert post.at.replace(microsecond=0) == datetime.fromisoformat(raw["created_at"])
    if raw.get("author_id") in people:
        assert post.author.handle == people[raw["author_id"]]["username"]
        assert post.author.display_name == people[raw["author_id"]]["name"]
    assert "&amp;" not in post.text
    keys = raw.get("attachments", {}).get("media_keys", [])
    assert len([one for one in post.attachments if one.startswith(("photo", "video", "gif"))]) == len(keys)
    for link in raw.get("entities", {}).get("urls", []):
        shown = "media_key" not in link and "/status/" not in link["expanded_url"]
        assert not shown or link["expanded_url"].removeprefix("http://") in post.text.replace("&amp;", "&")
    for one in raw.get("referenced_tweets", []):
        number = int(one["id"])
        assert {"replied_to": post.parent == number, "quoted": post.quoted == number, "retweeted": post.retweet}[
            one["type"]
        ]


def _renamed(value: object) -> object:
    if isinstance(value, dict):
        return {NEWER.get(name, name): _renamed(one) for name, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list) else value


# ── fields that hold something else ──────────────────────────────────────────────────────────────

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
_SOUND: dict[str, Any] = {
    "id": "2028394880824246276", "author_id": "7", "conversation_id": "2028394880824246276",
    "created_at": "2026-03-02T09:00:00.000Z", "text": "@acme_care hello",
}  # fmt: skip
_OTHERS = (
    "attachments", "display_text_range", "edit_history_tweet_ids", "entities", "in_reply_to_user_id", "lang",
    "note_tweet", "referenced_tweets", "withheld",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_OTHERS), _JSON), _JSON, _JSON, _JSON)
def test_a_field_that_holds_anything_else_hides_no_post(
    others: dict[str, Any], includes: object, errors: object, meta: object
) -> None:
    answer = told({"data": [_SOUND | others], "includes": includes, "errors": errors, "meta": meta})
    assert [post.version for post in answer.posts] == [2028394880824246276]


@given(_JSON)
def test_whatever_stands_for_a_message_is_read_or_an_alarm(data: object) -> None:
    try:
        answer = messages_told({"data": data}, "1")
    except NetworkFailure:
        return
    assert answer.messages == ()


def test_a_number_that_no_id_reaches_is_an_alarm() -> None:
    with pytest.raises(NetworkFailure):
        told({"data": [_SOUND | {"id": 10**30}]})


@pytest.mark.parametrize(
    ("tag", "language"), [("pt", "pt"), ("in", "in"), ("qme", ""), ("qct", ""), ("art", ""), ("und", ""), ("zxx", "")]
)
def test_a_tag_that_names_no_language_is_none(tag: str, language: str) -> None:
    (post,) = told({"data": [_SOUND | {"lang": tag}]}).posts
    assert post.language == language


@pytest.mark.parametrize("shown", [[-3, 10], [99, 10], ["0"], 7])
def test_a_range_that_is_none_takes_no_words_away(shown: object) -> None:
    (post,) = told({"data": [_SOUND | {"display_text_range": shown}]}).posts
    assert post.own_words == "@acme_care hello"


@pytest.mark.parametrize("name", ["id", "author_id", "conversation_id", "created_at"])
def test_a_post_without_what_is_needed_is_an_alarm(name: str) -> None:
    with pytest.raises(NetworkFailure):
        told({"data": [{key: value for key, value in _SOUND.items() if key != name}]})
