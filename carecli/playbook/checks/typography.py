"""Checks of typing: words taken for one another, spaces and stops, shouting, and links that cost."""

from __future__ import annotations

import re

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found

_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+|[@#]\w+|\b(?P<dotted>\w+(?:\.\w+)+)(?:/\S*)?"
)
# Two spaces, a space before a stop, a stop without a space after it, two stops that are no ellipsis.
_AMISS = re.compile(
    r"(?P<double>(?<=\S)[  ]{2,}(?=\S))"
    r"|(?P<before>(?<=\w)[ ]+[,.;:!?](?=\s|$)(?!\.))"
    r"|(?P<after>(?<=[^\W\d_]{2})[,.;!?](?=[^\W\d_]{2}))"
    r"|(?P<twice>(?<![.,])(?:,,|\.\.(?!\.)|\.,|,\.|;;|::(?!\S)))"
)
_AMISS_SENTENCES = {
    "double": ("Two spaces.", "One is enough."),
    "before": ("A space before a stop.", "Take it out."),
    "after": ("A space is missing after a stop.", "Put it in."),
    "twice": ("Two stops.", "One is enough."),
}
# The French put a space before the stops of two parts, a narrow one where they can type it.
_SPACE_BEFORE = frozenset({"fr"})
_HIGH_STOPS = frozenset("!?:;")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHOUTED_LETTERS = 4
_SHOUTED_WORDS = 3


def confusables(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Words that are taken for one another: your and you're, where and were (practice 24)."""
    said = next((one for one in facts.wording(text).said if one.meaning.startswith("confusable ")), None)
    if said is None:
        return None
    right = said.meaning.removeprefix("confusable ")
    return Found(f"“{text[said.start : said.end]}”: is “{right}” meant?", "Read it once more.", said.start, said.end)


def punctuation(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Spaces and stops that are missing, or one too many (practice 24)."""
    bare = _blanked(text)
    for found in _AMISS.finditer(bare):
        kind = found.lastgroup or ""
        if kind == "before" and found[0].strip() in _HIGH_STOPS and facts.wording(text).language in _SPACE_BEFORE:
            continue
        sentence, remedy = _AMISS_SENTENCES[kind]
        return Found(sentence, remedy, *found.span())
    return None


def shouting(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Several words in capitals, one after the other or far apart, that are no abbreviations."""
    loud = [found for found in _WORD.finditer(_blanked(text)) if _is_shouted(found[0])]
    if len(loud) < _SHOUTED_WORDS:
        return None
    return Found("Words in capitals read as shouting.", "Write them small.", loud[0].start(), loud[-1].end())


def link_price(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A link in a public reply, where the network takes more for it."""
    if not facts.link_price or facts.visibility == "private":
        return None
    found = next((one for one in _ADDRESS.finditer(text) if _is_link(one)), None)
    if found is None:
        return None
    sentence = f"A link makes the reply cost {facts.link_price}."
    # A name with a point in it is a link that nobody has meant.
    meant = "://" in found[0]
    return Found(sentence, "Send it in private, or leave it out.", *found.span(), at_least="off" if meant else "warn")


def _is_shouted(word: str) -> bool:
    return len(word) >= _SHOUTED_LETTERS and word.isupper()


def _is_link(found: re.Match[str]) -> bool:
    return found[0][0] not in "@#" and _is_address(found)


def _is_address(found: re.Match[str]) -> bool:
    """Whether it is no mere text: "1.5" is a number, and in "Done.It works" a space is missing."""
    if found["dotted"] is None:
        return True
    before, _, last = found["dotted"].rpartition(".")
    return len(last) > 1 and last.isalpha() and not (last[0].isupper() and before[-1].islower())


def _blanked(text: str) -> str:
    """The text with addresses, mentions and tags made unremarkable, each as long as it was."""
    return _ADDRESS.sub(lambda found: "x" * len(found[0]) if _is_address(found) else found[0], text)
