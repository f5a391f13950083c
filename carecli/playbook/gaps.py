"""Gaps: places in a text, in braces, where something is still to be written, such as {order number}.

Not for: templates that the desk alone fills in (`template`).
"""

from __future__ import annotations

import re

GAP = re.compile(r"\{[^{}\n]{1,40}\}")
"""A gap in a draft that its author fills in: {team}."""


def gaps_in(text: str) -> tuple[str, ...]:
    """The names of the gaps in a text, each once, in their order: "order number" of {order number}."""
    return tuple(dict.fromkeys(name_of(found[0]) for found in GAP.finditer(text)))


def name_of(gap: str) -> str:
    """The name of a gap, without its braces."""
    return " ".join(gap[1:-1].split())
