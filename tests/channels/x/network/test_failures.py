"""Failures that a test scripts: what is done, and what comes back."""

from __future__ import annotations

import socket
import time
import zlib

import httpx
import pytest

from carecli.clock import ManualClock
from tests.channels.x.network.client import PlainClient, data, ids
from tests.channels.x.network.failures import HTML
from tests.channels.x.network.world import User
from tests.channels.x.server import Failure, FailureKind, XServer

POST = "POST /2/tweets"
MENTIONS = "GET /2/users/{id}/mentions"


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("rate_limited", 429, "Too Many Requests"),
        ("rate_limited_without_reset", 429, "Too Many Requests"),
        ("usage_capped", 429, "UsageCapExceeded"),
        ("credits", 402, "CreditsDepleted"),
        ("payment", 402, "Payment Required"),
        ("unauthorized", 401, "Unauthorized"),
        ("forbidden", 403, "Forbidden"),
        ("oauth1_permissions", 403, "Forbidden"),
        ("not_enrolled", 403, "Client Forbidden"),
        ("summon_mentioned", 403, "Forbidden"),
        ("summon_author", 403, "Forbidden"),
        ("duplicate", 403, "Forbidden"),
        ("server_error", 500, "Internal Server Error"),
    ],
)
def test_a_refusal_comes_once_and_nothing_is_done(
    x: XServer, client: PlainClient, clock: ManualClock, kind: FailureKind, status: int, title: str
) -> None:
    x.fail(POST, kind)
    refused = client.publish("hello")
    assert (refused.status_code, refused.json()["title"]) == (status, title)
    assert x.posts == []
    clock.advance(900)
    assert client.publish("hello").status_code == 201


@pytest.mark.parametrize("legacy", ["", "_88"])
def test_later_is_said_in_both_forms_with_and_without_a_time(
    x: XServer, client: PlainClient, clock: ManualClock, legacy: str
) -> None:
    kinds: dict[str, tuple[FailureKind, FailureKind]] = {
        "": ("rate_limited_without_reset", "rate_limited"),
        "_88": ("rate_limited_88_without_reset", "rate_limited_88"),
    }
    x.fail(MENTIONS, *kinds[legacy])
    without, with_time = client.mentions(), client.mentions()
    assert without.json() == with_time.json()
    assert ("errors" in without.json()) == bool(legacy)
    assert not any(name.startswith("x-rate-limit") for name in without.headers)
    assert int(with_time.headers["x-rate-limit-reset"]) == clock.now().timestamp() + 900
    assert with_time.headers["x-rate-limit-remaining"] == "0"


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [("empty_500", 500, b""), ("html_503", 503, HTML), ("html_200", 200, HTML), ("empty_200", 200, b"")],
)
def test_an_answer_may_be_no_json(x: XServer, client: PlainClient, kind: FailureKind, status: int, body: bytes) -> None:
    x.fail(POST, kind)
    answer = client.publish("hello")
    assert (answer.status_code, answer.content) == (status, body)
    assert x.posts == []


def test_an_error_may_be_a_list_and_an_answer_lead_elsewhere(x: XServer, client: PlainClient) -> None:
    x.fail(MENTIONS, "list_error", "redirect")
    assert isinstance(client.mentions().json(), list)
    assert client.mentions().status_code == 302


@pytest.mark.parametrize(("kind", "copies"), [("cut", 0), ("act_then_cut", 1)])
def test_a_line_that_is_cut_gives_no_answer(x: XServer, client: PlainClient, kind: FailureKind, copies: int) -> None:
    x.fail(POST, kind)
    with pytest.raises(httpx.TransportError):
        client.publish("hello")
    assert len(x.posts) == copies


def test_what_is_late_acts_when_it_is_released(x: XServer, client: PlainClient) -> None:
    x.fail(POST, "act_late")
    with pytest.raises(httpx.TransportError):
        client.publish("hello")
    assert x.posts == []
    x.release()
    assert [post.text for post in x.posts] == ["hello"]


@pytest.mark.parametrize(
    ("kind", "status"), [("act_then_500", 500), ("act_then_html", 200), ("act_then_truncated", 201)]
)
def test_what_was_done_may_be_answered_with_something_else(
    x: XServer, client: PlainClient, kind: FailureKind, status: int
) -> None:
    x.fail(POST, kind)
    answer = client.publish("hello")
    assert answer.status_code == status
    assert "hello" not in answer.text or kind == "act_then_truncated"
    assert len(x.posts) == 1


