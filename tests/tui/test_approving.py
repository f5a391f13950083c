"""Replies that wait for a lead, on the screen: who writes one is told so, and a lead decides by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.approval import return_reply
from carecli.desk.conversation import view_conversation
from carecli.desk.outbox import entry_of, outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.model import OutboxEntry
from carecli.tui.screens.fields import TextField
from tests.desk.test_approval import APPROVAL, CALL
from tests.shop import Shop, load_draft, open_shop
from tests.tui.driving import Agent, work


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk where beginners, and those who send customers to the telephone, ask a lead."""
    with open_shop(tmp_path, APPROVAL) as opened:
        opened.customer_writes("My line is slow")
        opened.work()
        yield opened


@pytest.fixture
def waiting(shop: Shop) -> OutboxEntry:
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    return reply(shop.desk_of("rob"), number, CALL, "public", seen_version=None, hold=True)


def test_who_is_in_training_is_told_before_and_after_and_takes_it_back_by_a_key(shop: Shop) -> None:
    async def write(agent: Agent) -> None:
        await agent.press("r")
        await agent.until_shown("goes to a lead")
        await agent.write("Hi Andy, sorry for the wait.")
        await agent.press("ctrl+s")
        await agent.until_shown("It waits for a lead: u takes it back")
        await agent.until_shown("WAITS FOR A LEAD")
        await agent.until_shown("1 with a lead")
        await agent.press("u")
        await agent.until(lambda: agent.reply == "Hi Andy, sorry for the wait.")

    work(shop.desk_of("mira"), write)
    assert [row.state for row in outbox(shop.desk)] == ["cancelled"]


def test_the_composer_says_so_as_soon_as_a_check_asks_for_it(shop: Shop) -> None:
    async def write(agent: Agent) -> None:
        await agent.press("r")
        await agent.write("Hi Andy. ")
        await agent.settle()
        assert not agent.shows("goes to a lead")
        await agent.write(CALL)
        await agent.until_shown("goes to a lead")

    work(shop.desk_of("rob"), write)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_lead_sees_what_was_asked_and_why_and_lets_it_go(
    shop: Shop, waiting: OutboxEntry, size: tuple[int, int]
) -> None:
    async def let_go(agent: Agent) -> None:
        await agent.until_shown("1 for you as lead")
        await agent.press("o")
        await agent.until_shown("▸ It sends the customer to the telephone.")
        await agent.until_shown("Andy Loynes @NorthwindCare My line is slow")
        await agent.press("a")
        await agent.until_shown("Approved, and held for 10 s")

    work(shop.desk, let_go, size=size)
    entry = entry_of(shop.desk, waiting.id)
    assert (entry.state, entry.approved_by) == ("held", "claire")


def test_two_keys_at_once_let_it_go_and_take_the_word_back(shop: Shop, waiting: OutboxEntry) -> None:
    async def regret(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("▸ It sends")
        await agent.press("a", "u")
        await agent.until_shown("Your word is taken back")

    work(shop.desk, regret)
    assert entry_of(shop.desk, waiting.id).state == "approval"


def test_a_lead_sends_it_back_with_a_reason(shop: Shop, waiting: OutboxEntry) -> None:
    async def send_back(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("▸ It sends")
        await agent.press("x")
        await agent.until_shown("Why does it go back to rob?")
        await agent.write("Offer to call them.")
        await agent.press("enter")
        await agent.until_shown("it is rob's draft again")

    work(shop.desk, send_back)
    number = waiting.conversation_id or 0
    draft = load_draft(shop.desk_of("rob"), number)
    assert draft is not None and draft.text == CALL
    assert [note.text for note in view_conversation(shop.desk, number).notes] == [
        "Sent back to rob: Offer to call them."
    ]


def test_a_lead_changes_the_text_and_its_author_signs_it(shop: Shop, waiting: OutboxEntry) -> None:
    async def change(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("▸ It sends")
        await agent.press("e")
        await agent.until_shown("rob signs it")
        field = agent.app.screen.query_one(TextField)
        assert field.text == CALL
        await agent.write(" We call you, if you like.")
        await agent.press("ctrl+s")
        await agent.until_shown("Changed by claire")

    work(shop.desk, change)
    entry = entry_of(shop.desk, waiting.id)
    assert entry.parts[0].text == f"{CALL} We call you, if you like. ^RI"
    assert (entry.state, entry.edited_by) == ("approval", "claire")


def test_if_the_customer_wrote_meanwhile_the_lead_is_told_that_it_did_not_leave(
    shop: Shop, waiting: OutboxEntry
) -> None:
    shop.clock.advance(1)
    shop.customer_writes("Hello?", reply_to=shop.network.posts_after(0, 1)[0].id)
    shop.work()

    async def let_go(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("▸ It sends")
        await agent.press("a")
        await agent.until_shown("It did not leave: things have moved on.")

    work(shop.desk, let_go)
    assert entry_of(shop.desk, waiting.id).state == "rejected"


def test_who_is_no_lead_is_offered_no_key_and_refused_one(shop: Shop, waiting: OutboxEntry) -> None:
    async def try_it(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("▸ It sends")
        assert not agent.shows("a approve")
        await agent.press("a", "e", "x")
        await agent.settle()
        assert agent.shows("OUTBOX")

    work(shop.desk_of("ida"), try_it)
    assert entry_of(shop.desk, waiting.id) == waiting


def test_the_longest_waiting_stands_first_before_all_that_leaves_by_itself(shop: Shop, waiting: OutboxEntry) -> None:
    shop.customer_writes("Me too", "zak", name="Zak Hill")
    shop.work()
    rows = {str(row.handle): row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 9)}
    reply(shop.desk_of("mira"), rows["zak"], "Hello Zak.", "public", seen_version=None, hold=True)
    shop.customer_writes("And me", "ewa", name="Ewa Lis")
    shop.work()
    rows = {str(row.handle): row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 9)}
    reply(shop.desk, rows["ewa"], "Hello Ewa.", "public", seen_version=None, hold=True)

    async def look(agent: Agent) -> None:
        await agent.press("o")
        await agent.until_shown("2 for a lead")
        screen = agent.screen()
        assert screen.index(CALL) < screen.index("Hello Zak.") < screen.index("Hello Ewa.")

    work(shop.desk, look)


def test_what_came_back_says_why(shop: Shop, waiting: OutboxEntry) -> None:
    return_reply(shop.desk, waiting.id, "Offer to call them.")

    async def look(agent: Agent) -> None:
        await agent.press("o")
        await agent.press("f")
        await agent.until_shown("Sent back by claire: Offer to call them.")

    work(shop.desk_of("rob"), look)
