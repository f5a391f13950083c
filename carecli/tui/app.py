"""The desk in the terminal: starts quickly, keeps the screens told, and ends without losing anything.

Screens own their keys, widgets their messages, the desk the meaning. Not for: any of these.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.timer import Timer
from textual.widgets import Input, TextArea

from carecli.desk.context import Desk
from carecli.desk.status import status
from carecli.desk.views import StatusView
from carecli.errors import CareError, StoreError
from carecli.safetext import sanitize
from carecli.tui.asking import Done, Failed, Fault, ask
from carecli.tui.background import Background, DeskChanged
from carecli.tui.drafts import DraftKeeper
from carecli.tui.first_look import FirstLook
from carecli.tui.key_reader import KeyReader
from carecli.tui.keyboard_layouts import translation
from carecli.tui.keymap import bindings, keymap
from carecli.tui.palette import CommandProvider
from carecli.tui.screens.care_screen import CareScreen, OpenWanted
from carecli.tui.screens.desk import DeskScreen
from carecli.tui.screens.dialogs import Choice, ChoiceDialog
from carecli.tui.suspending import shell_waits, suspend
from carecli.tui.themes import choose, default_variables, load_themes, shipped_folder
from carecli.tui.type_ahead import TypeAhead, Typed

_STATUS_SECONDS = 5.0
# What the screens ask without being told to. Where it fails, that stands until it works again; a key has an answer.
_ASKED_BY_ITSELF = frozenset(
    {"status", "drafts", "renew", "conversation", "queue", "rows", "outbox", "shift", "team", "background"}
)
_SOON_SECONDS = 0.05
_COURTESY_SECONDS = 0.2
_TOLD_SECONDS = 5.0
# More would hide the rows that they stand over.
_TOLD_AT_ONCE = 2


class Told(NamedTuple):
    """What people are told in passing. The title is a failure's own sentence, where that has a remedy."""

    sentence: str
    title: str = ""
    severity: SeverityLevel = "information"


class StatusLoaded(Message):
    """The figures of the status line."""

    def __init__(self, view: StatusView) -> None:
        super().__init__()
        self.view = view


