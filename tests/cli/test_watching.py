"""`carecli watch`, as a process of its own that another process feeds."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.cli.conftest import Run

SECONDS = 20


@contextmanager
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A running `watch` that has opened the desk."""
    words = [sys.executable, "-m", "carecli", "--config", str(folder / "config.toml"), "watch"]
    # A test run in the background has inherited that interrupts are ignored; a person's shell has not.
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hears)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_prints_what_happens_as_lines_of_json_until_it_is_interrupted(run: Run, folder: Path) -> None:
    with watching(folder) as process:
        assert process.stdout is not None
        number = 0
        # Until it watches, what happens is not new to it: leave notes until it tells of one.
        while not select.select([process.stdout], [], [], 0.2)[0]:
            number += 1
            assert number < SECONDS / 0.2
            run("note", "1", f"note {number}")
        told = json.loads(process.stdout.readline())
        assert (told["version"], told["kind"]) == (1, "happening")
        assert (told["data"]["kind"], told["data"]["conversation_id"], told["data"]["agent"]) == ("noted", 1, "claire")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS)
        assert (process.returncode, errors.strip()) == (130, "")


def test_it_ends_quietly_when_nobody_reads_any_more(folder: Path) -> None:
    with watching(folder) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=SECONDS) == 0
        assert process.stderr.read() == ""
