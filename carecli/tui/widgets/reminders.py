"""What to keep in mind while answering, between the thread and the composer: questions, promises, declined offers.

As many lines as there are things to say, few at most, and none where there is nothing. Not for: ticking off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from carecli.desk.views import ConversationView, QuestionRow
from carecli.tui.widgets.cells import crop
from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.painting import Line, Span

_MOST_LINES = 4


class Reminders(Painted):
    """The customer's open questions first, then what we promised and what they said no to."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reminders--open",
        "reminders--ticked",
        "reminders--promise",
        "reminders--late",
        "reminders--muted",
    }
    DEFAULT_CSS = """
    Reminders {
        height: 0;
        max-height: 4;
        & > .reminders--open { color: $theirs; }
        & > .reminders--ticked { color: $muted; }
        & > .reminders--promise { color: $soon; }
        & > .reminders--late { color: $late; text-style: bold; }
        & > .reminders--muted { color: $muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view: ConversationView | None = None
        self._now = datetime.min.replace(tzinfo=UTC)
        self._zone: tzinfo = UTC

    def show(self, view: ConversationView | None, now: datetime, zone: tzinfo) -> None:
        """Show what a conversation leaves to answer and to remember, times in `zone`."""
        self._view, self._now, self._zone = view, now, zone
        count = min(_MOST_LINES, len(reminder_lines(view, now, zone, 80))) if view else 0
        if self.styles.height is None or self.styles.height.value != count:
            self.styles.height = count
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        if self._view is None:
            return ()
        found = reminder_lines(self._view, self._now, self._zone, max(0, width - 2))
        room = max(1, self.size.height)
        if len(found) <= room:
            return found
        more = f"  +{len(found) - room} more"
        sign, words = found[room - 1]
        kept = Span(crop(words.text, max(0, width - 4 - len(more))), words.ink)
        return [*found[: room - 1], (sign, kept, Span(more, "muted"))]


def reminder_lines(view: ConversationView, now: datetime, zone: tzinfo, width: int) -> list[Line]:
    """A line for each question, the open ones first, for each promise, and for what was declined."""
    room = max(0, width - 3)
    lines = [
        _line("✓" if row.ticked else "?", row.text, "ticked" if row.ticked else "open", room) for row in asked(view)
    ]
    for promise in view.promises:
        words = f"we promised “{promise.words}”: by {promise.due_at.astimezone(zone):%a %H:%M}"
        lines.append(_line("⚑", words, "late" if promise.due_at < now else "promise", room))
    if view.declined:
        lines.append(_line("✗", f"they said no to {', '.join(view.declined)}", "muted", room))
    return lines


def asked(view: ConversationView) -> list[QuestionRow]:
    """The customer's questions, the open ones first."""
    return sorted(view.questions, key=lambda row: row.ticked)


def _line(sign: str, words: str, ink: str, room: int) -> Line:
    return Span(f" {sign} ", ink), Span(crop(words, room), ink)
