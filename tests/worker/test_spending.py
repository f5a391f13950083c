"""What calls cost is recorded where it belongs, whatever becomes of them; a budget and a network that says "later" are
heeded without trying."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from carecli.channels.base import Spending
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.config import parse
from carecli.desk.conversation import open_conversation
from carecli.desk.outbox import cancel, entry_of
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import greet
from carecli.desk.status import status
from carecli.desk.views import QueueFilter
from carecli.model import OutboxEntry
from carecli.store import spending
from carecli.store.session import Row
from carecli.worker import loop
from carecli.worker.lease import Lease
from carecli.worker.loop import Worker
from carecli.worker.purse import Purse
from tests.shop import CONFIG, START, Shop, open_shop
from tests.store.files import every_connection

MIDNIGHT = START.replace(hour=0, minute=0) + timedelta(days=1)


def metered(budget: float) -> str:
    table = f'network = "sandbox"\nsandbox = {{ metered = true, budget = {budget} }}'
    return CONFIG.replace('network = "sandbox"', table)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk whose network charges, without a budget."""
    with open_shop(tmp_path, metered(0)) as opened:
        yield opened


@pytest.fixture
def thrifty(tmp_path: Path) -> Iterator[Shop]:
    """One that may spend two and a half cents a day: four posts read, and nothing is left but for answers."""
    with open_shop(tmp_path, metered(0.025)) as opened:
        yield opened


def spent(shop: Shop) -> list[tuple[str, int, int]]:
    with shop.database.read() as session:
        return [(one.kind, one.count, one.micros) for one in spending.by_day(session, 1, START.date())]


def events(shop: Shop, *kinds: str) -> list[Row]:
    with shop.database.read() as session:
        rows = session.all("SELECT kind, data FROM event ORDER BY id")
    return [(kind, json.loads(data)) for kind, data in rows if kind in kinds]


def answered(shop: Shop, handle: str = "andy") -> OutboxEntry:
    number = next(r.conversation_id for r in first_rows(shop.desk, QueueFilter(), 50) if r.handle == handle)
    open_conversation(shop.desk, number)
    return reply(shop.desk, number, f"Hi {handle}.", "public", seen_version=None, hold=False)


def worker_of(shop: Shop, config: str) -> Worker:
    """Another worker, after the configuration has changed."""
    changed = parse(config, Path("config.toml"))
    return Worker(changed, shop.database, shop.clock, shop.desk.open_channel, "test-worker")


# ── recording ─────────────────────────────────────────────────────────────────────────────────────


