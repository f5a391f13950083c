"""The feed of an account at X: nothing lost, nothing twice, in order, whole, and asked for no oftener than X bears."""

from __future__ import annotations

import pytest

from carecli.channels.x.mentions import Cursor, cursor_in
from carecli.clock import ManualClock
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from tests.channels.rig import everything, found
from tests.channels.x.rig import opened
from tests.channels.x.server import User, XServer

MENTIONS = "GET /2/users/{id}/mentions"
OWN = "GET /2/users/{id}/tweets"
MESSAGES = "GET /2/dm_events"


@pytest.fixture
def andy(x: XServer) -> User:
    return x.customer("andy", "Andy Loynes")


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def test_a_burst_of_several_pages_is_handed_on_oldest_first(x: XServer, clock: ManualClock, andy: User) -> None:
    channel = opened(x, clock)
    written = [_mention(x, clock, andy, f"@acme_care {number}") for number in range(250)]
    page = channel.fetch_mentions("")
    assert [item.remote_id for item in page.items] == written
    assert len(x.calls(MENTIONS)) == 3


def test_a_burst_that_breaks_off_moves_nothing_and_is_read_again(x: XServer, clock: ManualClock, andy: User) -> None:
    channel = opened(x, clock)
    written = [_mention(x, clock, andy, f"@acme_care {number}") for number in range(250)]
    x.fail(MENTIONS, "seconds_only", "seconds_only", "server_error")
    with pytest.raises(NetworkFailure):
        channel.fetch_mentions("")
    assert [item.remote_id for item in everything(channel)[0]] == written


