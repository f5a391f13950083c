"""A real database in a real file, for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.store.sqlite import SqliteDatabase, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path / "desk.db")
    yield opened
    opened.close()
