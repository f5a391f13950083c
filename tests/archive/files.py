"""Archives for the tests: made-up ones, written where a test wants them, and the recorded ones where they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from carecli.archive import Entry, Refusal, Row, Skipped, open_archive
from carecli.archive.care_csv import COLUMNS

FIXTURES = Path(__file__).parent / "fixtures"
X_FOLDER = FIXTURES / "x"
MASTODON_FOLDER = FIXTURES / "mastodon"
RECORDED = Path(__file__).parents[2] / "../shared/data/care"

HEADER = ",".join(COLUMNS)
TUESDAY = "Tue Oct 31 22:10:47 +0000 2017"


def recorded(name: str) -> Path:
    """The path of a recorded archive; skips the test where it is absent."""
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"the recorded conversations are not here: {name}")
    return path


def row(
    tweet_id: object,
    author: str = "115712",
    text: str = "hello",
    *,
    parent: object = "",
    at: str = TUESDAY,
    responses: str = "",
    inbound: bool | None = None,
) -> list[str]:
    """The cells of a care-CSV row. An author with a name is a brand, as in the recorded archives."""
    is_inbound = author.isdigit() if inbound is None else inbound
    return [str(tweet_id), author, str(is_inbound), at, text, responses, str(parent)]


def care_csv(*rows: Sequence[str], header: Sequence[str] = COLUMNS) -> str:
    """A care CSV as spreadsheets write it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def put(folder: Path, content: str | bytes, name: str = "archive") -> Path:
    """Write a file, exactly these bytes, and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def entries(path: Path) -> list[Entry]:
    """All that the archive at `path` gives."""
    return list(open_archive(path).read())


def rows(path: Path) -> list[Row]:
    """The rows of an archive all of whose records can be read."""
    read = entries(path)
    assert [entry for entry in read if not isinstance(entry, Row)] == []
    return [entry for entry in read if isinstance(entry, Row)]


def sorted_out(path: Path) -> tuple[list[Row], list[Refusal], list[Skipped]]:
    """The rows, refusals and skipped records of an archive, each in the order of the file."""
    read = entries(path)
    return (
        [entry for entry in read if isinstance(entry, Row)],
        [entry for entry in read if isinstance(entry, Refusal)],
        [entry for entry in read if isinstance(entry, Skipped)],
    )
