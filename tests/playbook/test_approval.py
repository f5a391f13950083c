"""Which replies wait for a lead, and who may let them go."""

from __future__ import annotations

import pytest

from carecli.model import Agent, Concern, Finding, Playbook
from carecli.playbook.approval import concerns, may_approve, problems
from carecli.playbook.checks import ALWAYS, CHECKS

LEAD = Agent("claire", "Claire Lowe", "CL", lead=True)
AGENT = Agent("rob", "Rob Iyer", "RI")
BEGINNER = Agent("mira", "Mira Novak", "MN", training=True)
LEARNING_LEAD = Agent("ida", "Ida Wolf", "IW", lead=True, training=True)
CALL = Finding("deflection-call", "warn", "It sends the customer to the telephone.")
HEDGE = Finding("hedge", "hint", "Nobody can rely on that.")


def asked(agent: Agent, *findings: Finding, approval: tuple[str, ...] = ("training", "deflection-call")) -> list[str]:
    return [concern.check for concern in concerns(Playbook(approval=approval), agent, findings)]


def test_nothing_waits_unless_the_playbook_says_so() -> None:
    assert asked(BEGINNER, CALL, HEDGE, approval=()) == []


def test_what_people_in_training_write_waits_whatever_it_says() -> None:
    assert asked(BEGINNER) == ["training"]
    assert asked(LEARNING_LEAD) == ["training"]
    assert asked(AGENT) == asked(LEAD) == []


def test_what_a_named_check_finds_waits_with_its_sentence() -> None:
    found = concerns(Playbook(approval=("deflection-call",)), AGENT, (HEDGE, CALL))
    assert found == (Concern("deflection-call", CALL.sentence),)


def test_both_may_ask() -> None:
    assert asked(BEGINNER, HEDGE, CALL) == ["training", "deflection-call"]


def test_a_lead_waits_for_nobody_but_one_in_training_does() -> None:
    assert asked(LEAD, CALL) == []
    assert asked(LEARNING_LEAD, CALL, approval=("deflection-call",)) == ["deflection-call"]


@pytest.mark.parametrize(
    ("agent", "author", "may"),
    [(LEAD, "rob", True), (LEAD, "claire", False), (AGENT, "mira", False), (LEARNING_LEAD, "rob", False)],
)
def test_a_lead_approves_what_others_wrote_and_nobody_else_does(agent: Agent, author: str, may: bool) -> None:
    assert may_approve(agent, author) == may


def test_a_name_that_is_no_check_is_told_and_so_is_one_that_leaves_nothing_to_approve() -> None:
    assert problems(("training", "hedge"), CHECKS, ALWAYS) == ()
    unknown, useless = problems(("deflection_call", "over-length"), CHECKS, ALWAYS)
    assert "no check 'deflection_call'" in unknown and "deflection-call" in unknown
    assert "always refuses" in useless
