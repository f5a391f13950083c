"""A conversation with all that answering it needs, read in one transaction.

Not for: marking it as read (`conversation`), or checking what is typed (`composing`).
"""

from __future__ import annotations

from carecli.desk.composing import Composing, composing_in
from carecli.desk.context import Desk, conversation_of
from carecli.desk.conversation import view_in
from carecli.desk.views import ComposerView, ConversationView, MediaRow, media_row
from carecli.model import Draft, Record
from carecli.store import media, messages, notes


class Opened(Record, frozen=True):
    """A conversation as it is now, what its composer must know, and what the agent was writing in it.

    checked: what the composer shows of the draft. attached: the pictures and films that it carries.
    """

    view: ConversationView
    composing: Composing
    draft: Draft | None
    checked: ComposerView
    attached: tuple[MediaRow, ...] = ()


def opened(desk: Desk, conversation_id: int, *, revealed: bool = False, at_a_glance: bool = False) -> Opened:
    """Read a conversation, its personal data masked unless it was revealed. Raises `NotFound`.

    at_a_glance: where no draft has been begun, what its texts ask, promise and decline is left out, since that is read
    by phrases from their languages' files; whoever looks so, looks again.
    """
    with desk.database.read() as session:
        found = conversation_of(session, conversation_id)
        thread = messages.thread_messages(session, found.thread_id)
        draft = notes.draft(session, conversation_id, desk.agent.id)
        reads = draft is not None or not at_a_glance
        view = view_in(desk, session, found, revealed=revealed, thread=thread, reads=reads)
        composing = composing_in(desk, session, found, found.visibility, thread=thread, reads=reads)
        attached = tuple(media_row(one) for one in media.attached(session, conversation_id, desk.agent.id))
    # A draft that has been begun has its language's phrases read from their file: here, so that no key waits for it.
    return Opened(view, composing, draft, composing.check(draft.text if draft else ""), attached)
