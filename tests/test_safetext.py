"""Strangers' texts become harmless, and stay what they are."""

from __future__ import annotations

import ast
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carecli
from carecli.safetext import escape_in_json, is_safe, sanitize, sanitize_line
from tests.hostile import HOSTILE, SURROGATES, Hostile, acting

PACKAGE = Path(carecli.__file__).parent
# The modules whose structs carry strangers' words to screens, tables and JSON.
VIEWS = ("desk/views.py", "desk/changes.py")
# Words of our own: ids and names of the configuration, fixed sets of words, and what is escaped as JSON.
OURS = {
    "QueueRow": {"account", "network", "reasons", "language", "claimed_by"},
    "QueueFilter": {"account", "language", "claimed_by", "search"},
    "ThreadRow": {"agent"},
    "NoteRow": {"agent"},
    "ReadRow": {"agent"},
    "ConversationView": {"account", "network", "language", "reasons", "claimed_by"},
    "ComposerView": {"account", "why_not"},
    "OutboxRow": {"account", "kind", "agent", "approved_by", "edited_by"},
    "MediaRow": {"kind"},
    "ShiftStanding": {"account"},
    "ShiftView": {"account", "roster"},
    "AccountHealth": {"account", "network", "handle"},
    "StatusView": {"agent"},
    "Happening": {"kind", "account", "agent", "visibility", "direction", "data"},
}
# Modules that put safe texts together, or cut them.
VOUCHING = {
    "safetext.py",
    "archive/base.py",
    "cli/cost.py",
    "cli/pages.py",
    "cli/playbook.py",
    "cli/sending.py",
    "cli/tables.py",
    "desk/masking.py",
    "desk/preview.py",
    "desk/queue.py",
    "desk/shifts.py",
    "tui/screens/person.py",
}

_AWKWARD = sorted(set("".join(hostile.text for hostile in (*HOSTILE, SURROGATES))))
# Letters, marks and what may stand between them: what composes, and what keeps it from that.
_COMPOSING = "eاآ각ᄀ\u1161\u0301\u0316\u0327\u0344\u0653\u0958\ufb2c\u200b\u202e\t"
texts = st.text(st.one_of(st.characters(), st.sampled_from(_AWKWARD), st.sampled_from(_COMPOSING)), max_size=60)
"""Any text at all, surrogates included, and often an awkward one."""

ORDINARY = {
    "English": "Hi Andy, that’s 5 × £10 – “really”? Café, naïve… (50% off) #1 @andy_1 ^CL",
    "Polish": "Zażółć gęślą jaźń, Państwa łącze wróci o 18:00",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Turkish": "Işıl Çağlayan: İki gündür bağlantım kopuyor, ığdır",
    "Russian": "Съешь ещё этих мягких французских булок, да выпей чаю",
    "Hebrew": "נועה לוי: הטכנאי לא הגיע היום, בְּרֵאשִׁית",
    "Arabic": "مرحبا، الإنترنت لا يعمل منذ ٣ أيام؟ بِسْمِ",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Vietnamese": "Tiếng Việt: đường truyền rất chậm, xin hãy giúp tôi",
    "Hindi": "नमस्ते, मेरा इंटरनेट धीमा है। क्षत्रिय",
    "Tamil": "வணக்கம், இணையம் வேலை செய்யவில்லை",
    "Thai": "สวัสดี อินเทอร์เน็ตช้ามาก กำลัง",
    "Chinese": "你好，網絡從昨天開始就不能用了。",
    "Japanese": "こんにちは、ｗｉ－ｆｉが遅いです「本当に」",
    "Korean": "안녕하세요, 인터넷이 느려요",
    "Georgian": "გამარჯობა, ინტერნეტი არ მუშაობს",
    "emoji": "👨‍👩‍👧‍👦 🇵🇱 👍🏽 ❤️ 1️⃣ 🏳️‍🌈 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f ☎️",
    "signs": "→ ✓ ✗ ½ ² € ₺ ₽ ₪ ° § ¶ • … « » ‹ › — – ─ │ ╭ ▌ ∞ ≤",
    "code": "[/foo] {0} %s \\n $(x) `y` <b> &amp; C:\\dir",
}


@given(texts)
def test_nothing_that_is_left_acts(text: str) -> None:
    assert acting(sanitize(text)) == ""
    assert acting(sanitize_line(text)) == ""
    assert "\n" not in sanitize_line(text)


@given(texts)
def test_what_was_made_safe_is_told_to_be_safe(text: str) -> None:
    assert is_safe(sanitize(text))
    assert is_safe(sanitize_line(text))


