"""What an answer over HTTP means: which failures may simply be repeated, which are final, which need looking up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.answers import (
    Answer,
    Failure,
    Kind,
    decoded,
    error_of,
    failure_in,
    kind_of,
    outcome_of,
    wait_until,
)
from carecli.channels.base import NotSent, Paused, Rejected, Unknown
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        ([200, 201, 202, 204], None),
        ([400, 403, 404, 409, 410, 413, 422, 451], "refused"),
        ([401], "signed_out"),
        ([402], "no_credit"),
        ([429], "limited"),
        ([100, 301, 302, 303, 307, 408, 500, 502, 503, 504, 529], "unknown"),
    ],
)
def test_a_status_says_what_became_of_the_request(statuses: list[int], kind: Kind | None) -> None:
    assert [kind_of(status) for status in statuses] == [kind] * len(statuses)


def test_no_status_but_429_lets_a_reply_be_repeated_by_itself() -> None:
    repeatable = [status for status in range(100, 600) if isinstance(_outcome(status), NotSent)]
    assert repeatable == [429]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb'["Hi \ud800there"]', "Hi \ufffdthere"),
        (rb'["\udc00\udbff"]', "\ufffd\ufffd"),
        (b'["\xff\xed\xa0\x80"]', "\ufffd\ufffd\ufffd\ufffd"),
        (rb'["\ud83d\ude00 \\ud800 \ud800"]', "\U0001f600 \\ud800 \ufffd"),
    ],
)
def test_half_a_character_hides_nothing_else(body: bytes, text: str) -> None:
    assert decoded(Answer(200, body=body), tuple[str], "The network") == (text,)


@pytest.mark.parametrize("body", [b"", b"\xff", b'["\\ud800', rb'{"a": "\ud800"}', b"[" * 100_000 + b'"\\ud800"'])
def test_what_is_no_json_is_not_read_for_the_sake_of_half_a_character(body: bytes) -> None:
    assert isinstance(decoded(Answer(200, body=body), tuple[str], "The network"), Failure)


def test_success_is_no_failure() -> None:
    assert failure_in(Answer(201), "The network", NOW) is None


@pytest.mark.parametrize("status", [401, 402, 403, 429, 500])
def test_every_failure_is_a_sentence_that_names_the_network(status: int) -> None:
    failure = failure_in(Answer(status), "The network", NOW)
    assert failure is not None
    assert failure.reason.startswith("The network ")
    assert failure.reason.endswith(".")


def test_a_refusal_keeps_what_the_network_wrote_about_it() -> None:
    failure = failure_in(Answer(403, body=b'{"title": "Forbidden"}'), "The network", NOW)
    assert failure == Failure("refused", "The network refused it (403).", body=b'{"title": "Forbidden"}')


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("not_sent", NotSent("Why.", LATER)),
        ("limited", NotSent("Why.", LATER)),
        ("refused", Rejected("Why.")),
        ("signed_out", Paused("Why.", "Sign in again.")),
        ("no_credit", Paused("Why.", "Buy some, and sending goes on by itself.")),
        ("unknown", Unknown("Why.")),
    ],
)
def test_a_failed_call_has_an_outcome_for_the_reply_that_it_carried(kind: Kind, outcome: object) -> None:
    assert outcome_of(Failure(kind, "Why.", LATER)) == outcome


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("not_sent", NetworkFailure),
        ("limited", RateLimited),
        ("refused", NetworkFailure),
        ("signed_out", NeedsPerson),
        ("no_credit", NeedsPerson),
        ("unknown", NetworkFailure),
    ],
)
def test_a_failed_call_is_an_error_where_something_was_to_be_read(kind: Kind, error: type[Exception]) -> None:
    raised = error_of(Failure(kind, "Why.", LATER))
    assert type(raised) is error
    assert raised.sentence == "Why."
    assert raised.remedy
    assert getattr(raised, "until", LATER) == LATER


# ── the body ─────────────────────────────────────────────────────────────────────────────────────


def test_a_body_is_read_as_what_was_asked_for() -> None:
    assert decoded(Answer(200, body=b"[1, 2]"), tuple[int, ...], "The network") == (1, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html>",
        b"[1, 2",
        b'["one"]',
        b"{}",
        b"[1] and more",
        b"\xff\xfe[1]",
        b'["\xff"]',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_cannot_be_read_leaves_the_outcome_unknown(body: bytes) -> None:
    failure = decoded(Answer(200, body=body), tuple[int, ...], "The network")
    assert failure == Failure("unknown", "The network gave an answer that could not be read.")


@given(body=st.binary(max_size=200))
def test_whatever_the_bytes_are_it_ends_in_a_failure_and_in_no_exception(body: bytes) -> None:
    assert isinstance(decoded(Answer(200, body=body), msgspec.Raw, "The network"), msgspec.Raw | Failure)
    assert isinstance(decoded(Answer(200, body=body), dict[str, list[int]], "The network"), dict | Failure)


# ── how long to wait ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("0", 0.0),
        ("60", 60.0),
        (" 60 ", 60.0),
        ("99999999999999999999", 86_400.0),
        ("Mon, 02 Mar 2026 08:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 0.0),
        ("Fri, 02 Mar 2046 08:00:00 GMT", 86_400.0),
    ],
)
def test_retry_after_is_seconds_or_a_moment_and_a_day_at_most(told: str, wait: float) -> None:
    assert wait_until({"retry-after": told}, NOW) == NOW + timedelta(seconds=wait)


@pytest.mark.parametrize("hours", [-1, 0, 1, 24 * 365])
def test_a_moment_counts_from_the_network_s_own_clock(hours: int) -> None:
    theirs = NOW + timedelta(hours=hours)
    headers = {"date": _as_http(theirs), "retry-after": _as_http(theirs + timedelta(seconds=90))}
    assert wait_until(headers, NOW) == NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    "told",
    ["", "soon", "-5", "1.5", "²", "Mon, 02 Mar 2026", "Mon, 99 Mar 2026 08:01:00 GMT", "Mon, 02 Mar 2026 08:01:00"],
)
def test_what_cannot_be_read_says_nothing_about_when(told: str) -> None:
    assert wait_until({"retry-after": told}, NOW) is None
    assert wait_until({}, NOW) is None


@given(told=st.text(max_size=40), date=st.text(max_size=40))
def test_no_header_makes_anybody_wait_for_more_than_a_day(told: str, date: str) -> None:
    until = wait_until({"retry-after": told, "date": date}, NOW)
    assert until is None or NOW <= until <= NOW + timedelta(days=1)


def _outcome(status: int) -> object:
    failure = failure_in(Answer(status), "The network", NOW)
    return failure and outcome_of(failure)


def _as_http(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
