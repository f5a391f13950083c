"""What reads like a template: the same text hardly changed, or its gaps filled in and nothing more."""

from __future__ import annotations

import pytest

from carecli.playbook.likeness import only_filled_in

TEMPLATE = "Hi {name}, there is a fault in {area} and engineers are on it. I'll write here by {time}."


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        "Hi Andy, there is a fault in Leeds and engineers are on it. I'll write here by noon.",
        "hi, there is a fault in the west of Leeds, and engineers are on it! i’ll write here by 5",
    ],
)
def test_a_template_whose_gaps_are_filled_is_one_still(text: str) -> None:
    assert only_filled_in(text, TEMPLATE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi Andy, your street was hit by roadworks. A cable is being joined, I'll write here by noon.",
        "Hi Andy, there is a fault in Leeds: roadworks cut the cable under your street at six this morning and "
        "engineers are on it. I'll write here by noon.",
    ],
)
def test_one_that_was_written_for_the_customer_is_none(text: str) -> None:
    assert not only_filled_in(text, TEMPLATE)


def test_a_short_thanks_may_be_said_twice() -> None:
    assert not only_filled_in("Thank you, Andy!", "Thank you, {name}!")


def test_a_gap_that_was_to_hold_the_whole_answer_makes_no_template_of_it() -> None:
    template = "Hi {name}, thanks for asking about that. {answer} Is there anything else?"
    answer = "The blue cable goes into the second port from the left, and the light turns green."
    assert not only_filled_in(template.replace("{answer}", answer), template)
