"""The outbox: what is held, on its way, stuck or refused, and what was sent.

Not for: sending (`worker.delivery`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static

from carecli.desk.context import Desk
from carecli.desk.outbox import cancel, entry_of, outbox, resolve, retry
from carecli.desk.views import OutboxRow, StatusView
from carecli.model import OutboxState
from carecli.safetext import sanitize_line
from carecli.tui.asking import Done, ask
from carecli.tui.keymap import Command, Keymap, Place, bindings
from carecli.tui.screens import approving
from carecli.tui.screens.approving import ConversationRead, EditWanted
from carecli.tui.screens.care_screen import CareScreen, OpenWanted
from carecli.tui.screens.dialogs import Choice, ChoiceDialog
from carecli.tui.widgets.cells import fit
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.painting import Span, paint

UNDER_WAY: tuple[OutboxState, ...] = ("approval", "held", "queued", "sending", "unknown", "rejected")

_WORDS: dict[OutboxState, str] = {
    "approval": "for a lead",
    "held": "held",
    "queued": "waiting to leave",
    "sending": "leaving",
    "sent": "sent",
    "rejected": "refused",
    "unknown": "not certain",
    "cancelled": "taken back",
}
_MEANS: dict[OutboxState, str] = {
    "approval": "A lead lets it go, changes it or sends it back; its author can take it back.",
    "held": "It leaves by itself at the end of the undo time.",
    "queued": "It leaves as soon as the network takes it.",
    "sending": "It is being handed to the network.",
    "sent": "The network has it.",
    "rejected": "The network refused it for good. Open the conversation and write it differently.",
    "unknown": "The network did not answer clearly. It is being looked for there, and is not sent again meanwhile.",
    "cancelled": "It was taken back; nothing was sent.",
}
_INKS: dict[OutboxState, str] = {
    "unknown": "trouble",
    "rejected": "trouble",
    "held": "held",
    "sent": "sent",
    "approval": "held",
}


_SETTLING: dict[OutboxState, tuple[Choice, ...]] = {
    "rejected": (
        Choice("retry", "Send it again as it is"),
        Choice("cancel", "Take it back", "it is a draft again"),
    ),
    "unknown": (
        Choice("sent", "It is there", "it is not sent again"),
        Choice("not_sent", "It is not there", "it is sent again"),
    ),
}
"""What a person may decide of an entry that is stuck."""


class OutboxList(LineList):
    """One line for each entry: state, time, account, who wrote it, its text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "outbox-list--trouble",
        "outbox-list--held",
        "outbox-list--sent",
        "outbox-list--private",
        "outbox-list--muted",
    }

    def __init__(self) -> None:
        super().__init__(empty="Nothing is on its way.")
        self.rows: tuple[OutboxRow, ...] = ()
        self._now: datetime | None = None
        self._zone: tzinfo = UTC

    def show(self, rows: Sequence[OutboxRow], now: datetime, zone: tzinfo) -> None:
        """Show entries; the cursor stays on its entry while that is there."""
        before = self.highlighted
        self.rows, self._now, self._zone = tuple(rows), now, zone
        ids = [row.entry_id for row in rows]
        if before is not None and before.entry_id in ids:
            self.set_reactive(OutboxList.cursor, ids.index(before.entry_id))
        self.total = len(self.rows)

    def tick(self, now: datetime) -> None:
        """Let the undo time run down."""
        self._now = now
        if any(row.state == "held" for row in self.rows):
            self.redraw()

    @property
    def highlighted(self) -> OutboxRow | None:
        """The entry under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        row, roomy = self.rows[index], width >= 60
        spans = [Span(" " + fit(state_words(row, self._now), 17 if roomy else 11), _INKS.get(row.state, "muted"))]
        spans.append(Span(f"{row.created_at.astimezone(self._zone):%H:%M}  ", "muted"))
        if roomy:
            spans.append(Span(fit(row.account, 14) + "  ", "muted"))
        if roomy or row.visibility == "private":
            spans.append(Span("DM  " if row.visibility == "private" else "    ", "private"))
        spans.append(Span(sanitize_line(row.text)))
        return paint(spans, width, self.palette, over="cursor" if selected else "")


def state_words(row: OutboxRow, now: datetime | None) -> str:
    """How an entry stands: `held, 8 s`, `sent`, `refused`."""
    if row.state == "held" and row.held_until is not None and now is not None:
        return f"held, {max(0, round((row.held_until - now).total_seconds()))} s"
    return _WORDS[row.state]


class OutboxScreen(CareScreen):
    """The list above, the entry under the cursor in full below."""

    WHERE: ClassVar[Place] = "outbox"
    BINDINGS: ClassVar[list[BindingType]] = bindings("outbox")

    class Loaded(Message):
        """The entries as they are now."""

        def __init__(self, rows: tuple[OutboxRow, ...]) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, desk: Desk, keys: Keymap, status: StatusView | None) -> None:
        super().__init__(desk, keys, status)
        # Held, and not looked up: which keys work is asked while the screen closes, too.
        self.list = OutboxList()
        self._title = Static(id="title", markup=False)
        self._detail = VerticalScroll(id="detail", can_focus=False)
        self._entry = Static(id="entry", markup=False)
        self._all = False
        # The conversation beside the reply under the cursor, by the entry's id.
        self._read: dict[int, Content] = {}

    def content(self) -> ComposeResult:
        yield self._title
        yield self.list
        with self._detail:
            yield self._entry

    def on_mount(self) -> None:
        self._show_title()
        self.list.focus()
        self.changed()

    def works(self, entry: Command) -> bool:
        row = self.list.highlighted
        if entry.id in ("outbox.approve", "outbox.edit", "outbox.return"):
            return row is not None and approving.may_decide(self.desk, row)
        if entry.id == "outbox.cancel":
            mine = row is not None and row.state == "approval" and row.agent == self.desk.agent.id
            return row is not None and (mine or row.state in ("held", "queued"))
        if entry.id == "outbox.settle":
            return row is not None and row.state in _SETTLING
        if entry.id in ("outbox.browse", "outbox.copy"):
            return row is not None and bool(row.link)
        if entry.id == "list.choose":
            return row is not None and row.conversation_id is not None
        return entry.id != "screen.outbox"

    def changed(self) -> None:
        states = () if self._all else UNDER_WAY
        ask(self, "outbox", lambda: self.Loaded(outbox(self.desk, states)))

    def tick(self, now: datetime) -> None:
        self.list.tick(now)

    @on(Loaded)
    def show_loaded(self, event: Loaded) -> None:
        accounts = self.desk.config.accounts
        zone = ZoneInfo(self.desk.config.zone(next(iter(accounts), "")))
        self.list.show(leads_first(event.rows), self.desk.now(), zone)
        self._show_title()
        self._show_entry()

    @on(LineList.Highlighted)
    def _show_entry(self) -> None:
        row = self.list.highlighted
        content = Content() if row is None else entry_text(row, self.desk.now(), self.desk.config.zone(row.account))
        waits = row is not None and row.state == "approval"
        if row is not None and waits:
            # What was read of another conversation, or before, gives way when this one is there.
            content = Content("\n\n").join([content, self._read.get(row.entry_id, Content())])
            approving.read_conversation(self, row)
        self._detail.set_class(waits, "-reading")
        self._entry.update(content)
        self.show_hints()

    @on(ConversationRead)
    def show_conversation(self, event: ConversationRead) -> None:
        row = self.list.highlighted
        if row is not None and row.entry_id == event.entry_id:
            zone = self.desk.config.zone(row.account)
            read = approving.conversation_text(event.view, ZoneInfo(zone))
            self._read = {row.entry_id: read}
            entry = entry_text(row, self.desk.now(), zone)
            self._entry.update(Content("\n\n").join([entry, read]))

    def _show_title(self) -> None:
        words = "all of it" if self._all else "on its way"
        waiting = sum(row.state == "approval" for row in self.list.rows)
        told = (f"  {waiting} for a lead", "$warn") if waiting else ""
        count = (str(len(self.list.rows) or ""), "$muted")
        content = Content.assemble((" OUTBOX", "bold"), "  ", words, "  ", count, told)
        self._title.update(content)

    def action_outbox_all(self) -> None:
        self._all = not self._all
        self._show_title()
        self.changed()

    def action_outbox_cancel(self) -> None:
        row = self.list.highlighted
        if row is not None:
            ask(self, "undo", partial(self._cancel, row.entry_id), latest=False, by_key=True)

    def _cancel(self, entry_id: int) -> Done:
        # The list may be a moment behind: a lead who approves and regrets it presses two keys at once.
        if approving.may_withdraw(self.desk, entry_of(self.desk, entry_id)):
            return approving.take_word_back(self.desk, entry_id)
        cancel(self.desk, entry_id)
        return Done("Taken back. The text is a draft in its conversation again.")

    def action_outbox_approve(self) -> None:
        if (row := self._undecided()) is not None:
            approving.let_go(self, row)

    def action_outbox_edit(self) -> None:
        if (row := self._undecided()) is not None:
            approving.begin_edit(self, row)

    @on(EditWanted)
    def change_text(self, event: EditWanted) -> None:
        approving.change(self, event, self._read.get(event.row.entry_id))

    def action_outbox_return(self) -> None:
        if (row := self._undecided()) is not None:
            approving.send_back(self, row)

    def _undecided(self) -> OutboxRow | None:
        """The reply under the cursor, where it waits for this agent's word."""
        row = self.list.highlighted
        return row if row is not None and approving.may_decide(self.desk, row) else None

    def action_outbox_settle(self) -> None:
        row = self.list.highlighted
        if row is None or row.state not in _SETTLING:
            return

        def answered(choice: str | None) -> None:
            if choice is not None:
                ask(self, "settle", partial(_settle, self.desk, row.entry_id, choice), latest=False, by_key=True)

        title = "The network refused it" if row.state == "rejected" else "Did it leave? Look at the network first"
        self.app.push_screen(ChoiceDialog(self.keys, title, _SETTLING[row.state], reading=row.text), answered)

    def action_outbox_browse(self) -> None:
        if (row := self.list.highlighted) is not None and row.link:
            ask(self, "browse", partial(_browse, row.link), latest=False)

    def action_outbox_copy(self) -> None:
        if (row := self.list.highlighted) is not None and row.link:
            self.app.copy_to_clipboard(row.link)
            self.post_message(Done("The link is copied, if the terminal allows it."))

    @on(LineList.Chosen)
    def open_conversation(self) -> None:
        row = self.list.highlighted
        if row is not None and row.conversation_id is not None:
            self.app.post_message(OpenWanted(row.conversation_id))


