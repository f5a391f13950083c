"""A conversation as lines: nothing of it is left out, and what must be seen cannot be cut off."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.desk.views import ConversationView, NoteRow, ReadRow
from carecli.model import OutboxState
from carecli.safetext import literal, sanitize_line
from carecli.tui.widgets.cells import settle, width_of
from carecli.tui.widgets.thread_layout import (
    PENDING_WORDS,
    branch_levels,
    lay_out,
    newest_unanswered,
    reading_order,
)

from .texts import safe
from .views import NOW, conversation, message, our_message


def lines(view: ConversationView, width: int = 60) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lay_out(view, width, NOW).lines]


def test_a_dialogue_reads_from_the_top() -> None:
    view = conversation(
        message(1, "Is the Hub 2 better than mine?", minute=14),
        our_message(2, "Yes, it is. ^RI", minute=31, depth=1),
    )
    assert lines(view) == [
        " 09:14 ▎ Andy Loynes @andy",
        "       ▎ Is the Hub 2 better than mine?",
        " 09:31 ▌ Northwind @NorthwindCare · us, rob",
        "       ▌ Yes, it is. ^RI",
    ]


@pytest.mark.parametrize(
    ("depths", "levels"),
    [
        ([], []),
        ([0, 1, 2, 3, 4], [0, 0, 0, 0, 0]),
        ([0, 1, 2, 1, 2], [0, 1, 1, 1, 1]),
        ([0, 1, 2, 2, 1], [0, 1, 2, 2, 1]),
        ([0, 0, 1], [0, 0, 0]),
        ([3, 5, 9], [0, 0, 0]),
    ],
)
def test_only_branches_indent(depths: list[int], levels: list[int]) -> None:
    assert branch_levels(depths) == levels


def test_beyond_six_levels_a_number_says_how_deep() -> None:
    comb = [message(number, depth=number // 2 + (number % 2 > 0)) for number in range(20)]
    drawn = lines(conversation(*comb), 80)
    assert max(line.count("│") for line in drawn) == 6
    assert any("9› Andy" in line for line in drawn)


def test_a_bystander_is_called_one() -> None:
    assert " 09:00   Bill · bystander" in lines(
        conversation(message(1, theirs=False, name=literal("Bill"), handle=literal("")))
    )


def test_a_missing_message_gives_its_reason() -> None:
    gone = message(1, "This message is not here: it was deleted.", missing=True, theirs=False)
    assert lines(conversation(gone)) == [" 09:00 ⋯ This message is not here: it was deleted."]


def test_attachments_are_told_by_their_descriptions() -> None:
    drawn = lines(conversation(message(1, "Look", attachments=(sanitize_line("a red light"), sanitize_line("")))))
    assert drawn[2:] == ["       ▎ ▣ a red light", "       ▎ ▣ attachment without a description"]


def test_a_message_without_a_text_says_so() -> None:
    assert lines(conversation(message(1, "")))[1] == "       ▎ (no text)"


def test_another_day_is_named_once() -> None:
    thread = [message(1, minute=-3 * 1440), message(2, minute=-3 * 1440 + 1), message(3, minute=-1440), message(4)]
    rules = [line for line in lines(conversation(*thread)) if line.startswith("──")]
    assert [rule.strip("─ ") for rule in rules] == ["Sun 3 May", "yesterday", "today"]


def test_times_stand_in_the_zone_of_the_desk() -> None:
    kyiv = NOW.astimezone(timezone(timedelta(hours=3)))
    first = lay_out(conversation(message(1, minute=14)), 60, kyiv).lines[0]
    assert first[0].text == " 12:14 "


def test_our_own_messages_on_their_way_come_last() -> None:
    view = conversation(
        our_message(-5, "Soon", pending="held"), message(1), our_message(-6, "Perhaps", pending="unknown")
    )
    assert [row.message_id for row in reading_order(view)] == [1, -5, -6]


@pytest.mark.parametrize("state", sorted(PENDING_WORDS))
@pytest.mark.parametrize("width", [24, 60])
def test_a_message_on_its_way_says_how_far_it_is(state: OutboxState, width: int) -> None:
    view = conversation(our_message(-1, pending=state, name=literal("A very long name of a very long brand")))
    first_words = " ".join(PENDING_WORDS[state].split()[:1])
    assert first_words in lines(view, width)[0][:width]


@pytest.mark.parametrize("width", [20, 60, 120])
def test_a_private_message_says_so_before_anything_else(width: int) -> None:
    private = message(1, visibility="private", name=literal("N" * 100))
    assert lines(conversation(private), width)[0][:width].startswith(" 09:00 ▎ PRIVATE")


def test_among_private_messages_a_public_one_says_so() -> None:
    view = conversation(message(1), message(2, visibility="private"), visibility="private")
    assert [line[9:16] for line in lines(view) if "Andy" in line] == ["PUBLIC ", "PRIVATE"]


def test_among_public_messages_there_is_no_mark_on_each() -> None:
    assert not any("PUBLIC" in line for line in lines(conversation(message(1), message(2))))


def test_notes_and_readers_stand_below_the_thread() -> None:
    view = conversation(
        message(1),
        notes=(NoteRow("rob", literal("eligible since May"), NOW),),
        readers=(ReadRow("rob", NOW), ReadRow("ewa", NOW + timedelta(minutes=3))),
    )
    assert lines(view)[2].startswith("── notes ─")
    assert lines(view)[3:] == [" 10:06 rob: eligible since May", "", " read by rob 10:06, ewa 10:09"]


@pytest.mark.parametrize(
    ("thread", "expected"),
    [
        ((message(1, minute=1), our_message(2, minute=2), message(3, minute=3)), 2),
        ((message(1, minute=1), message(3, minute=3), message(2, minute=2, theirs=False)), 1),
        ((message(1, minute=1), our_message(2, minute=2), message(3, minute=0, theirs=False)), 2),
        ((message(1, minute=1), message(2, minute=9, missing=True)), 0),
        ((), 0),
    ],
)
def test_one_begins_at_the_newest_message_that_nobody_answered(thread: tuple, expected: int) -> None:  # type: ignore[type-arg]
    assert newest_unanswered(thread) == expected


@given(safe, st.integers(2, 130), st.integers(0, 9))
def test_every_line_keeps_to_the_width_that_a_text_can_keep_to(text: str, width: int, depth: int) -> None:
    layout = lay_out(conversation(*(message(n, text, depth=n % (depth + 1)) for n in range(depth + 1))), width, NOW)
    bodies = [line for line in layout.lines if any(span.ink == "text" for span in line)]
    if width >= 20:
        assert all(sum(width_of(span.text) for span in line) <= width for line in bodies)


@given(safe.filter(str.strip))
def test_no_word_of_a_message_is_lost(text: str) -> None:
    layout = lay_out(conversation(message(1, text)), 40, NOW)
    drawn = "".join(span.text for line in layout.lines for span in line if span.ink == "text")
    assert drawn.replace(" ", "") == settle(text).replace(" ", "").replace("\n", "")


def test_long_lines_are_not_drawn_out_on_a_wide_screen() -> None:
    assert max(len(line) for line in lines(conversation(message(1, "word " * 100)), 200)) < 115


def test_each_message_knows_its_lines() -> None:
    layout = lay_out(conversation(message(1, "a\nb"), message(2), message(3)), 60, NOW)
    assert (layout.starts, layout.ends) == ((0, 3, 5), (3, 5, 7))
