"""The customer's own column on a wide terminal: who they are, what colleagues noted, who has read it.

Not for: the customer's history over all accounts, or narrow terminals (the header and the thread carry it there).
"""

from __future__ import annotations

from datetime import tzinfo

from textual.content import Content
from textual.widgets import Static

from carecli.desk.views import ConversationView
from carecli.tui.screens.person import called
from carecli.tui.widgets.cells import crop

_Part = str | tuple[str, str]
_HANDLE = 40  # cells: no handle of a network is longer by much


class CustomerCard(Static):
    """What is known of the customer in a conversation."""

    def __init__(self) -> None:
        super().__init__(id="card", markup=False)

    def show(self, view: ConversationView | None, zone: tzinfo) -> None:
        """Show the customer of a conversation, times in `zone`."""
        # The card is as large as its column, whatever it says: nothing need be laid out again.
        self.update(Content() if view is None else Content.assemble(*_card(view, zone)), layout=False)


def _card(view: ConversationView, zone: tzinfo) -> list[_Part]:
    parts: list[_Part] = [
        (called(view), "bold $theirs"),
        "\n",
        (crop(f"@{view.handle.lstrip('@')}", _HANDLE), "$muted"),
    ]
    facts = [
        ("account", view.account),
        ("network", view.network),
        ("language", view.language.upper() or "not known"),
        ("this month", f"{view.contacts} contact{'' if view.contacts == 1 else 's'}"),
        ("exchanged", f"{view.interactions} messages"),
    ]
    parts.append("\n\n")
    for name, value in facts:
        parts += [(f"{name:<11}", "$muted"), value, "\n"]
    if view.reasons:
        parts += [("\nWHY NOW\n", "bold"), "\n".join(view.reasons), "\n"]
    parts.append(("\nNOTES\n", "bold"))
    for note in view.notes:
        parts += [(f"{note.agent} {note.at.astimezone(zone):%a %H:%M}\n", "$hint"), note.text, "\n"]
    if not view.notes:
        parts.append(("none yet\n", "$muted"))
    if view.readers:
        parts.append(("\nREAD BY\n", "bold"))
    for mark in view.readers:
        parts.append((f"{mark.agent} {mark.at.astimezone(zone):%a %H:%M}\n", "$muted"))
    return parts
