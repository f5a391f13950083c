"""What a customer's text is, and where its wait stands in the queue, with reasons that a person can read.

Practices 11, 16 and 20: safety first, complaint before question before praise, repeated messages move up.
The order is two stored values, `rank` and `urgent_at`, that time alone never changes, so an index holds it;
whether a wait is late is told from now, when it is shown. Not for: the clock itself (`waits`).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from carecli.model import Kind, Record
from carecli.playbook.folding import fold
from carecli.playbook.lexicon import STOPS, meanings, pleasantries, symbols, tokens_of

_GRAVITY: dict[Kind, int] = {"safety": 0, "complaint": 1, "question": 2, "other": 3, "praise": 4}
_EARLIER: dict[Kind, timedelta] = {"complaint": timedelta(minutes=15), "question": timedelta(minutes=5)}
_BUMP_EARLIER = timedelta(minutes=10)
_BUMPS_COUNTED = 3
# A pleasantry is short; a longer text that begins with thanks has something to say.
_THANKS_TOKENS = 24
_CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w*")


class Reading(Record, frozen=True):
    """What a text is. asks: it asks something, whatever its kind; thanks: it is a pleasantry and nothing else."""

    kind: Kind
    asks: bool = False
    thanks: bool = False


class Urgency(Record, frozen=True):
    """A wait's place: lower rank first, then earlier urgent_at. reasons are in the field's words, gravest first."""

    rank: int
    urgent_at: datetime
    reasons: tuple[str, ...]


def read(text: str, language: str = "") -> Reading:
    """Read a customer's text. `language` is the network's tag; without one that is known, all languages are tried.

    Linear in the text; some fifteen microseconds for a post.
    """
    lexicon, tokens = meanings(language), tokens_of(text)
    asks = "?" in tokens or "؟" in tokens
    complains = praises = False
    for i in lexicon.places(tokens):
        for phrase in lexicon.at(tokens, i):
            category = phrase.category
            if category == "safety":
                return Reading("safety", asks)
            if category == "complaint":
                complains = True
            elif category == "question":
                asks = True
            elif category == "question_starts":
                asks = asks or i == 0 or tokens[i - 1] in STOPS
            elif category == "praise":
                praises = True
    if not text.isascii():
        complains = complains or _has(text, symbols().complaint)
        praises = praises or _has(text, symbols().praise)
    if complains:
        return Reading("complaint", asks)
    if asks:
        return Reading("question", asks)
    thanks = _is_thanks(text, language, tokens)
    return Reading("praise" if praises or thanks else "other", thanks=thanks)


def kind_of(text: str, language: str = "") -> Kind:
    """What a customer's text is, the gravest first: safety, complaint, question, praise, other."""
    return read(text, language).kind


def is_thanks(text: str, language: str = "") -> bool:
    """Whether the whole text, without mentions, emoji and punctuation, is a pleasantry that needs no answer.

    One name may stand after the thanks ("Thanks Claire!"). What asks, complains or holds a link is none.
    """
    return read(text, language).thanks


def graver(a: Kind, b: Kind) -> Kind:
    """The kind that a wait has when messages of both are in it."""
    return min(a, b, key=_GRAVITY.__getitem__)


def urgency(due_at: datetime, kind: Kind, *, asks: bool = False, bumps: int = 0) -> Urgency:
    """Where a wait stands: rank 0 safety, 1 all that may need something done, 2 praise with nothing asked.

    A complaint counts as due 15 minutes earlier, a question 5, each of the first three bumps 10. What no phrase
    recognises stays in rank 1: it may be a complaint in words that we do not know.
    """
    rank = 0 if kind == "safety" else 2 if kind == "praise" and not asks and not bumps else 1
    earlier = _EARLIER.get(kind, timedelta(0)) + min(bumps, _BUMPS_COUNTED) * _BUMP_EARLIER
    grave = (kind,) if kind in ("safety", "complaint") else ()
    bumped = ("bump",) if bumps == 1 else (f"bump ×{bumps}",) if bumps else ()
    asked = ("question",) if asks or kind == "question" else ()
    praised = ("praise",) if kind == "praise" else ()
    return Urgency(rank, due_at - earlier, grave + bumped + asked + praised)


def _is_thanks(text: str, language: str, tokens: list[str]) -> bool:
    if len(tokens) > _THANKS_TOKENS or "://" in text:
        return False
    lexicon, words = pleasantries(language), [token for token in tokens if token not in STOPS]
    thanked, named, i = False, False, 0
    while i < len(words):
        known = lexicon.at(words, i)
        if known:
            longest = max(known, key=lambda phrase: len(phrase.rest))
            thanked = thanked or longest.category == "thanks"
            i += 1 + len(longest.rest)
        elif thanked and not named and words[i] in {fold(word) for word in _CAPITALISED.findall(text)}:
            named = True
            i += 1
        else:
            return False
    return (thanked if words else _has(text, symbols().thanks)) and not _has(text, symbols().complaint)


def _has(text: str, signs: tuple[str, ...]) -> bool:
    return any(sign in text for sign in signs)
