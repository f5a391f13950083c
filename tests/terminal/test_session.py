"""A session runs a program in a real pseudo-terminal, presses its keys and reads its screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.terminal.fixture import StartSession
from tests.terminal.keys import key_bytes
from tests.terminal.session import NotSeen, Session

SAMPLE = (sys.executable, "-m", "tests.terminal.sample_app")
SHOW_KEYS = """
import sys, termios, tty
tty.setraw(0)
print("ready", flush=True)
while (data := __import__("os").read(0, 64)) != b"q":
    print(data, end="\\r\\n", flush=True)
"""


def python(code: str) -> tuple[str, str, str]:
    return sys.executable, "-c", code


def test_what_is_typed_comes_back_from_cat(terminal: StartSession) -> None:
    session = terminal("cat")
    session.type("zażółć gęślą jaźń\n")
    rows = session.wait_until(lambda rows: rows.count("zażółć gęślą jaźń") == 2)
    assert rows[:2] == ["zażółć gęślą jaźń"] * 2


def test_the_program_runs_in_a_terminal_of_the_size_asked_for(terminal: StartSession) -> None:
    session = terminal(*python("import os; print(os.get_terminal_size(), os.isatty(0), os.ttyname(2))"), rows=17)
    session.wait_for("columns=120, lines=17) True /dev/")


def test_the_terminal_controls_the_program(terminal: StartSession) -> None:
    session = terminal(*python("open('/dev/tty', 'w').write('here')"))
    session.wait_for("here")


def test_the_size_is_known_before_the_program_starts_and_beats_the_environment(
    terminal: StartSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "33")
    session = terminal(*python("import shutil; print(shutil.get_terminal_size())"), columns=77)
    session.wait_for("columns=77")


def test_the_environment_is_that_of_a_true_colour_terminal_which_writes_bytecode(
    terminal: StartSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    names = "TERM", "COLORTERM", "PYTHONDONTWRITEBYTECODE", "NO_COLOR"
    session = terminal(*python(f"import os; print([os.environ.get(name) for name in {names}])"))
    session.wait_for("['xterm-256color', 'truecolor', None, None]")


def test_the_exit_code_is_the_programs_own(terminal: StartSession) -> None:
    assert terminal(*python("raise SystemExit(5)")).wait_exit() == 5


def test_a_program_that_cannot_be_executed_says_so(terminal: StartSession) -> None:
    session = terminal("/no/such/program")
    assert session.wait_exit() == 127
    assert session.screen_text()[0] == "/no/such/program: No such file or directory"


def test_what_was_written_last_is_read_though_the_program_has_ended(terminal: StartSession) -> None:
    session = terminal(*python("print('x' * 100_000 + 'the end')"))
    assert session.wait_exit() == 0
    assert session.raw.endswith(b"the end\r\n")


def test_a_wait_that_is_not_met_shows_the_screen(terminal: StartSession) -> None:
    session = terminal("cat")
    session.type("hello")
    session.wait_for("hello")
    with pytest.raises(NotSeen, match=r"No sight of 'goodbye' in 0\.05 s\.[\s\S]*│ hello"):
        session.wait_for("goodbye", timeout=0.05)


def test_a_wait_ends_when_the_program_does(terminal: StartSession) -> None:
    session = terminal(*python("print('bye')"))
    with pytest.raises(NotSeen, match=r"ended before 'hello' was seen[\s\S]*│ bye"):
        session.wait_for("hello")


def test_a_program_that_ignores_the_request_to_end_is_killed() -> None:
    stubborn = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
    )
    session = Session(python(stubborn))
    session.wait_for("ready")
    session.close(timeout=0.1)
    assert session.exit_code == -9
    with pytest.raises(ProcessLookupError):
        os.kill(session.pid, 0)


def test_a_program_that_floods_the_terminal_can_be_closed() -> None:
    session = Session(python("while True: print('flood')"))
    session.wait_for("flood")
    session.close()
    assert session.exit_code == -15


def test_bytes_are_recorded_with_the_time_they_were_read(terminal: StartSession) -> None:
    session = terminal("cat")
    session.type("one\n")
    session.wait_for("one")
    session.type("two\n")
    session.wait_for("two")
    times = [chunk.at for chunk in session.chunks]
    assert session.started_at < times[0]
    assert times == sorted(times)
    assert b"".join(chunk.data for chunk in session.chunks) == session.raw


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("enter", b"\r"),
        ("escape", b"\x1b"),
        ("ctrl+p", b"\x10"),
        ("down", b"\x1b[B"),
        ("shift+tab", b"\x1b[Z"),
        ("pagedown", b"\x1b[6~"),
        ("ctrl+up", b"\x1b[1;5A"),
        ("f8", b"\x1b[19~"),
        ("alt+x", b"\x1bx"),
        ("ń", "ń".encode()),
    ],
)
def test_a_key_sends_what_a_terminal_sends(terminal: StartSession, key: str, data: bytes) -> None:
    session = terminal(*python(SHOW_KEYS))
    session.wait_for("ready")
    session.press(key)
    session.wait_for(repr(data))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="no key named 'entre'"):
        key_bytes("entre")


def test_a_paste_longer_than_the_terminals_buffer_arrives_whole(terminal: StartSession) -> None:
    count = (
        "import os,tty; tty.setraw(0); print('ready', flush=True)\nn = 0\nwhile n < 40012: n += len(os.read(0, 4096))"
    )
    session = terminal(*python(count + "\nprint('got', n)"))
    session.wait_for("ready")
    session.paste("ż" * 20_000)
    session.wait_for("got 40012")


# ── with Textual ──────────────────────────────────────────────────────────────────────────────────────


def test_a_textual_program_takes_keys_and_pastes_and_ends(terminal: StartSession) -> None:
    session = terminal(*SAMPLE, "hello")
    session.wait_for("ready")
    assert session.screen_text()[0] == "hello"
    for key in ("ctrl+n", "down", "f8", "x", "shift+tab", "ctrl+enter"):
        session.press(key)
        session.wait_for(f"key {key}")
    session.paste("two words")
    session.wait_for("pasted two words")
    session.press("q")
    assert session.wait_exit() == 7


def test_escape_is_not_taken_for_the_beginning_of_another_key(terminal: StartSession) -> None:
    session = terminal(*SAMPLE)
    session.wait_for("ready")
    session.press("escape", "x")
    session.wait_for("key x")
    session.press("escape")
    session.wait_for("key escape")


def test_frames_are_marked_because_the_terminal_said_that_it_knows_them(terminal: StartSession) -> None:
    session = terminal(*SAMPLE)
    session.wait_for("ready")
    # The first frame may be drawn before the answer is read; what a key changes is drawn after it.
    session.press("x")
    session.wait_for("key x")
    session.settle()
    assert session.raw.count(b"\x1b[?2026h") == session.raw.count(b"\x1b[?2026l") > 0


def test_a_frame_is_seen_when_it_is_whole(terminal: StartSession) -> None:
    frame = r"print('\x1b[?2026hhalf', end=' ', flush=True); input(); print('whole\x1b[?2026l'); input()"
    session = terminal(*python(frame))
    session.wait_until(lambda _: session.raw.endswith(b"half "))
    assert session.screen_text()[0] == ""
    session.press("enter")
    session.wait_for("whole")


def test_a_textual_program_follows_the_window(terminal: StartSession) -> None:
    session = terminal(*SAMPLE, "hello")
    session.wait_for("120x40")
    session.resize(24, 80)
    rows = session.wait_until(lambda rows: rows[0] == "hello" and "80x24" in rows)
    assert len(rows) == 24


def test_the_main_screen_comes_back_when_the_program_ends(terminal: StartSession) -> None:
    session = terminal("sh", "-c", f"echo before; '{SAMPLE[0]}' -m {SAMPLE[2]} inside")
    session.wait_for("inside")
    assert "before" not in session.screen_text()
    session.press("q")
    session.wait_exit()
    assert session.screen_text()[:2] == ["before", "goodbye"]


def test_a_program_runs_where_it_is_told_to(tmp_path: Path) -> None:
    with Session(python("import os; print(os.getcwd())"), cwd=tmp_path, columns=400) as session:
        session.wait_for(str(tmp_path))
