"""A conversation with all that answering it needs, read in one transaction.

Not for: marking it as read (`conversation`), or checking what is typed (`composing`).
"""

from __future__ import annotations

from carecli.desk.composing import Composing, composing_in
from carecli.desk.context import Desk, conversation_of
from carecli.desk.conversation import view_in
from carecli.desk.views import ConversationView, MediaRow, media_row
from carecli.model import Draft, Record
from carecli.store import media, notes


class Opened(Record, frozen=True):
    """A conversation as it is now, what its composer must know, and what the agent was writing in it.

    attached: the pictures and films that the draft carries.
    """

    view: ConversationView
    composing: Composing
    draft: Draft | None
    attached: tuple[MediaRow, ...] = ()


def opened(desk: Desk, conversation_id: int, *, revealed: bool = False) -> Opened:
    """Read a conversation, its personal data masked unless it was revealed. Raises `NotFound`."""
    with desk.database.read() as session:
        found = conversation_of(session, conversation_id)
        return Opened(
            view_in(desk, session, found, revealed=revealed),
            composing_in(desk, session, found, found.visibility),
            notes.draft(session, conversation_id, desk.agent.id),
            tuple(media_row(one) for one in media.attached(session, conversation_id, desk.agent.id)),
        )
