"""Greeting and sign-off on a screen: the text as it would be posted, then, on enter, the post; and when it is time.

Not for: what the texts say, or posting them once only (`desk.shifts`).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from textual.message import Message
from textual.screen import Screen

from carecli.desk.context import Desk
from carecli.desk.shifts import Announced, Announcement, greet, sign_off
from carecli.desk.views import ShiftStanding
from carecli.playbook.hours import next_closing
from carecli.safetext import sanitize
from carecli.tui.asking import Done, ask
from carecli.tui.keymap import Keymap
from carecli.tui.screens.dialogs import Choice, ChoiceDialog

_CLOSING = timedelta(minutes=15)
_NAMES: dict[Announcement, str] = {"greeting": "greeting", "signoff": "sign-off"}


class Previewed(Message):
    """What a greeting or sign-off would say, or has said already."""

    def __init__(self, account: str, kind: Announcement, announced: Announced) -> None:
        super().__init__()
        self.account = account
        self.kind = kind
        self.announced = announced


def preview(screen: Screen[None], desk: Desk, account: str, kind: Announcement) -> None:
    """Ask what would be posted; the answer is a `Previewed`."""
    post = greet if kind == "greeting" else sign_off
    ask(screen, "announce", lambda: Previewed(account, kind, post(desk, account, dry_run=True)), by_key=True)


def confirm(screen: Screen[None], desk: Desk, keys: Keymap, event: Previewed) -> None:
    """Show the text; post it when the agent says so."""
    name, account, kind = _NAMES[event.kind], event.account, event.kind
    if event.announced.already:
        screen.post_message(Done(f"The {name} of {account} is out already."))
        return

    def answered(choice: str | None) -> None:
        if choice == "post":
            ask(screen, "announce", partial(_post, desk, account, kind), latest=False, by_key=True)

    price = f"; its link makes it cost {event.announced.link_price}" if event.announced.link_price else ""
    choices = (Choice("post", f"Post the {name}", f"as {account}, in public{price}"), Choice("leave", "Not now"))
    dialog = ChoiceDialog(keys, f"The {name} of {account}", choices, reading=sanitize(event.announced.text))
    screen.app.push_screen(dialog, answered)


def ends_soon(desk: Desk, shift: ShiftStanding) -> bool:
    """Whether it is time to sign off, and nobody has."""
    now = desk.now()
    closes_at = next_closing(desk.calendar(shift.account), now)
    return (
        shift.open
        and shift.desk_open
        and shift.signed_off_at is None
        and closes_at is not None
        and closes_at - now <= _CLOSING
    )


def _post(desk: Desk, account: str, kind: Announcement) -> Done:
    post = greet if kind == "greeting" else sign_off
    already = post(desk, account).already
    return Done(f"The {_NAMES[kind]} of {account} " + ("is out already." if already else "is on its way."))
