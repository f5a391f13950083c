"""What follows a reply on the desk: held and taken back, refused because things moved on, gone on with in private.

Functions of the screen that asks; answers come to it as messages. Not for: the text itself (`conversation_pane`).
"""

from __future__ import annotations

from functools import partial

from textual.content import Content
from textual.message import Message

from carecli.desk.context import Desk
from carecli.desk.outbox import cancel, outbox
from carecli.desk.reply import PrivateMove, go_private
from carecli.desk.views import OutboxRow, ThreadRow
from carecli.errors import Refused
from carecli.model import OutboxEntry, OutboxState
from carecli.tui.asking import Done, ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.dialogs import Choice, ChoiceDialog, LineDialog
from carecli.tui.screens.person import called
from carecli.tui.screens.submitting import MovedOn


class PrivateFound(Message):
    """Where the private talk goes on."""

    def __init__(self, move: PrivateMove) -> None:
        super().__init__()
        self.move = move


class TakenBack(Message):
    """A held reply is a draft again."""

    def __init__(self, conversation_id: int, text: str) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.text = text


def tell_accepted(screen: CareScreen, entry: OutboxEntry) -> None:
    """Say that a reply is held, how to have it back, and how to go on."""
    undo, following = screen.keys.shown("reply.undo"), screen.keys.shown("queue.next")
    held = screen.desk.playbook(entry.account).undo_seconds if entry.held_until else 0
    back = f"Held for {held} s: {undo} takes it back" if held else "On its way"
    if entry.state == "approval":
        back = f"It waits for a lead: {undo} takes it back"
    screen.post_message(Done(f"{back}, {following} goes to the next."))


def ask_what_now(screen: CareScreen, pane: ConversationPane, event: MovedOn) -> None:
    """The customer wrote, or a colleague answered, since the author looked: look first, unless told otherwise."""

    def answered(choice: str | None) -> None:
        if choice == "send":
            pane.send(seen_version=event.view.version)
        elif choice == "look":
            pane.look_first(event.view)

    choices = (
        Choice("look", "Look first", "your text stays as it is"),
        Choice("send", "Send anyway", "signed, as it stands"),
        Choice("keep", "Keep it as a draft"),
    )
    unseen = [row for row in event.view.thread if row.message_id not in pane.seen]
    new = [row for row in unseen if row.pending is None and not row.missing]
    reading = Content("\n").join(_told(row) for row in new) if new else None
    title = f"The conversation with {called(event.view)} has moved on"
    screen.interrupt(ChoiceDialog(screen.keys, title, choices, reading=reading), answered)


def offer_override(screen: CareScreen, pane: ConversationPane, refusal: Refused) -> None:
    """A rule forbids the reply: mend it; or, for a lead, send it with the reason why."""

    def answered(choice: str | None) -> None:
        if choice == "send":
            dialog = LineDialog(screen.keys, "Why is it right all the same?", example="kept with the reply")
            screen.app.push_screen(dialog, given)

    def given(reason: str | None) -> None:
        if reason is not None:
            pane.send(override=reason)

    choices = (Choice("mend", "Mend it", refusal.remedy), Choice("send", "Send it as a lead", "asks for the reason"))
    screen.interrupt(ChoiceDialog(screen.keys, refusal.sentence, choices), answered)


def _told(row: ThreadRow) -> Content:
    return Content.assemble((called(row), "bold"), "  ", row.text)


def find_private(screen: CareScreen, conversation_id: int) -> None:
    """Ask where the private talk goes on; the answer is a `PrivateFound`."""
    ask(screen, "private", lambda: PrivateFound(go_private(screen.desk, conversation_id)), by_key=True)


def take_back(screen: CareScreen) -> None:
    """Take back the agent's own newest reply that is held or waits for a lead; the answer is a `TakenBack`."""
    ask(screen, "undo", partial(_take_back, screen.desk), latest=False, by_key=True)


def _take_back(desk: Desk) -> TakenBack:
    held: tuple[OutboxState, ...] = ("held", "approval")
    newest = max((row for row in outbox(desk, held) if _mine(desk, row)), key=_age, default=None)
    if newest is None or newest.conversation_id is None:
        raise Refused("No reply of yours is held any more.", "Write a further reply instead.", rule="undo")
    return TakenBack(newest.conversation_id, cancel(desk, newest.entry_id))


def _mine(desk: Desk, row: OutboxRow) -> bool:
    return row.agent == desk.agent.id and row.conversation_id is not None


def _age(row: OutboxRow) -> int:
    return row.entry_id
