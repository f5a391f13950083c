"""Shifts: a team's periods on duty for an account.

Not for: what a greeting says (`playbook.greeting`) or sending it (`outbox`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from carecli.model import Shift
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms

_COLUMNS = """
  shift.id, account.name, shift.day, shift.opened_at, shift.opened_by, shift.roster, shift.greeted_at,
  shift.signed_off_at, shift.closed_at, shift.closed_by, shift.handover
"""


def open_shift(session: Session, account: int) -> Shift | None:
    """The open shift of an account."""
    row = session.one(
        f"""
        SELECT {_COLUMNS} FROM shift JOIN account ON account.id = shift.account_id
        WHERE shift.account_id = :account AND shift.closed_at IS NULL
        """,
        {"account": account},
    )
    return None if row is None else _shift(row)


def start_shift(session: Session, account: int, day: date, at: datetime, agent: str, roster: Sequence[str]) -> None:
    """Open a shift; the account has none open."""
    session.run(
        """
        INSERT INTO shift (id, account_id, day, opened_at, opened_by, roster)
        VALUES (:id, :account, :day, :at, :agent, :roster)
        """,
        {
            "id": session.next_id("shift"),
            "account": account,
            "day": day.isoformat(),
            "at": to_ms(at),
            "agent": agent,
            "roster": msgspec.json.encode(list(roster)).decode(),
        },
    )


def set_roster(session: Session, shift_id: int, roster: Sequence[str]) -> None:
    """Who is on duty, from now on."""
    session.run(
        "UPDATE shift SET roster = :roster WHERE id = :id",
        {"roster": msgspec.json.encode(list(roster)).decode(), "id": shift_id},
    )


def end_shift(session: Session, shift_id: int, at: datetime, agent: str, handover: str) -> None:
    """Close a shift, with what the next one must know."""
    session.run(
        "UPDATE shift SET closed_at = :at, closed_by = :agent, handover = :handover WHERE id = :id",
        {"at": to_ms(at), "agent": agent, "handover": handover, "id": shift_id},
    )


def set_greeted(session: Session, shift_id: int, at: datetime) -> None:
    """The greeting stands at the network since then."""
    session.run("UPDATE shift SET greeted_at = :at WHERE id = :id", {"at": to_ms(at), "id": shift_id})


def set_signed_off(session: Session, shift_id: int, at: datetime) -> None:
    """The sign-off stands at the network since then."""
    session.run("UPDATE shift SET signed_off_at = :at WHERE id = :id", {"at": to_ms(at), "id": shift_id})


def _shift(row: Row) -> Shift:
    return Shift(
        id=row[0],
        account=row[1],
        day=date.fromisoformat(row[2]),
        opened_at=from_ms(row[3]),
        opened_by=row[4],
        roster=tuple(msgspec.json.decode(row[5])),
        greeted_at=from_ms_or_none(row[6]),
        signed_off_at=from_ms_or_none(row[7]),
        closed_at=from_ms_or_none(row[8]),
        closed_by=row[9],
        handover=row[10],
    )