class CareApp(App[None], inherit_bindings=False):
    """The app over all screens. `first`: what its first picture shows."""

    TITLE = "carecli"
    CSS_PATH = "care.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("everywhere")
    COMMANDS = {CommandProvider}  # noqa: RUF012 - Textual declares it so.
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, desk: Desk, first: FirstLook, *, works: bool = True, begun: Callable[[], None] = lambda: None
    ) -> None:
        """works: read from the networks and send to them here, unless somebody else does.

        begun: called once the first picture is complete. Raises `ConfigError`.
        """
        self.keys = keymap(desk.config.keys)
        super().__init__()
        # The palette is opened by a command of ours, which can be remapped, and not by a binding of Textual's.
        self.use_command_palette = True
        self.desk = desk
        self.drafts = DraftKeeper(desk)
        self.faults: list[Exception] = []
        self._first = first
        self._background = Background(desk, works=works)
        self._works = works
        self._begun = begun
        self._status = first.status
        self._asking_status = False
        self._pressed_at = 0.0
        self._told: list[tuple[float, Told]] = []
        self._news: Timer | None = None
        self.type_ahead = TypeAhead(self, lambda: self.screen, self._act, self._tell_lost, monotonic)
        self._reader = KeyReader(translation(desk.config.keyboard, self.keys.characters()))
        self._folders = (shipped_folder(), desk.config.folder / "themes")
        theme, self._problem = choose(desk.config.theme, self._folders, no_color=self.no_color)
        self.register_theme(theme)
        self.theme = theme.name
        self.set_keymap(self.keys.overrides())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return default_variables()

    def get_default_screen(self) -> DeskScreen:
        return DeskScreen(self.desk, self.keys, self.drafts, self._first)

    # ── beginning and end ─────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        if sys.platform != "win32":
            # Asked to end, or the window was closed: what was typed is stored, and the terminal is as it was.
            for asked in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(asked, self.exit)
        self.call_after_refresh(self.set_timer, _SOON_SECONDS, self._begin)

    def _begin(self) -> None:
        """All that can wait until the first picture is complete."""
        self._begun()
        ask(self, "background", partial(self._background.run, self.post_message), latest=False)
        self.set_interval(_STATUS_SECONDS, self._look_after)
        found = load_themes(self._folders)
        for theme in found.themes:
            self.register_theme(theme)
        problem = self._problem or next(iter(found.problems), None)
        if problem is not None:
            self._tell_error(problem)

    def on_unmount(self) -> None:
        self._background.end()

    def end(self) -> None:
        """When the screen is gone: stop the worker, store what was typed. Raises `StoreError` with what was not."""
        try:
            self._background.stop_worker()
        finally:
            try:
                self.drafts.save()
            except StoreError as error:
                texts = "".join(f"\n\n{typed.text}" for typed in self.drafts.kept())
                raise StoreError(error.sentence, f"{error.remedy} What you wrote is not saved:{texts}") from error

    async def action_app_quit(self) -> None:
        """Leave at once, unless a text cannot be stored, or a reply is held that would wait for the next desk."""
        held = self._status.outbox_held if self._works else 0
        if self.drafts.problem is not None:
            title, what_then = "What you wrote cannot be saved now", "it is printed in the terminal"
        elif held:
            title = f"{'A reply is' if held == 1 else f'{held} replies are'} still on the way"
            what_then = "they leave when a desk runs again"
        else:
            self.exit()
            return

        def answered(choice: str | None) -> None:
            if choice == "quit":
                self.exit()

        choices = (Choice("stay", "Stay"), Choice("quit", "Quit", what_then))
        self.push_screen(ChoiceDialog(self.keys, title, choices), answered)

    def action_app_interrupt(self) -> None:
        self.post_message(
            Done(f"{self.keys.shown('app.quit')} quits. Where you type, {self.keys.keys('app.quit')[-1]} does.")
        )

    def action_app_suspend(self) -> None:
        """Give the terminal back to the shell until it lets the desk go on."""
        if self._driver is None or not shell_waits():
            self.post_message(Done(f"No shell has started the desk. {self.keys.shown('app.quit')} quits."))
            return
        # Nothing happens meanwhile anyway, so that these may wait here.
        try:
            self.drafts.save()
            suspend(self._driver, self.desk.database)
        except StoreError as error:
            self._tell_error(error)
        self.show_again()

    @on(Driver.SignalResume)
    def show_again(self) -> None:
        """The terminal has been somebody else's: draw all of it."""
        self.refresh(layout=True)

    # ── what the screens are told ─────────────────────────────────────────────────────────────────

    @on(DeskChanged)
    def tell_soon(self, event: DeskChanged) -> None:
        """Tell the screens of changes; while somebody is pressing keys, the keys go first."""
        if self._news is None:
            busy = event.time - self._pressed_at < _COURTESY_SECONDS
            self._news = self.set_timer(_COURTESY_SECONDS if busy else 0.001, self._tell_screens)

    def _tell_screens(self) -> None:
        self._news = None
        self._ask_status()
        if (screen := self._front) is not None:
            screen.changed()

    def _look_after(self) -> None:
        self._ask_status()
        if self.drafts.problem is not None and self.drafts.must_save():
            ask(self, "drafts", self.drafts.save, latest=False)

    def _ask_status(self) -> None:
        if not self._asking_status:
            self._asking_status = True
            ask(self, "status", lambda: StatusLoaded(status(self.desk)), latest=False)

    @on(StatusLoaded)
    def show_status(self, event: StatusLoaded) -> None:
        self._asking_status = False
        self._status = event.view
        for screen in self.screen_stack:
            if isinstance(screen, CareScreen):
                screen.show_status(event.view)
        self._show_trouble(self.drafts.problem)

    # ── what people are told ──────────────────────────────────────────────────────────────────────

    @on(Done)
    def tell_done(self, event: Done) -> None:
        self._tell(Told(event.sentence))

    @on(Failed)
    def tell_failed(self, event: Failed) -> None:
        if event.group == "status":
            self._asking_status = False
        if isinstance(event.error, StoreError) and event.group in _ASKED_BY_ITSELF:
            self._show_trouble(event.error)
        else:
            self._tell_error(event.error)

    @on(Fault)
    def tell_fault(self, event: Fault) -> None:
        self.faults.append(event.error)
        self._tell(Told("Something went wrong in carecli itself. What you typed is kept.", severity="error"))

    def _show_trouble(self, trouble: StoreError | None) -> None:
        """Show what is wrong with the database until it is right again."""
        text = str(trouble) if trouble else ""
        if trouble and self.drafts.problem is not None:
            text += " What you write is kept here, and saved as soon as that is possible."
        for screen in self.screen_stack:
            if isinstance(screen, CareScreen):
                screen.show_standing(sanitize(text))

    def _tell_error(self, error: CareError) -> None:
        # A sentence may quote what a network, a file or a customer said.
        sentence, remedy = sanitize(error.sentence), sanitize(error.remedy)
        self._tell(Told(remedy or sentence, sentence if remedy else "", "warning"))

    def _tell(self, told: Told) -> None:
        """Show a sentence for some seconds, below the one before it if that is still new."""
        now = monotonic()
        before = [(at, one) for at, one in self._told if now - at < _TOLD_SECONDS and one != told]
        self.clear_notifications()
        self._told = [*before, (now, told)][-_TOLD_AT_ONCE:]
        for at, one in self._told:
            seconds = _TOLD_SECONDS - (now - at)
            self.notify(one.sentence, title=one.title, severity=one.severity, timeout=seconds, markup=False)

    def clear_notifications(self) -> None:
        self._told = []
        super().clear_notifications()
        # Textual takes away the words only, and leaves an empty line where they stood.
        for screen in self.screen_stack:
            screen.query("ToastHolder").remove()

    # ── going from screen to screen ───────────────────────────────────────────────────────────────

    @property
    def _front(self) -> CareScreen | None:
        """The screen in front; None while a dialog is, or when all are gone."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, CareScreen) else None

    def action_screen_back(self) -> None:
        if (screen := self._front) is not None:
            screen.go_back()

    # Imported when they are asked for: the desk starts without them.

    def action_screen_outbox(self) -> None:
        from carecli.tui.screens.outbox import OutboxScreen

        self._go_to(OutboxScreen(self.desk, self.keys, self._status))

    def action_screen_shift(self) -> None:
        from carecli.tui.screens.shift import ShiftScreen

        if (screen := self._front) is not None:
            self._go_to(ShiftScreen(self.desk, self.keys, self._status, screen.account()))

    def action_screen_help(self) -> None:
        from carecli.tui.screens.help import HelpScreen

        if (screen := self._front) is not None:
            self._go_to(HelpScreen(self.desk, self.keys, self._status, screen.places()))

    def _go_to(self, screen: CareScreen) -> None:
        """Show a screen above the desk; from one such screen to another, the first is left."""
        if type(self.screen) is type(screen):
            return
        if isinstance(self.screen, DeskScreen):
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    @on(OpenWanted)
    def open_on_desk(self, event: OpenWanted) -> None:
        while not isinstance(self.screen, DeskScreen):
            self.pop_screen()
        self.screen.show_conversation(event.conversation_id)

    def action_app_palette(self) -> None:
        self.action_command_palette()

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed act in its order, before anything else sees it."""
        if isinstance(event, Typed) and not event.is_forwarded:
            await self.type_ahead.take(event)
        else:
            await super().on_event(event)

    async def _act(self, event: Typed) -> DOMNode | None:
        """Hand a key to whoever has the focus: that is returned, unless the key was a character of a text.

        Where no text is typed, a key of another layout is read by its place.
        """
        target = self.focused or self.screen
        typing = isinstance(target, Input | TextArea)
        if isinstance(event, events.Key):
            self._pressed_at = event.time
            event = self._reader.read(event, typing=typing)
        await super().on_event(event)
        return None if typing and isinstance(event, events.Key) and event.is_printable else target

    def _tell_lost(self) -> None:
        self._tell(Told("The desk was busy: what you typed meanwhile was not used.", severity="warning"))
