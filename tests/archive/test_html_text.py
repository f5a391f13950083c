"""HTML of posts as plain text."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.html_text import plain_text
from tests.counting import calls
from tests.slow_texts import HTML


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello<br>there<br/>you</p><p>second</p>", "Hello\nthere\nyou\n\nsecond"),
        ("<p>I &lt;3 A&amp;B &#x1F44D;</p>", "I <3 A&B 👍"),
        ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("<p>one\n  two\t three</p>", "one two three"),
        ("<ul><li>one</li><li>two</li></ul><p>after</p>", "- one\n- two\n\nafter"),
        ("<pre>a  b\n  c</pre>", "a  b\nc"),
        ("a\u00a0\u00a0b", "a\u00a0\u00a0b"),
        ('<a href="https://a.example/b">https://a.example/b</a>', "https://a.example/b"),
        ('<a href="https://a.example/b"><span>a.example/</span><span>…</span></a>', "https://a.example/b"),
        ('see <a href="https://a.example/b">our page</a>.', "see our page (https://a.example/b)."),
        ('<a href="https://a.example/@ines" class="u-url mention">@<span>ines</span></a>!', "@ines!"),
        ('<a href="https://a.example/tags/x" class="mention hashtag">#<span>x</span></a>', "#x"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<script>alert(1)</script>seen<style>p {}</style>", "seen"),
        ("before <!-- not --> after", "before after"),
        ("<b>never <i>closed", "never closed"),
        ("a <![CDATA[ b", "a <![CDATA[ b"),
        ('<a href="https://a.example/b">open', "open (https://a.example/b)"),
        ("", ""),
    ],
)
def test_html_becomes_what_was_typed(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(st.sampled_from("<>/!?&;#-'\"= apbrliscx0\n")))
def test_no_html_raises(html: str) -> None:
    plain_text(html)


@pytest.mark.parametrize("piece", HTML)
def test_html_that_was_made_to_be_slow_takes_steps_in_proportion_to_its_length(piece: str) -> None:
    plain_text(piece)
    long, short = (calls(partial(plain_text, piece * times)) for times in (400, 200))
    assert long <= 2.5 * short + 50
