"""The outbox as people see it, and taking a reply back while that is still possible."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from carecli.channels.base import Outgoing
from carecli.desk.claims import require_free
from carecli.desk.context import Desk, account_number, conversation_of
from carecli.desk.log import log
from carecli.desk.media import sent_media
from carecli.desk.reply import require_unchanged
from carecli.desk.views import OutboxRow, media_row
from carecli.errors import NotFound, Refused
from carecli.model import Concern, Draft, OutboxEntry, OutboxState
from carecli.playbook.approval import may_approve
from carecli.playbook.signature import unsigned
from carecli.safetext import sanitize, sanitize_line
from carecli.store import accounts, conversations, media, messages, notes, outbox_parts, people, waits
from carecli.store import outbox as entries
from carecli.store.session import Session

# What a person found out about a reply whose outcome nobody could read.
Verdict = Literal["sent", "not_sent"]


def outbox(desk: Desk, states: Collection[OutboxState] = ()) -> tuple[OutboxRow, ...]:
    """Entries in any of `states`, or all of them, the newest first."""
    with desk.database.read() as session:
        found = entries.entries(session, states)
    return tuple(_row(entry) for entry in found)


def cancel(desk: Desk, entry_id: int) -> str:
    """Take a reply back before it leaves, or drop a rejected one; its text, unsigned, is its author's draft again.

    So is one from a restored backup that has not been found at the network.
    Raises `NotFound`, and `Refused` once it is on its way, or where it waits for a lead and is a colleague's.
    """
    with desk.database.write() as session:
        entry = known(session, entry_id)
        if entry.state == "approval" and entry.agent != desk.agent.id:
            remedy = "A lead sends it back with a reason: `carecli outbox return`."
            raise Refused(f"Only {entry.agent} takes it back while it waits for a lead.", remedy, rule="undo")
        sources: list[OutboxState] = ["approval", "held", "queued", "rejected"]
        if entry.error == entries.RESTORED:
            sources.append("unknown")
        if not entries.move(session, entry_id, sources, "cancelled"):
            raise Refused(f"It is {entry.state} already.", "Write a further reply instead.", rule="undo")
        if any(part.remote_id for part in entry.parts):
            raise Refused("A part of it has left already.", "Write a further reply instead.", rule="undo")
        give_back(desk, session, entry)
        media.forget_bytes(session, entry_id)
        log(desk, session, "cancelled", entry.account, entry.conversation_id, entry=entry_id)
        return as_written(desk, entry)


def give_back(desk: Desk, session: Session, entry: OutboxEntry) -> None:
    """What a reply says and carries is its author's draft again, before what they write there now."""
    if entry.conversation_id is not None and entry.kind == "reply":
        text = as_written(desk, entry)
        notes.save_draft(session, _draft_again(desk, session, entry, entry.conversation_id, text))
        media.give_back(session, entry.id, entry.conversation_id, entry.agent)


def retry(desk: Desk, entry_id: int) -> OutboxEntry:
    """Send a rejected reply again as it is, under new keys: it certainly is not at the network.

    What waited for a lead waits for one again, unless the agent is one and it is not their own.
    Raises `NotFound`, `Refused` for one that is not rejected or whose conversation a colleague has, and `Stale` where
    the agent has not seen all that was written since.
    """
    with desk.database.write() as session:
        entry = known(session, entry_id)
        if entry.state != "rejected":
            raise Refused(
                f"It is {entry.state}, not rejected.", "An unknown one is settled with `outbox resolve`.", rule="retry"
            )
        seen_version = entry.seen_version
        if entry.conversation_id is not None:
            found = conversation_of(session, entry.conversation_id)
            require_unchanged(desk, session, found, None)
            require_free(desk, session, found)
            seen_version = found.version
            draft = notes.draft(session, found.id, entry.agent)
            if draft is not None and draft.text == as_written(desk, entry):
                notes.remove_draft(session, found.id, entry.agent)
                media.detach_all(session, found.id, entry.agent)
        begun = any(part.remote_id for part in entry.parts)
        approved_by = entry.approved_by if begun or not entry.approval else ""
        _queue_again(desk, session, entry, seen_version, approved_by or _own_word(desk, entry))
        again = known(session, entry_id)
        log(desk, session, "retried", entry.account, entry.conversation_id, entry=entry_id, state=again.state)
        return again


def resolve(desk: Desk, entry_id: int, verdict: Verdict, remote_id: str = "") -> OutboxEntry:
    """Settle an unknown entry as a person sees it at the network.

    "sent": it is there (`remote_id` if known), and is not sent again. "not_sent": it is not there; it is sent again,
    under new keys. Raises `NotFound`, and `Refused` for one that is not unknown.
    """
    with desk.database.write() as session:
        entry = known(session, entry_id)
        if entry.state != "unknown":
            raise Refused(f"It is {entry.state}, not unknown.", "There is nothing to settle.", rule="resolve")
        log(desk, session, "settled", entry.account, entry.conversation_id, entry=entry_id, verdict=verdict)
        if verdict == "not_sent":
            _queue_again(desk, session, entry, entry.seen_version, entry.approved_by or _own_word(desk, entry))
        else:
            _settle_as_sent(desk, session, entry, remote_id)
        return known(session, entry_id)


