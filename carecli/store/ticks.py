"""Which of a customer's questions an agent has ticked off (practice 22).

Not for: what they ask (`playbook.questions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carecli.store.session import Session, to_ms


def ticked(session: Session, message_ids: Sequence[int]) -> frozenset[tuple[int, int]]:
    """The questions of some messages that are ticked off: the message and the number of the question in it."""
    found: set[tuple[int, int]] = set()
    for message_id in message_ids:
        rows = session.all("SELECT number FROM question_tick WHERE message_id = :message", {"message": message_id})
        found.update((message_id, row[0]) for row in rows)
    return frozenset(found)


def tick(session: Session, message_id: int, number: int, agent: str, at: datetime) -> None:
    """Tick a question off; a second time changes nothing."""
    session.run(
        """
        INSERT INTO question_tick (message_id, number, agent, at) VALUES (:message, :number, :agent, :at)
        ON CONFLICT (message_id, number) DO NOTHING
        """,
        {"message": message_id, "number": number, "agent": agent, "at": to_ms(at)},
    )


def untick(session: Session, message_id: int, number: int) -> None:
    """A question is open again."""
    session.run(
        "DELETE FROM question_tick WHERE message_id = :message AND number = :number",
        {"message": message_id, "number": number},
    )
