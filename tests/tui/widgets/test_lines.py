"""Header, status and hints: what stands in one line, and what leaves it when there is no room."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from textual.pilot import Pilot

from carecli.desk.views import ConversationView, Countdown, QueueCounts, StatusView
from carecli.safetext import literal
from carecli.tui.widgets.conversation_header import ConversationHeader
from carecli.tui.widgets.hint_line import HintLine
from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.status_line import StatusLine

from .stage import play, shown
from .views import NOW, account, conversation, message, shift, status


def drawn(widget: Painted, width: int) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in widget.lines(width)]


def header(view: ConversationView, countdown: Countdown | None = None, width: int = 90) -> list[str]:
    widget = ConversationHeader()
    widget.show(view, countdown)
    return drawn(widget, width)


def status_text(view: StatusView, width: int = 120) -> str:
    widget = StatusLine()
    widget.show(view)
    return drawn(widget, width)[0]


# ── the conversation's header ─────────────────────────────────────────────────────────────────────


def test_the_header_tells_who_and_how_it_stands() -> None:
    view = conversation(message(1), message(2), contacts=3, claimed_by="claire", claimed_until=NOW)
    lines = header(view, Countdown(-252))
    assert [" ".join(line.split()) for line in lines] == [
        "Andy Loynes @andy 3rd contact this month EN ⚑ claire until 10:06",
        "PUBLIC thread · 2 messages waiting since 10:02 4 of ~5 interactions late 04:12",
    ]


def test_without_a_conversation_the_header_is_empty() -> None:
    widget = ConversationHeader()
    widget.show(None, None)
    assert drawn(widget, 80) == []


@pytest.mark.parametrize("width", [30, 50, 90, 140])
def test_visibility_and_countdown_are_in_the_header_of_every_width(width: int) -> None:
    second = header(conversation(message(1), visibility="private"), Countdown(-252), width)[1]
    assert "PRIVATE" in second
    if width > 40:
        assert second.endswith("late 04:12")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"interactions": 8}, "8 interactions"),
        ({"state": "waiting"}, "waiting on the customer"),
        ({"state": "resolved", "opened_at": None}, "resolved"),
        ({"snoozed_until": NOW}, "snoozed until 10:06"),
        ({"linked_to": 7}, "goes on in private"),
        ({"linked_to": 7, "visibility": "private"}, "grew from a public one"),
        ({"reasons": ("complaint", "bump")}, "complaint, bump"),
    ],
)
def test_the_header_says_what_is_special(given: dict[str, object], words: str) -> None:
    assert words in header(conversation(message(1), **given), width=140)[1]


@pytest.mark.parametrize(("contacts", "words"), [(2, "2nd"), (11, "11th"), (21, "21st"), (113, "113th")])
def test_contacts_are_counted_as_one_speaks(contacts: int, words: str) -> None:
    assert f" {words} contact this month" in header(conversation(contacts=contacts))[0]


def test_header_times_stand_in_the_zone_of_the_desk() -> None:
    widget = ConversationHeader()
    widget.show(conversation(message(1)), None, timezone(timedelta(hours=2)))
    assert "waiting since 12:02" in drawn(widget, 90)[1]


# ── the status line ───────────────────────────────────────────────────────────────────────────────


def test_the_status_line_tells_brand_shift_queue_and_agent() -> None:
    words = " ".join(status_text(status()).split())
    assert words == "carecli @NorthwindCare shift greeted 08:01 12 waiting · 3 due <10m · 1 late claire 10:06"


def test_what_is_not_there_is_not_counted() -> None:
    assert "0 " not in status_text(status(counts=QueueCounts(12, 0, 0)))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_counts_and_what_is_stuck_stay_while_there_is_room_for_anything(width: int) -> None:
    line = status_text(status(outbox_stuck=2, outbox_held=1), width)
    assert "12 waiting · 3 due <10m · 1 late" in line
    assert ("outbox: 2 stuck" in line) == (width > 52)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"greeted_at": None}, "shift open, not greeted"),
        ({"open": False}, "no shift"),
        ({"open": False, "desk_open": False}, "desk closed"),
        ({"signed_off_at": NOW}, "shift signed off 10:06"),
    ],
)
def test_the_shift_is_told_in_words(given: dict[str, object], words: str) -> None:
    assert words in status_text(status(shifts=(shift(**given),)))


def test_several_accounts_are_counted_and_their_shifts_too() -> None:
    view = status(accounts=(account(), account("Other")), shifts=(shift(greeted_at=None), shift(open=False)))
    assert "2 accounts  1 of 2 shifts open, 1 not greeted" in status_text(view)


def test_an_account_with_a_problem_is_named() -> None:
    assert "✗ @NorthwindCare: signed out" in status_text(status(accounts=(account(problem="signed out"),)))
    many = status(accounts=(account(problem="signed out"), account("Other", "no credits")))
    assert "✗ 2 accounts have problems" in status_text(many)


def test_what_today_has_cost_and_the_share_of_the_budget_stand_in_the_status_line() -> None:
    view = status(accounts=(account(spent=1_240_000, budget=5_000_000),))
    assert "~$1.24 today · 24%" in status_text(view, 130)


def test_of_several_accounts_the_sum_is_told_and_the_share_of_the_one_that_is_nearest_to_its_end() -> None:
    paying = account("A", spent=1_000_000, budget=10_000_000), account("B", spent=500_000, budget=1_000_000)
    assert "~$1.50 today · 50%" in status_text(status(accounts=(*paying, account("C"))), 130)


def test_where_nothing_costs_anything_nothing_is_said_of_money() -> None:
    assert "$" not in status_text(status(), 200)


def test_without_a_budget_there_is_no_share() -> None:
    assert "%" not in status_text(status(accounts=(account(spent=1_240_000),)), 200)


def test_the_money_gives_way_before_anything_else() -> None:
    view = status(accounts=(account(spent=1_240_000, budget=5_000_000),))
    assert status_text(view, 80) == status_text(status(), 80)


def test_a_problem_that_ends_by_itself_says_when_before_all_else() -> None:
    until = NOW.replace(hour=14, minute=5)
    text = status_text(status(accounts=(account(problem="Budget spent: nothing is read.", until=until),)))
    assert "✗ @NorthwindCare until 14:05: Budget spent" in text


# ── the hints ─────────────────────────────────────────────────────────────────────────────────────

HINTS = (("n", "next"), ("r", "reply"), ("ctrl+p", "palette"), ("?", "keys"))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (60, "n next r reply ctrl+p palette ? keys"),
        (30, "n next r reply ? keys"),
        (18, "n next ? keys"),
        (10, "? keys"),
    ],
)
def test_hints_leave_from_the_end_and_the_last_one_stays(width: int, words: str) -> None:
    line = HintLine()
    line.show(HINTS)
    assert drawn(line, width)[0].split() == words.split()


def test_a_place_without_keys_has_an_empty_line() -> None:
    assert drawn(HintLine(), 40) == [""]


# ── on the screen ─────────────────────────────────────────────────────────────────────────────────


def test_a_line_is_drawn_again_only_when_it_differs() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        line.show(status())
        await pilot.pause()
        before = line.render_line(0)
        line.show(status(now=NOW + timedelta(seconds=20)))
        assert line.render_line(0) is before
        line.show(status(now=NOW + timedelta(seconds=60)))
        assert "10:07" in shown(line)[0]

    line = StatusLine()
    play(line, scene, size=(100, 3))


def test_a_name_that_is_markup_is_a_name() -> None:
    assert "[/foo]" in header(conversation(message(1), name=literal("[/foo]")))[0]
