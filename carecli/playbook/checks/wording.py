"""Checks of wording: answers that commit to nothing, ready-made words, customers sent elsewhere, offers repeated."""

from __future__ import annotations

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found
from carecli.playbook.wording import Said, wordings_for

_ELSEWHERE = {
    "call": "to the telephone",
    "write": "to write elsewhere",
    "chat": "to a chat",
    "portal": "to a page, an app or a desk",
    "form": "to a form",
    "other_team": "to somebody else",
}


def hedge(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """An answer on which the customer cannot rely (practice 23)."""
    said = facts.wording(text).first("hedge")
    if said is None:
        return None
    return _at(said, f"“{_quoted(text, said)}” commits to nothing.", "Say what is so, or when you will know.")


def empty_phrase(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Ready-made words that could go without loss (practice 31)."""
    said = facts.wording(text).first("empty_phrase")
    if said is None:
        return None
    return _at(said, f"“{_quoted(text, said)}” is a ready-made phrase.", "Say it in your own words, or leave it out.")


def deflection_call(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to the telephone (practice 28)."""
    return _deflection(facts, text, "call")


def deflection_write(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to write a letter or an e-mail (practice 28)."""
    return _deflection(facts, text, "write")


def deflection_chat(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to a chat (practice 28)."""
    return _deflection(facts, text, "chat")


def deflection_portal(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to a page, an app or a desk to do it themselves (practice 28)."""
    return _deflection(facts, text, "portal")


def deflection_form(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to a form (practice 28). In private the form itself may be sent (practice 34)."""
    return None if facts.visibility == "private" else _deflection(facts, text, "form")


def deflection_other_team(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """The customer is sent to another team or company (practices 28 and 38)."""
    return _deflection(facts, text, "other_team")


def declined_offer(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Something is offered again that the customer said no to (practice 32)."""
    if not facts.declined:
        return None
    said = facts.wording(text).first(*(f"offer {offer}" for offer in facts.declined))
    if said is None:
        return None
    wording = facts.wording(text)
    name = wordings_for(wording.language).offers[said.meaning.removeprefix("offer ")].name
    return _at(said, f"The customer has said no to {name}.", "Offer something else.")


def no_empathy(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """A complaint is answered without a word of apology or feeling (practice 29)."""
    if not text.strip() or facts.wording(text).says("feeling") or not _complains(facts):
        return None
    return Found("They complain, and nothing in it feels with them.", "Say that you are sorry, in your own words.")


def _complains(facts: DraftFacts) -> bool:
    return facts.complaint or facts.wording(facts.asked).says("trouble")


def _deflection(facts: DraftFacts, text: str, kind: str) -> Found | None:
    said = facts.wording(text).first(kind)
    if said is None:
        return None
    return _at(said, f"It sends the customer {_ELSEWHERE[kind]}.", "Pass it on yourself, and say when they will hear.")


def _at(said: Said, sentence: str, remedy: str) -> Found:
    return Found(sentence, remedy, said.start, said.end)


def _quoted(text: str, said: Said) -> str:
    return " ".join(text[said.start : said.end].split())
