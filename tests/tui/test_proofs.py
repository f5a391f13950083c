"""The proofreader beside the composer: after a pause, never in the way of a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.proof.standing import is_installed
from tests.shop import Shop, open_shop
from tests.tui.driving import Agent, work

pytestmark = [
    pytest.mark.proofread,
    pytest.mark.skipif(not is_installed(), reason="The extra `proof` is not installed."),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as one:
        one.customer_writes("My line is dead.", "ada", name="Ada Byron")
        one.work()
        yield one


def test_slips_are_marked_after_a_pause_and_one_key_mends_each(shop: Shop) -> None:
    async def mend(agent: Agent) -> None:
        await agent.begin("Sorry, Ada! We has sent a new box, you will recieve it soon.", to="ada")
        await agent.until_shown("“recieve”: receive")
        for mended in ("receive it", "We have sent"):
            await agent.press("ctrl+n")
            await agent.until(lambda mended=mended: mended in agent.reply, mended)  # type: ignore[misc]
        await agent.until(lambda: not agent.shows("recieve"))

    work(shop.desk, mend)


def test_what_was_found_stays_marked_while_one_types_on(shop: Shop) -> None:
    async def type_on(agent: Agent) -> None:
        await agent.begin("Sorry, Ada! You will recieve it", to="ada")
        await agent.until_shown("“recieve”: receive")
        await agent.press(" ")
        assert agent.shows("“recieve”: receive")
        await agent.press("ctrl+home", "delete")
        assert agent.shows("“recieve”: receive")

    work(shop.desk, type_on)
