"""Checks of answering: what was asked is answered, in so many words as it needs, and as written for this customer."""

from __future__ import annotations

import re

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found
from carecli.playbook.likeness import likeness, only_filled_in

# A question of one line, and an answer that is none: as measured on what care desks write (practice 26).
_SHORT_QUESTION = 80
_BRICK = 200
_WALL = 240
_WALL_SENTENCE = 35
# A link at the end is not longer.
_TAIL = 500
_LIKE_TEMPLATE = 0.8
_LIKE_OWN = 0.75
_ADDRESSES = re.compile(r"https?://\S+|@\w+")
_CUT = re.compile(r"(?:…|\.\.\.|\((?:cont|contd|more)\.?\)|\bcont(?:'?d)?\.?)\s*https?://\S+\s*$", re.IGNORECASE)


def unanswered_question(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A question of the customer's is not ticked off (practice 22)."""
    if not facts.open_questions or not text.strip():
        return None
    first, more = facts.open_questions[0], len(facts.open_questions) - 1
    still_open = f"and {more} more are still open" if more else "is still open"
    return Found(f"“{_short(first)}” {still_open}.", "Answer it, or tick it off.")


def brick(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A question of one line gets a brick of an answer (practice 26)."""
    asked = _ADDRESSES.sub("", facts.asked).strip()
    if not asked.endswith(("?", "؟")) or "\n" in asked or len(asked) > _SHORT_QUESTION:
        return None
    if length.used <= _BRICK:
        return None
    return Found("They asked in one line.", "Answer that first, in a sentence.")


def wall_of_text(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A long text without a break, or a sentence without an end (practice 26). Its longest sentence is marked."""
    wording = facts.wording(text)
    start, end = wording.longest
    words = len(text[start:end].split())
    if words > _WALL_SENTENCE:
        return Found(f"A sentence of {words} words.", "Make two of it.", start, end)
    paragraph = max(text.split("\n"), key=len)
    if min(len(paragraph), length.used) <= _WALL:
        return None
    return Found("A wall of text.", "Break it into lines, or say less.", start, end)


def cut_off(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The text is cut, and a link leads to the rest (practice 27)."""
    found = _CUT.search(text, max(0, len(text) - _TAIL))
    if found is None:
        return None
    return Found("It is cut off, with a link to the rest.", "Say it here, in parts if it is long.", *found.span())


def template_likeness(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The reply is one of the desk's ready texts, hardly touched (practice 25)."""
    if not any(likeness(text, one) >= _LIKE_TEMPLATE or only_filled_in(text, one) for one in facts.templates):
        return None
    return Found("It reads like the template.", "Write to this customer: name what happened to them.")


def repeats_yourself(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The reply is nearly one that its author has sent lately (practice 25)."""
    if not any(likeness(text, earlier) >= _LIKE_OWN for earlier in facts.own_replies):
        return None
    return Found("You have sent nearly the same before.", "Say something of this customer's own case.")


def _short(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= 60 else f"{line[:59].rstrip()}…"
