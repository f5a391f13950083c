"""The customer's first name, guessed from a display name only where that is one, and whether a reply says it.

For practice 21. A wrong guess costs a wrong hint, so everything in doubt is no name. Not for: showing a name.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from carecli.playbook.folding import fold

# What comes after these describes the person, or is not meant as a name at all.
_DESCRIPTION = re.compile(r"[|•·(\[{/\\~#@:;!?\"“”«»]| [-–—] ")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-]+[^\W\d_]+)*\.?")
_LONGEST_ALONE = 12


@lru_cache(maxsize=1024)
def first_name(display_name: str) -> str:
    """The first name in `display_name`, or "" where it is not clearly a person's: "Dr. Andy Loynes 🚲" is "Andy"."""
    described = _DESCRIPTION.search(display_name)
    plain = _without_symbols(display_name[: described.start()] if described else display_name)
    words = plain.replace(",", " ").split()
    if not 1 <= len(words) <= 4 or any(not _WORD.fullmatch(word) or fold(word) in _no_persons() for word in words):
        return ""
    first = words[0] if len(words) == 1 else _first_of_several(plain)
    if len(first) < 2 or not _WORD.fullmatch(first) or first.endswith("."):
        return ""
    if len(words) == 1 and (first.islower() or len(first) > _LONGEST_ALONE or (first.isupper() and len(first) < 4)):
        return ""
    return first.capitalize() if first.isupper() or first.islower() else first


def addresses(text: str, name: str) -> bool:
    """Whether `text` says `name`, in any case and with the endings that languages put to names ("Marto", "Andy's").

    A mention is no address: "@andy" does not say Andy.
    """
    called = re.escape(fold(name))
    # The vocative of "Anna" is "Anno" and of "Kasia" "Kasiu": the last letter changes.
    stem = rf"{called[:-1]}[^\W\d_]" if len(called) > 3 and called[-1] in "aеоая" else called
    # That of "Marek" is "Marku", and "Paweł" has "Pawle": the e before the last letter goes.
    short = rf"|{called[:-2]}{called[-1]}(?:ie|[aeuаеу])" if len(called) > 3 and called[-2] in "eе" else ""
    return re.search(rf"(?<![\w@])(?:{called}['’]?\w{{0,2}}|{stem}{short})(?!\w)", fold(text)) is not None


def _first_of_several(name: str) -> str:
    # Known titles and "Loynes, Andy" are nameparser's; it takes tens of milliseconds to load.
    from nameparser import HumanName

    return str(HumanName(name).first)


def _without_symbols(text: str) -> str:
    kept = (" " if unicodedata.category(c)[0] in "SC" else c for c in text)
    return " ".join("".join(kept).replace("\ufe0f", "").split())


@cache
def _no_persons() -> frozenset[str]:
    path = Path(__file__).parent / "phrases" / "names.toml"
    return frozenset(fold(word) for word in tomllib.loads(path.read_text("utf-8"))["no_persons"])
