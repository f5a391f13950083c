"""Recognising a signature at the end of a post, in every style that brands use (practice 8).

`^CL`, `^Claire`, `– Claire`, `*HCK`, `/KB`, `~CM`, `=JJ`, `-Name` glued to the word before, a bare name or
initials on a line of their own or after the end of a sentence; before an address, a hashtag, emoji or "2/2" too.
A name after a comma is the customer's. Not for: making signatures (`signature`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from carecli.model import Agent, Record
from carecli.playbook.folding import fold

_LETTER = r"[^\W\d_]"
# What may follow a signature: an address, hashtags, the number of the part, an emoticon.
_ADDRESS = re.compile(r"https?://\S+\Z")
_TRAILER = re.compile(r"#\w+|[\[(]?\d{1,2}/\d{1,2}[\])]?|[:;]-?[)D(PpOo]|\.+")
_MARK = r"(?P<mark>\^|\*|/|~|=|--?|[–—])(?P<gap>[ \u00a0]?)"
_MARK_AT_END = re.compile(rf"{_MARK}\Z")
_MARKED = re.compile(rf"{_MARK}(?P<who>{_LETTER}+(?:['’-]{_LETTER}+| [A-Z])?)\.?\Z")
_BARE = re.compile(rf"(?<!\w)(?P<who>{_LETTER}+(?:['’-]{_LETTER}+| [A-Z])?)\Z")
_CLOSING = re.compile(rf"(?<!\w)(?P<words>(?:{_LETTER}+ ){{0,2}}{_LETTER}+)(?P<comma>,?) \Z")
_PART = re.compile(r"\d/\d{1,2}[\])]?\Z")
_WORD_AT_END = re.compile(r"[\w'’/]+\Z")
DASHES = frozenset(("-", "--", "–", "—"))
# The longest signature that is looked for, in characters, with what stands before it.
_TAIL = 80
_SENTENCE_ENDS = frozenset('.!?…)]"”؟。！？♪')
# After these, a name may stand without a space.
_FULL_STOPS = frozenset("。！？")
_GLUED = re.compile(r"\w\w[.!?]\Z")
# The points of "5 p.m. ET" end no sentence.
_HOUR = re.compile(r"[ap]\.m\.\Z")
_SYMBOLS = frozenset(("So", "Sk", "Cf", "Me"))


class Recognised(Record, frozen=True):
    """A signature found in a text: `who` as written, its marker ("" for a bare name), and its span, marker included.

    agent: the known person whose signature it is, where known people were given. after_comma: it is a name after a
    closing formula and a comma ("Thanks, Corry"), which may at times be the customer's.
    """

    who: str
    marker: str
    start: int
    end: int
    agent: Agent | None = None
    after_comma: bool = False


class _Hints(Record, frozen=True, forbid_unknown_fields=True):
    closings: frozenset[str]
    prefixes: frozenset[str]
    no_names: frozenset[str]
    no_initials: frozenset[str]


def recognise(text: str, people: tuple[Agent, ...] = ()) -> Recognised | None:
    """The signature at the end of `text`, or None.

    people: those whose names and initials are known, the likeliest first. Theirs are recognised with any marker and
    in any case; strangers' only as brands write them.
    """
    end = _end_of_words(text)
    return (_known(text, end, people) if people else None) or _stranger(text, end)


def _known(text: str, end: int, people: tuple[Agent, ...]) -> Recognised | None:
    found = _forms(people).search(text, max(0, end - _TAIL), end)
    if found is None or found.lastgroup is None:
        return None
    who, start, agent = found[found.lastgroup], found.start(), people[int(found.lastgroup[1:])]
    mark = _MARK_AT_END.search(text, max(0, start - 3), start)
    if mark and _signs(text, mark.start(), mark["mark"], who):
        return Recognised(who, mark["mark"], mark.start(), end, agent)
    # Short initials in small letters are more often a word.
    if who.islower() and len(who) < 4:
        return None
    return _unmarked(text, who, start, end, agent)


def _stranger(text: str, end: int) -> Recognised | None:
    begin = max(0, end - _TAIL)
    found = _MARKED.search(text, begin, end)
    if found:
        mark, who = found["mark"], found["who"]
        if not _written_as_brands_do(mark, found["gap"], who) or not _signs(text, found.start(), mark, who):
            return None
        return Recognised(who, mark, found.start(), end)
    bare = _BARE.search(text, begin, end)
    if bare is None or not bare.start() or not _is_a_bare_name(bare["who"]):
        return None
    return _unmarked(text, bare["who"], bare.start(), end, None)


def _unmarked(text: str, who: str, start: int, end: int, agent: Agent | None) -> Recognised | None:
    if stands_apart(text, start):
        return Recognised(who, "", start, end, agent)
    closing = _CLOSING.search(text, max(0, start - _TAIL), start)
    # Without the comma it is the customer who is thanked by name.
    if closing and (closing["comma"] or who.isupper()) and _closes(text, closing.start("words"), closing["words"]):
        return Recognised(who, "", start, end, agent, after_comma=True)
    return None


def _closes(text: str, at: int, words: str) -> bool:
    """Whether `words` end with a closing formula that begins a sentence: "Thanks" does, "we owe you thanks" not."""
    for n in range(3):
        formula = words.split(" ")[n:]
        if fold(" ".join(formula)) in _hints().closings:
            return stands_apart(text, at + sum(len(word) + 1 for word in words.split(" ")[:n]))
    return False


def _end_of_words(text: str) -> int:
    """Where `text` ends, without the white space, symbols, addresses, hashtags and part numbers at its end."""
    end = len(text)
    while end:
        last = text[end - 1]
        if last.isspace() or _is_symbol(last):
            end -= 1
            continue
        start = end
        while start and not text[start - 1].isspace():
            start -= 1
        address = _ADDRESS.search(text, start, end)
        if address is None and not _TRAILER.fullmatch(text, start, end):
            break
        end = address.start() if address else start
    return end


def _is_symbol(character: str) -> bool:
    """Whether it is an emoji, a part of one, or invisible; ASCII's own symbols are markers, and stay."""
    return character > "\x7f" and (character == "\ufe0f" or unicodedata.category(character) in _SYMBOLS)


