"""Whose post it is: the accounts that an archive holds, and what each of them has to answer.

A brand sees every thread in which it posted or is spoken to, as a whole; a thread of four brands is in four accounts.
`attribute` is pure; `load` reads a file and hands it on.
Not for: storing (`desk` does), or playing as a live queue (`channels.archive`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from carecli.archive.base import Refusal, Row, Skipped
from carecli.archive.opening import open_archive
from carecli.archive.threads import ancestry, threads
from carecli.errors import NotFound
from carecli.model import Author, Item, Record
from carecli.safetext import sanitize_line

# The account of the rows whose thread concerns no brand, or more than any thread does.
UNATTRIBUTED = "unattributed"

# A thread of more brands than these is made up: each would get a copy of all of it.
_MOST_BRANDS = 100

# X's handles are ASCII words; Bluesky's have dots, Mastodon's may name their host. An e-mail address has a word before
# the @; a dot before it is an old custom, so that all followers read a reply.
_MENTION = re.compile(r"(?<![A-Za-z0-9_@＠])[@＠]([A-Za-z0-9_]+)((?:[.@-][A-Za-z0-9_-]+)*)")


class AccountItems(Record, frozen=True):
    """One account of an archive: who it is, and all that it sees, oldest first and parents before children."""

    handle: str
    me: Author
    items: tuple[Item, ...]


class Loaded(Record, frozen=True):
    """A whole archive. Every record of the file is in exactly one of the counts, or in `refusals`.

    rows_read: posts that could be read, duplicates not among them. duplicates: posts whose id was there before.
    skipped: what is no post of its own. first_at and last_at: between which all posts were published.
    """

    path: Path
    format: str
    accounts: Mapping[str, AccountItems]
    rows_read: int
    refusals: tuple[Refusal, ...] = ()
    duplicates: int = 0
    skipped: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def load(path: Path, brand: str | None = None) -> Loaded:
    """Read the archive at `path` into memory, by account.

    brand: the handle of the only account that is wanted; the counts are of the whole file all the same.
    Raises `NotFound` and `ArchiveError` as `open_archive` does, and `NotFound` for a brand that is not there.
    """
    archive = open_archive(path)
    rows: dict[str, Row] = {}
    refusals: list[Refusal] = []
    duplicates = skipped = 0
    for entry in archive.read():
        if isinstance(entry, Refusal):
            refusals.append(entry)
        elif isinstance(entry, Skipped):
            skipped += 1
        elif entry.remote_id in rows:
            duplicates += 1
        else:
            rows[entry.remote_id] = entry
    loaded = Loaded(
        path=path,
        format=archive.format,
        accounts=attribute(rows.values(), archive.owner),
        rows_read=len(rows),
        refusals=tuple(refusals),
        duplicates=duplicates,
        skipped=skipped,
        first_at=min((row.published_at for row in rows.values()), default=None),
        last_at=max((row.published_at for row in rows.values()), default=None),
    )
    if brand is None:
        return loaded
    account = only(loaded, brand)
    return msgspec.structs.replace(loaded, accounts={account.handle: account})


def only(loaded: Loaded, brand: str) -> AccountItems:
    """Return the account of `brand`, in any case, with or without its @. Raises `NotFound`, which names the others."""
    handle = brand.strip().removeprefix("@").lower()
    if handle in loaded.accounts:
        return loaded.accounts[handle]
    known = sanitize_line(", ".join(list(loaded.accounts)[:10])) or "no account at all"
    raise NotFound(f"{loaded.path} holds no account {sanitize_line(brand)}.", f"It holds {known}.")


def attribute(rows: Iterable[Row], owner: Author | None = None) -> dict[str, AccountItems]:
    """Return the accounts of an archive by their handles in lower case, most items first.

    A brand is an author of `own` rows, or the archive's `owner`. The ids of `rows` must be unique.
    """
    by_id = {row.remote_id: row for row in rows}
    brands = _brands(by_id.values(), owner)
    people = {author.remote_id: handle for handle, author in brands.items()}
    answered = _answered(by_id)
    deep, wrong = ancestry(by_id)
    seen: dict[str, list[Item]] = {}
    authors: dict[Author, Author] = {}
    for thread in threads(by_id.values()):
        concerned: dict[str, set[str]] = {row.remote_id: _concerned(row, brands, people) for row in thread}
        handles = set().union(*concerned.values())
        for handle in handles if 0 < len(handles) <= _MOST_BRANDS else {UNATTRIBUTED}:
            items = seen.setdefault(handle, [])
            for row in thread:
                own = _is_by(row, handle)
                addressed = not row.own and (
                    handle in concerned[row.remote_id]
                    or handle in answered.get(row.remote_id, ())
                    or _is_by(by_id.get(row.parent_remote_id or ""), handle)
                )
                parent = None if row.remote_id in wrong else row.parent_remote_id
                author = authors.setdefault(row.author, row.author)
                items.append(_item(row, author, parent, own, addressed and not row.text.startswith("RT @")))
    nobody = Author(remote_id=UNATTRIBUTED, handle=UNATTRIBUTED)
    return {
        handle: AccountItems(
            handle, brands.get(handle, nobody), tuple(sorted(items, key=lambda item: _place(item, deep)))
        )
        for handle, items in sorted(seen.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    }


def mentions(text: str) -> set[str]:
    """Return the handles that `text` mentions, in lower case: "@Delta.Thanks" may be delta or delta.thanks."""
    found = set()
    for match in _MENTION.finditer(text):
        found.add(match[1].lower())
        if match[2]:
            found.add((match[1] + match[2]).lower())
    return found


def _brands(rows: Iterable[Row], owner: Author | None) -> dict[str, Author]:
    brands = {} if owner is None else {_name(owner): owner}
    for row in rows:
        if row.own:
            brands.setdefault(_name(row.author), row.author)
    return brands


def _name(brand: Author) -> str:
    """What a brand's account is called: its handle in lower case, which screens and flags can show as it is."""
    return sanitize_line(brand.handle).lower() or "nameless"


