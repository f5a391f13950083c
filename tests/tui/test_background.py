"""Behind the screens: changes by anybody are told, once for several; the worker is started and stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.message import Message

from carecli.desk.outbox import entry_of
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.desk.workflow import add_note
from carecli.tui.background import Background, DeskChanged, watch
from carecli.worker import loop
from tests.shop import CONFIG, Shop, open_shop


class Listener:
    """Hears of changes, and can wait for a number of them."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self._came = threading.Condition()

    def __call__(self, message: Message) -> None:
        with self._came:
            self.heard.append(message)
            self._came.notify_all()

    def wait_for(self, number: int) -> bool:
        return self.until(lambda: len(self.heard) >= number)

    def until(self, condition: Callable[[], bool]) -> bool:
        """Whether it comes true at last; looked at whenever something was heard."""
        with self._came:
            return self._came.wait_for(condition, timeout=10)


def test_a_change_by_anybody_is_told(busy: Shop) -> None:
    hear, stop = Listener(), threading.Event()
    watching = threading.Thread(target=watch, args=(busy.desk, hear, stop, 0.005))
    watching.start()
    try:
        assert hear.wait_for(1), "The first look counts as a change."
        add_note(busy.desk_of("rob"), first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id, "Calls back at ten")
        assert hear.wait_for(2)
    finally:
        stop.set()
        watching.join(5)
    assert all(isinstance(message, DeskChanged) for message in hear.heard)


def test_the_desks_own_worker_reads_from_the_network(tmp_path: Path) -> None:
    with open_shop(tmp_path, CONFIG) as shop:
        shop.customer_writes("Is anybody there?", "ada")
        background, hear = Background(shop.desk, works=True), Listener()
        running = threading.Thread(target=background.run, args=(hear,))
        running.start()
        try:
            assert hear.until(lambda: [row.handle for row in first_rows(shop.desk, QueueFilter(), 9)] == ["ada"])
        finally:
            background.end()
            running.join(5)
            background.stop_worker()


def test_what_anybody_accepts_leaves_as_soon_as_it_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_UNTOLD_SECONDS", 3600)
    with open_shop(tmp_path, CONFIG) as shop:
        shop.customer_writes("Is anybody there?", "ada")
        background, hear = Background(shop.desk, works=True), Listener()
        running = threading.Thread(target=background.run, args=(hear,))
        running.start()
        try:
            assert hear.until(lambda: bool(first_rows(shop.desk, QueueFilter(), 1)))
            number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
            entry = reply(shop.desk_of("rob"), number, "I am.", "public", seen_version=None, hold=False)
            assert hear.until(lambda: entry_of(shop.desk, entry.id).state == "sent")
        finally:
            background.end()
            running.join(5)
            background.stop_worker()
