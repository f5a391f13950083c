"""What is done with a conversation besides answering it: claim, snooze, resolve, note; each with its dialog.

Functions of the screen that asks; answers come to it as messages. Not for: the reply (`conversation_pane`).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple, cast

import msgspec
from textual.message import Message

from carecli.desk import claims, workflow
from carecli.desk.context import Desk
from carecli.desk.opening import Opened, opened
from carecli.desk.views import QueueFilter, QueueRow
from carecli.errors import Refused
from carecli.safetext import SafeText
from carecli.tui.asking import Done, ask
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.choices import CUSTOM, OUTCOMES, snooze_choices
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.dialogs import Choice, ChoiceDialog, LineDialog, TextDialog


class Subject(NamedTuple):
    """The conversation that a key acts on, as far as it is known at that moment."""

    conversation_id: int
    account: str
    who: SafeText
    claimed_by: str
    snoozed: bool


class Taken(Message):
    """The most urgent conversation is claimed, and read; None: there is none."""

    def __init__(self, row: QueueRow | None, opened: Opened | None) -> None:
        super().__init__()
        self.row = row
        self.opened = opened


class ClaimedByOther(Message):
    """A colleague has the conversation that was to be claimed."""

    def __init__(self, conversation_id: int, refusal: Refused) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.refusal = refusal


class Resolved(Message):
    """A conversation was resolved. spent: what it has cost, in micros; 0 where the network charges nothing."""

    def __init__(self, conversation_id: int, who: SafeText, spent: int) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.who = who
        self.spent = spent


def take_next(screen: CareScreen, chosen: QueueFilter) -> None:
    """Claim the most urgent conversation that nobody has, oneself included; the answer is a `Taken`."""
    free = msgspec.structs.replace(chosen, unclaimed=True, claimed_by="")
    ask(screen, "next", partial(_take_next, screen.desk, free), latest=False, by_key=True)


def _take_next(desk: Desk, chosen: QueueFilter) -> Taken:
    row = claims.take_next(desk, chosen)
    return Taken(row, None if row is None else opened(desk, row.conversation_id))


def take(screen: CareScreen, conversation_id: int, *, quietly: bool = False, takeover: bool = False) -> None:
    """Claim a conversation; quietly, when that is not what the agent asked for."""
    ask(screen, "claim", partial(_take, screen.desk, conversation_id, quietly, takeover), latest=False, by_key=True)


def _take(desk: Desk, conversation_id: int, quietly: bool, takeover: bool) -> Message | None:
    try:
        claims.claim(desk, conversation_id, takeover=takeover)
    except Refused as refusal:
        return ClaimedByOther(conversation_id, refusal)
    return None if quietly else Done("It is yours. Colleagues see that.")


def offer_takeover(screen: CareScreen, pane: ConversationPane, event: ClaimedByOther) -> None:
    """A colleague has it: leave it to them, the reply that was begun included, or take it over."""

    def answered(choice: str | None) -> None:
        if choice == "take":
            take(screen, event.conversation_id, takeover=True)
        elif choice == "leave" and pane.replying:
            pane.thread.focus()

    choices = (Choice("leave", "Leave it to them"), Choice("take", "Take it over", "they see that you have it"))
    screen.interrupt(ChoiceDialog(screen.keys, event.refusal.sentence, choices), answered)


def give_back(screen: CareScreen, subject: Subject) -> None:
    """Release the claim."""

    def call() -> Done:
        claims.release(screen.desk, subject.conversation_id)
        return Done("Given back to the queue.")

    ask(screen, "claim", call, latest=False, by_key=True)


def snooze(screen: CareScreen, subject: Subject) -> None:
    """Ask until when, and snooze."""
    now = screen.desk.now()
    offered = snooze_choices(now, screen.desk.calendar(subject.account), snoozed=subject.snoozed)
    moments = {until.choice.id: until.at for until in offered}

    def answered(choice: str | None) -> None:
        if choice == CUSTOM:
            dialog = LineDialog(screen.keys, f"Snooze {subject.who} until", example="2h, 14:30 or monday 9:00")
            screen.app.push_screen(dialog, written)
        elif choice is not None:
            ask(screen, "snooze", partial(_snooze, screen.desk, subject, moments[choice]), latest=False, by_key=True)

    def written(text: str | None) -> None:
        if text is not None:
            call = partial(_snooze_until, screen.desk, subject, text)
            ask(screen, "snooze", call, latest=False, by_key=True)

    choices = [until.choice for until in offered]
    screen.app.push_screen(ChoiceDialog(screen.keys, f"Snooze {subject.who}", choices), answered)


def _snooze(desk: Desk, subject: Subject, until: datetime | None) -> Done:
    if until is None:
        workflow.wake(desk, subject.conversation_id)
        return Done("Back in the queue.")
    workflow.snooze(desk, subject.conversation_id, until)
    return Done("Snoozed. The filter `snoozed` shows it.")


def _snooze_until(desk: Desk, subject: Subject, text: str) -> Done:
    from carecli.when import moment

    return _snooze(desk, subject, moment(text, desk.now(), desk.config.zone(subject.account)))


def resolve(screen: CareScreen, subject: Subject) -> None:
    """Ask how it ended, and resolve."""

    def answered(choice: str | None) -> None:
        if choice == "no_reply_needed":
            dialog = LineDialog(screen.keys, "Why is no reply needed?", example="praise, no question")
            screen.app.push_screen(dialog, partial(finish, choice))
        elif choice is not None:
            finish(choice, "")

    def finish(outcome: str, reason: str | None) -> None:
        if reason is not None:
            ask(screen, "resolve", partial(_resolve, screen.desk, subject, outcome, reason), latest=False, by_key=True)

    screen.app.push_screen(ChoiceDialog(screen.keys, f"Resolve {subject.who}", OUTCOMES), answered)


def _resolve(desk: Desk, subject: Subject, outcome: str, reason: str) -> Resolved:
    spent = workflow.resolve(desk, subject.conversation_id, cast("workflow.Outcome", outcome), reason)
    return Resolved(subject.conversation_id, subject.who, spent)


def reopen(screen: CareScreen, conversation_id: int) -> None:
    """Take a resolution back, and go on with the conversation: resolving it has given it up."""

    def call() -> Message:
        workflow.reopen(screen.desk, conversation_id)
        return _take(screen.desk, conversation_id, quietly=True, takeover=False) or Done("Open again, and yours.")

    ask(screen, "resolve", call, latest=False, by_key=True)


def note(screen: CareScreen, subject: Subject) -> None:
    """Ask for a note, and leave it."""

    def answered(text: str | None) -> None:
        if text is not None:
            ask(screen, "note", partial(_note, screen.desk, subject, text), latest=False, by_key=True)

    screen.app.push_screen(TextDialog(screen.keys, f"Note on {subject.who}, for colleagues"), answered)


def _note(desk: Desk, subject: Subject, text: str) -> Done:
    workflow.add_note(desk, subject.conversation_id, text)
    return Done("Noted.")
