"""Whom one may call by name, and whether a text does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.playbook.names import addresses, first_name


@pytest.mark.parametrize(
    ("display_name", "expected"),
    [
        ("Andy Loynes", "Andy"),
        ("Dr. Claire Lowe", "Claire"),
        ("Ola Nowak 🇵🇱", "Ola"),
        ("★ Jiří Dvořák ★", "Jiří"),
        ("Ayşe Yılmaz", "Ayşe"),
        ("Анна Петрова", "Анна"),
        ("דנה לוי", "דנה"),
        ("Jean-Luc", "Jean-Luc"),
        ("Loynes, Andy", "Andy"),
        ("Andy (he/him)", "Andy"),
        ("Andy | photos and cats", "Andy"),
        ("ANDY LOYNES", "Andy"),
        ("Zoë", "Zoë"),
        ("John's Pizza Shop", ""),
        ("the quiet one", ""),
        ("xX_gamer_Xx", ""),
        ("andy99", ""),
        ("MUFC FAN", ""),
        ("Mr Smith", ""),
        ("A. Loynes", ""),
        ("Andy & Sue", ""),
        ("Andy's Mum", ""),
        ("zak", ""),
        ("BIG DAVE", ""),
        ("J", ""),
        ("", ""),
        ("🔥🔥🔥", ""),
        ("A very long name of five words", ""),
    ],
)
def test_a_name_is_taken_only_from_what_looks_like_a_person_s(display_name: str, expected: str) -> None:
    assert first_name(display_name) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Hi Andy, on it", "Andy", True),
        ("hi ANDY!", "Andy", True),
        ("Dzień dobry, Anno", "Anna", True),
        ("Dobrý den, Jirko... pane Jiří", "Jiří", True),
        ("Ahoj Petře", "Petr", True),
        ("Andy's parcel is on its way", "Andy", True),
        ("Dzień dobry, Panie Marku", "Marek", True),
        ("Panie Pawle, już działa", "Paweł", True),
        ("Dobrý den, Marku", "Marek", True),
        ("Market opens at nine", "Marek", False),
        ("Hi there", "Andy", False),
        ("Sorry and thanks", "Andy", False),
        ("@andy it is on its way", "Andy", False),
        ("From January on", "Jan", False),
        ("handy tips", "Andy", False),
    ],
)
def test_a_text_addresses_somebody_in_any_case_and_with_endings(text: str, name: str, expected: bool) -> None:
    assert addresses(text, name) is expected


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_display_name_breaks_the_guess(display_name: str) -> None:
    name = first_name(display_name)
    assert name == "" or addresses(f"Hi {name}, hello", name)
