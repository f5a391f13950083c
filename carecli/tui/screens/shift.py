"""The shift: greeting, roster, hours, sign-off, hand-over, and who is still unanswered.

Not for: what the texts say (`playbook`), or answering (the desk).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from carecli.desk.context import Desk
from carecli.desk.queue import countdown, queue_ids, queue_rows
from carecli.desk.shifts import close_shift, open_shift, shift
from carecli.desk.views import Countdown, QueueFilter, QueueRow, ShiftView, StatusView
from carecli.money import dollars
from carecli.tui.asking import Done, ask
from carecli.tui.keymap import Command, Keymap, Place, bindings
from carecli.tui.screens.announcing import Previewed, confirm, preview
from carecli.tui.screens.care_screen import CareScreen, OpenWanted
from carecli.tui.screens.dialogs import TextDialog
from carecli.tui.widgets.queue_list import QueueList

_NOBODY = "Nobody is unanswered."


class ShiftScreen(CareScreen):
    """One account's shift at the left, its unanswered ones at the right."""

    WHERE: ClassVar[Place] = "shift"
    BINDINGS: ClassVar[list[BindingType]] = bindings("shift")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-beside")]  # noqa: RUF012 - Textual declares it so.

    class Loaded(Message):
        """The shift and the order of its unanswered ones."""

        def __init__(self, view: ShiftView, ids: array[int], rows: Mapping[int, QueueRow]) -> None:
            super().__init__()
            self.view = view
            self.ids = ids
            self.rows = rows

    class Provided(Message):
        """Details of some rows."""

        def __init__(self, rows: Mapping[int, QueueRow]) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, desk: Desk, keys: Keymap, status: StatusView | None, account: str) -> None:
        super().__init__(desk, keys, status)
        # Held, and not looked up: which keys work is asked while the screen closes, too.
        self.list = QueueList(empty=_NOBODY)
        self._facts = Static(id="facts", markup=False)
        self._account = account
        self._view: ShiftView | None = None

    def content(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with VerticalScroll(id="shift", can_focus=False):
                yield self._facts
            yield self.list

    def on_mount(self) -> None:
        self.list.set_countdown(self._countdown)
        self.list.tick(self.desk.now())
        self.list.focus()
        self.changed()

    def changed(self) -> None:
        desk, chosen = self.desk, QueueFilter(account=self._account)

        def load() -> Message:
            ids = queue_ids(desk, chosen)
            return self.Loaded(shift(desk, self._account), ids, queue_rows(desk, ids[:100]))

        ask(self, "shift", load)

    def tick(self, now: datetime) -> None:
        self.list.tick(now)

    def works(self, entry: Command) -> bool:
        view = self._view
        if view is None:
            return entry.where == "everywhere"
        match entry.id:
            case "team.greet":
                return view.greeted_at is None
            case "team.sign_off":
                return view.open and view.signed_off_at is None
            case "team.begin":
                return not view.open
            case "team.close":
                return view.open
            case "team.account":
                return len(self.desk.config.accounts) > 1
            case "list.choose":
                return self.list.highlighted_row is not None
            case _:
                return entry.id != "screen.shift"

    @on(Loaded)
    def show_loaded(self, event: Loaded) -> None:
        if event.view.account == self._account:
            self._view = event.view
            zone = ZoneInfo(self.desk.config.zone(self._account))
            people = {agent.id: agent.name for agent in self.desk.config.agents.values()}
            self._facts.update(shift_text(event.view, people, self.desk.now(), zone))
            self.list.show(event.ids, event.rows)
            self.show_hints()

    @on(QueueList.RowsWanted)
    def load_rows(self, event: QueueList.RowsWanted) -> None:
        ids = event.ids
        ask(self, "rows", lambda: self.Provided(queue_rows(self.desk, ids)), latest=False)

    @on(Provided)
    def show_rows(self, event: Provided) -> None:
        self.list.provide(event.rows)

    @on(QueueList.Chosen)
    def open_conversation(self, event: QueueList.Chosen) -> None:
        if event.row is not None:
            self.app.post_message(OpenWanted(event.row.conversation_id))

    def action_team_greet(self) -> None:
        preview(self, self.desk, self._account, "greeting")

    def action_team_sign_off(self) -> None:
        preview(self, self.desk, self._account, "signoff")

    @on(Previewed)
    def confirm_announcement(self, event: Previewed) -> None:
        confirm(self, self.desk, self.keys, event)

    def action_team_begin(self) -> None:
        ask(self, "team", self._begin, latest=False, by_key=True)

    def _begin(self) -> Done:
        open_shift(self.desk, self._account)
        return Done("The shift is open.")

    def action_team_close(self) -> None:
        view = self._view
        if view is not None and view.open:
            waiting = f"{view.unanswered} unanswered." if view.unanswered else "Nobody is unanswered."
            dialog = TextDialog(self.keys, "What must the next shift know?", reading=Content(waiting))
            self.app.push_screen(dialog, self._close)

    def _close(self, handover: str | None) -> None:
        if handover is not None:
            ask(self, "team", partial(self._hand_over, handover), latest=False, by_key=True)

    def _hand_over(self, handover: str) -> Done:
        close_shift(self.desk, self._account, handover)
        return Done("The shift is closed, the hand-over is kept.")

    def action_team_account(self) -> None:
        accounts = list(self.desk.config.accounts)
        self._account = accounts[(accounts.index(self._account) + 1) % len(accounts)]
        self.changed()

    def _countdown(self, row: QueueRow, now: datetime) -> Countdown:
        return countdown(self.desk, row.account, row.visibility, row.due_at, row.limit_at, now)


def shift_text(view: ShiftView, people: Mapping[str, str], now: datetime, zone: tzinfo) -> Content:
    """A shift for people to read: how it stands, who is on, until when, and its two texts."""

    def told(at: datetime | None) -> str:
        if at is None:
            return "not yet"
        local = at.astimezone(zone)
        same_day = local.date() == now.astimezone(zone).date()
        return f"{local:%H:%M}" if same_day else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"

    if view.open:
        state = ("open", "bold $ok") if view.greeted_at else ("open, not greeted", "bold $warn")
    else:
        state = ("not open", "bold $muted")
    hours = f"until {told(view.closes_at)}" if view.desk_open and view.closes_at else "around the clock"
    if not view.desk_open:
        hours = f"closed, opens {told(view.next_opening)}" if view.next_opening else "closed"
    facts = [
        ("opened", told(view.opened_at)),
        ("greeted", told(view.greeted_at)),
        ("signed off", told(view.signed_off_at)),
        ("hours", hours),
        ("roster", ", ".join(people.get(person, person) for person in view.roster) or "nobody yet"),
        ("unanswered", str(view.unanswered)),
    ]
    if view.spent_micros or view.budget_micros:
        of = f" of {dollars(view.budget_micros)}" if view.budget_micros else ""
        facts.append(("spent today", f"about {dollars(view.spent_micros)}{of}"))
    parts: list[str | tuple[str, str]] = [(f"SHIFT  {view.account}  ", "bold"), state, "\n\n"]
    for name, value in facts:
        parts += [(f"{name:<12}", "$muted"), value, "\n"]
    if view.problem:
        until = f"Until {told(view.problem_until)}: " if view.problem_until else ""
        parts.append((f"\n✗ {until}{view.problem}\n", "bold $block"))
    for heading, text in (("GREETING", view.greeting_text), ("SIGN-OFF", view.signoff_text)):
        parts += [(f"\n{heading}\n", "bold"), text, "\n"]
    return Content.assemble(*parts)
