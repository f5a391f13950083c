"""A line of the queue: what a width has room for, and what must be seen in every one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from carecli.desk.views import QueueRow
from carecli.safetext import sanitize_line
from carecli.tui.widgets.queue_row import LEAD_WIDTH, columns, lead, queue_line

from .texts import hostile
from .views import NOW, countdown, queue_row


def line(row: QueueRow, width: int) -> str:
    return "".join(span.text for span in (*lead(countdown(row, NOW)), *queue_line(row, width)))


@given(st.integers(10, 240), hostile, hostile, st.booleans())
def test_a_line_never_has_more_than_its_width(width: int, handle: str, text: str, claimed: bool) -> None:
    row = queue_row(1, text=text, handle=sanitize_line(handle), claimed_by="Rob" if claimed else "", reasons=("bump",))
    assert cell_len(line(row, width)) <= width


@given(st.integers(10, 240))
def test_the_right_edge_stands_in_one_column_whatever_the_row(width: int) -> None:
    rows = [
        queue_row(1, handle=sanitize_line("漢字漢字漢字漢字漢字"), reasons=("safety", "bump ×3"), claimed_by="Rob"),
        queue_row(2, text=""),
        queue_row(3, due_in=-90000, text="👨‍👩‍👧‍👦" * 30),
    ]
    assert len({cell_len(line(row, width)) for row in rows}) == 1


def test_in_a_narrow_pane_the_reasons_stand_for_the_text() -> None:
    row = queue_row(1, due_in=-252, handle=sanitize_line("andy"), reasons=("bump ×2",))
    assert line(row, 34).rstrip() == "▌ −04:12 @andy     bump ×2      X"


def test_without_a_reason_the_text_has_the_place() -> None:
    assert "Anyone ther… X" in line(queue_row(1), 34)
    assert "Anyone t… DM X" in line(queue_row(1, visibility="private"), 34)


def test_a_wide_pane_shows_reasons_text_language_and_account() -> None:
    row = queue_row(1, reasons=("complaint", "bump"), language="pl")
    words = line(row, 140).split()
    assert words == ["10:00", "@customer1", "complaint,", "bump", "Anyone", "there?", "X", "PL", "care"]


@pytest.mark.parametrize("width", [18, 26, 40, 60, 100, 160])
def test_a_private_wait_says_so_in_every_width(width: int) -> None:
    assert " DM" in line(queue_row(1, visibility="private"), width)
    assert " DM" not in line(queue_row(1), width)


def test_what_a_colleague_has_claimed_bears_a_flag_and_the_name() -> None:
    assert "⚑rob bump" in line(queue_row(1, claimed_by="rob", reasons=("bump",)), 60)


def test_a_snoozed_wait_says_so() -> None:
    assert "snoozed" in line(queue_row(1, snoozed_until=NOW), 60)


def test_a_customer_without_a_handle_has_a_name() -> None:
    assert "Customer 1" in line(queue_row(1, handle=sanitize_line("")), 60)


def test_columns_leave_one_after_the_other() -> None:
    shares = [columns(width) for width in range(140, 9, -1)]
    present = [sum(cells > 0 for cells in share) for share in shares]
    assert present == sorted(present, reverse=True)
    assert all(LEAD_WIDTH + share.handle <= width for share, width in zip(shares, range(140, 9, -1), strict=True))
