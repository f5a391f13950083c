"""The composer: whom it speaks to is beyond doubt, what is typed is clean, what is wrong is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.pilot import Pilot

from carecli.desk.views import ComposerView, Countdown
from carecli.model import Finding, Length
from carecli.tui.widgets.composer import Composer, ComposerFoot, ComposerRule, finding_lines, rule_line
from carecli.tui.widgets.painting import Line
from carecli.tui.widgets.reply_area import ReplyArea, clean_reply
from tests.hostile import acting

from .stage import play, shown
from .texts import DRIVES_A_TERMINAL, HOSTILE, hostile
from .views import composer_view

SIZE = (70, 9)
LATE = Countdown(-252)
DEFLECTION = Finding("deflect", "warn", "It sends the customer elsewhere.", "F8 hands it off.", 4, 8)
CARD = Finding("card", "block", "It looks like a card number.", "Take it out.", 10, 14)
NAME = Finding("name", "hint", "The customer's name is missing.", "Andy")


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def rule(view: ComposerView | None, countdown: Countdown | None = LATE, width: int = 70) -> str:
    return text_of(rule_line(view, countdown, width))


def findings(*found: Finding, blank: bool = False, width: int = 70, count: int = 2, **given: object) -> list[str]:
    return [
        text_of(line).rstrip() for line in finding_lines(composer_view(findings=found, **given), blank, width, count)
    ]


# ── the upper edge ────────────────────────────────────────────────────────────────────────────────


def test_the_rule_says_how_public_as_whom_how_late_and_how_long() -> None:
    assert rule(composer_view()) == "─ REPLY · PUBLIC · as @NorthwindCare " + "─" * 9 + " late 04:12 ── 142/280 ─"


def test_a_private_reply_has_a_word_and_a_double_line() -> None:
    private = rule(composer_view(visibility="private"))
    assert private.startswith("═ REPLY · PRIVATE ")
    assert "─" not in private


@pytest.mark.parametrize("width", range(20, 100, 7))
@pytest.mark.parametrize("visibility", ["public", "private"])
def test_the_visibility_is_seen_in_every_width(width: int, visibility: str) -> None:
    line = rule(composer_view(visibility=visibility, handle="an_account_with_a_very_long_name"), LATE, width)
    assert visibility.upper() in line[:width]


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    assert " 12 over, 292/280 ─" in rule(composer_view(length=Length(292, 280)))


@pytest.mark.parametrize("width", range(50, 120))
def test_the_rule_fills_its_width(width: int) -> None:
    assert cell_len(rule(composer_view(), LATE, width)) == width


# ── what the checks say ───────────────────────────────────────────────────────────────────────────


def test_a_finding_has_a_sign_a_sentence_and_a_remedy() -> None:
    assert findings(DEFLECTION) == [" ! It sends the customer elsewhere. — F8 hands it off."]


def test_the_gravest_finding_comes_first_and_the_others_are_counted() -> None:
    assert findings(NAME, DEFLECTION, CARD) == [
        " ✗ It looks like a card number. — Take it out.",
        " ! It sends the customer elsewhere. — F8 hands it off. +1 more",
    ]


def test_a_remedy_that_would_be_cut_off_takes_a_line_of_its_own_where_one_is_left() -> None:
    assert findings(DEFLECTION, CARD, width=50, count=3) == [
        " ✗ It looks like a card number. — Take it out.",
        " ! It sends the customer elsewhere.",
        "   F8 hands it off.",
    ]


def test_the_gravest_finding_is_the_first_to_get_a_second_line() -> None:
    assert findings(DEFLECTION, CARD, width=40, count=3) == [
        " ✗ It looks like a card number.",
        "   Take it out.",
        " ! It sends the customer elsewhere.",
    ]


def test_a_hint_is_only_a_dot() -> None:
    assert findings(NAME)[0].startswith(" · The")


def test_what_is_switched_off_is_not_said() -> None:
    assert findings(Finding("x", "off", "Never mind.")) == [" ✓ ready to send"]


def test_before_anything_is_typed_nothing_is_said() -> None:
    assert findings(blank=True) == []


def test_why_nothing_can_be_sent_comes_before_any_finding() -> None:
    said = findings(CARD, DEFLECTION, allowed=False, why_not="The 24 hours are over.")
    assert said == [" ✗ The 24 hours are over.", " ✗ It looks like a card number. — Take it out. +1 more"]


@pytest.mark.parametrize("width", [10, 20, 40])
def test_findings_are_cut_to_the_width(width: int) -> None:
    assert all(cell_len(line) <= width for line in findings(CARD, DEFLECTION, width=width))


# ── the text ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", HOSTILE)
def test_a_reply_is_cleaned_of_what_drives_a_terminal(text: str) -> None:
    assert not DRIVES_A_TERMINAL.search(clean_reply(text).replace("\n", ""))
    # Persian is spelt with the non-joiner.
    assert acting(clean_reply(text).replace("\u200c", "")) == ""


@given(hostile)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_reply(clean_reply(text)) == clean_reply(text)


@pytest.mark.parametrize("text", ["Hi Andy,\n\nsorry.", "می‌خواهم", "👩‍🚀 ❤️", "Größe é ł 漢字"])
def test_a_reply_keeps_lines_letters_and_pictures(text: str) -> None:
    assert clean_reply(text) == text


def test_pasted_text_is_clean_when_it_arrives() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.show(composer_view())
        composer.focus_text()
        pilot.app.post_message(events.Paste("a\x1b[31mb\r\nc\u202ed\te"))
        await pilot.pause()
        assert composer.text == "a[31mb\ncd    e"

    composer = Composer()
    play(composer, scene, size=SIZE)


def test_a_loaded_draft_is_clean_and_has_its_cursor() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.load("one\ntwo\x1b three", 5)
        assert (composer.text, composer.cursor) == ("one\ntwo three", 5)
        composer.clear()
        assert (composer.text, composer.cursor) == ("", 0)

    composer = Composer()
    heard = play(composer, scene, size=SIZE)
    assert [message for message in heard if isinstance(message, Composer.Changed)] == []


def test_typing_is_told_with_the_cursor_and_can_be_undone() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.show(composer_view())
        composer.load("Hi ", 3)
        composer.focus_text()
        await pilot.press("A", "n")
        await pilot.press("ctrl+z")

    composer = Composer()
    changes = [(m.text, m.cursor) for m in play(composer, scene, size=SIZE) if isinstance(m, Composer.Changed)]
    assert changes[:2] == [("Hi A", 4), ("Hi An", 5)]
    assert changes[-1][0] == "Hi "


def test_the_key_for_sending_submits_what_was_typed() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.show(composer_view())
        composer.load("Hi Andy", 7)
        composer.focus_text()
        await pilot.press("enter", "ctrl+s")

    composer = Composer()
    heard = play(composer, scene, size=SIZE)
    assert [m.text for m in heard if isinstance(m, Composer.Submitted)] == ["Hi Andy\n"]


def test_a_shut_composer_takes_no_text() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.focus_text()
        await pilot.press("A")
        assert composer.text == ""
        assert shown(composer.query_one(ComposerFoot)) == ["", "", ""]

    composer = Composer()
    heard: list[Message] = play(composer, scene, size=SIZE)
    assert heard == []


def test_the_signature_stands_below_the_text_and_is_not_part_of_it() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.load("Hi Andy", 7)
        composer.show(composer_view())
        composer.set_countdown(LATE)
        await pilot.pause()
        assert shown(composer.query_one(ComposerFoot))[:2] == [" ‹^CL›", " ✓ ready to send"]
        assert "late 04:12" in shown(composer.query_one(ComposerRule))[0]
        assert composer.text == "Hi Andy"

    composer = Composer()
    play(composer, scene, size=SIZE)


def test_findings_and_overflow_are_marked_where_they_stand() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.load("Hi, call us.\nAnd this is over", 0)
        composer.show(composer_view(findings=(DEFLECTION,), length=Length(284, 280)))
        await pilot.pause()
        area = composer.query_one(ReplyArea)
        first, second = area.render_line(0), area.render_line(1)
        underlined = "".join(text for text, style, _ in first if style and style.underline)
        over = "".join(text for text, style, _ in second if style and style.reverse)
        assert (underlined, over) == ("call", "over")
        composer.show(composer_view())
        assert not any(style and style.underline for _, style, _ in area.render_line(0))

    composer = Composer()
    play(composer, scene, size=SIZE)


def test_a_private_composer_has_an_edge_of_its_own() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        composer.show(composer_view())
        assert not composer.styles.border_left[0]
        composer.show(composer_view(visibility="private"))
        await pilot.pause()
        assert composer.styles.border_left[0]

    composer = Composer()
    play(composer, scene, size=SIZE)


# ── what the network thinks of it ─────────────────────────────────────────────────────────────────

NOT_MENTIONED = "The customer did not mention the account, and some such replies are refused."


@pytest.mark.parametrize("width", [40, 80])
def test_a_doubtful_reply_says_so_and_why_on_as_many_lines_as_there_are(width: int) -> None:
    lines = findings(doubtful=True, why_not=NOT_MENTIONED, width=width, blank=True)
    assert lines[0].startswith(" ? It may be refused: The customer")
    assert len(lines) <= 2
    assert all(cell_len(line) <= width for line in lines)
    assert width == 40 or " ".join(line.strip() for line in lines) == f"? It may be refused: {NOT_MENTIONED}"


def test_a_doubt_leaves_room_for_what_a_check_says() -> None:
    lines = findings(CARD, doubtful=True, why_not=NOT_MENTIONED, width=40)
    assert [line[:3] for line in lines] == [" ? ", " ✗ "]


def test_the_reason_of_a_doubt_is_worth_more_than_a_hint() -> None:
    lines = findings(NAME, doubtful=True, why_not="The customer did not mention the account.", width=40)
    assert lines == [" ? It may be refused: The customer did", " not mention the account. +1 more"]


def test_two_findings_and_a_doubt_are_counted() -> None:
    lines = findings(CARD, DEFLECTION, doubtful=True, why_not=NOT_MENTIONED)
    assert [line[:3] for line in lines] == [" ? ", " ✗ "]
    assert lines[1].endswith("+1 more")


def test_a_reply_that_will_be_refused_says_why() -> None:
    lines = findings(allowed=False, why_not="The window has closed.")
    assert lines == [" ✗ The window has closed."]