def test_reading_is_paid_for_by_the_account_and_a_reply_by_its_conversation(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.customer_writes("My address", "mira", visibility="private")
    shop.work()
    assert spent(shop) == [("messages read", 1, 10_000), ("posts read", 1, 5_000)]
    entry = answered(shop)
    shop.work()
    assert ("summoned replies", 1, 10_000) in spent(shop)
    with shop.database.read() as session:
        assert spending.of_conversation(session, entry.conversation_id or 0) == 10_000


def test_a_greeting_belongs_to_no_conversation(shop: Shop) -> None:
    greet(shop.desk, "care")
    shop.work()
    assert ("posts", 1, 15_000) in spent(shop)
    with shop.database.read() as session:
        assert session.all("SELECT conversation_id FROM spending WHERE kind = 'posts'") == [(0,)]


def test_a_poll_without_news_costs_nothing(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    for _ in range(3):
        shop.work()
    assert spent(shop) == [("posts read", 1, 5_000)]


def test_what_was_paid_for_a_page_that_failed_half_way_is_recorded(shop: Shop) -> None:
    class Cut(SandboxChannel):
        def take_spendings(self) -> tuple[Spending, ...]:
            return (Spending("posts read", 2, 10_000),)

    shop.faults.read.append("unreachable")
    channel = Cut(shop.network, shop.clock, faults=shop.faults, metered=True)
    Worker(shop.config, shop.database, shop.clock, lambda _: channel, "test-worker").run_once()
    assert spent(shop)[0][:1] == ("posts read",)
    assert status(shop.desk).accounts[0].problem


def test_a_reply_that_left_and_was_cut_off_has_cost_its_price(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.work()
    answered(shop)
    shop.faults.send.append("act_then_unknown")
    shop.work()
    assert ("summoned replies", 1, 10_000) in spent(shop)


def test_what_cannot_be_stored_now_is_stored_with_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.customer_writes("My line is slow")
    channel = SandboxChannel(shop.network, shop.clock, metered=True)
    purse = Purse(shop.database, shop.clock, "care", channel, 0)
    with every_connection(monkeypatch, shop.database, "query_only = ON"):
        channel.fetch_mentions("")
        purse.settle()
    assert spent(shop) == []
    purse.settle()
    assert spent(shop) == [("posts read", 1, 5_000)]


# ── the budget ────────────────────────────────────────────────────────────────────────────────────


def stop_reading(shop: Shop) -> None:
    """Let so many customers write that nothing is left but for answers."""
    for number in range(4):
        shop.customer_writes("My line is slow", f"c{number}")
    shop.work()


def test_reading_stops_first_and_answers_still_leave(thrifty: Shop) -> None:
    stop_reading(thrifty)
    thrifty.customer_writes("And mine", "late")
    entry = answered(thrifty, "c0")
    thrifty.work()
    assert len(first_rows(thrifty.desk, QueueFilter(), 9)) == 3
    assert entry_of(thrifty.desk, entry.id).state == "sent"
    health = status(thrifty.desk).accounts[0]
    assert "Budget" in health.problem and health.until == MIDNIGHT
    ((_, told),) = events(thrifty, "reading_stopped")
    assert told == {"reason": health.problem, "until": MIDNIGHT.isoformat()}


def test_reading_goes_on_with_the_next_utc_day(thrifty: Shop) -> None:
    stop_reading(thrifty)
    thrifty.customer_writes("And mine", "late")
    thrifty.work()
    thrifty.clock.set(MIDNIGHT)
    thrifty.work()
    assert {row.handle for row in first_rows(thrifty.desk, QueueFilter(), 9)} >= {"late"}
    assert not status(thrifty.desk).accounts[0].problem
    assert [kind for kind, _ in events(thrifty, "reading_stopped", "reading_resumed")] == [
        "reading_stopped",
        "reading_resumed",
    ]


def test_a_reply_beyond_the_budget_waits_for_midnight_and_says_so(thrifty: Shop) -> None:
    stop_reading(thrifty)
    sent, waits = answered(thrifty, "c0"), answered(thrifty, "c1")
    thrifty.work()
    assert entry_of(thrifty.desk, sent.id).state == "sent"
    kept = entry_of(thrifty.desk, waits.id)
    assert (kept.state, kept.not_before, kept.attempts) == ("queued", MIDNIGHT, 0)
    assert "midnight UTC" in kept.error and "`budget`" in kept.error
    thrifty.clock.set(MIDNIGHT)
    thrifty.worker.deliver(waits.id, 0)
    assert entry_of(thrifty.desk, waits.id).state == "sent"


def test_a_raised_budget_lets_it_go_at_once(thrifty: Shop) -> None:
    stop_reading(thrifty)
    answered(thrifty, "c0")
    waits = answered(thrifty, "c1")
    thrifty.work()
    worker_of(thrifty, metered(5)).run_once()
    assert entry_of(thrifty.desk, waits.id).state == "sent"


def test_a_reply_that_waits_for_the_budget_can_be_taken_back(thrifty: Shop) -> None:
    stop_reading(thrifty)
    answered(thrifty, "c0")
    waits = answered(thrifty, "c1")
    thrifty.work()
    assert cancel(thrifty.desk, waits.id) == "Hi c1."


def test_the_rest_of_a_reply_that_has_begun_is_not_held_back(thrifty: Shop) -> None:
    stop_reading(thrifty)
    number = first_rows(thrifty.desk, QueueFilter(), 1)[0].conversation_id
    open_conversation(thrifty.desk, number)
    reply(thrifty.desk, number, "One.", "public", seen_version=None, hold=False, further=["Two.", "Three."])
    thrifty.work()
    assert len(thrifty.posts_by_us()) == 3


# ── "later" ───────────────────────────────────────────────────────────────────────────────────────


def test_where_the_network_says_later_the_others_are_not_tried(shop: Shop) -> None:
    for handle in ("andy", "zak"):
        shop.customer_writes("My line is slow", handle)
    shop.work()
    first, second = answered(shop, "andy"), answered(shop, "zak")
    shop.faults.send.append("rate_limited")
    shop.work()
    for entry in (first, second):
        found = entry_of(shop.desk, entry.id)
        assert (found.state, found.not_before) == ("queued", START + timedelta(seconds=60))
        assert "wait a minute" in found.error
    assert entry_of(shop.desk, second.id).attempts == 0
    shop.pass_minutes(1)
    shop.work()
    assert len(shop.posts_by_us()) == 2


def test_spent_credits_stand_on_the_account_until_something_is_sent(shop: Shop) -> None:
    for handle in ("andy", "zak"):
        shop.customer_writes("My line is slow", handle)
    shop.work()
    answered(shop, "andy")
    second = answered(shop, "zak")
    shop.faults.send.append("paused")
    shop.work()
    assert entry_of(shop.desk, second.id).attempts == 0
    # Reading goes on well meanwhile, which says nothing of sending.
    shop.customer_writes("Hello?", "mira")
    shop.work()
    assert "Sign in again" in status(shop.desk).accounts[0].problem
    shop.pass_minutes(5)
    shop.work()
    assert not status(shop.desk).accounts[0].problem
    assert [kind for kind, _ in events(shop, "sending_stopped", "sending_resumed")] == [
        "sending_stopped",
        "sending_resumed",
    ]


def test_a_network_that_said_later_is_not_asked_before_then(shop: Shop) -> None:
    shop.faults.read.append("rate_limited")
    polling = shop.worker._polling("care")
    shop.worker._read("care", polling)
    health = status(shop.desk).accounts[0]
    assert health.until == START + timedelta(seconds=60)
    shop.faults.read.append("signed_out")
    shop.worker._read("care", polling)
    assert list(shop.faults.read) == ["signed_out"], "it was asked all the same"
    assert shop.worker._pause("care", polling) == 60
    shop.faults.read.clear()
    shop.pass_minutes(1)
    shop.worker._read("care", polling)
    assert not status(shop.desk).accounts[0].problem


def test_a_standing_problem_is_logged_once(shop: Shop) -> None:
    for _ in range(3):
        shop.faults.read.append("signed_out")
        shop.work()
    assert len(events(shop, "reading_stopped")) == 1


# ── long pauses ──────────────────────────────────────────────────────────────────────────────────


class Watched(Lease):
    """A lease that counts how often it was renewed, and is lost or got from somebody at the `turn`th time."""

    def __init__(self, shop: Shop, *, ours: bool, turn: int = 0) -> None:
        super().__init__(shop.database, "intake:care", "test")
        self.asked = 0
        self._ours = ours
        self._turn = turn

    def take(self) -> bool:
        self.asked += 1
        return self._ours is not (0 < self._turn <= self.asked)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_KEEP_LEASE_SECONDS", 0.01)


@pytest.mark.usefixtures("hasty")
def test_during_a_long_pause_the_lease_is_renewed(shop: Shop) -> None:
    lease = Watched(shop, ours=True)
    shop.worker._rest(lease, threading.Event(), 0.05)
    assert lease.asked == 5


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("ours", [True, False])
def test_a_pause_ends_when_the_lease_changes_hands(shop: Shop, ours: bool) -> None:
    lease = Watched(shop, ours=ours, turn=3)
    shop.worker._rest(lease, threading.Event(), 3600)
    assert lease.asked == 3


def test_no_pause_outlasts_the_end_of_the_worker(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.faults.read.append("rate_limited")
    monkeypatch.setattr(shop.clock, "real_seconds", lambda seconds: seconds)
    shop.worker.start()
    begun = monotonic()
    while not status(shop.desk).accounts[0].problem:
        assert monotonic() - begun < 20, "It was never read."
    shop.worker.stop()
    assert monotonic() - begun < 20
    assert not [thread for thread in threading.enumerate() if thread.name == "intake care"]


# ── the pace ──────────────────────────────────────────────────────────────────────────────────────


def pause_of(shop: Shop) -> float:
    shop.work()
    return shop.worker._pause("care", shop.worker._polling("care"))


def test_it_reads_quickly_while_people_write_and_slowly_while_they_do_not(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    assert pause_of(shop) == 15
    shop.pass_minutes(30)
    assert pause_of(shop) == 60


def test_at_night_it_reads_seldom_unless_a_shift_is_open(shop: Shop) -> None:
    shop.clock.set(START.replace(hour=23, minute=30))
    assert pause_of(shop) == 300
    greet(shop.desk, "care")
    assert pause_of(shop) == 60


def test_it_has_read_by_the_time_that_the_desk_opens(shop: Shop) -> None:
    shop.clock.set(START.replace(hour=7, minute=59))
    assert pause_of(shop) == 60
    shop.clock.set(START.replace(hour=7, minute=58))
    assert pause_of(shop) == 120


def test_a_network_that_charges_nothing_keeps_the_pace_of_its_account(tmp_path: Path) -> None:
    with open_shop(tmp_path) as free:
        assert pause_of(free) == 20
