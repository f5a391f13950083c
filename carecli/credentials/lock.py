"""A lock across processes and threads, by a file of its own that is never replaced.

Not for: the database's leases, which hold for a whole desk and by the database's clock.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carecli.errors import NeedsPerson

# Whoever has it may be waiting for a network's answer, which is bounded by 15 seconds.
PATIENCE = 40.0
_EVERY = 0.05


class FileLock:
    """One lock for all who name the same path. The thread that has it may take it again."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the lock, after `patience` seconds at most. Raises `NeedsPerson` where it cannot be had."""
        if not self._threads.acquire(timeout=self._patience):
            raise self._busy()
        try:
            if self._depth:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                return
            # Closing the file gives the lock back, and so does the end of the process, however it ends.
            descriptor = self._opened()
            try:
                self._wait_for(descriptor)
                self._depth = 1
                try:
                    yield
                finally:
                    self._depth = 0
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unlockable(error) from None

    def _wait_for(self, descriptor: int) -> None:
        pause = threading.Event()
        tries = max(1, round(self._patience / _EVERY))
        while not self._taken(descriptor):
            tries -= 1
            if not tries:
                raise self._busy()
            pause.wait(_EVERY)

    def _taken(self, descriptor: int) -> bool:
        try:
            return _taken(descriptor)
        except OSError as error:
            raise self._unlockable(error) from None

    def _busy(self) -> NeedsPerson:
        return NeedsPerson(
            f"Another carecli has held {self._path} for {self._patience:g} s.",
            "End that one if it hangs, or try again.",
        )

    def _unlockable(self, error: OSError) -> NeedsPerson:
        return NeedsPerson(
            f"The secrets cannot be locked by {self._path}: {error.strerror}.",
            "Give yourself the right to write there, on a disk that knows locks; then try again.",
        )


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
