"""The outbox, the shift, narrow terminals, and what is told when something is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carecli.desk import status as status_module
from carecli.desk.outbox import outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import shift
from carecli.desk.views import QueueFilter, StatusView
from carecli.errors import StoreError
from carecli.model import OutboxState
from carecli.store import outbox as entries
from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.desk import DeskScreen
from carecli.tui.screens.dialogs import Choice, ChoiceDialog
from carecli.tui.screens.outbox import entry_text
from carecli.tui.screens.queue_pane import QueuePane
from carecli.tui.widgets.queue_list import QueueList
from carecli.tui.widgets.reply_area import ReplyArea
from carecli.tui.widgets.thread_view import ThreadView
from tests.shop import START, Shop
from tests.tui.driving import Agent, app_of, work


def answer(shop: Shop, text: str) -> None:
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    reply(shop.desk, number, text, "public", seen_version=None, hold=True)


# ── the outbox ────────────────────────────────────────────────────────────────────────────────────


def test_the_outbox_shows_what_is_held_and_takes_it_back(busy: Shop) -> None:
    answer(busy, "Hi Andy, it is better.")

    async def take_back(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("held, 10 s")
        assert "Hi Andy, it is better. ^CL" in agent.screen()
        await agent.press("u")
        await agent.until_shown("Nothing is on its way")
        await agent.press("f")
        await agent.until_shown("taken back")
        await agent.press("escape")
        assert isinstance(agent.app.screen, DeskScreen)

    work(busy.desk, take_back)
    assert [row.state for row in outbox(busy.desk)] == ["cancelled"]


@pytest.mark.parametrize(("minutes", "words"), [(5, "not before 09:05"), (15 * 60, "on Tue 00:00"), (0, "as soon as")])
def test_an_entry_that_waits_for_a_time_names_it(busy: Shop, minutes: int, words: str) -> None:
    number = first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id
    entry = reply(busy.desk, number, "Hi there.", "public", seen_version=None, hold=False)
    with busy.database.write() as session:
        entries.put_off(session, entry.id, START + timedelta(minutes=minutes), "It asked to wait.")
    assert words in entry_text(outbox(busy.desk)[0], START, "Europe/London").plain


def test_an_entry_of_the_outbox_opens_its_conversation(busy: Shop) -> None:
    answer(busy, "Hi Andy, it is better.")

    async def open_it(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("held, 10 s")
        await agent.press("enter")
        await agent.until(lambda: agent.focused(ThreadView))
        await agent.until_shown("HELD")

    work(busy.desk, open_it)


@pytest.mark.parametrize(
    ("state", "shown", "key", "told", "after"),
    [
        ("rejected", "Send it again as it is", "1", "It is sent again", "queued"),
        ("rejected", "Take it back", "2", "Taken back", "cancelled"),
        ("unknown", "It is there", "1", "It counts as sent", "sent"),
        ("unknown", "It is not there", "2", "It is sent again", "queued"),
    ],
)
def test_a_person_decides_on_a_reply_that_is_stuck(
    busy: Shop, state: OutboxState, shown: str, key: str, told: str, after: OutboxState
) -> None:
    answer(busy, "Hi Andy, it is better.")
    with busy.database.write() as session:
        entries.move(session, outbox(busy.desk)[0].entry_id, ["held"], state)

    async def decide(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("Hi Andy, it is better. ^CL")
        await agent.press("t")
        await agent.until_shown(shown)
        await agent.press(key)
        await agent.until_shown(told)

    work(busy.desk, decide)
    assert [row.state for row in outbox(busy.desk)] == [after]


# ── the shift ─────────────────────────────────────────────────────────────────────────────────────


def test_a_shift_is_begun_greeted_signed_off_and_handed_over(busy: Shop) -> None:
    async def go_through_it(agent: Agent) -> None:
        await agent.press("s")
        await agent.until_shown("not open")
        await agent.press("b")
        await agent.until_shown("open, not greeted")
        await agent.press("g")
        await agent.until_shown("Post the greeting")
        await agent.press("enter")
        await agent.until_shown("is on its way")
        busy.work()
        await agent.until_shown("greeted     09:50")
        await agent.press("G")
        await agent.until_shown("Post the sign-off")
        await agent.press("enter")
        await agent.until_shown("The sign-off of care is on its way")
        busy.work()
        await agent.press("h")
        await agent.until_shown("3 unanswered")
        await agent.write("Andy waits for a call")
        await agent.press("ctrl+s")
        await agent.until_shown("the hand-over is kept")

    work(busy.desk, go_through_it)
    assert not shift(busy.desk, "care").open


def test_the_greeting_goes_out_once_whoever_asks(busy: Shop) -> None:
    async def greet_twice(agent: Agent) -> None:
        await agent.press("g")
        await agent.until_shown("Post the greeting")
        await agent.press("enter")
        await agent.until_shown("is on its way")
        await agent.press("g")
        await agent.until_shown("is out already")

    work(busy.desk, greet_twice)
    busy.work()
    assert len(busy.posts_by_us()) == 1


def test_an_unanswered_customer_of_the_shift_is_opened(busy: Shop) -> None:
    async def open_first(agent: Agent) -> None:
        await agent.press("s")
        await agent.until_shown("unanswered  3")
        await agent.press("enter")
        await agent.until(lambda: agent.focused(ThreadView))

    work(busy.desk, open_first)


# ── narrow terminals ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(80, 24), (40, 24)], ids=["80 columns", "40 columns"])
def test_on_a_narrow_terminal_one_sees_the_queue_or_the_conversation(busy: Shop, size: tuple[int, int]) -> None:
    async def turn(agent: Agent) -> None:
        queue, conversation = agent.desk.query_one(QueuePane), agent.desk.query_one(ConversationPane)
        assert (queue.size.width, conversation.display) == (size[0], False)
        await agent.press("enter")
        await agent.until_shown("REPLY · PUBLIC")
        assert (queue.display, conversation.size.width) == (False, size[0])
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.write("Hi")
        await agent.press("escape", "escape")
        assert agent.focused(QueueList)
        assert (queue.display, conversation.display) == (True, False)

    work(busy.desk, turn, size=size)


def test_a_dialog_fits_on_forty_columns(busy: Shop) -> None:
    async def ask(agent: Agent) -> None:
        await agent.press("z")
        await agent.until_shown("15 minutes")
        assert all(len(line) <= 40 for line in agent.screen().splitlines())

    work(busy.desk, ask, size=(40, 24))


def test_a_wide_terminal_shows_the_customer_beside_the_thread(busy: Shop) -> None:
    async def look(agent: Agent) -> None:
        await agent.until_shown("NOTES")
        await agent.press("a")
        await agent.write("Waits for the engineer")
        await agent.press("ctrl+s")
        await agent.until(lambda: agent.screen().count("Waits for the engineer") == 2)

    work(busy.desk, look, size=(200, 50))


def test_a_terminal_that_grows_shows_the_conversation_under_the_cursor(busy: Shop) -> None:
    async def grow(agent: Agent) -> None:
        assert agent.customer == ""
        await agent.pilot.resize_terminal(140, 40)
        await agent.until(lambda: agent.customer)

    work(busy.desk, grow, size=(80, 24))


# ── when something is wrong ───────────────────────────────────────────────────────────────────────


def test_a_database_that_cannot_be_used_is_told_calmly_until_it_can(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [True]

    def status(desk: object) -> StatusView:
        if broken:
            raise StoreError("The database is locked.", "Close the program that holds it.")
        return status_module.status(busy.desk)

    monkeypatch.setattr("carecli.tui.app.status", status)

    async def go_on(agent: Agent) -> None:
        await agent.until_shown("The database is locked. Close the program that holds it.")
        assert agent.focused(QueueList)
        broken.clear()
        agent.app._ask_status()
        await agent.until(lambda: "is locked" not in agent.screen())

    work(busy.desk, go_on)


def test_a_fault_of_ours_does_not_end_the_desk_and_is_not_hidden(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("carecli.desk.claims.take_next", broken)

    async def go_on(agent: Agent) -> None:
        await agent.press("n")
        await agent.until_shown("Something went wrong in carecli itself")
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        assert isinstance(agent.app.faults.pop(), ZeroDivisionError)

    work(busy.desk, go_on)


def test_a_wrong_theme_falls_back_with_one_notice(busy: Shop) -> None:
    folder = busy.config.folder / "themes"
    folder.mkdir()
    for name in ("mine", "yours"):
        (folder / f"{name}.toml").write_text('background = "redd"', "utf-8")

    async def look(agent: Agent) -> None:
        await agent.until_shown("The theme mine.toml: `background` is not a colour")
        assert agent.screen().count("is not a colour") == 1
        assert agent.app.theme == "dark"

    work(busy.desk, look)


def test_without_colour_nothing_is_coloured(busy: Shop) -> None:
    app = app_of(busy.desk, no_color=True)
    assert app.no_color
    assert not app.current_theme.ansi


def test_what_was_typed_is_kept_when_it_cannot_be_stored(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.", "Make room.")

    async def write(agent: Agent) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("carecli.tui.drafts.save_draft", full)
            await agent.press("r")
            await agent.until(lambda: agent.focused(ReplyArea))
            await agent.write("Hi")
            await agent.until_shown("The disk is full")
            assert not agent.app.drafts.all_saved
        assert agent.reply == "Hi"

    work(busy.desk, write)


@pytest.mark.parametrize(("columns", "least"), [(120, 44), (160, 48)])
def test_the_queue_has_room_for_a_whole_handle_and_the_reasons(busy: Shop, columns: int, least: int) -> None:
    async def look(agent: Agent) -> None:
        assert agent.desk.queue.list.size.width >= least

    work(busy.desk, look, size=(columns, 40))


def test_more_than_nine_choices_stand_in_one_column(busy: Shop) -> None:
    async def look(agent: Agent) -> None:
        choices = [Choice(str(number), f"word{number}") for number in range(1, 12)]
        agent.app.push_screen(ChoiceDialog(agent.app.keys, "Choose", choices))
        await agent.until_shown("word11")
        lines = [line for line in agent.screen().splitlines() if "word" in line]
        assert len({line.index("word") for line in lines}) == 1

    work(busy.desk, look)


def test_a_terminal_may_change_its_size_however_it_likes(busy: Shop) -> None:
    async def resize(agent: Agent) -> None:
        await agent.until_open("andy")
        for size in ((80, 24), (200, 50), (40, 12), (160, 48), (20, 6), (2, 1), (200, 50), (1, 1), (120, 40)):
            await agent.pilot.resize_terminal(*size)
            await agent.pilot.pause(0.05)
        await agent.until_shown("Write a reply.")

    work(busy.desk, resize, size=(200, 50))


def test_a_terminal_of_few_lines_shows_the_thread_beside_the_reply(busy: Shop) -> None:
    async def look(agent: Agent) -> None:
        await agent.press("n", "r")
        await agent.until(lambda: agent.focused(ReplyArea))
        assert agent.desk.conversation.thread.size.height >= 3

    work(busy.desk, look, size=(40, 14))
