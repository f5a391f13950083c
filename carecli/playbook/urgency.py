"""What a customer's text is, and where its wait stands in the queue, with reasons that a person can read.

Practices 11, 16 and 20: safety first, complaint before question before praise, repeated messages move up.
The order is two stored values, `rank` and `urgent_at`, that time alone never changes, so an index holds it;
whether a wait is late is told from now, when it is shown. Not for: the clock itself (`waits`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from carecli.model import Kind, Record
from carecli.playbook.folding import fold
from carecli.playbook.language import guessed
from carecli.playbook.lexicon import language_of, lexicon, tokens_of
from carecli.playbook.thanks import is_only_thanks

_GRAVITY: dict[Kind, int] = {"safety": 0, "complaint": 1, "question": 2, "other": 3, "praise": 4}
_EARLIER: dict[Kind, timedelta] = {"complaint": timedelta(minutes=15), "question": timedelta(minutes=5)}
_BUMP_EARLIER = timedelta(minutes=10)
_BUMPS_COUNTED = 3


class Reading(Record, frozen=True):
    """What a text is. asks: it asks something, whatever its kind; thanks: it is a pleasantry and nothing else."""

    kind: Kind
    asks: bool = False
    thanks: bool = False


# How a text without words or signs reads.
NOTHING_SAID = Reading("other")


class Urgency(Record, frozen=True):
    """A wait's place: lower rank first, then earlier urgent_at. reasons are in the field's words, gravest first."""

    rank: int
    urgent_at: datetime
    reasons: tuple[str, ...]


def read(text: str, language: str = "", folded: str | None = None) -> Reading:
    """Read a customer's text. `language` is the network's tag; without one that has phrases, the language is guessed.

    folded: the text folded, where the caller has it. Linear in the text; some microseconds for a post.
    """
    tokens = tokens_of(fold(text) if folded is None else folded)
    told = language_of(language) or guessed(text, tokens)
    phrases = lexicon(told)
    found = phrases.meanings_in(tokens)
    asks = "question" in found or "question_starts" in found
    if "safety" in found:
        return Reading("safety", asks)
    if "complaint" in found:
        return Reading("complaint", asks)
    # "What a team", "How kind": whoever praises and asks no more clearly exclaims.
    if "question" in found or (asks and "praise" not in found):
        return Reading("question", asks)
    thanks = not found.isdisjoint(("courtesy", "signs")) and is_only_thanks(
        text, tokens, phrases, language_known=told != "", in_words="courtesy" in found
    )
    return Reading("praise" if thanks or "praise" in found else "other", thanks=thanks)


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
    rank, earlier, reasons = _order(kind, asks, bumps)
    return Urgency(rank, due_at - earlier, reasons)


@lru_cache(maxsize=256)
def _order(kind: Kind, asks: bool, bumps: int) -> tuple[int, timedelta, tuple[str, ...]]:
    """The rank, how much earlier than due it counts, and why."""
    rank = 0 if kind == "safety" else 2 if kind == "praise" and not asks and not bumps else 1
    earlier = _EARLIER.get(kind, timedelta(0)) + min(bumps, _BUMPS_COUNTED) * _BUMP_EARLIER
    grave = (kind,) if kind in ("safety", "complaint") else ()
    bumped = ("bump",) if bumps == 1 else (f"bump ×{bumps}",) if bumps else ()
    asked = ("question",) if asks or kind == "question" else ()
    praised = ("praise",) if kind == "praise" else ()
    return rank, earlier, grave + bumped + asked + praised
