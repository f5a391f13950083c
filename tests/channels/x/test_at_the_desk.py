"""A desk at X: threads on opening, removals, pictures and refusals, from the store to the network and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from carecli.channels.base import Channel
from carecli.clock import ManualClock
from carecli.config import parse
from carecli.desk.composing import composing
from carecli.desk.context import Desk
from carecli.desk.conversation import open_conversation, view_conversation
from carecli.desk.media import draft_files
from carecli.desk.outbox import entry_of
from carecli.desk.queue import first_rows
from carecli.desk.reply import go_private, reply
from carecli.desk.shifts import Announced, greet
from carecli.desk.threads import complete_thread
from carecli.desk.views import QueueFilter
from carecli.errors import NetworkFailure, Refused
from carecli.model import MediaFile
from carecli.store import spending
from carecli.store.sqlite import open_database
from carecli.worker.loop import Worker
from tests.channels.x.rig import Held, oauth1, opened
from tests.channels.x.server import User, XServer
from tests.files import GIF, PNG
from tests.shop import START

CONFIG = """
version = 1
agent = "claire"
agents = [{ id = "claire", name = "Claire Lowe" }]
accounts = [{ id = "care", network = "x", handle = "acme_care", recheck_days = 1 }]
"""
BOX = MediaFile("box.png", "image/png", "The back of the box", PNG)


class XShop:
    """One desk and one worker on X's loopback server; the clock of all three moves only when told to."""

    def __init__(self, folder: Path, server: XServer, clock: ManualClock) -> None:
        self.folder = folder
        self.server = server
        self.clock = clock
        self.andy: User = server.customer("andy", "Andy Loynes")
        config = parse(CONFIG, folder / "config.toml")
        database = open_database(folder / "desk.db")
        keys = count(1)
        self.desk = Desk(config, database, clock, config.agents["claire"], self._channel, lambda: f"key-{next(keys)}")
        self.worker = Worker(config, database, clock, self._channel, "worker")

    def _channel(self, account: str) -> Channel:
        return opened(self.server, self.clock, held=Held(oauth1(self.server)))

    def work(self) -> None:
        self.clock.advance(60)
        self.worker.run_once()

    def first(self) -> int:
        return first_rows(self.desk, QueueFilter(), 1)[0].conversation_id

    def thread(self, number: int) -> list[str]:
        return [str(row.text) for row in view_conversation(self.desk, number).thread]

    def close(self) -> None:
        self.worker.stop()
        self.desk.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[XShop]:
    clock = ManualClock(START)
    with XServer(clock.now) as server:
        shop = XShop(tmp_path, server, clock)
        try:
            yield shop
        finally:
            shop.close()
    assert server.violations == []


def asks(shop: XShop, text: str = "@acme_care what is going on?", reply_to: int | None = None) -> int:
    """Andy asks, and the desk has read it."""
    shop.clock.advance(60)
    shop.server.post(shop.andy, text, reply_to=reply_to)
    shop.work()
    return shop.first()


def test_a_thread_is_read_once_on_opening_and_paid_for_by_its_conversation(shop: XShop) -> None:
    root = shop.server.post(shop.server.customer("ola", "Ola Lind"), "Anybody else without internet?")
    number = asks(shop, reply_to=root)
    assert "Anybody else without internet?" not in shop.thread(number)
    assert complete_thread(shop.desk, number) == "read"
    assert shop.thread(number)[0] == "Anybody else without internet?"
    calls = len(shop.server.requests)
    assert complete_thread(shop.desk, number) == "known"
    assert len(shop.server.requests) == calls
    with shop.desk.database.read() as session:
        assert spending.of_conversation(session, number) > 0


def test_a_protected_root_keeps_its_place_with_x_s_reason(shop: XShop) -> None:
    root = shop.server.post(shop.server.customer("ola", "Ola Lind", protected=True), "Only for friends")
    number = asks(shop, reply_to=root)
    complete_thread(shop.desk, number)
    first, *_ = view_conversation(shop.desk, number).thread
    assert first.missing and "protected" in first.text


def test_an_old_thread_says_that_x_s_search_does_not_reach_back_so_far(shop: XShop) -> None:
    root = shop.server.post(shop.andy, "My line is slow")
    shop.clock.advance(timedelta(days=9).total_seconds())
    number = asks(shop, reply_to=root)
    complete_thread(shop.desk, number)
    assert "seven days" in shop.thread(number)[0]
    assert "My line is slow" in shop.thread(number)


def test_what_was_deleted_at_x_is_deleted_here_within_the_day(shop: XShop) -> None:
    shop.clock.advance(60)
    post = shop.server.post(shop.andy, "@acme_care my number is 12")
    shop.work()
    number = shop.first()
    shop.server.delete(post)
    shop.clock.advance(timedelta(days=1).total_seconds())
    shop.work()
    assert shop.thread(number) == ["(deleted by its author)"]


def test_a_picture_reaches_x_with_its_words(shop: XShop) -> None:
    number = asks(shop)
    open_conversation(shop.desk, number)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False, files=[BOX])
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    (post,) = shop.server.posts
    assert [picture.alt for picture in post.pictures] == ["The back of the box"]


