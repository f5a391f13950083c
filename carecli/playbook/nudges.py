"""What asks for nothing but an answer: "bump", "Hi, is anybody there?".

Whoever answers the matter has answered it, so it is no question to be ticked off (practice 22).
Not for: which message counts as a bump (`waits`), or what is a question (`questions`).
"""

from __future__ import annotations

from collections.abc import Sequence

from carecli.playbook.folding import fold
from carecli.playbook.language import guessed
from carecli.playbook.lexicon import Lexicon, is_word, language_of, lexicon, nudges, tokens_of

MARKS = ("?", "؟", "？")


def is_nudge(sentence: str, language: str = "") -> bool:
    """Whether a sentence that asks wants nothing but an answer, in the phrases of its language.

    What else stands in it may tell something, and asks nothing: "bump, it did it again", "it is dead, anybody?".
    """
    tokens = tokens_of(fold(sentence))
    told = language_of(language) or guessed(sentence, tokens)
    phrases = lexicon(told)
    marked = any(mark in tokens for mark in MARKS)
    covered: set[int] = set()
    asked = not marked
    for _, begin, end in nudges(told).find(tokens, phrases.prefixes):
        stop = _stop(phrases, tokens, end)
        # "Anybody?" nudges, "anybody know when it is back" asks.
        if stop is not None or not (marked or "question_starts" in phrases.meanings_in(tokens[begin:end])):
            covered.update(range(begin, end))
        asked = asked or (stop is not None and stop < len(tokens) and tokens[stop] in MARKS)
    if not covered or not asked:
        return False
    rest = [token for at, token in enumerate(tokens) if at not in covered and token not in MARKS]
    return phrases.meanings_in(rest).isdisjoint(("question", "question_starts"))


def _stop(phrases: Lexicon, tokens: Sequence[str], at: int) -> int | None:
    """Where the clause ends, if nothing but courtesies stands before that: "anyone there please?"."""
    while at < len(tokens) and is_word(tokens[at]):
        courtesy, at = phrases.courtesy_at(tokens, at)
        if courtesy in (None, "solved"):
            return None
    return at
