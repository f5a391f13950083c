"""A reply goes from the composer to the outbox: accepted, or stopped with what the screen must ask then.

Not for: what may be accepted (`desk.reply`), or what is asked (`replying`).
"""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from carecli.desk.context import Desk
from carecli.desk.conversation import view_conversation
from carecli.desk.media import draft_files
from carecli.desk.reply import reply
from carecli.desk.views import ConversationView
from carecli.errors import Refused, Stale
from carecli.model import OutboxEntry
from carecli.playbook.checks import ALWAYS
from carecli.tui.drafts import DraftKeeper, Typed

# Refusals that are facts, or the signature's, and not a rule that a lead may set aside.
_NOT_A_RULE = ALWAYS | {"claimed", "not-allowed", "override", "control-characters", "said-already"}


class Accepted(Message):
    """A reply is in the outbox."""

    def __init__(self, typed: Typed, entry: OutboxEntry) -> None:
        super().__init__()
        self.typed = typed
        self.entry = entry


class MovedOn(Message):
    """A reply was not accepted, because the conversation is no longer as its author saw it."""

    def __init__(self, typed: Typed, view: ConversationView) -> None:
        super().__init__()
        self.typed = typed
        self.view = view


class Forbidden(Message):
    """A reply was not accepted, because a rule forbids it; a lead may send it all the same."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__()
        self.refusal = refusal


def submit(
    desk: Desk,
    drafts: DraftKeeper,
    typed: Typed,
    *,
    override: str,
    split: bool,
    revealed: bool,
    tell: Callable[[str], object],
) -> Accepted | MovedOn | Forbidden:
    """Hand a reply to the outbox, with what is attached to its draft. Waits for the database: called in a thread.

    override: a lead's reason against a rule. split: in parts. revealed: whether personal data is shown.
    tell: is given what the author should know besides. Raises what `desk.reply.reply` raises and nobody may set aside.
    """
    try:
        with drafts.sending(typed):
            entry = reply(
                desk,
                typed.conversation_id,
                typed.text,
                typed.visibility,
                seen_version=typed.seen_version,
                hold=True,
                files=draft_files(desk, typed.conversation_id),
                split=split,
                override=override,
                tell=tell,
            )
    except Stale:
        return MovedOn(typed, view_conversation(desk, typed.conversation_id, revealed=revealed))
    except Refused as refusal:
        if refusal.rule in _NOT_A_RULE or not desk.agent.lead:
            raise
        return Forbidden(refusal)
    return Accepted(typed, entry)
