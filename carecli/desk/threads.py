"""Completing a thread when its conversation is opened, on networks whose feed brings no whole threads.

Called where waiting does no harm: before a command prints, beside a screen that shows what is stored.
Not for: how it is read and paid for (`worker.thread_reader`).
"""

from __future__ import annotations

from typing import Literal

from carecli.desk.context import Desk, conversation_of

Completion = Literal["read", "known", "elsewhere"]


def complete_thread(desk: Desk, conversation_id: int) -> Completion:
    """Read the rest of a conversation's thread if its network asks for that, once for each new message.

    "known": there was nothing to ask for; "elsewhere": another carecli reads it at this moment.
    Raises `NotFound`; `NetworkFailure`, `NeedsPerson` and `StoreError` leave what is stored as it is.
    """
    with desk.database.read() as session:
        found = conversation_of(session, conversation_id)
    if found.visibility == "private" or found.account not in desk.config.accounts:
        return "known"
    if not desk.channel(found.account).capabilities.thread_on_opening:
        return "known"
    with desk.reading(found.account) as reader:
        return reader.read(conversation_id)
