"""A dictionary of the tests' own, and processes that stand in for the one that reads proofs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from carecli.playbook.checks import Proof

DICTIONARIES = Path(__file__).parent / "dictionaries"
POLISH = "Dzień dobry, pszepraszamy za kłopot z internetem"


def doubted(proof: Proof | None, check: str = "spelling") -> list[str]:
    """The words of a text that a check doubts."""
    assert proof is not None
    return [proof.text[slip.start : slip.end] for slip in proof.slips if slip.check == check]


def program(text: str) -> Callable[[], subprocess.Popen[bytes]]:
    """Starts a process that runs `text`, with tasks at its standard input."""

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", text]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    return start
