"""The yardstick for the desk's start and memory: a Textual app with the same docked panes and nothing behind them.

python -m tests.bench.bare_app
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, OptionList, Static, TextArea

ROWS = 40
PANES = ("Northwind Broadband", "row 001", "message 01", "Hi Andy", "Resolve")
"""A text of each pane: all of them on the screen means that the app has painted itself in full."""

_FOOTER = "n Next,r Reply,p Private,c Claim,h Hand_off,z Snooze,e Resolve,a Note,g Greeting,q Quit"
_MESSAGES = "\n\n".join(f"09:{n:02} Andy\nmessage {n:02}: is the new hub any better than mine?" for n in range(1, 9))


class BareApp(App[None]):
    """Header bar, list left, conversation right, composer below it, footer."""

    CSS = """
    #header { dock: top; height: 1; background: $panel; }
    #list { width: 34; height: 1fr; border: none; }
    #composer { height: 8; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"nothing('{key}')", label.replace("_", " "))
        for key, label in (pair.split() for pair in _FOOTER.split(","))
    ]

    def compose(self) -> ComposeResult:
        yield Static("carecli ─ Northwind Broadband · Day shift ─ 12 waiting", id="header", markup=False)
        with Horizontal():
            yield OptionList(*[f" row {n:03} @customer{n}" for n in range(1, ROWS + 1)], id="list", markup=False)
            with Vertical():
                yield VerticalScroll(Static(_MESSAGES, markup=False))
                yield TextArea("Hi Andy, sorry for the wait.", id="composer")
        yield Footer()

    def action_nothing(self, key: str) -> None:
        """What every key of the footer does."""


if __name__ == "__main__":
    BareApp().run()