def _answered(rows: Mapping[str, Row]) -> dict[str, set[str]]:
    """Which brands answered a post directly: it spoke to them, whether it names them or not."""
    answered: dict[str, set[str]] = {}
    for row in rows.values():
        if row.own and row.parent_remote_id is not None:
            answered.setdefault(row.parent_remote_id, set()).add(_name(row.author))
    return answered


def _concerned(row: Row, brands: Mapping[str, Author], people: Mapping[str, str]) -> set[str]:
    """The brands that a post is by, mentions, or is privately sent to."""
    concerned = (
        {handle for handle in mentions(row.text) if handle in brands} if "@" in row.text or "＠" in row.text else set()
    )
    if row.own:
        concerned.add(_name(row.author))
    if row.recipient is not None and row.recipient.remote_id in people:
        concerned.add(people[row.recipient.remote_id])
    return concerned


def _is_by(row: Row | None, handle: str) -> bool:
    return row is not None and row.own and _name(row.author) == handle


def _item(row: Row, author: Author, parent: str | None, own: bool, addressed: bool) -> Item:
    return Item(
        remote_id=row.remote_id,
        author=author,
        text=row.text,
        published_at=row.published_at,
        own=own,
        addressed=addressed,
        visibility=row.visibility,
        parent_remote_id=parent,
        thread_remote_id=row.thread_remote_id,
        recipient=row.recipient,
        language=row.language,
        attachments=row.attachments,
    )


def _place(item: Item, deep: Mapping[str, int]) -> tuple[datetime, int, int, str]:
    # Ids of different lengths are numbers of different sizes.
    return item.published_at, deep[item.remote_id], len(item.remote_id), item.remote_id
