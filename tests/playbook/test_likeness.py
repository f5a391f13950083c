"""What reads like a template: the same text hardly changed, or its gaps filled in and nothing more."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.likeness import likeness, only_filled_in

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


@given(st.text(alphabet="ab", max_size=90), st.text(alphabet="ab", max_size=90))
def test_likeness_is_the_share_of_runs_that_both_have_each_as_often_as_it_is_there(one: str, other: str) -> None:
    a, b = (Counter(text[at : at + 4] for at in range(len(text) - 3)) for text in (one, other))
    smaller, larger = sorted((a.total(), b.total()))
    alike = 2 * (a & b).total() / (smaller + larger) if smaller >= max(36, larger / 3) else 0.0
    assert likeness(one, other) == likeness(other, one) == pytest.approx(alike)


def test_what_differs_from_customer_to_customer_makes_no_other_text() -> None:
    text = "Sorry @andy, order 4711 was sent on Monday and is in Leeds by now: https://example.com/4711"
    assert likeness(text, "sorry @mira order 42 was sent on Monday, and is in Leeds by now! https://example.com/4") == 1
