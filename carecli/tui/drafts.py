"""What is being typed, until it is stored: nothing of it is lost, and nothing of it comes back after it was sent.

Thread-safe. Not for: when to save (the screens), or checking the text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from carecli.desk.context import Desk
from carecli.desk.drafts import save_draft
from carecli.errors import StoreError
from carecli.model import Record, Visibility


class Typed(Record, frozen=True):
    """A text as it stands in the composer, without its signature."""

    conversation_id: int
    text: str
    cursor: int
    visibility: Visibility
    seen_version: int


class DraftKeeper:
    """The drafts that are newer than what the desk has stored."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._unsaved: dict[int, Typed] = {}
        self._problem: StoreError | None = None
        self._asked = False
        # One guards the dictionary, for microseconds; the other keeps saves and sends apart, for as long as they take.
        self._guard = threading.Lock()
        self._writing = threading.Lock()

    def typed(self, typed: Typed) -> None:
        """Remember what was typed. Quick: called on each key."""
        with self._guard:
            self._unsaved[typed.conversation_id] = typed

    def unsaved(self, conversation_id: int) -> Typed | None:
        """What was typed in a conversation and is not stored yet."""
        return self._unsaved.get(conversation_id)

    @property
    def all_saved(self) -> bool:
        """Whether everything typed is stored."""
        return not self._unsaved

    @property
    def problem(self) -> StoreError | None:
        """Why what was typed is not stored, if the last attempt failed."""
        return None if self.all_saved else self._problem

    def kept(self) -> tuple[Typed, ...]:
        """What is not stored yet, and is a text."""
        with self._guard:
            return tuple(typed for typed in self._unsaved.values() if typed.text.strip())

    def must_save(self) -> bool:
        """Whether somebody has to call `save` now; not while an earlier call is still waiting for its turn.

        So a database that cannot be written to keeps one thread waiting, and not one more with each word.
        """
        with self._guard:
            if self._asked or not self._unsaved:
                return False
            self._asked = True
            return True

    def save(self) -> None:
        """Store what is unsaved. Blocking: call it in a thread, or when the screen is gone. Raises `StoreError`."""
        with self._writing:
            with self._guard:
                self._asked = False
                waiting = tuple(self._unsaved.values())
            try:
                for typed in waiting:
                    self._store(typed)
            except StoreError as error:
                self._problem = error
                raise
            self._problem = None

    def _store(self, typed: Typed) -> None:
        save_draft(self._desk, typed.conversation_id, typed.text, typed.cursor, typed.visibility, typed.seen_version)
        self._forget(typed)

    @contextmanager
    def sending(self, sent: Typed) -> Iterator[None]:
        """While `sent` is handed to the outbox: no save of it comes in between, or after it."""
        with self._writing:
            yield
            self._forget(sent)

    def _forget(self, typed: Typed) -> None:
        with self._guard:
            if self._unsaved.get(typed.conversation_id) == typed:
                del self._unsaved[typed.conversation_id]
