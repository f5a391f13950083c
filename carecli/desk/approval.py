"""What a lead does about replies that wait for one: let them go, send them back with a reason, or mend their text.

Whose text it is stays: it is signed by its author, and comes back to them where it does not leave (practice 7).
Not for: what waits (`playbook.approval`), or its author's taking it back (`outbox.cancel`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from carecli.desk.claims import require_not_taken
from carecli.desk.composing import composing_in
from carecli.desk.context import Desk, conversation_of
from carecli.desk.log import log
from carecli.desk.outbox import as_written, give_back, known
from carecli.desk.parts import parts_of
from carecli.desk.reply import frozen_parts, signed_part
from carecli.errors import Misuse, Refused, Stale
from carecli.model import OutboxEntry, OutboxPart
from carecli.playbook.approval import may_approve
from carecli.store import approval, media, messages, notes, outbox
from carecli.store.session import Session

MOVED_ON = (
    "The customer wrote, or a colleague answered, while it waited for a lead. Read what is new, then send it again."
)


def approve(desk: Desk, entry_id: int, *, revision: int | None = None, hold: bool = False) -> OutboxEntry:
    """Let a reply go that waits for a lead; as it stands then.

    Where things have moved on since its author looked, it comes back to them instead: it is "rejected" then, and
    nothing leaves. revision: the one that the lead has read. hold: keep it for the playbook's undo time.
    Raises `NotFound`, `Stale` where another lead has changed it since, and `Refused`.
    """
    with desk.database.write() as session:
        entry = _waiting(desk, session, entry_id, revision)
        number = _conversation(entry)
        require_not_taken(desk, conversation_of(session, number), entry.agent)
        if messages.has_news(session, number, entry.seen_version, entry.agent):
            outbox.move(session, entry_id, ["approval"], "rejected", MOVED_ON)
            give_back(desk, session, entry)
            log(desk, session, "rejected", entry.account, number, entry=entry_id, reason=MOVED_ON)
            return known(session, entry_id)
        undo = desk.playbook(entry.account).undo_seconds if hold else 0
        held_until = desk.now() + timedelta(seconds=desk.clock.desk_seconds(undo)) if undo else None
        approval.approve(session, entry_id, desk.agent.id, held_until)
        log(desk, session, "approved", entry.account, number, entry=entry_id, held=bool(undo))
        return known(session, entry_id)


def withdraw(desk: Desk, entry_id: int) -> OutboxEntry:
    """Take one's own word back within the undo time: the reply waits for a lead again. Raises `NotFound`, `Refused`."""
    with desk.database.write() as session:
        entry = known(session, entry_id)
        if not approval.withdraw(session, entry_id, desk.agent.id):
            raise Refused(f"It is {entry.state} already.", "Write a further reply instead.", rule="undo")
        log(desk, session, "withdrawn", entry.account, entry.conversation_id, entry=entry_id)
        return known(session, entry_id)


def return_reply(desk: Desk, entry_id: int, reason: str) -> OutboxEntry:
    """Send a reply back to its author, whose draft it is again; the reason stands as a note on the conversation.

    Raises `NotFound`, `Refused`, and `Misuse` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Misuse("Nobody learns from a reply that comes back without a word.", "Say why it comes back.")
    with desk.database.write() as session:
        entry = _waiting(desk, session, entry_id, None)
        number = _conversation(entry)
        outbox.move(session, entry_id, ["approval"], "cancelled", f"Sent back by {desk.agent.id}: {reason}")
        give_back(desk, session, entry)
        media.forget_bytes(session, entry_id)
        notes.add_note(session, number, desk.agent.id, f"Sent back to {entry.agent}: {reason}", desk.now())
        log(desk, session, "returned", entry.account, number, entry=entry_id, reason=reason)
        return known(session, entry_id)


def text_of(desk: Desk, entry_id: int) -> str:
    """What the author of an entry wrote, without their signature, as one changes it. Raises `NotFound`."""
    with desk.database.read() as session:
        return as_written(desk, known(session, entry_id))


def edit(
    desk: Desk, entry_id: int, text: str, further: Sequence[str] = (), *, revision: int | None = None
) -> OutboxEntry:
    """Change the text of a reply that waits for a lead; it waits on, signed by its author.

    further: texts that follow as parts of their own; without any, a text that had parts is cut anew where it is too
    long for one post. revision: the one that the lead has read. It is checked as its author's, and a rule that
    refuses it cannot be set aside here. Raises `NotFound`, `Stale` where another lead has changed it since, and
    `Refused`.
    """
    with desk.database.write() as session:
        entry = _waiting(desk, session, entry_id, revision)
        number = _conversation(entry)
        author = desk.config.agents.get(entry.agent)
        if author is None:
            raise Refused(
                f"{entry.agent!r} is not among the agents any more, so nobody signs it.",
                "Send it back, and write a reply of your own.",
                rule="approval",
            )
        context = composing_in(desk, session, conversation_of(session, number), entry.visibility, author)
        cut = parts_of(context, text) if len(entry.parts) > 1 and not further else (text,)
        signed = [signed_part(context, part) for part in (*cut, *further)]
        parts = tuple(OutboxPart(place, words, desk.new_key()) for place, words in enumerate(signed, start=1))
        edited = msgspec.structs.replace(entry, parts=parts)
        files = media.frozen_files(session, entry_id)
        approval.rewrite(session, entry_id, desk.agent.id, frozen_parts(edited, context, files))
        log(desk, session, "edited", entry.account, number, entry=entry_id)
        return known(session, entry_id)


def _waiting(desk: Desk, session: Session, entry_id: int, revision: int | None) -> OutboxEntry:
    """An entry that waits for this very agent's word."""
    entry = known(session, entry_id)
    if entry.state != "approval":
        raise Refused(f"It is {entry.state}: it does not wait for a lead.", "", rule="approval")
    if entry.agent == desk.agent.id:
        raise Refused("Nobody approves a reply of their own.", "Another lead does.", rule="approval")
    if not may_approve(desk.agent, entry.agent):
        raise Refused("Only a lead does that, and none in training.", "Ask a lead.", rule="approval")
    if revision is not None and revision != entry.revision:
        raise Stale(f"{entry.edited_by} has changed it since you read it.", "Read it again.", rule="revision")
    return entry


def _conversation(entry: OutboxEntry) -> int:
    # Greetings and sign-offs never wait.
    assert entry.conversation_id is not None
    return entry.conversation_id
