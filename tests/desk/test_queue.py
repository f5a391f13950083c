"""The queue: who is shown, in which order, and what the clock says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carecli.desk.claims import claim
from carecli.desk.queue import countdown, counts, first_rows, next_wait_in, queue_ids, queue_rows
from carecli.desk.views import Countdown, QueueCounts, QueueFilter
from carecli.desk.workflow import snooze
from carecli.errors import NotFound
from carecli.store.waits import Filter, queue_query
from tests.shop import START, Shop

ALL = QueueFilter()


def handles(shop: Shop, chosen: QueueFilter = ALL) -> list[str]:
    return [row.handle for row in first_rows(shop.desk, chosen, 50)]


def test_the_most_urgent_stands_first_and_says_why(shop: Shop) -> None:
    shop.customer_writes("Lovely service today, well done!", "pia")
    shop.customer_writes("How do I change my password?", "quentin")
    shop.customer_writes("No internet since yesterday, this is a disgrace", "cora")
    shop.customer_writes("There is smoke coming out of my router!", "sam")
    shop.work()
    rows = first_rows(shop.desk, ALL, 10)
    assert [(row.handle, row.reasons) for row in rows] == [
        ("sam", ("safety",)),
        ("cora", ("complaint",)),
        ("quentin", ("question",)),
        ("pia", ("praise",)),
    ]


def test_a_bump_moves_up_and_does_not_move_the_clock(shop: Shop) -> None:
    shop.customer_writes("My line is slow", "early")
    shop.pass_minutes(5)
    late = shop.customer_writes("My line is slow", "late")
    shop.pass_minutes(20)
    shop.customer_writes("*bump*", "late", reply_to=late.id)
    shop.work()
    rows = first_rows(shop.desk, ALL, 10)
    assert [row.handle for row in rows] == ["late", "early"]
    assert rows[0].due_at == START + timedelta(minutes=65)
    assert "bump" in rows[0].reasons


def test_a_strangers_words_are_shown_harmlessly(shop: Shop) -> None:
    shop.customer_writes("\x1b]0;owned\x07 help [/foo] \u202e", "evil", name="\x1b[31mEvil\u202e")
    shop.work()
    row = first_rows(shop.desk, ALL, 1)[0]
    assert "\x1b" not in row.excerpt + row.name and "\u202e" not in row.excerpt + row.name
    assert "[/foo]" in row.excerpt


def test_the_countdown_runs_in_open_hours_and_stands_still_while_closed(shop: Shop) -> None:
    shop.clock.set(START.replace(hour=21, minute=30))
    shop.customer_writes("My line is slow")
    shop.work()
    row = first_rows(shop.desk, ALL, 1)[0]
    assert row.due_at == (START + timedelta(days=1)).replace(hour=8, minute=30)
    later = START.replace(hour=23)
    left = countdown(shop.desk, "care", "public", row.due_at, row.limit_at, later)
    assert left == Countdown(30 * 60, paused=True, over_limit=False)


def test_a_late_wait_counts_below_zero_and_past_the_limit_says_so(shop: Shop) -> None:
    due, limit = START + timedelta(minutes=60), START + timedelta(minutes=240)
    at = START + timedelta(minutes=64, seconds=12)
    assert countdown(shop.desk, "care", "public", due, limit, at) == Countdown(-252)
    assert countdown(shop.desk, "care", "public", due, limit, limit + timedelta(seconds=1)).over_limit


def test_counts_tell_who_waits_who_is_nearly_due_and_who_is_late(shop: Shop) -> None:
    shop.customer_writes("one", "a")
    shop.pass_minutes(30)
    shop.customer_writes("two", "b")
    shop.pass_minutes(31)
    shop.customer_writes("three", "c")
    shop.work()
    shop.pass_minutes(25)
    assert counts(shop.desk) == QueueCounts(waiting=3, due_soon=1, late=1)


def test_a_snoozed_conversation_is_out_of_sight_until_its_time(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.work()
    row = first_rows(shop.desk, ALL, 1)[0]
    snooze(shop.desk, row.conversation_id, shop.desk.now() + timedelta(minutes=30))
    assert handles(shop) == []
    assert handles(shop, QueueFilter(snoozed=True)) == ["andy"]
    shop.pass_minutes(30)
    assert handles(shop) == ["andy"]


def test_next_passes_over_what_a_colleague_has_claimed(shop: Shop) -> None:
    shop.customer_writes("first", "a")
    shop.pass_minutes(1)
    shop.customer_writes("second", "b")
    shop.work()
    first = first_rows(shop.desk, ALL, 1)[0]
    claim(shop.desk_of("rob"), first.conversation_id)
    with shop.desk.database.read() as session:
        row = next_wait_in(shop.desk, session, ALL)
    assert row is not None and row.handle == "b"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (QueueFilter(account="care"), ["a", "b"]),
        (QueueFilter(visibility="private"), ["b"]),
        (QueueFilter(language="pl"), ["b"]),
        (QueueFilter(unclaimed=True), ["b"]),
        (QueueFilter(claimed_by="rob"), ["a"]),
        (QueueFilter(search="swiatlo"), ["b"]),
        (QueueFilter(search="@a"), ["a"]),
        (QueueFilter(search="nothing like it"), []),
        (QueueFilter(search="'; DROP TABLE wait; --"), []),
    ],
)
def test_filters_choose_among_the_waiting(shop: Shop, chosen: QueueFilter, expected: list[str]) -> None:
    shop.customer_writes("My line is slow", "a")
    shop.customer_writes("Nie działa światło na routerze", "b", visibility="private", language="pl")
    shop.work()
    number = next(row.conversation_id for row in first_rows(shop.desk, ALL, 2) if row.handle == "a")
    claim(shop.desk_of("rob"), number)
    assert sorted(handles(shop, chosen)) == expected


def test_an_unknown_account_is_named(shop: Shop) -> None:
    with pytest.raises(NotFound, match="no account 'elsewhere'"):
        first_rows(shop.desk, QueueFilter(account="elsewhere"), 1)


def test_rows_of_closed_waits_are_absent(shop: Shop) -> None:
    shop.customer_writes("one")
    shop.work()
    ids = queue_ids(shop.desk, ALL)
    assert set(queue_rows(shop.desk, [*ids, 999])) == set(ids)


@pytest.mark.parametrize(
    "chosen",
    [Filter(), Filter(snoozed=True), Filter(account=1), Filter(visibility="public"), Filter(free_for="claire")],
)
def test_the_queue_is_read_from_its_own_index(shop: Shop, chosen: Filter) -> None:
    plan = _plan(shop, chosen)
    assert "INDEX wait_queue" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("chosen", [Filter(), Filter(snoozed=True), Filter(account=1)])
def test_the_order_of_the_whole_queue_is_read_without_its_rows(shop: Shop, chosen: Filter) -> None:
    assert "COVERING INDEX wait_queue" in _plan(shop, chosen)


def _plan(shop: Shop, chosen: Filter) -> str:
    sql, parameters = queue_query(chosen, START, 100)
    with shop.database.read() as session:
        return " ".join(str(row[3]) for row in session.all(f"EXPLAIN QUERY PLAN {sql}", parameters))
