"""The preview of a reply: what the network will show, part by part."""

from __future__ import annotations

import pytest

from carecli.desk.composing import Composing, composing
from carecli.desk.preview import preview
from carecli.errors import Refused
from carecli.safetext import is_safe
from tests.hostile import HOSTILE, Hostile
from tests.shop import Shop

LINK = "https://example.com/a/very/long/way/to/say/help"
LONG = f"Sorry, @andy. It is told at {LINK} in all detail. @north@social.example knows more. " * 4


@pytest.fixture
def composer(shop: Shop) -> Composing:
    shop.customer_writes("My line is slow", "andy")
    shop.work()
    return composing(shop.desk, 1, "public")


def test_one_part_is_shown_signed_and_measured(composer: Composing) -> None:
    (part,) = preview(composer, "Hi Andy, all is well.")
    assert (part.number, part.text, part.links, part.mentions) == (1, "Hi Andy, all is well. ^CL", (), ())
    assert part.length == composer.measure("Hi Andy, all is well.")


def test_links_and_mentions_stand_where_they_are_told_with_what_they_count(composer: Composing) -> None:
    (part,) = preview(composer, f"👋 @andy see {LINK}, or ask @north@social.example, not help@example.com")
    assert [(mark.text, mark.weight) for mark in part.links] == [(LINK, 23)]
    assert [(mark.text, mark.weight) for mark in part.mentions] == [("@andy", 5), ("@north@social.example", 21)]
    assert all(part.text[mark.start : mark.end] == mark.text for mark in (*part.links, *part.mentions))


def test_a_name_within_a_link_is_no_mention(composer: Composing) -> None:
    (part,) = preview(composer, "https://social.example/@andy/1")
    assert part.mentions == ()


def test_a_split_reply_tells_where_it_was_cut(composer: Composing) -> None:
    parts = preview(composer, LONG, split=True)
    assert [part.number for part in parts] == [1, 2]
    assert [f"{LONG[part.draft_start : part.draft_end]} ^CL" for part in parts] == [part.text for part in parts]
    assert not LONG[parts[0].draft_end : parts[1].draft_start].strip()
    assert all(not part.length.over for part in parts)


def test_without_splitting_what_is_too_long_is_shown_as_it_is(composer: Composing) -> None:
    (part,) = preview(composer, LONG)
    assert part.length.over > 0


def test_further_parts_are_shown_below(composer: Composing) -> None:
    parts = preview(composer, "One.", ["Two.", "Three."])
    assert [part.text for part in parts] == ["One. ^CL", "Two. ^CL", "Three. ^CL"]
    assert [(part.draft_start, part.draft_end) for part in parts] == [(0, 4), (0, 4), (0, 6)]


def test_what_cannot_be_signed_is_shown_as_typed_and_not_split(composer: Composing) -> None:
    assert preview(composer, "All is well. ^RI")[0].text == "All is well. ^RI"
    with pytest.raises(Refused):
        preview(composer, "All is well. ^RI", split=True)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.what)
def test_whatever_was_pasted_is_shown_harmlessly(composer: Composing, hostile: Hostile) -> None:
    for part in preview(composer, f"Hello {hostile.text}"):
        assert is_safe(part.text)
        assert all(part.text[mark.start : mark.end] == mark.text for mark in (*part.links, *part.mentions))
