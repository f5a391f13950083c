"""What a lead does about replies that wait for one: let them go, send them back, change them; and what they read.

Functions of the outbox screen. Not for: who may do that, or what waits (`desk.approval`, `playbook.approval`).
"""

from __future__ import annotations

from datetime import tzinfo
from functools import partial

from textual.content import Content
from textual.message import Message

from carecli.desk.approval import approve, edit, return_reply, text_of, withdraw
from carecli.desk.context import Desk
from carecli.desk.conversation import view_conversation
from carecli.desk.views import ConversationView, OutboxRow
from carecli.model import OutboxEntry
from carecli.playbook.approval import may_approve
from carecli.tui.asking import Done, ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.dialogs import LineDialog, TextDialog

_SHOWN = 12  # messages; `list.choose` opens the whole conversation


class ConversationRead(Message):
    """The conversation of a reply that waits."""

    def __init__(self, entry_id: int, view: ConversationView) -> None:
        super().__init__()
        self.entry_id = entry_id
        self.view = view


class EditWanted(Message):
    """The text of a reply that waits, as its author wrote it, to be changed."""

    def __init__(self, row: OutboxRow, text: str) -> None:
        super().__init__()
        self.row = row
        self.text = text


def may_decide(desk: Desk, row: OutboxRow) -> bool:
    """Whether a reply waits for this very agent's word."""
    return row.state == "approval" and may_approve(desk.agent, row.agent)


def may_withdraw(desk: Desk, entry: OutboxEntry) -> bool:
    """Whether a reply is still held that leaves on this agent's word."""
    return entry.state == "held" and bool(entry.approval) and entry.approved_by == desk.agent.id


def read_conversation(screen: CareScreen, row: OutboxRow) -> None:
    """Ask for what a reply answers; it comes as a `ConversationRead`."""
    number, entry_id = row.conversation_id, row.entry_id
    if number is not None:
        ask(screen, "reading", lambda: ConversationRead(entry_id, view_conversation(screen.desk, number)))


def let_go(screen: CareScreen, row: OutboxRow) -> None:
    """Approve a reply as it was read; it is held for the undo time first."""
    ask(screen, "approval", partial(_let_go, screen, row), latest=False, by_key=True)


def _let_go(screen: CareScreen, row: OutboxRow) -> Done:
    entry = approve(screen.desk, row.entry_id, revision=row.revision, hold=True)
    if entry.state == "rejected":
        return Done(f"It did not leave: things have moved on. The text is {row.agent}'s draft again.")
    if entry.state == "held":
        seconds = screen.desk.playbook(entry.account).undo_seconds
        return Done(f"Approved, and held for {seconds} s: {screen.keys.shown('outbox.cancel')} takes your word back.")
    return Done("Approved. It is on its way.")


def take_word_back(desk: Desk, entry_id: int) -> Done:
    """Let an approved reply wait again. In a thread."""
    withdraw(desk, entry_id)
    return Done("Your word is taken back: it waits for a lead again.")


def send_back(screen: CareScreen, row: OutboxRow) -> None:
    """Ask why, then make the reply its author's draft again."""

    def answered(reason: str | None) -> None:
        if reason is not None:
            ask(screen, "approval", partial(_send_back, screen.desk, row, reason), latest=False, by_key=True)

    title = f"Why does it go back to {row.agent}?"
    screen.app.push_screen(LineDialog(screen.keys, title, example="stands as a note on the conversation"), answered)


def _send_back(desk: Desk, row: OutboxRow, reason: str) -> Done:
    return_reply(desk, row.entry_id, reason)
    return Done(f"Sent back: it is {row.agent}'s draft again, with your reason as a note.")


def begin_edit(screen: CareScreen, row: OutboxRow) -> None:
    """Ask for the text without its signature; it comes as an `EditWanted`."""
    ask(screen, "approval", lambda: EditWanted(row, text_of(screen.desk, row.entry_id)), latest=False, by_key=True)


def change(screen: CareScreen, wanted: EditWanted, reading: Content | None) -> None:
    """Let the lead change a text, with the conversation above it."""
    row = wanted.row

    def answered(text: str | None) -> None:
        if text is not None and text != wanted.text:
            ask(screen, "approval", partial(_change, screen.desk, row, text), latest=False, by_key=True)

    title = f"Change what {row.agent} wrote; {row.agent} signs it"
    screen.app.push_screen(TextDialog(screen.keys, title, reading=reading, text=wanted.text), answered)


def _change(desk: Desk, row: OutboxRow, text: str) -> Done:
    edit(desk, row.entry_id, text, revision=row.revision)
    return Done("Changed. It still waits for a lead.")


def conversation_text(view: ConversationView, zone: tzinfo) -> Content:
    """The last messages of a conversation, the newest first, as one reads them beside a reply."""
    standing = [row for row in view.thread if row.pending is None and not row.missing]
    newest = sorted(standing, key=lambda row: row.published_at, reverse=True)[:_SHOWN]
    lines: list[Content] = []
    for row in newest:
        who = row.agent or row.name or row.handle
        lines.append(
            Content.assemble(
                (f"{row.published_at.astimezone(zone):%H:%M} ", "$muted"),
                (f"{who}  ", "bold" if row.theirs else "$muted"),
                " ".join(row.text.split()),
            )
        )
    return Content("\n").join(lines)
