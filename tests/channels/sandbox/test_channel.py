"""The sandbox's client: what it makes of the network's answers, and the failures it can be told to have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from carecli.channels.base import Channel, NotSent, Outgoing, Paused, Prepared, Rejected, Sent, Unknown
from carecli.channels.sandbox import Faults, SandboxChannel, SandboxNetwork, open_sandbox
from carecli.clock import ManualClock, SimulatedClock, Simulation
from carecli.config import AccountSection, SandboxSection
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from tests.channels.sandbox.agent import all_posts
from tests.channels.sandbox.conftest import START, MakeNetwork

_GREETING = Outgoing("Good morning! ^CL", "k1", "public")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def network(make_network: MakeNetwork) -> SandboxNetwork:
    return make_network()


@pytest.fixture
def channel(network: SandboxNetwork, clock: ManualClock, faults: Faults) -> Channel:
    return SandboxChannel(network, clock, faults=faults)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def test_fetching_lets_time_pass_at_the_network(channel: Channel, clock: ManualClock) -> None:
    before = channel.fetch_mentions("")
    clock.advance(3600)
    assert len(channel.fetch_mentions(before.cursor).items) > 10


def test_a_page_has_a_hundred_items_at_most(channel: Channel, clock: ManualClock) -> None:
    clock.advance(4 * 3600)
    sizes, cursor, more = [], "", True
    while more:
        page = channel.fetch_mentions(cursor)
        sizes.append(len(page.items))
        cursor, more = page.cursor, page.more
    assert set(sizes[:-1]) == {100}
    assert 0 < sizes[-1] <= 100


def test_a_network_that_nobody_looked_at_for_days_is_caught_up_with_page_by_page(
    channel: Channel, network: SandboxNetwork, clock: ManualClock
) -> None:
    clock.advance(2 * 24 * 3600)
    first = channel.fetch_mentions("")
    assert first.more
    assert not network.advance(clock.now(), at_most=1)
    ids, cursor, more = [item.remote_id for item in first.items if not item.deleted], first.cursor, True
    while more:
        page = channel.fetch_mentions(cursor)
        ids += [item.remote_id for item in page.items if not item.deleted]
        cursor, more = page.cursor, page.more
    assert network.advance(clock.now(), at_most=0)
    assert ids == sorted(set(ids))
    assert ids[-1] == all_posts(network)[-1].id


@pytest.mark.parametrize(
    "cursor", ["12", "x:1", "7.1772438400000:-1", "7.1772438400000:²", "7.1772438400000:" + "9" * 30]
)
def test_a_cursor_of_another_network_needs_a_person(channel: Channel, cursor: str) -> None:
    with pytest.raises(NeedsPerson, match="another simulated network"):
        channel.fetch_mentions(cursor)


def test_items_bear_the_network_s_language_and_thread(channel: Channel) -> None:
    items = channel.fetch_mentions("").items
    assert all(item.language and item.thread_remote_id for item in items)


def test_an_own_post_comes_back_with_its_key(channel: Channel) -> None:
    channel.send(channel.prepare(_GREETING))
    assert channel.fetch_mentions("").items[-1].delivery_key == "k1"


@pytest.mark.parametrize(
    ("fault", "error"), [("unreachable", NetworkFailure), ("rate_limited", RateLimited), ("signed_out", NeedsPerson)]
)
def test_reading_fails_as_it_was_told_once(
    network: SandboxNetwork, clock: ManualClock, fault: str, error: type[Exception]
) -> None:
    channel = SandboxChannel(network, clock, faults=Faults(read=[fault, fault]))  # type: ignore[list-item]
    with pytest.raises(error):
        channel.fetch_mentions("")
    with pytest.raises(error):
        channel.fetch_thread("1")
    assert channel.fetch_mentions("").items


def test_a_limit_tells_until_when(channel: Channel, faults: Faults, clock: ManualClock) -> None:
    faults.read.append("rate_limited")
    with pytest.raises(RateLimited) as caught:
        channel.fetch_mentions("")
    assert caught.value.until == clock.now() + timedelta(minutes=1)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def test_sending_fails_as_it_was_told_in_order(channel: Channel, faults: Faults, clock: ManualClock) -> None:
    faults.send.extend(["not_sent", "rate_limited", "paused", "unknown_without_acting", "none"])
    prepared = channel.prepare(_GREETING)
    outcomes = [channel.send(prepared) for _ in range(5)]
    assert [type(outcome) for outcome in outcomes] == [NotSent, NotSent, Paused, Unknown, Sent]
    assert outcomes[1] == NotSent("The simulated network asked to wait a minute.", clock.now() + timedelta(minutes=1))


def test_a_payload_of_another_channel_is_rejected(channel: Channel) -> None:
    assert isinstance(channel.send(Prepared("k1", b"not json")), Rejected)
    assert isinstance(channel.send(Prepared("k1", b'{"key": "k1"}')), Rejected)


def test_a_network_that_is_gone_has_sent_nothing(channel: Channel) -> None:
    prepared = channel.prepare(_GREETING)
    channel.close()
    assert isinstance(channel.send(prepared), NotSent)


def test_a_refusal_is_a_sentence_for_the_agent(channel: Channel) -> None:
    channel.send(channel.prepare(_GREETING))
    again = channel.send(channel.prepare(Outgoing(_GREETING.text, "k2", "public")))
    assert again == Rejected("This account posted the same text less than 24 hours ago (duplicate).")


# ── what is known without asking ─────────────────────────────────────────────────────────────────


def test_what_it_can_do(channel: Channel) -> None:
    can = channel.capabilities
    assert (can.private_messages, can.private_reply_to_post, can.idempotency) == (True, True, "strong")
    assert can.shortest_poll == 2.0


def test_a_link_counts_twenty_three_and_an_emoji_one(channel: Channel) -> None:
    length = channel.measure("See https://example.com/a/very/long/way/to/say/it 👩‍👩‍👧", "public", True)
    assert (length.used, length.limit) == (4 + 23 + 2, 280)
    assert channel.measure("", "private", True).limit == 10_000


def test_the_invitation_is_a_link_for_the_account(channel: Channel) -> None:
    assert channel.private_invitation("@NorthwindCare") == "https://sandbox.example/messages/NorthwindCare"


def test_a_post_of_the_account_itself_cannot_be_answered_privately(channel: Channel, clock: ManualClock) -> None:
    channel.send(channel.prepare(_GREETING))
    own = channel.fetch_mentions("").items[-1]
    assert own.own
    assert not channel.can_reply(own, "private", clock.now()).allowed
    assert channel.can_reply(own, "public", clock.now()).allowed


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


def test_a_simulated_desk_has_the_same_shift_whenever_its_network_is_opened(tmp_path: Path) -> None:
    section = AccountSection("care", "sandbox", "NorthwindCare", sandbox=SandboxSection(seed=3, languages=("en",)))
    real = datetime(2030, 1, 1, tzinfo=UTC)
    seen = []
    for name, late in (("one.db", 0.0), ("two.db", 7.5)):
        clock = SimulatedClock(Simulation(real, START, speed=60.0), machine=partial(float, real.timestamp() + late))
        channel = open_sandbox(tmp_path / name, section, clock)
        items = channel.fetch_mentions("").items
        seen.append([item for item in items if item.published_at <= START])
        channel.close()
    assert seen[0] == seen[1] != []
    assert {item.language for item in seen[0]} == {"en"}


def test_a_desk_with_the_machine_s_time_begins_now(tmp_path: Path) -> None:
    clock = ManualClock(datetime(2031, 5, 1, 12, tzinfo=UTC))
    channel = open_sandbox(tmp_path / "network.db", AccountSection("care", "sandbox", "AskNorthwind"), clock)
    assert channel.me.handle == "AskNorthwind"
    newest = channel.fetch_mentions("").items[-1].published_at
    assert timedelta(0) < clock.now() - newest < timedelta(minutes=30)
    channel.close()


@pytest.fixture(autouse=True)
def _closed(channel: Channel) -> Iterator[None]:
    yield
    channel.close()
