"""What can be done with a conversation besides answering: snooze, resolve, reopen, a note.

Not for: claims (`claims`) or replies (`reply`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from carecli.desk.claims import require_not_taken
from carecli.desk.context import Desk, conversation_of
from carecli.desk.log import log
from carecli.desk.masking import masking
from carecli.desk.views import NoteRow
from carecli.errors import Misuse
from carecli.store import conversations, notes, spending, waits
from carecli.store.session import Session

# How a conversation ended, by evidence (metrics: resolution; practice 15 and 33).
Outcome = Literal["confirmed", "claimed", "silent", "no_reply_needed", "lost"]


def snooze(desk: Desk, conversation_id: int, until: datetime) -> None:
    """Leave a conversation out of the queue until then; its clock runs on.

    Raises `Misuse` for a time past, and `Refused` while a colleague has the conversation.
    """
    if until <= desk.now():
        raise Misuse("That time has passed.", "Name a later one, such as 30m or 14:30.")
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        require_not_taken(desk, found, desk.agent.id)
        conversations.set_snoozed(session, conversation_id, until)
        waits.snooze_wait(session, conversation_id, until)
        log(desk, session, "snoozed", found.account, conversation_id, until=until.isoformat())


def wake(desk: Desk, conversation_id: int) -> None:
    """Show a snoozed conversation again."""
    with desk.database.write() as session:
        conversations.set_snoozed(session, conversation_id, None)
        waits.snooze_wait(session, conversation_id, None)
        _log(desk, session, "woken", conversation_id)


def resolve(desk: Desk, conversation_id: int, outcome: Outcome, reason: str = "") -> int:
    """Close a conversation; what its calls to the network have cost, in micros.

    `no_reply_needed` asks for a reason, and stays in the denominator (practice 15). Raises `Refused` while a colleague
    has the conversation.
    """
    if outcome == "no_reply_needed" and not reason.strip():
        raise Misuse("Why is no reply needed?", "Give a reason, such as --reason 'praise, no question'.")
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        require_not_taken(desk, found, desk.agent.id)
        waiting = waits.close_wait(session, conversation_id, desk.now(), outcome)
        conversations.set_state(session, conversation_id, "resolved", outcome)
        conversations.drop_claim(session, conversation_id)
        log(
            desk,
            session,
            "resolved",
            found.account,
            conversation_id,
            outcome=outcome,
            reason=reason,
            unanswered=waiting,
        )
        return spending.of_conversation(session, conversation_id)


def reopen(desk: Desk, conversation_id: int) -> None:
    """Take a resolution back; a wait that no reply had closed runs on as if it had never been closed."""
    with desk.database.write() as session:
        waiting = waits.reopen_wait(session, conversation_id)
        conversations.set_state(session, conversation_id, "needs_reply" if waiting else "waiting")
        _log(desk, session, "reopened", conversation_id)


def add_note(desk: Desk, conversation_id: int, text: str) -> NoteRow:
    """Leave a note for colleagues. Raises `Misuse` for an empty one."""
    if not text.strip():
        raise Misuse("The note is empty.", "Write what a colleague should know.")
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        log(desk, session, "noted", found.account, conversation_id)
        shown = masking(desk, found.account)
        note = notes.add_note(session, conversation_id, desk.agent.id, text.strip(), desk.now())
    return NoteRow(note.agent, shown.text(note.text), note.at)


def _log(desk: Desk, session: Session, kind: str, conversation_id: int, **data: str | bool) -> None:
    found = conversation_of(session, conversation_id)
    log(desk, session, kind, found.account, conversation_id, **data)
