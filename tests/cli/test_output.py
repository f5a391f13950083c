"""What leaves on standard output is harmless to a terminal, and the same to a program."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from carecli.cli.output import enveloped
from carecli.safetext import is_safe


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_of_any_text_is_harmless_and_gives_the_text_back(text: str) -> None:
    line = enveloped("note", {"text": text}).decode()
    assert is_safe(line)
    assert "\n" not in line
    assert json.loads(line) == {"version": 1, "kind": "note", "data": {"text": text}}


def test_ordinary_letters_and_emoji_stay_as_they_are() -> None:
    assert '"Zażółć 👩‍👩‍👧 日本"' in enveloped("note", "Zażółć 👩‍👩‍👧 日本").decode()
