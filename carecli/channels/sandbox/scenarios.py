"""Scenarios: what simulated customers say, as data, one TOML file a language.

Reads and checks `scenarios/*.toml` and `hostile.toml`; the schema is explained in docs/sandbox.md.
Not for: when they say it (`course`) or to whom (`casting`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from carecli.errors import ConfigError

FOLDER = Path(__file__).parent / "scenarios"
HOSTILE = Path(__file__).parent / "hostile.toml"

Text = Annotated[str, msgspec.Meta(min_length=1)]
One = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
Two = Annotated[tuple[Text, ...], msgspec.Meta(min_length=2)]
Three = Annotated[tuple[Text, ...], msgspec.Meta(min_length=3)]
# A name as it is displayed, and the same in the letters of a handle.
Spelling = tuple[Text, Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]+$")]]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what is read from a file: a key that nobody knows is refused."""


class Names(Data, frozen=True):
    """Given and family names that go together in any combination."""

    given: Annotated[tuple[Spelling, ...], msgspec.Meta(min_length=4)]
    family: Annotated[tuple[Spelling, ...], msgspec.Meta(min_length=4)]


class Diary(Data, frozen=True):
    """The parts of a very long private message; `line` knows {day}, {month}, {time} and {speed}."""

    opening: Text
    line: Text
    closing: Text

    def __post_init__(self) -> None:
        try:
            self.line.format(day=1, month=1, time="18:30", speed=3)
        except (LookupError, ValueError):
            raise ValueError("`line` may hold {day}, {month}, {time} and {speed}, and no other braces") from None


class Scenario(Data, frozen=True):
    """One matter that a customer comes with, and all they may say about it.

    second: sent in one breath with the opening, as a post of its own. bystander: somebody else joins the thread.
    diary: some of these customers begin the private talk with the language's very long message.
    """

    id: Text
    kind: Literal["safety", "complaint", "question", "praise"]
    openings: Two
    thanks: Three
    tone: Literal["calm", "rude"] = "calm"
    diary: bool = False
    second: str = ""
    bystander: str = ""
    bumps: Two = ()
    not_solved: Three = ()
    questions: Two = ()
    private: Two = ()

    def __post_init__(self) -> None:
        needed = ("bumps", "not_solved", "questions", "private")
        missing = [key for key in needed if not getattr(self, key)]
        if missing and self.kind != "praise":
            raise ValueError(f"a scenario that wants an answer needs {', '.join(f'`{key}`' for key in missing)} too")


class Language(Data, frozen=True):
    """Everything that customers of one language are and say. `weight` is their share among the languages.

    language: the code as networks tag posts with it, which names the file too.
    """

    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]
    names: Annotated[tuple[Names, ...], msgspec.Meta(min_length=1)]
    aliases: Annotated[tuple[Spelling, ...], msgspec.Meta(min_length=3)]
    leaving: Two
    diary: Diary
    scenarios: Annotated[tuple[Scenario, ...], msgspec.Meta(min_length=8)]
    weight: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1


class Hostile(Data, frozen=True):
    """A customer whose name and text attack the screen that shows them."""

    name: Text
    text: Text


class HostilePeople(Data, frozen=True):
    """The file of hostile customers."""

    people: Annotated[tuple[Hostile, ...], msgspec.Meta(min_length=1)]


_File = TypeVar("_File", Language, HostilePeople)


def _read(path: Path, shape: type[_File]) -> _File:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read: {error.strerror}.", "Check the installation.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence, _, key = str(error).partition(" - at ")
        raise _mistake(path, key.strip("`").removeprefix("$."), sentence) from None


def _mistake(path: Path, key: str, sentence: str) -> ConfigError:
    place = f"{path.name} at {key}" if key else path.name
    return ConfigError(f"{place}: {sentence}.", "docs/sandbox.md explains the keys.", key=key)


def load_language(path: Path) -> Language:
    """Read one language's file.

    Raises `ConfigError` that names the file, the key by its path and what is wrong with it.
    """
    language = _read(path, Language)
    if language.language != path.stem:
        raise _mistake(path, "language", f"{language.language!r} is not the language that the file is named after")
    return language


def available_languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The codes of the languages that have scenarios, without reading them."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def load_languages(codes: Iterable[str], folder: Path = FOLDER) -> tuple[Language, ...]:
    """Read the scenarios of these languages. Raises `ConfigError`."""
    return tuple(load_language(folder / f"{code}.toml") for code in codes)


def load_hostile(path: Path = HOSTILE) -> tuple[Hostile, ...]:
    """Read the hostile customers. Raises `ConfigError`."""
    return _read(path, HostilePeople).people
