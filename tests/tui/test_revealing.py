"""Personal data at the desk: masked, revealed by one key for the open conversation, and hidden again."""

from __future__ import annotations

from carecli.desk.changes import Position, happenings
from carecli.tui.widgets.thread_view import ThreadView
from tests.shop import Shop
from tests.tui.driving import Agent, work

CARD, MASKED = "4111 1111 1111 1111", "**** **** **** 1111"


def revealed(shop: Shop) -> list[tuple[str, int | None]]:
    found, _ = happenings(shop.desk, Position())
    return [(one.agent, one.conversation_id) for one in found if one.kind == "revealed"]


def test_a_key_reveals_what_is_masked_and_hides_it_again(shop: Shop) -> None:
    shop.customer_writes(f"My card is {CARD}, help")
    shop.work()

    async def reveal_and_hide(agent: Agent) -> None:
        await agent.until_shown(MASKED)
        await agent.press("n")
        await agent.until(lambda: agent.focused(ThreadView))
        assert not agent.shows(CARD)
        await agent.press("v")
        await agent.until_shown(CARD)
        await agent.until_shown("personal data shown")
        assert revealed(shop) == [("claire", 1)]
        await agent.press("v")
        await agent.until(lambda: not agent.shows(CARD))
        assert not agent.shows("personal data shown")
        assert len(revealed(shop)) == 1

    work(shop.desk, reveal_and_hide)


def test_another_conversation_hides_what_was_revealed(shop: Shop) -> None:
    shop.customer_writes(f"My card is {CARD}, help")
    shop.customer_writes("Where is my parcel?", "mira", name="Mira")
    shop.work()

    async def go_away_and_come_back(agent: Agent) -> None:
        await agent.until_open("mira")
        await agent.press("j")
        await agent.until_open("andy")
        await agent.press("v")
        await agent.until_shown(CARD)
        await agent.press("k")
        await agent.until_open("mira")
        await agent.press("j")
        await agent.until_open("andy")
        assert not agent.shows(CARD)

    work(shop.desk, go_away_and_come_back)


def test_without_personal_data_the_key_does_nothing_and_is_not_offered(shop: Shop) -> None:
    shop.customer_writes("Where is my parcel?")
    shop.work()

    async def press(agent: Agent) -> None:
        await agent.until_open("andy")
        assert not agent.shows("reveal")
        await agent.press("v")
        assert revealed(shop) == []

    work(shop.desk, press)