def test_an_answer_may_lack_what_an_unknown_field_would_have_brought(x: XServer, jo: User, client: PlainClient) -> None:
    x.post(jo, "@acme_care hello?")
    x.fail(MENTIONS, "stripped", "seconds_only")
    fields = "author_id,conversation_id,created_at"
    assert set(client.mentions(tweet_fields=fields).json()["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert client.mentions(tweet_fields=fields).json()["data"][0]["created_at"] == "2026-03-02T09:00:00Z"


def test_an_answer_may_end_in_the_middle(x: XServer, jo: User, client: PlainClient) -> None:
    x.post(jo, "@acme_care hello?")
    x.fail(MENTIONS, "truncated")
    with pytest.raises(ValueError, match=r"Unterminated|delimiter|Expecting"):
        client.mentions().json()


def test_an_answer_may_come_slowly_or_never(x: XServer) -> None:
    x.fail(MENTIONS, Failure("slow", seconds=0.05), Failure("slow_head", seconds=0.05), "silence")
    header = {"Authorization": f"Bearer {x.sign_in().access}"}
    url = f"{x.url}/2/users/{x.account.id}/mentions"
    started = time.monotonic()
    with httpx.stream("GET", url, headers=header, verify=False) as answer:
        first = next(answer.iter_raw())
    assert (len(first), time.monotonic() - started < 2) == (1, True)
    with socket.create_connection((httpx.URL(x.url).host, httpx.URL(x.url).port or 0)) as line:
        line.sendall(f"GET {httpx.URL(url).path} HTTP/1.1\r\nAuthorization: {header['Authorization']}\r\n\r\n".encode())
        assert line.recv(100) == b"H"
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, headers=header, timeout=0.1, verify=False)


def test_an_answer_may_be_a_gigabyte(x: XServer) -> None:
    x.fail(MENTIONS, "huge")
    header = {"Authorization": f"Bearer {x.sign_in().access}"}
    with httpx.stream("GET", f"{x.url}/2/users/{x.account.id}/mentions", headers=header, verify=False) as answer:
        assert answer.headers["content-length"] == str(1024**3)
        assert next(answer.iter_raw()).startswith(b'{"data":[')


def test_a_gigabyte_may_come_packed_in_a_megabyte(x: XServer, client: PlainClient) -> None:
    x.fail(MENTIONS, "huge_packed")
    with client.stream(f"/2/users/{x.account.id}/mentions") as answer:
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 2 * 1024**2
    unpacker, size = zlib.decompressobj(wbits=31), 0
    assert unpacker.decompress(packed, 9) == b'{"data":['
    while size < 64 * 1024**2:
        size += len(unpacker.decompress(unpacker.unconsumed_tail, 1024**2))


def test_answers_come_packed_where_that_is_taken(x: XServer, client: PlainClient) -> None:
    header = {"Authorization": client.header, "Accept-Encoding": "identity"}
    plain = httpx.get(f"{x.url}/2/users/me", headers=header, verify=False)
    packed = client.get("/2/users/me")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_answers_are_dated_by_the_network_s_clock(client: PlainClient) -> None:
    assert client.get("/2/users/me").headers["date"] == "Mon, 02 Mar 2026 09:00:00 GMT"


def test_a_standing_failure_stands_until_it_is_mended(x: XServer, jo: User, client: PlainClient) -> None:
    post = x.post(jo, "@acme_care hello?")
    x.fail("*", Failure("html_503", standing=True))
    assert [client.mentions().status_code for _ in range(3)] == [503] * 3
    x.mend()
    assert ids(client.mentions()) == [post]


def test_failures_wait_for_their_own_call(x: XServer, client: PlainClient) -> None:
    x.fail(MENTIONS, "empty_500")
    assert data(client.get("/2/users/me"))["username"] == "acme_care"
    assert client.mentions().status_code == 500


def test_a_failure_of_no_call_is_the_test_s_mistake(x: XServer) -> None:
    with pytest.raises(AssertionError, match="There is no call"):
        x.fail("POST /2/posts", "cut")


def test_a_call_that_does_not_exist_is_kept_in_mind(x: XServer, client: PlainClient) -> None:
    assert client.get("/2/posts").status_code == 404
    assert x.violations == ["GET /2/posts: there is no such call"]
    x.violations.clear()
