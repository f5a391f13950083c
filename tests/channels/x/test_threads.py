"""Conversations at X as far as they can be read: at the least cost, and with a reason where something is missing."""

from __future__ import annotations

import pytest

from carecli.clock import ManualClock
from tests.channels.x.rig import opened
from tests.channels.x.server import User, XServer

LOOKUP = "GET /2/tweets"
SEARCH = "GET /2/tweets/search/recent"


@pytest.fixture
def andy(x: XServer) -> User:
    return x.customer("andy", "Andy Loynes")


def test_a_conversation_takes_a_lookup_a_search_and_a_lookup(x: XServer, clock: ManualClock, andy: User) -> None:
    root, reply, thanks = _conversation(x, clock, andy)
    thread = opened(x, clock).fetch_thread(str(thanks))
    assert [item.remote_id for item in thread.items] == [str(root), str(reply), str(thanks)]
    assert [seen.call for seen in x.requests] == [LOOKUP, SEARCH, LOOKUP]


def test_what_the_search_does_not_reach_is_looked_up_by_the_ids_that_are_answered(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    root, reply, _ = _conversation(x, clock, andy)
    clock.advance(8 * 24 * 3600)
    bump = x.post(andy, "@acme_care it is down again", reply_to=reply)
    thread = opened(x, clock).fetch_thread(str(bump))
    assert [item.remote_id for item in thread.items] == [str(root), str(reply), str(bump)]
    assert [seen.call for seen in x.requests] == [LOOKUP, SEARCH, LOOKUP]
    assert [missing.reason for missing in thread.missing] == [
        "X's search reaches back seven days: replies from before may be missing here."
    ]


def test_strangers_who_answer_others_are_not_paid_for(x: XServer, clock: ManualClock, andy: User) -> None:
    root, reply, thanks = _conversation(x, clock, andy)
    bea, cem = x.customer("bea"), x.customer("cem")
    x.post(bea, "same here", reply_to=root, filled_in=False)
    to_us = x.post(cem, "here too?", reply_to=reply, filled_in=False)
    thread = opened(x, clock).fetch_thread(str(thanks))
    assert {item.remote_id for item in thread.items} == {str(one) for one in (root, reply, thanks, to_us)}


@pytest.mark.parametrize("why", ["deleted", "protected", "withheld"])
def test_what_x_does_not_show_keeps_its_place_with_the_reason(
    x: XServer, clock: ManualClock, andy: User, why: str
) -> None:
    other = x.customer("quiet", protected=why == "protected")
    root = x.post(other, "my line is down")
    mention = x.post(andy, "@acme_care so is mine", reply_to=root)
    if why == "deleted":
        x.delete(root)
    elif why == "withheld":
        x.withhold(root)
    (missing,) = opened(x, clock).fetch_thread(str(mention)).missing
    assert missing.remote_id == str(root)
    assert {"deleted": "deleted", "protected": "protected", "withheld": "withholds"}[why] in missing.reason


def test_an_edited_post_stands_once_and_what_answers_it_stands_below(
    x: XServer, clock: ManualClock, andy: User
) -> None:
    root = x.post(andy, "@acme_care my lime is down")
    clock.advance(60)
    newer = x.edit(root, "@acme_care my line is down")
    clock.advance(60)
    reply = x.post(x.account, "Where?", reply_to=newer)
    for asked in (root, reply):
        thread = opened(x, clock).fetch_thread(str(asked))
        assert [(item.remote_id, item.text) for item in thread.items if not item.own] == [
            (str(root), "@acme_care my line is down")
        ]
    assert thread.items[-1].parent_remote_id == str(root)


def test_whom_a_post_speaks_to_is_told(x: XServer, clock: ManualClock, andy: User) -> None:
    root, reply, thanks = _conversation(x, clock, andy)
    aside = x.post(x.customer("bea"), "same here", reply_to=root, filled_in=False)
    last = x.post(andy, "no, yours is another", reply_to=aside, filled_in=False)
    items = {item.remote_id: item for item in opened(x, clock).fetch_thread(str(last)).items}
    assert [items[str(one)].addressed for one in (root, reply, thanks, aside, last)] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_messages_come_by_the_feed_and_are_not_asked_for_again(x: XServer, clock: ManualClock) -> None:
    thread = opened(x, clock).fetch_thread("dm:2028394880824246276")
    assert (thread.items, thread.missing, x.requests) == ((), (), [])


def test_what_was_taken_away_is_found_in_hundreds(x: XServer, clock: ManualClock, andy: User) -> None:
    written = [x.post(andy, f"@acme_care {number}") for number in range(205)]
    gone = {str(written[3]), str(written[150])}
    for one in gone:
        x.delete(int(one))
    channel = opened(x, clock)
    assert channel.fetch_removed([*map(str, written), "dm:17", "not a number"]) == gone
    assert len(x.calls(LOOKUP)) == 3


def test_the_post_of_an_author_who_became_protected_counts_as_taken_away(x: XServer, clock: ManualClock) -> None:
    number = x.post(x.customer("quiet", protected=True), "@acme_care hello")
    assert opened(x, clock).fetch_removed([str(number)]) == {str(number)}


def _conversation(x: XServer, clock: ManualClock, andy: User) -> tuple[int, int, int]:
    """A question, our answer, and thanks."""
    root = x.post(andy, "@acme_care my line is down")
    clock.advance(60)
    reply = x.post(x.account, "We are on it.", reply_to=root)
    clock.advance(60)
    return root, reply, x.post(andy, "thanks @acme_care", reply_to=reply)
