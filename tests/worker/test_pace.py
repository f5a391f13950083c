"""The pace: quicker while people write, slower when they are silent, never quicker than the network likes."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from carecli.worker.pace import QUICKEST, SLOWEST, UNATTENDED, pause

QUIET = st.one_of(st.floats(-1e6, 1e6), st.just(math.inf))
SHORTEST = st.floats(0, 120)


@given(quiet=QUIET, shortest=SHORTEST)
def test_at_the_desk_it_is_fifteen_to_sixty_seconds_unless_the_network_likes_it_less_often(
    quiet: float, shortest: float
) -> None:
    assert max(QUICKEST, shortest) <= pause(quiet, shortest, attended=True) <= max(SLOWEST, shortest)


@given(quiet=QUIET, longer=st.floats(0, 1e6), shortest=SHORTEST, attended=st.booleans())
def test_it_never_quickens_because_of_silence(quiet: float, longer: float, shortest: float, attended: bool) -> None:
    assert pause(quiet, shortest, attended=attended) <= pause(quiet + longer, shortest, attended=attended)


@given(quiet=QUIET, shortest=SHORTEST)
def test_it_is_never_quicker_while_nobody_is_there(quiet: float, shortest: float) -> None:
    away = pause(quiet, shortest, attended=False)
    assert pause(quiet, shortest, attended=True) <= away <= max(UNATTENDED, shortest)


@given(quiet=QUIET, opens_in=st.floats(0, 1e6))
def test_it_has_looked_by_the_time_that_the_desk_opens(quiet: float, opens_in: float) -> None:
    assert pause(quiet, 0, attended=False, opens_in=opens_in) <= max(opens_in, QUICKEST)


def test_it_slows_down_by_and_by() -> None:
    assert [pause(minutes * 60, 2, attended=True) for minutes in (0, 2, 4, 6, 8, 60)] == [15, 15, 30, 45, 60, 60]
    assert [pause(minutes * 60, 2, attended=False) for minutes in (0, 8, 20, 40, 600)] == [60, 60, 150, 300, 300]
