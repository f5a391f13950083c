"""One conversation in full: the thread as a tree, notes, who read it, the clock.

Not for: the reply (`composing`, `reply`) or changing anything (`workflow`, `claims`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from msgspec.structs import replace

from carecli.desk import asked
from carecli.desk.context import Desk, conversation_of
from carecli.desk.log import log
from carecli.desk.masking import Masking, masking
from carecli.desk.queue import network_of
from carecli.desk.views import ConversationView, NoteRow, ReadRow, ThreadRow
from carecli.errors import StoreError
from carecli.model import Conversation, Message, OutboxEntry
from carecli.playbook.promises import Remembered
from carecli.safetext import SafeText, literal, sanitize_line
from carecli.store import conversations, media, messages, notes, outbox, people, waits
from carecli.store.session import Session

_MONTH = timedelta(days=30)
_NOT_HERE = "This message is not here: it was deleted, is protected, or lies before the recording."
_NOT_ASKED = "This message has not been read yet: the network is asked for it when the conversation is opened."


def open_conversation(desk: Desk, conversation_id: int, *, revealed: bool = False) -> ConversationView:
    """The whole conversation, marked as read by the agent (practice 14). Raises `NotFound`."""
    try:
        with desk.database.write() as session:
            found = conversation_of(session, conversation_id)
            if desk.agent.id:
                notes.mark_read(session, conversation_id, desk.agent.id, desk.now(), found.version)
            return view_in(desk, session, found, revealed=revealed)
    except StoreError:
        # While nothing can be written, it can still be read.
        return view_conversation(desk, conversation_id, revealed=revealed)


def reveal(desk: Desk, conversation_id: int) -> None:
    """Write down that the agent asks to see the personal data of a conversation; who shows it, does so after this.

    Raises `NotFound`, and `StoreError` where it cannot be written: then nothing is shown.
    """
    with desk.database.write() as session:
        log(desk, session, "revealed", conversation_of(session, conversation_id).account, conversation_id)


def mark_read(desk: Desk, view: ConversationView) -> None:
    """The agent has the conversation before their eyes, as it is in `view`; while nothing can be written, no matter."""
    if desk.agent.id:
        with suppress(StoreError), desk.database.write(durable=False) as session:
            notes.mark_read(session, view.conversation_id, desk.agent.id, desk.now(), view.version)


def view_conversation(desk: Desk, conversation_id: int, *, revealed: bool = False) -> ConversationView:
    """The whole conversation, its personal data masked unless it was revealed. Raises `NotFound`."""
    with desk.database.read() as session:
        return view_in(desk, session, conversation_of(session, conversation_id), revealed=revealed)


def view_in(
    desk: Desk,
    session: Session,
    found: Conversation,
    *,
    revealed: bool = False,
    thread: Sequence[Message] | None = None,
    reads: bool = True,
) -> ConversationView:
    """As `view_conversation`, within a transaction that the caller has open.

    thread: its messages, if known. reads: tell also what they ask, promise and decline.
    """
    now = desk.now()
    shown = masking(desk, found.account, revealed=revealed)
    customer = people.identity(session, conversations.customer_identity(session, found.id)).author
    wait = waits.open_wait(session, found.id)
    pending = outbox.pending_in(session, found.id)
    if thread is None:
        thread = messages.thread_messages(session, found.thread_id)
    written = [message for message in thread if _may_show(message, found)]
    kept_in_mind = asked.remembered_in(desk, found, written) if reads else Remembered()
    places = messages.missing_places(session, found.thread_id)
    rows = tree(written, _with_reasons(desk, found, places), customer.remote_id, shown)
    claimed = found.claimed_by if found.claimed_until and found.claimed_until > now else ""
    view = ConversationView(
        conversation_id=found.id,
        version=found.version,
        account=found.account,
        network=network_of(desk, found.account),
        handle=sanitize_line(customer.handle),
        name=shown.line(customer.display_name),
        visibility=found.visibility,
        state=found.state,
        language=found.language,
        thread=(*rows, *(_pending(desk, entry, shown) for entry in pending)),
        notes=tuple(NoteRow(note.agent, shown.text(note.text), note.at) for note in notes.notes(session, found.id)),
        readers=tuple(ReadRow(mark.agent, mark.at) for mark in notes.readers(session, found.id)),
        interactions=found.inbound_count + found.outbound_count,
        contacts=conversations.contacts(session, found.customer_id, now - _MONTH),
        opened_at=wait.opened_at if wait else None,
        due_at=wait.due_at if wait else None,
        limit_at=wait.limit_at if wait else None,
        reasons=wait.reasons if wait else (),
        claimed_by=claimed,
        claimed_until=found.claimed_until if claimed else None,
        snoozed_until=found.snoozed_until if found.snoozed_until and found.snoozed_until > now else None,
        linked_to=found.linked_to or conversations.grown_private(session, found.id),
        private_note=_private_note(desk, found),
        questions=asked.questions(session, found, written, shown) if reads else (),
        promises=asked.promise_rows(kept_in_mind.promises, shown),
        declined=asked.declined_names(kept_in_mind, found.language),
    )
    # Known when all of its texts are there.
    return replace(view, masked=shown.hidden and not revealed, revealed=shown.hidden and revealed)


def _private_note(desk: Desk, found: Conversation) -> SafeText:
    if found.visibility == "public" or found.account not in desk.config.accounts:
        return literal("")
    return sanitize_line(desk.channel(found.account).capabilities.private_note)


def _with_reasons(desk: Desk, found: Conversation, places: Mapping[str, str]) -> Mapping[str, str]:
    """Why places of the thread are empty; one without a reason was not asked for, if its network brings no threads."""
    if all(places.values()) or found.account not in desk.config.accounts:
        return places
    later = desk.channel(found.account).capabilities.thread_on_opening
    return {place: reason or _NOT_ASKED for place, reason in places.items()} if later else places


def _may_show(message: Message, shown: Conversation) -> bool:
    # Private messages of other people can stand in the same thread of a network; they are not for this screen.
    return message.visibility == "public" or message.conversation_id in (shown.id, shown.linked_to)


def tree(thread: Sequence[Message], missing: Mapping[str, str], customer: str, shown: Masking) -> tuple[ThreadRow, ...]:
    """The messages in tree order, each under its parent, siblings by time.

    Total: a parent that is absent, unknown or part of a cycle makes a root. Linear in the number of messages.
    """
    known = {message.remote_id for message in thread}
    children: dict[str, list[Message]] = {}
    roots: list[Message | str] = []
    empty: set[str] = set()
    for message in thread:
        parent = message.parent_remote_id
        if parent is not None and parent in known and parent != message.remote_id:
            children.setdefault(parent, []).append(message)
        elif parent is not None and parent in missing:
            children.setdefault(parent, []).append(message)
            if parent not in empty:
                empty.add(parent)
                roots.append(parent)
        else:
            roots.append(message)
    # What no message points to is the root, or is said of the thread as a whole.
    apart = [reason for place, reason in missing.items() if reason and place not in children and place not in known]
    rows = [_missing(-number, thread[0], reason) for number, reason in enumerate(apart, start=1) if thread]
    seen: set[str] = set()
    # The second round takes up what a cycle kept from every root.
    for start in (*roots, *thread):
        stack: list[tuple[Message | str, int]] = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            remote_id = node if isinstance(node, str) else node.remote_id
            if remote_id in seen:
                continue
            seen.add(remote_id)
            below = children.get(remote_id, [])
            if isinstance(node, str):
                rows.append(_missing(-len(rows) - 1, below[0], missing[node]))
            else:
                rows.append(_row(node, depth, customer, shown))
            stack.extend((child, depth + 1) for child in reversed(below))
    return tuple(rows)


def _row(message: Message, depth: int, customer: str, shown: Masking) -> ThreadRow:
    return ThreadRow(
        message_id=message.id,
        depth=depth,
        name=shown.line(message.author.display_name),
        handle=sanitize_line(message.author.handle),
        text=literal("(deleted by its author)") if message.deleted else shown.text(message.text),
        published_at=message.published_at,
        direction=message.direction,
        visibility=message.visibility,
        ours=message.direction == "outbound",
        theirs=message.author.remote_id == customer,
        agent=message.agent,
        attachments=tuple(shown.line(text) for text in message.attachments),
    )


def _missing(number: int, child: Message, reason: str) -> ThreadRow:
    return ThreadRow(
        message_id=number,
        depth=0,
        name=literal(""),
        handle=literal(""),
        text=sanitize_line(reason or _NOT_HERE),
        published_at=child.published_at,
        direction="inbound",
        visibility=child.visibility,
        ours=False,
        theirs=False,
        missing=True,
    )


def _pending(desk: Desk, entry: OutboxEntry, shown: Masking) -> ThreadRow:
    section = desk.config.accounts.get(entry.account)
    return ThreadRow(
        message_id=-1_000_000_000 - entry.id,
        depth=1,
        name=sanitize_line(section.brand if section else ""),
        handle=sanitize_line(section.handle if section else ""),
        text=shown.text("\n".join(part.text for part in entry.parts)),
        published_at=entry.created_at,
        direction="outbound",
        visibility=entry.visibility,
        ours=True,
        theirs=False,
        agent=entry.agent,
        attachments=tuple(shown.line(words) for words in media.in_words(entry.media)),
        pending=entry.state,
    )
