"""carecli's own form of an archive."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.archive import Row, load
from carecli.model import Author
from tests.archive.files import put, rows, sorted_out

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "archives.md"


def line(**fields: object) -> str:
    post = {"remote_id": "1", "author": {"remote_id": "77"}, "text": "hi", "published_at": "2026-03-02T12:10:00+01:00"}
    return json.dumps({**post, **fields})


def test_the_documented_example_is_an_archive(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    loaded = load(put(tmp_path, example[1]))

    assert loaded.refusals == ()
    assert [(item.author.handle, item.own, item.addressed) for item in loaded.accounts["acmehelp"].items] == [
        ("ines_k", False, True),
        ("AcmeHelp", True, False),
    ]


def test_a_line_says_all_that_an_item_is(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        line(
            remote_id=1131172867985485825,
            author={"remote_id": "12", "handle": "acme.example", "display_name": "Acme"},
            text="&lt;3 stays",
            own=True,
            parent_remote_id="0",
            thread_remote_id=5,
            recipient={"remote_id": "77", "handle": "ines"},
            visibility="private",
            language="pt-BR",
            attachments=["photo: a cat"],
        ),
    )

    assert rows(path) == [
        Row(
            line=1,
            remote_id="1131172867985485825",
            author=Author("12", "acme.example", "Acme"),
            own=True,
            text="&lt;3 stays",
            published_at=datetime(2026, 3, 2, 11, 10, tzinfo=UTC),
            parent_remote_id="0",
            thread_remote_id="5",
            recipient=Author("77", "ines"),
            visibility="private",
            language="pt-BR",
            attachments=("photo: a cat",),
        )
    ]


def test_an_author_without_a_handle_is_shown_by_the_id(tmp_path: Path) -> None:
    assert [one.author.handle for one in rows(put(tmp_path, "\ufeff" + line()))] == ["77"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (line(parent="0"), "unknown field `parent`"),
        (line(remote_id=1.131e18), "got `float` - at `$.remote_id`"),
        (line(remote_id=""), "length >= 1 - at `$.remote_id`"),
        (line(published_at="2026-03-02T12:10:00"), "timezone component - at `$.published_at`"),
        (line(published_at="0001-01-01T00:00:00+10:00"), "date value out of range"),
        (line(visibility="secret"), "Invalid enum value 'secret'"),
        (line()[:-1], "truncated"),
        ("[]", "Expected `object`, got `array`"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(tmp_path: Path, broken: str, reason: str) -> None:
    good, [refused], _ = sorted_out(put(tmp_path, f"{line()}\n\n{broken}\n{line(remote_id='2')}\n"))

    assert [one.remote_id for one in good] == ["1", "2"]
    assert refused.line == 3
    assert reason in refused.reason


def test_a_line_without_end_costs_itself(tmp_path: Path) -> None:
    good, [refused], _ = sorted_out(put(tmp_path, f"{line()}\n{line(text='x' * 3_000_000)}\n{line(remote_id='2')}"))

    assert [(one.remote_id, one.line) for one in good] == [("1", 1), ("2", 3)]
    assert refused.line == 2
