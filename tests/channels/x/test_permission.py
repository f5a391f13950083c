"""X's summon rule, foretold: as the network behind the loopback decides it."""

from __future__ import annotations

import pytest

from carecli.channels.base import Outgoing, Rejected
from carecli.channels.x.permission import permission
from carecli.clock import ManualClock
from carecli.model import Author, Item
from tests.channels.rig import found
from tests.channels.x.rig import opened
from tests.channels.x.server import XServer

ME = Author("1", "acme_care", "Acme Care")
ANDY = Author("2", "andy", "Andy")


def item(x: XServer, text: str, *, addressed: bool = True, attachments: tuple[str, ...] = ()) -> Item:
    return Item("3", ANDY, text, x.api.world.now(), addressed=addressed, attachments=attachments)


@pytest.mark.parametrize(
    "text",
    ["@acme_care my line is down", "hey @Acme_Care!", "is (＠acme_care) there?", "x.com/acme_care/status/17 is a lie"],
)
def test_who_names_the_account_may_be_answered(x: XServer, text: str) -> None:
    verdict = permission(item(x, text), "public", ME)
    assert (verdict.allowed, verdict.doubtful) == (True, False)


@pytest.mark.parametrize("text", ["my line is down", "@acme_care_fans hello", "me@acme_care.example", "@@acme_care"])
def test_who_only_answers_the_account_may_be_refused(x: XServer, text: str) -> None:
    verdict = permission(item(x, text), "public", ME)
    assert (verdict.allowed, verdict.doubtful) == (True, True)
    assert verdict.reason


def test_who_does_neither_will_be_refused(x: XServer) -> None:
    verdict = permission(item(x, "my line is down", addressed=False), "public", ME)
    assert not verdict.allowed
    assert "browser" in verdict.reason


def test_who_quotes_the_account_may_be_answered(x: XServer) -> None:
    quoting = item(x, "what?", addressed=False, attachments=("quote: https://x.com/acme_care/status/17",))
    assert permission(quoting, "public", ME) == permission(item(x, "@acme_care"), "public", ME)


def test_what_is_foretold_is_what_x_decides(x: XServer, clock: ManualClock) -> None:
    x.rules.explicit_summons = True
    andy, channel = x.customer("andy"), opened(x, clock)
    ours = x.post(x.account, "Is it back?")
    named = x.post(andy, "no, @acme_care, it is not", reply_to=ours)
    implicit = x.post(andy, "no", reply_to=ours)
    stranger = x.post(x.customer("bea"), "here too", reply_to=named, filled_in=False)
    threads = [channel.fetch_thread(str(one)) for one in (named, stranger)]
    items = {one.remote_id: one for thread in threads for one in thread.items}
    verdicts = {}
    for number in (named, implicit, stranger):
        verdict = channel.can_reply(items[str(number)], "public", clock.now())
        text = Outgoing(f"We are on it, {number}. ^CL", str(number), "public", reply_to=str(number))
        refused = isinstance(channel.send(channel.prepare(text)), Rejected)
        verdicts[number] = (verdict.allowed, verdict.doubtful, refused)
    assert verdicts == {named: (True, False, False), implicit: (True, True, True), stranger: (False, False, True)}


def test_a_first_message_is_taken_only_by_those_who_accept_it(x: XServer, clock: ManualClock) -> None:
    channel, andy = opened(x, clock), x.customer("andy")
    public = found(channel, str(x.post(andy, "@acme_care hello")))
    assert channel.can_reply(public, "private", clock.now()).doubtful
    clock.advance(90)
    private = found(channel, f"dm:{x.message(andy, 'hello')}")
    assert not channel.can_reply(private, "private", clock.now()).doubtful
    assert not channel.can_reply(private, "public", clock.now()).allowed
