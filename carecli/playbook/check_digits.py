"""Check digits: whether a number is built as those who give it out build theirs.

For telling a card or a national number from an order number of the same length. A number that passes need not have
been given to anybody. Not for: finding numbers in a text (`personal`), or reading their separators.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# How many characters an IBAN has, by its country (the registry of ISO 13616).
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip
# The issuers' prefixes and the lengths of their cards. Visa's of 13 digits are gone, and those of 19 are rarer than the
# posts and parcels of that length.
_CARDS = re.compile(
    r"4\d{15}"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|220[0-4]\d{12}|9792\d{12}"  # Mir, Troy
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|35(?:2[89]|[3-8]\d))\d{12}"  # Discover, JCB
    r"|62\d{14}(?:\d{3})?"  # UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12}"  # Maestro
)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_NO_NINO = frozenset(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))
_NINO = re.compile(r"[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]")


def is_card(digits: str) -> bool:
    """A payment card: an issuer's prefix with its length, and the check digit of ISO/IEC 7812."""
    return _CARDS.fullmatch(digits) is not None and luhn(digits)


def is_iban(text: str) -> bool:
    """An international bank account number, without spaces and in capitals (ISO 13616)."""
    if IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def luhn(digits: str) -> bool:
    """The sum in which each second digit from the right counts double."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_pesel(digits: str) -> bool:
    """Poland: eleven digits that begin with a date of birth, of 1900 to 2099."""
    if not _is_day(int(digits[2:4]) % 20, int(digits[4:6])) or int(digits[2]) > 3:
        return False
    return _weighed(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def is_rodne_cislo(digits: str) -> bool:
    """The Czech Republic and Slovakia: ten digits that begin with a date of birth; women's months count from 51."""
    month = int(digits[2:4]) % 50
    # From 2004 on a day whose numbers ran out has its months counted from 21 or 71.
    month -= 20 if month > 20 else 0
    return _is_day(month, int(digits[4:6])) and int(digits[:9]) % 11 % 10 == int(digits[9])


def is_tc_kimlik(digits: str) -> bool:
    """Turkey: eleven digits, the last two of them check digits."""
    numbers = [int(digit) for digit in digits]
    tenth = (7 * sum(numbers[:9:2]) - sum(numbers[1:8:2])) % 10
    return numbers[0] != 0 and numbers[9] == tenth and numbers[10] == sum(numbers[:10]) % 10


def is_inn(digits: str) -> bool:
    """Russia's tax number of a person: twelve digits, the last two of them check digits."""
    eleventh = _weighed(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    twelfth = _weighed(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return digits[10:] == f"{eleventh}{twelfth}" and len(set(digits)) > 1


def is_snils(digits: str) -> bool:
    """Russia's insurance number: nine digits and two check digits."""
    return _weighed(digits, range(9, 0, -1)) % 101 % 100 == int(digits[9:]) and len(set(digits)) > 1


def is_teudat_zehut(digits: str) -> bool:
    """Israel: nine digits with one check digit."""
    return luhn(digits) and len(set(digits)) > 1


def is_steuer_id(digits: str) -> bool:
    """Germany: eleven digits of which one digit of the first ten comes two or three times, the others once."""
    times = sorted(Counter(digits[:10]).values())
    if digits[0] == "0" or times not in ([1] * 8 + [2], [1] * 7 + [3]):
        return False
    product = 10
    for digit in digits[:10]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[10])


def is_insee(number: str) -> bool:
    """France: sex, year, month, place, number and two check digits, 15 in all; Corsica's places hold a letter."""
    digits = number.replace("2A", "19").replace("2B", "18")
    month = int(digits[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42) and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_dni(number: str) -> bool:
    """Spain: eight digits and their letter; foreigners have X, Y or Z in place of the first digit."""
    digits = number[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _DNI_LETTERS[int(digits) % 23] == number[-1]


def is_bsn(digits: str) -> bool:
    """The Netherlands: nine digits, weighed by eleven."""
    return _weighed(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and len(set(digits)) > 1


def is_nino(number: str) -> bool:
    """The United Kingdom: two letters, six digits, a letter. There is no check digit; some letters are never given."""
    return _NINO.fullmatch(number) is not None and number[:2] not in _NO_NINO


def is_ssn(digits: str) -> bool:
    """The United States: nine digits. There is no check digit; some numbers are never given."""
    return digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
