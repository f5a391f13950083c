"""Threads on opening: read at the network once for each new message, by one process, and never in the author's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.conversation import open_conversation, view_conversation
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.threads import complete_thread
from carecli.desk.views import QueueFilter
from carecli.errors import NetworkFailure, NotFound, Stale
from carecli.model import Author
from carecli.store import leases, spending, threads
from carecli.worker.lease import Lease
from tests.shop import CONFIG, START, Shop, open_shop
from tests.sparing import PROTECTED, SparingChannel

ROOT = "Anybody else without internet?"
QUESTION = "@NorthwindCare Yes, what is going on?"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        opened.client = SparingChannel.fresh()
        yield opened


def channel(shop: Shop) -> type[SparingChannel]:
    client = shop.client
    assert issubclass(client, SparingChannel)
    return client


def waiting(shop: Shop) -> int:
    """Andy asks below somebody else's post, which the feed does not bring."""
    root = shop.network.write_as(stranger(), ROOT, shop.clock.now())
    shop.pass_minutes(1)
    shop.customer_writes(QUESTION, reply_to=root.id)
    shop.pass_minutes(1)
    shop.work()
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


def stranger(handle: str = "ola") -> Author:
    return Author(f"id-{handle}", handle, handle.title())


def thread(shop: Shop, number: int) -> list[str]:
    return [f"{'  ' * row.depth}{row.text}" for row in view_conversation(shop.desk, number).thread]


def goes_on(shop: Shop, text: str) -> None:
    """Andy writes once more below his newest message."""
    mine = [post for post in shop.network.posts_after(0, 100) if post.author.handle == "andy"]
    shop.pass_minutes(1)
    shop.customer_writes(f"@NorthwindCare {text}", reply_to=mine[-1].id)
    shop.work()


# ── what is read ──────────────────────────────────────────────────────────────────────────────────


def test_opening_a_conversation_brings_what_the_feed_did_not(shop: Shop) -> None:
    number = waiting(shop)
    assert [row.missing for row in view_conversation(shop.desk, number).thread] == [True, False]
    assert complete_thread(shop.desk, number) == "read"
    assert thread(shop, number) == [ROOT, f"  {QUESTION}"]


def test_opening_it_again_costs_nothing_until_somebody_writes(shop: Shop) -> None:
    number = waiting(shop)
    complete_thread(shop.desk, number)
    assert complete_thread(shop.desk, number) == "known"
    assert complete_thread(shop.desk_of("rob"), number) == "known"
    goes_on(shop, "Hello?")
    assert complete_thread(shop.desk, number) == "read"
    assert complete_thread(shop.desk, number) == "known"
    assert len(channel(shop).threads_read) == 2


def test_our_own_answer_is_no_reason_to_read_it_again(shop: Shop) -> None:
    number = waiting(shop)
    complete_thread(shop.desk, number)
    open_conversation(shop.desk, number)
    reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    shop.work()
    assert complete_thread(shop.desk, number) == "known"


def test_a_network_whose_feed_brings_whole_threads_is_not_asked(tmp_path: Path) -> None:
    with open_shop(tmp_path) as plain:
        number = waiting(plain)
        assert complete_thread(plain.desk, number) == "known"


def test_private_conversations_are_brought_by_the_feed(shop: Shop) -> None:
    shop.customer_writes("My number is 12", visibility="private")
    shop.work()
    assert complete_thread(shop.desk, first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id) == "known"
    assert channel(shop).threads_read == []


def test_a_conversation_that_is_not_there_is_told(shop: Shop) -> None:
    with pytest.raises(NotFound):
        complete_thread(shop.desk, 99)


# ── what is not shown there ───────────────────────────────────────────────────────────────────────


def test_what_the_network_does_not_show_has_its_place_with_the_reason(shop: Shop) -> None:
    number = waiting(shop)
    channel(shop).hidden.add(shop.network.posts_after(0, 1)[0].id)
    complete_thread(shop.desk, number)
    first, second = view_conversation(shop.desk, number).thread
    assert (first.missing, first.text) == (True, PROTECTED)
    assert (second.missing, second.depth) == (False, 1)


def test_a_place_that_nothing_points_to_stands_above_the_thread(shop: Shop) -> None:
    number = waiting(shop)
    complete_thread(shop.desk, number)
    with shop.database.write() as session:
        threads.keep_missing(session, 1, 1, {"root:older": "Replies from before may be missing."})
    assert thread(shop, number) == ["Replies from before may be missing.", ROOT, f"  {QUESTION}"]


