"""Amounts as people read them."""

from __future__ import annotations

import pytest

from carecli.money import dollars


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (1_000, "$0.001"),
        (15_000, "$0.015"),
        (99_999, "$0.100"),
        (100_000, "$0.10"),
        (1_240_000, "$1.24"),
        (1_234_500_000, "$1,234.50"),
    ],
)
def test_small_amounts_show_tenths_of_a_cent(micros: int, text: str) -> None:
    assert dollars(micros) == text
