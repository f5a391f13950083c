"""The yardstick for a key's way to the screen: a Textual app with one reactive label that changes on each key.

python -m tests.bench.trivial_app
"""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.reactive import reactive
from textual.widgets import Static

PANES = ("count 0",)


class Count(Static):
    """Shows how many keys were pressed."""

    count = reactive(0)

    def render(self) -> str:
        return f"count {self.count}"


class TrivialApp(App[None]):
    """One label."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Count()

    def on_key(self, event: events.Key) -> None:
        self.query_one(Count).count += 1


if __name__ == "__main__":
    TrivialApp().run()
