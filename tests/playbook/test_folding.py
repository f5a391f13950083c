"""Folding: what a reader takes for the same word is the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Příšerně žluťoučký", "priserne zlutoucky"),
        ("İSTANBUL", "istanbul"),
        ("ışıklı ISPARTA", "isikli isparta"),
        ("Ещё Йод", "еще иод"),
        ("תּוֹדָה", "תודה"),
        ("Straße", "strasse"),
        ("don’t", "don't"),
        ("ｆｕｌｌ ｗｉｄｔｈ？", "full width?"),
        ("ex\u200bplo\u00adsion", "explosion"),
        ("thanks \u2764\ufe0f", "thanks \u2764"),
    ],
)
def test_case_accents_and_invisible_characters_do_not_matter(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=40))
def test_capitals_do_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower())


def test_a_long_text_folds_as_its_words_do() -> None:
    assert fold("Źdźbło ŻÓŁWIA, " * 200) == "zdzblo zolwia, " * 200
