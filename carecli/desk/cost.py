"""What the networks' calls have cost: by day and kind, and for each resolved conversation and thousand messages.

An estimate by published prices; what counts is the networks' own account. Not for: stopping anything (`worker.budget`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from carecli.channels.base import Spending
from carecli.channels.factory import prices_published
from carecli.desk.context import Desk
from carecli.model import Record
from carecli.store import accounts, messages, spending
from carecli.store.session import Session


class CostRow(Record, frozen=True):
    """What one account paid for one kind of thing on one UTC day."""

    day: date
    account: str
    kind: str
    count: int
    micros: int


class AccountCost(Record, frozen=True):
    """One account over the days that were asked for, amounts in micros.

    resolved, heard: how many conversations were resolved, and how many messages came from customers, in that time.
    budget_micros: for a day, 0 where there is none. prices_published: the day of the price list, where one is known.
    """

    account: str
    micros: int
    today_micros: int
    budget_micros: int
    resolved: int
    heard: int
    prices_published: date | None

    @property
    def micros_per_resolved(self) -> int | None:
        """All that was spent, for each resolved conversation; None where none was."""
        return round(self.micros / self.resolved) if self.resolved else None

    @property
    def micros_per_thousand_heard(self) -> int | None:
        """All that was spent, answers included, for each thousand messages from customers; None where none came."""
        return round(1000 * self.micros / self.heard) if self.heard else None


class CostView(Record, frozen=True):
    """What was spent from one UTC day to another, both included: the newest day first."""

    since: date
    until: date
    accounts: tuple[AccountCost, ...]
    rows: tuple[CostRow, ...]


def cost(desk: Desk, days: int, account: str = "") -> CostView:
    """What the last `days` UTC days have cost, today included, on an account or on all of those that cost anything.

    Raises `NotFound` for an account that is not configured.
    """
    today = desk.now().astimezone(UTC).date()
    since = today - timedelta(days=days - 1)
    names = [desk.account_name(account)] if account else list(desk.config.accounts)
    found: list[AccountCost] = []
    rows: list[CostRow] = []
    with desk.database.read() as session:
        for name in names:
            spent = tuple(_spent(session, name, since))
            one = _account(desk, session, name, spent, since, today)
            if account or spent or one.budget_micros or one.prices_published:
                found.append(one)
                rows += spent
    rows.sort(key=lambda row: -row.day.toordinal())
    return CostView(since, today, tuple(found), tuple(rows))


def note_spending(desk: Desk, account: str, one: Spending) -> None:
    """Write down what a call has cost that no worker made, such as that of a sign-in."""
    with desk.database.write(durable=False) as session:
        today = desk.now().astimezone(UTC).date()
        spending.add(session, accounts.account_id(session, account), today, one.kind, one.count, one.micros)


def _spent(session: Session, name: str, since: date) -> Iterator[CostRow]:
    state = accounts.account_state(session, name)
    for one in spending.by_day(session, state.id, since) if state else ():
        yield CostRow(one.day, name, one.kind, one.count, one.micros)


def _account(
    desk: Desk, session: Session, name: str, spent: tuple[CostRow, ...], since: date, today: date
) -> AccountCost:
    state = accounts.account_state(session, name)
    begun = datetime.combine(since, time(), UTC)
    return AccountCost(
        account=name,
        micros=sum(row.micros for row in spent),
        today_micros=sum(row.micros for row in spent if row.day == today),
        budget_micros=desk.config.budget(name),
        resolved=spending.resolved_since(session, state.id, begun) if state else 0,
        heard=messages.heard_since(session, state.id, begun) if state else 0,
        prices_published=prices_published(desk.config, name),
    )
