"""Personal data in a text: cards, bank accounts, e-mail addresses, telephones and national numbers (practice 35).

Told by their form and their check digits, and where these do not suffice by the word beside them; docs/privacy.md says
how well, and what is out of reach. A text is read in proportion to its length, whatever is in it. Not for: who sees
what (`desk.masking`), or what a draft may hold (`checks.privacy`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from carecli.playbook import check_digits
from carecli.playbook.digit_groups import INVISIBLE, Group, Words, groups, plain, run, without_others
from carecli.playbook.phone_numbers import is_service, phone_at

Kind = Literal["card", "iban", "email", "phone", "national"]

MASK = "*"
# The least digits that anything here has: a British insurance number.
_FEWEST_DIGITS = 6
_DIGIT = re.compile(r"\d")
_LOCAL_MOST, _DOMAIN_MOST = 64, 253
_LOCAL_SIGNS = frozenset("._%+'-")
_DOMAIN = re.compile(r"(?:[^\W_][\w-]{0,62}\.){1,8}(?:[^\W\d_]{2,24}|xn--[\w-]{1,59})(?![\w@-])")
_IBAN = re.compile(r"(?<![^\W_])([A-Za-z]{2})[ -]?\d\d")
_INSEE = re.compile(
    r"(?<![\w-])[12][ .]?\d\d[ .]?[0-4]\d[ .]?(?:\d\d|2[ABab])[ .]?\d{3}[ .]?\d{3}[ ./-]{0,3}\d\d(?![\w-])"
)
_DNI = re.compile(
    r"(?<![\w.-])(?:\d{8}|\d\d\.\d{3}\.\d{3}|[XYZxyz]-?\d{7}|[XYZxyz]-?\d\.\d{3}\.\d{3})-?[A-Za-z](?![\w-])"
)
_NINO = re.compile(r"(?<![\w-])[A-Za-z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-Da-d](?![\w-])")
_CARD_SHAPES = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (8, 8))
# How Poles write their account among themselves.
_POLISH_ACCOUNTS = ((2, 4, 4, 4, 4, 4, 4), (26,))
_NATIONAL_SHAPES = (
    (11,), (12,), (10,), (6, 4), (3, 3, 3, 2), (2, 3, 3, 3), (3, 2, 4), (4, 2, 3), (3, 3, 3), (8, 1), (9,), (8,)
)  # fmt: skip
# By their first group: most groups begin none of them.
_CARDS_FROM = {first: [known for known in _CARD_SHAPES if known[0] == first] for first, *_ in _CARD_SHAPES}
_NATIONAL_FROM = {first: [known for known in _NATIONAL_SHAPES if known[0] == first] for first, *_ in _NATIONAL_SHAPES}
# Enough to tell a telephone from all others, without the country's and the trunk's digits before it.
_SAME_PHONE = 8


class Personal(NamedTuple):
    """Personal data that stands in a text, and where."""

    kind: Kind
    start: int
    end: int


class _Own(NamedTuple):
    """The brand's own contacts: addresses and domains, whole numbers."""

    addresses: frozenset[str]
    numbers: tuple[str, ...]


def find(text: str, own: tuple[str, ...] = ()) -> tuple[Personal, ...]:
    """What of `text` is personal data, in its order; no two overlap, and none begins or ends within a character.

    own: the brand's own telephones, addresses and, with an @ before them, domains; these are nobody's.
    """
    has_number = len(_DIGIT.findall(text)) >= _FEWEST_DIGITS
    if not has_number and "@" not in text and "\uff20" not in text:
        return ()
    read = plain(text)
    ours = _own(own)
    found = [one for one in _emails(read.text) if not _is_address_of(ours, read.text[one.start : one.end])]
    if has_number:
        bare = _without(without_others(read.text), _emails(read.text))
        found += [one for one in _numbers(bare) if not _is_number_of(ours, read.text[one.start : one.end])]
    return tuple(sorted((_placed(one, read.places, text) for one in found), key=lambda one: one.start))


def mask(text: str, own: tuple[str, ...] = ()) -> str:
    """`text` with its personal data as asterisks, but for what colleagues tell it by.

    Of a card the last four digits stay, of a bank account the country and the last four, of a telephone the last two,
    of an e-mail address its first letter and its last ending; of a national number nothing.
    """
    found = find(text, own)
    if not found:
        return text
    pieces: list[str] = []
    end = 0
    for one in found:
        pieces += (text[end : one.start], _masked(text[one.start : one.end], one.kind))
        end = one.end
    return "".join((*pieces, text[end:]))


def is_contact(contact: str) -> bool:
    """Whether the brand's contact can be told in a text: a telephone of some digits, an address, an @ and a domain."""
    contact = contact.strip()
    if "@" in contact:
        return _DOMAIN.fullmatch(contact.rpartition("@")[2]) is not None
    return len(_DIGIT.findall(plain(contact).text)) >= _FEWEST_DIGITS


