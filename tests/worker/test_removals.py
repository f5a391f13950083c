"""Removals at a network that does not tell of them: asked for once a day, for some days, and deleted here, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.channels.sandbox.wire import Post
from carecli.desk.conversation import view_conversation
from carecli.desk.workflow import resolve
from carecli.store import events
from tests.shop import CONFIG, Shop, open_shop
from tests.sparing import SparingChannel

HOURS = 60


def days(number: int) -> str:
    return CONFIG.replace('network = "sandbox"', f'network = "sandbox"\nrecheck_days = {number}')


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, days(2)) as opened:
        opened.client = SparingChannel.fresh()
        yield opened


def asked(shop: Shop) -> list[tuple[str, ...]]:
    client = shop.client
    assert issubclass(client, SparingChannel)
    return client.asked_for


def written(shop: Shop, text: str = "My line is slow", handle: str = "andy") -> Post:
    post = shop.customer_writes(text, handle)
    shop.work()
    return post


def pass_hours(shop: Shop, hours: float) -> None:
    shop.pass_minutes(hours * HOURS)
    shop.work()


def test_what_was_taken_away_there_is_deleted_here_within_the_day_and_leaves_its_trace(shop: Shop) -> None:
    post = written(shop)
    shop.network.remove(post.id, shop.clock.now())
    pass_hours(shop, 23)
    assert "slow" in view_conversation(shop.desk, 1).thread[0].text
    pass_hours(shop, 1)
    assert view_conversation(shop.desk, 1).thread[0].text == "(deleted by its author)"
    with shop.database.read() as session:
        assert session.all("SELECT text FROM message") == [("",)]
        assert session.all("SELECT rowid FROM message_search WHERE message_search MATCH 'slow'") == []
        (event,) = [one for one in events.events_after(session, 0, 10) if one.kind == "message_deleted"]
    assert (event.conversation_id, event.data) == (1, '{"message":1}')


def test_what_stands_there_stays_here(shop: Shop) -> None:
    written(shop)
    pass_hours(shop, 25)
    assert "slow" in view_conversation(shop.desk, 1).thread[0].text


def test_each_message_is_asked_for_once_a_day_and_no_longer_than_the_days_that_were_set(shop: Shop) -> None:
    post = written(shop)
    for _ in range(24 * 5):
        pass_hours(shop, 1)
    assert asked(shop) == [(post.id,), (post.id,)]


def test_a_desk_that_was_away_for_a_while_asks_when_it_is_back(shop: Shop) -> None:
    written(shop)
    pass_hours(shop, 50)
    assert len(asked(shop)) == 1


def test_those_of_open_conversations_come_first_then_the_newest(shop: Shop) -> None:
    posts = [written(shop, f"message {handle}", handle) for handle in ("andy", "mira", "ewa")]
    resolve(shop.desk, 3, "no_reply_needed", "spam")
    pass_hours(shop, 25)
    assert asked(shop) == [(posts[1].id, posts[0].id, posts[2].id)]


def test_private_messages_and_our_own_are_not_asked_for(shop: Shop) -> None:
    shop.customer_writes("My number is 12", visibility="private")
    shop.work()
    pass_hours(shop, 25)
    assert asked(shop) == []


def test_what_is_gone_is_not_asked_for_again(shop: Shop) -> None:
    post = written(shop)
    shop.network.remove(post.id, shop.clock.now())
    pass_hours(shop, 25)
    pass_hours(shop, 25)
    assert asked(shop) == [(post.id,)]


def test_a_network_out_of_reach_is_asked_again_soon(shop: Shop) -> None:
    post = written(shop)
    shop.pass_minutes(25 * HOURS)
    # The page, the look back, and then the removals.
    shop.faults.read.extend(["none", "none", "unreachable"])
    shop.work()
    shop.faults.read.clear()
    assert asked(shop) == []
    pass_hours(shop, 0.2)
    assert asked(shop) == [(post.id,)]


def test_with_no_days_nothing_is_asked_for(tmp_path: Path) -> None:
    with open_shop(tmp_path, days(0)) as careless:
        careless.client = SparingChannel.fresh()
        written(careless)
        pass_hours(careless, 25)
        assert asked(careless) == []


def test_a_network_that_tells_of_removals_by_itself_is_not_asked(tmp_path: Path) -> None:
    with open_shop(tmp_path, days(2)) as plain:
        post = written(plain)
        plain.network.remove(post.id, plain.clock.now())
        pass_hours(plain, 1)
        assert view_conversation(plain.desk, 1).thread[0].text == "(deleted by its author)"
