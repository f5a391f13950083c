"""Remedies: what one key makes of a draft in which a check has found something.

A remedy takes out what should not stand there, puts in what is missing, or leaves a sentence whose {gaps} the agent
fills in. Pure. Not for: splitting into parts (`parts`), or anything that is done without being asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from carecli.model import Finding, Record
from carecli.playbook.capitals import begun, small
from carecli.playbook.checks.facts import DraftFacts
from carecli.playbook.checks.proofread import still_there
from carecli.playbook.folding import fold
from carecli.playbook.gaps import GAP
from carecli.playbook.names import first_name
from carecli.playbook.parts import sentences
from carecli.playbook.template import fill
from carecli.playbook.wording import Remedies, wordings_for

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# How like the one word two that are written for it must be: "by jsme" and "bychom" are, "to late" and "too" are not.
_TWO_FOR_ONE = 0.5
_LOUD = re.compile(r"(?<![@#/\w])[^\W\d_]{2,}(?![\w/])")
_VOWEL = re.compile("[aeiouyаеиоуыэюя]")


class Mended(Record, frozen=True):
    """A draft after a remedy. start, end: what the agent writes over next, a gap for the most part."""

    text: str
    start: int
    end: int


Mend = Callable[[DraftFacts, str, Finding, str], Mended]


def can_mend(check: str) -> bool:
    """Whether there is a remedy by one key for a check's finding."""
    return check in _MENDS


def mend(facts: DraftFacts, text: str, finding: Finding, link: str = "") -> Mended:
    """Mend what a check found. link: opens a private message to the account. Raises KeyError unless `can_mend`."""
    return _MENDS[finding.check](facts, text, finding, link)


