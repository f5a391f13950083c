"""Shifts: a greeting when the team signs on, a sign-off when it leaves, once each."""

from __future__ import annotations

import threading

import pytest

from carecli.desk.outbox import outbox
from carecli.desk.shifts import Announced, close_shift, greet, open_shift, shift, sign_off
from carecli.errors import NotFound, Refused
from tests.shop import Shop


def test_greeting_opens_the_shift_and_is_posted_once(shop: Shop) -> None:
    first = greet(shop.desk, "care")
    again = greet(shop.desk_of("rob"), "care")
    shop.work()
    assert (first.already, again.already) == (False, True)
    assert [post.text for post in shop.posts_by_us()] == [first.text]
    view = shift(shop.desk, "care")
    assert view.open and view.greeted_at == shop.clock.now()


def test_the_greeting_names_the_roster_and_the_closing_time(shop: Shop) -> None:
    open_shift(shop.desk, "care", ["claire", "rob"])
    text = greet(shop.desk, "care", dry_run=True).text
    assert "Claire and Rob" in text and "22:00" in text


def test_a_dry_run_posts_nothing_and_opens_nothing(shop: Shop) -> None:
    assert greet(shop.desk, "care", dry_run=True).entry_id is None
    shop.work()
    assert shop.posts_by_us() == []
    assert not shift(shop.desk, "care").open


def test_greetings_at_the_same_moment_are_one(shop: Shop) -> None:
    results: list[Announced] = []
    desks = [shop.desk_of("claire"), shop.desk_of("rob"), shop.desk_of("claire"), shop.desk_of("rob")]
    threads = [threading.Thread(target=lambda desk=desk: results.append(greet(desk, "care"))) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.already for result in results) == [False, True, True, True]
    assert len(outbox(shop.desk)) == 1


def test_the_text_of_yesterday_is_not_repeated_word_for_word(shop: Shop) -> None:
    texts = []
    for _ in range(6):
        texts.append(greet(shop.desk, "care").text)
        shop.work()
        close_shift(shop.desk, "care")
        shop.pass_minutes(24 * 60)
    assert len(set(texts)) == 6
    assert len({post.text for post in shop.posts_by_us()}) == 6


def test_signing_off_needs_an_open_shift(shop: Shop) -> None:
    with pytest.raises(Refused, match="No shift is open"):
        sign_off(shop.desk, "care")


def test_the_sign_off_names_the_next_opening(shop: Shop) -> None:
    greet(shop.desk, "care")
    text = sign_off(shop.desk, "care").text
    shop.work()
    assert "08:00" in text
    assert shift(shop.desk, "care").signed_off_at is not None


def test_closing_keeps_the_hand_over_and_needs_an_open_shift(shop: Shop) -> None:
    open_shift(shop.desk, "care")
    assert not close_shift(shop.desk, "care", "Andy waits for a call").open
    with pytest.raises(Refused):
        close_shift(shop.desk, "care")


def test_the_view_counts_what_is_unanswered(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.work()
    assert shift(shop.desk, "care").unanswered == 1


def test_nobody_unknown_is_put_on_the_roster(shop: Shop) -> None:
    with pytest.raises(NotFound, match="no agent 'nobody'"):
        open_shift(shop.desk, "care", ["nobody"])
