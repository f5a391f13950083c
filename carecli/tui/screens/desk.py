"""The desk: the queue, the open conversation and its reply, and every key that one works a shift with.

Layout and flow. Not for: loading and showing (`queue_pane`, `conversation_pane`), or rules (`carecli.desk`).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from carecli.desk.context import Desk
from carecli.desk.views import StatusView
from carecli.money import dollars
from carecli.tui.asking import Done
from carecli.tui.drafts import DraftKeeper
from carecli.tui.first_look import FirstLook
from carecli.tui.keymap import Command, Keymap, Place, bindings
from carecli.tui.screens import attaching, handling, mending, replying, revealing, searching
from carecli.tui.screens.announcing import Previewed, confirm, ends_soon, preview
from carecli.tui.screens.attaching import Attached, FileChosen
from carecli.tui.screens.care_screen import CareScreen
from carecli.tui.screens.choices import queue_filters
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.customer_card import CustomerCard
from carecli.tui.screens.dialogs import ChoiceDialog
from carecli.tui.screens.handling import ClaimedByOther, Resolved, Subject, Taken
from carecli.tui.screens.panes import Panes
from carecli.tui.screens.person import called
from carecli.tui.screens.queue_pane import QueuePane
from carecli.tui.screens.replying import PrivateFound, TakenBack
from carecli.tui.screens.revealing import Revealed
from carecli.tui.screens.submitting import Accepted, Forbidden, MovedOn
from carecli.tui.widgets.composer import Composer
from carecli.tui.widgets.thread_view import ThreadView

TWO_PANES = 100
"""Columns from which queue and conversation stand side by side."""


class DeskScreen(CareScreen):
    """Queue and conversation side by side; on a narrow terminal one of them at a time.

    queue, conversation: the two panes.
    """

    BLANK = Panes.BLANK
    WHERE: ClassVar[Place] = "desk"
    OFFERS: ClassVar[tuple[Place, ...]] = ("composer",)
    BINDINGS: ClassVar[list[BindingType]] = bindings("desk")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so.
        (0, "-narrow"),
        (TWO_PANES, "-beside"),
        (120, "-wide"),
        (160, "-broad"),
        (200, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (32, "-tall")]  # noqa: RUF012 - Textual declares it so.

    def __init__(self, desk: Desk, keys: Keymap, drafts: DraftKeeper, first: FirstLook) -> None:
        super().__init__(desk, keys, first.status)
        self.queue = QueuePane(desk, first.rows, first.status.counts.waiting)
        self.conversation = ConversationPane(desk, drafts)
        self._first = first.opened
        self._card = CustomerCard()
        self._resolved: int | None = None
        self._search: searching.Beginning | None = None
        self._reminded: set[str] = set()

    def content(self) -> ComposeResult:
        with Panes():
            yield self.queue
            yield self.conversation
            yield self._card

    def on_mount(self) -> None:
        self.queue.list.focus()
        if self._first is not None and not self._narrow:
            self.conversation.show(self._first, read=False)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        self.queue.reload()
        self.conversation.reload()

    def tick(self, now: datetime) -> None:
        self.queue.tick(now)
        self.conversation.tick(now)

    def places(self) -> tuple[Place, ...]:
        if self.conversation.replying:
            return ("composer", "everywhere")
        if self.queue.search.has_focus:
            return ("search", "everywhere")
        reading = isinstance(self.focused, ThreadView)
        return ("thread" if reading else "list", "desk", "everywhere")

    def works(self, entry: Command) -> bool:
        subject = self._subject()
        match entry.id:
            case "reply.undo":
                return self._status is not None and self._may_take_back(self._status)
            case "reply.attach":
                return self.conversation.takes_media
            case "reply.detach":
                return bool(self.conversation.attached)
            case "conversation.reveal":
                return revealing.can_turn(self.conversation)
            case "conversation.claim":
                return subject is not None and subject.claimed_by != self.desk.agent.id
            case "conversation.release":
                return subject is not None and subject.claimed_by == self.desk.agent.id
            case "conversation.reopen":
                return self._resolved is not None
            case "shift.greet":
                return not self._greeted()
            case "screen.back":
                return not self.queue.list.has_focus or self.queue.filtered
            case _:
                return subject is not None or not entry.id.startswith("conversation.")

    def show_status(self, status: StatusView) -> None:
        super().show_status(status)
        for shift in status.shifts:
            if shift.account not in self._reminded and ends_soon(self.desk, shift):
                self._reminded.add(shift.account)
                key = self.keys.shown("screen.shift")
                self.post_message(Done(f"{shift.account} closes soon. {key} shows who is unanswered, and signs off."))

    def _may_take_back(self, status: StatusView) -> bool:
        return status.outbox_held > 0 or (status.outbox_approval > 0 and not status.lead)

    def _greeted(self) -> bool:
        shifts = self._status.shifts if self._status else ()
        return any(shift.account == self.account() and shift.greeted_at is not None for shift in shifts)

    def account(self) -> str:
        subject = self._subject()
        return subject.account if subject else super().account()

    def _subject(self) -> Subject | None:
        """The conversation that a key acts on: under the cursor in the queue, else the one that stands open."""
        row = self.queue.list.highlighted_row
        if self.queue.has_focus_within and row is not None:
            snoozed = row.snoozed_until is not None
            return Subject(row.conversation_id, row.account, called(row), row.claimed_by, snoozed)
        view = self.conversation.view
        if view is None or view.conversation_id != self.conversation.current:
            return None
        snoozed = view.snoozed_until is not None
        return Subject(view.conversation_id, view.account, called(view), view.claimed_by, snoozed)

    # ── going about ───────────────────────────────────────────────────────────────────────────────

    @property
    def _narrow(self) -> bool:
        # The class comes with the first resize, which is after the first rows.
        return self.app.size.width < TWO_PANES

    def _turn_to(self, *, conversation: bool) -> None:
        """Which pane a narrow terminal shows."""
        self.set_class(conversation, "-conversation")

    def go_back(self) -> None:
        """One step back: from the reply to the thread, to the queue, to the whole queue."""
        if self.conversation.replying:
            self.conversation.save_drafts()
            self.conversation.thread.focus()
        elif self.queue.search.has_focus:
            self._leave_search()
        elif not self.queue.list.has_focus:
            self._turn_to(conversation=False)
            self.queue.list.focus()
        elif self.queue.filtered:
            self._leave_search()

    def _leave_search(self) -> None:
        reading = searching.leave(self.queue, self.conversation, self._search)
        self._search = None
        self.queue.list.focus()
        if reading is not None:
            self.show_conversation(reading)

    def action_pane_next(self) -> None:
        self._cycle(1)

    def action_pane_previous(self) -> None:
        self._cycle(-1)

    def _cycle(self, step: int) -> None:
        panes = ["queue", "thread", "reply"]
        at = 2 if self.conversation.replying else 1 if self.conversation.thread.has_focus else 0
        match panes[(at + step) % 3]:
            case "queue":
                self._turn_to(conversation=False)
                self.queue.list.focus()
            case "thread":
                self._open_subject()
                self._turn_to(conversation=True)
                self.conversation.thread.focus()
            case _:
                self._open_subject()
                self._turn_to(conversation=True)
                self.conversation.begin_reply()

    def _open_subject(self) -> None:
        subject = self._subject()
        if subject is not None:
            self.conversation.open(subject.conversation_id)

    @on(QueuePane.Pointed)
    def look_at(self, event: QueuePane.Pointed) -> None:
        if self.queue.has_focus_within:
            if not self._narrow:
                self.conversation.preview(event.row.conversation_id)
            # The cursor is painted first: the hints seldom differ from row to row.
            self.call_after_refresh(self.show_hints)

    @on(QueuePane.Chosen)
    def open_chosen(self, event: QueuePane.Chosen) -> None:
        self.show_conversation(event.row.conversation_id)

    def show_conversation(self, conversation_id: int) -> None:
        """Open a conversation and read it."""
        self.conversation.open(conversation_id)
        self._turn_to(conversation=True)
        self.conversation.thread.focus()

    @on(ConversationPane.Shown)
    def show_card(self) -> None:
        view = self.conversation.view
        if view is not None:
            self._card.show(view, ZoneInfo(self.desk.config.zone(view.account)))
        self.show_hints()

    def on_resize(self, _: events.Resize) -> None:
        row = self.queue.list.highlighted_row
        if not self._narrow and self.conversation.current is None and row is not None:
            self.conversation.preview(row.conversation_id)

    # ── the queue ─────────────────────────────────────────────────────────────────────────────────

    def action_queue_next(self) -> None:
        handling.take_next(self, self.queue.chosen)

    @on(Taken)
    def show_taken(self, event: Taken) -> None:
        if event.row is None or event.opened is None:
            taken = "Everybody who waits is taken. The filter `mine` shows yours."
            self.post_message(Done(taken if self.queue.list.total else self.queue.list.empty))
        elif not self.conversation.replying:
            self._turn_to(conversation=True)
            self.conversation.thread.focus()
            self.queue.go_to(event.row.wait_id)
            self.conversation.show(event.opened, read=True)

    def action_queue_search(self) -> None:
        began = searching.begin(self.queue, self.conversation)
        self._search = self._search or began
        self._turn_to(conversation=False)

    def action_queue_filter(self) -> None:
        offered = queue_filters(
            self.desk.agent.id, tuple(self.desk.config.accounts), self.queue.languages, self.queue.chosen.search
        )
        chosen = {choice.id: parts for choice, parts in offered}

        def answered(choice: str | None) -> None:
            if choice is not None:
                self._turn_to(conversation=False)
                self.queue.list.focus()
                self.queue.filter(chosen[choice])

        self.app.push_screen(ChoiceDialog(self.keys, "Show", [choice for choice, _ in offered]), answered)

    # ── the conversation ──────────────────────────────────────────────────────────────────────────

    def action_conversation_reply(self) -> None:
        subject = self._subject()
        if subject is not None:
            handling.take(self, subject.conversation_id, quietly=True)
            self.conversation.open(subject.conversation_id)
            self._turn_to(conversation=True)
            self.conversation.begin_reply()

    def action_conversation_private(self) -> None:
        subject = self._subject()
        if subject is not None:
            self.conversation.open(subject.conversation_id)
            replying.find_private(self, subject.conversation_id)

    @on(PrivateFound)
    def go_on_in_private(self, event: PrivateFound) -> None:
        move = event.move
        if move.conversation_id is not None:
            handling.take(self, move.conversation_id, quietly=True)
            self.conversation.open(move.conversation_id)
        elif not move.invitation:
            self.post_message(Done("This network has no private messages."))
            return
        self._turn_to(conversation=True)
        self.conversation.begin_reply(move.text)

    def action_conversation_claim(self) -> None:
        if (subject := self._subject()) is not None:
            handling.take(self, subject.conversation_id)

    def action_conversation_release(self) -> None:
        if (subject := self._subject()) is not None:
            handling.give_back(self, subject)

    def action_conversation_snooze(self) -> None:
        if (subject := self._subject()) is not None:
            handling.snooze(self, subject)

    def action_conversation_resolve(self) -> None:
        if (subject := self._subject()) is not None:
            handling.resolve(self, subject)

    def action_conversation_reopen(self) -> None:
        if self._resolved is not None:
            handling.reopen(self, self._resolved)

    def action_conversation_reveal(self) -> None:
        revealing.turn(self, self.conversation)

    @on(Revealed)
    def show_revealed(self, event: Revealed) -> None:
        revealing.show(self.conversation, event)

    def action_conversation_note(self) -> None:
        if (subject := self._subject()) is not None:
            handling.note(self, subject)

    @on(ClaimedByOther)
    def offer_takeover(self, event: ClaimedByOther) -> None:
        handling.offer_takeover(self, self.conversation, event)

    @on(Resolved)
    def remember_resolved(self, event: Resolved) -> None:
        self._resolved = event.conversation_id
        key = self.keys.shown("conversation.reopen")
        price = f", at a cost of about {dollars(event.spent)}" if event.spent else ""
        self.post_message(Done(f"{event.who} is resolved{price}. {key} opens it again."))

    @on(ThreadView.Copied)
    def tell_copied(self) -> None:
        self.post_message(
            Done("Copied. If nothing can be pasted, the terminal does not allow it: use its own selection.")
        )

    # ── the reply ─────────────────────────────────────────────────────────────────────────────────

    @on(Composer.Submitted)
    def action_reply_send(self) -> None:
        mending.send(self, self.conversation)

    @on(Composer.MendWanted)
    def action_reply_mend(self) -> None:
        mending.mend(self, self.conversation)

    @on(Composer.SnippetWanted)
    def action_reply_snippet(self) -> None:
        mending.choose_snippet(self, self.conversation)

    @on(Composer.TickWanted)
    def action_reply_tick(self) -> None:
        mending.tick_off(self, self.conversation)

    @on(Composer.PreviewWanted)
    def action_reply_preview(self) -> None:
        mending.preview(self, self.conversation)

    @on(Composer.AttachWanted)
    def action_reply_attach(self) -> None:
        if self.conversation.takes_media and self.conversation.current is not None:
            attaching.ask_for_file(self, self.conversation.current)
        else:
            self.post_message(Done("This network takes no pictures from here."))

    @on(FileChosen)
    def ask_for_words(self, event: FileChosen) -> None:
        attaching.ask_for_words(self, event)

    @on(Composer.DetachWanted)
    def action_reply_detach(self) -> None:
        if self.conversation.attached and self.conversation.current is not None:
            attaching.take_off(self, self.conversation.current, self.conversation.attached[-1].number)

    @on(Attached)
    def show_attached(self, event: Attached) -> None:
        self.conversation.show_attached(event.conversation_id, event.media)
        self.show_hints()

    @on(Accepted)
    def tell_accepted(self, event: Accepted) -> None:
        replying.tell_accepted(self, event.entry)

    @on(MovedOn)
    def ask_what_now(self, event: MovedOn) -> None:
        replying.ask_what_now(self, self.conversation, event)

    @on(Forbidden)
    def offer_override(self, event: Forbidden) -> None:
        replying.offer_override(self, self.conversation, event.refusal)

    def action_reply_undo(self) -> None:
        replying.take_back(self)

    @on(TakenBack)
    def show_taken_back(self, event: TakenBack) -> None:
        self._turn_to(conversation=True)
        if event.conversation_id == self.conversation.current:
            self.conversation.take_back(event.text)
        else:
            # The text is the conversation's draft again, and comes with it.
            self.conversation.open(event.conversation_id)
            self.conversation.begin_reply()
        self.app.clear_notifications()
        self.post_message(Done("Taken back. Nothing was sent."))

    # ── the shift ─────────────────────────────────────────────────────────────────────────────────

    def action_shift_greet(self) -> None:
        preview(self, self.desk, self.account(), "greeting")

    def action_shift_sign_off(self) -> None:
        preview(self, self.desk, self.account(), "signoff")

    @on(Previewed)
    def confirm_announcement(self, event: Previewed) -> None:
        confirm(self, self.desk, self.keys, event)
