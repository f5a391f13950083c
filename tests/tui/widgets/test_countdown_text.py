"""Countdowns in words: short enough for a column, late beyond doubt, the same figures in both forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from carecli.desk.views import Countdown
from carecli.tui.widgets.countdown_text import COUNTDOWN_WIDTH, bar, long_text, short_text, urgency

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (220, "03:40"),
        (-252, "−04:12"),
        (HOUR - 1, "59:59"),
        (HOUR + 52 * MINUTE, "1h52"),
        (-(HOUR + 5 * MINUTE), "−1h05"),
        (10 * HOUR, "10h"),
        (DAY - 1, "23h"),
        (2 * DAY + 3 * HOUR, "2d 3h"),
        (10 * DAY, "10d"),
        (-2255 * DAY, "−2255d"),
    ],
)
def test_a_countdown_is_as_exact_as_one_can_act_on(seconds: int, text: str) -> None:
    assert short_text(Countdown(seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(52 * MINUTE, "‖ 52m"), (-4 * MINUTE, "‖ −4m"), (HOUR, "‖ 1h00"), (-(2 * DAY), "‖ −2d"), (0, "‖ 0m")],
)
def test_a_countdown_that_stands_still_says_so(seconds: int, text: str) -> None:
    assert short_text(Countdown(seconds, paused=True)) == text


@given(st.integers(-9999 * DAY, 9999 * DAY), st.booleans())
def test_a_countdown_has_room_in_its_column(seconds: int, paused: bool) -> None:
    assert cell_len(short_text(Countdown(seconds, paused))) <= COUNTDOWN_WIDTH


@given(st.integers(-9999 * DAY, 9999 * DAY), st.booleans())
def test_late_is_a_sign_a_word_and_a_bar(seconds: int, paused: bool) -> None:
    countdown = Countdown(seconds, paused)
    late = seconds < 0
    assert ("−" in short_text(countdown)) == late
    assert ("late" in long_text(countdown)) == late
    assert (bar(countdown) == "▌") == late


@pytest.mark.parametrize(
    ("countdown", "text"),
    [
        (Countdown(-252), "late 04:12"),
        (Countdown(220), "due in 03:40"),
        (Countdown(52 * MINUTE, paused=True), "paused, 52m left"),
        (Countdown(-52 * MINUTE, paused=True), "paused, 52m late"),
        (Countdown(-HOUR, over_limit=True), "over the limit, late 1h00"),
    ],
)
def test_the_long_form_has_a_word_before_it(countdown: Countdown, text: str) -> None:
    assert long_text(countdown) == text


@pytest.mark.parametrize(
    ("countdown", "expected"),
    [
        (Countdown(-1), "late"),
        (Countdown(-1, paused=True), "late"),
        (Countdown(599), "soon"),
        (Countdown(600), "fresh"),
        (Countdown(10, paused=True), "paused"),
    ],
)
def test_ten_minutes_before_its_time_a_wait_is_due_soon(countdown: Countdown, expected: str) -> None:
    assert urgency(countdown) == expected


def test_beyond_the_hard_limit_the_bar_is_full() -> None:
    assert bar(Countdown(-HOUR, over_limit=True)) == "█"
