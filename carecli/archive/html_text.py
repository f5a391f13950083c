"""The HTML of a post as the plain text that its author typed.

Paragraphs and line breaks, links as addresses, mentions and hashtags as they read.
Not for: showing (`carecli.safetext`), or documents.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PARAGRAPHS = frozenset({"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
# What browsers show as one space. A no-break space was typed, and stays.
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = frozenset({"script", "style", "template", "title"})

# No network allows more; parsing costs more than twice for twice the text.
LONGEST = 50_000

# Comments and declarations say nothing to readers; a tag that does not end before the next begins is no tag. Without
# both, html.parser reads each character once; with them it can look through the rest of the text at every one.
_UNSAID = re.compile(r"<[!?][^<>]*>")
_NO_TAG = re.compile(r"<(?![/a-zA-Z][^<>]*>)")


def plain_text(html: str) -> str:
    """Return the text of `html`, at most `LONGEST` characters of which are looked at. Never raises."""
    parser = _Text()
    try:
        parser.feed(_NO_TAG.sub("&lt;", _UNSAID.sub("", html[:LONGEST])))
        parser.close()
    except (AssertionError, ValueError):
        # What a broken declaration ("<![") or a numeric reference out of range makes of some Python versions.
        parser.add(" …")
    return parser.text()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen = 0
        self._verbatim = 0
        # Of the link that is open: its address, whether its text stands for itself, and where its text begins.
        self._link: tuple[str, bool, int] | None = None

    def text(self) -> str:
        self._close_link()
        lines = (line.strip(" ") for line in "".join(self._pieces).split("\n"))
        paragraphs: list[str] = []
        for line in lines:
            if line or (paragraphs and paragraphs[-1]):
                paragraphs.append(line)
        return "\n".join(paragraphs).strip("\n")

    def add(self, text: str) -> None:
        self._pieces.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self.add("\n")
        elif tag in _PARAGRAPHS:
            self.add("\n\n")
            self._verbatim += tag == "pre"
        elif tag == "li":
            self.add("\n- ")
        elif tag == "a":
            self._close_link()
            given = dict(attrs)
            classes = (given.get("class") or "").split()
            stands_for_itself = "mention" in classes or "hashtag" in classes
            self._link = (given.get("href") or "", stands_for_itself, len(self._pieces))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _PARAGRAPHS:
            self.add("\n\n")
            self._verbatim = max(0, self._verbatim - (tag == "pre"))
        elif tag == "a":
            self._close_link()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.add(data if self._verbatim else _BLANKS.sub(" ", data))

    def _close_link(self) -> None:
        """Put the address where the text only shortens it; add it where the text says something else."""
        if self._link is None:
            return
        address, stands_for_itself, begin = self._link
        self._link = None
        text = "".join(self._pieces[begin:])
        shown = text.strip()
        if stands_for_itself or shown.startswith(("@", "#")) or not address.startswith(("http://", "https://")):
            return
        shortened = shown.removesuffix("…").rstrip("/")
        self._pieces[begin:] = [address if not shown or shortened in address else f"{text} ({address})"]
