"""Checks of form: something to say, short enough, nothing hidden in it, and rightly signed."""

from __future__ import annotations

import re
from functools import lru_cache

from carecli.model import Agent, Finding, Length
from carecli.playbook.checks.facts import DraftFacts, Found
from carecli.playbook.gaps import GAP
from carecli.playbook.signature import SignedText, sign

# What drives a terminal, turns text around or hides in it has no business in a reply. Joiners, variation selectors and
# the marks of right-to-left scripts do: people type them.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
    r"|[\ud800-\udfff]"
)


def empty(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """There is nothing to send, a signature apart."""
    return _why_not_signed(facts, text, "empty")


def control_characters(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Control, direction and invisible characters came in by pasting."""
    found = _HIDDEN.search(text)
    if found is None:
        return None
    return Found("An invisible character is in the text.", "Take it out, or paste as plain text.", *found.span())


def unfilled(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A gap of a snippet, or of a sentence that mends a draft, still stands there (practice 25)."""
    found = GAP.search(text)
    if found is None:
        return None
    return Found(f"{found[0]} is still to be filled in.", "Write over it, or take it out.", *found.span())


def over_length(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The reply with its signature is longer than the channel takes (practice 27)."""
    if not length.over:
        return None
    start = max(0, len(text) - length.over)
    return Found(f"{length.over} {length.unit} too long.", "Shorten it, or send it in parts.", start, len(text))


def foreign_signature(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The text ends with a signature that is not the agent's (practice 7)."""
    return _why_not_signed(facts, text, "foreign-signature")


def doubled_signature(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The agent's own signature stands in the middle of the text, and would be there twice (practice 7)."""
    return _why_not_signed(facts, text, "doubled-signature")


def unsigned(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The agent lacks the name that the signature asks for (practice 7)."""
    return _why_not_signed(facts, text, "unsigned")


def _why_not_signed(facts: DraftFacts, text: str, check: str) -> Found | None:
    outcome = _signed(text, facts.playbook.signature, facts.agent, facts.roster)
    if not isinstance(outcome, Finding) or outcome.check != check:
        return None
    return Found(outcome.sentence, outcome.remedy, outcome.start, outcome.end)


# Several checks ask the same of the same text, one after the other.
@lru_cache(maxsize=4)
def _signed(text: str, format: str, agent: Agent, roster: tuple[Agent, ...]) -> SignedText | Finding:
    return sign(text, format, agent, roster)
