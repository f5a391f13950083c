"""What a check may know of a draft besides its text, and what it answers."""

from __future__ import annotations

from carecli.model import Agent, Level, Playbook, Record, Visibility


class DraftFacts(Record, frozen=True):
    """The circumstances of one reply. interactions: messages exchanged so far, in both directions."""

    visibility: Visibility
    agent: Agent
    roster: tuple[Agent, ...]
    playbook: Playbook
    greeted: bool = True
    customer_name: str = ""
    first_reply: bool = False
    interactions: int = 0


class Found(Record, frozen=True):
    """What a check found: a sentence, a remedy, and where in the draft. at_least raises its level for this once."""

    sentence: str
    remedy: str = ""
    start: int = 0
    end: int = 0
    at_least: Level = "off"
