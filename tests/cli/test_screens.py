"""`carecli desk`, `demo` and `replay`: what stands before the screen, and that the screen comes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_archives import CSV
from tests.cli.test_process import carecli_process
from tests.terminal.session import Session


def opened(*words: str, **environment: str) -> Session:
    return Session([sys.executable, "-m", "carecli", *words], rows=30, columns=110, env=environment)


def test_the_demo_opens_without_any_question_and_other_commands_reach_it(tmp_path: Path) -> None:
    demo = str(tmp_path / "demo")
    with opened("demo", "--folder", demo, HOME=str(tmp_path)) as screen:
        screen.wait_for("QUEUE")
        screen.wait_for("@NorthwindCare")
        shift = carecli_process("--config", f"{demo}/config.toml", "shift", "status", "--json")
        assert '"account":"care"' in shift.stdout
        screen.press("q")
        assert screen.wait_exit() == 0
    with opened("demo", "--resume", "--folder", demo, HOME=str(tmp_path)) as screen:
        screen.wait_for("QUEUE")
        screen.press("q")
        assert screen.wait_exit() == 0


def test_a_second_demo_beside_the_first_has_a_place_of_its_own(tmp_path: Path) -> None:
    demo = str(tmp_path / "demo")
    with opened("demo", "--folder", demo) as first, opened("demo", "--folder", demo) as second:
        for screen in (first, second):
            screen.wait_for("@NorthwindCare")
        assert sorted(path.name for path in tmp_path.glob("demo*")) == ["demo", "demo-2"]
        for screen in (first, second):
            screen.press("q")
            assert screen.wait_exit() == 0


def test_without_a_command_the_configured_desk_opens(folder: Path) -> None:
    with opened(CARECLI_CONFIG=str(folder / "config.toml")) as screen:
        screen.wait_for("@andy")
        screen.press("q")
        assert screen.wait_exit() == 0


def test_a_replay_opens_with_the_recorded_brands(tmp_path: Path) -> None:
    (tmp_path / "care.csv").write_text(CSV, "utf-8")
    with opened("replay", str(tmp_path / "care.csv"), "--folder", str(tmp_path / "replay")) as screen:
        screen.wait_for("QUEUE")
        screen.press("q")
        assert screen.wait_exit() == 0
    assert b"Messages: 2, brands: 1, rows that cannot be read: 1." in screen.raw
    # It goes on where it was left, and not where it would be by now.
    with opened("replay", "--resume", "--speed", "3", "--folder", str(tmp_path / "replay")) as screen:
        screen.wait_for("22:0")
        screen.press("q")
        assert screen.wait_exit() == 0
    assert "speed = 3.0" in (tmp_path / "replay" / "config.toml").read_text("utf-8")


@pytest.mark.parametrize("words", [(), ("x.csv", "--resume"), ("--resume", "--brand", "Acme")])
def test_a_replay_begins_with_a_file_or_goes_on_without_one(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = run("replay", *words, "--folder", str(tmp_path / "none"), config=None)
    assert answer.code == 2
    assert "--resume" in answer.err


@pytest.mark.parametrize("words", [("demo",), ("demo", "--resume"), ("replay", "care.csv")])
def test_a_real_desk_is_never_overwritten(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    config = (folder / "config.toml").read_text("utf-8").split("[simulation]")[0]
    (folder / "config.toml").write_text(config, "utf-8")
    before = (folder / "desk.db").read_bytes()
    answer = run(*words, "--folder", str(folder), config=None)
    assert answer.code == 2
    assert answer.err == f"{folder} holds a real desk. Name another place with --folder.\n"
    assert (folder / "desk.db").read_bytes() == before
    assert (folder / "config.toml").read_text("utf-8") == config


def test_a_desk_whose_configuration_lies_elsewhere_is_not_overwritten_either(run: Run, folder: Path) -> None:
    (folder / "config.toml").unlink()
    assert "holds a real desk" in run("demo", "--folder", str(folder), config=None).err


def test_there_must_be_a_demo_to_go_on_with(run: Run, tmp_path: Path) -> None:
    for command in ("demo", "replay"):
        assert run(command, "--resume", "--folder", str(tmp_path / "none"), config=None).code == 6


def test_an_archive_that_is_not_there_is_told_before_anything_is_made(run: Run, tmp_path: Path) -> None:
    answer = run("replay", "none.csv", "--folder", str(tmp_path / "replay"), config=None)
    assert answer.code in (2, 6)
    assert "none.csv" in answer.err
    assert not (tmp_path / "replay").exists()


@pytest.mark.parametrize("speed", ["0", "-1", "fast"])
def test_a_speed_is_a_number_above_zero(run: Run, speed: str) -> None:
    assert run("demo", "--speed", speed, config=None).code == 2


def test_the_desk_needs_a_configuration(run: Run) -> None:
    answer = run("desk", config=None)
    assert answer.code == 6
    assert "carecli init" in answer.err


@pytest.mark.parametrize("words", [(), ("desk",), ("demo",), ("replay", "care.csv")])
def test_without_a_terminal_the_desk_says_so_and_draws_nothing(
    tmp_path: Path, folder: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "care.csv").write_text(CSV, "utf-8")
    place = tmp_path / "place"
    words = tuple(str(tmp_path / word) if word == "care.csv" else word for word in words)
    words = (*words, "--folder", str(place)) if words[:1] in (("demo",), ("replay",)) else words
    done = carecli_process(*words, CARECLI_CONFIG=str(folder / "config.toml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "The desk needs a terminal. In a script or a pipe use the other commands: `carecli --help`.\n"
    assert not place.exists()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_be_drawn_on_is_told_so(tmp_path: Path, term: str) -> None:
    with opened("demo", "--folder", str(tmp_path / "demo"), TERM=term) as screen:
        assert screen.wait_exit() == 2
        said = " ".join(" ".join(screen.screen_text()).split())
        assert f"A terminal that calls itself '{term}' cannot show the desk. Set TERM to what it is" in said
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGHUP])
def test_a_desk_that_is_told_to_end_keeps_what_was_typed_and_gives_the_terminal_back(
    tmp_path: Path, asked: signal.Signals
) -> None:
    demo = str(tmp_path / "demo")
    with opened("demo", "--folder", demo) as screen:
        screen.wait_for("due in")
        screen.press("n")
        screen.wait_for("read by claire")
        screen.press("r")
        screen.wait_for("ctrl+s send")
        screen.type("We look into it")
        screen.wait_for("We look into it")
        os.kill(screen.pid, asked)
        assert screen.wait_exit() == 0
        assert "\n".join(screen.screen_text()).strip() == ""
    with opened("demo", "--resume", "--folder", demo) as screen:
        screen.wait_for("We look into it")
        screen.press("q")
        assert screen.wait_exit() == 0
