"""How long a text is where links have a fixed price and everything else counts as people count.

Shared by the simulated and the recorded network, and for texts of no account; pure, and linear in the text.
Not for: a real network's own measure, which lives with its channel and follows that network's documentation.
"""

from __future__ import annotations

import re

from carecli.model import Length, Link, Visibility

# Weighted characters, as networks of the kind allow: short posts, long messages.
LIMITS: dict[Visibility, int] = {"public": 280, "private": 10_000}

# What ends a sentence or closes a bracket after a link is not part of it.
_URL = re.compile(r"https?://\S*[^\s.,:;!?…'\"»”’)\]}]", re.IGNORECASE)
# What X's t.co counts for any link, and Mastodon after it.
_URL_WEIGHT = 23


def measure(text: str, visibility: Visibility, reply: bool) -> Length:
    """Weighted characters: 280 for a post, 10,000 for a message."""
    return Length(weighted_length(text), LIMITS[visibility], "weighted characters")


def weighted_length(text: str) -> int:
    """Return the length of `text` in weighted characters: one for each grapheme, 23 for each link.

    A grapheme is what a reader takes for one character (Unicode TR29): a letter with its marks, a flag, a family
    of emoji.
    """
    end, length = 0, 0
    for link in links_in(text):
        length += _graphemes(text[end : link.start]) + link.weight
        end = link.end
    return length + _graphemes(text[end:])


def links_in(text: str) -> tuple[Link, ...]:
    """The links in `text`: what begins with http:// or https://."""
    return tuple(Link(*found.span(), found[0], _URL_WEIGHT) for found in _URL.finditer(text))


def _graphemes(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    # Only texts beyond ASCII need the tables, and a flag command that counts nothing should not load them.
    from wcwidth import iter_graphemes

    return sum(1 for _ in iter_graphemes(text))
