"""The labels that a careful reader gave the drawn replies: what the checks should find in them.

README.md beside this module says when each label holds. One with a question mark is a case on which careful readers
differ: it counts neither for a check nor against it.
Not for: which replies are drawn (`sample`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from carecli.model import Record

LABELS = Path(__file__).parent / "replies.tsv"

DEFLECTIONS = frozenset(f"deflection-{kind}" for kind in ("call", "write", "chat", "portal", "form", "other-team"))

# What a check finds, by the check's id.
FAULTS = DEFLECTIONS | frozenset(
    (
        "asks-personal-data",
        "brick",
        "confusables",
        "cut-off",
        "empty-phrase",
        "hedge",
        "identity-first",
        "no-empathy",
        "personal-data",
        "punctuation",
        "shouting",
        "spelling",
        "unanswered-question",
        "wall-of-text",
    )
)

# What is so, and no fault. complaint: the post that is answered is one; all others are of the reply.
FACTS = frozenset(("complaint", "link", "names-customer", "private-invitation"))

SIGNATURES = frozenset(
    f"signed:{kind}" for kind in ("caret", "star", "dash", "slash", "tilde", "equals", "bare-name", "bare-initials")
)

LANGUAGES = frozenset(f"language:{tag}" for tag in ("de", "es", "nl", "pt"))


class Labels(Record, frozen=True):
    """What one reply was labelled with. doubtful: where careful readers differ."""

    held: frozenset[str]
    doubtful: frozenset[str] = frozenset()

    def has(self, label: str) -> bool | None:
        """Whether `label` holds; None where it is doubtful. "deflection" and "signed" stand for all their kinds."""
        if _is_among(label, self.held):
            return True
        return None if _is_among(label, self.doubtful) else False

    @property
    def language(self) -> str:
        """The language of the reply, "en" unless labelled otherwise."""
        return next((label.removeprefix("language:") for label in self.held if label.startswith("language:")), "en")


@cache
def labelled() -> Mapping[str, Labels]:
    """Return the labels of every drawn reply by its id."""
    head, *lines = LABELS.read_text("utf-8").splitlines()
    assert head == "id\tlabels"
    cells = [line.split("\t") for line in lines]
    return {reply_id: _labels(labels.split()) for reply_id, labels in cells}


def _labels(written: list[str]) -> Labels:
    return Labels(
        frozenset(label for label in written if not label.startswith("?")),
        frozenset(label.removeprefix("?") for label in written if label.startswith("?")),
    )


def _is_among(label: str, labels: frozenset[str]) -> bool:
    kinds = {"deflection": "deflection-", "signed": "signed:"}.get(label)
    return label in labels if kinds is None else any(found.startswith(kinds) for found in labels)
