"""Whatever a stranger writes, in whatever place it is shown: no control byte, no markup, no broken width."""

from __future__ import annotations

import asyncio
import re
from array import array
from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from carecli.desk.views import ComposerView, ConversationView, Countdown, NoteRow, QueueRow, StatusView
from carecli.model import Finding, OutboxState
from carecli.safetext import SafeText, sanitize, sanitize_line
from carecli.tui import widgets
from carecli.tui.themes import default_variables
from carecli.tui.widgets.composer import Composer, ComposerFoot, ComposerRule
from carecli.tui.widgets.conversation_header import ConversationHeader
from carecli.tui.widgets.hint_line import HintLine
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.queue_list import QueueList
from carecli.tui.widgets.reply_area import ReplyArea
from carecli.tui.widgets.status_line import StatusLine
from carecli.tui.widgets.thread_view import ThreadView

from .texts import DRIVES_A_TERMINAL, HOSTILE
from .views import NOW, account, composer_view, conversation, countdown, message, our_message, queue_row, status

STATES: tuple[OutboxState, ...] = ("held", "unknown", "rejected")
OURS = (
    LineList,
    QueueList,
    ThreadView,
    ConversationHeader,
    ComposerRule,
    ReplyArea,
    ComposerFoot,
    StatusLine,
    HintLine,
)


class Desk(App[None]):
    """All widgets at once."""

    ENABLE_COMMAND_PALETTE = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return default_variables()

    def compose(self) -> ComposeResult:
        yield StatusLine()
        with Horizontal():
            yield QueueList()
            with Vertical():
                yield ConversationHeader()
                yield ThreadView()
                yield Composer()
        yield HintLine()


def row(text: str) -> QueueRow:
    line = sanitize_line(text)
    return queue_row(1, text=text, handle=line, name=line, reasons=(line,), claimed_by=line, language=line)


def thread(text: str) -> ConversationView:
    safe, line = sanitize(text), sanitize_line(text)
    rows = [message(n, text, depth=n, theirs=n % 2 > 0, name=line, handle=line) for n in range(8)]
    rows += [message(9, text, missing=True), message(10, "", attachments=(line,), visibility="private")]
    rows += [our_message(-n, text, agent=line, pending=state) for n, state in enumerate(STATES, start=1)]
    notes = (NoteRow(line, safe, NOW),)
    return conversation(*rows, name=line, handle=line, notes=notes, reasons=(line,), claimed_by=line, contacts=2)


def reply(text: str) -> ComposerView:
    line = sanitize_line(text)
    found = (Finding("a", "block", line, line, 0, 9), Finding("b", "warn", line, line, 3, 99))
    return composer_view(account=line, signature=line, findings=found)


def overview(text: str) -> StatusView:
    line = sanitize_line(text)
    return status(agent=line, accounts=(account(line, line),), outbox_stuck=1)


def all_strips(app: App[None]) -> Iterator[tuple[Widget, Strip]]:
    for kind in OURS:
        widget = app.query_one(kind)
        for y in range(widget.size.height):
            yield widget, widget.render_line(y)


def fill(app: App[None], text: str) -> None:
    """Put `text` wherever a stranger's words are shown."""
    view = thread(text)
    app.query_one(StatusLine).show(overview(text))
    app.query_one(HintLine).show(((sanitize_line(text), sanitize_line(text)), ("?", "keys")))
    queue = app.query_one(QueueList)
    queue.set_countdown(countdown)
    queue.tick(NOW)
    queue.show(array("q", [1, 2]), {1: row(text)})
    app.query_one(ConversationHeader).show(view, Countdown(-60))
    app.query_one(ThreadView).show(view, NOW)
    composer = app.query_one(Composer)
    composer.load(text, 3)
    composer.show(reply(text))
    composer.set_countdown(Countdown(-60))


@pytest.mark.parametrize("size", [(120, 40), (46, 24)], ids=["wide", "narrow"])
def test_no_widget_lets_a_text_act_or_break_its_lines(size: tuple[int, int]) -> None:
    async def run() -> None:
        app = Desk()
        async with app.run_test(size=size) as pilot:
            for text in HOSTILE:
                fill(app, text)
                await pilot.pause()
                for widget, strip in all_strips(app):
                    assert not DRIVES_A_TERMINAL.search(strip.text), (widget, text)
                    if not isinstance(widget, ReplyArea):
                        assert sum(cell_len(segment.text) for segment in strip) == strip.cell_length, (widget, text)
                        assert strip.cell_length == widget.scrollable_content_region.width, (widget, text)

    asyncio.run(run())


def test_a_text_that_escaped_the_type_is_stopped_at_the_last_step() -> None:
    async def run() -> None:
        app = Desk()
        async with app.run_test(size=(120, 40)) as pilot:
            raw = SafeText("\x1b]0;owned\x07\u202e[@click=app.quit]x")
            app.query_one(QueueList).show(array("q", [1]), {1: queue_row(1, handle=raw)})
            app.query_one(ThreadView).show(conversation(message(1, name=raw)), NOW)
            await pilot.pause()
            assert not any(DRIVES_A_TERMINAL.search(strip.text) for _, strip in all_strips(app))

    asyncio.run(run())


def test_the_variables_that_a_theme_must_define_are_written_down() -> None:
    styles = "".join(kind.DEFAULT_CSS for kind in (*OURS, Composer, LineList))
    told = {name.strip(",") for line in (widgets.__doc__ or "").splitlines() for name in line[:40].split()}
    assert set(re.findall(r"\$([a-z-]+)", styles)) <= told
