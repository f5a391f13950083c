"""The simulated network over a connection: each way in which a real one fails has the outcome that it must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from carecli.channels.base import (
    Inconclusive,
    NotFound,
    NotSent,
    Outgoing,
    Paused,
    ReconcileOutcome,
    Rejected,
    SendOutcome,
    Sent,
    Unknown,
)
from carecli.channels.factory import open_channel
from carecli.channels.http import Bounds
from carecli.channels.sandbox import SandboxChannel, SandboxNetwork
from carecli.channels.sandbox.channel import Keys
from carecli.channels.sandbox.faults import Fault
from carecli.channels.sandbox.remote import RemoteNetwork
from carecli.channels.sandbox.server import SandboxServer
from carecli.channels.sandbox.wire import MAX_PAGE
from carecli.clock import ManualClock
from carecli.config import parse
from carecli.errors import CareError, ConfigError, NeedsPerson, NetworkFailure, RateLimited
from carecli.model import Author
from tests.channels.rig import attempted, delivered, everything, ids, may_repeat
from tests.channels.sandbox.agent import all_posts
from tests.channels.sandbox.conftest import START, MakeNetwork

ANDY = Author("42", "andy", "Andy Loynes")
BOUNDS = Bounds(connect=5.0, silence=5.0, total=10.0, body=256 * 1024)


class Line:
    """A served network and a channel to it."""

    def __init__(self, network: SandboxNetwork, server: SandboxServer, keys: Keys) -> None:
        self.network = network
        self.server = server
        self.clock = ManualClock(START)
        self.keys = keys
        self.channel = self.channel_with(BOUNDS)

    def channel_with(self, bounds: Bounds) -> SandboxChannel:
        remote = RemoteNetwork(self.server.url, self.clock, bounds=bounds)
        return SandboxChannel(remote, self.clock, idempotency=self.keys)

    def customer_asks(self, text: str = "is it down?") -> str:
        self.clock.advance(1)
        return self.network.write_as(ANDY, text, self.clock.now()).id

    def copies(self, text: str) -> int:
        return sum(post.text == text for post in all_posts(self.network))

    def settle(self) -> None:
        """Wait until the network has done all that it was asked for."""
        while self.server.under_way:
            sleep(0.002)


MakeLine = Callable[..., Line]


@pytest.fixture
def make_line(make_network: MakeNetwork) -> Iterator[MakeLine]:
    made: list[Line] = []

    def make(keys: Keys = "strong") -> Line:
        network = make_network(quiet=True)
        line = Line(network, SandboxServer(network).__enter__(), keys)
        made.append(line)
        return line

    yield make
    for line in made:
        line.channel.close()
        line.server.__exit__(None, None, None)


@pytest.fixture
def line(make_line: MakeLine) -> Line:
    return make_line()


_REPLY = "It is. ^CL"
_CUT = "The connection was cut before the network's answer came."
_BROKEN = "The simulated network answered with an error (500)."
_UNREADABLE = "The simulated network gave an answer that could not be read."
_LATE = "The simulated network did not answer in time."
_SIGNED_OUT = "The simulated network has signed this account out."
_NO_CREDIT = "The simulated network says that this account's credits are spent."
_LIMITED = "The simulated network asked to be left alone for a while."

# What comes of a reply, and what really stands at the network.
SENDING: list[tuple[Fault, SendOutcome | None, int]] = [
    (Fault("cut_before_acting"), Unknown(_CUT), 0),
    (Fault("error_before_acting"), Unknown(_BROKEN), 0),
    (Fault("rate_limited"), NotSent(_LIMITED), 0),
    (Fault("rate_limited", retry_after="90"), NotSent(_LIMITED, START + timedelta(seconds=91)), 0),
    (Fault("signed_out"), Paused(_SIGNED_OUT, "Sign in again."), 0),
    (Fault("no_credit"), Paused(_NO_CREDIT, "Buy some, and sending goes on by itself."), 0),
    (Fault("cut_after_acting"), Unknown(_CUT), 1),
    (Fault("error_after_acting"), Unknown(_BROKEN), 1),
    (Fault("html"), Unknown(_UNREADABLE), 1),
    (Fault("truncated"), Unknown(_UNREADABLE), 1),
    (Fault("too_long"), Unknown(_UNREADABLE), 1),
    (Fault("too_short"), Unknown(_CUT), 1),
    (Fault("huge"), Unknown("The simulated network gave an answer of more than 262144 bytes."), 1),
    (Fault("act_late", seconds=0.02), None, 1),
    (Fault("skewed"), None, 1),
]


def named(fault: Fault) -> str:
    return f"{fault.kind}{fault.retry_after}"


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "expected", "copies"), SENDING, ids=lambda value: named(value) if isinstance(value, Fault) else ""
)
def test_each_failure_of_a_send_has_its_outcome(
    line: Line, fault: Fault, expected: SendOutcome | None, copies: int
) -> None:
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=line.customer_asks()))
    line.server.faults.add(fault)
    outcome = line.channel.send(prepared)
    assert isinstance(outcome, Sent) if expected is None else outcome == expected
    assert line.copies(_REPLY) == copies


@pytest.mark.parametrize("keys", ["strong", "none"])
@pytest.mark.parametrize("fault", [fault for fault, *_ in SENDING], ids=named)
def test_after_each_failure_one_copy_stands_or_a_person_decides(make_line: MakeLine, keys: Keys, fault: Fault) -> None:
    line = make_line(keys)
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=line.customer_asks()))
    line.server.faults.add(fault)
    outcome = delivered(line.channel, prepared)
    expected: tuple[type[SendOutcome | ReconcileOutcome], int] = (Sent, 1)
    if fault.kind in ("signed_out", "no_credit"):
        expected = (Paused, 0)
    elif keys == "none" and fault.kind in ("cut_before_acting", "error_before_acting"):
        expected = (NotFound, 0)
    assert (type(outcome), line.copies(_REPLY)) == expected


@pytest.mark.parametrize("keys", ["strong", "none"])
def test_an_answer_that_trickles_is_given_up_and_looked_up(make_line: MakeLine, keys: Keys) -> None:
    line = make_line(keys)
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=line.customer_asks()))
    line.server.faults.add(Fault("slow", "publish", seconds=0.01))
    with closing(line.channel_with(Bounds(silence=5.0, total=0.1))) as hasty:
        assert hasty.send(prepared) == Unknown(_LATE)
    assert isinstance(line.channel.reconcile(prepared), Sent)


@pytest.mark.parametrize("keys", ["strong", "none"])
def test_what_the_network_does_after_the_client_has_gone_makes_no_second_copy(make_line: MakeLine, keys: Keys) -> None:
    line = make_line(keys)
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=line.customer_asks()))
    line.server.faults.add(Fault("act_late", "publish", seconds=0.1))
    with closing(line.channel_with(Bounds(silence=0.02))) as hasty:
        assert hasty.send(prepared) == Unknown(_LATE)
    outcome = line.channel.reconcile(prepared)
    if may_repeat(outcome):
        assert isinstance(line.channel.send(prepared), Sent)
    line.settle()
    assert may_repeat(outcome) == (keys == "strong") or isinstance(outcome, Sent)
    assert line.copies(_REPLY) == 1
    assert isinstance(line.channel.reconcile(prepared), Sent)


def test_a_refusal_is_told_in_the_network_s_own_words(line: Line) -> None:
    line.channel.send(line.channel.prepare(Outgoing("Good morning! ^CL", "k1", "public")))
    again = line.channel.send(line.channel.prepare(Outgoing("Good morning! ^CL", "k2", "public")))
    assert again == Rejected("This account posted the same text less than 24 hours ago (duplicate).")


def test_a_refusal_without_words_is_one_too(line: Line) -> None:
    lost = SandboxChannel(RemoteNetwork(f"{line.server.url}/elsewhere", line.clock), line.clock)
    with closing(lost):
        outcome = lost.send(lost.prepare(Outgoing("Good morning! ^CL", "k1", "public")))
    assert outcome == Rejected("The simulated network refused it (404).")


def test_somebody_else_s_answer_is_not_taken_for_an_absence(line: Line) -> None:
    lost = SandboxChannel(RemoteNetwork(f"{line.server.url}/elsewhere", line.clock), line.clock)
    with closing(lost):
        outcome = lost.reconcile(lost.prepare(Outgoing("Good morning! ^CL", "k1", "public")))
    assert outcome == Inconclusive("The simulated network refused it (404).")


def test_a_server_that_is_gone_got_nothing(line: Line) -> None:
    line.server.__exit__(None, None, None)
    prepared = line.channel.prepare(Outgoing("Good morning! ^CL", "k1", "public"))
    assert line.channel.send(prepared) == NotSent("The simulated network is out of reach.")
    assert isinstance(line.channel.reconcile(prepared), Inconclusive)
    line.server = SandboxServer(line.network).__enter__()


def test_a_network_whose_file_fails_may_have_posted(line: Line) -> None:
    prepared = line.channel.prepare(Outgoing("Good morning! ^CL", "k1", "public"))
    line.network.close()
    assert line.channel.send(prepared) == Unknown("The simulated network answered with an error (503).")


# ── without keys ─────────────────────────────────────────────────────────────────────────────────


def test_without_keys_the_network_is_handed_none(make_line: MakeLine) -> None:
    line = make_line("none")
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=line.customer_asks()))
    assert line.channel.capabilities.idempotency == "none"
    assert [type(line.channel.send(prepared)) for _ in range(2)] == [Sent, Sent]
    assert line.copies(_REPLY) == 2
    assert {item.delivery_key for item in everything(line.channel)[0]} == {""}


@pytest.mark.parametrize(
    "other",
    [
        Outgoing("It is not. ^CL", "k2", "public", reply_to="question"),
        Outgoing(_REPLY, "k2", "public", reply_to="other question"),
        Outgoing(_REPLY, "k2", "public"),
        Outgoing(_REPLY, "k2", "private", reply_to="question", recipient=ANDY),
        Outgoing(_REPLY, "k2", "private", recipient=ANDY),
    ],
)
def test_only_the_same_words_to_the_same_message_are_taken_for_it(make_line: MakeLine, other: Outgoing) -> None:
    line = make_line("none")
    names = {
        None: None,
        "question": line.customer_asks(f"@{line.channel.me.handle}?"),
        "other question": line.customer_asks(),
    }
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=names["question"]))
    sent = line.channel.send(
        line.channel.prepare(Outgoing(other.text, other.key, other.visibility, names[other.reply_to], other.recipient))
    )
    assert isinstance(sent, Sent)
    line.server.faults.add(Fault("cut_before_acting", "publish"))
    assert attempted(line.channel, prepared) == NotFound(safe_to_repeat=False)


def test_a_private_message_is_looked_for_at_its_recipient_s(make_line: MakeLine) -> None:
    line = make_line("none")
    line.customer_asks(f"@{line.channel.me.handle}?")
    ines = Author("43", "ines")
    line.network.write_as(ines, f"@{line.channel.me.handle} too", line.clock.now())
    to_ines = line.channel.prepare(Outgoing(_REPLY, "k1", "private", recipient=ines))
    to_andy = line.channel.prepare(Outgoing(_REPLY, "k2", "private", recipient=ANDY))
    assert isinstance(line.channel.send(to_ines), Sent)
    assert line.channel.reconcile(to_andy) == NotFound(safe_to_repeat=False)
    assert isinstance(line.channel.reconcile(to_ines), Sent)


def test_more_posts_than_can_be_read_back_leave_it_open(make_line: MakeLine) -> None:
    line = make_line("none")
    question = line.customer_asks()
    prepared = line.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=question))
    for number in range(MAX_PAGE):
        line.channel.send(line.channel.prepare(Outgoing(f"{number} ^CL", f"k{number}", "public", reply_to=question)))
    assert isinstance(line.channel.reconcile(prepared), Inconclusive)


def test_a_payload_that_was_frozen_with_keys_is_not_sent_without(make_line: MakeLine) -> None:
    strong, weak = make_line("strong"), make_line("none")
    prepared = strong.channel.prepare(Outgoing(_REPLY, "k1", "public"))
    assert isinstance(weak.channel.send(prepared), Rejected)
    assert isinstance(weak.channel.reconcile(prepared), Inconclusive)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("error_before_acting"), NetworkFailure(_BROKEN)),
        (Fault("cut_before_acting", "thread", times=2), NetworkFailure(_CUT)),
        (Fault("cut_after_acting", "thread", times=2), NetworkFailure(_CUT)),
        (Fault("html"), NetworkFailure(_UNREADABLE)),
        (Fault("truncated"), NetworkFailure(_UNREADABLE)),
        (Fault("huge"), NetworkFailure("The simulated network gave an answer of more than 262144 bytes.")),
        (Fault("rate_limited"), RateLimited(_LIMITED)),
        (Fault("signed_out"), NeedsPerson(_SIGNED_OUT)),
        (Fault("no_credit"), NeedsPerson(_NO_CREDIT)),
    ],
    ids=lambda value: named(value) if isinstance(value, Fault) else "",
)
def test_each_failure_of_a_reading_is_an_error_with_a_remedy_and_passes(
    line: Line, fault: Fault, error: CareError
) -> None:
    asked = line.customer_asks()
    line.server.faults.add(fault)
    with pytest.raises(type(error)) as caught:
        line.channel.fetch_thread(asked)
    assert caught.value.sentence == error.sentence
    assert caught.value.remedy
    assert [item.remote_id for item in line.channel.fetch_thread(asked).items] == [asked]


def test_a_limit_in_the_network_s_time_counts_from_now_though_its_clock_is_off(line: Line) -> None:
    line.server.faults.add(Fault("rate_limited", retry_after="90"))
    with pytest.raises(RateLimited) as caught:
        line.channel.fetch_mentions("")
    assert caught.value.until == line.clock.now() + timedelta(seconds=90)


def test_a_clock_that_is_an_hour_off_changes_no_time_of_a_message(line: Line) -> None:
    asked = line.customer_asks()
    line.server.faults.add(Fault("skewed", times=3))
    page = line.channel.fetch_mentions("")
    assert [(item.remote_id, item.published_at) for item in page.items] == [(asked, line.clock.now())]


def test_a_page_that_is_delivered_twice_does_not_take_the_cursor_back(line: Line) -> None:
    written = [line.customer_asks(f"{number}") for number in range(MAX_PAGE + 10)]
    _, end = everything(line.channel)
    line.server.faults.add(Fault("repeated_page", "posts"))
    repeated = line.channel.fetch_mentions(end)
    assert (ids(repeated), repeated.cursor) == (written[:MAX_PAGE], end)


def test_a_page_with_old_and_new_messages_loses_neither(line: Line) -> None:
    first = line.customer_asks("one")
    _, end = everything(line.channel)
    second = line.customer_asks("two")
    line.server.faults.add(Fault("repeated_page", "posts"))
    page = line.channel.fetch_mentions(end)
    assert ids(page) == [first, second]
    assert everything(line.channel, page.cursor)[0] == []


def test_another_network_at_the_same_address_is_noticed(line: Line, make_network: MakeNetwork) -> None:
    line.customer_asks()
    cursor = line.channel.fetch_mentions("").cursor
    port = int(line.server.url.rpartition(":")[2])
    line.server.__exit__(None, None, None)
    line.server = SandboxServer(make_network(8, quiet=True), port=port).__enter__()
    with pytest.raises(NeedsPerson, match="another simulated network"):
        line.channel.fetch_mentions(cursor)


def test_what_stands_in_an_id_or_a_key_stays_in_it(line: Line) -> None:
    for strange in ("a/b?c#d%2F", "..", "ł 👩‍👩‍👧", "' OR 1=1"):
        assert line.channel.fetch_thread(strange).missing[0].remote_id == strange
        prepared = line.channel.prepare(Outgoing(f"{strange} ^CL", strange, "public"))
        assert isinstance(line.channel.reconcile(prepared), NotFound)
        assert line.channel.send(prepared) == line.channel.reconcile(prepared)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────

_CONFIG = """
[[accounts]]
id = "care"
network = "sandbox"
handle = "AskNorthwind"
brand = "Northwind"
sandbox = {{ url = "{url}", idempotency = "none" }}
"""


def test_an_account_may_name_a_network_that_is_served(line: Line, tmp_path: Path) -> None:
    config = parse(_CONFIG.format(url=line.server.url), tmp_path / "config.toml")
    asked = line.customer_asks()
    with closing(open_channel(config, "care", line.clock)) as channel:
        assert (channel.me.handle, channel.me.display_name) == ("AskNorthwind", "Northwind")
        assert channel.capabilities.idempotency == "none"
        assert [item.remote_id for item in channel.fetch_thread(asked).items] == [asked]
    assert not (tmp_path / "sandbox.db").exists()


def test_an_account_with_an_address_that_is_none_is_refused(line: Line, tmp_path: Path) -> None:
    config = parse(_CONFIG.format(url="here"), tmp_path / "config.toml")
    with pytest.raises(ConfigError, match="'here' is no address"):
        open_channel(config, "care", line.clock)