def _signs(text: str, at: int, mark: str, who: str) -> bool:
    """Whether the mark at `at` introduces a signature, and is no operator, hyphen or slash between two words."""
    before = _WORD_AT_END.search(text, max(0, at - _TAIL), at)
    if before is None:
        return True
    word = before[0]
    if _PART.search(word) or fold(word) in _hints().closings:
        return True
    if len(word) == 1 or word.isdigit():
        return False
    if mark == "^":
        return True
    if mark in ("/", "="):
        return False
    return who.isupper() and len(who) > 1 and not word.isupper() and fold(word) not in _hints().prefixes


def _written_as_brands_do(mark: str, gap: str, who: str) -> bool:
    if mark == "^":
        return not gap and (len(who) < 4 or who[0].isupper())
    if gap and mark in ("*", "/"):
        return False
    if mark in DASHES or mark == "/":
        return _is_a_bare_name(who) or (who.isupper() and len(who) == 4)
    return 2 <= len(who) <= 4 if who.isupper() else who[0].isupper() and len(who) > 1


def _is_a_bare_name(who: str) -> bool:
    if who.isupper():
        return 2 <= len(who) <= 3 and fold(who) not in _hints().no_initials
    return who[0].isupper() and len(who) > 1 and fold(who) not in _hints().no_names


def stands_apart(text: str, at: int) -> bool:
    """Whether what begins at `at` is on a line of its own, or comes after a space and the end of a sentence.

    An emoji, an address or the number of a part ends a sentence too; a comma does not.
    """
    end = at
    while end and (text[end - 1].isspace() or text[end - 1] == "\u200b"):
        end -= 1
    if end == 0 or "\n" in text[end:at]:
        return True
    if end == at:
        return text[end - 1] in _FULL_STOPS or _GLUED.search(text, max(0, end - 4), end) is not None
    if _HOUR.search(text, max(0, end - 4), end):
        return False
    if text[end - 1] in _SENTENCE_ENDS or _is_symbol(text[end - 1]):
        return True
    start = end
    while start and not text[start - 1].isspace():
        start -= 1
    return bool(_TRAILER.fullmatch(text, start, end) or _ADDRESS.search(text, start, end))


@lru_cache(maxsize=64)
def _forms(people: tuple[Agent, ...]) -> re.Pattern[str]:
    """Every way in which these people write themselves, at the end of a text; group `aN` is the N-th person."""
    groups = []
    for n, agent in enumerate(people):
        first, last = agent.first_name, agent.name.split()[-1:]
        written = {agent.initials, ".".join(agent.initials), first, agent.name, "".join(agent.name.split())}
        written |= {f"{first}{gap}{name[0]}" for name in last for gap in ("", " ") if name != first}
        forms = sorted((form for form in written if form.strip()), key=lambda form: (-len(form), form))
        groups.append(f"(?P<a{n}>{'|'.join(re.escape(form) for form in forms)})" if forms else "(?!)")
    return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(groups)})\.?\Z", re.IGNORECASE)


@cache
def _hints() -> _Hints:
    path = Path(__file__).parent / "phrases" / "signatures.toml"
    lists = tomllib.loads(path.read_text("utf-8"))
    return msgspec.convert({name: [fold(word) for word in words] for name, words in lists.items()}, _Hints)
