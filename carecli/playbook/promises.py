"""What we promised and by when, and what a conversation leaves to remember (practices 32 and 46).

Not for: answering, or keeping a promise; both are an agent's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from carecli.model import Calendar, Message, Record, Vocabulary
from carecli.playbook.hours import moment_of, windows
from carecli.playbook.wording import WEEKDAYS, declined_in, said_in

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
_MINUTES_A_DAY = 1440
_TIME = re.compile(r"(?<![0-9])([0-9]{1,2})(?![0-9])(?: ?[.:h] ?([0-9]{2}))?(?: ?([ap])[.]?m\b)?")
_HALVES = {"am": "a", "pm": "p"}
# Of phrases that only look like promises.
_NOTHING = "nothing"


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
    for one in said_in(text, "promise", language, vocabulary):
        if one.start < end:
            continue
        end, words = one.end, text[one.start : one.end]
        if one.meaning != _NOTHING:
            found.append(Promise(words, due_of(one.meaning, at, calendar, words)))
    return tuple(found)


def due_of(within: str, at: datetime, calendar: Calendar, words: str = "") -> datetime:
    """When what was promised at `at` is due, in UTC.

    within: as the files of phrases write it (`phrases/replies/en.toml`): "2h", "30m", "0d", "fri", "12:00", "fri at".
    words: those that promise, for the time that they say. A day without a time ends when the desk last closes on it, or
    at midnight; a time without a day is the next; a weekday is never today.
    """
    if within[-1] in _UNITS and within[:-1].isdigit():
        return at.astimezone(UTC) + int(within[:-1]) * _UNITS[within[-1]]
    today = at.astimezone(ZoneInfo(calendar.zone)).date()
    day, minute = None, None
    for part in within.split():
        if part in WEEKDAYS:
            day = today + timedelta(days=(WEEKDAYS.index(part) - today.weekday() - 1) % 7 + 1)
        elif part.endswith("d"):
            day = today + timedelta(days=int(part[:-1]))
        else:
            minute = _minute(part, words)
    if minute is None:
        return _end_of(day or today, at, calendar)
    moment = moment_of(calendar, day or today, minute)
    return moment if day or moment > at else moment_of(calendar, today + timedelta(days=1), minute)


def _end_of(day: date, at: datetime, calendar: Calendar) -> datetime:
    begins, ends = moment_of(calendar, day, 0), moment_of(calendar, day, _MINUTES_A_DAY)
    open_then = windows(calendar, max(at, begins), ends)
    return open_then[-1].closes if open_then else ends


def _minute(time: str, words: str) -> int:
    """Minutes after midnight of "12:00"; of the time with which `words` end, "6.30 pm", where it is said there."""
    *_, found = _TIME.finditer(time if ":" in time else words.lower())
    hour, half = int(found[1]), found[3] or _HALVES.get(time)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(found[2] or 0)


def remembered(
    messages: Sequence[Message],
    calendar: Calendar,
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> Remembered:
    """What the messages of one conversation, oldest first, promise and decline."""
    promises = [
        promise
        for message in messages
        if message.direction == "outbound"
        for promise in promises_in(message.text, message.published_at, calendar, language, vocabulary)
    ]
    theirs = (message.text for message in messages if message.direction == "inbound")
    return Remembered(tuple(promises), declined_in(theirs, language, vocabulary))
