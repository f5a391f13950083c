"""A stage for one widget: an app with the desk's colours that keeps what the widget posts, and reads what it draws."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from carecli.tui.themes import default_variables

_PATIENCE = 20.0  # seconds; generous, since a loaded machine is no failure

Scene = Callable[[Pilot[None]], Awaitable[None]]


class Stage(App[None]):
    """Shows one widget over the whole screen."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return default_variables()

    def compose(self) -> ComposeResult:
        yield self._widget


def play(widget: Widget, scene: Scene, *, size: tuple[int, int] = (60, 12)) -> list[Message]:
    """Run `scene` with the widget on a terminal of `size` columns and rows; return the messages of our own widgets."""
    heard: list[Message] = []

    def hear(message: Message) -> None:
        # A message that bubbles arrives more than once.
        if type(message).__module__.startswith("carecli.") and all(message is not known for known in heard):
            heard.append(message)

    async def run() -> None:
        async with Stage(widget).run_test(size=size, message_hook=hear) as pilot:
            await pilot.pause()
            await scene(pilot)
            await pilot.pause()

    asyncio.run(run())
    return heard


async def until(pilot: Pilot[None], seen: Callable[[], bool]) -> None:
    """Let the app run until `seen` holds; TimeoutError after some seconds without."""
    async with asyncio.timeout(_PATIENCE):
        while not seen():
            await pilot.pause(0.01)


def strips(widget: Widget) -> list[Strip]:
    """The widget's lines as it draws them."""
    return [widget.render_line(y) for y in range(widget.size.height)]


def shown(widget: Widget) -> list[str]:
    """The widget's lines as text, without the spaces at their ends."""
    return [strip.text.rstrip() for strip in strips(widget)]
