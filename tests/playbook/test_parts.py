"""Splitting a long reply: nothing lost or out of order, every part within its limit, and what is one stays one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook import parts as playbook_parts
from carecli.playbook.parts import Span

SIGNATURE = " ^CL"
TEXTS = {
    "en": "Hi Anna, sorry for the wait. Your parcel left us on 3 May 2026 at 9 p.m. It costs 1,234.50 £ in all. "
    "See https://example.com/help?a=1,2 or ask Dr. Peter Smith, e.g. by phone: +44 20 7946 0958. Thank you!",
    "de": "Guten Tag Frau Lange, es tut uns leid. Ihr Paket kommt am 5. Mai, d. h. morgen, bzw. am 6. Mai. "
    "Es kostet 1.234,50 € inkl. Versand. Wir melden uns!",
    "pl": "Dzień dobry, przepraszamy za kłopot. Paczka nr 12 345 678 dotrze 5 maja 2026 r. ok. 14:30, tj. jutro. "
    "Koszt to 1 234,50 zł. Czy mamy podać numer kuriera?",
    "cs": "Dobrý den, omlouváme se. Zásilka č. 12 345 dorazí 5. 5. 2026, tzn. zítra, na adresu ul. Nová 12. "
    "Stojí 1 234,50 Kč. Ozveme se!",
    "tr": "Merhaba Ayşe Hanım, özür dileriz. Kargonuz 5 Mayıs 2026'da saat 14.30'da gelecek, yani yarın. "
    "Tutar 1.234,50 ₺. Dr. Mehmet Öz size yazacak.",
    "ru": "Здравствуйте, Анна! Ваш заказ № 12 345 от 5 июня 2026 г. уже в пути, т. е. придёт завтра. "
    "Стоимость — 1 234,50 ₽. Пишите нам на https://example.com/помощь или @northwind.",
    "he": "שלום אנה, תודה שפנית אלינו. ההזמנה שלך מס. 12345 נשלחה ב-3 במאי 2026, כלומר מחר. "
    "המחיר הוא 1,234.50 ₪. נשמח לעזור!",
    "ja": "お問い合わせありがとうございます。ご注文のスマートフォンは2026年5月3日に発送され、明日届きます。詳細はhttps://example.com/aをご覧ください。"
    "ご不明な点は@northwindまで、お気軽にお問い合わせください。",
    "zh": "您好，感谢您的耐心等待。您的包裹已于2026年5月3日寄出，预计明天到达。"
    "如有疑问，请访问https://example.com/help，或致电400-820-8820。",
    "ko": "안녕하세요 고객님, 기다려 주셔서 감사합니다. 주문하신 상품은 2026년 5월 3일에 발송되었습니다. "
    "곧 연락드리겠습니다!",
}
# Whatever is in a text, a part holds these whole or not at all.
_ONE = [
    *("https://example.com/a,b.c;d", "@north_wind", "#слово", "1 234,50 €", "£ 12.50", "3 May 2026", "5. 5. 2026"),
    *("+44 20 7946 0958", "14:30", "Anna Smith", "Анна Каренина", "e.g. this", "z. B. so", "Dr. Müller", "No. 5"),
    *("т. е. так", "9 p.m. today", "1 000 000", "§ 12", "12 %", "👩🏾‍🚀", "naïve", "שָׁלוֹם"),
]
_GLUE = st.sampled_from([" and ", ", ", ". Then ", "! ", "\n", "\n\n", "; but ", " then "])


def split(
    text: str, fits: Callable[[str], bool], *, whole: Iterable[Span] = (), numbered: bool = False
) -> tuple[str, ...]:
    """The parts' texts; that each is what its span says is held by the way."""
    parts = playbook_parts.split(text, fits, whole=whole, numbered=numbered)
    number = " {}/{}" if numbered and len(parts) > 1 else ""
    for n, part in enumerate(parts, start=1):
        assert part.text == text[part.start : part.end] + number.format(n, len(parts))
    return tuple(part.text for part in parts)


def within(limit: int) -> Callable[[str], bool]:
    return lambda part: len(part + SIGNATURE) <= limit


def assert_nothing_is_lost(text: str, parts: Sequence[str]) -> None:
    """The parts follow each other in `text` with nothing but white space between them."""
    at = 0
    for part in parts:
        assert part
        assert part == part.strip()
        found = text.index(part, at)
        assert not text[at:found].strip()
        at = found + len(part)
    assert not text[at:].strip()


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("limit", [45, 60, 100, 140, 280])
def test_every_language_is_split_without_loss(language: str, limit: int) -> None:
    parts = split(TEXTS[language], within(limit))
    assert_nothing_is_lost(TEXTS[language], parts)
    assert all(within(limit)(part) for part in parts)


