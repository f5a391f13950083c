"""A program in a real pseudo-terminal, driven by its keys and read by its screen and its bytes.

Every wait ends at a deadline and wakes as soon as the program writes; nothing here sleeps for a fixed time.
Not for: what Textual's pilot can test without a terminal, and far faster.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

from tests.terminal.keys import key_bytes
from tests.terminal.screen import Screen

PATIENCE = 20.0
"""Seconds after which a wait gives up; generous, since a loaded machine is no failure."""
FRAME_BEGIN = b"\x1b[?2026h"
FRAME_END = b"\x1b[?2026l"

_READ_SIZE = 1 << 16
# Of the modes that a program may ask about (DECRQM), this terminal has one: synchronised output.
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_SYNCHRONISED = b"2026"
_KITTY_ON = re.compile(rb"\x1b\[>\d+u")
_LONGEST_QUERY = 16
# Variables that would make the run depend on who started it.
_STRAY = re.compile(r"COLUMNS|LINES|NO_COLOR|FORCE_COLOR|PYTHONDONTWRITEBYTECODE|PYTHONWARNINGS|TEXTUAL.*")


class Chunk(NamedTuple):
    """Bytes as they were read, and when: `time.perf_counter()` directly after the read."""

    at: float
    data: bytes


class NotSeen(AssertionError):
    """What was waited for did not come; the message shows the screen as it was."""


def whole_frames(output: bytes | bytearray) -> int:
    """How many of the bytes may be shown: all, or those before a synchronised frame that has not ended yet."""
    begin = output.rfind(FRAME_BEGIN)
    return begin if begin > output.rfind(FRAME_END) else len(output)


class Session:
    """A command in a pseudo-terminal of `rows` by `columns`, which closes with the `with` block.

    `env` is laid over the caller's environment; what would bend the outcome is taken out (`NO_COLOR`, `COLUMNS`,
    Textual's own switches, …). `started_at` is `time.perf_counter()` just before the command was executed.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 40,
        columns: int = 120,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.chunks: list[Chunk] = []
        self.ended = False
        self.exit_code: int | None = None
        self._screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._unfed = bytearray()
        self._unanswered = b""
        self._kitty = False
        self.started_at = time.perf_counter()
        self.pid, self._fd = _start(list(command), _environment(env or {}), _window(rows, columns), cwd)
        os.set_blocking(self._fd, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── what it shows ─────────────────────────────────────────────────────────────────────────────

    @property
    def raw(self) -> bytes:
        """Every byte that the program wrote to the terminal and that was read so far."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def screen(self) -> Screen:
        """The emulator, up to date with what was read: cells with colours, cursor, title.

        As in a terminal with synchronised output, a frame is seen when it is whole.
        """
        shown = len(self._unfed) if self.ended else whole_frames(self._unfed)
        self._stream.feed(bytes(self._unfed[:shown]))
        del self._unfed[:shown]
        return self._screen

    def screen_text(self) -> list[str]:
        """The rows of the screen, without the spaces at their ends."""
        return [row.rstrip() for row in self.screen.display]

    # ── what is done to it ────────────────────────────────────────────────────────────────────────

    def press(self, *keys: str) -> None:
        """Press keys by Textual's names ("enter", "ctrl+p", "escape", "down") or single characters."""
        for key in keys:
            self.send(key_bytes(key, kitty=self._kitty))

    def type(self, text: str) -> None:
        """Type `text`, character by character; a line's end is the enter key."""
        self.press(*("enter" if character == "\n" else character for character in text))

    def paste(self, text: str) -> None:
        """Paste `text` as a terminal does for programs that asked for bracketed paste."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def send(self, data: bytes) -> None:
        """Write `data` to the program's keyboard, reading meanwhile so that neither side blocks the other."""
        while data and not self.ended:
            readable, writable, _ = select.select([self._fd], [self._fd], [], PATIENCE)
            if not readable and not writable:
                raise NotSeen(self._picture("The program does not read its keyboard."))
            if readable:
                self._receive()
            if writable and not self.ended:
                data = data[os.write(self._fd, data[:1024]) :]

    def resize(self, rows: int, columns: int) -> None:
        """Change the window's size; the kernel tells the program (SIGWINCH)."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, _window(rows, columns))

    # ── waiting ───────────────────────────────────────────────────────────────────────────────────

    def read(self, timeout: float) -> bytes:
        """Return the next bytes, or b"" when `timeout` seconds brought none or the program has ended."""
        if self.ended or not select.select([self._fd], [], [], max(0.0, timeout))[0]:
            return b""
        return self._receive()

    def wait_until(self, seen: Callable[[list[str]], bool], timeout: float = PATIENCE, what: str = "") -> list[str]:
        """Read until `seen` holds of the screen's rows, and return them. Raises NotSeen after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            while self.read(0.0):
                pass
            rows = self.screen_text()
            if seen(rows):
                return rows
            if self.ended:
                raise NotSeen(self._picture(f"The program ended before {what or 'the condition'} was seen."))
            if time.monotonic() >= deadline:
                raise NotSeen(self._picture(f"No sight of {what or 'the condition'} in {timeout:g} s."))
            self.read(deadline - time.monotonic())

    def wait_for(self, text: str, timeout: float = PATIENCE) -> list[str]:
        """Read until `text` stands in one row of the screen, and return the rows."""
        return self.wait_until(lambda rows: any(text in row for row in rows), timeout, repr(text))

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> list[str]:
        """Read until `text` stands nowhere on the screen, and return the rows."""
        return self.wait_until(lambda rows: all(text not in row for row in rows), timeout, f"the end of {text!r}")

    def settle(self, quiet: float = 0.1, timeout: float = PATIENCE) -> None:
        """Read until the program has written nothing for `quiet` seconds, or has ended, or `timeout` is over."""
        deadline = time.monotonic() + timeout
        while self.read(quiet) and time.monotonic() < deadline:
            pass

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Read until the program has ended by itself; return its exit code, or minus the signal that ended it."""
        deadline = time.monotonic() + timeout
        while self.exit_code is None and time.monotonic() < deadline:
            if self.ended or not self.read(min(0.05, deadline - time.monotonic())):
                self._reap(0.005 if self.ended else 0.0)
        if self.exit_code is None:
            raise NotSeen(self._picture(f"The program still runs after {timeout:g} s."))
        while self.read(0.0):
            pass
        return self.exit_code

    def close(self, timeout: float = 3.0) -> None:
        """Ask the program to end, kill it when it has not done so in `timeout` seconds, and give all back."""
        if self._fd < 0:
            return
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_code is None:
                os.kill(self.pid, signal_number)
            try:
                self.wait_exit(timeout)
                break
            except NotSeen:
                continue
        os.close(self._fd)
        self._fd = -1
        self.ended = True

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _receive(self) -> bytes:
        try:
            data = os.read(self._fd, _READ_SIZE)
        except OSError:  # EIO: the last program on this terminal is gone.
            data = b""
        if not data:
            self.ended = True
            return b""
        self.chunks.append(Chunk(time.perf_counter(), data))
        self._unfed += data
        self._answer(data)
        return data

    def _answer(self, data: bytes) -> None:
        """Reply to the program's questions, as a terminal that knows synchronised output and the kitty keys."""
        self._unanswered += data
        end = 0
        for query in _MODE_QUERY.finditer(self._unanswered):
            known = 2 if query[1] == _SYNCHRONISED else 0
            with suppress(OSError):  # It asked and ended.
                os.write(self._fd, b"\x1b[?%b;%d$y" % (query[1], known))
            end = query.end()
        self._kitty = self._kitty or _KITTY_ON.search(self._unanswered) is not None
        self._unanswered = self._unanswered[end:][-_LONGEST_QUERY:]

    def _reap(self, timeout: float) -> None:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.exit_code = os.waitstatus_to_exitcode(status)
        elif timeout:
            select.select([], [], [], timeout)

    def _picture(self, sentence: str) -> str:
        return "\n".join([sentence, "The screen:", *(f"│ {row}" for row in self.screen_text())])


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _STRAY.fullmatch(name)}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"} | dict(extra)


def _window(rows: int, columns: int) -> bytes:
    return struct.pack("HHHH", rows, columns, 0, 0)


def _start(command: list[str], env: dict[str, str], window: bytes, cwd: Path | None) -> tuple[int, int]:
    """Execute `command` on a new terminal; return its process id and our end of the terminal."""
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads; this child does nothing but execute another program.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid, fd = pty.fork()
    if pid:
        return pid, fd
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, window)
        if cwd is not None:
            os.chdir(cwd)
        # A terminal's shell ignores no interrupt, whatever this test run was started by.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvpe(command[0], command, env)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)
