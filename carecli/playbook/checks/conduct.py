"""Checks of conduct: the team has greeted, the customer is called by name, the talk does not go on for ever."""

from __future__ import annotations

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found
from carecli.playbook.names import addresses, first_name


def greeting_missing(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A public reply before the shift's greeting is out (practice 3)."""
    if facts.greeted or facts.visibility == "private":
        return None
    return Found("The shift has not said good morning yet.", "Post the greeting first.")


def name_missing(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A first reply that does not address the customer by name (practice 21)."""
    name = first_name(facts.customer_name) if facts.first_reply else ""
    if not name or not text.strip() or addresses(text, name):
        return None
    return Found(f"{name} is not addressed by name.", f"Begin with “Hi {name}”.")


def interactions(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Many messages went to and fro (practice 44): at the second threshold it becomes a warning."""
    reached = [number for number, limit in enumerate(facts.playbook.interactions) if facts.interactions >= limit]
    if not reached:
        return None
    sentence = f"{facts.interactions} messages have gone to and fro."
    if reached[-1] == 0:
        return Found(sentence, "Would a call be quicker?")
    if reached[-1] == 1:
        return Found(sentence, "Ask a lead to look.", at_least="warn")
    return Found(sentence, "Decide: a call, a private message, or a lead.", at_least="warn")
