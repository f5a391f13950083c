"""Times as archives write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.times import parse_time


@pytest.mark.parametrize(
    "written",
    [
        "Wed Oct 10 20:19:24 +0000 2018",
        "Wed oct 10 22:19:24 +0200 2018",
        "Wed Oct 10 14:49:24 -0530 2018",
        "2018-10-10T20:19:24Z",
        "2018-10-10T20:19:24.000Z",
        "2018-10-10 22:19:24+02:00",
        "2018-10-10 20:19:24",
        " 2018-10-10 20:19:24 ",
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written: str) -> None:
    moment = parse_time(written)

    assert moment == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    assert moment is not None
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    ["", "now", "Wed Foo 10 20:19:24 +0000 2018", "Wed Oct 10 25:19:24 +0000 2018", "Sat Jan 01 00:00:00 +1400 0001"],
)
def test_what_is_no_time_is_none(written: str) -> None:
    assert parse_time(written) is None


@given(st.text())
def test_nothing_that_is_written_raises(written: str) -> None:
    assert parse_time(written) is None or isinstance(parse_time(written), datetime)
