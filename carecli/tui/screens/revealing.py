"""Revealing: the personal data of the conversation that stands open, shown after the log says who asked, and hidden.

Not for: what is masked (`desk.masking`).
"""

from __future__ import annotations

from textual.message import Message

from carecli.desk.conversation import reveal
from carecli.tui.asking import ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.conversation_pane import ConversationPane


class Revealed(Message):
    """The log says that the agent sees a conversation's personal data: now they may."""

    def __init__(self, conversation_id: int) -> None:
        super().__init__()
        self.conversation_id = conversation_id


def can_turn(pane: ConversationPane) -> bool:
    """Whether the conversation that stands open holds personal data."""
    view = pane.view
    return view is not None and view.conversation_id == pane.current and (view.masked or view.revealed)


def turn(screen: CareScreen, pane: ConversationPane) -> None:
    """Reveal the personal data of the open conversation, or hide it again."""
    current = pane.current
    if current is None or not can_turn(pane):
        return
    if pane.revealed == current:
        pane.revealed = None
        pane.reload()
        return

    def call() -> Revealed:
        reveal(screen.desk, current)
        return Revealed(current)

    ask(screen, "reveal", call, latest=False, by_key=True)


def show(pane: ConversationPane, event: Revealed) -> None:
    """Show what was revealed; who has gone on to another conversation meanwhile asked for the one before."""
    if event.conversation_id == pane.current:
        pane.revealed = event.conversation_id
        pane.reload()
