"""Full-text search over what was written, folded so that accents, case and special letters do not matter.

Not for: searching people by handle (`conversations` does that).
"""

from __future__ import annotations

from collections.abc import Iterable

from carecli.playbook.folding import fold
from carecli.store.session import Session


def index_messages(session: Session, messages: Iterable[tuple[int, str]]) -> None:
    """Make messages findable: (message id, its text, folded)."""
    session.run_many("INSERT INTO message_search (rowid, folded) VALUES (?, ?)", messages)


def forget_message(session: Session, message_id: int, folded: str) -> None:
    """Make a message no longer findable. `folded` must be exactly what was indexed."""
    session.run(
        "INSERT INTO message_search (message_search, rowid, folded) VALUES ('delete', :id, :folded)",
        {"id": message_id, "folded": folded},
    )


def query_of(search: str) -> str:
    """A person's words as a query: each word must occur, the last one may be unfinished. Never raises for odd input."""
    words = ["".join(c for c in word if c.isalnum()) for word in fold(search).split()]
    quoted = [f'"{word}"' for word in words if word]
    if quoted and not search.endswith(" "):
        quoted[-1] += "*"
    return " ".join(quoted)
