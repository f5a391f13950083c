"""What a bench measures and against what: the programs, the keys, and the bare yardsticks.

Not for: carecli itself (`subjects`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from carecli.model import Item
from tests.bench import bare_app, trivial_app
from tests.bench.rows import Table

MANY = 100_000


class Subject(msgspec.Struct, frozen=True):
    """A full-screen program. `panes`: a text of each pane; all on the screen means that it is painted in full."""

    command: tuple[str, ...]
    panes: tuple[str, ...]


class Key(msgspec.Struct, frozen=True):
    """A key to press, and patterns that the frames it brings must match with something new in the first group."""

    name: str
    shows: tuple[bytes, ...] = ()


class Subjects(Protocol):
    """What the benches ask for."""

    @property
    def move(self) -> Key:
        """One row down in the queue."""
        ...

    @property
    def next(self) -> Key:
        """The next mention, with its whole thread."""
        ...

    def desk(self, conversations: int) -> Subject:
        """The desk on a database of that many waiting conversations."""
        ...

    def queue_command(self) -> tuple[str, ...]:
        """`carecli queue --json` on a small desk."""
        ...

    def create(self, database: Path) -> None:
        """Make an empty database."""
        ...

    def intake(self, database: Path, material: Sequence[Item]) -> None:
        """Store messages by the whole path."""
        ...

    def unreadable(self, database: Path) -> list[Table]:
        """The rows of tables that do not give their rows back."""
        ...


BARE = Subject((sys.executable, "-m", bare_app.__name__), bare_app.PANES)
TRIVIAL = Subject((sys.executable, "-m", trivial_app.__name__), trivial_app.PANES)
