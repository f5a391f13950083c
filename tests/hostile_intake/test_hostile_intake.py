"""Hostile input: whatever a network sends is stored, listed, shown, found and exported, and acts on nobody's terminal.

The flood goes the way of all that comes in: the worker's reading, the desk's use cases, the commands' JSON and pages.
The figures are told at the end of the test run: of 2,400 messages each time, of ten floods of 20,000 in the long form,
`pytest -m long tests/hostile_intake`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from carecli.archive.texts import storable
from carecli.cli.output import enveloped
from carecli.cli.pages import conversation_page, queue_page
from carecli.cli.shapes import queue_data
from carecli.cli.watching import happening_data
from carecli.desk import queue
from carecli.desk.changes import Position, happenings
from carecli.desk.conversation import view_conversation
from carecli.desk.views import QueueFilter
from carecli.store.integrity import INVARIANTS
from carecli.store.session import Row
from carecli.worker.lease import Lease
from carecli.worker.poll import Polling
from carecli.worker.purse import Purse
from carecli.worker.station import Station
from tests.hostile import HOSTILE, SURROGATES, acting
from tests.hostile_intake.flood import Flood
from tests.shop import Shop, open_shop
from tests.worker.test_intake import POLICIES

COUNT, DEEP = 2_400, 1_000
MANY, DEEPER = 20_000, 5_000


class Flooded:
    """A desk that has taken a flood in."""

    def __init__(self, shop: Shop, network: Flood) -> None:
        self.shop = shop
        self.network = network
        lease = Lease(shop.database, "intake:care", "test")
        purse = Purse(shop.database, shop.clock, "care", network, 0)  # type: ignore[arg-type]
        station = Station(shop.database, shop.clock, "care", network, POLICIES, purse)  # type: ignore[arg-type]
        poll = Polling(station, lease)
        while len(network.read) < len(network.sent):
            assert lease.take()
            poll.run_once()

    def rows(self, sql: str) -> list[Row]:
        with self.shop.database.read() as session:
            return session.all(sql)

    def conversations(self) -> list[int]:
        """One of each thread."""
        return [int(row[0]) for row in self.rows("SELECT min(id) FROM conversation GROUP BY thread_id")]


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flooded]:
    with open_shop(tmp_path_factory.mktemp("flooded")) as shop:
        yield Flooded(shop, Flood(1, COUNT, DEEP))


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────


def nothing_is_lost_or_altered(flooded: Flooded) -> int:
    """Each message is there with its own words, but for what no database could hold; how many there are."""
    sent: dict[str, set[str]] = {}
    for item in flooded.network.read:
        texts = sent.setdefault(storable(item.remote_id), set())
        texts.add("" if item.deleted else storable(item.text))
    stored: dict[str, str] = dict(flooded.rows("SELECT remote_id, text FROM message"))
    assert all(text in sent[remote_id] for remote_id, text in stored.items())
    assert (
        sent.keys() - stored.keys() == {remote_id for remote_id, texts in sent.items() if texts == {""}} - stored.keys()
    )
    return len(stored)


def what_the_database_relies_on_holds(flooded: Flooded) -> None:
    for invariant in INVARIANTS:
        assert not flooded.rows(invariant.broken), invariant.fails


def the_queue_is_harmless(flooded: Flooded) -> int:
    """As rows, as JSON, as a table; how many rows there are."""
    desk = flooded.shop.desk
    rows = list(queue.queue_rows(desk, queue.queue_ids(desk, QueueFilter())).values())
    harmless_values(rows)
    harmless_json(enveloped("queue", queue_data(rows, desk.now())))
    harmless(queue_page(desk, rows))
    return len(rows)


def each_conversation_is_harmless(flooded: Flooded) -> int:
    """As a view, as JSON, as a page, each message in it once; how many there are."""
    desk = flooded.shop.desk
    for number in flooded.conversations():
        view = view_conversation(desk, number)
        numbers = [row.message_id for row in view.thread]
        assert len(set(numbers)) == len(numbers)
        harmless_values(view)
        harmless_json(enveloped("conversation", view))
        harmless(conversation_page(desk, view))
    return len(flooded.conversations())


def all_that_happened_is_harmless(flooded: Flooded) -> int:
    """As `watch` prints it; how many lines that is."""
    position, told = Position(), 0
    while True:
        some, position = happenings(flooded.shop.desk, position)
        if not some:
            return told
        for one in some:
            harmless_json(enveloped("happening", happening_data(one)))
        told += len(some)


def harmless_values(value: object) -> None:
    """All texts in a view are safe, whichever field they stand in."""
    match msgspec.to_builtins(value):
        case str() as text:
            harmless(text)
        case dict() as fields:
            for field in fields.values():
                harmless_values(field)
        case list() as several:
            for one in several:
                harmless_values(one)


def harmless_json(line: bytes) -> None:
    """One line of UTF-8 that is JSON and acts on no terminal."""
    text = line.decode()
    assert "\n" not in text
    harmless(text)
    json.loads(text)


def harmless(text: str) -> None:
    assert not acting(text), ascii(text[:500])
    text.encode()


def all_of_it(flooded: Flooded) -> Counter[str]:
    """Ask everything of a flood; the figures."""
    what_the_database_relies_on_holds(flooded)
    return Counter(
        {
            "sent": len(flooded.network.read),
            "stored": nothing_is_lost_or_altered(flooded),
            "rows": the_queue_is_harmless(flooded),
            "threads": each_conversation_is_harmless(flooded),
            "lines": all_that_happened_is_harmless(flooded),
        }
    )


def told(figures: Counter[str]) -> str:
    return (
        f"{figures['sent']:,} hostile messages taken in, {figures['stored']:,} of them stored as messages of their "
        f"own, {figures['rows']:,} rows of the queue, {figures['threads']:,} threads, {figures['lines']:,} lines of "
        "`watch`; nothing raised, nothing acted on a terminal."
    )


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_flood_of_hostile_messages_is_stored_listed_shown_and_exported(
    flooded: Flooded, tell: Callable[[str], None]
) -> None:
    figures = all_of_it(flooded)
    assert figures["sent"] >= COUNT
    tell(told(figures))


def test_a_thread_of_thousands_of_levels_is_shown_level_by_level(flooded: Flooded) -> None:
    ((number,),) = flooded.rows(
        "SELECT conversation_id FROM message WHERE remote_id = 'deep0' AND conversation_id IS NOT NULL"
    )
    view = view_conversation(flooded.shop.desk, int(number))
    assert max(row.depth for row in view.thread) >= DEEP - 1


def test_any_text_can_be_searched_for(flooded: Flooded) -> None:
    for text in (*(one.text for one in (*HOSTILE, SURROGATES)), "", '"', "*", "NEAR(a b)"):
        harmless_values(queue.first_rows(flooded.shop.desk, QueueFilter(search=text), 20))


def test_what_was_said_is_found(flooded: Flooded) -> None:
    found = queue.first_rows(flooded.shop.desk, QueueFilter(search="thousand letters"), 20)
    assert [row.excerpt for row in found] == ["an id of ten thousand letters"]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_floods_of_hostile_messages_are_stored_listed_shown_and_exported(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    figures = Counter[str]()
    for seed in range(2, 12):
        (tmp_path / str(seed)).mkdir()
        with open_shop(tmp_path / str(seed)) as shop:
            figures += all_of_it(Flooded(shop, Flood(seed, MANY, DEEPER)))
    tell(told(figures))
