"""The filtered stream: rules, the one connection, and what comes over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.x.network.client import PlainClient
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

RULES = "/2/tweets/search/stream/rules"
STREAM = "/2/tweets/search/stream"


@pytest.fixture
def app(x: XServer) -> Iterator[PlainClient]:
    """A client with the app's own keys."""
    client = PlainClient(x, f"Bearer {x.keys.bearer_token}")
    yield client
    client.close()


@pytest.fixture
def rule(app: PlainClient) -> str:
    """The id of a rule that catches what speaks to the brand."""
    answer = app.post(RULES, {"add": [{"value": "@acme_care -is:retweet", "tag": "mentions"}]})
    return str(answer.json()["data"][0]["id"])


def next_post(lines: Iterator[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(next(line for line in lines if line))
    return told


def test_rules_are_added_listed_and_deleted(app: PlainClient, rule: str) -> None:
    listed = app.get(RULES).json()
    assert listed["data"] == [{"id": rule, "value": "@acme_care -is:retweet", "tag": "mentions"}]
    assert app.post(RULES, {"delete": {"ids": [rule]}}).json()["meta"]["summary"]["deleted"] == 1
    assert "data" not in app.get(RULES).json()


def test_a_rule_that_stands_already_or_cannot_be_read_is_refused(app: PlainClient, rule: str) -> None:
    again = app.post(RULES, {"add": [{"value": "@acme_care -is:retweet"}]})
    assert again.json()["errors"][0]["title"] == "DuplicateRule"
    assert app.post(RULES, {"add": [{"value": "is:reply"}]}).status_code == 400
    assert len(app.get(RULES).json()["data"]) == 1


def test_a_dry_run_changes_nothing(app: PlainClient) -> None:
    app.post(f"{RULES}?dry_run=true", {"add": [{"value": "@acme_care"}]})
    assert "data" not in app.get(RULES).json()


def test_posts_that_fit_come_as_they_are_written(x: XServer, jo: User, app: PlainClient, rule: str) -> None:
    with app.stream(STREAM, tweet_fields="author_id", expansions="author_id") as stream:
        assert stream.headers["x-rate-limit-limit"] == "50"
        x.post(jo, "nothing to you")
        wanted = x.post(jo, "@acme_care hello?")
        told = next_post(stream.iter_lines())
    assert told["data"]["id"] == str(wanted)
    assert told["includes"]["users"][0]["username"] == "jo"
    assert told["matching_rules"] == [{"id": rule, "tag": "mentions"}]
    assert x.cost == {"posts read": 5_000, "people read": 10_000}


def test_between_posts_there_are_signs_of_life(x: XServer, app: PlainClient, rule: str) -> None:
    x.api.streaming.keep_alive = 0.01
    with app.stream(STREAM) as stream:
        assert next(stream.iter_raw()) == b"\r\n"


def test_there_is_one_connection_at_a_time(x: XServer, app: PlainClient, rule: str) -> None:
    with app.stream(STREAM) as first:
        second = app.get(STREAM)
        assert (second.status_code, second.json()["connection_issue"]) == (429, "TooManyConnections")
        x.drop_stream()
        assert list(first.iter_lines()) == []


def test_a_connection_that_the_client_left_is_free_again_soon(x: XServer, app: PlainClient, rule: str) -> None:
    with app.stream(STREAM):
        pass
    assert x.api.streaming.gone.wait(5)
    with app.stream(STREAM) as second:
        assert second.status_code == 200


def test_the_end_may_be_told_and_any_bytes_may_come(x: XServer, app: PlainClient, rule: str) -> None:
    with app.stream(STREAM) as stream:
        x.say_on_stream(b'{"data": {"id"\r\n')
        x.drop_stream(with_reason=True)
        cut, reason = (line for line in stream.iter_lines() if line)
    assert cut == '{"data": {"id"'
    assert json.loads(reason)["errors"][0]["title"] == "operational-disconnect"


def test_without_rules_there_is_no_stream(app: PlainClient) -> None:
    assert app.get(STREAM).json()["connection_issue"] == "RuleConfigurationIssue"


def test_who_comes_back_later_has_missed_what_was_written_meanwhile(
    x: XServer, jo: User, app: PlainClient, rule: str
) -> None:
    with app.stream(STREAM) as first:
        x.drop_stream()
        first.read()
    x.api.streaming.gone.wait(5)
    x.post(jo, "@acme_care missed")
    with app.stream(STREAM) as second:
        x.post(jo, "@acme_care seen")
        assert next_post(second.iter_lines())["data"]["text"] == "@acme_care seen"
