"""Working a shift at the desk, by keys, on a real database."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from carecli.desk.claims import claim, release
from carecli.desk.conversation import view_conversation
from carecli.desk.outbox import outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import open_shift, shift
from carecli.desk.views import QueueFilter, QueueRow
from carecli.tui.widgets.queue_list import QueueList
from carecli.tui.widgets.reply_area import ReplyArea
from carecli.tui.widgets.thread_view import ThreadView
from tests.shop import CONFIG, START, Shop, open_shop
from tests.tui.driving import Agent, Wide, work


def row_of(shop: Shop, handle: str) -> QueueRow:
    return next(row for row in first_rows(shop.desk, QueueFilter(), 50) if row.handle == handle)


def waiting(shop: Shop) -> list[str]:
    return [row.handle for row in first_rows(shop.desk, QueueFilter(), 50)]


def test_a_whole_shift_by_keys(busy: Shop) -> None:
    async def shift_by_keys(agent: Agent) -> None:
        # The greeting: first its text, then the post, once.
        await agent.press("g")
        await agent.until_shown("The greeting of care")
        await agent.press("enter")
        await agent.until_shown("is on its way")
        busy.work()
        await agent.until_shown("shift greeted 09:50")
        # The most urgent one, with the whole thread; the reply is signed by the desk.
        await agent.press("n")
        await agent.until(lambda: agent.focused(ThreadView))
        await agent.press("r")
        await agent.write("Hi Andy, yes: it reaches further")
        await agent.until_shown("‹^CL›")
        await agent.press("ctrl+s")
        await agent.until_shown("Held for 10 s")
        assert agent.reply == ""
        # Taken back within the undo time: the text is there again, and nothing was sent.
        await agent.press("u")
        await agent.until(lambda: agent.reply == "Hi Andy, yes: it reaches further")
        assert busy.posts_by_us()[1:] == []
        await agent.press("ctrl+s")
        await agent.until_shown("HELD")
        busy.clock.advance(11)
        busy.work()
        await agent.until_shown("2 waiting")
        # Private: the invitation comes into the public reply.
        await agent.press("n")
        await agent.until_open("zak")
        await agent.press("p")
        await agent.until(lambda: agent.focused(ReplyArea) and agent.reply.strip())
        await agent.press("ctrl+s")
        await agent.until_shown("HELD")
        # The rest: a note, a snooze, a resolution.
        await agent.press("n")
        await agent.until_open("mira")
        await agent.press("a")
        await agent.write("Wants the small tariff")
        await agent.press("ctrl+s")
        await agent.until_shown("Wants the small tariff")
        await agent.press("z", "2")
        await agent.until(lambda: "mira" not in waiting(busy))
        await agent.press("e", "enter")
        await agent.until_shown("Mira Kay is resolved")
        # Signing off.
        await agent.press("G")
        await agent.until_shown("The sign-off of care")
        await agent.press("enter")
        await agent.until_shown("is on its way")

    work(busy.desk, shift_by_keys)
    busy.clock.advance(11)
    busy.work()
    assert [post.text.rsplit(" ", 1)[-1] for post in busy.posts_by_us()[1:3]] == ["^CL", "^CL"]
    now = shift(busy.desk, "care")
    assert now.greeted_at is not None and now.signed_off_at is not None
    assert waiting(busy) == []


def test_the_conversation_under_the_cursor_is_shown_without_being_marked_as_read(busy: Shop) -> None:
    async def look(agent: Agent) -> None:
        await agent.until_open(waiting(busy)[0])
        await agent.press("j")
        await agent.until_open(waiting(busy)[1])
        assert agent.focused(QueueList)

    work(busy.desk, look)
    assert view_conversation(busy.desk, row_of(busy, waiting(busy)[1]).conversation_id).readers == ()


def test_enter_opens_the_conversation_and_marks_it_as_read(busy: Shop) -> None:
    async def read(agent: Agent) -> None:
        await agent.press("enter")
        await agent.until(lambda: agent.focused(ThreadView))
        await agent.until_shown("read by claire")

    work(busy.desk, read)


def test_escape_goes_back_step_by_step(busy: Shop) -> None:
    async def go_back(agent: Agent) -> None:
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.press("escape")
        assert agent.focused(ThreadView)
        await agent.press("escape")
        assert agent.focused(QueueList)

    work(busy.desk, go_back)


def test_tab_goes_round_the_panes_and_claims_nothing(busy: Shop) -> None:
    async def go_round(agent: Agent) -> None:
        for kind in (ThreadView, ReplyArea, QueueList):
            await agent.press("tab")
            await agent.until(partial(agent.focused, kind))
        await agent.press("shift+tab")
        await agent.until(lambda: agent.focused(ReplyArea))

    work(busy.desk, go_round)
    assert {row.claimed_by for row in first_rows(busy.desk, QueueFilter(), 9)} == {""}


def test_a_message_that_arrives_is_in_the_queue_by_itself_and_the_cursor_stays(busy: Shop) -> None:
    async def wait(agent: Agent) -> None:
        await agent.press("j")
        chosen = agent.desk.queue.list.highlighted_id
        busy.customer_writes("There is smoke coming out of the router!", "eve", name="Eve Moss")
        busy.work()
        await agent.until_shown("@eve")
        assert agent.desk.queue.list.highlighted_id == chosen
        assert agent.focused(QueueList)

    work(busy.desk, wait)


def test_the_first_customer_of_the_day_is_shown_at_once(shop: Shop) -> None:
    async def wait(agent: Agent) -> None:
        assert "Nobody is waiting" in agent.screen()
        shop.customer_writes("Good morning, is anybody there?", "ada", name="Ada Byron")
        shop.work()
        await agent.until_open("ada")

    work(shop.desk, wait)


def test_next_says_so_where_nobody_waits(shop: Shop) -> None:
    async def take(agent: Agent) -> None:
        await agent.press("n")
        await agent.until(lambda: agent.screen().count("Nobody is waiting.") == 2, "the answer")

    work(shop.desk, take)


def test_next_passes_over_what_is_taken(busy: Shop) -> None:
    claim(busy.desk_of("rob"), row_of(busy, "andy").conversation_id)

    async def take(agent: Agent) -> None:
        await agent.press("n")
        await agent.until_open("zak")
        await agent.press("n")
        await agent.until_open("mira")
        await agent.press("n")
        await agent.until_shown("Everybody who waits is taken")

    work(busy.desk, take)
    assert row_of(busy, "zak").claimed_by == "claire"


def test_a_claim_is_taken_and_given_back(busy: Shop) -> None:
    async def claim_and_release(agent: Agent) -> None:
        await agent.press("c")
        await agent.until_shown("⚑claire")
        await agent.press("x")
        await agent.until(lambda: "⚑claire" not in agent.screen())

    work(busy.desk, claim_and_release)


def test_a_colleagues_claim_is_taken_over_only_when_asked_for(busy: Shop) -> None:
    number = first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id
    claim(busy.desk_of("rob"), number)

    async def take_over(agent: Agent) -> None:
        await agent.press("c")
        await agent.until_shown("Leave it to them")
        await agent.press("enter")
        await agent.settle()
        assert view_conversation(busy.desk, number).claimed_by == "rob"
        await agent.press("c")
        await agent.until_shown("Take it over")
        await agent.press("2")
        await agent.until_shown("It is yours")

    work(busy.desk, take_over)
    assert view_conversation(busy.desk, number).claimed_by == "claire"
    release(busy.desk, number)


def test_who_leaves_a_conversation_to_a_colleague_does_not_write_in_it(busy: Shop) -> None:
    claim(busy.desk_of("rob"), first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id)

    async def leave(agent: Agent) -> None:
        await agent.press("r")
        await agent.until_shown("Leave it to them")
        await agent.press("1")
        await agent.until(lambda: agent.focused(ThreadView), "The thread")

    work(busy.desk, leave)


def test_a_search_shows_what_is_found_and_escape_shows_all(busy: Shop) -> None:
    async def search(agent: Agent) -> None:
        await agent.press("/")
        await agent.write("tariff")
        await agent.until(lambda: agent.desk.queue.list.total == 1)
        await agent.until_open("mira")
        await agent.press("enter")
        assert agent.focused(QueueList)
        await agent.press("escape")
        await agent.until(lambda: agent.desk.queue.list.total == 3)

    work(busy.desk, search)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_after_a_search_one_is_where_it_began(busy: Shop, size: Wide) -> None:
    async def search(agent: Agent) -> None:
        await agent.press("j", "enter")
        await agent.until_open("zak")
        await agent.press("/")
        await agent.write("tariff")
        await agent.until(lambda: agent.desk.queue.list.total == 1)
        await agent.press("escape")
        await agent.until_open("zak")
        assert agent.focused(ThreadView)
        await agent.press("escape")
        await agent.until(lambda: agent.desk.queue.list.total == 3)
        row = agent.desk.queue.list.highlighted_row
        assert row is not None
        assert row.handle == "zak"

    work(busy.desk, search, size=size)


def test_a_search_that_found_somebody_leads_to_them(busy: Shop) -> None:
    async def search(agent: Agent) -> None:
        await agent.press("j", "/")
        await agent.write("tariff")
        await agent.until(lambda: agent.desk.queue.list.total == 1)
        await agent.press("enter", "enter")
        await agent.until_open("mira")
        await agent.press("escape", "escape")
        await agent.until(lambda: agent.desk.queue.list.total == 3)
        assert agent.desk.conversation.chosen == agent.desk.conversation.current

    work(busy.desk, search)


def test_the_filter_shows_a_part_of_the_queue(busy: Shop) -> None:
    async def filter_queue(agent: Agent) -> None:
        await agent.press("f")
        await agent.until_shown("Private")
        await agent.press("5")
        await agent.until(lambda: agent.desk.queue.list.total == 1)
        assert "@mira" in agent.screen()
        await agent.press("f", "1")
        await agent.until(lambda: agent.desk.queue.list.total == 3)

    work(busy.desk, filter_queue)


def test_a_snoozed_conversation_leaves_the_queue_until_then_or_until_woken(busy: Shop) -> None:
    async def snooze(agent: Agent) -> None:
        await agent.press("z")
        await agent.until_shown("15 minutes")
        await agent.press("4")
        await agent.write("monday 8:00")
        await agent.press("enter")
        await agent.until(lambda: agent.desk.queue.list.total == 2)
        await agent.press("f", "6")
        await agent.until(lambda: agent.desk.queue.list.total == 1)
        await agent.press("z")
        await agent.until_shown("show it in the queue again")
        await agent.press("1")
        await agent.until(lambda: len(waiting(busy)) == 3)

    work(busy.desk, snooze)


def test_a_time_that_cannot_be_read_is_told_with_its_remedy(busy: Shop) -> None:
    async def snooze(agent: Agent) -> None:
        await agent.press("z", "4")
        await agent.write("soonish")
        await agent.press("enter")
        await agent.until_shown("is not a time")

    work(busy.desk, snooze)
    assert len(waiting(busy)) == 3


def test_resolving_without_an_answer_asks_for_the_reason(busy: Shop) -> None:
    async def resolve(agent: Agent) -> None:
        await agent.press("e", "4")
        await agent.until_shown("Why is no reply needed?")
        await agent.press("escape")
        await agent.settle()
        assert len(waiting(busy)) == 3
        await agent.press("e", "4")
        await agent.write("praise")
        await agent.press("enter")
        await agent.until(lambda: len(waiting(busy)) == 2)

    work(busy.desk, resolve)


def test_the_sentence_of_a_resolved_conversation_tells_what_it_has_cost(tmp_path: Path) -> None:
    table = 'network = "sandbox"\nsandbox = { metered = true }'
    with open_shop(tmp_path, CONFIG.replace('network = "sandbox"', table)) as shop:
        shop.customer_writes("My line is slow", "andy")
        shop.work()
        number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
        reply(shop.desk, number, "It is back.", "public", seen_version=None, hold=False)
        shop.work()
        shop.pass_minutes(1)
        shop.customer_writes("Not here!", "andy", reply_to=shop.posts_by_us()[0].id)
        shop.work()

        async def resolve(agent: Agent) -> None:
            await agent.press("e", "1")
            await agent.until_shown("is resolved, at a cost of")
            assert agent.shows("$0.010.")

        work(shop.desk, resolve)


def test_a_resolution_can_be_taken_back(busy: Shop) -> None:
    async def resolve(agent: Agent) -> None:
        await agent.press("e", "1")
        await agent.until_shown("E opens it again")
        await agent.press("E")
        await agent.until_shown("Open again, and yours.")
        assert len(waiting(busy)) == 3

    resolved = first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id
    work(busy.desk, resolve)
    assert view_conversation(busy.desk, resolved).claimed_by == "claire"


def test_going_private_opens_the_private_conversation_where_there_is_one(busy: Shop) -> None:
    post = busy.customer_writes("My line is dead", "ola", name="Ola Lind")
    busy.work()
    public = row_of(busy, "ola").conversation_id
    busy.customer_writes("Here is my number", "ola", name="Ola Lind", visibility="private", reply_to=post.id)
    busy.work()

    async def go_private(agent: Agent) -> None:
        agent.desk.show_conversation(public)
        await agent.until_open("ola")
        await agent.press("p")
        await agent.until_shown("REPLY · PRIVATE")
        await agent.until(lambda: agent.focused(ReplyArea))

    work(busy.desk, go_private)


def test_quitting_asks_nothing_when_nothing_would_be_lost(busy: Shop) -> None:
    async def leave(agent: Agent) -> None:
        await agent.press("q")
        await agent.until(lambda: agent.app._exit)

    work(busy.desk, leave)
    assert outbox(busy.desk) == ()


def test_at_closing_time_the_sign_off_is_offered_once(busy: Shop) -> None:
    open_shift(busy.desk, "care")
    busy.clock.set(START.replace(hour=21, minute=50))

    async def wait(agent: Agent) -> None:
        await agent.until_shown("care closes soon.")
        agent.app.clear_notifications()
        agent.app._ask_status()
        await agent.settle()
        assert "closes soon" not in agent.screen()

    work(busy.desk, wait)


def test_who_presses_ctrl_c_is_told_how_to_quit(busy: Shop) -> None:
    async def interrupt(agent: Agent) -> None:
        await agent.press("ctrl+c")
        await agent.until_shown("q quits.")
        assert not agent.app._exit

    work(busy.desk, interrupt)
