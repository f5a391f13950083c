"""Leases in use: renewed while one works, and lost for the round by whoever slept, even if nobody has it now."""

from __future__ import annotations

import pytest

from carecli.channels.base import Prepared, SendOutcome
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import LostLease
from carecli.store import outbox
from carecli.worker.lease import CALL_SECONDS, LEASE_SECONDS, Lease
from carecli.worker.loop import Worker
from tests.shop import Shop


class SlowChannel(SandboxChannel):
    """Each call takes eight seconds of the machine's time."""

    seconds = 0.0

    def send(self, prepared: Prepared) -> SendOutcome:
        self.seconds += 8
        return super().send(prepared)


def test_a_round_of_slow_calls_is_longer_than_a_lease_and_leaves_nothing_unknown(shop: Shop) -> None:
    for handle in ("ann", "ben", "cid", "dot", "eva"):
        shop.customer_writes("My line is slow", handle)
    channel = SlowChannel(shop.network, shop.clock)
    worker = Worker(shop.config, shop.database, shop.clock, lambda _: channel, "slow", lambda: channel.seconds)
    worker.run_once()
    for row in first_rows(shop.desk, QueueFilter(), 9):
        reply(shop.desk, row.conversation_id, "Hi.", "public", seen_version=None, hold=False, further=["And bye."])
    worker.run_once()
    with shop.database.read() as session:
        assert {entry.state for entry in outbox.entries(session, ())} == {"sent"}
    assert channel.seconds == 80


def test_whoever_slept_does_not_go_on_with_the_round_even_if_nobody_has_the_lease_now(shop: Shop) -> None:
    time = [0.0]
    sleeper = Lease(shop.database, "delivery:care", "sleeper", lambda: time[0])
    assert sleeper.take()
    with shop.database.write() as session:
        session.run("UPDATE lease SET until = 0")
    heir = Lease(shop.database, "delivery:care", "heir", lambda: time[0])
    assert heir.take()
    heir.drop()
    time[0] += LEASE_SECONDS
    with pytest.raises(LostLease):
        sleeper.keep()
    sleeper.keep()


def test_a_lease_that_is_kept_leaves_time_for_a_call(shop: Shop) -> None:
    time = [0.0]
    lease = Lease(shop.database, "delivery:care", "one", lambda: time[0])
    assert lease.take()
    while time[0] < 2 * LEASE_SECONDS:
        lease.keep()
        time[0] += 4.9
        lease.require_awake()
    time[0] += LEASE_SECONDS - CALL_SECONDS
    with pytest.raises(LostLease):
        lease.require_awake()
