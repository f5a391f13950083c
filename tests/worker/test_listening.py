"""A channel that listens ends the worker's pause: what arrives is read then. Nobody listens who may not read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

import msgspec
import pytest

from carecli.channels.base import Capabilities
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.store import conversations
from carecli.worker import loop
from carecli.worker.lease import Lease
from tests.shop import Shop


class Listening(SandboxChannel):
    """The simulated network with a bell. bells: what `listen` was last told, by any client."""

    bells: ClassVar[list[Callable[[], None] | None]]

    @property
    def capabilities(self) -> Capabilities:
        return msgspec.structs.replace(super().capabilities, streaming=True, shortest_poll=3600.0)

    def listen(self, heard: Callable[[], None] | None) -> None:
        self.bells.append(heard)


@pytest.fixture
def listening(shop: Shop) -> type[Listening]:
    fresh = type("FreshListening", (Listening,), {"bells": []})
    shop.client = fresh
    return fresh


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_ARRIVES_TOGETHER_SECONDS", 0.01)


@pytest.mark.usefixtures("hasty")
def test_what_arrives_ends_a_pause(shop: Shop) -> None:
    arrival = threading.Event()
    arrival.set()
    shop.worker._rest(Lease(shop.database, "intake:care", "test"), arrival, 3600)
    assert not arrival.is_set()


@pytest.mark.usefixtures("hasty")
def test_what_arrives_is_read_long_before_its_time(
    shop: Shop, listening: type[Listening], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.clock, "real_seconds", lambda seconds: seconds)
    first, read = threading.Event(), threading.Event()

    def told(heard: Callable[[], None] | None) -> None:
        listening.bells.append(heard)
        (read if first.is_set() else first).set()

    monkeypatch.setattr(listening, "listen", lambda self, heard: told(heard))
    shop.worker.start()
    assert first.wait(10)
    shop.customer_writes("my line is down")
    (bell,) = listening.bells
    assert bell is not None
    bell()
    assert read.wait(10)
    with shop.database.read() as session:
        assert conversations.conversation(session, 1) is not None


def test_nobody_listens_who_may_not_read_now(shop: Shop, listening: type[Listening]) -> None:
    polling = shop.worker._polling("care")
    shop.worker._listen("care", polling)
    shop.faults.read.append("signed_out")
    polling.run_once()
    shop.worker._listen("care", polling)
    heard, silent = listening.bells
    assert heard is not None
    assert silent is None


def test_nobody_listens_beside_the_worker_that_reads(shop: Shop, listening: type[Listening]) -> None:
    shop.work()
    other = shop.another_worker()
    other._listen("care", other._polling("care"))
    other.stop()
    assert listening.bells == [None]
