"""What helps with a reply before it is sent: remedies by key, snippets, questions ticked off, the preview.

Functions of the screen that asks. Not for: what a remedy makes of a text (`playbook.remedies`), or sending.
"""

from __future__ import annotations

from functools import partial

from textual.content import Content

from carecli.desk.asked import tick
from carecli.desk.mending import next_help
from carecli.desk.preview import preview as shown
from carecli.desk.snippets import named, written
from carecli.desk.views import PartView, QuestionRow
from carecli.tui.asking import Done, ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.dialogs import Choice, ChoiceDialog
from carecli.tui.screens.snippet_dialog import SnippetDialog


def mend(screen: CareScreen, pane: ConversationPane) -> None:
    """Mend the gravest finding that a key can mend, or go to the next gap that is left to fill in."""
    found = None
    if pane.composing is not None:
        found = next_help(pane.composing, pane.text, pane.composer.cursor, in_parts=pane.in_parts)
    if found is None:
        screen.post_message(Done("There is nothing here that a key can mend."))
    else:
        pane.help_on(found.text, found.start, found.end, in_parts=found.in_parts)


def choose_snippet(screen: CareScreen, pane: ConversationPane) -> None:
    """Ask which snippet, and put it where the cursor stands, on its first gap."""
    composing = pane.composing

    def answered(name: str | None) -> None:
        if name is not None and composing is not None:
            made, at = written(composing, named(composing, name)), pane.composer.cursor
            before, after = pane.text[:at], pane.text[at:]
            # A sentence stands beside what was written, and does not grow together with its last word.
            space = " " if before and not before[-1].isspace() else ""
            end = " " if after and after[0].isalnum() else ""
            start = at + len(space)
            whole = before + space + made.text + end + after
            pane.help_on(whole, start + made.start, start + made.end, in_parts=pane.in_parts)

    if composing is not None and composing.snippets:
        screen.app.push_screen(SnippetDialog(screen.keys, composing.snippets), answered)
    else:
        screen.post_message(Done("There are no snippets for this conversation: `[[snippets]]` adds some."))


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
    parts: tuple[PartView, ...] = ()
    if pane.composing is not None and pane.text.strip():
        parts = shown(pane.composing, pane.text, split=pane.in_parts)

    def answered(choice: str | None) -> None:
        if choice == "send":
            send(screen, pane)

    if not parts:
        screen.post_message(Done("There is nothing to preview yet."))
        return
    choices = (Choice("back", "Back to the text"), Choice("send", "Send it"))
    title = "As the network will show it" + (f", in {len(parts)} parts" if len(parts) > 1 else "")
    reading = Content("\n\n").join(_part(part, len(parts)) for part in parts)
    screen.app.push_screen(ChoiceDialog(screen.keys, title, choices, reading=reading), answered)


def send(screen: CareScreen, pane: ConversationPane) -> None:
    """Send the reply; while a question is open, ask first (practice 22)."""
    still_open = _still_open(pane)
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


def _still_open(pane: ConversationPane) -> tuple[QuestionRow, ...]:
    """The questions that are open, where the playbook has that said before a reply is sent that may be."""
    if pane.composing is None or pane.view is None:
        return ()
    findings = pane.composing.check(pane.text, in_parts=pane.in_parts).findings
    if any(found.level == "block" for found in findings):
        return ()
    asked = any(found.check == "unanswered-question" and found.level == "warn" for found in findings)
    return tuple(row for row in pane.view.questions if not row.ticked) if asked else ()


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
