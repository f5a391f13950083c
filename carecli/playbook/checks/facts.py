"""What a check may know of a draft besides its text, and what it answers."""

from __future__ import annotations

from typing import Literal

from carecli.model import Agent, Level, Playbook, Record, Visibility
from carecli.playbook.wording import Wording, read_wording


class Slip(Record, frozen=True):
    """What a proofreader takes for a mistake, and where. reason: of grammar, a sentence.

    suggestions: what to write there instead, the likeliest first; an empty one takes it out.
    """

    check: Literal["spelling", "grammar"]
    start: int
    end: int
    suggestions: tuple[str, ...] = ()
    reason: str = ""


class Proof(Record, frozen=True):
    """What a proofreader found in one text. It says nothing of any other."""

    text: str = ""
    slips: tuple[Slip, ...] = ()


class DraftFacts(Record, frozen=True):
    """The circumstances of one reply. interactions: messages exchanged so far, in both directions.

    language: the conversation's, as a network tags it. asked: what the customer wrote since our last reply.
    complaint: they complain. open_questions: those of their questions that nobody has ticked off. declined: the ids
    of the offers that they said no to. own_replies: the agent's last ones, newest first, unsigned. templates: the
    desk's ready texts. link_price: what a link in a public post costs, in words; "" where it costs nothing.
    proof: what a proofreader said last, if there is one.
    """

    visibility: Visibility
    agent: Agent
    roster: tuple[Agent, ...]
    playbook: Playbook
    greeted: bool = True
    customer_name: str = ""
    first_reply: bool = False
    interactions: int = 0
    language: str = ""
    asked: str = ""
    complaint: bool = False
    open_questions: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    own_replies: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    link_price: str = ""
    proof: Proof = Proof()

    def wording(self, text: str) -> Wording:
        """What a draft says, by the phrases of its language and of the brand."""
        return read_wording(text, self.language, self.playbook.vocabulary)


class Found(Record, frozen=True):
    """What a check found: a sentence, a remedy, and where in the draft. at_least raises its level for this once."""

    sentence: str
    remedy: str = ""
    start: int = 0
    end: int = 0
    at_least: Level = "off"
