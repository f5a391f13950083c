"""Checks of privacy: personal data that stands in public or is asked for there, and identity checks before any help."""

from __future__ import annotations

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found
from carecli.playbook.personal import Kind, Personal, find
from carecli.playbook.wording import Wording

_ELSEWHERE = frozenset(("write", "portal", "form"))
_NO_HELP = frozenset(("asking", "private", "feeling", "identity", "personal_data", "hedge", "empty_phrase"))
_NAMES: dict[Kind, str] = {
    "card": "A card number",
    "iban": "A bank account's number",
    "email": "An e-mail address",
    "phone": "A telephone number",
    "national": "A national number",
}
_GIVEN_OUT = ("call", "write", "chat")
_MOVE = "Invite them to a private message; the brand's own goes into own_contacts."


def personal_data(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Personal data would stand in public (practice 35). The brand's own contacts are none."""
    if facts.visibility == "private":
        return None
    found = find(text, facts.playbook.own_contacts)
    first = next((one for one in found if not _is_given_out(one, facts.wording(text))), None) if found else None
    if first is None:
        return None
    # The sentence goes into logs, too: it names the kind and not the number.
    return Found(f"{_NAMES[first.kind]} would stand in public.", _MOVE, first.start, first.end)


def _is_given_out(one: Personal, wording: Wording) -> bool:
    """Whether the customer is told to call or to write there: then it is the brand's, and another check's matter."""
    if one.kind not in ("phone", "email"):
        return False
    told = [said for said in wording.said if said.meaning in _GIVEN_OUT]
    here = {said.sentence for said in told if said.start < one.end and said.end > one.start}
    return any(said.sentence in here and not one.start <= said.start < said.end <= one.end for said in told)


def asks_personal_data(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Personal data is asked for in public (practice 35)."""
    if facts.visibility == "private":
        return None
    wording = facts.wording(text)
    private = {one.sentence for one in wording.said if one.meaning == "private"}
    asking = {one.sentence for one in wording.said if one.meaning == "asking"}
    # "Fill in your name at …" is not answered in public.
    elsewhere = {one.sentence for one in wording.said if one.meaning in _ELSEWHERE}
    for one in wording.said:
        # "Could you tell us your number? DM please." asks in private.
        if one.meaning != "personal_data" or one.sentence not in asking - elsewhere:
            continue
        if private.isdisjoint(_around(one.sentence)):
            quoted = text[one.start : one.end]
            return Found(f"“{quoted}” is asked for in public.", "Invite them to a private message.", one.start, one.end)
    return None


def identity_first(facts: DraftFacts, text: str, length: Length) -> Found | None:
    """Who they are is to be proven before the first useful answer (practice 37)."""
    wording = facts.wording(text)
    said = wording.first("identity")
    if said is None or _helps_before(wording, said.sentence):
        return None
    return Found("It asks who they are before it helps.", "Answer what you can first.", said.start, said.end)


def _around(sentence: int) -> range:
    return range(sentence - 1, sentence + 2)


def _helps_before(wording: Wording, sentence: int) -> bool:
    # One sentence greets, and what asks, invites or apologises is no answer; any other says something.
    no_help = {one.sentence for one in wording.said if one.meaning in _NO_HELP}
    return len(set(range(sentence)) - no_help) > 1
