"""Arrival: whatever a network says can be stored, and stays as it was said where that is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Author, Item
from carecli.worker.arrival import arrived

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=()))
people = st.builds(Author, texts, texts, texts)
times = st.datetimes(timezones=st.just(UTC))
items = st.builds(
    Item,
    remote_id=texts,
    author=people,
    text=texts,
    published_at=times,
    parent_remote_id=st.none() | texts,
    thread_remote_id=st.none() | texts,
    recipient=st.none() | people,
    language=texts,
    attachments=st.lists(texts).map(tuple),
    delivery_key=texts,
)


@given(items)
def test_whatever_arrives_can_be_stored(item: Item) -> None:
    stored = msgspec.json.encode(arrived(item, NOW)).decode()
    assert "\\u0000" not in stored.replace("\\\\", "")


@given(items)
def test_a_second_time_changes_nothing(item: Item) -> None:
    assert arrived(arrived(item, NOW), NOW) == arrived(item, NOW)


@given(items, st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_what_can_be_stored_stays_as_it_was_written(item: Item, text: str) -> None:
    assert arrived(msgspec.structs.replace(item, text=text), NOW).text == text


def test_a_half_of_a_character_and_a_nul_are_seen_to_have_been_there() -> None:
    item = Item("a\x00", Author("b\ud800", "c\udfff"), "one\ud800two\x00three", NOW, attachments=("\x00",))
    assert arrived(item, NOW) == Item(
        "a\ufffd", Author("b\ufffd", "c\ufffd"), "one\ufffdtwo\ufffdthree", NOW, attachments=("\ufffd",)
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (NOW - timedelta(days=3000), NOW - timedelta(days=3000)),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
        (NOW + timedelta(days=2), NOW),
        (datetime.max.replace(tzinfo=UTC), NOW),
        (datetime.min.replace(tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_believed_unless_nobody_could_have_written_then(said: datetime, kept: datetime) -> None:
    assert arrived(Item("a", Author("b"), "c", said), NOW).published_at == kept
