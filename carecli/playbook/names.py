"""Names: how to address a customer, guessed only where the display name is one (practice 21).

Not for: who an agent is, or which customer a handle belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from carecli.playbook.folding import fold

# Words that stand in names of shops, clubs and fans, not of people.
_NO_NAMES = frozenset(
    {
        "admin", "anon", "anonymous", "care", "club", "fan", "fans", "fc", "gmbh", "group", "guest", "help", "inc",
        "info", "llc", "ltd", "media", "news", "official", "radio", "service", "shop", "store", "studio", "support",
        "team", "the", "tv", "user",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?", re.UNICODE)
_LONGEST = 20


@lru_cache(maxsize=512)
def first_name(display_name: str) -> str:
    """The name to address somebody by, or "" where the display name is not a person's.

    Taken for a name: one to four words of letters, in one script, the first one capitalised where the script has
    capitals, with no word that says "not a person". Emoji and other ornaments around it do not matter.
    """
    words = "".join(c if _may_stand_in_name(c) else "\n" for c in display_name).split()
    if not words or len(words) > 4 or any(c.isdigit() for c in display_name):
        return ""
    if any(not _WORD.fullmatch(word) or fold(word) in _NO_NAMES for word in words):
        return ""
    # Imported here: only a composer needs it. It knows the titles that are not names.
    from nameparser import HumanName

    name = str(HumanName(" ".join(words)).first)
    if not name:
        return ""
    # A lone capital is an initial; all capitals or none at all is how nicknames are written.
    shaped = (
        not name[0].isupper() if _caseless(name[0]) else name[0].isupper() and (len(name) < 3 or not name.isupper())
    )
    return name if shaped and 2 <= len(name.rstrip(".")) <= _LONGEST and not name.endswith(".") else ""


def addresses(text: str, name: str) -> bool:
    """Whether `text` names somebody, in any case and with or without accents, as a word or with an ending.

    Languages that call a person by an ending of their own (Polish, Czech, Turkish) change up to the last two letters.
    """
    stem = fold(name)
    stem = stem[:-1] if len(stem) > 3 else stem
    return re.search(rf"(?<!\w){re.escape(stem)}", fold(text)) is not None


def _caseless(letter: str) -> bool:
    return letter.lower() == letter.upper()


def _may_stand_in_name(character: str) -> bool:
    return character in "'’-." or unicodedata.category(character)[0] in "LMN"
