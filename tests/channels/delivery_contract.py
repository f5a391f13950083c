"""What every channel promises about delivery: whatever becomes of the line, no second copy, and none lost unnoticed.

Each scenario sends as the worker does: look up what is unknown, repeat only what the channel calls safe.
Not for: being run alone; `contract.ChannelContract` inherits it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import get_args

import pytest

from carecli.channels.base import Inconclusive, NotFound, NotSent, Outgoing, Sent, Unknown
from carecli.errors import NetworkFailure
from tests.channels.proxy import Stage
from tests.channels.rig import Rig, attempted, delivered, everything, found, may_repeat

_REPLY = "It is. ^CL"

# Those at which what was cut off is settled at once: a late request is not.
_SETTLED: tuple[Stage, ...] = tuple(stage for stage in get_args(Stage) if stage != "late")
_TWICE = tuple(product(_SETTLED, repeat=2))
# A tuple: each class that inherits the contract goes through it.
_PARTS = tuple(product(range(3), _SETTLED))


class DeliveryContract:
    """Scenarios of one send, of its parts, and of what comes late."""

    @pytest.mark.parametrize("stage", _SETTLED)
    def test_a_line_that_is_cut_leaves_the_outcome_unknown(self, rig: Rig, stage: Stage) -> None:
        prepared = rig.channel.prepare(answer(rig))
        rig.cut_next_send(stage)
        outcome = rig.channel.send(prepared)
        assert isinstance(outcome, Unknown)
        assert outcome.reason

    @pytest.mark.parametrize("stage", _SETTLED)
    def test_wherever_the_line_is_cut_one_copy_stands_or_a_person_is_asked(self, rig: Rig, stage: Stage) -> None:
        prepared = rig.channel.prepare(answer(rig))
        rig.cut_next_send(stage)
        outcome = delivered(rig.channel, prepared)
        if stage == "before_request" and not promises_once(rig):
            assert outcome == NotFound(safe_to_repeat=False)
            assert rig.copies(_REPLY) == 0
        else:
            assert isinstance(outcome, Sent)
            assert found(rig.channel, outcome.remote_id).own
            assert rig.copies(_REPLY) == 1

    @pytest.mark.parametrize("stages", _TWICE, ids="-".join)
    def test_a_line_that_is_cut_twice_makes_no_second_copy(self, rig: Rig, stages: tuple[Stage, ...]) -> None:
        prepared = rig.channel.prepare(answer(rig))
        rig.cut_next_send(stages[0])
        outcome = attempted(rig.channel, prepared)
        if may_repeat(outcome):
            rig.cut_next_send(stages[1])
            outcome = delivered(rig.channel, prepared)
        assert isinstance(outcome, Sent) or not promises_once(rig)
        assert rig.copies(_REPLY) == isinstance(outcome, Sent)

    @pytest.mark.parametrize(("number", "stage"), _PARTS)
    def test_the_parts_of_a_reply_stand_once_each_and_in_order(self, rig: Rig, number: int, stage: Stage) -> None:
        before = rig.customer_posts("is it down?")
        sent = []
        for part in range(3):
            prepared = rig.channel.prepare(Outgoing(f"{part + 1}/3 ^CL", f"k{part}", "public", reply_to=before))
            if part == number:
                rig.cut_next_send(stage)
            outcome = delivered(rig.channel, prepared)
            if not isinstance(outcome, Sent):
                break
            before = outcome.remote_id
            sent.append((before, f"{part + 1}/3 ^CL"))
        assert len(sent) == 3 or (stage == "before_request" and not promises_once(rig))
        assert [(item.remote_id, item.text) for item in everything(rig.channel)[0] if item.own] == sent

    @pytest.mark.parametrize("stage", _SETTLED)
    def test_what_cannot_be_looked_up_now_is_found_out_later(self, rig: Rig, stage: Stage) -> None:
        prepared = rig.channel.prepare(answer(rig))
        rig.cut_next_send(stage)
        rig.channel.send(prepared)
        rig.hide_next_read()
        assert isinstance(rig.channel.reconcile(prepared), Inconclusive)
        assert isinstance(rig.channel.reconcile(prepared), NotFound if stage == "before_request" else Sent)
        assert rig.copies(_REPLY) == (stage != "before_request")

    def test_a_request_that_arrives_after_everybody_gave_it_up_makes_no_second_copy(self, rig: Rig) -> None:
        prepared = rig.channel.prepare(answer(rig))
        rig.cut_next_send("late")
        outcome = delivered(rig.channel, prepared)
        assert isinstance(outcome, Sent) == promises_once(rig)
        rig.release()
        assert rig.copies(_REPLY) == 1
        after = rig.channel.reconcile(prepared)
        assert isinstance(after, Sent)
        assert after == outcome or not promises_once(rig)

    def test_without_a_connection_it_may_simply_be_repeated(self, rig: Rig) -> None:
        prepared = rig.channel.prepare(answer(rig))
        with rig.unreachable():
            assert isinstance(rig.channel.send(prepared), NotSent)
            assert isinstance(rig.channel.reconcile(prepared), Inconclusive)
        assert rig.copies(_REPLY) == 0
        assert isinstance(delivered(rig.channel, prepared), Sent)
        assert rig.copies(_REPLY) == 1

    def test_the_same_call_from_several_sides_at_once_stands_once(self, rig: Rig) -> None:
        if not promises_once(rig):
            pytest.skip("the network does not keep keys")
        prepared = rig.channel.prepare(answer(rig))
        with ThreadPoolExecutor(4) as pool:
            outcomes = set(pool.map(rig.channel.send, [prepared] * 4))
        assert len(outcomes) == 1
        assert rig.copies(_REPLY) == 1

    def test_the_same_words_said_before_are_not_taken_for_it(self, rig: Rig) -> None:
        question = rig.customer_posts("is it down?")
        first = rig.channel.send(rig.channel.prepare(Outgoing(_REPLY, "k1", "public", reply_to=question)))
        assert isinstance(first, Sent)
        rig.customer_posts("and now?")
        again = rig.channel.prepare(Outgoing(_REPLY, "k2", "public", reply_to=question))
        rig.cut_next_send("before_request")
        rig.channel.send(again)
        assert isinstance(rig.channel.reconcile(again), NotFound)

    def test_a_reading_that_failed_loses_nothing(self, rig: Rig) -> None:
        written = [rig.customer_posts(f"message {number}") for number in range(3)]
        rig.hide_next_read()
        try:
            early, cursor = everything(rig.channel)
        except NetworkFailure:
            early, cursor = [], ""
        late, _ = everything(rig.channel, cursor)
        assert [item.remote_id for item in (*early, *late)] == written


def answer(rig: Rig) -> Outgoing:
    """A reply to a customer who has just asked."""
    return Outgoing(_REPLY, "k1", "public", reply_to=rig.customer_posts("is it down?"))


def promises_once(rig: Rig) -> bool:
    """Whether the network tells a repeated call from a new one, so that each reply gets there by itself."""
    return rig.channel.capabilities.idempotency != "none"
