"""What the desk's dialogs offer: until when to snooze, how a conversation ended, which part of the queue to show.

Pure. Not for: asking (`dialogs`) or doing it (the desk screen).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.desk.views import QueueFilter
from carecli.model import Calendar
from carecli.playbook.hours import next_opening
from carecli.tui.screens.dialogs import Choice

CUSTOM = "custom"
WAKE = "wake"

OUTCOMES = (
    Choice("claimed", "Solved", "we say so; the customer may write again"),
    Choice("confirmed", "Confirmed", "the customer says that it is solved"),
    Choice("silent", "Gone silent", "the customer does not answer any more"),
    Choice("no_reply_needed", "No reply needed", "asks for the reason"),
    Choice("lost", "Customer lost", "a lead is told"),
)
"""How a conversation can end; the ids are those of `workflow.Outcome`."""


class Until(NamedTuple):
    """A choice of the snooze dialog and the moment that it stands for; None: to be asked, or at once."""

    choice: Choice
    at: datetime | None


def snooze_choices(now: datetime, calendar: Calendar, *, snoozed: bool) -> tuple[Until, ...]:
    """Until when one may snooze at `now`; a desk that is always open "opens" at nine."""
    zone = ZoneInfo(calendar.zone)
    local = now.astimezone(zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    opening = next_opening(calendar, midnight.astimezone(UTC) - timedelta(microseconds=1))
    morning = (opening or midnight.replace(hour=9)).astimezone(zone)
    moments = (
        ("quarter", "15 minutes", local + timedelta(minutes=15)),
        ("hour", "1 hour", local + timedelta(hours=1)),
        ("morning", "When we open" if morning.date() > midnight.date() else "Tomorrow, when we open", morning),
    )
    choices = [Until(Choice(id, words, f"until {_told(at, local)}"), at.astimezone(UTC)) for id, words, at in moments]
    choices.append(Until(Choice(CUSTOM, "Another time …", "such as 2h, 14:30 or monday 9:00"), None))
    if snoozed:
        choices.insert(0, Until(Choice(WAKE, "Now", "show it in the queue again"), None))
    return tuple(choices)


def _told(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"


def queue_filters(
    agent: str, accounts: Sequence[str], languages: Iterable[str], search: str
) -> tuple[tuple[Choice, QueueFilter], ...]:
    """The parts of the queue that one may look at; a search that is on goes on."""
    offered = [
        (Choice("all", "All"), QueueFilter(search=search)),
        (Choice("unclaimed", "Unclaimed", "nobody has them"), QueueFilter(unclaimed=True, search=search)),
        (Choice("mine", "Mine", "those that you have claimed"), QueueFilter(claimed_by=agent, search=search)),
        (Choice("public", "Public"), QueueFilter(visibility="public", search=search)),
        (Choice("private", "Private"), QueueFilter(visibility="private", search=search)),
        (Choice("snoozed", "Snoozed", "out of the queue for now"), QueueFilter(snoozed=True, search=search)),
    ]
    if len(accounts) > 1:
        offered += [
            (Choice(f"account:{name}", name, "one account"), QueueFilter(account=name, search=search))
            for name in accounts
        ]
    offered += [
        (Choice(f"language:{code}", code.upper(), "one language"), QueueFilter(language=code, search=search))
        for code in sorted(set(languages) - {""})
    ]
    return tuple(offered)
