"""The database cannot be written to while somebody types: the text stays, it is said, and it is saved later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from carecli.desk.outbox import outbox
from carecli.errors import StoreError
from carecli.tui.widgets.reply_area import ReplyArea
from tests.shop import Shop, load_draft
from tests.store.files import every_connection, locked
from tests.tui.driving import Agent, app_of, work

# Long enough to need another page of the file.
TEXT = "Hi Andy, " + "we have looked into it, and it is being repaired. " * 200
Trouble = Callable[[Shop], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again soon, and nobody waits long for a lock."""
    monkeypatch.setattr("carecli.tui.app._STATUS_SECONDS", 0.05)
    monkeypatch.setattr("carecli.store.sqlite._BUSY_SECONDS", 0.05)


@pytest.fixture(params=["locked by another writer", "is read-only", "is full"])
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Trouble]:
    """Something that keeps the database from being written to, and the words in which it is told."""

    def somebody_writes(shop: Shop) -> AbstractContextManager[None]:
        # Connections as patient as `hurried` says.
        shop.database.close()
        return locked(shop.database.path)

    def read_only(shop: Shop) -> AbstractContextManager[None]:
        return every_connection(monkeypatch, shop.database, "query_only = ON")

    def full(shop: Shop) -> AbstractContextManager[None]:
        return every_connection(monkeypatch, shop.database, "max_page_count = 1")

    makes: dict[str, Trouble] = {
        "locked by another writer": somebody_writes,
        "is read-only": read_only,
        "is full": full,
    }
    return request.param, makes[request.param]


async def begin_reply(agent: Agent) -> int:
    """Open the most urgent conversation's reply; its number."""
    await agent.press("enter")
    await agent.press("r")
    await agent.until(lambda: agent.focused(ReplyArea))
    await agent.settle()
    view = agent.desk.conversation.view
    assert view is not None
    return view.conversation_id


def test_what_is_typed_meanwhile_stays_and_is_saved_when_the_trouble_is_over(
    busy: Shop, trouble: tuple[str, Trouble]
) -> None:
    words, make = trouble

    async def type_on(agent: Agent) -> None:
        number = await begin_reply(agent)
        with make(busy):
            await agent.write(TEXT)
            await agent.until_shown(words)
            await agent.until_shown("kept here")
            # It goes on being said while everything else that is asked is answered.
            for _ in range(3):
                await agent.pilot.pause(0.1)
                assert agent.shows(words)
            await agent.press("!")
            assert agent.reply == f"{TEXT}!"
        await agent.until(lambda: not agent.shows(words), "The end of the trouble")
        await agent.until(lambda: (draft := load_draft(busy.desk, number)) and draft.text == f"{TEXT}!")
        assert agent.reply == f"{TEXT}!"

    work(busy.desk, type_on)


def test_a_reply_that_cannot_be_accepted_meanwhile_stays_in_the_composer_and_its_author_is_told(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await begin_reply(agent)
        await agent.write("Hi Andy, it is repaired.")
        await agent.settle()
        busy.database.close()
        with locked(busy.database.path):
            await agent.press("ctrl+s")
            await agent.until_shown("Nothing was changed")
            assert agent.reply == "Hi Andy, it is repaired."
        assert outbox(busy.desk) == ()
        await agent.press("ctrl+s")
        await agent.until_shown("HELD")

    work(busy.desk, send)


@pytest.mark.parametrize("trouble", ["is read-only"], indirect=True)
def test_turning_to_another_customer_meanwhile_loses_nothing(busy: Shop, trouble: tuple[str, Trouble]) -> None:
    words, make = trouble

    async def turn(agent: Agent) -> None:
        number = await begin_reply(agent)
        first = agent.customer
        with make(busy):
            await agent.write(TEXT)
            await agent.until_shown(words)
            await agent.press("escape", "escape", "j", "enter")
            await agent.until(lambda: agent.customer != first)
            assert agent.reply == ""
            agent.desk.show_conversation(number)
            await agent.until_open(first)
            await agent.until(lambda: agent.reply == TEXT)
        await agent.until(lambda: (draft := load_draft(busy.desk, number)) and draft.text == TEXT)

    work(busy.desk, turn)


@pytest.mark.parametrize("trouble", ["is full"], indirect=True)
def test_who_quits_meanwhile_is_asked_first_and_finds_the_text_in_the_terminal(
    busy: Shop, trouble: tuple[str, Trouble]
) -> None:
    words, make = trouble
    app = app_of(busy.desk)

    async def quit_anyway() -> None:
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            agent = Agent(app, pilot)
            await agent.settle()
            await begin_reply(agent)
            await agent.write(TEXT)
            await agent.until_shown("kept here")
            assert agent.shows(words)
            await agent.press("escape", "q")
            await agent.until_shown("What you wrote cannot be saved now")
            await agent.press("2")
            await agent.until(lambda: app._exit)

    with make(busy):
        asyncio.run(quit_anyway())
        with pytest.raises(StoreError, match=words) as caught:
            app.end()
        assert TEXT in caught.value.remedy
    assert app.faults == []
