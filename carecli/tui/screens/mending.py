"""What helps with a reply before it is sent: remedies by key, questions ticked off, the preview, and a last question.

Functions of the screen that asks. Not for: what a remedy makes of a text (`playbook.remedies`), or sending.
"""

from __future__ import annotations

from functools import partial

from textual.content import Content

from carecli.desk.asked import tick
from carecli.desk.views import PartView, QuestionRow
from carecli.tui.asking import Done, ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.dialogs import Choice, ChoiceDialog


def mend(screen: CareScreen, pane: ConversationPane) -> None:
    """Mend the gravest finding that a key can mend, or go to the next gap that is left to fill in."""
    if not pane.mend():
        screen.post_message(Done("There is nothing here that a key can mend."))


def tick_off(screen: CareScreen, pane: ConversationPane) -> None:
    """Tick off the one question there is, or ask which."""
    view = pane.view
    questions = view.questions if view else ()
    if view is None or not questions:
        screen.post_message(Done("The customer has asked nothing since the last reply."))
    elif len(questions) == 1:
        _tick(screen, view.conversation_id, questions[0])
    else:

        def answered(choice: str | None) -> None:
            if choice is not None and view is not None:
                _tick(screen, view.conversation_id, questions[int(choice)])

        choices = [
            Choice(str(number), f"{'✓' if row.ticked else '?'} {row.text}") for number, row in enumerate(questions)
        ]
        screen.app.push_screen(ChoiceDialog(screen.keys, "Which question is answered?", choices), answered)


def preview(screen: CareScreen, pane: ConversationPane) -> None:
    """Show what the network will show, part by part."""
    parts = pane.preview_parts()

    def answered(choice: str | None) -> None:
        if choice == "send":
            pane.send()

    if not parts:
        screen.post_message(Done("There is nothing to preview yet."))
        return
    choices = (Choice("back", "Back to the text"), Choice("send", "Send it"))
    title = "As the network will show it" + (f", in {len(parts)} parts" if len(parts) > 1 else "")
    reading = Content("\n\n").join(_part(part, len(parts)) for part in parts)
    screen.app.push_screen(ChoiceDialog(screen.keys, title, choices, reading=reading), answered)


def send(screen: CareScreen, pane: ConversationPane) -> None:
    """Send the reply; while a question is open, ask first (practice 22)."""
    still_open = pane.asks_before_sending()
    if not still_open:
        pane.send()
        return

    def answered(choice: str | None) -> None:
        if choice == "send":
            pane.send()

    reading = Content("\n").join(Content(f"? {row.text}") for row in still_open)
    choices = (Choice("back", "Answer first"), Choice("send", "Send all the same", "the question stays open"))
    title = "A question is still open" if len(still_open) == 1 else f"{len(still_open)} questions are still open"
    screen.app.push_screen(ChoiceDialog(screen.keys, title, choices, reading=reading), answered)


def _tick(screen: CareScreen, conversation_id: int, row: QuestionRow) -> None:
    call = partial(_ticked, screen, conversation_id, row)
    ask(screen, "tick", call, latest=False, by_key=True)


def _ticked(screen: CareScreen, conversation_id: int, row: QuestionRow) -> None:
    tick(screen.desk, conversation_id, row.message_id, row.number, ticked=not row.ticked)
    screen.app.call_from_thread(screen.changed)


def _part(part: PartView, count: int) -> Content:
    number = f"{part.number}/{count} · " if count > 1 else ""
    marks = "".join(f" · {mark.text} counts {mark.weight}" for mark in (*part.mentions, *part.links))
    facts = f"{number}{part.length.used} of {part.length.limit} {part.length.unit}{marks}"
    return Content.assemble(part.text, "\n", (facts, "$muted"))
