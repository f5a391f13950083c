"""A person at the desk, for tests: presses keys, waits until something stands on the screen, and reads it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from time import monotonic
from unittest.mock import patch

from textual.events import Paste
from textual.pilot import Pilot
from textual.widget import Widget

from carecli.desk.context import Desk
from carecli.tui.app import CareApp
from carecli.tui.first_look import first_look
from carecli.tui.screens.desk import DeskScreen
from carecli.tui.widgets.reply_area import ReplyArea

_PATIENCE_SECONDS = 20.0
_NAMES = {" ": "space", "\n": "enter", ",": "comma", ".": "full_stop", "?": "question_mark", "/": "slash"}

Wide = tuple[int, int]


class Agent:
    """Somebody who works at a desk in a terminal of some size."""

    def __init__(self, app: CareApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def desk(self) -> DeskScreen:
        """The screen at the bottom."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, DeskScreen)
        return screen

    @property
    def reply(self) -> str:
        """What stands in the composer."""
        return self.desk.conversation.composer.text

    @property
    def customer(self) -> str:
        """Whose conversation is open."""
        view = self.desk.conversation.view
        return view.handle if view else ""

    async def press(self, *keys: str) -> None:
        """Press keys, by name or character, and let the last one act."""
        await self.pilot.press(*(_NAMES.get(key, key) for key in keys))
        await self.until(lambda: not self.app.type_ahead.waits, "The last key's turn")

    async def write(self, text: str) -> None:
        """Put a text where the cursor is: its first letter by key, the rest pasted, which is quicker in a test."""
        await self.press(text[0])
        if len(text) > 1:
            self.app.post_message(Paste(text[1:]))
            await self.pilot.pause()

    async def begin(self, text: str, *, to: str = "") -> None:
        """Begin a reply with a text; `to`: as soon as that customer's conversation is open."""
        if to:
            await self.until_open(to)
        await self.press("r")
        await self.until(lambda: self.focused(ReplyArea), "The composer")
        await self.write(text)

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until `condition` holds; `what` says in the failure what did not come."""
        end = monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert monotonic() < end, f"{what or 'This'} did not come.\n{self.screen()}"
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def until_shown(self, text: str) -> None:
        """Wait until a text stands on the screen, wherever its lines break."""
        await self.until(lambda: self.shows(text), repr(text))

    def shows(self, text: str) -> bool:
        """Whether a text stands on the screen, wherever its lines break."""
        screen = self.screen()
        return text in screen or text in " ".join(screen.split())

    async def until_open(self, handle: str) -> None:
        """Wait until a customer's conversation stands on the screen."""
        await self.until(lambda: self.customer == handle, f"@{handle}'s conversation")

    async def settle(self) -> None:
        """Wait until nothing is being asked any more."""
        await self.pilot.pause(0.03)
        await self.until(lambda: all(w.is_finished for w in self.app.workers if w.group != "background"), "Quiet")

    def screen(self) -> str:
        """What stands on the screen, dialogs and messages included."""
        strips = self.app.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip) for strip in strips]
        return "\n".join(line.rstrip() for line in lines)

    def focused(self, kind: type[Widget]) -> bool:
        """Whether the cursor stands in a widget of this kind."""
        return isinstance(self.app.focused, kind)


Shift = Callable[[Agent], Awaitable[None]]


def app_of(desk: Desk, *, no_color: bool = False) -> CareApp:
    """The app as `run` makes it, without a worker of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with patch.dict(os.environ, {**environment, **({"NO_COLOR": "1"} if no_color else {})}, clear=True):
        return CareApp(desk, first_look(desk, 40), works=False)


def work(desk: Desk, shift: Shift, *, size: Wide = (120, 40)) -> CareApp:
    """Let an agent work `shift` at the desk, and check that nothing went wrong in carecli itself."""
    app = app_of(desk)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            agent = Agent(app, pilot)
            await agent.settle()
            await shift(agent)

    asyncio.run(run())
    app.end()
    assert app.faults == []
    return app