def leads_first(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    """Put before the others what waits for a lead, the one that waits longest first."""
    waiting = sorted((row for row in rows if row.state == "approval"), key=lambda row: row.entry_id)
    return [*waiting, *(row for row in rows if row.state != "approval")]


def entry_text(row: OutboxRow, now: datetime, zone: str) -> Content:
    """An entry for people to read: what it is, how it stands, why it has not left, and its text."""
    what = {"reply": "Reply", "greeting": "Greeting", "signoff": "Sign-off"}.get(row.kind, row.kind)
    head = f"{what} by {row.agent}, as {row.account}, {row.visibility}\n"
    means = _MEANS[row.state]
    if row.state == "queued" and row.not_before is not None and row.not_before > now:
        local = row.not_before.astimezone(ZoneInfo(zone))
        today = local.date() == now.astimezone(local.tzinfo).date()
        means = (
            f"It leaves by itself, not before {local:%H:%M}." if today else f"It leaves by itself on {local:%a %H:%M}."
        )
    parts: list[str | tuple[str, str]] = [(head, "bold"), (f"{means}\n", "$muted")]
    parts += [(f"▸ {one.sentence}\n", "$warn") for one in row.approval if row.state == "approval"]
    if row.edited_by:
        parts.append((f"Changed by {row.edited_by}.\n", "$muted"))
    if row.override:
        parts.append((f"Sent against a rule by {row.agent}: {row.override}\n", "$muted"))
    elif row.approved_by:
        parts.append((f"Approved by {row.approved_by}.\n", "$muted"))
    if row.error:
        parts.append((f"{row.error}\n", "$block"))
    if row.doubt:
        parts.append((f"It was doubtful before: {row.doubt}\n", "$muted"))
    if row.link:
        parts.append((f"It can be sent from the network's own page: {row.link}\n", "$accent"))
    parts += [(f"▣ {one.name}: {one.alt}\n", "$muted") for one in row.media]
    return Content.assemble(*parts, "\n", row.text)


def _browse(link: str) -> Done:
    # Imported here: what finds browsers is no part of the first picture.
    from carecli.tui.browser import open_page

    open_page(link)
    return Done("The page opens in your browser. Send it there, then take this one back here.")


def _settle(desk: Desk, entry_id: int, choice: str) -> Done:
    match choice:
        case "retry":
            retry(desk, entry_id)
        case "cancel":
            cancel(desk, entry_id)
            return Done("Taken back. The text is a draft in its conversation again.")
        case "sent":
            resolve(desk, entry_id, "sent")
            return Done("It counts as sent.")
        case _:
            resolve(desk, entry_id, "not_sent")
    return Done("It is sent again.")
