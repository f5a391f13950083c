"""Threads: what belongs together, and how deep it lies."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from carecli.archive import Row
from carecli.archive.threads import ancestry, threads
from carecli.model import Author

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LINKS = st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 15), max_size=12)


def post(remote_id: object, parent: object = None, thread: str | None = None) -> Row:
    return Row(
        line=1,
        remote_id=str(remote_id),
        author=Author("7"),
        own=False,
        text="",
        published_at=NOW,
        parent_remote_id=None if parent is None else str(parent),
        thread_remote_id=thread,
    )


def grouped(*rows: Row) -> list[list[str]]:
    return [[row.remote_id for row in thread] for thread in threads(rows)]


def test_answers_belong_to_what_they_answer_in_any_order() -> None:
    assert grouped(post("c", "b"), post("x"), post("a"), post("b", "a")) == [["c", "a", "b"], ["x"]]


def test_a_missing_parent_unites_those_that_answer_it() -> None:
    assert grouped(post("a", "gone"), post("b"), post("c", "gone")) == [["a", "c"], ["b"]]


def test_the_network_s_own_thread_unites_what_has_no_parents() -> None:
    assert grouped(post("1", thread="7-9"), post("7-9"), post("2", thread="7-9")) == [["1", "2"], ["7-9"]]


@given(LINKS)
def test_every_row_is_in_one_thread_and_its_parent_with_it(links: dict[int, int | None]) -> None:
    found = threads(post(remote_id, parent) for remote_id, parent in links.items())
    place = {row.remote_id: number for number, thread in enumerate(found) for row in thread}

    assert len(place) == sum(len(thread) for thread in found) == len(links)
    for remote_id, parent in links.items():
        if parent in links:
            assert place[str(remote_id)] == place[str(parent)]


@given(LINKS)
def test_without_its_wrong_links_every_chain_ends_and_depth_counts_it(links: dict[int, int | None]) -> None:
    rows = {str(remote_id): post(remote_id, parent) for remote_id, parent in links.items()}
    depths, wrong = ancestry(rows)

    assert set(depths) == set(rows)
    for remote_id in rows:
        steps, current = 0, remote_id
        while current not in wrong and (parent := rows[current].parent_remote_id) in rows:
            steps, current = steps + 1, str(parent)
            assert steps < len(rows)
        assert depths[remote_id] == steps


def test_links_that_are_no_circle_are_never_wrong() -> None:
    chain = {str(n): post(n, n + 1) for n in range(5000)}

    assert ancestry(chain)[1] == set()
