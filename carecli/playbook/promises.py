"""What was promised and what was declined, read from the messages of a conversation (practices 32 and 46).

Not for: answering, or keeping a promise; both are an agent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from carecli.model import Calendar, Message, Record, Vocabulary
from carecli.playbook.wording import Said, read_wording, said_in

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
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
    # The checks have read the draft already.
    said = (one for one in read_wording(text, language, vocabulary).said if one.meaning.startswith(_PROMISE))
    return tuple(_promises(said, text, at, calendar))


def due_of(within: str, at: datetime, calendar: Calendar) -> datetime:
    """When "2h", "30m" or "1d" after `at` is, in UTC. A day ends when the desk last closes on it, or at midnight there.

    "0d" is by the end of the day on which it is said.
    """
    number, unit = int(within[:-1]), within[-1]
    if unit != "d":
        return at.astimezone(UTC) + number * _UNITS[unit]
    from zoneinfo import ZoneInfo

    # Zones take time to import; who only asks what is said needs none.
    from carecli.playbook.hours import windows

    local = at.astimezone(ZoneInfo(calendar.zone))
    midnight = (local + timedelta(days=number + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    open_then = windows(calendar, max(at, midnight - timedelta(days=1)), midnight)
    return open_then[-1].closes if open_then else midnight.astimezone(UTC)


def declined_in(
    texts: Iterable[str],
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> tuple[str, ...]:
    """The ids of the offers that a customer's texts say no to, in the order in which they do."""
    said = (one for text in texts for one in said_in(text, "decline", language, vocabulary))
    return tuple(dict.fromkeys(one.meaning.removeprefix(_DECLINE) for one in said))


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
        for promise in _promises(
            said_in(message.text, "promise", language, vocabulary), message.text, message.published_at, calendar
        )
    ]
    theirs = (message.text for message in messages if message.direction == "inbound")
    return Remembered(tuple(promises), declined_in(theirs, language, vocabulary))


def _promises(said: Iterable[Said], text: str, at: datetime, calendar: Calendar) -> Iterator[Promise]:
    end = 0
    for one in said:
        if one.start >= end:
            end = one.end
            yield Promise(text[one.start : one.end], due_of(one.meaning.removeprefix(_PROMISE), at, calendar))
