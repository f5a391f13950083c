"""Drafts made to be slow to check: what almost is a phrase, a link, a number or a sentence, over and over.

Not for: how slow is too slow (`test_bounds`, `tests.bench.checks`).
"""

from __future__ import annotations

from collections.abc import Iterator

from carecli.model import Agent, Length, Playbook
from carecli.playbook.checks import DraftFacts, check_reply
from carecli.playbook.patterns import Part, parse
from carecli.playbook.wording import MEANINGS, plain_word, wording_file

# Each is repeated to the length that is wanted.
PIECES = (
    "a", " ", "\n", ".", ". ", "?!", "a,", "a ,", "a.b", "a.b.", "a@", "a@b.", "@a ", "#", "1 ", "1-", "0 ", "+1 ",
    "(0", "...https://", "… http://a ", "https://a", "{", "{a", "A", "AAAA ", "AAAA", "'", "a'", "^C", "^CL ", "- C",
    "is it ", "call the our ", "contact us so that we can look at this ", "send your ", "please may ", "(cont) ", "É ",
    "ш ", "ב", "\u200b", "👍", "a\u0301", "\ufe0f", "it might be that we will see if you can ask to call on 020 7946 ",
)  # fmt: skip

_AGENT = Agent("agent", "Nomen Nescio", "NN")
_FACTS = DraftFacts(
    visibility="public",
    agent=_AGENT,
    roster=(_AGENT,),
    playbook=Playbook(),
    customer_name="Andy Loynes",
    first_reply=True,
    asked="Why does it not work?",
    complaint=True,
    declined=("visit", "call"),
    own_replies=("We are on it, and will write to you here as soon as we know more about the line.",),
    templates=("We are on it, and will write to you here as soon as we know more about the line.",),
    link_price="$0.20",
)


def texts(length: int) -> Iterator[str]:
    """The pieces, and each English phrase said almost to its end, over and over, in texts of a length."""
    for piece in (*PIECES, *phrases_almost_said()):
        yield repeated(piece, length)


def repeated(piece: str, length: int) -> str:
    """A text of a length in characters."""
    return (piece * (length // len(piece) + 1))[:length]


def phrases_almost_said() -> list[str]:
    """One way to say each English phrase of some words, without its last word."""
    file = wording_file("en")
    written = [phrase for name in MEANINGS for phrase in (*getattr(file, name).phrases, *getattr(file, name).unless)]
    said = [[_one_way(part) for part in parse(phrase, plain_word)] for phrase in written]
    return sorted({" ".join(words[:-1]) + " " for words in said if len(words) > 2})


def check(text: str) -> None:
    """Check a draft that has not been checked before, in circumstances in which every check has something to do."""
    check_reply(_FACTS, text, Length(len(text), 280))


def _one_way(part: Part) -> str:
    if part.gap:
        return "and"
    return min((*part.words, *part.stems, *(" ".join(run) for run in part.runs)))
