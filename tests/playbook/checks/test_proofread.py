"""Spelling and grammar, as the checks tell what a proofreader has said: while one types on, too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Agent, Finding, Length, Playbook
from carecli.playbook.checks import DraftFacts, Proof, Slip, check_reply
from carecli.playbook.checks.proofread import still_there
from carecli.playbook.remedies import mend

CLAIRE = Agent("claire", "Claire Lowe", "CL")
TEXT = "Hi Andy, we recieve it and and mend it."
PROOF = Proof(
    TEXT,
    (Slip("spelling", 12, 19, ("receive", "relieve")), Slip("grammar", 23, 30, ("and",), "Is it there twice?")),
)


def facts(proof: Proof = PROOF, **levels: str) -> DraftFacts:
    return DraftFacts("public", CLAIRE, (CLAIRE,), Playbook(levels=levels), proof=proof)  # type: ignore[arg-type]


def findings(text: str, about: DraftFacts) -> list[Finding]:
    told = check_reply(about, text, Length(len(text), 280))
    return [finding for finding in told if finding.check in ("spelling", "grammar")]


def test_each_slip_is_told_where_it_stands_with_what_may_be_meant() -> None:
    spelling, grammar = findings(TEXT, facts())
    assert (spelling.level, spelling.sentence) == ("hint", "“recieve”: receive, relieve?")
    assert TEXT[spelling.start : spelling.end] == "recieve"
    assert (grammar.sentence, grammar.remedy) == ("“and and”: and?", "Is it there twice?")


@pytest.mark.parametrize(
    ("suggestions", "sentence"),
    [((), "“recieve” is in no dictionary."), (("",), "“recieve” is one too many."), (("a ", ""), "“recieve”: a?")],
)
def test_a_slip_is_told_without_a_suggestion_too(suggestions: tuple[str, ...], sentence: str) -> None:
    about = facts(Proof(TEXT, (Slip("spelling", 12, 19, suggestions),)))
    assert [finding.sentence for finding in findings(TEXT, about)] == [sentence]


def test_the_playbook_sets_what_they_may_do() -> None:
    assert [one.level for one in findings(TEXT, facts(spelling="block", grammar="off"))] == ["block"]


def test_what_the_confusables_tell_is_not_told_twice() -> None:
    text = "Your welcome."
    about = facts(Proof(text, (Slip("grammar", 0, 4, ("You're",)),)))
    assert findings(text, about) == []


def test_nothing_is_told_of_another_text() -> None:
    assert findings("Sorry!", facts()) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{TEXT} Soon", ["recieve", "and and"]),
        (f"Oh. {TEXT}", ["recieve", "and and"]),
        ("Hi Andy, we recieve it", ["recieve"]),
        ("Hi Andy, we recieves it and and mend it.", ["and and"]),
        ("Hi Andy, we recieve it and mend it.", ["recieve"]),
        ("Hi Andy, we reciev", []),
    ],
)
def test_what_stands_untouched_stays_marked_while_one_types_on(text: str, left: list[str]) -> None:
    assert [text[slip.start : slip.end] for slip in still_there(PROOF, text)] == left


@given(st.text("ab ", max_size=12), st.data())
def test_a_slip_is_only_ever_where_the_same_words_stand(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = data.draw(st.integers(0, len(text)))
    upto = data.draw(st.integers(cut, len(text)))
    edited = text[:cut] + data.draw(st.text("ab ", max_size=4)) + text[upto:]
    for slip in still_there(Proof(text, (Slip("spelling", start, end),)), edited):
        assert edited[slip.start : slip.end] == text[start:end]


@pytest.mark.parametrize(
    ("slip", "after"),
    [
        (Slip("spelling", 12, 19, ("receive", "relieve")), "Hi Andy, we receive it and and mend it."),
        (Slip("grammar", 23, 30, ("and",)), "Hi Andy, we recieve it and mend it."),
        (Slip("grammar", 27, 30, ("",)), "Hi Andy, we recieve it and mend it."),
        (Slip("spelling", 12, 19), TEXT),
    ],
)
def test_one_key_puts_the_likeliest_in(slip: Slip, after: str) -> None:
    about = facts(Proof(TEXT, (slip,)))
    (finding,) = findings(TEXT, about)
    assert mend(about, TEXT, finding).text == after
