"""The proofreader as the desk asks it: a text, an answer within a time, the rest in a process of its own.

The process is started with the first text, and anew if it ends or hangs. Asking blocks: never on the event loop.
Not for: when a draft is read, or what is allowed in it (`desk.proofreading`).
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carecli.playbook.checks.facts import Proof
from carecli.proof.dictionaries import find
from carecli.proof.messages import Answer, Task, decode_answer, encode
from carecli.proof.standing import is_english, is_installed

if TYPE_CHECKING:
    import subprocess

# A suggestion may take two seconds, a first text as long: what takes much longer hangs.
_HANGS_SECONDS = 20.0
_MOST_FAILURES = 3
# Of the time that one has, how much may go into looking for suggestions.
_SUGGESTING = 0.4


class Proofreader:
    """Reads proofs. Threads may ask at once: they are answered one after the other, the older ones not at all.

    folders: where dictionaries may lie. start: begins the process, for a test to begin another.
    """

    def __init__(self, folders: Sequence[Path], start: Callable[[], subprocess.Popen[bytes]] | None = None) -> None:
        self.folders = tuple(folders)
        self._start = start or start_reader
        self._find = cache(lambda language: find(language, self.folders))
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._asked = 0
        self._closed = False
        self._running: _Running | None = None
        self._failures = 0

    def read(
        self, text: str, language: str, allowed: frozenset[str], *, seconds: float, yields: bool = True
    ) -> Proof | None:
        """The proof of a text, or None where there is none within `seconds`: off, too slow, or asked for another since.

        language: a network's tag. allowed: words that are right, folded. yields: to any text asked for later.
        """
        deadline = time.monotonic() + seconds
        with self._counting:
            self._asked += 1
            number = self._asked
        dictionary = self._dictionary(language)
        if dictionary is None or not is_installed():
            return None
        if not self._turn.acquire(timeout=seconds):
            return None
        try:
            if self._closed or (yields and number != self._asked):
                return None
            task = Task(number, text, language, dictionary, allowed, seconds * _SUGGESTING)
            answer = self._answer(task, deadline)
        finally:
            self._turn.release()
        return None if answer is None or answer.problem else Proof(text, answer.slips)

    def _dictionary(self, language: str) -> str | None:
        """The dictionary's path, "" where none is needed; None where none is there."""
        if is_english(language):
            return ""
        found = self._find(language)
        return None if found is None else str(found)

    def _answer(self, task: Task, deadline: float) -> Answer | None:
        running = self._ready(deadline)
        if running is None:
            return None
        try:
            running.ask(task)
        except OSError:
            self._drop(running)
            return None
        return self._received(running, deadline)

    def _ready(self, deadline: float) -> _Running | None:
        """The process when it has answered all before; None where it is not free in time, or fails again and again."""
        running = self._running
        if running is not None and running.is_busy:
            hangs_at = running.asked_at + _HANGS_SECONDS
            late = self._received(running, min(deadline, hangs_at)) is None and self._running is running
            if late and time.monotonic() >= hangs_at:
                self._drop(running)
        if self._running is None and self._failures < _MOST_FAILURES:
            try:
                self._running = _Running(self._start())
            except OSError:
                self._failures = _MOST_FAILURES
        running = self._running
        return None if running is None or running.is_busy else running

    def _received(self, running: _Running, deadline: float) -> Answer | None:
        """The answer to what was asked last, if it comes in time."""
        try:
            answer = running.answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if answer is None:
            self._drop(running)
            return None
        running.is_busy = False
        self._failures = 0
        return answer

    def _drop(self, running: _Running) -> None:
        running.end()
        self._running = None
        self._failures += 1

    def close(self) -> None:
        """End the process. Who waits for an answer gets none."""
        self._closed = True
        running = self._running
        if running is not None:
            running.end()


class _Running:
    """A process that reads proofs; `answers` gets None when it has ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self.is_busy = False
        self.asked_at = 0.0
        threading.Thread(target=self._listen, name="proofs", daemon=True).start()

    def ask(self, task: Task) -> None:
        """Hand a task over. Raises OSError where the process has ended."""
        assert self._process.stdin is not None
        self.is_busy, self.asked_at = True, time.monotonic()
        self._process.stdin.write(encode(task) + b"\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Stop it at once: it keeps nothing."""
        self._process.kill()
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines, suppress(ValueError):
            for line in lines:
                self.answers.put(decode_answer(line))
        self.answers.put(None)


def start_reader() -> subprocess.Popen[bytes]:
    """Start the process, deaf to the keys of this terminal. Raises OSError."""
    import subprocess

    return subprocess.Popen(
        [sys.executable, "-P", "-m", "carecli.proof.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
