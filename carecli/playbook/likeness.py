"""How alike two short texts are, by the runs of letters that they share.

For practice 25: a template hardly touched, the same reply again. Asked for a desk's every template at each key press.
Not for: finding a phrase in a text (`wording`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from carecli.playbook.folding import fold
from carecli.playbook.gaps import GAP

# What differs from customer to customer without making it another text.
_OF_NO_ACCOUNT = re.compile(r"https?://\S+|@\w+|\{[^{}]*\}|\W|\d+")
_RUN = 4
_SHORTEST = 40
# Of a longer text so much is compared; a template is shorter.
_COMPARED = 2000


def likeness(text: str, template: str) -> float:
    """From 0, nothing in common, to 1, the same but for links, mentions, numbers, signs and placeholders.

    Texts of fewer than 40 letters are never alike: a short thanks may be said twice.
    """
    a, b = _runs_of_text(text), _runs_of_template(template)
    smaller, larger = sorted((len(a), len(b)))
    if smaller < _SHORTEST - _RUN or smaller < larger / 3:
        return 0.0
    return 2 * len(a & b) / (smaller + larger)


def only_filled_in(text: str, template: str) -> bool:
    """Whether `text` is `template` with its {gaps} filled in and little besides: less than half as many letters again.

    Texts of fewer than 40 letters never are.
    """
    written, stood = _letters_of_text(text), _literals(template)
    length = sum(map(len, stood))
    if length < _SHORTEST or not length <= len(written) <= 1.5 * length:
        return False
    at = 0
    for literal in stood:
        found = written.find(literal, at)
        if found < 0:
            return False
        at = found + len(literal)
    return True


def _letters(text: str) -> str:
    return _OF_NO_ACCOUNT.sub("", fold(text[:_COMPARED]))


def _runs(text: str) -> frozenset[str]:
    """The runs of a text, each again with a number behind it, so that sets of them compare as bags do."""
    letters = _letters(text)
    seen: Counter[str] = Counter()
    runs = []
    for at in range(len(letters) - _RUN + 1):
        run = letters[at : at + _RUN]
        runs.append(f"{run}{seen[run]}" if run in seen else run)
        seen[run] += 1
    return frozenset(runs)


# A text is compared with every template; a template stays.
_letters_of_text = lru_cache(maxsize=4)(_letters)
_runs_of_text = lru_cache(maxsize=4)(_runs)
_runs_of_template = lru_cache(maxsize=2048)(_runs)


@lru_cache(maxsize=2048)
def _literals(template: str) -> tuple[str, ...]:
    return tuple(_letters(part) for part in GAP.split(template[:_COMPARED]))
