"""Where the files of an archive lie: one file, gzipped or not, a folder, a zip or a tar, opened alike.

Nothing is unpacked to disk, and no file is read further than its reader goes.
Not for: what the files mean (`opening`).
"""

from __future__ import annotations

import gzip
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO, Literal

from carecli.archive.base import DAMAGE, ArchiveError
from carecli.errors import NotFound
from carecli.model import Record
from carecli.safetext import sanitize_line

_MAGIC_BYTES = 512
_TAR_MARK = slice(257, 262)
_SAVE = "Save it to a file first, and name that."

# What the standard library raises for a damaged, encrypted or forged zip or tar.
_UNUSABLE = (*DAMAGE, ValueError, LookupError, RuntimeError, NotImplementedError, struct.error)


class Container(Record, frozen=True):
    """The files at a path: their names as they stand there, and how one of them is opened (binary, read only).

    single: `path` is itself the one file, and not something that holds files.
    """

    path: Path
    names: tuple[str, ...]
    open: Callable[[str], AbstractContextManager[IO[bytes]]]
    single: bool = False

    def named(self, last: str) -> str | None:
        """Return the full name of the first file whose last part is `last`, or None."""
        return next((name for name in self.names if name.rpartition("/")[2] == last), None)


def container_at(path: Path) -> Container:
    """Return what lies at `path`. Raises `NotFound` or `ArchiveError`."""
    try:
        if path.is_dir():
            return folder(path)
        if str(path) == "-":
            raise ArchiveError("An archive is read more than once, and standard input cannot be.", _SAVE)
        if not path.exists():
            raise NotFound(f"There is no file {path}.", "Check the path.")
        if not path.is_file():
            raise ArchiveError(f"{path} is not a regular file.", _SAVE)
        with path.open("rb") as stream:
            start = stream.read(_MAGIC_BYTES)
        if not start:
            raise ArchiveError(f"{path} is empty.", "Export the archive again.")
        if start.startswith(b"PK\x03\x04"):
            return _zip(path)
        if start.startswith(b"\x1f\x8b"):
            return _tar(path, "r:gz") if _is_tar(path) else _gzip(path)
        if start[_TAR_MARK] == b"ustar":
            return _tar(path, "r:")
    except (OSError, ValueError) as failure:
        raise ArchiveError(f"{path} cannot be read: {_why(failure)}.", "Check the path and who may read it.") from None
    return Container(path=path, names=(path.name,), open=lambda _: path.open("rb"), single=True)


def folder(path: Path) -> Container:
    """Return the files in a folder and in its `data` folder, where X puts them. Raises `OSError`."""
    found = [child for place in (path / "data", path) if place.is_dir() for child in place.iterdir() if child.is_file()]
    names = sorted(child.relative_to(path).as_posix() for child in found)
    return Container(path=path, names=_told(names), open=lambda name: (path / name).open("rb"))


def _told(names: Iterable[str]) -> tuple[str, ...]:
    """The names of files that somebody put there; systems add hidden ones of their own."""
    return tuple(
        name for name in names if not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith(".")
    )


def _is_tar(path: Path) -> bool:
    try:
        with gzip.open(path) as stream:
            return stream.read(_MAGIC_BYTES)[_TAR_MARK] == b"ustar"
    except _UNUSABLE as damage:
        raise _damaged(path, damage) from None


def _gzip(path: Path) -> Container:
    return Container(path=path, names=(path.name,), open=lambda _: BufferedReader(gzip.open(path)), single=True)


def _zip(path: Path) -> Container:
    @contextmanager
    def member(name: str) -> Iterator[IO[bytes]]:
        with ExitStack() as opened:
            try:
                archive = opened.enter_context(zipfile.ZipFile(path))
                stream = opened.enter_context(archive.open(_plainly_packed(archive, name)))
            except _UNUSABLE as damage:
                raise OSError(str(damage)) from None
            yield stream

    try:
        with zipfile.ZipFile(path) as archive:
            names = _told(info.filename for info in archive.infolist() if not info.is_dir())
    except _UNUSABLE as damage:
        raise _damaged(path, damage) from None
    return Container(path=path, names=names, open=member)


def _plainly_packed(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(f"{name} is packed in a way that few programs read")
    return info


def _tar(path: Path, mode: Literal["r:", "r:gz"]) -> Container:
    @contextmanager
    def member(name: str) -> Iterator[IO[bytes]]:
        with ExitStack() as opened:
            try:
                archive = opened.enter_context(tarfile.open(path, mode))
                stream = opened.enter_context(archive.extractfile(name) or BytesIO())
            except _UNUSABLE as damage:
                raise OSError(str(damage)) from None
            yield stream

    try:
        with tarfile.open(path, mode) as archive:
            names = _told(info.name for info in archive if info.isfile())
    except _UNUSABLE as damage:
        raise _damaged(path, damage) from None
    return Container(path=path, names=names, open=member)


def _damaged(path: Path, damage: Exception) -> ArchiveError:
    return ArchiveError(
        f"{path} is packed, and cannot be unpacked: {sanitize_line(str(damage))}.",
        "Unpack it yourself, and name the file or the folder.",
    )


def _why(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)
