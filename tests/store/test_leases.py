"""Leases on the database's clock, which people set."""

from __future__ import annotations

from pathlib import Path

from carecli.store import leases
from carecli.store.sqlite import open_database


def test_a_lease_holds_until_its_time_and_not_beyond(tmp_path: Path) -> None:
    database = open_database(tmp_path / "desk.db")
    with database.write() as session:
        assert leases.take(session, "delivery:care", "one", 30) == 1
        assert leases.take(session, "delivery:care", "two", 30) is None
        session.run("UPDATE lease SET until = :now", {"now": session.machine_ms()})
        assert leases.take(session, "delivery:care", "two", 30) == 2
    database.close()


def test_nobody_waits_an_hour_for_a_lease_because_the_clock_was_set_back(tmp_path: Path) -> None:
    database = open_database(tmp_path / "desk.db")
    with database.write() as session:
        assert leases.take(session, "delivery:care", "one", 30) == 1
        session.run("UPDATE lease SET until = until + 3600000")
        assert leases.take(session, "delivery:care", "two", 30) == 2
    database.close()
