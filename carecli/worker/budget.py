"""The budget: whether an account may still spend today. Pure; a day is a UTC day, as the networks' own are.

Reading stops first: a fifth of the budget is kept for answers, for what was read and cannot be answered helps nobody.
Not for: what has been spent (`store.spending`), or who asks (`purse`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from carecli.model import Record
from carecli.money import dollars

KEPT_FOR_ANSWERS = 5
"""The part of a day's budget that reading leaves alone: one in so many."""

SPENT = "Today's budget is spent: it leaves after midnight UTC, or once `budget` is raised."
"""Why a reply waits. One sentence for all, so that those who wait for this are found when there is money again."""


class Halt(Record, frozen=True):
    """Something must not be done before `until`; `reason` is a sentence for the agent."""

    reason: str
    until: datetime


def reading_halt(spent: int, budget: int, now: datetime) -> Halt | None:
    """Why nothing more is read today; None where it may be. Amounts in micros; a budget of 0 is none at all."""
    if not budget or spent < budget - budget // KEPT_FOR_ANSWERS:
        return None
    left = "" if spent >= budget else ", but for what is kept for answers"
    return Halt(f"Budget spent: nothing is read. Today's {dollars(budget)} are spent{left}.", next_day(now))


def writing_halt(spent: int, budget: int, now: datetime) -> Halt | None:
    """Why nothing more is sent today; None where it may be. Amounts in micros; a budget of 0 is none at all."""
    return Halt(SPENT, next_day(now)) if budget and spent >= budget else None


def next_day(now: datetime) -> datetime:
    """When the next UTC day begins."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
