"""The pytest fixture `terminal`, for every test that needs a program in a pseudo-terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from tests.terminal.session import Session


class StartSession(Protocol):
    """Starts a command in a terminal of its own, which is closed when the test ends."""

    def __call__(self, *command: str, rows: int = 40, columns: int = 120) -> Session: ...


@pytest.fixture
def terminal() -> Iterator[StartSession]:
    """Start programs by `terminal("program", "argument", rows=24, columns=80)`."""
    with ExitStack() as sessions:

        def start(*command: str, rows: int = 40, columns: int = 120) -> Session:
            return sessions.enter_context(Session(command, rows=rows, columns=columns))

        yield start
