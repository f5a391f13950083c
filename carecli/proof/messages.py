"""What the desk and the process that reads proofs say to each other: one line of JSON each."""

from __future__ import annotations

import msgspec

from carecli.model import Record
from carecli.playbook.checks.facts import Slip


class Task(Record, frozen=True):
    """A text to read. dictionary: path of the dictionary without a suffix, "" for English, which needs none.

    allowed: words that are right, folded. seconds: after so many, words are no longer looked up for suggestions.
    """

    number: int
    text: str
    language: str
    dictionary: str
    allowed: frozenset[str]
    seconds: float


class Answer(Record, frozen=True):
    """The slips of the task of that number, in their order; problem: why it was not read."""

    number: int
    slips: tuple[Slip, ...] = ()
    problem: str = ""


encode = msgspec.json.Encoder().encode
decode_task = msgspec.json.Decoder(Task).decode
decode_answer = msgspec.json.Decoder(Answer).decode
