"""Recorded conversations: what formats there are, what is in them, and whose it is.

`load` reads a whole archive by account; `open_archive(path).read()` streams one, row by row.
Not for: storing what was read, or playing it as a live queue (`channels.archive`).
"""

from carecli.archive.attribution import UNATTRIBUTED, AccountItems, Loaded, attribute, load
from carecli.archive.base import Archive, ArchiveError, Entry, Refusal, Row, Skipped
from carecli.archive.opening import open_archive

__all__ = [
    "UNATTRIBUTED",
    "AccountItems",
    "Archive",
    "ArchiveError",
    "Entry",
    "Loaded",
    "Refusal",
    "Row",
    "Skipped",
    "attribute",
    "load",
    "open_archive",
]