@given(texts)
def test_nothing_that_acts_is_told_to_be_safe(text: str) -> None:
    assert not (is_safe(text) and acting(text))


@given(texts)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert sanitize(sanitize(text)) == sanitize(text)
    assert sanitize_line(sanitize_line(text)) == sanitize_line(text)
    assert sanitize_line(sanitize(text)) == sanitize_line(text)


@given(texts)
def test_a_safe_text_is_composed_and_can_be_encoded(text: str) -> None:
    assert unicodedata.is_normalized("NFC", sanitize(text))
    assert unicodedata.is_normalized("NFC", sanitize_line(text))
    sanitize(text).encode()


@given(texts)
def test_a_safe_text_is_at_most_four_times_as_long(text: str) -> None:
    # A tab is four spaces, and the longest canonical form three characters.
    assert len(sanitize(text)) <= 4 * len(text)
    assert len(sanitize_line(text)) <= 4 * len(text)


def test_each_single_character_is_left_or_dealt_with() -> None:
    # All of Unicode, not a sample of it: what is let through does not act, and is composed.
    let_through = [chr(point) for point in range(sys.maxunicode + 1) if is_safe(chr(point))]
    assert acting("".join(let_through)) == ""
    composed = unicodedata.normalize("NFC", "\n".join(let_through))
    assert is_safe(composed)


@pytest.mark.parametrize("language", ORDINARY)
def test_ordinary_text_is_left_byte_for_byte(language: str) -> None:
    text = unicodedata.normalize("NFC", ORDINARY[language])
    assert sanitize(text) == text
    assert sanitize_line(text) == text


@pytest.mark.parametrize("hostile", [*HOSTILE, SURROGATES], ids=lambda hostile: hostile.what)
def test_an_attack_is_disarmed_and_still_read(hostile: Hostile) -> None:
    safe = sanitize(hostile.text)
    assert acting(safe) == ""
    assert [sign for sign in hostile.signs if sign in safe] == []
    assert hostile.literal in safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\vd\fe\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\tb", "a    b"),
        ("\x1b[31mred\x07", "\ufffd[31mred\ufffd"),
        ("\ud800\U0010ffff", "\ufffd\ufffd"),
        ("ab\u202ec\u200bd\u00ade", "abcde"),
        ("e\u200b\u0301", "é"),
        ("z" + "\u0301\u0334" * 9, "ź\u0334\u0334\u0334\u0334"),
        ("🏴\U000e0067\U000e007f", "🏴\U000e0067\U000e007f"),
        ("", ""),
    ],
)
def test_controls_are_seen_as_such_and_what_is_invisible_goes(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_a_line_has_single_spaces_and_none_at_its_ends() -> None:
    assert sanitize_line(" \n a \t b\u00a0\u2003c\r\n") == "a b c"


@given(texts)
def test_json_with_escapes_is_harmless_and_the_same_to_a_program(text: str) -> None:
    line = json.dumps(text, ensure_ascii=False)
    assert acting(escape_in_json(line)) == ""
    assert json.loads(escape_in_json(line)) == text


def test_every_stranger_s_word_in_a_view_is_safe_text() -> None:
    raw = {
        f"{struct.name}.{field}"
        for struct in _structs()
        for field in _fields_of_type(struct, "str") - OURS.get(struct.name, set())
    }
    assert raw == set(), "Make it SafeText, or say in this test that its words are our own."


def test_what_is_called_our_own_is_there() -> None:
    fields = {struct.name: _fields_of_type(struct, "str") for struct in _structs()}
    assert {
        name: words - fields.get(name, set()) for name, words in OURS.items() if words - fields.get(name, set())
    } == {}


def test_only_known_modules_vouch_for_a_text_by_themselves() -> None:
    # `SafeText(…)` and `literal(…)` clean nothing: each of these was read with that in mind.
    vouching = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("SafeText", "literal")
        if not all(isinstance(argument, ast.Constant) for argument in node.args)
    }
    assert vouching <= VOUCHING


def _structs() -> Iterator[ast.ClassDef]:
    for name in VIEWS:
        for node in ast.parse((PACKAGE / name).read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield node


def _fields_of_type(struct: ast.ClassDef, type_name: str) -> set[str]:
    return {
        field.target.id
        for field in struct.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if any(isinstance(node, ast.Name) and node.id == type_name for node in ast.walk(field.annotation))
    }


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u05b0\u05b1", "\u064b\u0652"])
def test_marks_heaped_without_end_are_cut_before_they_cost_time(marks: str) -> None:
    heap = sanitize("a" + marks * 12_500)
    assert len(heap) <= 31
