"""A long reply in parts as X measures them: none over its limit, and every link of the text a link of one part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.x.length import weighted_length
from carecli.channels.x.links import links_in
from carecli.playbook.parts import split

_LIMIT = 60
_PIECES = st.sampled_from(
    [
        *("Sorry for the wait. ", "one two, ", "Привет! ", "שלום ", "1 234,50 € ", "👩🏾‍🚀", "@anna ", "\n\n", "é"),
        *("お待たせしました。", "詳細は", "x" * 70, "example.com", "https://example.com/a,b_(c)", "setup.zip "),
        "http://例え.みんな/x ",
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_parts_fit_and_links_stay_whole(text: str) -> None:
    links = links_in(text)
    spans = [(link.start, link.end) for link in links]
    parts = split(text, lambda part: weighted_length(f"{part} ^CL") <= _LIMIT, whole=spans)
    assert all(weighted_length(f"{part.text} ^CL") <= _LIMIT for part in parts)
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())
    for start, end in spans:
        assert any(part.start <= start and end <= part.end for part in parts)
