"""Capitals and small letters as a language writes them: Turkish has an i with a dot and one without.

Not for: comparing, to which case is nothing (`folding`).
"""

from __future__ import annotations

_TURKISH = str.maketrans("Iİ", "ıi")
# What Python makes two characters of.
_DOTTED = str.maketrans("İ", "i")


def small(text: str, language: str) -> str:
    """`text` in small letters, as long as it was. language: one that has phrases, such as "tr"."""
    return text.translate(_TURKISH if language == "tr" else _DOTTED).lower()


def begun(text: str, language: str) -> str:
    """`text` as a sentence begins: with a capital, where its first letter has one."""
    first = "İ" if language == "tr" and text.startswith("i") else text[:1].upper()
    return first + text[1:]
