"""The system's keyring as a vault, by the library `keyring`, which is an extra: `pip install 'carecli[keyring]'`.

One entry an account and desk, its values as JSON: a renewal replaces them all or none.
Not for: which keyring the system has, and how it is unlocked (that is `keyring`'s and the person's).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from carecli.credentials.lock import FileLock
from carecli.errors import NeedsPerson

_SERVICE = "carecli"
_T = TypeVar("_T")


class KeyringVault:
    """Keeps the secrets of the desk in `folder`, where the lock stands. Raises `NeedsPerson` without the library."""

    def __init__(self, folder: Path) -> None:
        try:
            import keyring
        except ImportError:
            raise NeedsPerson(
                'The configuration says `credentials = "keyring"`, and the library for it is not installed.',
                "Run `pip install 'carecli[keyring]'`, or leave that line out to keep the secrets in a file.",
            ) from None
        self._folder = folder
        self._keyring = keyring
        self._lock = FileLock(folder / "credentials.lock")

    @property
    def where(self) -> str:
        return "the system's keyring"

    def read(self, account: str) -> dict[str, str]:
        text = self._asked(lambda: self._keyring.get_password(_SERVICE, self._user(account)))
        try:
            found = json.loads(text or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            sentence = f"What the system's keyring has for {account!r} is nothing that carecli put there."
            raise NeedsPerson(sentence, "Sign in again with `carecli login`.")
        return found

    def write(self, account: str, values: Mapping[str, str]) -> None:
        text = json.dumps(dict(values))
        with self.locked():
            self._asked(lambda: self._keyring.set_password(_SERVICE, self._user(account), text))

    def forget(self, account: str) -> None:
        with self.locked():
            if self._asked(lambda: self._keyring.get_password(_SERVICE, self._user(account))) is not None:
                self._asked(lambda: self._keyring.delete_password(_SERVICE, self._user(account)))

    def given(self, account: str) -> tuple[str, ...]:
        return ()

    def locked(self) -> AbstractContextManager[None]:
        return self._lock.held()

    def _user(self, account: str) -> str:
        """The entry's name: two desks of one person may call their accounts the same."""
        return f"{account} ({self._folder})"

    def _asked(self, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except Exception as error:
            # Backends raise whatever their system's bus does, and its words may hold what was to be kept.
            sentence = f"The system's keyring does not answer ({type(error).__name__})."
            remedy = 'Unlock it, or set `credentials = "file"` in the configuration and sign in again.'
            raise NeedsPerson(sentence, remedy) from None