def test_a_reason_that_holds_no_longer_goes_with_the_next_reading(shop: Shop) -> None:
    number = waiting(shop)
    root = shop.network.posts_after(0, 1)[0].id
    channel(shop).hidden.add(root)
    complete_thread(shop.desk, number)
    channel(shop).hidden.clear()
    goes_on(shop, "Hello?")
    complete_thread(shop.desk, number)
    assert thread(shop, number)[0] == ROOT


# ── in nobody's way ───────────────────────────────────────────────────────────────────────────────


def test_older_posts_that_come_while_one_writes_do_not_make_the_reply_stale(shop: Shop) -> None:
    # Andy's own earlier post, which did not speak to the account, joins his conversation.
    root = shop.network.write_as(stranger(), ROOT, shop.clock.now())
    shop.pass_minutes(1)
    shop.customer_writes("Here, too.", reply_to=root.id)
    shop.pass_minutes(1)
    shop.customer_writes(QUESTION, reply_to=root.id)
    shop.pass_minutes(1)
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    seen = open_conversation(shop.desk, number).version
    complete_thread(shop.desk, number)
    assert "  Here, too." in thread(shop, number)
    reply(shop.desk, number, "Hi Andy.", "public", seen_version=seen, hold=False)
    shop.work()
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy. ^CL"]


def test_what_the_customer_wrote_since_is_news_by_whichever_way_it_comes(shop: Shop) -> None:
    number = waiting(shop)
    seen = open_conversation(shop.desk, number).version
    mine = [post for post in shop.network.posts_after(0, 100) if post.author.handle == "andy"]
    shop.customer_writes("Never mind.", reply_to=mine[-1].id)
    complete_thread(shop.desk, number)
    with pytest.raises(Stale):
        reply(shop.desk, number, "Hi Andy.", "public", seen_version=seen, hold=False)


def test_a_network_out_of_reach_leaves_what_is_there_and_is_asked_again(shop: Shop) -> None:
    number = waiting(shop)
    before = thread(shop, number)
    shop.faults.read.append("unreachable")
    with pytest.raises(NetworkFailure):
        complete_thread(shop.desk, number)
    assert thread(shop, number) == before
    assert complete_thread(shop.desk, number) == "read"


# ── once, and paid for once ───────────────────────────────────────────────────────────────────────


def test_while_another_process_reads_a_thread_it_is_not_paid_for_twice(shop: Shop) -> None:
    number = waiting(shop)
    other = Lease(shop.database, "thread:care:1", "elsewhere")
    assert other.take()
    assert complete_thread(shop.desk, number) == "elsewhere"
    other.drop(for_good=True)
    assert complete_thread(shop.desk, number) == "read"


def test_two_who_open_it_at_the_same_moment_pay_once(shop: Shop) -> None:
    number = waiting(shop)
    told: list[str] = []
    desks = [shop.desk_of(agent) for agent in ("claire", "rob")]
    both = [threading.Thread(target=lambda desk=desk: told.append(complete_thread(desk, number))) for desk in desks]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(told)[-1] == "read"
    assert len(channel(shop).threads_read) == 1


def test_no_lease_of_a_thread_stays_behind(shop: Shop) -> None:
    complete_thread(shop.desk, waiting(shop))
    with shop.database.read() as session:
        assert not any(name.startswith("thread:") for name in leases.held(session))
        assert session.all("SELECT name FROM lease WHERE name LIKE 'thread:%'") == []


def test_what_it_cost_is_the_conversation_s(shop: Shop) -> None:
    number = waiting(shop)
    complete_thread(shop.desk, number)
    with shop.database.read() as session:
        assert spending.of_conversation(session, number) == 2 * 5_000
        assert spending.on_day(session, 1, START.date()) == 2 * 5_000


def test_beyond_the_day_s_budget_no_thread_is_read(tmp_path: Path) -> None:
    config = CONFIG.replace('network = "sandbox"', 'network = "sandbox"\nsandbox = { budget = 0.001, metered = true }')
    with open_shop(tmp_path, config) as poor:
        poor.client = SparingChannel.fresh()
        number = waiting(poor)
        complete_thread(poor.desk, number)
        goes_on(poor, "Hello?")
        number = first_rows(poor.desk, QueueFilter(), 1)[0].conversation_id
        with poor.database.write() as session:
            session.run("DELETE FROM thread_reading")
        with pytest.raises(NetworkFailure, match="Budget spent"):
            complete_thread(poor.desk, number)
