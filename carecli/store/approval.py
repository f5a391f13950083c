"""What waits for a lead in the outbox, and the steps that it takes there.

approval → queued | held (approved), approval (edited), cancelled (returned, taken back) or rejected (things moved on);
held → approval where the lead takes their word back. Not for: who may do that (`desk.approval`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carecli.store import outbox_parts
from carecli.store.session import Session, to_ms_or_none


def approve(session: Session, entry_id: int, lead: str, held_until: datetime | None) -> bool:
    """approval → queued, or held where there is an undo time; whether it waited."""
    changed = session.run(
        """
        UPDATE outbox SET state = :target, approved_by = :lead, held_until = :held, error = ''
        WHERE id = :id AND state = 'approval'
        """,
        {
            "target": "held" if held_until else "queued",
            "lead": lead,
            "held": to_ms_or_none(held_until),
            "id": entry_id,
        },
    )
    return changed == 1


def withdraw(session: Session, entry_id: int, lead: str) -> bool:
    """held → approval: the lead takes their word back within the undo time; whether it was still held on theirs."""
    changed = session.run(
        """
        UPDATE outbox SET state = 'approval', approved_by = '', held_until = NULL
        WHERE id = :id AND state = 'held' AND approved_by = :lead AND approval <> '[]'
        """,
        {"lead": lead, "id": entry_id},
    )
    return changed == 1


def rewrite(session: Session, entry_id: int, lead: str, parts: Sequence[outbox_parts.FrozenPart]) -> bool:
    """Put other parts in the place of those of an entry that waits; whether it did."""
    changed = session.run(
        "UPDATE outbox SET edited_by = :lead, revision = revision + 1 WHERE id = :id AND state = 'approval'",
        {"lead": lead, "id": entry_id},
    )
    if changed != 1:
        return False
    session.run("DELETE FROM outbox_part WHERE outbox_id = :id", {"id": entry_id})
    outbox_parts.add_parts(session, entry_id, parts)
    return True


def count(session: Session, agent: str, *, own: bool) -> int:
    """How many replies wait: the agent's own, or all others."""
    row = session.one(
        "SELECT count(*) FROM outbox WHERE state = 'approval' AND (agent = :agent) = :own",
        {"agent": agent, "own": own},
    )
    return int(row[0]) if row else 0
