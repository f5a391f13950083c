"""The recorded conversations of real brands: nothing is lost, and the counts are those that others found.

They stay where they are; these tests are skipped where they are absent. What is odd in them is covered by made-up
rows elsewhere.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import msgspec
import pytest

from carecli.archive import Loaded, Refusal, Row, Skipped, load
from carecli.archive.attribution import mentions
from carecli.archive.threads import threads
from tests.archive.files import entries, recorded

FILES = ["twcs_dev", "airlines_dev"]


@pytest.fixture(params=FILES)
def archive(request: pytest.FixtureRequest) -> Path:
    return recorded(f"{request.param}.csv")


def raw(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def reference(path: Path) -> dict[str, dict[str, str]]:
    with recorded(f"{path.stem}.reference.csv").open(newline="", encoding="utf-8") as stream:
        return {line["brand"].lower(): line for line in csv.DictReader(stream)}


@pytest.mark.parametrize(("name", "records"), [("twcs_dev.csv", 3473), ("airlines_dev.csv", 5000)])
def test_every_record_is_accounted_for(name: str, records: int) -> None:
    read = entries(recorded(name))

    assert len(read) == records == len(raw(recorded(name)))
    assert [entry for entry in read if isinstance(entry, Refusal | Skipped)] == []


def test_every_id_link_and_author_is_what_stands_in_the_file(archive: Path) -> None:
    read = [entry for entry in entries(archive) if isinstance(entry, Row)]

    assert [
        (row.remote_id, row.author.remote_id, row.own, ",".join(row.replies), row.parent_remote_id or "")
        for row in read
    ] == [
        (
            line["tweet_id"],
            line["author_id"],
            line["inbound"] == "False",
            line["response_tweet_id"],
            re.sub(r"\.0$", "", line["in_response_to_tweet_id"]),
        )
        for line in raw(archive)
    ]


def test_every_line_number_is_the_one_an_editor_shows(archive: Path) -> None:
    lines = archive.read_bytes().decode().split("\n")

    for entry in entries(archive):
        assert isinstance(entry, Row)
        assert lines[entry.line - 1].startswith(f"{entry.remote_id},{entry.author.remote_id},")


def test_texts_differ_from_the_file_in_their_entities_alone(archive: Path) -> None:
    for entry, line in zip(entries(archive), raw(archive), strict=True):
        assert isinstance(entry, Row)
        assert not re.search("&(amp|lt|gt);", entry.text)
        assert entry.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") == line["text"]


@pytest.fixture
def loaded(archive: Path) -> Loaded:
    return load(archive)


def test_each_brand_has_as_many_posts_and_replies_as_the_reference_counts(archive: Path, loaded: Loaded) -> None:
    expected = reference(archive)

    assert set(loaded.accounts) - {"unattributed"} == set(expected)
    for handle, figures in expected.items():
        own = {item.remote_id: item for item in loaded.accounts[handle].items if item.own}
        replies = [one for one in own.values() if one.parent_remote_id and one.parent_remote_id not in own]
        assert (handle, len(own), len(replies)) == (handle, int(figures["posts"]), int(figures["replies"]))


def test_each_brand_is_addressed_as_often_as_the_reference_counts(archive: Path, loaded: Loaded) -> None:
    """The reference counts mentions and replies; answered posts that name no brand are addressed as well."""
    for handle, figures in reference(archive).items():
        items = loaded.accounts[handle].items
        own = {item.remote_id for item in items if item.own}
        answered = {item.parent_remote_id for item in items if item.own}
        addressed = [item for item in items if item.addressed]
        named = [item for item in addressed if handle in mentions(item.text) or item.parent_remote_id in own]
        assert (handle, len(named)) == (handle, int(figures["addressed"]))
        assert {item.remote_id for item in addressed if item not in named} <= answered


def test_each_brand_has_as_many_threads_as_the_reference_counts(archive: Path) -> None:
    """The reference connects posts by the links inside the file alone."""
    read = [entry for entry in entries(archive) if isinstance(entry, Row)]
    present = {row.remote_id for row in read}
    found = threads(
        row if row.parent_remote_id in present else msgspec.structs.replace(row, parent_remote_id=None) for row in read
    )

    for handle, figures in reference(archive).items():
        sizes = [
            len(thread) for thread in found if any(row.own and row.author.handle.lower() == handle for row in thread)
        ]
        assert (handle, len(sizes), max(sizes)) == (handle, int(figures["threads"]), int(figures["thread_max"]))


def test_the_thread_of_four_brands_is_in_four_accounts() -> None:
    accounts = load(recorded("twcs_dev.csv")).accounts

    shared = set.intersection(
        *(
            {item.remote_id for item in accounts[brand].items}
            for brand in ("tesco", "sainsburys", "marksandspencer", "aldiuk")
        )
    )
    assert len(shared) == 130


def test_items_of_all_accounts_are_all_rows(loaded: Loaded) -> None:
    seen = {item.remote_id for account in loaded.accounts.values() for item in account.items}

    assert len(seen) == loaded.rows_read
