"""What X makes of a text: links wrapped in t.co, HTML escaped, entities found, and the weight of it all.

The rules are simpler than twitter-text's and written apart from carecli's own, so that neither proves itself; what
they leave out is unusual top-level domains and the rarer emoji. The conformance files hold carecli's to the letter.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TOP_LEVELS = "com|org|net|io|de|uk|fr|es|it|nl|eu|ch|at|us|dev|app|info|biz|shop|help|zip|example|test|co|me|tv|ai|x"
_LINK = re.compile(
    r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]}]"
    rf"|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TOP_LEVELS})(?![\w@-])(?:/[^\s<>\"'“”.,;:!?)]*)?",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w/@])[@＠](\w{1,15})(?![\w@])", re.ASCII)
_HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w*[^\W\d_]\w*)")
_CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6})(?![\w$])")
_FLAG = r"[\U0001F1E6-\U0001F1FF]{2}"
_KEYCAP = r"[0-9#*]\uFE0F?\u20E3"
_PICTURE = (
    r"(?:[\u2600-\u27BF\u2300-\u23FF\u2B00-\u2BFF\u203C\u2049\u2139\u2190-\u21FF\u24C2\u25A0-\u25FF\u3030\u303D\u3297\u3299]\uFE0F"
    r"|[\U0001F300-\U0001FAFF\U0001F004\U0001F0CF\U0001F170-\U0001F251\u2600-\u27BF])"
)
_DRESS = r"(?:[\U0001F3FB-\U0001F3FF]|\uFE0F)?(?:[\U000E0020-\U000E007F]+)?"
_EMOJI = re.compile(rf"{_FLAG}|{_KEYCAP}|{_PICTURE}{_DRESS}(?:\u200D{_PICTURE}{_DRESS})*")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
LINK_WEIGHT = 23


@dataclass(frozen=True)
class Told:
    """A text as X tells it: escaped and wrapped, with its entities, and where its own words begin."""

    text: str
    entities: dict[str, list[dict[str, object]]]
    begins: int = 0


def links(text: str) -> list[str]:
    """What X takes for links in `text`, as written."""
    return [found[0] for found in _LINK.finditer(text)]


@lru_cache(maxsize=65536)
def mentioned(text: str) -> tuple[str, ...]:
    """The handles that `text` addresses, in order, without @."""
    return tuple(found[1] for found in _MENTION.finditer(_LINK.sub(" ", text)))


def cashtags(text: str) -> list[str]:
    return [found[1] for found in _CASHTAG.finditer(text)]


def weight(text: str) -> int:
    """How long X counts `text`: after NFC, a link 23, an emoji 2, Latin and its like 1, everything else 2."""
    rest, count = _LINK.subn("", unicodedata.normalize("NFC", text))
    rest, emoji = _EMOJI.subn("", rest)
    return LINK_WEIGHT * count + 2 * emoji + sum(1 if _is_light(ord(letter)) else 2 for letter in rest)


def told(text: str, extra: tuple[tuple[str, str], ...] = (), begins: int = 0) -> Told:
    """The text as answers give it. extra: links that X adds at the end (pictures, quotes): expanded and displayed.

    begins: how many of its characters X filled in at its head. Places in entities count code points of the result.
    """
    pieces: list[str] = []
    urls: list[dict[str, object]] = []
    place = length = 0
    for found in _LINK.finditer(text):
        before = escaped(text[place : found.start()])
        length += len(before)
        short = shortened(found[0])
        urls.append(_url(length, short, _with_scheme(found[0]), _displayed(found[0])))
        pieces += (before, short)
        length += len(short)
        place = found.end()
    pieces.append(escaped(text[place:]))
    length += len(pieces[-1])
    for expanded, displayed in extra:
        space = " " if length else ""
        short = shortened(expanded)
        urls.append(_url(length + len(space), short, expanded, displayed))
        pieces.append(space + short)
        length += len(space) + len(short)
    whole = "".join(pieces)
    wrapped = [found.span() for found in _LINK.finditer(whole)]
    entities: dict[str, list[dict[str, object]]] = {
        "urls": urls,
        "mentions": [_entity(f, "username") for f in _MENTION.finditer(whole) if not _within(f, wrapped)],
        "hashtags": [_entity(f, "tag") for f in _HASHTAG.finditer(whole) if not _within(f, wrapped)],
    }
    return Told(whole, {kind: found for kind, found in entities.items() if found}, len(escaped(text[:begins])))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(link: str) -> str:
    """The t.co link that X gives out for `link`: 23 characters, the same each time."""
    letters = base64.b64encode(hashlib.sha256(link.encode()).digest(), b"ab").decode()
    return f"https://t.co/{letters[:10]}"


def cut_short(text: str, most: int = 274) -> str:
    """The beginning of a long post, at the end of a word: what is in `text` while `note_tweet` has it whole."""
    return text if len(text) <= most else text[: most + 1].rsplit(None, 1)[0]


def _url(start: int, short: str, expanded: str, displayed: str) -> dict[str, object]:
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": expanded,
        "display_url": displayed,
    }


def _entity(found: re.Match[str], name: str) -> dict[str, object]:
    return {"start": found.start(), "end": found.end(), name: found[1]}


def _within(found: re.Match[str], links: list[tuple[int, int]]) -> bool:
    return any(start <= found.start() < end for start, end in links)


def _with_scheme(link: str) -> str:
    return link if link.lower().startswith("http") else f"http://{link}"


def _displayed(link: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?", "", link, flags=re.IGNORECASE)
    return bare if len(bare) <= 27 else f"{bare[:26]}…"


def _is_light(point: int) -> bool:
    return any(first <= point <= last for first, last in _LIGHT)
