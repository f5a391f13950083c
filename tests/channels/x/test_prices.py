"""The estimate of what calls cost is what X charges: each thing once a day, each call that writes, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from carecli.channels.base import Media, Outgoing, Sent, Spending
from carecli.channels.x import prices
from carecli.channels.x.channel import XChannel
from carecli.clock import ManualClock
from carecli.model import Author
from tests.channels.rig import everything
from tests.channels.x.rig import Held, oauth1, opened
from tests.channels.x.server import XServer

DAY = date(2026, 3, 2)


def by_kind(channel: XChannel) -> dict[str, int]:
    return {spent.kind: spent.micros for spent in channel.take_spendings()}


def test_what_is_read_costs_once_a_day_whatever_brings_it() -> None:
    spendings = prices.spendings()
    spendings.read("own mentions read", [1, 2], DAY)
    spendings.read("posts read", [2, 3], DAY)
    spendings.read("people read", [1], DAY)
    assert spendings.take() == (
        Spending("own mentions read", 2, 2_000), Spending("posts read", 1, 5_000), Spending("people read", 1, 10_000),
    )  # fmt: skip
    spendings.read("posts read", [1, 2, 3], DAY)
    assert spendings.take() == ()
    spendings.read("posts read", [1], DAY + timedelta(days=1))
    assert spendings.take() == (Spending("posts read", 1, 5_000),)


@pytest.mark.parametrize("own_app", [True, False])
def test_a_day_at_the_desk_is_estimated_at_what_x_charges(clock: ManualClock, own_app: bool) -> None:
    with XServer(clock.now, own_app=own_app) as x:
        channel = opened(x, clock, held=Held(oauth1(x)), own_app=own_app)
        cursor = ""
        for number in range(12):
            customer = x.customer(f"customer{number}", f"Customer {number}")
            clock.advance(60)
            question = x.post(customer, "@acme_care is it down?", media=[x.picture("a red light")])
            x.post(x.customer(f"bystander{number}"), "here too", reply_to=question, filled_in=False)
            cursor = everything(channel, cursor)[1]
            channel.fetch_thread(str(question))
            _reply(channel, number, str(question))
            x.message(customer, "my number is 1")
            clock.advance(120)
            cursor = everything(channel, cursor)[1]
            told = Outgoing("Got it. ^CL", f"m{number}", "private", recipient=Author(str(customer.id)))
            assert isinstance(channel.send(channel.prepare(told)), Sent)
        clock.set(datetime(2026, 3, 3, 8, tzinfo=UTC))
        everything(channel)
        channel.fetch_removed([str(question)])
        assert by_kind(channel) == x.cost
        assert x.violations == []


def test_refused_calls_and_empty_answers_cost_nothing(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock)
    everything(channel)
    channel.send(channel.prepare(Outgoing("Hello. ^CL", "k", "public", reply_to="17")))
    assert channel.take_spendings() == ()
    assert x.cost == {}


def test_a_reply_that_is_found_afterwards_is_paid_for_once(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock)
    question = x.post(x.customer("andy"), "@acme_care is it down?")
    prepared = channel.prepare(Outgoing("It is. ^CL", "k", "public", reply_to=str(question)))
    x.fail("POST /2/tweets", "act_then_500")
    channel.send(prepared)
    for _ in range(2):
        assert isinstance(channel.reconcile(prepared), Sent)
    assert by_kind(channel) == x.cost


def _reply(channel: XChannel, number: int, question: str) -> None:
    """A summoned reply, a part below it, a picture, and now and then a link."""
    link = " https://example.com/help" if number % 5 == 0 else ""
    media = (Media("image/png", "which button", b"png"),) if number % 4 == 0 else ()
    first = channel.send(
        channel.prepare(Outgoing(f"1/2 It is.{link} ^CL", f"a{number}", "public", reply_to=question, media=media))
    )
    assert isinstance(first, Sent)
    part = Outgoing("2/2 Sorry. ^CL", f"b{number}", "public", reply_to=first.remote_id)
    assert isinstance(channel.send(channel.prepare(part)), Sent)
