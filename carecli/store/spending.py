"""What calls to the networks have cost, as the database keeps it: sums by account, UTC day, kind and conversation.

All of it is an estimate, made by the channels from published prices. Amounts are in micros, millionths of a US dollar.
Not for: what may still be spent (`worker.budget`).
"""

from __future__ import annotations

from datetime import date, datetime

from carecli.model import Record
from carecli.store.session import Session, to_ms

# In the place of a conversation's id, for what belongs to none.
_NONE = 0


class Spent(Record, frozen=True):
    """What an account has paid for one kind of thing on one UTC day."""

    day: date
    kind: str
    count: int
    micros: int


def add(
    session: Session, account: int, day: date, kind: str, count: int, micros: int, conversation: int | None = None
) -> None:
    """Add to what an account has spent on a UTC day, in a conversation where it is known."""
    session.run(
        """
        INSERT INTO spending (account_id, day, kind, conversation_id, count, micros)
        VALUES (:account, :day, :kind, :conversation, :count, :micros)
        ON CONFLICT (account_id, day, kind, conversation_id)
        DO UPDATE SET count = spending.count + excluded.count, micros = spending.micros + excluded.micros
        """,
        {
            "account": account,
            "day": day.isoformat(),
            "kind": kind,
            "conversation": conversation or _NONE,
            "count": count,
            "micros": micros,
        },
    )


ON_A_DAY = "SELECT coalesce(sum(micros), 0) FROM spending WHERE account_id = :account AND day = :day"


def on_day(session: Session, account: int, day: date) -> int:
    """What an account has spent on a UTC day, in micros. Asked often, answered from the day's rows."""
    row = session.one(ON_A_DAY, {"account": account, "day": day.isoformat()})
    return int(row[0]) if row else 0


OF_A_CONVERSATION = """
SELECT coalesce(sum(micros), 0) FROM spending WHERE conversation_id = :conversation AND conversation_id <> 0
"""


def of_conversation(session: Session, conversation: int) -> int:
    """What has been spent in a conversation, in micros: its replies, and the reading of its thread."""
    row = session.one(OF_A_CONVERSATION, {"conversation": conversation})
    return int(row[0]) if row else 0


BY_DAY = """
SELECT day, kind, sum(count), sum(micros) FROM spending
WHERE account_id = :account AND day >= :since GROUP BY day, kind ORDER BY day DESC, kind
"""


def by_day(session: Session, account: int, since: date) -> tuple[Spent, ...]:
    """What an account has spent since a UTC day, that day included, the newest first."""
    rows = session.all(BY_DAY, {"account": account, "since": since.isoformat()})
    return tuple(Spent(date.fromisoformat(day), kind, count, micros) for day, kind, count, micros in rows)


RESOLVED_SINCE = """
SELECT count(DISTINCT conversation_id) FROM event WHERE kind = 'resolved' AND account_id = :account AND at >= :since
"""


def resolved_since(session: Session, account: int, since: datetime) -> int:
    """How many conversations of an account were resolved since then, by anybody and however often."""
    row = session.one(RESOLVED_SINCE, {"account": account, "since": to_ms(since)})
    return int(row[0]) if row else 0


def absorb(session: Session, spare: int, kept: int) -> None:
    """What was spent in one conversation was spent in another: the two have turned out to be one."""
    parameters = {"spare": spare, "kept": kept}
    session.run(
        """
        INSERT INTO spending (account_id, day, kind, conversation_id, count, micros)
        SELECT account_id, day, kind, :kept, count, micros FROM spending
        WHERE conversation_id = :spare AND conversation_id <> 0
        ON CONFLICT (account_id, day, kind, conversation_id)
        DO UPDATE SET count = spending.count + excluded.count, micros = spending.micros + excluded.micros
        """,
        parameters,
    )
    session.run("DELETE FROM spending WHERE conversation_id = :spare AND conversation_id <> 0", parameters)
