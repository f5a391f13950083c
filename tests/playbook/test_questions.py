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
        ("@Care!is it you, @Other or @Care?", ["@Care!is it you, @Other or @Care?"]),
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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("bump 🙂 the boxes are packed, the broadband isn't", "en"),
        ("anyone there? 3 meg now, it's getting worse not better", "en"),
        ("Hi, just checking someone's seen this?", "en"),
        ("missed the match because of this. anybody?", "en"),
        ("it's been ages now, is this account even staffed?", "en"),
        ("podbijam 🙂 kartony spakowane, internet jeszcze nie", "pl"),
        ("Dzień dobry, czy ktoś to w ogóle widzi?", "pl"),
        ("haló, je tam někdo?", "cs"),
        ("Merhaba, gören oldu mu acaba?", "tr"),
        ("Здравствуйте, это вообще кто-нибудь видит?", "ru"),
        ("שלום, מישהו ראה את זה?", "he"),
        ("Hallo, ist da jemand?", "de"),
        ("Bonjour, il y a quelqu'un ?", "fr"),
        ("Hola, ¿hay alguien?", "es"),
        ("Hallo, is daar iemand?", "nl"),
    ],
)  # fmt: skip
def test_who_only_asks_for_an_answer_leaves_no_question_to_tick_off(text: str, language: str) -> None:
    assert questions_in(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, is it fixed?", "en"),
        ("Hello fixed?", "en"),
        ("Is the router dead, anybody?", "en"),
        ("anybody know when it is back", "en"),
        ("bump, when is it back?", "en"),
        ("Any news on my bill please?", "en"),
        ("podbijam, działa?", "pl"),
        ("halo, kiedy przyjedzie technik", "pl"),
        ("Hola, ¿funciona?", "es"),
    ],
)
def test_who_asks_something_beside_it_does(text: str, language: str) -> None:
    assert len(questions_in(text, language)) == 1


def test_a_hostile_text_has_eight_questions_at_most() -> None:
    assert len(questions_in(" ".join(f"Why {number}?" for number in range(5000)))) == 8
