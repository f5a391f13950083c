"""Check digits: published examples pass, and whatever is one digit off does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from carecli.playbook import check_digits as checks

_PUBLISHED: list[tuple[Callable[[str], bool], str]] = [
    (checks.is_card, "4111111111111111"),
    (checks.is_card, "5555555555554444"),
    (checks.is_card, "2223003122003222"),
    (checks.is_card, "378282246310005"),
    (checks.is_card, "30569309025904"),
    (checks.is_card, "3530111333300000"),
    (checks.is_card, "2200000000000004"),
    (checks.is_iban, "GB82WEST12345698765432"),
    (checks.is_iban, "DE89370400440532013000"),
    (checks.is_iban, "FR1420041010050500013M02606"),
    (checks.is_iban, "PL61109010140000071219812874"),
    (checks.is_pesel, "44051401359"),
    (checks.is_tc_kimlik, "10000000146"),
    (checks.is_inn, "500100732259"),
    (checks.is_snils, "11223344595"),
    (checks.is_teudat_zehut, "123456782"),
    (checks.is_steuer_id, "86095742719"),
    (checks.is_steuer_id, "65929970489"),
    (checks.is_insee, "255081416802538"),
    (checks.is_dni, "12345678Z"),
    (checks.is_dni, "X1234567L"),
    (checks.is_bsn, "111222333"),
]


@pytest.mark.parametrize(("passes", "number"), _PUBLISHED, ids=lambda value: str(getattr(value, "__name__", value)))
def test_a_published_example_passes_and_no_slip_of_a_digit_does(passes: Callable[[str], bool], number: str) -> None:
    assert passes(number)

    last = max(at for at, character in enumerate(number) if character.isdigit())
    slips = {f"{number[:last]}{digit}{number[last + 1 :]}" for digit in "0123456789"} - {number}
    assert [slip for slip in slips if passes(slip)] == []


def test_a_czech_number_is_weighed_by_eleven() -> None:
    assert checks.is_rodne_cislo("7103192745")
    assert not checks.is_rodne_cislo("9103192745")


@pytest.mark.parametrize("day", ["711319", "710332", "710019", "718319"])
def test_a_czech_number_holds_a_day(day: str) -> None:
    assert not any(checks.is_rodne_cislo(f"{day}{rest:04d}") for rest in range(100))


@pytest.mark.parametrize("number", ["44054001359", "44131401359", "44850101359"])
def test_a_polish_number_holds_a_day_of_these_centuries(number: str) -> None:
    assert not any(checks.is_pesel(f"{number[:10]}{digit}") for digit in "0123456789")


@pytest.mark.parametrize("number", ["411111111111111", "1111111111111117", "4111111111111111111", "6" * 16])
def test_a_card_has_its_issuers_prefix_and_length(number: str) -> None:
    assert not checks.is_card(number)


@pytest.mark.parametrize("text", ["XX82WEST12345698765432", "GB82WEST1234569876543", "GB"])
def test_an_account_has_its_countrys_length(text: str) -> None:
    assert not checks.is_iban(text)


@pytest.mark.parametrize("number", ["BG123456A", "QQ123456C", "AO123456C", "AB123456E", "AB12345C"])
def test_some_british_letters_are_never_given(number: str) -> None:
    assert not checks.is_nino(number)
    assert checks.is_nino("JG103759A")


@pytest.mark.parametrize("number", ["000121234", "666121234", "900121234", "123001234", "123120000"])
def test_some_american_numbers_are_never_given(number: str) -> None:
    assert not checks.is_ssn(number)
    assert checks.is_ssn("078051120")


@pytest.mark.parametrize(
    ("passes", "length"),
    [(checks.is_inn, 12), (checks.is_snils, 11), (checks.is_teudat_zehut, 9), (checks.is_bsn, 9)],
)
def test_one_digit_over_and_over_is_no_number(passes: Callable[[str], bool], length: int) -> None:
    assert not any(passes(digit * length) for digit in "0123456789")