def test_what_x_does_not_take_from_here_is_refused_before_it_is_frozen(shop: XShop) -> None:
    number = asks(shop)
    with pytest.raises(Refused, match="does not take"):
        reply(
            shop.desk, number, "Hi.", "public", seen_version=None, hold=False,
            files=[MediaFile("wave.gif", "image/gif", "A wave", GIF)],
        )  # fmt: skip


def test_x_s_refusal_keeps_text_and_picture_and_gives_the_link(shop: XShop) -> None:
    number = asks(shop)
    open_conversation(shop.desk, number)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False, files=[BOX])
    shop.server.fail("POST /2/tweets", "summon_mentioned")
    shop.work()
    refused = entry_of(shop.desk, entry.id)
    assert refused.state == "rejected"
    assert refused.link.startswith("https://x.com/intent/")
    assert draft_files(shop.desk, number) == (BOX,)


def test_who_names_the_account_may_be_answered_without_a_doubt(shop: XShop) -> None:
    assert not composing(shop.desk, asks(shop), "public").permission.doubtful


def test_who_goes_on_without_naming_the_account_is_answered_in_doubt(shop: XShop) -> None:
    number = asks(shop)
    open_conversation(shop.desk, number)
    reply(shop.desk, number, "Hi Andy, since when?", "public", seen_version=None, hold=False)
    shop.work()
    asks(shop, "Since Friday", reply_to=shop.server.posts[0].id)
    assert "Since Friday" in " ".join(shop.thread(number))
    doubt = composing(shop.desk, number, "public").permission
    assert (doubt.allowed, doubt.doubtful) == (True, True)
    assert "may refuse" in doubt.reason


def test_who_follows_the_invitation_is_linked_to_where_it_stood(shop: XShop) -> None:
    number = asks(shop)
    move = go_private(shop.desk, number)
    assert move.text.endswith(move.invitation)
    shop.clock.advance(60)
    shop.server.message(shop.andy, "Here I am")
    shop.clock.advance(120)
    shop.work()
    private = go_private(shop.desk, number).conversation_id
    assert private is not None
    view = view_conversation(shop.desk, private)
    assert (view.linked_to, view.private_note) == (number, "encrypted ones not seen")


# ── links in announcements ────────────────────────────────────────────────────────────────────────


def greeting(shop: XShop, text: str) -> Announced:
    greetings = CONFIG.replace('"acme_care",', '"acme_care", playbook = "acme",')
    config = parse(f'{greetings}\n[playbooks.acme]\ngreetings = ["{text}"]\n', shop.folder / "config.toml")
    desk = Desk(config, shop.desk.database, shop.clock, shop.desk.agent, shop.desk.open_channel, shop.desk.new_key)
    return greet(desk, "care")


def test_a_greeting_never_holds_a_link_by_accident(shop: XShop) -> None:
    with pytest.raises(Refused, match=r"acme\.com becomes a link, and makes the greeting cost \$0\.20") as refused:
        greeting(shop, "Good morning from acme.com!")
    assert refused.value.rule == "link-price"
    shop.work()
    assert not shop.server.posts


def test_a_link_that_is_meant_goes_out_and_its_price_is_told(shop: XShop) -> None:
    assert greeting(shop, "Good morning! https://acme.com/hours").link_price == "$0.20 instead of $0.015"
    assert greeting(shop, "unused").already


def test_a_reply_with_a_name_that_becomes_a_link_is_warned_about(shop: XShop) -> None:
    number = asks(shop)
    findings = composing(shop.desk, number, "public").check("It is on acme.com now, Andy, sorry!").findings
    assert ("link-price", "warn") in [(one.check, one.level) for one in findings]


def test_a_reply_with_a_link_tells_whoever_sends_it_by_a_command_what_it_costs(shop: XShop) -> None:
    told: list[str] = []
    number = asks(shop)
    reply(
        shop.desk, number, "It is on acme.com now, Andy.", "public", seen_version=None, hold=False, dry_run=True,
        tell=told.append,
    )  # fmt: skip
    assert any("$0.20 instead of $0.015" in sentence for sentence in told)


# ── what has not been asked for, and who has to act ──────────────────────────────────────────────


def test_a_place_in_the_thread_that_was_not_asked_for_yet_says_so(shop: XShop) -> None:
    root = shop.server.post(shop.server.customer("ola", "Ola Lind"), "Anybody else without internet?")
    number = asks(shop, reply_to=root)
    assert "has not been read yet" in shop.thread(number)[0]


def test_a_reply_that_waits_for_credits_says_what_a_person_has_to_do(shop: XShop) -> None:
    number = asks(shop)
    shop.server.api.without_credits = "credits"
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    shop.work()
    waiting = entry_of(shop.desk, entry.id)
    assert waiting.state == "queued"
    assert waiting.error == "X says that this account's credits are spent. Buy some, and sending goes on by itself."


def test_a_thread_that_x_did_not_tell_is_asked_for_at_the_next_opening(shop: XShop) -> None:
    number = asks(shop, reply_to=shop.server.post(shop.andy, "My line is slow"))
    shop.server.fail("GET /2/tweets", "server_error")
    with pytest.raises(NetworkFailure, match="opened the next time"):
        complete_thread(shop.desk, number)
    assert complete_thread(shop.desk, number) == "read"