def _own_word(desk: Desk, entry: OutboxEntry) -> str:
    """The agent, where what asks for a lead has one in them."""
    return desk.agent.id if entry.approval and may_approve(desk.agent, entry.agent) else ""


def _queue_again(desk: Desk, session: Session, entry: OutboxEntry, seen_version: int, approved_by: str) -> None:
    channel = desk.channel(entry.account)
    customer = None
    if entry.conversation_id is not None:
        identity = conversations.customer_identity(session, entry.conversation_id)
        customer = people.identity(session, identity).author
    for part in entry.parts:
        if not part.remote_id:
            key = desk.new_key()
            files = media.frozen_files(session, entry.id) if part.number == 1 else ()
            outgoing = Outgoing(part.text, key, entry.visibility, entry.reply_to, customer, sent_media(files))
            outbox_parts.refreeze(session, entry.id, part.number, key, channel.prepare(outgoing).payload)
    entries.queue_again(session, entry.id, seen_version, approved_by)


def _settle_as_sent(desk: Desk, session: Session, entry: OutboxEntry, remote_id: str) -> None:
    now = desk.now()
    part = next(part for part in entry.parts if not part.remote_id)
    outbox_parts.part_sent(session, entry.id, part.number, remote_id or outbox_parts.unnamed(part.key), now)
    messages.set_agent(session, account_number(session, entry.account), remote_id, entry.agent)
    if part.number < len(entry.parts):
        # Of a restored one the parts that follow may stand there, too: they are looked up one by one.
        if entry.error != entries.RESTORED:
            entries.move(session, entry.id, ["unknown"], "queued")
        return
    entries.finish(session, entry.id, now)
    number = entry.conversation_id
    # Whoever wrote since waits for an answer to that; what this one covers is told by its time, when it comes in.
    if number is None or messages.has_news(session, number, entry.seen_version, entry.agent):
        return
    if waits.close_wait(session, number, now, "answered"):
        conversations.set_state(session, number, "waiting")


def known(session: Session, entry_id: int) -> OutboxEntry:
    """One entry, within a transaction that the caller has open. Raises `NotFound`."""
    entry = entries.entry(session, entry_id)
    if entry is None:
        raise NotFound(f"There is no outbox entry {entry_id}.", "`carecli outbox` lists them.")
    return entry


def entry_of(desk: Desk, entry_id: int) -> OutboxEntry:
    """One entry as it stands. Raises `NotFound`."""
    with desk.database.read() as session:
        return known(session, entry_id)


def undecided_before(desk: Desk, entry: OutboxEntry) -> int | None:
    """An earlier reply of the same conversation of which nobody knows whether it arrived: nothing leaves past it."""
    if entry.conversation_id is None:
        return None
    with desk.database.read() as session:
        earlier = entries.pending_in(session, entry.conversation_id)
    return next((one.id for one in earlier if one.id < entry.id and one.state == "unknown"), None)


def in_the_way(desk: Desk, entry: OutboxEntry) -> str:
    """What a person has to do before a queued entry can leave, as the network told it; "" where it leaves by itself."""
    with desk.database.read() as session:
        state = accounts.account_state(session, entry.account)
    problem = state.sending_problem if state else ""
    return problem if entry.state == "queued" and entry.error == problem else ""


def as_written(desk: Desk, entry: OutboxEntry) -> str:
    """The text that has not left, without its signatures; of an agent who is not there any more, as it was frozen."""
    author = desk.config.agents.get(entry.agent)
    signature = desk.playbook(entry.account).signature
    unsent = [part.text for part in entry.parts if not part.remote_id]
    return "\n".join(unsigned(text, signature, author) if author else text for text in unsent)


def _draft_again(desk: Desk, session: Session, entry: OutboxEntry, number: int, text: str) -> Draft:
    """A reply as its author's draft, before what they write there now; all of it as seen as the least seen of both."""
    visibility, seen = entry.visibility, entry.seen_version
    now = notes.draft(session, number, entry.agent)
    if now is None or now.text == text:
        return Draft(number, entry.agent, text, len(text), visibility, seen, desk.now())
    both = now.text if text in now.text else f"{text}\n{now.text}"
    private = "private" in (visibility, now.visibility)
    return Draft(
        number,
        entry.agent,
        both,
        len(text),
        "private" if private else "public",
        min(seen, now.seen_version),
        desk.now(),
    )


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
        doubt=sanitize(entry.doubt),
        link=sanitize_line(entry.link),
        media=tuple(media_row(one) for one in entry.media),
        parts=len(entry.parts),
        parts_sent=sum(bool(part.remote_id) for part in entry.parts),
        not_before=entry.not_before,
        approval=tuple(Concern(one.check, sanitize_line(one.sentence)) for one in entry.approval),
        approved_by=entry.approved_by,
        override=sanitize(entry.override),
        edited_by=entry.edited_by,
        revision=entry.revision,
    )
