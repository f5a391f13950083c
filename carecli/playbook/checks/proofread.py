"""Checks of spelling and English grammar (practice 24), by what a proofreader has said of the draft.

It reads in its own time (`carecli.proof`): until it has, and where there is none, nothing is found.
"""

from __future__ import annotations

from carecli.model import Length
from carecli.playbook.checks.facts import DraftFacts, Found, Proof, Slip

# A draft full of them says it with the first.
_MOST = 20


def spelling(facts: DraftFacts, text: str, length: Length) -> tuple[Found, ...]:
    """Words that no dictionary of the language has."""
    return tuple(
        Found(_sentence(text, slip), "Read it once more.", slip.start, slip.end)
        for slip in still_there(facts.proof, text)[:_MOST]
        if slip.check == "spelling"
    )


def grammar(facts: DraftFacts, text: str, length: Length) -> tuple[Found, ...]:
    """English grammar. What the confusables tell already is not told twice."""
    slips = [slip for slip in still_there(facts.proof, text)[:_MOST] if slip.check == "grammar"]
    if not slips:
        return ()
    told = [said for said in facts.wording(text).said if said.meaning.startswith("confusable ")]
    return tuple(
        Found(_sentence(text, slip), slip.reason, slip.start, slip.end)
        for slip in slips
        if not any(said.start < slip.end and slip.start < said.end for said in told)
    )


def still_there(proof: Proof, text: str) -> tuple[Slip, ...]:
    """The slips of a proof that stand in `text` untouched, at their places there: before or behind what was edited."""
    if text == proof.text or not proof.slips:
        return proof.slips
    before = _alike(proof.text, text)
    most = min(len(proof.text), len(text)) - before
    behind = len(proof.text) - min(most, _alike(proof.text[::-1], text[::-1]))
    moved = len(text) - len(proof.text)
    return tuple(
        slip
        if slip.end < before
        else Slip(slip.check, slip.start + moved, slip.end + moved, slip.suggestions, slip.reason)
        for slip in proof.slips
        if slip.end < before or slip.start > behind
    )


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _sentence(text: str, slip: Slip) -> str:
    written = " ".join(text[slip.start : slip.end].split())
    if not slip.suggestions:
        return f"“{written}” is in no dictionary."
    if not slip.suggestions[0].strip():
        return f"“{written}” is one too many."
    return f"“{written}”: {', '.join(one.strip() for one in slip.suggestions if one.strip())}?"
