"""Money: amounts as people read them. Inside, every amount is in micros, millionths of a US dollar.

Not for: prices (each network's own room), or what has been spent (`store.spending`).
"""

from __future__ import annotations

MICROS = 1_000_000
"""Micros in a US dollar."""

_CENT = MICROS // 100


def dollars(micros: int) -> str:
    """`$1,234.50`; below ten cents the tenths of a cent as well, `$0.015`, because that is what one call costs."""
    digits = 3 if 0 < micros < 10 * _CENT else 2
    return f"${micros / MICROS:,.{digits}f}"