# ── e-mail addresses ──────────────────────────────────────────────────────────────────────────────


def _emails(text: str) -> list[Personal]:
    found: list[Personal] = []
    at = text.find("@")
    while at >= 0:
        start = at
        while start > max(0, at - _LOCAL_MOST) and _is_local(text[start - 1]):
            start -= 1
        # Somebody mentioned on another server (@user@server) has no address; a stop or quote before it is none's.
        while start < at and text[start] in ".'%":
            start += 1
        domain = _DOMAIN.match(text, at + 1, at + 1 + _DOMAIN_MOST)
        if start < at and domain and text[start - 1 : start] != "@" and (not found or start >= found[-1].end):
            found.append(Personal("email", start, domain.end()))
        at = text.find("@", at + 1)
    return found


def _is_local(character: str) -> bool:
    return character.isalnum() or character in _LOCAL_SIGNS or unicodedata.category(character)[0] == "M"


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────


def _numbers(text: str) -> list[Personal]:
    """All but e-mail addresses in a plain text. What is found first is taken out before the next is looked for."""
    found: list[Personal] = []
    words = Words(text)
    for look in (_ibans, _lettered, _grouped):
        new = list(look(text, words))
        found += new
        text = _without(text, new)
    return found


def _ibans(text: str, words: Words) -> Iterator[Personal]:
    end = 0
    for head in _IBAN.finditer(text):
        length = check_digits.IBAN_LENGTHS.get(head[1].upper(), 0)
        if head.start() < end or not length:
            continue
        characters: list[str] = []
        at = head.start()
        while at < len(text) and len(characters) < length:
            if text[at].isascii() and text[at].isalnum():
                characters.append(text[at].upper())
            elif text[at] not in " -." or text[at - 1] in " -.":
                break
            at += 1
        if not text[at : at + 1].isalnum() and check_digits.is_iban("".join(characters)):
            yield Personal("iban", head.start(), at)
            end = at


def _lettered(text: str, words: Words) -> Iterator[Personal]:
    """National numbers that hold a letter, or may."""
    forms: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
        (_INSEE, check_digits.is_insee), (_DNI, check_digits.is_dni), (_NINO, check_digits.is_nino)
    )  # fmt: skip
    for pattern, passes in forms:
        for match in pattern.finditer(text):
            number = "".join(character for character in match[0].upper() if character.isalnum())
            if passes(number) and words.around(*match.span()).meaning != "other":
                yield Personal("national", *match.span())


def _grouped(text: str, words: Words) -> Iterator[Personal]:
    """What is told by its digits alone, and by how they are grouped."""
    found = groups(text)
    at = 0
    while at < len(found):
        one = _number(text, words, found, at)
        if one is None:
            at += 1
            continue
        kind, taken = one
        if kind == "phone" and is_service(_digits(found[at : at + taken])):
            at += taken
            continue
        start = found[at].start
        if kind == "phone" and text[start - 1 : start] in ("+", "("):
            start -= 2 if text[max(0, start - 2) : start] == "(+" else 1
        yield Personal(kind, start, found[at + taken - 1].end)
        at += taken


_Taken = tuple[Kind, int] | None


def _number(text: str, words: Words, found: Sequence[Group], at: int) -> _Taken:
    """What begins at a group, and how many groups it takes."""
    if not found[at].open_left:
        return None
    hanging, shape = run(found, at)
    if sum(shape) < _FEWEST_DIGITS:
        return None
    if taken := _card(words, hanging, shape):
        return "card", taken
    if _is_account(hanging, shape):
        return "iban", len(hanging)
    if taken := _national(words, hanging, shape):
        return "national", taken
    if taken := phone_at(text, words, hanging, shape):
        return "phone", taken
    return None


def _card(words: Words, hanging: Sequence[Group], shape: tuple[int, ...]) -> int:
    for known in _CARDS_FROM.get(shape[0], ()):
        taken = len(known)
        if shape[:taken] == known and hanging[taken - 1].open_right and check_digits.is_card(_digits(hanging[:taken])):
            return taken
    first = hanging[0]
    if first.open_right and check_digits.is_card(first.digits):
        return words.around(first.start, first.end).meaning != "other"
    return 0


def _is_account(hanging: Sequence[Group], shape: tuple[int, ...]) -> bool:
    return shape in _POLISH_ACCOUNTS and hanging[-1].open_right and check_digits.is_iban(f"PL{_digits(hanging)}")


