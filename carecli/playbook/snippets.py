"""Snippets: the desk's ready sentences, which of them fit, found by a few letters, and filled in for one customer.

The desk fills in what it knows; every other {gap} is the agent's, and a reply with one left is not sent (the check
`unfilled`). Not for: greetings and sign-offs (`greeting`), or sending: a snippet only ever becomes a draft.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from carecli.model import Record, Snippet
from carecli.playbook.capitals import begun
from carecli.playbook.folding import fold
from carecli.playbook.gaps import GAP, gaps_in, name_of
from carecli.playbook.lexicon import language_of
from carecli.playbook.remedies import Mended

PLACEHOLDERS = ("name", "agent", "team", "link")
"""What the desk fills in: the customer's first name, the agent's, the team's, and the link to a private message."""

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SENTENCE_ENDS = ".!?…؟\n"
_STOPS = " ,;:!–-"
_FORGIVEN_FROM = 4


def offered(snippets: Sequence[Snippet], language: str = "", account: str = "") -> tuple[Snippet, ...]:
    """The snippets for a language, as a network tags it, and an account, in their order; "" for whichever it is.

    Of several with the same name, one that names the language goes before one for all, and then one that names the
    account.
    """
    told = _language(language) if language else ""
    best: dict[tuple[str, ...], Snippet] = {}
    for snippet in snippets:
        if not _fits(_languages(snippet), told) or not _fits(snippet.accounts, account):
            continue
        key = (snippet.name, *("" if told else snippet.languages), "/", *("" if account else snippet.accounts))
        if key not in best or _aptness(snippet, told, account) > _aptness(best[key], told, account):
            best[key] = snippet
    kept = set(map(id, best.values()))
    return tuple(snippet for snippet in snippets if id(snippet) in kept)


def found(snippets: Sequence[Snippet], query: str) -> tuple[Snippet, ...]:
    """The snippets that a search finds, the likeliest first; all of them for an empty one.

    Each word must be found: at the beginning of a word of the name, then of the text, then anywhere in them, then as
    letters of the name in their order. Only where nothing is found so, one slip of a finger is forgiven in a word.
    """
    words = fold(query).split()
    if not words:
        return tuple(snippets)
    return _ranked(snippets, words, _rank) or _ranked(snippets, words, _rank_of_slip)


def filled(snippet: Snippet, values: Mapping[str, str]) -> Mended:
    """A snippet's text with the gaps filled that `values` names; start and end are the first gap that is left.

    A value of "" makes its gap vanish with what belonged to it: "Hi {name}, sorry" is "Hi, sorry", and "{name}, sorry"
    is "Sorry". What a value holds is never a gap itself.
    """
    language = "tr" if "tr" in _languages(snippet) else ""
    done, rest = "", snippet.text
    first: tuple[int, int] | None = None
    while (gap := GAP.search(rest)) is not None:
        done, rest, value = done + rest[: gap.start()], rest[gap.end() :], values.get(name_of(gap[0]))
        if value is None:
            first = first or (len(done), len(done) + len(gap[0]))
            done += gap[0]
        elif value:
            done += value
        else:
            done, rest = _vanished(done, rest, language)
    start, end = first or (len(done + rest), len(done + rest))
    return Mended(done + rest, start, end)


def own_gaps(snippet: Snippet) -> tuple[str, ...]:
    """The gaps of a snippet that its agent fills in, by their names."""
    return tuple(name for name in gaps_in(snippet.text) if name not in PLACEHOLDERS)


def problems(snippet: Snippet) -> tuple[str, ...]:
    """What is wrong with a snippet, as sentences; empty when it is good."""
    return tuple(_problems(snippet))


def _problems(snippet: Snippet) -> Iterator[str]:
    if not snippet.text.strip():
        yield "The text is empty."
    around = GAP.sub("", snippet.text)
    if "{" in around or "}" in around:
        yield "A brace is not closed, or what stands in it is longer than 40 characters."
    for name in gaps_in(snippet.text):
        if not name:
            yield "There is a gap without a name."
        elif name not in PLACEHOLDERS and name.lower() in PLACEHOLDERS:
            yield f"Write {{{name.lower()}}} in small letters, or call the gap something else."
    for tag in snippet.languages:
        if not _TAG.fullmatch(tag):
            yield f"{tag!r} is no language's tag, such as en or pt-BR."


