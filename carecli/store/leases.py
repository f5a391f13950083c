"""Leases: one poller and one sender per account, whoever is running.

A lease has a token that grows with each change of hands, so that a holder who slept through its time can be told
from the one who holds it now. Times are of the database's clock, not of a simulated desk's.
Not for: claims on conversations.
"""

from __future__ import annotations

from collections.abc import Callable

from carecli.errors import LostLease
from carecli.store.session import Session


def take(session: Session, name: str, holder: str, seconds: float) -> int | None:
    """Take or renew a lease; its token, or None while somebody else holds it.

    One that ends later than any taken now could is of before the clock was set back, and holds no longer.
    """
    now_ms = session.machine_ms()
    row = session.one(
        """
        INSERT INTO lease (name, holder, token, until) VALUES (:name, :holder, 1, :until)
        ON CONFLICT (name) DO UPDATE
        SET until = excluded.until,
            token = lease.token + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END,
            holder = excluded.holder
        WHERE lease.holder = excluded.holder OR lease.until <= :now OR lease.until > :latest
        RETURNING token
        """,
        {
            "name": name,
            "holder": holder,
            "until": now_ms + round(seconds * 1000),
            "now": now_ms,
            "latest": now_ms + round(seconds * 2000),
        },
    )
    return None if row is None else int(row[0])


def holder_of(session: Session, name: str) -> str:
    """Who holds a lease now, or held it last."""
    row = session.one("SELECT holder FROM lease WHERE name = :name", {"name": name})
    return str(row[0]) if row else ""


def require(session: Session, name: str, holder: str, token: int) -> None:
    """Raise `LostLease` unless the lease is still `holder`'s since `token`, and has not run out."""
    row = session.one(
        "SELECT until FROM lease WHERE name = :name AND holder = :holder AND token = :token",
        {"name": name, "holder": holder, "token": token},
    )
    if row is None or row[0] <= session.machine_ms():
        raise LostLease(f"This process does not hold the lease {name} any more.", "Another one goes on with it.")


def drop(session: Session, name: str, holder: str) -> None:
    """Give a lease back."""
    session.run("UPDATE lease SET until = 0 WHERE name = :name AND holder = :holder", {"name": name, "holder": holder})


def remove(session: Session, name: str, holder: str) -> None:
    """Give a lease back that nobody may need again: that of one thread, of which there are many."""
    session.run("DELETE FROM lease WHERE name = :name AND holder = :holder", {"name": name, "holder": holder})


def held(session: Session, gone: Callable[[str], bool] = lambda _: False) -> tuple[str, ...]:
    """The names of the leases that somebody holds now. gone: whether a holder has certainly ended."""
    rows = session.all("SELECT name, holder FROM lease WHERE until > :now ORDER BY name", {"now": session.machine_ms()})
    return tuple(name for name, holder in rows if not gone(holder))


def drop_all(session: Session) -> None:
    """Nobody holds any lease: whoever did has nothing to do with this database."""
    session.run("UPDATE lease SET until = 0, token = token + 1, holder = ''")
