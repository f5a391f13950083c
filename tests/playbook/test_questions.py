"""A customer's questions, one by one."""

from __future__ import annotations

import pytest

from carecli.playbook.questions import questions_in


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("@Care it is dead. Is it you? And when is it back??", ["Is it you?", "And when is it back??"]),
        ("Is it you? Is it you?", ["Is it you?"]),
        ("@Care @Other, is it you, @Care?", ["is it you, @Care?"]),
        ("Thanks, all good now.", []),
        ("*bump*", []),
        ("when will the engineer come", ["when will the engineer come"]),
        ("See https://x.y/?q=1 please", []),
        ("?!?", []),
        ("Kiedy będzie technik? Nie działa internet.", ["Kiedy będzie technik?"]),
        ("متى يصل؟", ["متى يصل؟"]),
        ("מתי זה יחזור? כבר שעתיים", ["מתי זה יחזור?"]),
        ("“Is it on?”", ["“Is it on?”"]),
        ("slow since seven. paying for 150, getting 4. what's going on??", ["what's going on??"]),
        ("hello there. when will he come. i wait", ["when will he come."]),
        ("Is it no. five or is Dr. smith there?", ["Is it no. five or is Dr. smith there?"]),
    ],
)  # fmt: skip
def test_each_sentence_that_asks_is_a_question(text: str, questions: list[str]) -> None:
    assert list(questions_in(text)) == questions


def test_a_hostile_text_has_eight_questions_at_most() -> None:
    assert len(questions_in(" ".join(f"Why {number}?" for number in range(5000)))) == 8
