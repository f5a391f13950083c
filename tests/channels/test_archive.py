"""The recorded network: posts come when their time comes, replies go nowhere and are found again."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive import ArchiveError
from carecli.channels.archive import PAGE_ITEMS, ArchiveChannel, open_archive_channel
from carecli.channels.base import Channel, Missing, NotFound, Outgoing, Prepared, Rejected, Sent
from carecli.clock import ManualClock
from carecli.errors import NeedsPerson
from carecli.errors import NotFound as NotThere
from carecli.model import Author, Item

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ME = Author("AcmeHelp", "AcmeHelp")
INES = Author("7", "7")


def item(
    remote_id: str, minute: float = 0, parent: str | None = None, author: Author = INES, thread: str | None = None
) -> Item:
    return Item(
        remote_id=remote_id,
        author=author,
        text=f"post {remote_id}",
        published_at=START + timedelta(minutes=minute),
        own=author == ME,
        addressed=author != ME,
        parent_remote_id=parent,
        thread_remote_id=thread,
    )


def channel(*items: Item, minute: float = 60) -> tuple[ArchiveChannel, ManualClock]:
    clock = ManualClock(START + timedelta(minutes=minute))
    return ArchiveChannel(ME, items, clock), clock


def ids(items: tuple[Item, ...]) -> list[str]:
    return [one.remote_id for one in items]


def reply(text: str = "Sorry! ^CL", key: str = "key-1", reply_to: str | None = "1") -> Outgoing:
    return Outgoing(text=text, key=key, visibility="public", reply_to=reply_to)


def test_it_is_a_channel() -> None:
    as_channel: Channel = channel()[0]

    assert as_channel.me == ME
    assert as_channel.capabilities.idempotency == "strong"
    assert as_channel.can_reply(item("1"), "private", START).allowed
    assert as_channel.private_invitation("AcmeHelp") == ""
    as_channel.close()


def test_posts_come_when_their_time_comes_both_sides_alike() -> None:
    network, clock = channel(item("1"), item("2", 5, author=ME), item("3", 10), minute=-1)

    assert network.fetch_mentions("").items == ()
    clock.set(START)
    first = network.fetch_mentions("")
    assert ids(first.items) == ["1"]
    clock.advance(5 * 60)
    second = network.fetch_mentions(first.cursor)
    assert ids(second.items) == ["2"]
    clock.advance(60 * 60)
    assert ids(network.fetch_mentions(second.cursor).items) == ["3"]
    assert ids(network.fetch_mentions("").items) == ["1", "2", "3"]


@given(
    st.lists(st.integers(0, 2000), max_size=3 * PAGE_ITEMS).map(sorted),
    st.lists(st.integers(0, 900), min_size=1, max_size=6),
)
def test_whoever_follows_the_cursor_gets_every_post_once_and_none_too_early(
    minutes: list[int], steps: list[int]
) -> None:
    everything = [item(str(number), minute) for number, minute in enumerate(minutes)]
    network, clock = channel(*everything, minute=0)
    cursor, got = "", list[Item]()
    for step in [*steps, 3000]:
        clock.advance(60 * step)
        more = True
        while more:
            page = network.fetch_mentions(cursor)
            assert len(page.items) <= PAGE_ITEMS
            assert all(one.published_at <= clock.now() for one in page.items)
            got += page.items
            cursor, more = page.cursor, page.more
        assert network.fetch_mentions(cursor).cursor == cursor
    assert got == everything


def test_own_replies_come_back_once_also_to_a_cursor_from_before_a_restart() -> None:
    network, clock = channel(item("1"), item("2", 90))
    before = network.fetch_mentions("").cursor
    first = network.send(network.prepare(reply()))
    page = network.fetch_mentions(before)
    assert isinstance(first, Sent)
    assert ids(page.items) == [first.remote_id]
    assert network.fetch_mentions(page.cursor).items == ()

    restarted = ArchiveChannel(ME, (item("1"), item("2", 90)), clock)
    assert restarted.fetch_mentions(page.cursor) == network.fetch_mentions(page.cursor)
    second = restarted.send(restarted.prepare(reply(key="key-2")))
    assert isinstance(second, Sent)
    clock.advance(3600)
    assert ids(restarted.fetch_mentions(page.cursor).items) == [second.remote_id, "2"]


@pytest.mark.parametrize("cursor", ["abc", "-1", "1.0", "٣", "9" * 20])
def test_a_cursor_of_another_network_needs_a_person(cursor: str) -> None:
    with pytest.raises(NeedsPerson):
        channel(item("1"))[0].fetch_mentions(cursor)


def test_a_cursor_behind_the_end_of_a_shorter_archive_finds_nothing_and_stays() -> None:
    page = channel(item("1"))[0].fetch_mentions("500")

    assert (page.items, page.more) == ((), False)
    assert channel(item("1"))[0].fetch_mentions(page.cursor) == page


@pytest.mark.parametrize("asked", ["1", "2", "3", "4"])
def test_a_thread_is_whole_from_wherever_one_looks(asked: str) -> None:
    network, _ = channel(item("1"), item("2", 1, "1", ME), item("3", 2, "1"), item("4", 3, "2"), item("9", 4))

    assert ids(network.fetch_thread(asked).items) == ["1", "2", "3", "4"]


def test_a_missing_parent_has_its_place_and_unites_its_answers() -> None:
    network, _ = channel(item("1", 1, "gone"), item("2", 2, "gone", ME), item("9", 3))
    thread = network.fetch_thread("1")

    assert ids(thread.items) == ["1", "2"]
    assert thread.missing == (Missing("gone", "It is not in the archive."),)


def test_what_is_not_published_yet_is_not_in_the_thread() -> None:
    network, clock = channel(item("1"), item("2", 5, "1"), item("3", 1, "late"), item("late", 9), minute=2)

    assert ids(network.fetch_thread("1").items) == ["1"]
    assert network.fetch_thread("3").missing == (
        Missing("late", "It was not published at this point of the recording."),
    )
    clock.advance(60 * 60)
    assert ids(network.fetch_thread("1").items) == ["1", "2"]
    assert ids(network.fetch_thread("3").items) == ["3", "late"]


def test_private_messages_are_one_thread_by_the_network_s_own_id() -> None:
    network, _ = channel(item("1", thread="7-9"), item("2", 1, author=ME, thread="7-9"), item("3", 2))

    assert ids(network.fetch_thread("2").items) == ["1", "2"]


def test_an_unknown_post_is_missing() -> None:
    assert channel()[0].fetch_thread("x").missing == (Missing("x", "It is not in the archive."),)


def test_a_reply_is_kept_in_its_thread_under_an_id_of_its_own() -> None:
    network, clock = channel(item("1"))
    sent = network.send(network.prepare(reply()))

    assert isinstance(sent, Sent)
    assert (sent.remote_id.startswith("replay-"), sent.at) == (True, clock.now())
    [_, ours] = network.fetch_thread("1").items
    assert (ours.remote_id, ours.text, ours.own, ours.author) == (sent.remote_id, "Sorry! ^CL", True, ME)
    assert ids(network.fetch_thread(sent.remote_id).items) == ["1", sent.remote_id]


def test_the_same_key_is_sent_once() -> None:
    network, clock = channel(item("1"))
    first = network.send(network.prepare(reply()))
    clock.advance(60)

    assert network.send(network.prepare(reply())) == first
    assert len(network.fetch_thread("1").items) == 2
    assert network.send(network.prepare(reply(key="key-2"))) != first


def test_a_reply_is_found_by_its_key_and_only_then() -> None:
    network, _ = channel(item("1"))
    prepared = network.prepare(reply())

    assert network.reconcile(prepared) == NotFound(safe_to_repeat=True)
    assert network.send(prepared) == network.reconcile(prepared)


def test_another_process_gives_the_same_key_the_same_id() -> None:
    network, _ = channel(item("1"))
    sent = network.send(network.prepare(reply()))
    script = (
        "from datetime import UTC, datetime\n"
        "from carecli.channels.archive import ArchiveChannel\n"
        "from carecli.channels.base import Outgoing\n"
        "from carecli.clock import ManualClock\n"
        "from carecli.model import Author\n"
        "network = ArchiveChannel(Author('x'), (), ManualClock(datetime(2030, 1, 1, tzinfo=UTC)))\n"
        "prepared = network.prepare(Outgoing(text='other', key='key-1', visibility='private'))\n"
        "print(network.send(prepared).remote_id, end='')\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)

    assert isinstance(sent, Sent)
    assert other.stdout == sent.remote_id


@pytest.mark.parametrize(
    ("prepared", "reason"),
    [
        (Prepared("k", b"not ours"), "prepared for another network"),
        (channel()[0].prepare(reply("x" * 285)), "5 weighted characters too long"),
        (channel()[0].prepare(reply(" \n")), "is empty"),
    ],
)
def test_what_no_network_would_take_is_rejected_and_not_kept(prepared: Prepared, reason: str) -> None:
    network, _ = channel(item("1"))
    outcome = network.send(prepared)

    assert isinstance(outcome, Rejected)
    assert reason in outcome.reason
    assert isinstance(network.reconcile(prepared), NotFound)


def test_lengths_are_weighted_and_private_messages_are_longer() -> None:
    network, _ = channel()

    assert (network.measure("see https://a.example/very/long 👨‍👩‍👧", "public", True).used) == 4 + 23 + 1 + 1
    assert network.measure("x" * 281, "public", False).over == 1
    assert network.measure("x" * 10_000, "private", True).over == 0


def test_a_brand_of_an_archive_is_opened_by_its_name(tmp_path: Path) -> None:
    header = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
    path = tmp_path / "care"
    path.write_text(
        f"{header}1,7,True,2026-03-02 08:00:00,@acmehelp hi,,\n2,AcmeHelp,False,2026-03-02 08:01:00,Hi,,1\n"
    )
    network = open_archive_channel(path, "@AcmeHelp", ManualClock(START))

    assert network.me == ME
    assert ids(network.fetch_mentions("").items) == ["1"]
    with pytest.raises(NotThere):
        open_archive_channel(path, "nobody", ManualClock(START))
    with pytest.raises(NotThere):
        open_archive_channel(tmp_path / "nothing", "acmehelp", ManualClock(START))
    (tmp_path / "empty").touch()
    with pytest.raises(ArchiveError):
        open_archive_channel(tmp_path / "empty", "acmehelp", ManualClock(START))
