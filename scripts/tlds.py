"""Renew carecli/channels/x/tlds.txt from IANA's list of the root zone, read from standard input.

    curl https://data.iana.org/TLD/tlds-alpha-by-domain.txt | python -m scripts.tlds

A name is never dropped: what left the root zone moves to the second list, for X goes on taking it for a link.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime

from carecli.channels.x.domains import TLDS, top_level_domains

# No name of the root zone, and reserved for addresses all the same (RFC 7686).
_RESERVED = {"onion"}


def main() -> int:
    """Write the file, and say what is new and what has gone."""
    root = {_readable(line) for line in sys.stdin.read().split("\n") if line and not line.startswith("#")} | _RESERVED
    if len(root) < 1000:
        print("This is not the list of the root zone.", file=sys.stderr)
        return 1
    known = top_level_domains()
    TLDS.write_text(page(root, known - root, f"{datetime.now(UTC):%Y-%m-%d}"), "utf-8")
    print(f"new: {_listed(root - known)}\nno longer in the root zone: {_listed(known - root)}")
    return 0


def page(root: Iterable[str], withdrawn: Iterable[str], day: str) -> str:
    """The text of the file."""
    return (
        "# Top-level domains as people read them. Written by `python -m scripts.tlds`.\n\n"
        f"# In the root zone on {day}, and onion.\n{_filled(root)}\n\n"
        "# Withdrawn from the root zone, and still a link to X, whose published rules are of 2021.\n"
        f"{_filled(withdrawn)}\n"
    )


def _readable(name: str) -> str:
    """`name` in its own script: "XN--P1AI" is "рф"."""
    name = name.strip().lower()
    return name[4:].encode().decode("punycode") if name.startswith("xn--") else name


def _listed(names: Iterable[str]) -> str:
    return " ".join(sorted(names)) or "none"


def _filled(names: Iterable[str]) -> str:
    return textwrap.fill(" ".join(sorted(names)), 118, break_on_hyphens=False, break_long_words=False)


if __name__ == "__main__":
    sys.exit(main())
