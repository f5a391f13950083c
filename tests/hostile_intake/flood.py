"""A flood of what no network should ever send, through JSON as networks send it.

Made of a seed: the same one gives the same flood. Not for: what a channel makes of bytes that are no JSON at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from carecli.channels.base import Page, Spending
from carecli.model import Item
from tests.hostile import HOSTILE, SURROGATES
from tests.shop import START

ME = {"remote_id": "1000000000000001", "handle": "NorthwindCare", "display_name": "Northwind Broadband"}
PAGE = 100

_BACKWARDS = 300
_CYCLE = 7
_HUGE = 1_000_000

_PIECES = (
    *(one.text for one in HOSTILE),
    SURROGATES.text,
    "",
    " ",
    "\n",
    "\x00",
    "\ud83d\ude00",
    "My line is slow",
    "?",
)
_ID_PIECES = (
    "",
    " ",
    "'",
    '"',
    "\\",
    "\x00",
    "%",
    "_",
    "\n",
    "\x1b[2J",
    "\u202e",
    "\ud800",
    "é",
    "null",
    "[",
    "thread:",
)
_LANGUAGES = ("", "en", "pl", "EN-gb", "xx-\x1b[2J", "\ud800", "en\u202e", "q" * 5_000)
_DATES = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)


class Flood:
    """A network that sends `count` messages, a page at a time; only what the worker's reading asks of a channel.

    deep: how many levels the deepest thread has. read: what has been asked for so far, as it came out of JSON.
    """

    def __init__(self, seed: int, count: int, deep: int) -> None:
        random = Random(seed)
        self._people = [_person(random, number) for number in range(200)]
        self.sent = [*_deep(random, self._people, deep), *_cycles(random, self._people), *_huge(random, self._people)]
        self.sent += _any(random, self._people, count - len(self.sent))
        self.read: list[Item] = []

    def fetch_mentions(self, cursor: str) -> Page:
        """The next page. Each item has been JSON on its way here."""
        start = int(cursor or 0)
        page = self.sent[start : start + PAGE]
        items = tuple(through_json(item) for item in page)
        self.read += items
        return Page(items, str(start + len(page)), more=start + len(page) < len(self.sent))

    def take_spendings(self) -> tuple[Spending, ...]:
        return ()


def through_json(item: dict[str, Any]) -> Item:
    """An item as a channel reads it from JSON, which can hold halves of characters."""
    read = json.loads(json.dumps(item, default=datetime.isoformat))
    return msgspec.convert(read, Item)


def _item(random: Random, people: list[dict[str, str]], remote_id: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    at = START - timedelta(seconds=random.randrange(3 * 86_400))
    author = random.choice(people)
    return {"remote_id": remote_id, "author": author, "text": text, "published_at": at} | more


def _deep(random: Random, people: list[dict[str, str]], levels: int) -> Iterator[dict[str, Any]]:
    """A thread of thousands of levels, and one whose deepest message comes first."""
    for number in range(levels):
        above = f"deep{number - 1}" if number else None
        yield _item(random, people, f"deep{number}", _text(random), parent_remote_id=above)
    for number in reversed(range(_BACKWARDS)):
        yield _item(random, people, f"back{number}", "and so on", parent_remote_id=f"back{number - 1}")


def _cycles(random: Random, people: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    """Threads that bite their own tail: of one message, of two, of several; ours among them."""
    for length in range(1, _CYCLE):
        for number in range(length):
            above = f"cycle{length}-{(number + 1) % length}"
            yield _item(random, people, f"cycle{length}-{number}", "round", parent_remote_id=above)
    for number in range(_CYCLE):
        above = f"own-cycle-{(number + 1) % _CYCLE}"
        own = {"author": ME, "own": True, "addressed": False, "parent_remote_id": above}
        yield _item(random, people, f"own-cycle-{number}", "round ^CL", **own)


def _huge(random: Random, people: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    """A megabyte at once: of one letter, of words, of marks, of escapes, of what is nothing to see."""
    for number, piece in enumerate(("W", "help me ", "a\u0301\u0323", "\x1b[31m", "\u202e\u200b")):
        yield _item(random, people, f"huge{number}", piece * (_HUGE // len(piece.encode())))
    yield _item(random, people, "i" * 10_000, "an id of ten thousand letters")
    yield _item(random, people, "many", "see", attachments=[_text(random) for _ in range(1_000)])


def _any(random: Random, people: list[dict[str, str]], count: int) -> Iterator[dict[str, Any]]:
    """Anything: ids made of what breaks queries, known ids with other texts, any parent, any date, any thread."""
    ids = ["deep7", "cycle2-1", "nobody has this"]
    for number in range(count):
        known = number > 10 and random.random() < 0.1
        remote_id = random.choice(ids) if known else _id(random, number)
        ids.append(remote_id)
        item = _item(random, people, remote_id, _text(random))
        if random.random() < 0.5:
            item["parent_remote_id"] = random.choice(
                (random.choice(ids), random.choice(ids), remote_id, _id(random, 0))
            )
        if random.random() < 0.1:
            item |= {"author": ME, "own": True, "delivery_key": _id(random, 0)}
        if random.random() < 0.2:
            item |= {"visibility": "private", "recipient": random.choice((ME, random.choice(people), None))}
        if random.random() < 0.1:
            item["thread_remote_id"] = random.choice((_id(random, 0), "private:x", f"t{number % 7}", ""))
        if random.random() < 0.1:
            item["published_at"] = random.choice(_DATES)
        item |= {
            "language": random.choice(_LANGUAGES),
            "addressed": random.random() < 0.8,
            "deleted": random.random() < 0.03,
            "attachments": [_text(random) for _ in range(random.choice((0, 0, 0, 3)))],
        }
        yield item


def _text(random: Random) -> str:
    pieces = random.choices(_PIECES, k=random.choice((1, 1, 2)))
    if random.random() < 0.3:
        pieces += [chr(random.randrange(0x110000)) for _ in range(20)]
    random.shuffle(pieces)
    return "".join(pieces)


def _id(random: Random, number: int) -> str:
    if random.random() < 0.5:
        return f"m{number}"
    return "".join(random.choices(_ID_PIECES, k=3)) + str(number)


def _person(random: Random, number: int) -> dict[str, str]:
    """A person whose handle and name are attacks, often none, and not seldom somebody else's."""
    handle = random.choice(("", "andy", "@", _text(random)[:500], f"p{number}"))
    return {"remote_id": _id(random, number), "handle": handle, "display_name": _text(random)[:5_000]}
