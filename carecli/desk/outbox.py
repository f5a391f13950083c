"""The outbox as people see it, and taking a reply back while that is still possible."""

from __future__ import annotations

from collections.abc import Collection

from carecli.desk.context import Desk
from carecli.desk.log import log
from carecli.desk.views import OutboxRow
from carecli.errors import NotFound, Refused
from carecli.model import Draft, OutboxEntry, OutboxState
from carecli.playbook.signature import unsigned
from carecli.safetext import sanitize
from carecli.store import conversations, notes
from carecli.store import outbox as entries


def outbox(desk: Desk, states: Collection[OutboxState] = ()) -> tuple[OutboxRow, ...]:
    """Entries in any of `states`, or all of them, the newest first."""
    with desk.database.read() as session:
        found = entries.entries(session, states)
    return tuple(_row(entry) for entry in found)


def cancel(desk: Desk, entry_id: int) -> str:
    """Take a reply back before it leaves; its text, without the signature, is the agent's draft again.

    Raises `NotFound`, and `Refused` once it is on its way.
    """
    with desk.database.write() as session:
        entry = entries.entry(session, entry_id)
        if entry is None:
            raise NotFound(f"There is no outbox entry {entry_id}.", "`carecli outbox` lists them.")
        if not entries.move(session, entry_id, ["held", "queued"], "cancelled"):
            raise Refused(f"It is {entry.state} already.", "Write a further reply instead.", rule="undo")
        text = _as_written(desk, entry)
        if entry.conversation_id is not None and entry.kind == "reply":
            seen = conversations.conversation(session, entry.conversation_id)
            version = seen.version if seen else entry.seen_version
            draft = Draft(entry.conversation_id, entry.agent, text, len(text), entry.visibility, version, desk.now())
            notes.save_draft(session, draft)
        log(desk, session, "cancelled", entry.account, entry.conversation_id, entry=entry_id)
        return text


def entry_of(desk: Desk, entry_id: int) -> OutboxEntry:
    """One entry as it stands. Raises `NotFound`."""
    with desk.database.read() as session:
        entry = entries.entry(session, entry_id)
    if entry is None:
        raise NotFound(f"There is no outbox entry {entry_id}.", "`carecli outbox` lists them.")
    return entry


def _as_written(desk: Desk, entry: OutboxEntry) -> str:
    """The text of a reply without its signatures; of an agent who has left, as it was frozen."""
    author = desk.config.agents.get(entry.agent)
    signature = desk.playbook(entry.account).signature
    return "\n".join(unsigned(part.text, signature, author) if author else part.text for part in entry.parts)


def _row(entry: OutboxEntry) -> OutboxRow:
    return OutboxRow(
        entry_id=entry.id,
        conversation_id=entry.conversation_id,
        account=entry.account,
        kind=entry.kind,
        state=entry.state,
        visibility=entry.visibility,
        agent=entry.agent,
        text=sanitize("\n".join(part.text for part in entry.parts)),
        created_at=entry.created_at,
        held_until=entry.held_until,
        error=sanitize(entry.error),
        parts=len(entry.parts),
        parts_sent=sum(bool(part.remote_id) for part in entry.parts),
    )
