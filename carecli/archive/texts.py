"""From the bytes of an archive to what an author wrote: encodings, entities, characters that cannot be stored.

Not for: making text safe to show (`carecli.safetext`); what comes out of here is as hostile as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BufferedReader, RawIOBase
from typing import IO, TYPE_CHECKING

from carecli.storable import storable as storable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# X escapes & < > in texts; other exporters escape quotes as well. Anything else with an ampersand was written so.
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#0*39|#[xX]0*27);")
_MEANING = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}

# Each tool on the way escapes once; a text with more levels is about escaping, or made to keep a loop busy.
_LEVELS = 4

# No post is longer. A file without line breaks is, and must not fill the memory.
LONGEST_LINE = 1 << 20

# Bytes that are no UTF-8 arrive as lone surrogates; they are nearly always Windows-1252, of which Latin-1 is a part.
_WINDOWS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1")
    for byte in range(0x80, 0x100)
}


def read_line(stream: IO[bytes]) -> bytes:
    """Return the next physical line with its end, cut after `LONGEST_LINE` bytes; nothing at the end of the file."""
    line = rest = stream.readline(LONGEST_LINE)
    while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
        rest = stream.readline(LONGEST_LINE)
    return line


def ends_lines_with_returns(raw: bytes) -> bool:
    """Whether a file that begins with `raw` ends its lines as old Macintoshes did, which some spreadsheets still do."""
    return b"\r" in raw and b"\n" not in raw


@contextmanager
def with_line_feeds(opened: AbstractContextManager[IO[bytes]]) -> Iterator[IO[bytes]]:
    """The stream of `opened` with each carriage return as a line feed."""
    with opened as stream, BufferedReader(_LineFeeds(stream)) as fed:
        yield fed


class _LineFeeds(RawIOBase):
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: WriteableBuffer) -> int:
        room = memoryview(target).cast("B")
        raw = self._stream.read(len(room)).replace(b"\r", b"\n")
        room[: len(raw)] = raw
        return len(raw)


def decode(raw: bytes) -> str:
    """Return `raw` as UTF-8, with each byte that is none read as Windows-1252. Never raises."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(errors="surrogateescape").translate(_WINDOWS)


def mend(decoded: str) -> str:
    """Return text that was decoded with "surrogateescape" as `decode` would have returned it."""
    return decoded if decoded.isascii() else decoded.translate(_WINDOWS)


def as_written(text: str) -> str:
    """Return what the author wrote: `text` with its entities undone as often as they were made.

    An escaped text has no bare & < or > in it, at each level of escaping; so a level is undone only while the whole
    text is escaped. "AT&amp;amp;T" was escaped twice; in "&amp;lt; & so on" nothing was.
    """
    for _ in range(_LEVELS):
        if "&" not in text or not _is_escaped(text):
            break
        text = _ENTITY.sub(_undone, text)
    return storable(text)


def attachment(kind: str, description: str | None, address: str | None) -> str:
    """Return the line that stands for an attachment: its description if it has one, else its address."""
    return storable(f"{kind}: {description or address or ''}").rstrip(": ")


def _is_escaped(text: str) -> bool:
    return "<" not in text and ">" not in text and text.count("&") == len(_ENTITY.findall(text))


def _undone(entity: re.Match[str]) -> str:
    return _MEANING.get(entity[0], "'")
