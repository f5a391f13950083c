"""The command line as a process: what only a real one can show. Few, for each costs a tenth of a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import carecli


def carecli_process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `carecli` with these words to its end."""
    return subprocess.run(
        [sys.executable, "-m", "carecli", *words],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=60,
    )


def test_it_prints_and_ends_with_its_exit_code(folder: Path) -> None:
    done = carecli_process("queue", "--json", "--fail-if-due", "1h", CARECLI_CONFIG=str(folder / "config.toml"))
    assert done.returncode == 7
    assert json.loads(done.stdout)["kind"] == "queue"
    assert json.loads(done.stderr)["data"]["error"] == "Due"


def test_a_bad_word_is_one_sentence_and_no_trace() -> None:
    done = carecli_process("quueue")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no command 'quueue'. Did you mean `carecli queue`?\n"


def test_a_reader_that_has_gone_changes_neither_the_exit_code_nor_the_silence(folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "carecli", "queue", "--fail-if-due", "1h"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"CARECLI_CONFIG": str(folder / "config.toml")},
        timeout=60,
    )
    os.close(writer)
    assert done.returncode == 7
    assert done.stderr == "Waiting and due within that time: 3. Answer them: `carecli desk`.\n"


def test_letters_that_the_locale_lacks_are_replaced_instead_of_failing(folder: Path) -> None:
    done = carecli_process(
        "show", "3", CARECLI_CONFIG=str(folder / "config.toml"), PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.returncode == 0
    assert "Nie dzia?a internet!" in done.stdout


def test_an_argument_that_is_no_text_is_wrong_usage_and_no_fault(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "carecli", "note", "1", b"caf\xe9"],
        capture_output=True,
        text=True,
        env=os.environ | {"CARECLI_CONFIG": str(folder / "config.toml")},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("text is not UTF-8.")


NO_TEXT = b"/nowhere/\xff\x1b]0;owned\x07.csv"


@pytest.mark.parametrize(
    "words",
    [
        [b"import", NO_TEXT],
        [b"import", NO_TEXT, b"--json"],
        [b"replay", NO_TEXT],
        [b"--config", NO_TEXT, b"queue", b"--json"],
        [b"--config", NO_TEXT, b"config", b"check", b"--json"],
    ],
)
def test_the_name_of_a_file_may_be_anything_and_never_acts(folder: Path, words: list[bytes]) -> None:
    command = [os.fsencode(sys.executable), b"-m", b"carecli"]
    environment = os.environ | {"CARECLI_CONFIG": str(folder / "config.toml")}
    done = subprocess.run([*command, *words], capture_output=True, env=environment, timeout=60)
    assert done.returncode == 6
    assert b"]0;owned" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr


def test_the_entry_point_of_the_package_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from carecli.cli.main import main; main()", "--version"], capture_output=True, text=True
    )
    assert done.stdout == f"carecli {carecli.__version__}\n"


def test_a_standard_error_that_was_closed_at_the_start_is_no_fault(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m carecli queue 2>&-', sys.executable],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CARECLI_CONFIG": str(folder / "config.toml")},
        timeout=60,
    )
    assert done.returncode == 0
    assert "@andy" in done.stdout


def redirected(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run `carecli` with the words and redirections of `line`."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" -m carecli {line}', sys.executable],
        capture_output=True,
        text=True,
        env=os.environ | {"CARECLI_CONFIG": str(folder / "config.toml")},
        timeout=60,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["queue", "queue --json"])
def test_an_answer_that_cannot_be_written_is_a_failure_and_no_fault(folder: Path, words: str) -> None:
    done = redirected(folder, f"{words} >/dev/full")
    assert done.returncode == 5
    assert "Standard output takes nothing: No space left on device." in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_failure_that_nobody_can_be_told_keeps_its_exit_code(folder: Path) -> None:
    assert redirected(folder, "queue --account nobody 2>/dev/full").returncode == 6


def test_an_answer_that_nobody_wants_changes_no_exit_code(folder: Path) -> None:
    done = redirected(folder, "queue --fail-if-due 1h >&-")
    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr == "Waiting and due within that time: 3. Answer them: `carecli desk`.\n"


def test_a_standard_input_that_was_closed_at_the_start_is_wrong_usage(folder: Path) -> None:
    done = redirected(folder, "note 1 - <&-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Standard input is closed.")