def overlap(one: Snippet, other: Snippet) -> bool:
    """Whether two snippets of the same name could not be told apart in some conversation."""
    return (
        one.name == other.name and _shared(_languages(one), _languages(other)) and _shared(one.accounts, other.accounts)
    )


def _shared(ones: Collection[str], others: Collection[str]) -> bool:
    return bool(set(ones) & set(others)) if ones and others else not ones and not others


def _fits(named: Collection[str], wanted: str) -> bool:
    return not named or not wanted or wanted in named


def _aptness(snippet: Snippet, language: str, account: str) -> tuple[bool, bool]:
    return language in _languages(snippet), account in snippet.accounts


def _languages(snippet: Snippet) -> tuple[str, ...]:
    return tuple(_language(tag) for tag in snippet.languages)


def _language(tag: str) -> str:
    return language_of(tag) or tag.replace("_", "-").partition("-")[0].lower()


def _vanished(done: str, rest: str, language: str) -> tuple[str, str]:
    """Both sides of a gap that vanishes, closed up as if it had never been there."""
    before = done.rstrip(" ")
    if not before or before[-1] in _SENTENCE_ENDS:
        rest = rest.lstrip(_STOPS if before and before[-1] != "\n" else f"{_STOPS}\n")
        return done, begun(rest, language)
    # What leads to the gap goes with it: a colon, a dash, and a comma unless a word follows.
    return before.rstrip(":–- " if rest.startswith(" ") else ",:–- "), rest


class _Searched(Record, frozen=True):
    """A snippet as it is searched: folded, and in words."""

    name: str
    text: str
    name_words: tuple[str, ...]
    text_words: tuple[str, ...]


_Rank = Callable[[_Searched, str], int | None]


def _ranked(snippets: Sequence[Snippet], words: Sequence[str], rank: _Rank) -> tuple[Snippet, ...]:
    """The snippets in which every word has a rank, the lowest sum first; those of the same sum stay in their order."""
    ranked = []
    for snippet in snippets:
        searched = _searched(snippet.name, snippet.text)
        ranks = [rank(searched, word) for word in words]
        if None not in ranks:
            ranked.append((sum(filter(None, ranks)), snippet))
    return tuple(snippet for _, snippet in sorted(ranked, key=lambda one: one[0]))


def _rank(searched: _Searched, word: str) -> int | None:
    if searched.name.startswith(word):
        return 0
    if any(one.startswith(word) for one in searched.name_words):
        return 1
    if any(one.startswith(word) for one in searched.text_words):
        return 2
    if word in searched.name or word in searched.text:
        return 3
    letters = iter(searched.name)
    return 4 if all(letter in letters for letter in word) else None


def _rank_of_slip(searched: _Searched, word: str) -> int | None:
    rank = _rank(searched, word)
    if rank is not None or len(word) < _FORGIVEN_FROM:
        return rank
    if any(_one_slip(word, one) for one in searched.name_words):
        return 5
    return 6 if any(_one_slip(word, one) for one in searched.text_words) else None


def _one_slip(typed: str, word: str) -> bool:
    """Whether `typed` begins `word` but for one letter: wrong, missing, too many, or in its neighbour's place."""
    at = next((at for at, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if at is None:
        return len(typed) == len(word) + 1
    swapped = typed[at + 1 : at + 2] + typed[at] + typed[at + 2 :]
    return (
        word[at + 1 :].startswith(typed[at + 1 :])
        or word[at + 1 :].startswith(typed[at:])
        or word[at:].startswith(typed[at + 1 :])
        or word[at:].startswith(swapped)
    )


@lru_cache(maxsize=1024)
def _searched(name: str, text: str) -> _Searched:
    name, text = fold(name), fold(text)
    return _Searched(name, text, tuple(_WORD.findall(name)), tuple(_WORD.findall(text)))
