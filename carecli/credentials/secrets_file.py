"""A file of secrets: TOML that nobody but its owner can open, replaced as a whole or not at all.

One table an account. It is refused, not mended, where others could have read it: what they read must be renewed.
Not for: the environment, which goes before it (`environment`).
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from carecli.credentials.lock import FileLock
from carecli.errors import NeedsPerson

_HEAD = "# Secrets of carecli, which writes this file anew. Keep it out of backups that others can read.\n\n"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LARGEST = 1024 * 1024
# A parser's sentence may quote the line that it stumbled over.
_PLACE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")


class FileVault:
    """Keeps secrets in the file at `path`, and a lock beside it."""

    def __init__(self, path: Path, *, patience: float | None = None) -> None:
        self._path = path
        lock = path.with_suffix(".lock")
        self._lock = FileLock(lock) if patience is None else FileLock(lock, patience)

    @property
    def where(self) -> str:
        try:
            mode = stat.S_IMODE(self._path.stat().st_mode)
        except OSError:
            return str(self._path)
        return f"{self._path} (mode {mode:04o})" if os.name == "posix" else str(self._path)

    def read(self, account: str) -> dict[str, str]:
        return self._tables().get(account, {})

    def write(self, account: str, values: Mapping[str, str]) -> None:
        with self.locked():
            self._replace(self._tables() | {account: dict(values)})

    def forget(self, account: str) -> None:
        with self.locked():
            tables = self._tables()
            if tables.pop(account, None) is not None:
                self._replace(tables)

    def given(self, account: str) -> tuple[str, ...]:
        return ()

    @contextmanager
    def locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._unwritable(error) from None
        with self._lock.held():
            yield

    def _tables(self) -> dict[str, dict[str, str]]:
        try:
            text = self._bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return {}
        except OSError as error:
            sentence = f"The secrets in {self._path} cannot be read: {error.strerror}."
            raise NeedsPerson(sentence, "Check the file's owner and permissions.") from None
        except UnicodeDecodeError:
            raise NeedsPerson(f"{self._path} is not UTF-8.", "Mend it, or remove it and sign in again.") from None
        try:
            found = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = _PLACE.search(str(error))
            at = f" at {place[1]}" if place else ""
            sentence = f"{self._path} is not valid TOML{at}."
            raise NeedsPerson(sentence, "Mend it, or remove it and sign in again.") from None
        for table in found.values():
            if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
                sentence = f"{self._path} has a text in quotes for each secret of each account; something there is not."
                raise NeedsPerson(sentence, "Mend it, or remove it and sign in again.")
        return found

    def _bytes(self) -> bytes:
        # What is asked about is the file that is read, not whatever has its name a moment later.
        descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            self._refuse_others(os.fstat(descriptor))
            return file.read(_LARGEST)

    def _refuse_others(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise NeedsPerson(f"{self._path} is not a file.", "Put one there, or remove it and sign in again.")
        if os.name != "posix":
            return
        if status.st_uid != os.geteuid():
            sentence = f"{self._path} belongs to another user, who could change whose account this is."
            raise NeedsPerson(sentence, "Sign in again as the user that runs carecli, once that file is gone.")
        if status.st_mode & _OTHERS:
            sentence = f"Others on this machine can open {self._path} (mode {stat.S_IMODE(status.st_mode):04o})."
            raise NeedsPerson(sentence, f"Run `chmod 600 {self._path}`; sign in again if they may have read it.")

    def _replace(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Put the tables there in one step: after a crash the file is the old one or the new one, whole."""
        import tomli_w

        try:
            data = (_HEAD + tomli_w.dumps(tables)).encode()
        except UnicodeEncodeError:
            # Its message would quote the text.
            raise NeedsPerson("A secret is no text, so it cannot be kept.", "Copy it once more.") from None
        # A link stays a link.
        target = Path(os.path.realpath(self._path))
        # Whoever has the lock is the only one who writes it; what a kill left there is written over.
        fresh = target.with_name(f"{target.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(descriptor)
                fresh.replace(target)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
            _sync_folder(target.parent)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> NeedsPerson:
        return NeedsPerson(
            f"The secrets cannot be kept in {self._path}: {error.strerror}.",
            "Make room and give yourself the right to write there; then try again.",
        )


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; only POSIX systems can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
