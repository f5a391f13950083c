"""The process that reads proofs: tasks come in at standard input, answers go out, a line each, until the input ends.

The libraries hold Python up for as long as a second, and take as much memory as the desk: they are kept out of it.
Started by `proofreader`; not for people.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from carecli.playbook.checks.facts import Slip
from carecli.proof.messages import Answer, Task, decode_task, encode

if TYPE_CHECKING:
    from carecli.proof.english import English
    from carecli.proof.spelling import Speller

_POLITE = 10


def main() -> None:
    """Answer until nobody asks any more. The desk goes first where both want the processor."""
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer, slips_of)


def serve(tasks: BinaryIO, answers: BinaryIO, read: Callable[[Task], list[Slip]]) -> None:
    """Answer the tasks one after the other."""
    for line in tasks:
        task = decode_task(line)
        try:
            answer = Answer(task.number, tuple(read(task)))
        except Exception as error:
            # A dictionary that cannot be read, a library that trips: the desk does without, and says so.
            answer = Answer(task.number, problem=f"{type(error).__name__}: {error}")
        answers.write(encode(answer) + b"\n")
        answers.flush()


def slips_of(task: Task) -> list[Slip]:
    """Read one text."""
    if not task.dictionary:
        return _english().slips(task.text, task.allowed)
    return _speller(task.dictionary, task.language).slips(task.text, task.allowed, task.seconds)


@cache
def _english() -> English:
    from carecli.proof.english import English

    return English()


@cache
def _speller(dictionary: str, language: str) -> Speller:
    from carecli.proof.spelling import Speller

    return Speller(Path(dictionary), language)


if __name__ == "__main__":
    main()