def _national(words: Words, hanging: Sequence[Group], shape: tuple[int, ...]) -> int:
    for known in _NATIONAL_FROM.get(shape[0], ()):
        taken = len(known)
        if shape[:taken] != known or not hanging[taken - 1].open_right:
            continue
        digits, joints = _digits(hanging[:taken]), "".join([group.joint or "" for group in hanging[1:taken]])
        strong = _passes(known, joints, digits)
        if strong or _passes_named(known, digits):
            meaning = words.around(hanging[0].start, hanging[taken - 1].end).meaning
            if meaning == "identity" or (strong and meaning == ""):
                return taken
    return 0


def _digits(parts: Sequence[Group]) -> str:
    return "".join([part.digits for part in parts])


def _passes(shape: tuple[int, ...], joints: str, digits: str) -> bool:
    """Whether it is a national number that so few others pass for that it needs no word beside it."""
    match shape:
        case (11,):
            tests = (check_digits.is_tc_kimlik, check_digits.is_pesel, check_digits.is_steuer_id)
            return any(passes(digits) for passes in tests)
        case (12,):
            return check_digits.is_inn(digits)
        case (10,) | (6, 4):
            return check_digits.is_rodne_cislo(digits)
        case (3, 3, 3, 2):
            return check_digits.is_snils(digits) or check_digits.is_tc_kimlik(digits)
        case (2, 3, 3, 3):
            return check_digits.is_steuer_id(digits)
        case (3, 2, 4):
            return joints == "--" and check_digits.is_ssn(digits)
        case _:
            return False


def _passes_named(shape: tuple[int, ...], digits: str) -> bool:
    """Whether it is one that many others pass for."""
    if len(digits) == 9:
        tests = (check_digits.is_bsn, check_digits.is_teudat_zehut, check_digits.is_ssn)
        return any(passes(digits) for passes in tests)
    return (shape == (8,) and check_digits.is_teudat_zehut(f"0{digits}")) or (
        len(digits) == 11 and check_digits.is_snils(digits)
    )


# ── the brand's own ───────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=64)
def _own(contacts: tuple[str, ...]) -> _Own:
    digits = ("".join(_DIGIT.findall(plain(contact).text)) for contact in contacts if "@" not in contact)
    return _Own(
        frozenset(contact.strip().casefold() for contact in contacts if "@" in contact),
        tuple(number for number in digits if number),
    )


def _is_address_of(own: _Own, address: str) -> bool:
    address = address.casefold()
    return bool(own.addresses) and (address in own.addresses or address[address.rindex("@") :] in own.addresses)


def _is_number_of(own: _Own, number: str) -> bool:
    """Whether it is a number of the brand's, with whichever digits of country and trunk before it."""
    if not own.numbers:
        return False
    digits = "".join(_DIGIT.findall(number))
    return any(
        digits == ours or (len(ours) >= _SAME_PHONE <= len(digits) and digits[-_SAME_PHONE:] == ours[-_SAME_PHONE:])
        for ours in own.numbers
    )


# ── places and masks ──────────────────────────────────────────────────────────────────────────────


def _without(text: str, found: Iterable[Personal]) -> str:
    """`text`, as long as it is, without what was found in it."""
    pieces: list[str] = []
    end = 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += (text[end : one.start], "\x00" * (one.end - one.start))
        end = one.end
    return "".join((*pieces, text[end:]))


def _placed(one: Personal, places: Sequence[int] | None, text: str) -> Personal:
    """The same in the text as it was written, with the marks that belong to its last character."""
    start, end = (one.start, one.end) if places is None else (places[one.start], places[one.end - 1] + 1)
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return Personal(one.kind, start, end)


def _is_mark(character: str) -> bool:
    return not character.isascii() and (
        INVISIBLE.match(character) is not None or unicodedata.category(character)[0] == "M"
    )


def _masked(text: str, kind: Kind) -> str:
    letters = [at for at, character in enumerate(text) if character.isalnum()]
    match kind:
        case "card":
            shown = set(letters[-4:])
        case "iban":
            shown = {*(at for at in letters[:2] if text[at].isalpha()), *letters[-4:]}
        case "phone":
            shown = set(letters[-2:])
        case "email":
            sign = max(text.rfind("@"), text.rfind("\uff20"))
            ending = max(text.rfind("."), text.rfind("\uff0e"))
            hidden = [at for at, character in enumerate(text) if at < sign or character.isalnum()]
            shown = {*hidden[: 1 if sign > 1 else 0], *(at for at in hidden if at > ending)}
            letters = hidden
        case "national":
            shown = set()
    hidden_at = set(letters) - shown
    out: list[str] = []
    hiding = False
    for at, character in enumerate(text):
        if _is_mark(character) and at not in shown:
            # A mark goes with its letter.
            if not hiding:
                out.append(character)
            continue
        hiding = at in hidden_at
        out.append(MASK if hiding else character)
    return "".join(out)
