"""Pictures of the screens that an agent knows by name. `pytest tests/tui --snapshot-update` draws them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from carecli.desk.claims import claim
from carecli.desk.conversation import open_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import greet
from carecli.desk.views import QueueFilter
from carecli.desk.workflow import add_note
from tests.shop import Shop
from tests.tui.driving import Agent, app_of

Compare = Callable[..., bool]


@pytest.fixture
def at_work(shop: Shop) -> Shop:
    """A desk at ten to ten: greeted, some customers, a note, a colleague's claim, a draft."""
    write = shop.customer_writes
    write("Is the Super Hub 2 better than mine?", "andy")
    shop.work()
    shop.pass_minutes(12)
    post = next(post for post in shop.network.posts_after(0, 9) if post.author.handle == "andy")
    write("*bump*", "andy", reply_to=post.id)
    write("Broken for the third time this week! Unacceptable", "zak", name="Zak O'Neill")
    write("How do I change my tariff?", "mira", name="Mira Kay", visibility="private")
    write("Dlaczego faktura jest wyższa niż miesiąc temu?", "ola", name="Ola Nowak", language="pl")
    write("İnternetim iki saattir yok 😡", "emre", name="Emre Kaya", language="tr")
    write("Спасибо, теперь всё работает!", "ivan", name="Иван Петров", language="ru")
    write("אין לי אינטרנט מהבוקר, מה קורה?", "noa", name="נועה לוי", language="he")
    greet(shop.desk, "care")
    shop.work()
    shop.pass_minutes(40)
    shop.work()
    rows = {str(row.handle): row for row in first_rows(shop.desk, QueueFilter(), 50)}
    claim(shop.desk_of("rob"), rows["ola"].conversation_id)
    add_note(shop.desk_of("rob"), rows["andy"].conversation_id, "Eligible for the upgrade since May.")
    open_conversation(shop.desk_of("rob"), rows["andy"].conversation_id)
    save_draft(shop.desk, rows["andy"].conversation_id, "Hi Andy, sorry for the wait!", 28, "public", 2)
    return shop


def picture(shop: Shop, compare: Compare, size: tuple[int, int], *keys: str, shows: str = "") -> bool:
    """Whether the screen after `keys`, which must show a text, is as it was."""
    app = app_of(shop.desk)

    async def come_to_rest(pilot: Pilot[None]) -> None:
        agent = Agent(app, pilot)
        await agent.settle()
        for key in keys:
            await agent.press(key)
            await agent.settle()
        await agent.until_shown(shows)
        await agent.settle()
        app.clear_notifications()
        await pilot.pause()

    return compare(app, terminal_size=size, run_before=come_to_rest)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=["80x24", "120x40", "200x50"])
def test_the_desk(at_work: Shop, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(at_work, snap_compare, size, shows="@zak")


def test_the_reply_on_a_small_terminal(at_work: Shop, snap_compare: Compare) -> None:
    assert picture(at_work, snap_compare, (80, 24), "n", "r", shows="REPLY · PUBLIC")


def test_the_private_composer(at_work: Shop, snap_compare: Compare) -> None:
    assert picture(at_work, snap_compare, (120, 40), "f", "5", "enter", "r", shows="REPLY · PRIVATE")


def test_the_outbox(at_work: Shop, snap_compare: Compare) -> None:
    number = next(row for row in first_rows(at_work.desk, QueueFilter(), 50) if row.handle == "zak").conversation_id
    reply(at_work.desk, number, "Hi Zak, so sorry! I am on it.", "public", seen_version=None, hold=True)
    assert picture(at_work, snap_compare, (120, 40), "o", "f", shows="held, 10 s")


def test_the_shift(at_work: Shop, snap_compare: Compare) -> None:
    assert picture(at_work, snap_compare, (120, 40), "s", shows="unanswered  7")


def test_the_help(at_work: Shop, snap_compare: Compare) -> None:
    assert picture(at_work, snap_compare, (120, 40), "?", shows="conversation.reply")


def test_a_dialog(at_work: Shop, snap_compare: Compare) -> None:
    assert picture(at_work, snap_compare, (120, 40), "z", shows="15 minutes")
