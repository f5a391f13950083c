"""What was promised and what was declined, read from the messages of a conversation (practices 32 and 46).

Not for: answering, or keeping a promise; both are an agent's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from carecli.model import Calendar, Message, Record, Vocabulary
from carecli.playbook.hours import next_closing
from carecli.playbook.wording import Wording, read_wording

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_PROMISE = "promise "
_DECLINE = "decline "


class Promise(Record, frozen=True):
    """What we said by when something will be: our words, and the moment, in UTC."""

    words: str
    due_at: datetime


class Remembered(Record, frozen=True):
    """promises: ours, oldest first. declined: the ids of the offers that the customer said no to."""

    promises: tuple[Promise, ...] = ()
    declined: tuple[str, ...] = ()


def promises_in(
    text: str,
    at: datetime,
    calendar: Calendar,
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> tuple[Promise, ...]:
    """What a text of ours promises when it is sent at `at`; of words that lie within others, the longer ones count."""
    found: list[Promise] = []
    end = 0
    for one in read_wording(text, language, vocabulary).said:
        if one.meaning.startswith(_PROMISE) and one.start >= end:
            end = one.end
            found.append(Promise(text[one.start : one.end], due_of(one.meaning.removeprefix(_PROMISE), at, calendar)))
    return tuple(found)


def due_of(within: str, at: datetime, calendar: Calendar) -> datetime:
    """When "2h", "30m" or "1d" after `at` is. Days end when the desk closes on them, or at midnight there.

    "0d" is by the end of the day on which it is said.
    """
    number, unit = int(within[:-1]), within[-1]
    if unit != "d":
        return at + number * _UNITS[unit]
    zone = ZoneInfo(calendar.zone)
    local = at.astimezone(zone)
    midnight = (local + timedelta(days=number + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = max(at, (midnight - timedelta(days=1)).astimezone(at.tzinfo))
    closing = next_closing(calendar, begins) if calendar.week else None
    return closing if closing is not None and closing <= midnight else midnight.astimezone(at.tzinfo)


def remembered(
    messages: Iterable[Message],
    calendar: Calendar,
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> Remembered:
    """What the messages of one conversation, oldest first, promise and decline."""
    promises: list[Promise] = []
    declined: dict[str, None] = {}
    for message in messages:
        if message.direction == "outbound":
            promises += promises_in(message.text, message.published_at, calendar, language, vocabulary)
        else:
            declined.update(dict.fromkeys(_declined(read_wording(message.text, language, vocabulary))))
    return Remembered(tuple(promises), tuple(declined))


def _declined(wording: Wording) -> Iterable[str]:
    return (one.meaning.removeprefix(_DECLINE) for one in wording.said if one.meaning.startswith(_DECLINE))
