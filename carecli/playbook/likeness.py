"""How alike two short texts are, by the runs of letters that they share.

For practice 25: a template hardly touched, the same reply again. Not for: finding a phrase in a text (`wording`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from carecli.playbook.folding import fold
from carecli.playbook.gaps import GAP

# What differs from customer to customer without making it another text.
_OF_NO_ACCOUNT = re.compile(r"https?://\S+|@\w+|\{[^{}]*\}|\W+|\d+")
_RUN = 4
_SHORTEST = 40
# Of a longer text so much is compared; a template is shorter.
_COMPARED = 2000


def likeness(one: str, other: str) -> float:
    """From 0, nothing in common, to 1, the same but for links, mentions, numbers, signs and placeholders.

    Texts of fewer than 40 letters are never alike: a short thanks may be said twice.
    """
    a, b = _runs(one), _runs(other)
    smaller, larger = sorted((a.total(), b.total()))
    if smaller < _SHORTEST - _RUN or smaller < larger / 3:
        return 0.0
    return 2 * (a & b).total() / (smaller + larger)


def only_filled_in(text: str, template: str) -> bool:
    """Whether `text` is `template` with its {gaps} filled in and little besides: less than half as many letters again.

    Texts of fewer than 40 letters never are.
    """
    written, stood = _letters(text), _literals(template)
    length = sum(map(len, stood))
    if length < _SHORTEST or len(written) > 1.5 * length:
        return False
    at = 0
    for literal in stood:
        found = written.find(literal, at)
        if found < 0:
            return False
        at = found + len(literal)
    return True


@lru_cache(maxsize=256)
def _literals(template: str) -> tuple[str, ...]:
    return tuple(_letters(part) for part in GAP.split(template[:_COMPARED]))


def _letters(text: str) -> str:
    return _OF_NO_ACCOUNT.sub("", fold(text[:_COMPARED]))


@lru_cache(maxsize=256)
def _runs(text: str) -> Counter[str]:
    letters = _letters(text)
    return Counter(letters[at : at + _RUN] for at in range(len(letters) - _RUN + 1))
