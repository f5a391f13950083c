"""A small Textual program for the harness's own tests: shows its first argument as it is, the last key and the size.

python -m tests.terminal.sample_app "some text"
"""

from __future__ import annotations

import sys
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Label, Static


class SampleApp(App[int]):
    """Shows what it is given without a look at it, which is what the guard must notice."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("q", "exit(7)", "Quit")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Static(self._text, markup=False)
        yield Label("ready", id="key")
        yield Label("", id="size")

    def on_key(self, event: events.Key) -> None:
        self.query_one("#key", Label).update(f"key {event.key}")

    def on_paste(self, event: events.Paste) -> None:
        self.query_one("#key", Label).update(f"pasted {event.text}")

    def on_resize(self, event: events.Resize) -> None:
        self.query_one("#size", Label).update(f"{event.size.width}x{event.size.height}")

    def action_exit(self, code: int) -> None:
        self.exit(code, return_code=code)


if __name__ == "__main__":
    app = SampleApp(sys.argv[1] if len(sys.argv) > 1 else "")
    app.run()
    print("goodbye")  # noqa: T201
    sys.exit(app.return_code)
