"""What leaves for X: what each answer means for a reply, pictures before it, and one copy whatever becomes of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from carecli.channels.base import (
    Inconclusive,
    Media,
    NotFound,
    NotSent,
    Outgoing,
    Paused,
    Prepared,
    Rejected,
    Sent,
    Unknown,
)
from carecli.channels.x.channel import XChannel
from carecli.channels.x.posting import same
from carecli.channels.x.tokens import Bearer
from carecli.clock import ManualClock
from carecli.config import XSection
from carecli.model import Author
from tests.channels.x.rig import Held, bearer, opened
from tests.channels.x.server import FailureKind, User, XServer

POST = "POST /2/tweets"
MESSAGE = "POST /2/dm_conversations/with/{participant_id}/messages"
UPLOAD = "POST /2/media/upload"
DESCRIBE = "POST /2/media/metadata"
OWN = "GET /2/users/{id}/tweets"
ROUTER = Media("image/png", "a router with a red light", b"\x89PNG router")


@pytest.fixture
def andy(x: XServer) -> User:
    return x.customer("andy", "Andy Loynes")


@pytest.fixture
def question(x: XServer, clock: ManualClock, andy: User) -> str:
    number = str(x.post(andy, "@acme_care is it down?"))
    clock.advance(60)
    return number


# ── what X refuses ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wording", ["mentioned", "author"])
def test_a_refusal_by_the_summon_rule_offers_the_browser(
    x: XServer, clock: ManualClock, andy: User, wording: str
) -> None:
    x.rules.summon_wording = "author" if wording == "author" else "mentioned"
    stranger = x.post(andy, "my line is down")
    channel = opened(x, clock)
    outcome = channel.send(channel.prepare(Outgoing("Is it & how? ^CL", "k", "public", reply_to=str(stranger))))
    assert isinstance(outcome, Rejected)
    assert "browser" in outcome.reason
    address = urlsplit(outcome.link)
    assert (address.hostname, address.path) == ("x.com", "/intent/post")
    assert parse_qs(address.query) == {"in_reply_to": [str(stranger)], "text": ["Is it & how? ^CL"]}


def test_the_same_text_twice_is_refused_with_what_to_do(x: XServer, clock: ManualClock, question: str) -> None:
    channel = opened(x, clock)
    reply = Outgoing("It is. ^CL", "k", "public", reply_to=question)
    assert isinstance(channel.send(channel.prepare(reply)), Sent)
    clock.advance(1)
    outcome = channel.send(channel.prepare(reply))
    assert isinstance(outcome, Rejected)
    assert "Change a word" in outcome.reason
    assert len(x.posts) == 1


def test_a_duplicate_of_an_earlier_attempt_is_looked_up(x: XServer, clock: ManualClock, question: str) -> None:
    channel = opened(x, clock)
    prepared = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))
    x.fail(POST, "act_then_500")
    assert isinstance(channel.send(prepared), Unknown)
    assert isinstance(channel.send(prepared), Unknown)
    found = channel.reconcile(prepared)
    assert isinstance(found, Sent)
    assert found.remote_id == str(x.posts[0].id)
    assert len(x.posts) == 1


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("credits", Paused), ("payment", Paused), ("unauthorized", Paused), ("forbidden", Rejected),
        ("list_error", Rejected), ("rate_limited", NotSent), ("rate_limited_88_without_reset", NotSent),
        ("server_error", Unknown), ("empty_500", Unknown), ("html_503", Unknown), ("html_200", Unknown),
        ("empty_200", Unknown), ("redirect", Unknown), ("cut", Unknown), ("act_then_html", Unknown),
        ("truncated", Unknown),
    ],
)  # fmt: skip
def test_each_way_to_fail_is_its_own_outcome(
    x: XServer, clock: ManualClock, question: str, kind: FailureKind, outcome: type
) -> None:
    channel = opened(x, clock)
    x.fail(POST, kind)
    assert isinstance(channel.send(channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))), outcome)
    assert len(x.calls(POST)) == 1


def test_a_limit_says_until_when_and_is_not_tried_before(x: XServer, clock: ManualClock, question: str) -> None:
    channel = opened(x, clock)
    prepared = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))
    x.use_up(POST)
    first, second = channel.send(prepared), channel.send(prepared)
    assert isinstance(first, NotSent)
    assert isinstance(second, NotSent)
    assert first.until == second.until == clock.now() + timedelta(minutes=15)
    assert len(x.calls(POST)) == 1
    clock.advance(15 * 60)
    assert isinstance(channel.send(prepared), Sent)


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"key": 1}', b"\xff"])
def test_what_another_channel_froze_is_refused(x: XServer, clock: ManualClock, payload: bytes) -> None:
    channel = opened(x, clock)
    assert isinstance(channel.send(Prepared("k", payload)), Rejected)
    assert isinstance(channel.reconcile(Prepared("k", payload)), Inconclusive)
    assert x.requests == []


# ── lengths ──────────────────────────────────────────────────────────────────────────────────────


def test_a_long_post_needs_an_account_that_may(x: XServer, clock: ManualClock) -> None:
    text = "a" * 600
    plain, subscribed = opened(x, clock), opened(x, clock, limit=25_000)
    x.rules.limit = 25_000
    assert isinstance(plain.send(plain.prepare(Outgoing(text, "k", "public"))), Rejected)
    assert isinstance(subscribed.send(subscribed.prepare(Outgoing(text, "k", "public"))), Sent)
    assert subscribed.measure(text, "public", False).limit == 25_000


@pytest.mark.parametrize("character", ["\ufeff", "\ufffe", "\uffff"])
def test_a_character_that_x_takes_in_no_post_is_refused_before_it_is_asked(
    x: XServer, clock: ManualClock, character: str
) -> None:
    channel = opened(x, clock)
    outcome = channel.send(channel.prepare(Outgoing(f"It is. {character}^CL", "k", "public")))
    assert isinstance(outcome, Rejected)
    assert "invisible" in outcome.reason
    assert x.requests == []


def test_whom_a_reply_mentions_at_its_head_counts_nothing(x: XServer, clock: ManualClock, question: str) -> None:
    channel = opened(x, clock)
    text = "@andy " + "a" * 280
    assert channel.measure(text, "public", True).used == 280
    assert channel.measure(text, "public", False).used == 286
    assert isinstance(channel.send(channel.prepare(Outgoing(text, "k", "public", reply_to=question))), Sent)


def test_a_message_has_a_length_of_its_own(x: XServer, clock: ManualClock) -> None:
    length = opened(x, clock).measure("żółw " * 2001, "private", True)
    assert (length.used, length.limit, length.unit) == (10_005, 10_000, "characters")


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


def test_pictures_go_before_the_post_with_what_they_show(x: XServer, clock: ManualClock, question: str) -> None:
    channel = opened(x, clock)
    reply = Outgoing("Press here. ^CL", "k", "public", reply_to=question, media=(ROUTER, ROUTER))
    assert isinstance(channel.send(channel.prepare(reply)), Sent)
    assert [picture.alt for picture in x.posts[0].pictures] == [ROUTER.alt, ROUTER.alt]
    assert [seen.call for seen in x.requests] == [UPLOAD, DESCRIBE, UPLOAD, DESCRIBE, POST]


@pytest.mark.parametrize("call", [UPLOAD, DESCRIBE])
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("server_error", NotSent), ("act_then_cut", NotSent), ("html_200", NotSent), ("rate_limited", NotSent),
     ("forbidden", Rejected), ("credits", Paused)],
)  # fmt: skip
def test_without_its_picture_nothing_is_posted(
    x: XServer, clock: ManualClock, question: str, call: str, kind: FailureKind, outcome: type
) -> None:
    if (call, kind) == (DESCRIBE, "html_200"):
        pytest.skip("nothing is read from that answer")
    channel = opened(x, clock)
    x.fail(call, kind)
    reply = channel.prepare(Outgoing("Press here. ^CL", "k", "public", reply_to=question, media=(ROUTER,)))
    assert isinstance(channel.send(reply), outcome)
    assert x.calls(POST) == []


def test_pictures_that_take_long_are_there_the_next_time_and_the_post_leaves_then(
    x: XServer, clock: ManualClock, question: str
) -> None:
    seconds = iter((0.0, 1.0, 3.0, 5.0, 100.0, 101.0))
    account = Author(str(x.account.id), x.account.handle)
    channel = XChannel(XSection(url=x.url), account, Held(bearer(x)), clock, seconds=lambda: next(seconds))
    reply = channel.prepare(Outgoing("Press here. ^CL", "k", "public", reply_to=question, media=(ROUTER,)))
    assert channel.send(reply) == NotSent("What has to come before it took too long.", clock.now())
    assert x.calls(POST) == []
    assert isinstance(channel.send(reply), Sent)
    assert [seen.call for seen in x.requests] == [UPLOAD, DESCRIBE, POST]


def test_no_picture_is_begun_so_late_that_the_call_would_last_longer_than_it_may(
    x: XServer, clock: ManualClock, question: str
) -> None:
    # Each sending begins at a multiple of a hundred; four seconds later nothing more is begun in it.
    seconds = iter((0.0, 1.0, 15.0, 100.0, 101.0, 110.0, 200.0, 201.0, 202.0, 210.0, 300.0, 301.0))
    account = Author(str(x.account.id), x.account.handle)
    channel = XChannel(XSection(url=x.url), account, Held(bearer(x)), clock, seconds=lambda: next(seconds))
    reply = channel.prepare(Outgoing("Press here. ^CL", "k", "public", reply_to=question, media=(ROUTER, ROUTER)))
    for calls in ([UPLOAD], [DESCRIBE], [UPLOAD, DESCRIBE]):
        x.requests.clear()
        outcome = channel.send(reply)
        assert isinstance(outcome, NotSent)
        assert [seen.call for seen in x.requests] == calls
        assert outcome.until == clock.now()
    assert isinstance(channel.send(reply), Sent)
    assert [picture.alt for picture in x.posts[0].pictures] == [ROUTER.alt, ROUTER.alt]


def test_a_call_whose_keys_took_long_to_renew_is_left_for_later(x: XServer, clock: ManualClock, question: str) -> None:
    seconds = iter((0.0, 1.0, 9.0, 100.0, 101.0))
    account, held = Author(str(x.account.id), x.account.handle), Held(Bearer("spoilt"), bearer(x))
    channel = XChannel(XSection(url=x.url), account, held, clock, seconds=lambda: next(seconds))
    reply = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))
    assert isinstance(channel.send(reply), NotSent)
    assert isinstance(channel.send(reply), Sent)
    assert len(x.posts) == 1


@pytest.mark.parametrize(
    "media",
    [
        (Media("video/mp4", "", b"film"),),
        (Media("image/png", "", b"a" * (5 * 1024 * 1024 + 1)),),
        (Media("image/png", "a" * 1001, b"a"),),
        (ROUTER,) * 5,
    ],
    ids=["film", "too large", "too much said", "too many"],
)
def test_what_x_takes_no_picture_of_is_refused_before_anything_is_sent(
    x: XServer, clock: ManualClock, question: str, media: tuple[Media, ...]
) -> None:
    channel = opened(x, clock)
    reply = Outgoing("Press here. ^CL", "k", "public", reply_to=question, media=media)
    assert isinstance(channel.send(channel.prepare(reply)), Rejected)
    assert x.requests == []


# ── looking it up ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "See example.com/help & https://example.com/a?b=1&c=2 <now> ^CL",
        "@andy it is  down,\n\nsorry ^CL ",
        "Cafe\u0301 \U0001f469\u200d\U0001f469\u200d\U0001f467 ^CL",
        "a" * 280,
    ],
)
def test_what_stands_is_recognised_however_x_tells_it(x: XServer, clock: ManualClock, question: str, text: str) -> None:
    channel = opened(x, clock)
    prepared = channel.prepare(Outgoing(text, "k", "public", reply_to=question))
    x.fail(POST, "act_then_cut")
    assert isinstance(channel.send(prepared), Unknown)
    found = channel.reconcile(prepared)
    assert isinstance(found, Sent)
    assert found.remote_id == str(x.posts[0].id)


def test_the_same_words_to_somebody_else_are_not_it(x: XServer, clock: ManualClock, andy: User, question: str) -> None:
    channel = opened(x, clock)
    prepared = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))
    x.fail(POST, "cut")
    channel.send(prepared)
    other = x.post(andy, "@acme_care and now?")
    assert isinstance(channel.send(channel.prepare(Outgoing("It is. ^CL", "l", "public", reply_to=str(other)))), Sent)
    assert channel.reconcile(prepared) == NotFound(safe_to_repeat=False)


def test_a_clock_that_is_minutes_ahead_hides_nothing(x: XServer, clock: ManualClock, question: str) -> None:
    ahead = ManualClock(clock.now() + timedelta(minutes=4))
    channel = opened(x, ahead)
    prepared = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=question))
    x.fail(POST, "act_then_cut")
    channel.send(prepared)
    assert isinstance(channel.reconcile(prepared), Sent)


def test_a_message_of_unknown_outcome_is_looked_for_with_that_person(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    x.message(andy, "hello")
    clock.advance(60)
    channel = opened(x, clock)
    to_andy = Author(str(andy.id), "andy", "Andy Loynes")
    prepared = channel.prepare(Outgoing("Your number? ^CL", "k", "private", recipient=to_andy))
    x.fail(MESSAGE, "act_then_500")
    assert isinstance(channel.send(prepared), Unknown)
    found = channel.reconcile(prepared)
    assert isinstance(found, Sent)
    assert found.remote_id == f"dm:{x.sent_messages[0].id}"


def test_who_takes_no_messages_is_to_be_invited(x: XServer, clock: ManualClock) -> None:
    closed = x.customer("closed", accepts_messages=False)
    channel = opened(x, clock)
    outcome = channel.send(
        channel.prepare(Outgoing("Your number? ^CL", "k", "private", recipient=Author(str(closed.id), "closed")))
    )
    assert isinstance(outcome, Rejected)
    assert "Invite them" in outcome.reason


def test_a_message_to_nobody_is_refused(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock)
    assert isinstance(channel.send(channel.prepare(Outgoing("Hello. ^CL", "k", "private"))), Rejected)


def test_the_invitation_is_x_s_deep_link_to_the_account(x: XServer, clock: ManualClock) -> None:
    address = urlsplit(opened(x, clock).private_invitation("andy"))
    assert (address.hostname, address.path) == ("x.com", "/messages/compose")
    query = parse_qs(address.query)
    assert query["recipient_id"] == [str(x.account.id)]
    assert query["text"]


@pytest.mark.parametrize(
    ("told", "written"),
    [("@andy @bea It is. ^CL", "It is. ^CL"), ("It is.\n^CL", "It is. ^CL "), ("Caf\u00e9", "Cafe\u0301")],
)
def test_texts_are_the_same_that_x_tells_differently(told: str, written: str) -> None:
    assert same(told, written)


def test_texts_that_differ_in_a_word_are_not_the_same() -> None:
    assert not same("It is. ^CL", "It was. ^CL")
