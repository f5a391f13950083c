"""What was spent, as people ask for it: by day and kind, for each resolved conversation and thousand messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from carecli.desk.conversation import open_conversation
from carecli.desk.cost import cost
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import shift
from carecli.desk.status import status
from carecli.desk.views import QueueFilter
from carecli.desk.workflow import reopen, resolve
from carecli.errors import NotFound
from tests.shop import CONFIG, Shop, open_shop

TODAY = date(2026, 3, 2)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk whose network charges, with a budget of ten cents a day."""
    table = 'network = "sandbox"\nsandbox = { metered = true, budget = 0.1 }'
    with open_shop(tmp_path, CONFIG.replace('network = "sandbox"', table)) as opened:
        yield opened


def answer_everybody(shop: Shop) -> list[int]:
    shop.work()
    numbers = [row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 50)]
    for number in numbers:
        open_conversation(shop.desk, number)
        reply(shop.desk, number, "Hello there.", "public", seen_version=None, hold=False)
    shop.work()
    return numbers


def test_it_is_told_by_day_and_kind_and_what_it_comes_to(shop: Shop) -> None:
    shop.customer_writes("My line is slow", "andy")
    shop.customer_writes("So is mine", "zak")
    first, _ = answer_everybody(shop)
    resolve(shop.desk, first, "confirmed")
    view = cost(shop.desk, 7)
    # The account's own replies are read back with the rest.
    rows = {row.kind: (row.day, row.count, row.micros) for row in view.rows}
    assert rows["summoned replies"] == (TODAY, 2, 20_000)
    assert rows["posts read"][1] >= 2
    (one,) = view.accounts
    assert one.micros == one.today_micros == sum(row.micros for row in view.rows)
    assert (one.resolved, one.heard, one.budget_micros) == (1, 2, 100_000)
    assert one.micros_per_resolved == one.micros
    assert one.micros_per_thousand_heard == 500 * one.micros
    assert one.prices_published == date(2026, 8, 22)


def test_the_newest_day_comes_first_and_days_before_the_period_are_left_out(shop: Shop) -> None:
    for _ in range(3):
        shop.customer_writes("My line is slow")
        shop.work()
        shop.pass_minutes(24 * 60)
    shop.customer_writes("Still slow")
    shop.work()
    view = cost(shop.desk, 2)
    assert (view.since, view.until) == (date(2026, 3, 4), date(2026, 3, 5))
    assert [row.day.day for row in view.rows] == [5, 4]
    assert view.accounts[0].today_micros < view.accounts[0].micros


def test_an_account_that_charges_and_has_cost_nothing_yet_is_told_without_figures(shop: Shop) -> None:
    (one,) = cost(shop.desk, 7).accounts
    assert (one.micros, one.micros_per_resolved, one.micros_per_thousand_heard) == (0, None, None)


def test_accounts_that_cost_nothing_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    with open_shop(tmp_path) as free:
        assert cost(free.desk, 7).accounts == ()
        assert [one.account for one in cost(free.desk, 7, "care").accounts] == ["care"]
        with pytest.raises(NotFound, match="no account 'elsewhere'"):
            cost(free.desk, 7, "elsewhere")


def test_resolving_tells_what_the_conversation_has_cost(shop: Shop) -> None:
    shop.customer_writes("My line is slow", "andy")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    assert resolve(shop.desk, number, "claimed") == 0
    reopen(shop.desk, number)
    (number,) = answer_everybody(shop)
    assert resolve(shop.desk, number, "confirmed") == 10_000


def test_the_status_and_the_shift_tell_today_and_the_budget(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.work()
    health = status(shop.desk).accounts[0]
    assert (health.spent, health.budget) == (5_000, 100_000)
    view = shift(shop.desk, "care")
    assert (view.spent_micros, view.budget_micros, view.problem) == (5_000, 100_000, "")
    shop.pass_minutes(24 * 60)
    assert status(shop.desk).accounts[0].spent == 0
