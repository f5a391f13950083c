"""Polling: nothing is lost between pages, failures or late arrivals."""

from __future__ import annotations

import msgspec
import pytest

from carecli.channels.base import Page, Spending
from carecli.desk.queue import first_rows
from carecli.desk.status import status
from carecli.desk.views import QueueFilter
from carecli.errors import LostLease, NetworkFailure
from carecli.model import Author, Item
from carecli.store import accounts, leases
from carecli.worker.lease import Lease
from carecli.worker.poll import Polling
from carecli.worker.purse import Purse
from carecli.worker.station import Station
from tests.shop import START, Shop
from tests.worker.test_intake import POLICIES


class LateNetwork:
    """A network that shows one post only after the cursor has passed it."""

    def __init__(self) -> None:
        self.items = [Item(f"m{n}", Author(f"c{n}", f"c{n}"), "help", START) for n in range(4)]
        self.hidden = {1}

    def fetch_mentions(self, cursor: str) -> Page:
        start = int(cursor or 0)
        shown = [item for n, item in enumerate(self.items) if n >= start and n not in self.hidden]
        return Page(tuple(shown), str(len(self.items)))

    def take_spendings(self) -> tuple[Spending, ...]:
        return ()


def polling(shop: Shop, channel: object) -> Polling:
    lease = Lease(shop.database, "intake:care", "test")
    assert lease.take()
    purse = Purse(shop.database, shop.clock, "care", channel, 0)  # type: ignore[arg-type]
    station = Station(shop.database, shop.clock, "care", channel, POLICIES, purse)  # type: ignore[arg-type]
    return Polling(station, lease)


def stored(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return sorted(row[0] for row in session.all("SELECT remote_id FROM message"))


def test_a_post_that_the_network_shows_late_is_found_and_the_gap_is_told(shop: Shop) -> None:
    network = LateNetwork()
    poll = polling(shop, network)
    poll.run_once()
    assert stored(shop) == ["m0", "m2", "m3"]
    network.hidden.clear()
    poll.run_once()
    assert stored(shop) == ["m0", "m2", "m3"]
    shop.pass_minutes(11)
    poll.run_once()
    assert stored(shop) == ["m0", "m1", "m2", "m3"]
    with shop.database.read() as session:
        assert session.all("SELECT kind, data FROM event") == [("gap_filled", '{"messages":1}')]


def test_a_post_shown_only_after_the_next_look_back_is_found_by_the_one_after(shop: Shop) -> None:
    network = LateNetwork()
    poll = polling(shop, network)
    poll.run_once()
    shop.pass_minutes(9)
    network.items.append(Item("m4", Author("c4", "c4"), "help", START))
    network.hidden.add(4)
    poll.run_once()
    shop.pass_minutes(2)
    poll.run_once()
    network.hidden.clear()
    shop.pass_minutes(11)
    poll.run_once()
    assert stored(shop) == ["m0", "m1", "m2", "m3", "m4"]


def test_a_clock_set_back_stops_no_look_back(shop: Shop) -> None:
    network = LateNetwork()
    poll = polling(shop, network)
    poll.run_once()
    network.hidden.clear()
    shop.pass_minutes(-60)
    poll.run_once()
    assert "m1" in stored(shop)


def test_the_cursor_stays_where_it_was_when_a_page_cannot_be_stored(shop: Shop) -> None:
    network = LateNetwork()
    poll = polling(shop, network)
    network.items[2] = msgspec.structs.replace(network.items[2], text=None)
    with pytest.raises((AttributeError, TypeError)):
        poll.run_once()
    with shop.database.read() as session:
        state = accounts.account_state(session, "care")
    assert state is None or state.cursor == ""
    assert stored(shop) == []


def test_what_a_customer_takes_away_disappears_here_with_the_next_poll(shop: Shop) -> None:
    post = shop.customer_writes("my account is 4711")
    shop.work()
    shop.network.remove(post.id, shop.clock.now())
    shop.work()
    with shop.database.read() as session:
        assert session.all("SELECT text, deleted_at IS NOT NULL FROM message") == [("", 1)]
        assert session.all("SELECT kind FROM event") == [("message_deleted",)]


def test_a_network_out_of_reach_is_a_standing_problem_until_it_answers(shop: Shop) -> None:
    shop.customer_writes("one", "a")
    shop.faults.read.append("unreachable")
    shop.work()
    assert status(shop.desk).accounts[0].problem
    shop.work()
    assert not status(shop.desk).accounts[0].problem
    assert len(first_rows(shop.desk, QueueFilter(), 5)) == 1


def test_a_channel_silent_for_longer_than_usual_is_told_while_the_desk_is_open(shop: Shop) -> None:
    for _ in range(30):
        shop.customer_writes("one more")
        shop.pass_minutes(1)
    shop.work()
    assert not status(shop.desk).accounts[0].problem
    shop.pass_minutes(40)
    assert status(shop.desk).accounts[0].problem == "Nothing heard for 41 minutes, longer than usual."
    shop.pass_minutes(14 * 60)
    assert not status(shop.desk).accounts[0].problem


def test_a_poller_that_lost_its_lease_meanwhile_tells_no_problem_of_the_account(shop: Shop) -> None:
    class Cut(LateNetwork):
        """The answer never comes, and while it is waited for, another process has taken over."""

        def fetch_mentions(self, cursor: str) -> Page:
            with shop.database.write() as session:
                leases.drop(session, "intake:care", "test")
                leases.take(session, "intake:care", "another", 30)
            raise NetworkFailure("It is out of reach.", "It is tried again.")

    with pytest.raises(LostLease):
        polling(shop, Cut()).run_once()
    assert not status(shop.desk).accounts[0].problem


def test_a_message_from_the_future_or_years_old_has_a_clock_all_the_same(shop: Shop) -> None:
    network = LateNetwork()
    network.hidden = set()
    network.items[0] = msgspec.structs.replace(network.items[0], published_at=START.replace(year=2019))
    network.items[1] = msgspec.structs.replace(network.items[1], published_at=START.replace(year=2031))
    polling(shop, network).run_once()
    rows = first_rows(shop.desk, QueueFilter(), 9)
    assert len(rows) == 4
    assert rows[0].opened_at.year == 2019
