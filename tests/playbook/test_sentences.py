"""Sentences: they end at stops, not within links, numbers and abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.parts import sentences as spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("See https://x.y/z. It is 1.500,20 zł.", ["See https://x.y/z.", "It is 1.500,20 zł."]),
        ("A line\nanother line", ["A line", "another line"]),
        ("E.g. this one, at 5 p.m. today.", ["E.g. this one, at 5 p.m. today."]),
        ("Proszę o nr zamówienia, np. z maila. Dziękuję!", ["Proszę o nr zamówienia, np. z maila.", "Dziękuję!"]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("遅れています。ご確認ください！", ["遅れています。", "ご確認ください！"]),
        ("Really?! Yes…", ["Really?!", "Yes…"]),
        ("a! b? c", ["a!", "b?", "c"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_sentence_ends_where_a_reader_says(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="ab.!?… \n。", max_size=60))
def test_nothing_but_blanks_lies_outside_of_the_sentences(text: str) -> None:
    left, at = "", 0
    for start, end in spans(text):
        assert at <= start < end
        left += text[at:start]
        at = end
    assert not (left + text[at:]).strip()