def test_a_gap_longer_than_the_timeline_of_mentions_is_filled_by_search(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    channel = opened(x, clock)
    _mention(x, clock, andy, "@acme_care before")
    _, cursor = everything(channel)
    written = [_mention(x, clock, andy, f"@acme_care {number}") for number in range(930)]
    assert [item.remote_id for item in everything(channel, cursor)[0]] == written


def test_a_cursor_asks_for_what_is_after_it_as_a_whole_number(x: XServer, clock: ManualClock, andy: User) -> None:
    channel = opened(x, clock)
    last = _mention(x, clock, andy, "@acme_care hello")
    _, cursor = everything(channel)
    assert cursor_in(cursor).posts == int(last)
    everything(channel, cursor)
    assert x.calls(MENTIONS)[-1].query["since_id"] == last


def test_at_first_no_more_than_seven_days_are_read(x: XServer, clock: ManualClock, andy: User) -> None:
    _mention(x, clock, andy, "@acme_care long ago")
    clock.advance(8 * 24 * 3600)
    recent = _mention(x, clock, andy, "@acme_care now")
    assert [item.remote_id for item in everything(opened(x, clock))[0]] == [recent]


@pytest.mark.parametrize("cursor", ["9f2c:12", "m:1", "m:1 o:2 d:-3", "m:1 o:2 d:1e5"])
def test_the_cursor_of_another_network_is_refused(x: XServer, clock: ManualClock, cursor: str) -> None:
    with pytest.raises(NeedsPerson):
        opened(x, clock).fetch_mentions(cursor)


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(2028394880824246276, 2028394880824246275, 9223372036854775807)
    assert cursor_in(str(cursor)) == cursor


# ── what a post tells ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dialect", ["tweet", "post"])
def test_a_long_post_comes_whole_in_either_dialect(x: XServer, clock: ManualClock, andy: User, dialect: str) -> None:
    x.dialect = "post" if dialect == "post" else "tweet"
    text = "@acme_care " + "my line is down & nobody answers <again> " * 20 + "see https://example.com/log"
    item = found(opened(x, clock), _mention(x, clock, andy, text))
    assert item.text == text


@pytest.mark.parametrize(
    "text",
    [
        "@acme_care is https://example.com/a?b=1&c=2 yours?",
        "@acme_care see example.com/help",
        "@acme_care a < b && c > d &amp; so on",
    ],
)
def test_links_and_characters_are_what_the_author_wrote(x: XServer, clock: ManualClock, andy: User, text: str) -> None:
    assert found(opened(x, clock), _mention(x, clock, andy, text)).text == text


def test_an_edited_post_is_one_message_with_its_newest_text(x: XServer, clock: ManualClock, andy: User) -> None:
    channel = opened(x, clock)
    first = _mention(x, clock, andy, "@acme_care my lime is down")
    _, cursor = everything(channel)
    clock.advance(60)
    x.edit(int(first), "@acme_care my line is down")
    (edited,) = everything(channel, cursor)[0]
    assert (edited.remote_id, edited.text) == (first, "@acme_care my line is down")
    assert [item.text for item in everything(channel)[0]] == ["@acme_care my line is down"]


def test_pictures_come_as_attachments_with_what_they_show(x: XServer, clock: ManualClock, andy: User) -> None:
    shown = [x.picture("a router with a red light"), x.picture(kind="video"), x.picture("a nod", kind="animated_gif")]
    number = x.post(andy, "@acme_care look", media=shown)
    item = found(opened(x, clock), str(number))
    assert item.text == "@acme_care look"
    assert item.attachments[0] == "photo: a router with a red light"
    assert item.attachments[1].startswith("video: https://")
    assert item.attachments[2] == "gif: a nod"


def test_a_withheld_post_and_one_of_a_protected_author_say_so(x: XServer, clock: ManualClock) -> None:
    quiet = x.customer("quiet", protected=True, followed=True)
    number = x.post(quiet, "@acme_care between us")
    x.withhold(number, "DE", "FR")
    item = found(opened(x, clock), str(number))
    assert item.attachments == (
        "withheld: in DE, FR", "protected: seen by its author's followers alone",
    )  # fmt: skip


def test_a_quote_names_the_post_that_it_quotes(x: XServer, clock: ManualClock, andy: User) -> None:
    ours = x.post(x.account, "We are down in Leeds.")
    number = x.post(andy, "@acme_care again?", quote=ours)
    item = found(opened(x, clock), str(number))
    assert f"quote: https://x.com/i/status/{ours}" in item.attachments


def test_a_repost_is_no_mention(x: XServer, clock: ManualClock, andy: User) -> None:
    first = _mention(x, clock, andy, "@acme_care my line is down")
    x.repost(x.customer("bea"), int(first))
    assert [item.remote_id for item in everything(opened(x, clock))[0]] == [first]


def test_what_a_reply_answers_is_told_without_the_mentions_that_x_fills_in(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    ours = x.post(x.account, "Is it back?")
    number = x.post(andy, "no", reply_to=ours)
    item = found(opened(x, clock), str(number))
    assert (item.text, item.parent_remote_id, item.thread_remote_id) == ("no", str(ours), str(ours))


@pytest.mark.parametrize("call", [MENTIONS, OWN])
def test_data_that_is_silently_missing_is_an_alarm_and_moves_nothing(
    x: XServer, clock: ManualClock, andy: User, call: str
) -> None:
    channel = opened(x, clock)
    written = _mention(x, clock, andy, "@acme_care hello")
    x.post(x.account, "Good morning!")
    x.fail(call, "stripped")
    with pytest.raises(NetworkFailure, match="author_id"):
        everything(channel)
    assert written in [item.remote_id for item in everything(channel)[0]]


def test_times_without_fractions_are_read(x: XServer, clock: ManualClock, andy: User) -> None:
    x.fail(MENTIONS, "seconds_only")
    written = _mention(x, clock, andy, "@acme_care hello")
    (item,) = everything(opened(x, clock))[0]
    assert (item.remote_id, item.published_at) == (written, clock.now())


# ── own posts, messages, and how often ───────────────────────────────────────────────────────────


def test_what_is_written_in_the_browser_comes_back_as_our_own(x: XServer, clock: ManualClock, andy: User) -> None:
    question = _mention(x, clock, andy, "@acme_care is it down?")
    answer = x.post(x.account, "It is.", reply_to=int(question))
    item = found(opened(x, clock), str(answer))
    assert (item.own, item.text, item.parent_remote_id) == (True, "It is.", question)


def test_own_posts_are_asked_for_each_five_minutes_and_messages_each_ninety_seconds(
    x: XServer, clock: ManualClock
) -> None:
    channel, cursor = opened(x, clock), ""
    for _ in range(60):
        cursor = everything(channel, cursor)[1]
        clock.advance(15)
    assert (len(x.calls(MENTIONS)), len(x.calls(MESSAGES)), len(x.calls(OWN))) == (60, 10, 3)


def test_messages_come_in_the_same_feed_with_who_wrote_them(x: XServer, clock: ManualClock, andy: User) -> None:
    number = x.message(andy, "my account is 1 & 2, see https://example.com/x", media=[x.picture("a bill")])
    item = found(opened(x, clock), f"dm:{number}")
    assert (item.visibility, item.author.handle, item.addressed) == ("private", "andy", True)
    assert item.text == "my account is 1 & 2, see https://example.com/x"
    assert item.attachments == ("photo: a bill",)


def test_more_messages_than_a_page_are_all_read(x: XServer, clock: ManualClock, andy: User) -> None:
    written = []
    for number in range(150):
        clock.advance(1)
        written.append(f"dm:{x.message(andy, f'message {number}')}")
    assert [item.remote_id for item in everything(opened(x, clock))[0]] == written


def test_an_account_may_leave_messages_alone(x: XServer, clock: ManualClock, andy: User) -> None:
    x.message(andy, "hello")
    channel = opened(x, clock, messages=False)
    assert everything(channel)[0] == []
    assert not channel.capabilities.private_messages
    assert x.calls(MESSAGES) == []


def test_messages_that_cannot_be_read_hold_up_no_mention_and_are_told_of(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    channel = opened(x, clock)
    written = _mention(x, clock, andy, "@acme_care hello")
    x.fail(MESSAGES, "forbidden")
    page = channel.fetch_mentions("")
    assert ([item.remote_id for item in page.items], page.more) == ([written], True)
    with pytest.raises(NetworkFailure):
        channel.fetch_mentions(page.cursor)
    assert not channel.fetch_mentions(page.cursor).more


def test_the_limit_of_messages_is_nobody_s_concern_and_they_go_on_after_it(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    channel = opened(x, clock)
    x.use_up(MESSAGES)
    number = x.message(andy, "hello")
    page = channel.fetch_mentions("")
    assert (page.items, page.more) == ((), False)
    clock.advance(15 * 60)
    assert [item.remote_id for item in everything(channel, page.cursor)[0]] == [f"dm:{number}"]


def test_the_limit_of_mentions_says_until_when(x: XServer, clock: ManualClock) -> None:
    x.use_up(MENTIONS)
    with pytest.raises(RateLimited) as caught:
        opened(x, clock).fetch_mentions("")
    assert caught.value.until is not None
    assert (caught.value.until - clock.now()).total_seconds() == 15 * 60


def _mention(x: XServer, clock: ManualClock, author: User, text: str) -> str:
    clock.advance(1)
    return str(x.post(author, text))
