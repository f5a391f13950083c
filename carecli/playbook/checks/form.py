"""Checks of form: empty, too long, characters that act, somebody else's signature."""

from __future__ import annotations

import re

from carecli.model import Finding, Length
from carecli.playbook import signature
from carecli.playbook.checks.facts import DraftFacts, Found

# What drives a terminal or turns text around has no business in a reply; joiners and variation selectors do.
_ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def empty(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """There is nothing to send."""
    return None if text.strip() else Found("The reply is empty.", "Write something.")


def control_characters(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Control and direction characters came in by pasting."""
    found = _ACTING.search(text)
    if found is None:
        return None
    return Found("An invisible control character is in the text.", "Delete it here.", found.start(), found.end())


def over_length(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The reply with its signature is longer than the channel takes."""
    if not length.over:
        return None
    start = max(0, len(text) - length.over)
    return Found(f"{length.over} {length.unit} too long.", "Shorten it.", start, len(text))


def foreign_signature(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The text ends with a signature that is not the agent's (practice 7)."""
    outcome = signature.sign(text, facts.playbook.signature, facts.agent, facts.roster)
    if not isinstance(outcome, Finding) or outcome.check != "foreign-signature":
        return None
    return Found(outcome.sentence, outcome.remedy, outcome.start, outcome.end)
