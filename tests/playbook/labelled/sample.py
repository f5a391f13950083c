"""The seeded draw of 300 real replies that the labels are about: the same ones each time, on any machine.

A reply is a brand's post with a parent that the brand did not write; its id is `file:id`, and `file:row` (from 1)
where the file has no ids. Texts are read from where they lie, entities undone, and never kept here.
Not for: the labels (`labels`), or what the checks make of them (`measure`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from carecli.archive import Row, open_archive
from carecli.archive.texts import as_written
from carecli.model import Record

RECORDED = Path(__file__).parents[3] / "../shared/data/care"
SEED = "practice 24"

# How many replies of which file: what has threads and several brands has most.
DRAWN = {"twcs_dev.csv": 130, "airlines_dev.csv": 100, "delta_2015-10_replies.csv": 40, "tweetsumm_dev.jsonl": 30}


class Post(Record, frozen=True):
    """One post before the reply. own: the brand wrote it that replies."""

    text: str
    own: bool


class Reply(Record, frozen=True):
    """One reply. before: the posts it answers, oldest first, its parent last; empty where the file does not hold it."""

    id: str
    brand: str
    text: str
    before: tuple[Post, ...] = ()

    @property
    def parent(self) -> Post | None:
        """The post that is answered, where it is known."""
        return self.before[-1] if self.before else None

    @property
    def first(self) -> bool:
        """Whether the brand is known not to have written in the thread before."""
        return bool(self.before) and not any(post.own for post in self.before)


def drawn() -> tuple[Reply, ...]:
    """The labelled replies, in the order of the draw. Skips the test where the recorded conversations are absent."""
    return tuple(
        reply
        for name, size in DRAWN.items()
        for reply in sorted(replies(name).values(), key=lambda reply: _lot(reply.id))[:size]
    )


@cache
def replies(name: str) -> dict[str, Reply]:
    """Every reply of a recorded file by its id. Skips the test where the recorded conversations are absent."""
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"the recorded conversations are not here: {name}")
    if name.startswith("delta"):
        found = _timeline(path)
    elif path.suffix == ".jsonl":
        found = _dialogues(path)
    else:
        found = _threads(path)
    return {reply.id: reply for reply in found}


def _lot(reply_id: str) -> str:
    # Unlike a generator's numbers, a digest depends neither on the version of Python nor on the other replies.
    return sha256(f"{SEED}/{reply_id}".encode()).hexdigest()


def _threads(path: Path) -> Iterator[Reply]:
    rows = {entry.remote_id: entry for entry in open_archive(path).read() if isinstance(entry, Row)}
    for row in rows.values():
        parent = rows.get(row.parent_remote_id or "")
        if row.own and row.parent_remote_id and (parent is None or parent.author != row.author):
            yield Reply(f"{path.stem}:{row.remote_id}", row.author.handle, row.text, tuple(_before(row, rows)))


def _before(row: Row, rows: dict[str, Row]) -> list[Post]:
    above: dict[str, Row] = {}
    parent = rows.get(row.parent_remote_id or "")
    while parent is not None and parent.remote_id not in above:
        above[parent.remote_id] = parent
        parent = rows.get(parent.parent_remote_id or "")
    return [Post(post.text, post.author == row.author) for post in reversed(above.values())]


def _timeline(path: Path) -> Iterator[Reply]:
    with path.open(newline="", encoding="utf-8") as stream:
        for number, line in enumerate(csv.DictReader(stream), 1):
            if line["text"].startswith("@"):
                yield Reply(f"{path.stem}:{number}", "Delta", as_written(line["text"]))


def _dialogues(path: Path) -> Iterator[Reply]:
    threads = replies("twcs_dev.csv")
    for line in path.read_text("utf-8").splitlines():
        dialogue = json.loads(line)
        before: list[Post] = []
        for turn in dialogue["turns"]:
            post = Post(as_written(turn["text"]), turn["role"] == "agent")
            known = f"twcs_dev:{turn['tweet_id']}" in threads
            if post.own and before and not before[-1].own and not known:
                yield Reply(f"{path.stem}:{turn['tweet_id']}", dialogue["brand"], post.text, tuple(before))
            before.append(post)
