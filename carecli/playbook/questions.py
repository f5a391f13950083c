"""What a customer asks, question by question (practice 22).

Not for: whether a question is answered (the agent ticks it off), or what kind of text it is (`urgency`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from carecli.playbook.nudges import MARKS, is_nudge
from carecli.playbook.parts import sentences
from carecli.playbook.urgency import read

_MOST = 8
# "when pls" may be anything.
_FEWEST_WORDS = 3
# Hasty customers begin sentences small; what ends in a short word may be an abbreviation, such as "no. 5" or "Dr.".
_SMALL_BEGINNING = re.compile(r"(?:(?<=[^\W\d_]{4}[.!…])|(?<=\d[.!…]))\s+(?=[^\W\d_])")
_MENTIONS = re.compile(r"(?:@[\w.@-]++[,:]?\s++)++")


# The same messages are read whenever their conversation is shown again.
@lru_cache(maxsize=512)
def questions_in(text: str, language: str = "") -> tuple[str, ...]:
    """The sentences of a text that ask something, as they are written, eight at most.

    With a question mark, or by the words that ask in the language. What stands in several sentences is several
    questions; a mention or a link alone asks nothing, and who only asks for an answer has no further question.
    """
    found = []
    for start, end in sentences(text):
        mentioned = _MENTIONS.match(text, start, end)
        sentence = text[mentioned.end() if mentioned else start : end]
        for piece in _SMALL_BEGINNING.split(sentence):
            marked = piece.rstrip("\"'”’»)]!").endswith(MARKS)
            asks = any(map(str.isalpha, piece)) and (marked or _asks(piece, language))
            if asks and not is_nudge(piece, language):
                found.append(" ".join(piece.split()))
    return tuple(dict.fromkeys(found))[:_MOST]


def _asks(sentence: str, language: str) -> bool:
    return len(sentence.split()) >= _FEWEST_WORDS and read(sentence, language).asks
