"""The wait: what opens it, what a bump does, what closes it, and what arrives too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Calendar, Interval, Target
from carecli.playbook.hours import add_business
from carecli.playbook.waits import OpenWait, Policy, Standing, Step, customer_wrote, policy_for, we_replied

OPEN_DAILY = Calendar("Europe/London", ((Interval(8 * 60, 22 * 60),),) * 7)
POLICY = policy_for(OPEN_DAILY, Target(60, 240))
NOTHING = Standing()


def t(minutes: float) -> datetime:
    """So many minutes after ten on a June morning, London time."""
    return datetime(2025, 6, 3, 9, 0, tzinfo=UTC) + timedelta(minutes=minutes)


def wrote(standing: Standing, *minutes: float) -> Standing:
    for minute in minutes:
        standing = customer_wrote(standing, t(minute), POLICY).standing
    return standing


def wait_of(standing: Standing) -> OpenWait:
    assert standing.wait is not None
    return standing.wait


# ── opening ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_message_opens_a_wait_with_both_deadlines() -> None:
    step = customer_wrote(NOTHING, t(0), POLICY)
    assert step.change == "opened"
    assert step.standing.wait == OpenWait(t(0), t(60), t(240), POLICY.text, heard_at=t(0))


def test_deadlines_count_open_hours_where_the_account_says_so() -> None:
    evening = datetime(2025, 6, 3, 20, 30, tzinfo=UTC)
    wait = wait_of(customer_wrote(NOTHING, evening, POLICY).standing)
    assert wait.due_at == datetime(2025, 6, 4, 7, 30, tzinfo=UTC)
    all_hours = policy_for(OPEN_DAILY, Target(60, 240, business=False))
    assert wait_of(customer_wrote(NOTHING, evening, all_hours).standing).due_at == evening + timedelta(hours=1)


def test_a_message_that_does_not_speak_to_us_opens_nothing() -> None:
    assert customer_wrote(NOTHING, t(0), POLICY, addressed=False) == Step("none", NOTHING)


def test_thanks_out_of_the_blue_is_a_message_like_any_other() -> None:
    assert customer_wrote(NOTHING, t(0), POLICY, thanks=True).change == "opened"


def test_thanks_after_our_answer_does_not_restart_the_clock() -> None:
    answered = we_replied(wrote(NOTHING, 0), t(5), POLICY).standing
    assert customer_wrote(answered, t(6), POLICY, thanks=True) == Step("none", answered)


def test_a_new_question_after_our_answer_opens_the_next_wait() -> None:
    answered = we_replied(wrote(NOTHING, 0), t(5), POLICY).standing
    step = customer_wrote(answered, t(6), POLICY)
    assert step.change == "opened"
    assert wait_of(step.standing).opened_at == t(6)


# ── bumps ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_bump_is_counted_and_never_touches_the_clock() -> None:
    opened = wait_of(wrote(NOTHING, 0))
    step = customer_wrote(wrote(NOTHING, 0), t(44), POLICY)
    bumped = wait_of(step.standing)
    assert step.change == "bumped"
    assert bumped.bumps == 1
    assert (bumped.opened_at, bumped.due_at, bumped.limit_at) == (opened.opened_at, opened.due_at, opened.limit_at)


def test_posts_of_one_breath_are_no_bumps() -> None:
    assert wait_of(wrote(NOTHING, 0, 2, 9, 19)).bumps == 0
    assert wait_of(wrote(NOTHING, 0, 2, 9, 20)).bumps == 1


def test_the_playbook_sets_how_long_a_breath_is() -> None:
    short = policy_for(OPEN_DAILY, Target(), bump_minutes=1)
    standing = customer_wrote(NOTHING, t(0), short).standing
    assert customer_wrote(standing, t(2), short).change == "bumped"


def test_thanks_inside_a_wait_is_no_bump() -> None:
    standing = wrote(NOTHING, 0)
    assert customer_wrote(standing, t(30), POLICY, thanks=True) == Step("none", standing)


def test_talk_with_others_inside_a_wait_is_no_bump() -> None:
    standing = wrote(NOTHING, 0)
    assert customer_wrote(standing, t(30), POLICY, addressed=False) == Step("none", standing)


# ── closing ───────────────────────────────────────────────────────────────────────────────────────


def test_our_reply_closes_the_wait() -> None:
    assert we_replied(wrote(NOTHING, 0, 30), t(31), POLICY) == Step("answered", Standing(None, t(31)))


def test_a_reply_of_the_same_second_closes_the_wait() -> None:
    assert we_replied(wrote(NOTHING, 0), t(0), POLICY).change == "answered"


def test_a_reply_from_before_the_wait_does_not_close_it() -> None:
    standing = wrote(NOTHING, 10)
    step = we_replied(standing, t(5), POLICY)
    assert step.change == "none"
    assert step.standing == Standing(standing.wait, t(5))


def test_what_was_written_while_the_reply_was_on_its_way_is_waited_for_on() -> None:
    step = we_replied(wrote(NOTHING, 0, 30), t(31), POLICY, covers=t(0))
    assert step.change == "answered_in_part"
    assert wait_of(step.standing) == OpenWait(t(30), t(90), t(270), POLICY.text, heard_at=t(30))


def test_a_second_reply_of_ours_changes_nothing_but_what_is_covered() -> None:
    answered = we_replied(wrote(NOTHING, 0), t(5), POLICY).standing
    assert we_replied(answered, t(7), POLICY) == Step("none", Standing(None, t(7)))


# ── out of order ──────────────────────────────────────────────────────────────────────────────────


def test_a_message_that_arrives_after_the_reply_that_covers_it_opens_nothing() -> None:
    answered = we_replied(NOTHING, t(20), POLICY).standing
    assert customer_wrote(answered, t(10), POLICY) == Step("none", answered)


def test_a_message_the_author_could_not_have_seen_opens_a_wait_though_the_reply_is_later() -> None:
    answered = we_replied(wrote(NOTHING, 0), t(20), POLICY, covers=t(0)).standing
    step = customer_wrote(answered, t(19), POLICY)
    assert step.change == "opened"
    assert wait_of(step.standing).opened_at == t(19)


def test_an_earlier_message_that_arrives_late_moves_the_opening_back() -> None:
    step = customer_wrote(wrote(NOTHING, 30), t(0), POLICY)
    assert step.change == "moved"
    assert wait_of(step.standing) == OpenWait(t(0), t(60), t(240), POLICY.text, heard_at=t(30), bumps=1)


def test_a_message_that_arrives_late_within_the_wait_is_a_bump_without_moving_what_was_heard_last() -> None:
    step = customer_wrote(wrote(NOTHING, 0, 60), t(30), POLICY)
    assert step.change == "bumped"
    assert wait_of(step.standing).heard_at == t(60)


Event = tuple[str, int]
events = st.lists(st.tuples(st.sampled_from(("customer", "us")), st.integers(0, 300)), max_size=12)


def live(arrivals: list[Event], policy: Policy) -> Standing:
    """Feed messages as they arrive; after a partial answer, the stored ones again, as the state machine asks."""
    standing, stored = Standing(), list[int]()
    for who, minute in arrivals:
        if who == "customer":
            stored.append(minute)
            standing = customer_wrote(standing, t(minute), policy).standing
            continue
        step = we_replied(standing, t(minute), policy)
        standing = step.standing
        if step.change == "answered_in_part":
            for earlier in sorted(stored):
                standing = customer_wrote(standing, t(earlier), policy).standing
    return standing


@given(events, st.randoms(use_true_random=False))
def test_whatever_the_order_of_arrival_the_wait_is_that_of_the_first_uncovered_message(
    arrivals: list[Event], random: Random
) -> None:
    random.shuffle(arrivals)
    standing = live(arrivals, POLICY)
    covered = max((minute for who, minute in arrivals if who == "us"), default=-1)
    uncovered = [minute for who, minute in arrivals if who == "customer" and minute > covered]
    assert standing.covered_until == (t(covered) if covered >= 0 else None)
    if not uncovered:
        assert standing.wait is None
    else:
        wait = wait_of(standing)
        assert wait.opened_at == t(min(uncovered))
        assert wait.heard_at == t(max(uncovered))
        assert wait.due_at == add_business(OPEN_DAILY, wait.opened_at, 3600)
        assert wait.limit_at == add_business(OPEN_DAILY, wait.opened_at, 4 * 3600)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=20))
def test_no_sequence_of_customer_messages_makes_a_deadline_later(minutes: list[int]) -> None:
    standing = NOTHING
    for minute in minutes:
        before = standing.wait
        standing = customer_wrote(standing, t(minute), POLICY).standing
        if before is not None:
            assert wait_of(standing).due_at <= before.due_at
            assert wait_of(standing).bumps >= before.bumps


# ── the stamp ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("calendar", "target", "text"),
    [
        (OPEN_DAILY, Target(60, 240), "60 min target, 240 min limit, open hours Europe/London"),
        (OPEN_DAILY, Target(30, 90, business=False), "30 min target, 90 min limit, all hours"),
        (Calendar("Europe/London"), Target(60, 240), "60 min target, 240 min limit, around the clock"),
    ],
)
def test_the_policy_says_what_set_the_deadline(calendar: Calendar, target: Target, text: str) -> None:
    assert policy_for(calendar, target).text == text


def test_a_calendar_that_never_opens_still_gives_a_deadline_and_says_how() -> None:
    policy = policy_for(Calendar("UTC", ((),) * 7), Target(60, 240))
    wait = wait_of(customer_wrote(NOTHING, t(0), policy).standing)
    assert (wait.due_at, wait.limit_at) == (t(60), t(240))
    assert wait.policy.endswith("never open, so all hours count")