@given(st.text(max_size=400), st.integers(30, 120))
def test_any_text_is_split_without_loss(text: str, limit: int) -> None:
    parts = split(text, lambda part: len(part.encode("utf-16-be", "surrogatepass")) <= 8 * limit)
    assert_nothing_is_lost(text, parts)


@given(st.lists(st.tuples(st.sampled_from(_ONE), _GLUE), max_size=30), st.integers(45, 90))
def test_what_is_one_stays_one(pieces: list[tuple[str, str]], limit: int) -> None:
    text = "".join(one + glue for one, glue in pieces)
    parts = split(text, within(limit))
    assert_nothing_is_lost(text, parts)
    assert all(within(limit)(part) for part in parts)
    for one, _ in pieces:
        assert sum(part.count(one) for part in parts) == text.count(one), one


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        (" \n ", ()),
        ("  Short. ", ("Short.",)),
        ("First line here\nSecond line here", ("First line here", "Second line here")),
        ("First sentence is. Second sentence.", ("First sentence is.", "Second sentence.")),
        ("Is it on? “It is.” Then try again", ("Is it on? “It is.”", "Then try again")),
        ("No. That is a long sentence, with a clause", ("No. That is a long", "sentence, with a clause")),
        ("We wait... and see what comes of it", ("We wait...", "and see what comes of it")),
        ("see unlst. words that follow it", ("see unlst. words that", "follow it")),
        ("one two three four five six", ("one two three four five", "six")),
        ("on 3 May 2026 we go to New York City", ("on 3 May 2026 we go to", "New York City")),
        ("abcdefghijklmnopqrstuvwxyz0123", ("abcdefghijklmnopqrstuvwx", "yz0123")),
        ("1 2 3 4 5 6 7 8 9 1 2 3 4 5", ("1 2 3 4 5 6 7 8 9 1 2 3", "4 5")),
        ("THE WHOLE TEXT IS IN CAPITALS", ("THE WHOLE TEXT IS IN", "CAPITALS")),
    ],
)
def test_a_text_is_cut_where_a_reader_minds_least(text: str, parts: tuple[str, ...]) -> None:
    assert split(text, within(28)) == parts


def test_scripts_without_spaces_are_cut_between_characters() -> None:
    assert split(TEXTS["ja"], within(32))[:3] == (
        "お問い合わせありがとうございます。",
        "ご注文のスマートフォンは2026年5月3日に発送され、",
        "明日届きます。",
    )
    assert split("今日" * 20, within(24)) == ("今日" * 10, "今日" * 10)
    assert split("アイスクリーム" * 3 + "を", within(20)) == ("アイスクリームアイスクリームアイ", "スクリームを")


def test_a_link_of_the_network_s_own_kind_is_one() -> None:
    text = "x" * 10 + "例え.テスト"
    assert split(text, within(18)) == ("x" * 10 + "例", "え.テスト")
    assert split(text, within(18), whole=[(10, 16)]) == ("x" * 10, "例え.テスト")


def test_no_part_ends_within_a_character_as_readers_see_it() -> None:
    assert split("👩🏾‍🚀" * 5, within(14)) == ("👩🏾‍🚀👩🏾‍🚀", "👩🏾‍🚀👩🏾‍🚀", "👩🏾‍🚀")


def test_parts_are_numbered_if_the_brand_wants_it() -> None:
    assert split("One is here. Two is here. Three.", within(22), numbered=True) == (
        "One is here. 1/3",
        "Two is here. 2/3",
        "Three. 3/3",
    )
    assert split("Short.", within(22), numbered=True) == ("Short.",)


@given(st.integers(8, 120))
def test_room_is_kept_for_numbers_of_any_width(words: int) -> None:
    parts = split("lorem " * words, within(24), numbered=True)
    assert all(within(24)(part) and part.endswith(f" {n}/{len(parts)}") for n, part in enumerate(parts, start=1))


def test_what_cannot_be_split_is_said() -> None:
    with pytest.raises(ValueError, match="single character"):
        split("a" + "\u0301" * 50, within(28))


@pytest.mark.parametrize(
    "piece", ["word ", "One two. ", "字", "漢字、", "x", "1 ", "Aa ", "https://a.co/ ", "😀", ".", "e.g. ", "\n"]
)
def test_measuring_stays_in_proportion_to_the_text(piece: str) -> None:
    measured = 0

    def fits(part: str) -> bool:
        nonlocal measured
        measured += len(part)
        return len(part) <= 280

    text = (piece * 25_000)[:25_000] + "."
    assert_nothing_is_lost(text, split(text, fits))
    assert measured < 30 * len(text)
