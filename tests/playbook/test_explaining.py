"""What is told of the checks: each of them, and examples that are what they are said to be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from carecli.model import Agent, Length, Playbook
from carecli.playbook.checks import CHECKS, PROOFREAD, DraftFacts, Proof, check_reply
from carecli.playbook.explaining import Explanation, explanations
from carecli.playbook.urgency import kind_of
from carecli.playbook.wording import declined_in
from carecli.proof.proofreader import Proofreader
from carecli.proof.standing import is_installed

CLAIRE, ROB = Agent("claire", "Claire Lane", "CL"), Agent("rob", "Rob Byrne", "RB")


def found(text: str, about: Explanation, proof: Proof) -> set[str]:
    facts = DraftFacts(
        visibility="public",
        agent=CLAIRE,
        roster=(CLAIRE, ROB),
        playbook=Playbook(),
        customer_name=about.customer,
        first_reply=bool(about.customer),
        language="en",
        asked=about.asked,
        complaint=kind_of(about.asked, "en") == "complaint",
        declined=declined_in([about.asked], "en"),
        own_replies=(about.earlier,) if about.earlier else (),
        templates=(about.template,) if about.template else (),
        proof=proof,
    )
    return {finding.check for finding in check_reply(facts, text, Length(len(text), 280))}


@pytest.fixture(scope="module")
def proofreader() -> Iterator[Proofreader]:
    """One for all examples: its process takes a second to start, and starts when it is first asked."""
    with closing(Proofreader([])) as reader:
        yield reader


def proof_of(text: str, reader: Proofreader) -> Proof:
    if not is_installed():
        pytest.skip("The extra `proof` is not installed.")
    proof = reader.read(text, "en", frozenset(), seconds=20)
    assert proof is not None
    return proof


def test_every_check_is_explained_and_nothing_else() -> None:
    assert list(explanations()) == list(CHECKS)
    assert all(one.looks_for and one.why.endswith(".") for one in explanations().values())


@pytest.mark.proofread
@pytest.mark.parametrize("check", CHECKS)
def test_its_examples_are_what_they_are_said_to_be(check: str, proofreader: Proofreader) -> None:
    about = explanations()[check]
    read = partial(proof_of, reader=proofreader) if check in PROOFREAD else Proof
    assert [text for text in about.found if check not in found(text, about, read(text))] == []
    assert {text: checks for text in about.clean if (checks := found(text, about, read(text)))} == {}
