"""Ledger: the simulated network's tables, and each statement that touches them.

Works inside a transaction that `network` has opened. Times are milliseconds of UTC since 1970.
Not for: rules of the network (`network`) or what people do (`story`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from carecli.channels.sandbox.course import Course, State
from carecli.channels.sandbox.wire import ACCOUNT, Post
from carecli.model import Author, Record, Visibility

SCHEMA_VERSION = 1
# Tells the file of a simulated network from any other database ("NwSb").
APPLICATION_ID = 0x4E775362

SCHEMA = """
CREATE TABLE plot (
    seed INTEGER NOT NULL, start_ms INTEGER NOT NULL, pace_ms INTEGER NOT NULL, waiting INTEGER NOT NULL,
    languages TEXT NOT NULL, account_id TEXT NOT NULL, account_handle TEXT NOT NULL, account_name TEXT NOT NULL
);
CREATE TABLE people (
    id TEXT PRIMARY KEY, handle TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL
);
CREATE TABLE posts (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author_id TEXT NOT NULL REFERENCES people(id),
    recipient_id TEXT REFERENCES people(id), at_ms INTEGER NOT NULL, visibility TEXT NOT NULL, text TEXT NOT NULL,
    thread_id TEXT NOT NULL, parent_id TEXT, addressed INTEGER NOT NULL, language TEXT NOT NULL,
    concerns TEXT REFERENCES people(id), key TEXT UNIQUE, request BLOB, removed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX posts_thread ON posts (thread_id, seq);
CREATE INDEX posts_author ON posts (author_id, seq);
CREATE INDEX posts_concerns ON posts (concerns, seq) WHERE concerns IS NOT NULL;
CREATE TABLE courses (
    number INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE REFERENCES people(id), thread_id TEXT NOT NULL,
    state TEXT NOT NULL, bumps INTEGER NOT NULL, reactions INTEGER NOT NULL, reacted_seq INTEGER NOT NULL,
    private INTEGER NOT NULL
);
CREATE TABLE happenings (
    due_ms INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (number, kind)
);
CREATE INDEX happenings_due ON happenings (due_ms, number, kind);
"""

# What posts carry, in words; of the bytes nothing is kept. Files made before there was any get the table when opened.
MEDIA_SCHEMA = """
CREATE TABLE IF NOT EXISTS media (
    post_id TEXT NOT NULL, number INTEGER NOT NULL, told TEXT NOT NULL, PRIMARY KEY (post_id, number)
) WITHOUT ROWID
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Post ids count milliseconds from here, so that they have 19 digits from 2008 to 2069.
_ID_EPOCH_MS = 946_684_800_000
_ID_SEQUENCE_BITS = 22

_POST = """
SELECT p.seq, p.id, p.text, p.at_ms, p.visibility, p.thread_id, p.parent_id, p.addressed, p.language, p.key,
       a.id, a.handle, a.name, r.id, r.handle, r.name, p.removed,
       (SELECT json_group_array(told) FROM (SELECT told FROM media WHERE post_id = p.id ORDER BY number))
FROM posts p JOIN people a ON a.id = p.author_id LEFT JOIN people r ON r.id = p.recipient_id
"""


class Happening(Record, frozen=True):
    """Something that will happen to the course `number`: at most one of a kind at a time."""

    due_ms: int
    number: int
    kind: str


def to_ms(at: datetime) -> int:
    """Whole milliseconds since 1970 of an aware time; what is finer is dropped."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def to_datetime(at_ms: int) -> datetime:
    """The aware UTC time of `at_ms`."""
    return _EPOCH + timedelta(milliseconds=at_ms)


class Plot(Record, frozen=True):
    """What everything follows from, kept by the file.

    pace_ms: between two arrivals on average, 0 for none. waiting: how many have written before the start.
    languages: their codes. account: whom they write to.
    """

    seed: int
    start_ms: int
    pace_ms: int
    waiting: int
    languages: tuple[str, ...]
    account: Author = ACCOUNT


class Ledger:
    """Reads and changes the tables through one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    # ── the plot ─────────────────────────────────────────────────────────────────────────────────

    def keep_plot(self, plot: Plot) -> None:
        self._db.execute(
            "INSERT INTO plot VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(plot.seed, plot.start_ms, plot.pace_ms, plot.waiting, " ".join(plot.languages)),
                *(plot.account.remote_id, plot.account.handle, plot.account.display_name),
            ),
        )

    def kept_plot(self) -> Plot:
        seed, start_ms, pace_ms, waiting, languages, *account = self._db.execute("SELECT * FROM plot").fetchone()
        return Plot(seed, start_ms, pace_ms, waiting, tuple(languages.split()), Author(*account))

    # ── people ───────────────────────────────────────────────────────────────────────────────────

    def add_person(self, person: Author) -> None:
        """Add a person once; a handle that somebody has already is told apart by the end of the id."""
        taken = self._db.execute("SELECT 1 FROM people WHERE handle = ? AND id <> ?", (person.handle, person.remote_id))
        handle = f"{person.handle}_{person.remote_id[-6:]}" if taken.fetchone() else person.handle
        self._db.execute(
            "INSERT INTO people (id, handle, name) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (person.remote_id, handle, person.display_name),
        )

    def person(self, person_id: str) -> Author | None:
        row = self._db.execute("SELECT id, handle, name FROM people WHERE id = ?", (person_id,)).fetchone()
        return None if row is None else Author(*row)

    def has_written_to_account(self, person_id: str) -> bool:
        row = self._db.execute("SELECT 1 FROM posts WHERE author_id = ? AND addressed LIMIT 1", (person_id,))
        return row.fetchone() is not None

    # ── posts ────────────────────────────────────────────────────────────────────────────────────

    def add_post(
        self,
        author_id: str,
        text: str,
        at_ms: int,
        *,
        visibility: Visibility = "public",
        parent: Post | None = None,
        recipient_id: str | None = None,
        addressed: bool = True,
        language: str = "",
        concerns: str | None = None,
        key: str | None = None,
        request: bytes | None = None,
        attachments: Sequence[str] = (),
    ) -> Post:
        """Insert a post, never before the last one, and return it.

        A private message belongs to the thread with its other person; a public one to its parent's, or begins one.
        concerns: the person whom a post of the account answers. request: the frozen request that `key` stands for.
        attachments: what it carries, in words.
        """
        # The newest by its id: a removed one has moved to the end of the order, with the time it had.
        last = self._db.execute("SELECT at_ms, id FROM posts ORDER BY id DESC LIMIT 1").fetchone()
        last_ms, last_id = (last[0], int(last[1])) if last else (at_ms, 0)
        at_ms = max(at_ms, last_ms)
        post_id = str(max((at_ms - _ID_EPOCH_MS) << _ID_SEQUENCE_BITS, last_id + 1))
        if visibility == "private":
            thread_id = f"private-{recipient_id if author_id == ACCOUNT.remote_id else author_id}"
        else:
            thread_id = parent.thread_id if parent else post_id
        self._db.execute(
            "INSERT INTO posts (id, author_id, recipient_id, at_ms, visibility, text, thread_id, parent_id, addressed,"
            " language, concerns, key, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(post_id, author_id, recipient_id, at_ms, visibility, text, thread_id, parent.id if parent else None),
                *(addressed, language, concerns, key, request),
            ),
        )
        self._db.executemany(
            "INSERT INTO media (post_id, number, told) VALUES (?, ?, ?)",
            [(post_id, number, told) for number, told in enumerate(attachments)],
        )
        (post,) = self._posts("WHERE p.id = ?", (post_id,))
        return post

    def post(self, post_id: str) -> Post | None:
        """The post, unless its author removed it."""
        return next(iter(self._posts("WHERE p.id = ? AND NOT p.removed", (post_id,))), None)

    def post_under(self, key: str) -> tuple[Post, bytes] | None:
        """The post made under `key`, and the request it was made by."""
        for post in self._posts("WHERE p.key = ?", (key,)):
            return post, self._db.execute("SELECT request FROM posts WHERE key = ?", (key,)).fetchone()[0]
        return None

    def posts_after(self, seq: int, limit: int) -> tuple[Post, ...]:
        return self._posts("WHERE p.seq > ? ORDER BY p.seq LIMIT ?", (seq, limit))

    def posts_by(self, person_id: str, since_ms: int, limit: int) -> tuple[Post, ...]:
        """The person's posts that still stand, the newest first."""
        return self._posts(
            "WHERE p.author_id = ? AND p.at_ms >= ? AND NOT p.removed ORDER BY p.seq DESC LIMIT ?",
            (person_id, since_ms, limit),
        )

    def thread(self, post_id: str) -> tuple[tuple[Post, ...], tuple[str, ...]]:
        """The posts of the thread around `post_id`, oldest first, and the ids of those removed."""
        row = self._db.execute("SELECT thread_id FROM posts WHERE id = ?", (post_id,)).fetchone()
        thread_id = row[0] if row else None
        removed = self._db.execute("SELECT id FROM posts WHERE thread_id = ? AND removed ORDER BY seq", (thread_id,))
        posts = self._posts("WHERE p.thread_id = ? AND NOT p.removed ORDER BY p.seq", (thread_id,))
        return posts, tuple(row[0] for row in removed)

    def last_post_by(self, person_id: str, visibility: Visibility) -> Post | None:
        """The last post of the person that still stands."""
        rows = self._posts(
            "WHERE p.author_id = ? AND p.visibility = ? AND NOT p.removed ORDER BY p.seq DESC LIMIT 1",
            (person_id, visibility),
        )
        return next(iter(rows), None)

    def has_said(self, person_id: str, text: str) -> bool:
        row = self._db.execute("SELECT 1 FROM posts WHERE author_id = ? AND text = ?", (person_id, text))
        return row.fetchone() is not None

    def answers_to(self, person_id: str, after_seq: int) -> tuple[Post, ...]:
        """The account's posts that answer the person, inserted after `after_seq`."""
        return self._posts("WHERE p.concerns = ? AND p.seq > ? ORDER BY p.seq", (person_id, after_seq))

    def answered_by(self, post: Post) -> Author | None:
        """The person whom a post of the account answers."""
        row = self._db.execute("SELECT concerns FROM posts WHERE id = ?", (post.id,)).fetchone()
        return self.person(row[0]) if row and row[0] else None

    def said_alone(self, text: str, since_ms: int) -> bool:
        """Whether the account has posted `text`, not as a reply, since `since_ms`."""
        row = self._db.execute(
            "SELECT 1 FROM posts WHERE author_id = ? AND at_ms > ? AND text = ? AND parent_id IS NULL"
            " AND visibility = 'public' LIMIT 1",
            (ACCOUNT.remote_id, since_ms, text),
        )
        return row.fetchone() is not None

    def remove_post(self, post_id: str) -> None:
        # It moves to the end of the order, so that whoever had read it reads that it is gone.
        self._db.execute(
            "UPDATE posts SET removed = 1, text = '', seq = (SELECT max(seq) + 1 FROM posts) WHERE id = ?", (post_id,)
        )
        self._db.execute("DELETE FROM media WHERE post_id = ?", (post_id,))

    def _posts(self, where: str, values: tuple[object, ...]) -> tuple[Post, ...]:
        return tuple(
            Post(
                seq=row[0],
                id=row[1],
                author=Author(row[10], row[11], row[12]),
                text=row[2],
                at=to_datetime(row[3]),
                visibility=row[4],
                thread_id=row[5],
                parent_id=row[6],
                recipient=None if row[13] is None else Author(row[13], row[14], row[15]),
                addressed=bool(row[7]),
                language=row[8],
                key=row[9] or "",
                removed=bool(row[16]),
                attachments=tuple(msgspec.json.decode(row[17])) if row[17] != "[]" else (),
            )
            for row in self._db.execute(_POST + where, values)
        )

    # ── courses ──────────────────────────────────────────────────────────────────────────────────

    def save_course(self, course: Course) -> None:
        self._db.execute(
            "INSERT INTO courses (number, person_id, thread_id, state, bumps, reactions, reacted_seq, private)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
            " bumps = excluded.bumps, reactions = excluded.reactions, reacted_seq = excluded.reacted_seq,"
            " private = excluded.private",
            (
                *(course.number, course.person_id, course.thread_id, course.state),
                *(course.bumps, course.reactions, course.reacted_seq, course.private),
            ),
        )

    def course(self, number: int) -> Course | None:
        return self._course("number = ?", number)

    def course_of(self, person_id: str) -> Course | None:
        return self._course("person_id = ?", person_id)

    def _course(self, where: str, value: object) -> Course | None:
        row = self._db.execute(
            "SELECT number, person_id, thread_id, state, bumps, reactions, reacted_seq, private FROM courses"
            f" WHERE {where}",
            (value,),
        ).fetchone()
        if row is None:
            return None
        state: State = row[3]
        return Course(row[0], row[1], row[2], state, row[4], row[5], row[6], bool(row[7]))

    # ── happenings ───────────────────────────────────────────────────────────────────────────────

    def schedule(self, due_ms: int, number: int, kind: str) -> None:
        """Let it happen at `due_ms`; one of the same kind that is on its way already stays as it is."""
        self._db.execute(
            "INSERT INTO happenings (due_ms, number, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (due_ms, number, kind),
        )

    def cancel(self, number: int, kind: str) -> None:
        self._db.execute("DELETE FROM happenings WHERE number = ? AND kind = ?", (number, kind))

    def next_due(self) -> int | None:
        """When the next thing happens; None where nothing more will."""
        due: int | None = self._db.execute("SELECT min(due_ms) FROM happenings").fetchone()[0]
        return due

    def take_due(self, until_ms: int) -> Happening | None:
        """Remove and return the first thing that is due by `until_ms`: by time, then by customer."""
        row = self._db.execute(
            "SELECT due_ms, number, kind FROM happenings WHERE due_ms <= ? ORDER BY due_ms, number, kind LIMIT 1",
            (until_ms,),
        ).fetchone()
        if row is None:
            return None
        happening = Happening(*row)
        self.cancel(happening.number, happening.kind)
        return happening
