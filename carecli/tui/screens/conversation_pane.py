"""The conversation on the desk: who it is, the whole thread, and the reply being written.

What is shown is `view`; `current` is what was asked for last, and may still be on its way.
Not for: which conversation is opened, or what is done with it besides answering (the desk screen).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from carecli.desk.claims import renew
from carecli.desk.composing import Composing
from carecli.desk.context import Desk
from carecli.desk.conversation import mark_read
from carecli.desk.opening import Opened, opened
from carecli.desk.queue import countdown
from carecli.desk.views import ComposerView, ConversationView, Countdown, MediaRow
from carecli.errors import Refused
from carecli.model import Draft
from carecli.tui.asking import Done, Failed, ask, ask_network
from carecli.tui.drafts import DraftKeeper, Typed
from carecli.tui.screens.person import called
from carecli.tui.screens.proofs import Proofs
from carecli.tui.screens.rest_of_thread import RestOfThread
from carecli.tui.screens.submitting import Accepted, Forbidden, MovedOn, submit
from carecli.tui.widgets.composer import Composer
from carecli.tui.widgets.conversation_header import ConversationHeader
from carecli.tui.widgets.drawn import Drawn
from carecli.tui.widgets.reminders import Reminders
from carecli.tui.widgets.thread_view import ThreadView

# The cursor rests this long on a row before its conversation is read: held keys pass many.
_PREVIEW_SECONDS = 0.09
# What follows from a new conversation on the screen waits until it is there: the hints, the card, the read mark.
_AFTERWARDS_SECONDS = 0.02
_SAVE_SECONDS = 0.4
_RENEW_SECONDS = 60.0


class ConversationPane(Vertical, Drawn):
    """Header, thread and composer of one conversation."""

    class Loaded(Message):
        """A conversation as it is now; `read`: the agent opened it, and does not only look at it."""

        def __init__(self, opened: Opened, *, read: bool) -> None:
            super().__init__()
            self.opened = opened
            self.read = read

    class Shown(Message):
        """Another conversation, or another state of the same, stands on the screen."""

    def __init__(self, desk: Desk, drafts: DraftKeeper) -> None:
        super().__init__(id="conversation")
        self._header = ConversationHeader()
        self.thread = ThreadView()
        self._reminders = Reminders()
        self.composer = Composer()
        self._desk = desk
        self._rest = RestOfThread(desk)
        self._drafts = drafts
        self.current: int | None = None
        # The last one that was opened, and not only looked at.
        self.chosen: int | None = None
        self.view: ConversationView | None = None
        self.seen: frozenset[int] = frozenset()
        self.attached: tuple[MediaRow, ...] = ()
        self._composing: Composing | None = None
        self.revealed: int | None = None
        self._seen_version = 0
        self._text = ""
        self._proofs = Proofs(self, desk, self._check)
        self._in_parts = False
        self._wants_reply = ""
        self._sending = False
        self._opening: int | None = None
        self._preview: Timer | None = None
        self._saving: Timer | None = None
        self._renewed_at = 0.0

    def compose(self) -> ComposeResult:
        yield self._header
        yield self.thread
        yield self._reminders
        yield self.composer

    @property
    def replying(self) -> bool:
        """Whether the cursor stands in the reply."""
        return self.composer.has_focus_within

    # ── opening ───────────────────────────────────────────────────────────────────────────────────

    def preview(self, conversation_id: int) -> None:
        """Show a conversation soon, without marking it as read; the last one asked for wins."""
        if conversation_id == self.current:
            return
        self._turn_to(conversation_id)
        self._preview = self.set_timer(_PREVIEW_SECONDS, partial(self._load, conversation_id, read=False))

    def open(self, conversation_id: int) -> None:
        """Show a conversation now, and mark it as read."""
        self.chosen = conversation_id
        self._turn_to(conversation_id)
        self._load(conversation_id, read=True)

    def show(self, opened: Opened, *, read: bool) -> None:
        """Show a conversation that is known already; mark it as read if the agent opened it."""
        self._turn_to(opened.view.conversation_id)
        self._show(opened)
        if read:
            self.chosen = opened.view.conversation_id
            self._opening = None
        self.set_timer(_AFTERWARDS_SECONDS, partial(self._follow_up, opened, read=read))

    def _follow_up(self, opened: Opened, *, read: bool) -> None:
        self.post_message(self.Shown())
        if read:
            ask(self.app, "read", partial(mark_read, self._desk, opened.view), latest=False)
            if opened.composing.channel.capabilities.thread_on_opening and opened.view.visibility == "public":
                ask_network(self, partial(self._rest.read, opened.view.conversation_id))

    def reload(self) -> None:
        """Ask again for what is shown."""
        if self.current is not None and self._preview is None:
            self._load(self.current, read=False)

    def _turn_to(self, conversation_id: int) -> None:
        if conversation_id != self.current:
            self.save_drafts()
            self._wants_reply = ""
            self._renewed_at = 0.0
            self.revealed = None
        self.current = conversation_id
        if self._preview is not None:
            self._preview.stop()
            self._preview = None

    def _load(self, conversation_id: int, *, read: bool) -> None:
        self._preview = None
        if read:
            self._opening = conversation_id
        call = partial(opened, self._desk, conversation_id, revealed=self.revealed == conversation_id)
        ask(self, "conversation", lambda: self.Loaded(call(), read=read), by_key=read)

    @on(Loaded)
    def show_loaded(self, event: Loaded) -> None:
        event.stop()
        if event.opened.view.conversation_id == self.current:
            # A reload may have taken the place of the opening's own answer.
            self.show(event.opened, read=event.read or self._opening == self.current)

    def _show(self, opened: Opened) -> None:
        before, view = self.view, opened.view
        self._composing, self.attached = opened.composing, opened.attached
        if before is None or before.conversation_id != view.conversation_id:
            self._take_draft(view, opened.draft)
        elif not self._text or self.thread.has_focus:
            # Nothing is written yet, or the thread is being read: what came meanwhile is seen.
            self._see(view)
        elif before != view and self._has_news(before, view):
            self.post_message(Done(f"{called(view)} has written again. Your text is kept."))
        if view != before:
            self.view = view
            self._show_view()
        self._check(None if self._text or (opened.draft and opened.draft.text) else opened.checked)
        if self._wants_reply:
            self._begin(self._wants_reply)

    def _has_news(self, before: ConversationView, view: ConversationView) -> bool:
        """Whether the customer has written: older posts of theirs may come when the thread is read."""
        newest = max((row.published_at for row in before.thread), default=None)
        return any(
            row.theirs and row.message_id not in self.seen and (newest is None or row.published_at >= newest)
            for row in view.thread
        )

    def _see(self, view: ConversationView) -> None:
        """The agent has seen the conversation as it is in `view`."""
        self._seen_version = view.version
        self.seen = frozenset(row.message_id for row in view.thread)

    def _show_view(self) -> None:
        if self.view is None:
            return
        now = self._desk.now()
        zone = ZoneInfo(self._desk.config.zone(self.view.account))
        left = self._countdown(now)
        self._header.show(self.view, left, zone)
        self.composer.set_countdown(left)
        self._reminders.show(self.view, now, zone)
        self.thread.show(self.view, now.astimezone(zone))

    def _take_draft(self, view: ConversationView, stored: Draft | None) -> None:
        """Put what was being written here before into the composer."""
        kept = self._drafts.unsaved(view.conversation_id) or stored
        self._see(view)
        if kept and kept.text:
            self._seen_version = kept.seen_version
        self.composer.load(kept.text if kept else "", kept.cursor if kept else 0)
        self._text = self.composer.text

    # ── writing ───────────────────────────────────────────────────────────────────────────────────

    def begin_reply(self, addition: str = "") -> None:
        """Put the cursor into the composer as soon as the conversation is there.

        addition: what to put behind the text there is.
        """
        if self.view is not None and self.view.conversation_id == self.current:
            self._begin(addition)
        else:
            self._wants_reply = addition or " "

    def _begin(self, addition: str) -> None:
        self._wants_reply = ""
        if addition := addition.strip():
            # What is typed behind it is no part of it: it may end in a link.
            text = f"{self.composer.text} {addition}".lstrip() + " "
            self._put(text, len(text))
        self.composer.focus_text()

    def on_descendant_focus(self) -> None:
        if self.replying and self._composing is not None:
            ask(self, "phrases", self._composing.get_ready, latest=False)

    def take_back(self, text: str) -> None:
        """Put the text of a reply that was taken back before what stands in the composer."""
        rest = self.composer.text
        whole = f"{text}\n{rest}" if rest.strip() and rest != text else text
        self._put(whole, len(text))
        self.composer.focus_text()

    def _put(self, text: str, cursor: int) -> None:
        self.composer.load(text, cursor)
        self._take_text(self.composer.text, cursor)

    @on(Composer.Changed)
    def take_typed(self, event: Composer.Changed) -> None:
        event.stop()
        if event.text != self._text:
            self._take_text(event.text, event.cursor)
            self._keep_claim(event.time)

    def _take_text(self, text: str, cursor: int) -> None:
        self._text = text
        self._check()
        if self.view is None:
            return
        self._drafts.typed(self._typed(cursor))
        # Not put off by the next key: who types without a pause would lose it all to a kill.
        if self._saving is None:
            self._saving = self.set_timer(_SAVE_SECONDS, self.save_drafts)

    def _typed(self, cursor: int) -> Typed:
        assert self.view is not None
        return Typed(self.view.conversation_id, self._text, cursor, self.view.visibility, self._seen_version)

    def _check(self, checked: ComposerView | None = None) -> None:
        if self._composing is None:
            self.composer.show(None)
            return
        self._composing = self._proofs.put_into(self._composing, self._text)
        view = checked or self._composing.check(self._text, in_parts=self._in_parts)
        self._in_parts = view.parts > 1
        if not self._text.strip():
            # Nothing is wrong with a reply that nobody has begun; what holds for any reply is still said.
            findings = tuple(found for found in view.findings if found.check != "empty")
            view = msgspec.structs.replace(view, findings=findings)
        self.composer.show(view, self.attached, ZoneInfo(self._desk.config.zone(self._composing.account)))

    @property
    def takes_media(self) -> bool:
        """Whether pictures and films may go out from here."""
        return self._composing is not None and self._composing.channel.capabilities.media > 0

    def show_attached(self, conversation_id: int, attached: tuple[MediaRow, ...]) -> None:
        """Show what the draft of a conversation carries now."""
        if conversation_id == self.current:
            self.attached = attached
            self._check()
            self.composer.focus_text()

    def save_drafts(self) -> None:
        """Store what was typed, in a thread."""
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        if self._drafts.must_save():
            ask(self.app, "drafts", self._drafts.save, latest=False)

    def _keep_claim(self, at: float) -> None:
        """Renew the claim while somebody types, once in a while. `at`: seconds of a clock that only goes forward."""
        if self.current is not None and at - self._renewed_at > _RENEW_SECONDS:
            self._renewed_at = at
            ask(self, "renew", partial(self._renew, self.current), latest=False)

    def _renew(self, conversation_id: int) -> None:
        if not renew(self._desk, conversation_id):
            raise Refused("A colleague has taken this conversation.", "Your text is kept as a draft.", rule="claimed")

    # ── helping ───────────────────────────────────────────────────────────────────────────────────

    @property
    def composing(self) -> Composing | None:
        """What is known of the reply being written; None while no conversation is open."""
        return self._composing

    @property
    def text(self) -> str:
        """The reply as it is written so far."""
        return self._text

    @property
    def in_parts(self) -> bool:
        """Whether it leaves as several posts."""
        return self._in_parts

    def help_on(self, text: str, start: int, end: int, *, in_parts: bool) -> None:
        """Put a text in the place of the one there is, if it is another, and mark a part of it."""
        self._in_parts = in_parts
        if text != self._text:
            self.composer.put(text, start, end)
        else:
            self.composer.mark(start, end)
            self._check()

    # ── sending ───────────────────────────────────────────────────────────────────────────────────

    def send(self, *, seen_version: int | None = None, override: str = "") -> None:
        """Hand the reply to the outbox.

        seen_version: what its author has seen, if that is newer than known. override: a lead's reason against a rule.
        """
        if self.view is None or self._sending:
            return
        if not self._text.strip():
            if self.attached:
                self.post_message(Done("Write a line to go with it: that carries your signature."))
            return
        if seen_version is not None:
            self._seen_version = seen_version
        self._sending = True
        typed = self._typed(len(self._text))
        call = partial(
            submit,
            self._desk,
            self._drafts,
            typed,
            override=override,
            split=self._in_parts,
            revealed=self.revealed == typed.conversation_id,
            tell=lambda sentence: self.post_message(Done(sentence)),
        )
        ask(self, "send", call, latest=False, by_key=True)

    def look_first(self, view: ConversationView) -> None:
        """Take what is new as seen, and show it."""
        if view.conversation_id == self.current:
            self._see(view)
            self.view = view
            self._show_view()
            self.thread.focus()

    @on(Accepted)
    def clear_sent(self, event: Accepted) -> None:
        self._sending = False
        if event.typed.conversation_id == self.current and event.typed.text == self.composer.text:
            self._text = ""
            self.attached = ()
            self.composer.clear()
            self._check()
            if self.replying:
                self.thread.focus()

    @on(MovedOn)
    @on(Forbidden)
    def keep_unsent(self) -> None:
        self._sending = False

    @on(Failed)
    def keep_refused(self, event: Failed) -> None:
        if event.group == "send":
            self._sending = False

    # ── the clock ─────────────────────────────────────────────────────────────────────────────────

    def tick(self, now: datetime) -> None:
        """Let the countdown go on, above the thread and in the composer's border."""
        left = self._countdown(now)
        self._header.set_countdown(left)
        self.composer.set_countdown(left)

    def _countdown(self, now: datetime) -> Countdown | None:
        view = self.view
        if view is None or view.due_at is None or view.limit_at is None:
            return None
        return countdown(self._desk, view.account, view.visibility, view.due_at, view.limit_at, now)
