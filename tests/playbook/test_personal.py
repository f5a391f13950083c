"""Personal data: what is found in a text, what of it stays to be seen, and how well, in ten languages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.personal import Kind, Personal, find, is_contact, mask
from carecli.safetext import is_safe, sanitize
from tests.counting import calls
from tests.slow_texts import PERSONAL

_TEXTS = Path(__file__).with_name("personal_texts.tsv")
_MARKED = re.compile(r"\[(\w+)\|([^\]]*)\]")
CASES, PRECISION, RECALL = 10, 0.95, 0.95


class Labelled(NamedTuple):
    """A text of the set, and what of it is personal data."""

    language: str
    text: str
    personal: frozenset[tuple[str, int, int]]


def labelled() -> list[Labelled]:
    """The set: a language and a text a line, personal data as [kind|data]. Every number is made up or published."""
    return [_read(*line.split("\t", 1)) for line in _TEXTS.read_text("utf-8").splitlines()]


def _read(language: str, marked: str) -> Labelled:
    text, end, personal = "", 0, set()
    for mark in _MARKED.finditer(marked):
        text += marked[end : mark.start()]
        personal.add((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        end = mark.end()
    return Labelled(language, text + marked[end:], frozenset(personal))


# ── how well ──────────────────────────────────────────────────────────────────────────────────────


def test_the_set_has_texts_with_and_without_in_ten_languages() -> None:
    texts = labelled()
    held = Counter((one.language, bool(one.personal)) for one in texts)

    assert len(texts) >= 250
    assert len({one.text for one in texts}) == len(texts)
    assert {language for language, _ in held} == {"en", "tr", "pl", "cs", "ru", "he", "de", "fr", "es", "nl"}
    assert min(held.values()) >= 10


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_kind_is_found_where_a_reader_finds_it(kind: Kind, tell: Callable[[str], None]) -> None:
    right, wrong, missed = [], [], []
    for one in labelled():
        there = {span for span in one.personal if span[0] == kind}
        found = {(*span,) for span in find(one.text) if span.kind == kind}
        right += [one.text for _ in there & found]
        wrong += [one.text for _ in found - there]
        missed += [one.text for _ in there - found]
    precision, recall = len(right) / (len(right) + len(wrong)), len(right) / (len(right) + len(missed))
    cases = len(right) + len(missed)
    tell(
        f"{kind}: {cases} cases, precision {precision:.2f}, recall {recall:.2f}"
        f" ({len(right)} right, {len(wrong)} wrong, {len(missed)} missed)"
    )

    assert cases >= CASES
    assert precision >= PRECISION, wrong
    assert recall >= RECALL, missed


# ── what stays to be seen ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my card 4111 1111 1111 1111 please", "my card **** **** **** 1111 please"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("IBAN DE89 3704 0044 0532 0130 00 danke", "IBAN DE** **** **** **** **30 00 danke"),
        ("konto 61 1090 1014 0000 0712 1981 2874", "konto ** **** **** **** **** **** 2874"),
        ("call +44 (0)7700 900123 now", "call +** (*)**** ****23 now"),
        ("mail andy.loynes@example.com.", "mail a**********@*******.com."),
        ("a@example.com", "*@*******.com"),
        ("SSN 078-05-1120", "SSN ***-**-****"),
        ("4111 1111 1111 1111, andy@example.org", "**** **** **** 1111, a***@*******.org"),
    ],
)
def test_what_a_colleague_tells_it_by_stays(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("４１１１１１１１１１１１１１１１", "************１１１１"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "**** **** **** ١١١١"),
        ("4111\u200f 1111\u200e 1111 1111", "**** **** **** 1111"),
        ("\u202d4111111111111111\u202c", "\u202d************1111\u202c"),
        ("4111\u00a01111\u20111111\u20131111", "****\u00a0****\u2011****\u20131111"),
        ("4️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣", "************1️⃣1️⃣1️⃣1️⃣"),
        ("cafe\u0301.x@example.com", "c*****@*******.com"),
        ("ａｎｄｙ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａ***＠*******．ｃｏｍ"),
    ],
)
def test_digits_of_any_script_are_digits_and_hidden_marks_hide_nothing(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_masked_text_holds_nothing_more_to_be_masked() -> None:
    for one in labelled():
        assert mask(mask(one.text)) == mask(one.text)


# ── the brand's own ───────────────────────────────────────────────────────────────────────────────

OWN = ("+44 117 496 0100", "care@northwind.example", "@northwind.test")


@pytest.mark.parametrize(
    "text",
    [
        "call 0117 496 0100",
        "call +44 (0)117 4960100 today",
        "write to Care@Northwind.example",
        "write to anybody@northwind.test",
    ],
)
def test_the_brands_own_contacts_are_nobodys(text: str) -> None:
    assert find(text)
    assert find(text, OWN) == ()


@pytest.mark.parametrize("text", ["call 0117 496 0101", "write to andy@northwind.example", "a@x.northwind.test"])
def test_others_are_not_taken_for_the_brands_own(text: str) -> None:
    assert len(find(text, OWN)) == 1


@pytest.mark.parametrize("contact", [*OWN, "0800-1234", "+7 (800) 555-35-35"])
def test_a_contact_is_a_telephone_an_address_or_a_domain(contact: str) -> None:
    assert is_contact(contact)


@pytest.mark.parametrize("contact", ["", "hotline", "@", "care@", "northwind.example", "12"])
def test_anything_else_is_no_contact(contact: str) -> None:
    assert not is_contact(contact)


# ── whatever is in a text ─────────────────────────────────────────────────────────────────────────

_PIECES = st.sampled_from(
    [
        *"0123456789+-/.()@# ", "4111", "DE89", "\u200f", "\u0301", "\u20e3", "٣", "４", "אב", "a.b", ".com", "\n",
        "+44 ", "£", "tel ", "order ", "https://", "wa.me/", "😀", "👩‍💻",
    ]
)  # fmt: skip
_HOSTILE = st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join))


@given(_HOSTILE)
def test_what_is_found_lies_apart_in_order_and_between_whole_characters(text: str) -> None:
    end = 0
    for one in find(text):
        assert end <= one.start < one.end <= len(text)
        assert not (text[one.end : one.end + 1] and unicodedata.category(text[one.end])[0] == "M")
        end = one.end


@given(_HOSTILE)
def test_what_is_not_found_stays_as_it_is_and_nothing_grows(text: str) -> None:
    masked, end, at = mask(text), 0, 0
    for one in (*find(text), Personal("card", len(text), len(text))):
        kept = text[end : one.start]
        at = masked.find(kept, at)
        assert at >= 0
        at += len(kept)
        end = one.end
    assert len(masked) <= len(text)


@given(_HOSTILE)
def test_a_safe_text_stays_safe(text: str) -> None:
    assert is_safe(mask(sanitize(text)))


@pytest.mark.parametrize("piece", PERSONAL)
def test_a_text_is_read_in_steps_in_proportion_to_its_length(piece: str) -> None:
    find(piece)
    long, short = (calls(partial(find, piece * times)) for times in (400, 200))
    assert long <= 2.5 * short + 50