def _hand_off(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    return _instead(text, finding, _remedies(facts, text).hand_off)


def _invite(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    sentence = _remedies(facts, text).invitation
    # Without a link the sentence ends before it.
    bare = f"{sentence.replace('{link}', '').rstrip(' :')}."
    return _instead(text, finding, fill(sentence, {"link": link}).strip() if link else bare)


def _address(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    template = _remedies(facts, text).salutation
    salutation = fill(template, {"name": first_name(facts.customer_name)})
    # Of "Hi, we look into it" the name is all that is missing.
    hello = template.partition("{name}")[0].strip(" ,")
    own = re.match(rf"\s*{re.escape(hello)}\s*[,!.]\s*", text, re.IGNORECASE)
    rest = text[own.end() :] if own else text.lstrip()
    if own and salutation.rstrip().endswith("!"):
        rest = begun(rest, facts.wording(text).language)
    return Mended(salutation + rest, len(salutation), len(salutation))


def _feel(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    feeling = _remedies(facts, text).feeling
    spans = list(sentences(text))
    # After "Hi Andy." the feeling comes second.
    begins = spans[1][0] if len(spans) > 1 and spans[0][1] - spans[0][0] <= 20 else 0
    return Mended(f"{text[:begins]}{feeling} {text[begins:]}", begins, begins + len(feeling))


def _without_sentence(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    start, end = _sentences_around(text, finding.start, finding.end)
    return _cut(text, start, end)


def _closed_up(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    return Mended(text[: finding.start] + text[finding.end :], finding.start, finding.start)


def _without(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    return _cut(text, finding.start, finding.end)


def _right_word(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    """Put the word that is meant in the place of the one most like it; several words in the place of all."""
    meant = next(
        one.meaning.removeprefix("confusable ")
        for one in facts.wording(text).said
        if one.meaning.startswith("confusable ") and one.start == finding.start
    )
    start, end = finding.start, finding.end
    if " " not in meant:
        start, end = _mistaken(text, start, end, meant)
    right = begun(meant, facts.wording(text).language) if text[start].isupper() else meant
    return Mended(text[:start] + right + text[end:], start + len(right), start + len(right))


def _as_suggested(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    """Put what the proofreader thinks the likeliest in the place of what it doubts."""
    place = finding.start, finding.end
    suggestions = next(
        slip.suggestions
        for slip in still_there(facts.proof, text)
        if (slip.start, slip.end) == place and slip.check == finding.check
    )
    if not suggestions:
        return Mended(text, *place)
    if not suggestions[0].strip():
        return _cut(text, *place)
    end = finding.start + len(suggestions[0])
    return Mended(text[: finding.start] + suggestions[0] + text[finding.end :], end, end)


def _small(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    """Write shouted sentences small. A short word without a vowel is an abbreviation, in whatever company."""

    language = facts.wording(text).language

    def lowered(found: re.Match[str]) -> str:
        word = found[0]
        return small(word, language) if word.isupper() and (len(word) > 3 or _VOWEL.search(fold(word))) else word

    begin, end = _sentences_around(text, finding.start, finding.end)
    whole = text[:begin] + _LOUD.sub(lowered, text[begin:end]) + text[end:]
    # From the last on: a capital may be longer than its letter.
    for start, _ in reversed(list(sentences(text))):
        whole = whole[:start] + begun(whole[start:], language)
    return Mended(whole, len(whole), len(whole))


def _stops(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    amiss = text[finding.start : finding.end]
    stop = amiss.strip()
    # Two spaces are one; a stop stands at the word before it; after it comes a space.
    right = stop[:1] if len(stop) > 1 else f"{stop} " if amiss == stop and stop else stop or " "
    return Mended(
        text[: finding.start] + right + text[finding.end :], finding.start + len(right), finding.start + len(right)
    )


def _broken(facts: DraftFacts, text: str, finding: Finding, link: str) -> Mended:
    """Break a wall of text where a sentence ends, as near to its middle as there is one."""
    middle = len(text) / 2
    ends = [end for _, end in sentences(text) if end < len(text) and "\n" not in text[end : end + 2]]
    if not ends:
        return Mended(text, finding.start, finding.end)
    at = min(ends, key=lambda end: abs(end - middle))
    rest = text[at:].lstrip()
    return Mended(f"{text[:at]}\n\n{rest}", at + 2, at + 2)


def _instead(text: str, finding: Finding, sentence: str) -> Mended:
    """Put a sentence of ours in the place of the one with the finding, and stand on its first gap."""
    start, end = _sentences_around(text, finding.start, finding.end)
    whole = text[:start] + sentence + text[end:]
    gap = GAP.search(sentence)
    if gap is None:
        return Mended(whole, start + len(sentence), start + len(sentence))
    return Mended(whole, start + gap.start(), start + gap.end())


def _sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of the sentences that a span lies in; the span itself where it lies in none."""
    touched = [(a, b) for a, b in sentences(text) if a < max(end, start + 1) and b > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def _cut(text: str, start: int, end: int) -> Mended:
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
    space = (
        " "
        if before and after and not before.endswith("\n") and not after.startswith(("\n", ".", ",", "!", "?"))
        else ""
    )
    return Mended(before + space + after, len(before), len(before))


def _remedies(facts: DraftFacts, text: str) -> Remedies:
    return wordings_for(facts.wording(text).language).remedies


def _mistaken(text: str, start: int, end: int, meant: str) -> tuple[int, int]:
    """The place of the word that stands for the one that is meant, or of the two: "na prawdę" for "naprawdę"."""
    words = list(_WORD.finditer(text, start, end))
    for first, second in pairwise(words):
        begins = first[0].lower()
        if begins != meant and meant.startswith(begins) and _likeness(begins + second[0], meant) >= _TWO_FOR_ONE:
            return first.start(), second.end()
    return max(words, key=lambda found: _likeness(found[0], meant)).span()


def _likeness(word: str, meant: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, word.lower(), meant.lower()).ratio()


_MENDS: dict[str, Mend] = {
    "control-characters": _closed_up,
    "foreign-signature": _without,
    "doubled-signature": _without,
    "asks-personal-data": _invite,
    "personal-data": _invite,
    "identity-first": _without_sentence,
    "cut-off": _without,
    "declined-offer": _without_sentence,
    "deflection-call": _hand_off,
    "deflection-write": _hand_off,
    "deflection-chat": _hand_off,
    "deflection-portal": _hand_off,
    "deflection-form": _hand_off,
    "deflection-other-team": _hand_off,
    "no-empathy": _feel,
    "confusables": _right_word,
    "spelling": _as_suggested,
    "grammar": _as_suggested,
    "empty-phrase": _without_sentence,
    "wall-of-text": _broken,
    "punctuation": _stops,
    "shouting": _small,
    "link-price": _without,
    "name-missing": _address,
}
