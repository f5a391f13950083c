"""What X makes of a text: links wrapped, HTML escaped, entities at their places, and how long it counts."""

from __future__ import annotations

import pytest

from tests.channels.x.network import wording


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("hello", 5),
        ("cafe\u0301", 4),
        ("日本", 4),
        ("👍", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("“quoted”", 8),
        ("https://example.com/a/very/long/path?that=goes&on=and#on", 23),
        ("see foo.zip.", 4 + 23 + 1),
        ("x@y.com", 7),
        ("3.5 a.m.", 8),
    ],
)
def test_a_text_weighs_what_x_counts(text: str, weight: int) -> None:
    assert wording.weight(text) == weight


def test_links_come_wrapped_and_told_as_written() -> None:
    told = wording.told("see https://example.com/a?b=1&c=2, or foo.zip!")
    (first, second) = told.entities["urls"]
    assert [len(str(one["url"])) for one in (first, second)] == [23, 23]
    assert first["expanded_url"] == "https://example.com/a?b=1&c=2"
    assert second["expanded_url"] == "http://foo.zip"
    assert told.text == f"see {first['url']}, or {second['url']}!"


def test_html_is_escaped() -> None:
    assert wording.told("<b>Q&A</b> &amp;").text == "&lt;b&gt;Q&amp;A&lt;/b&gt; &amp;amp;"


def test_entities_stand_where_they_say_counted_in_code_points() -> None:
    told = wording.told("👍🏽 <3 @acme_care, #help on example.com & $ACME")
    found = {
        told.text[int(str(one["start"])) : int(str(one["end"]))]
        for kind in told.entities.values()
        for one in kind
    }  # fmt: skip
    assert found == {"@acme_care", "#help", wording.shortened("example.com")}


def test_addresses_and_paths_are_no_mentions() -> None:
    assert wording.mentioned("jo@acme_care.com https://x.com/@acme_care @jo's @JO_2") == ("jo", "JO_2")


def test_a_link_is_shortened_the_same_way_each_time() -> None:
    assert wording.shortened("example.com") == wording.shortened("example.com") != wording.shortened("example.org")


def test_a_long_text_is_cut_at_the_end_of_a_word() -> None:
    cut = wording.cut_short("word " * 100)
    assert len(cut) <= 274
    assert cut.endswith("word")
