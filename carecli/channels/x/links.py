"""The links in a text as X finds them: with a scheme or without, in any script, by the list of top-level domains.

X's published rules (twitter-text 3, config v3, whose conformance files the tests go through) in one pass, without the
patterns that backtrack. Not for: what else a post weighs (`length`), or opening a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from carecli.channels.x.domains import (
    LATIN,
    MAY_FOLLOW,
    REST_OF_RUN,
    RUN,
    Span,
    domains_of,
    is_short_enough,
    latin_parts,
)
from carecli.model import Link

URL_WEIGHT = 23

# Of a link, its scheme apart; and of the code in X's own short links.
_LONGEST = 4096 - len("https://")
_LONGEST_CODE = 40

_PATH_END = rf"a-zA-Z\u0400-\u04FF0-9=_#/+\-{LATIN}"
_PATH_WITHIN = r"!*';:,.$%\[\]\u2013~@|&"
_PATH = f"[{_PATH_END}{_PATH_WITHIN}]"
# Brackets belong to a path in pairs, one pair within another at most.
_BRACKETS = rf"\((?:{_PATH}++\)|{_PATH}*+\({_PATH}++\){_PATH}*+\))"
_QUERY = r"\?(?:[!?*'@():;+$%\[\].,~|]*+[a-zA-Z0-9\-_&=#/]++)++"
_AFTER_DOMAIN = re.compile(rf"(?::[0-9]++)?(/(?:[{_PATH_WITHIN}]*+(?:[{_PATH_END}]++|{_BRACKETS}))*+)?(?:{_QUERY})?")
_SCHEME = re.compile(r"https?://\Z", re.IGNORECASE)
_SHORTENED = re.compile(rf"https?://t\.co/([a-z0-9]++)(?:{_QUERY})?", re.IGNORECASE)
_NO_BARE_LINK_AFTER = frozenset("-_./")


def links_in(text: str) -> tuple[Link, ...]:
    """The links in `text`, in their order. A post with any costs the price of a link.

    A link without a scheme ("example.com/help") is one where its domain is in Latin letters. Of "example.com:80" and
    "example.com?q" only the domain counts, since there is no path.
    """
    return tuple(Link(start, end, text[start:end], URL_WEIGHT) for start, end in spans_of_links(text))


def spans_of_links(text: str) -> list[Span]:
    """Where the links of `text` begin and end.

    What follows a domain once found is behind us with it, be it a link or not: there is none in a path of another.
    """
    links: list[Span] = []
    at = behind = 0
    while (found := (REST_OF_RUN.match(text, at) if at else None) or RUN.search(text, at)) is not None:
        run = start, at = found.span()
        scheme = _scheme_before(text, start, behind)
        for domain in domains_of(text, run, behind + 1 if behind else 0, whole=scheme < start):
            begin, end = domain
            after = _AFTER_DOMAIN.match(text, end)
            assert after is not None
            behind = after.end()
            if behind - begin > _LONGEST:
                pass
            elif scheme < begin == start:
                links += _with_scheme(text, domain, scheme, behind)
            elif not begin or text[begin - 1] not in _NO_BARE_LINK_AFTER:
                links += _without_scheme(text, domain, behind if after[1] else 0)
            if behind > end:
                at = behind
                break
    return links


def _scheme_before(text: str, start: int, behind: int) -> int:
    """Where the scheme of a link begins whose domain begins at `start`; `start` itself where there is none."""
    if start < len("http://") or not text.startswith("://", start - 3):
        return start
    found = _SCHEME.search(text, max(behind + 1 if behind else 0, start - len("https://")), start)
    return found.start() if found and MAY_FOLLOW.match(text, found.start()) else start


def _with_scheme(text: str, domain: Span, start: int, end: int) -> Sequence[Span]:
    """X's own short links end with their code, and are none where that is too long."""
    name = text[slice(*domain)]
    if not is_short_enough(name) or (name.startswith("xn--") and not latin_parts(text, domain)):
        return ()
    shortened = _SHORTENED.match(text, start, end)
    if shortened is None:
        return ((start, end),)
    return ((start, shortened.end()),) if len(shortened[1]) <= _LONGEST_CODE else ()


def _without_scheme(text: str, domain: Span, path_end: int) -> Sequence[Span]:
    """The last of the domains in Latin letters has the path, which ends at `path_end`; 0 where there is none."""
    parts = latin_parts(text, domain)
    if not parts or not is_short_enough(text[slice(*domain)]):
        return ()
    *others, (start, end) = parts
    return (*others, (start, path_end or end))
