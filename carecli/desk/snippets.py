"""Snippets at the desk: the ready sentences that fit a conversation, filled in for its customer.

Pure over what `composing` has read, so that a screen may ask at each key press. Not for: sending one, which goes the
way of any reply, or what fits and what a search finds (`playbook.snippets`).
"""

from __future__ import annotations

from collections.abc import Mapping

from carecli.desk.composing import Composing
from carecli.errors import Misuse, NotFound
from carecli.model import Snippet
from carecli.playbook.gaps import gaps_in
from carecli.playbook.names import first_name
from carecli.playbook.remedies import Mended
from carecli.playbook.snippets import PLACEHOLDERS, filled


def named(composing: Composing, name: str) -> Snippet:
    """The snippet that has this name in the conversation. Raises `NotFound`."""
    for snippet in composing.snippets:
        if snippet.name.casefold() == name.casefold():
            return snippet
    there = ", ".join(snippet.name for snippet in composing.snippets)
    remedy = f"There are {there}." if there else "Add one under [[snippets]] in the configuration."
    raise NotFound(f"There is no snippet {name!r} for this conversation.", remedy)


def written(composing: Composing, snippet: Snippet, fills: Mapping[str, str] | None = None) -> Mended:
    """A snippet as a draft for the conversation; start and end are the first gap that is left to its agent.

    fills: what an agent says for some gaps, by their names; it goes before what the desk knows. Raises `Misuse` for a
    gap that is not there.
    """
    fills = fills or {}
    for name in fills:
        if name not in gaps_in(snippet.text):
            there = ", ".join(gaps_in(snippet.text)) or "none"
            raise Misuse(f"The snippet {snippet.name!r} has no gap {name!r}.", f"Its gaps: {there}.")
    return filled(snippet, {**_values(composing), **fills})


def _values(composing: Composing) -> dict[str, str]:
    """What the desk knows to fill in; "" for what it does not."""
    values = (
        first_name(composing.customer.display_name),
        composing.agent.first_name,
        composing.facts.playbook.team or composing.brand,
        composing.channel.private_invitation(composing.handle),
    )
    return dict(zip(PLACEHOLDERS, values, strict=True))
