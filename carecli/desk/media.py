"""Pictures and films for a reply: read from files, held to what the network takes, kept with the draft.

Each has its alt text: who cannot see it reads that. Not for: sending them (`reply`), or how networks take them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carecli.channels.base import Capabilities, Media
from carecli.desk.context import Desk, conversation_of
from carecli.errors import Misuse, Refused
from carecli.model import AttachedMedia, MediaFile
from carecli.storable import storable
from carecli.store import media

_WITHOUT_ALT = "Each picture needs words that say what it shows."
_KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4")


def kind_of(data: bytes) -> str:
    """The MIME type of a picture or film by its first bytes, whatever its name says; "" for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "video/mp4" if data[4:8] == b"ftyp" else ""


def read_media(path: Path, alt: str, most_bytes: int) -> MediaFile:
    """A picture or film from a file, of `most_bytes` at most. Raises `Misuse`."""
    if not alt.strip():
        raise Misuse(_WITHOUT_ALT, f"Say in words what {path.name} shows.")
    try:
        # Anything else might never come to an end.
        if path.exists() and not path.is_file():
            raise Misuse(f"{path} is no file.", "Check the path.")
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
        if len(data) > most_bytes:
            size = max(path.stat().st_size, len(data))
            raise Misuse(f"{path.name} has {_told(size)}.", f"This network takes {_told(most_bytes)} at most.")
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise Misuse(f"{path} cannot be read: {reason}.", "Check the path.") from None
    except ValueError:
        raise Misuse("This is no path.", "Check the path.") from None
    kind = kind_of(data)
    if not kind:
        raise Misuse(f"{path.name} is no picture or film that can be sent.", "Take a PNG, JPEG, GIF, WebP or MP4.")
    return MediaFile(storable(path.name), kind, storable(alt.strip()), data)


def require_media(capabilities: Capabilities, files: Sequence[MediaFile]) -> None:
    """Raise `Refused` where the network does not take these, or not so many, or one of them is too large."""
    if not files:
        return
    if not capabilities.media:
        raise _none_taken()
    if len(files) > capabilities.media:
        raise Refused(
            f"{len(files)} pictures are too many.", f"This network takes {capabilities.media} a post.", rule="media"
        )
    for file in files:
        if not file.alt.strip():
            raise Refused(_WITHOUT_ALT, f"Say in words what {file.name} shows.", rule="media")
        _require_kind(capabilities, file.name, file.kind)
        if len(file.data) > capabilities.media_bytes:
            most = _told(capabilities.media_bytes)
            raise Refused(
                f"{file.name} has {_told(len(file.data))}.", f"This network takes {most} at most.", rule="media"
            )


def files_for(desk: Desk, conversation_id: int, chosen: Sequence[tuple[Path, str]]) -> tuple[MediaFile, ...]:
    """Files, each with its alt text, for a reply in a conversation. Raises `NotFound`, `Misuse` and `Refused`."""
    if not chosen:
        return ()
    with desk.database.read() as session:
        account = conversation_of(session, conversation_id).account
    capabilities = desk.channel(account).capabilities
    if not capabilities.media:
        raise _none_taken()
    files = tuple(read_media(path, alt, capabilities.media_bytes) for path, alt in chosen)
    for file in files:
        _require_kind(capabilities, file.name, file.kind)
    return files


def attach(desk: Desk, conversation_id: int, path: Path, alt: str) -> tuple[AttachedMedia, ...]:
    """Add a file to the agent's draft in a conversation; all that it carries now.

    Raises `NotFound`, `Misuse` and `Refused`.
    """
    (file,) = files_for(desk, conversation_id, ((path, alt),))
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        before = media.attached_files(session, conversation_id, desk.agent.id)
        require_media(desk.channel(found.account).capabilities, (*before, file))
        media.attach(session, conversation_id, desk.agent.id, file)
        return media.attached(session, conversation_id, desk.agent.id)


def detach(desk: Desk, conversation_id: int, number: int) -> tuple[AttachedMedia, ...]:
    """Take a file off the agent's draft in a conversation; what it still carries."""
    with desk.database.write() as session:
        media.detach(session, conversation_id, desk.agent.id, number)
        return media.attached(session, conversation_id, desk.agent.id)


def draft_files(desk: Desk, conversation_id: int) -> tuple[MediaFile, ...]:
    """What the agent's draft in a conversation carries, to be sent with it."""
    with desk.database.read() as session:
        return media.attached_files(session, conversation_id, desk.agent.id)


def sent_media(files: Sequence[MediaFile]) -> tuple[Media, ...]:
    """Files as a channel takes them."""
    return tuple(Media(file.kind, file.alt, file.data) for file in files)


def _require_kind(capabilities: Capabilities, name: str, kind: str) -> None:
    if capabilities.media_kinds and kind not in capabilities.media_kinds:
        taken = ", ".join(one.partition("/")[2].upper() for one in _KINDS if one in capabilities.media_kinds)
        raise Refused(f"This network does not take {name} from here.", f"It takes {taken}.", rule="media")


def _none_taken() -> Refused:
    return Refused("This network takes no pictures from here.", "Leave them out.", rule="media")


def _told(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, size // 1000)} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")
