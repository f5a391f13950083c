"""Accounts as the database knows them: their id, the network's cursor, and whether the channel is alive.

What an account is (network, handle, hours) stands in the configuration, not here.
"""

from __future__ import annotations

from datetime import datetime

from carecli.model import Record
from carecli.store.session import Session, from_ms_or_none, to_ms, to_ms_or_none


class AccountState(Record, frozen=True):
    """Where intake stands: the cursor after the last stored page, and the channel's last good answer or problem.

    until: when the problem ends by itself, where known. sending_problem: what stands in the way of sending alone.
    """

    id: int
    name: str
    cursor: str
    last_success_at: datetime | None
    problem: str
    until: datetime | None = None
    sending_problem: str = ""


def account_id(session: Session, name: str) -> int:
    """The id of an account, made known on first use. Needs a writing transaction the first time."""
    row = session.one("SELECT id FROM account WHERE name = :name", {"name": name})
    if row is not None:
        return int(row[0])
    number = session.next_id("account")
    session.run("INSERT INTO account (id, name) VALUES (:id, :name)", {"id": number, "name": name})
    return number


def account_names(session: Session) -> dict[int, str]:
    """The name of each account by its id."""
    return dict(session.all("SELECT id, name FROM account"))


def account_states(session: Session) -> tuple[AccountState, ...]:
    """All accounts that the database knows, in the order in which they came."""
    rows = session.all(
        """
        SELECT id, name, cursor, last_success_at, problem, problem_until, sending_problem FROM account ORDER BY id
        """
    )
    return tuple(
        AccountState(number, name, cursor, from_ms_or_none(success), problem, from_ms_or_none(until), sending)
        for number, name, cursor, success, problem, until, sending in rows
    )


def account_state(session: Session, name: str) -> AccountState | None:
    """One account, or None where nothing was ever stored of it."""
    return next((state for state in account_states(session) if state.name == name), None)


def move_cursor(session: Session, account: int, cursor: str, at: datetime) -> None:
    """Move intake on. Only ever in the transaction that stores the page before it."""
    session.run(
        """
        UPDATE account SET cursor = :cursor, last_success_at = :at, problem = '', problem_until = NULL
        WHERE id = :account
        """,
        {"cursor": cursor, "at": to_ms(at), "account": account},
    )


def overlap(session: Session, account: int) -> tuple[str, datetime | None]:
    """The cursor from which to read once more, and when the account was last looked back at; None: never."""
    row = session.one("SELECT earlier_cursor, looked_back_at FROM account WHERE id = :account", {"account": account})
    return (row[0], from_ms_or_none(row[1])) if row else ("", None)


def keep_overlap(session: Session, account: int, cursor: str, at: datetime) -> None:
    """The account was looked back at: the next time from the cursor kept the last time, the time after from this one.

    So what passed a cursor unseen is read again by a look back that begins a whole interval later, or more.
    """
    session.run(
        """
        UPDATE account
        SET earlier_cursor = CASE WHEN looked_back_at IS NULL THEN :cursor ELSE later_cursor END,
            later_cursor = :cursor, looked_back_at = :at
        WHERE id = :account
        """,
        {"cursor": cursor, "at": to_ms(at), "account": account},
    )


def set_problem(session: Session, account: int, problem: str, until: datetime | None = None) -> None:
    """What stands in the way of reading, in a sentence, and until when; cleared by the next good answer."""
    session.run(
        "UPDATE account SET problem = :problem, problem_until = :until WHERE id = :account",
        {"problem": problem, "until": to_ms_or_none(until), "account": account},
    )


def set_sending_problem(session: Session, account: int, problem: str) -> bool:
    """What stands in the way of sending until a person acts, in a sentence, or "" for nothing; whether that is new."""
    changed = session.run(
        "UPDATE account SET sending_problem = :problem WHERE id = :account AND sending_problem <> :problem",
        {"problem": problem, "account": account},
    )
    return changed == 1
