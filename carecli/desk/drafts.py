"""Drafts: what an agent is writing, kept as typed, one for each conversation and agent.

A draft never contains its signature. Not for: what was sent (`outbox`).
"""

from __future__ import annotations

from carecli.desk.context import Desk
from carecli.model import Draft, Visibility
from carecli.store import notes


def save_draft(
    desk: Desk, conversation_id: int, text: str, cursor: int, visibility: Visibility, seen_version: int
) -> None:
    """Keep a draft; an empty text removes it. `cursor` is an offset in characters."""
    with desk.database.write() as session:
        if not text.strip():
            notes.remove_draft(session, conversation_id, desk.agent.id)
            return
        draft = Draft(conversation_id, desk.agent.id, text, cursor, visibility, seen_version, desk.now())
        notes.save_draft(session, draft)
