"""Whether proofs are read here, and what to do where they are not: for people, once, where they ask.

Not for: reading them (`proofreader`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from carecli.model import Record
from carecli.proof.dictionaries import find, language_name, package_of

_ENGLISH = "en"
EXTRA = "pip install 'carecli[proof]'"


class Off(Record, frozen=True):
    """What is off, as a sentence, and how to have it."""

    sentence: str
    remedy: str


def is_installed() -> bool:
    """Whether the extra is there. Imports nothing of it."""
    return find_spec("harper") is not None and find_spec("hunspell") is not None


def is_english(language: str) -> bool:
    """Whether a network's tag means English, which needs no dictionary."""
    return language.replace("_", "-").partition("-")[0].lower() == _ENGLISH


def off(languages: Iterable[str], folders: Sequence[Path]) -> Off | None:
    """What is off of proofreading in some languages, by their tags; None where nothing is.

    folders: where dictionaries may lie.
    """
    if not is_installed():
        return Off("Proofreading is off: spelling and grammar are not looked at.", f"Install it: {EXTRA}.")
    missing = [one for one in dict.fromkeys(languages) if not is_english(one) and find(one, folders) is None]
    if not missing:
        return None
    names = [language_name(one) for one in missing]
    packages = [package for one in missing if (package := package_of(one))]
    remedy = f"Install {', '.join(packages)}." if packages else "Put its .aff and .dic into the folder `dictionaries`."
    if len(names) == 1:
        return Off(f"No {names[0]} dictionary is installed: spelling in {names[0]} is off.", remedy)
    return Off(f"Spelling is off in {', '.join(names)}: no dictionaries of these are installed.", remedy)
