"""The windows of X's routes: who may call, until when nobody may, and what is kept for who has to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from carecli.channels.x.limits import Windows

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def told(limit: int, remaining: int, name: str = "rate-limit", lasts: timedelta = QUARTER) -> dict[str, str]:
    reset = str(int((NOW + lasts).timestamp()))
    return {f"x-{name}-limit": str(limit), f"x-{name}-remaining": str(remaining), f"x-{name}-reset": reset}


def test_a_route_of_which_nothing_is_known_is_open() -> None:
    assert Windows().rests_until("mentions", NOW, urgent=False) is None


def test_a_window_that_is_used_up_rests_until_it_ends() -> None:
    windows = Windows()
    windows.learn("post", told(100, 0), NOW)
    assert windows.rests_until("post", NOW, urgent=True) == NOW + QUARTER
    assert windows.rests_until("post", NOW + QUARTER, urgent=True) is None
    assert windows.rests_until("mentions", NOW, urgent=False) is None


def test_a_part_is_kept_for_finding_out_what_became_of_a_reply() -> None:
    windows = Windows()
    windows.learn("own posts", told(900, 90), NOW)
    windows.learn("messages", told(15, 3), NOW)
    assert windows.rests_until("own posts", NOW, urgent=False) == NOW + QUARTER
    assert windows.rests_until("own posts", NOW, urgent=True) is None
    assert windows.rests_until("messages", NOW, urgent=False) is None
    windows.learn("messages", told(15, 2), NOW)
    assert windows.rests_until("messages", NOW, urgent=False) == NOW + QUARTER


def test_a_day_s_window_counts_beside_the_quarter_s() -> None:
    windows = Windows()
    headers = told(100, 50) | told(1440, 0, "user-limit-24hour", timedelta(hours=5))
    windows.learn("message", headers, NOW)
    assert windows.rests_until("message", NOW, urgent=True) == NOW + timedelta(hours=5)


def test_a_window_ends_by_the_network_s_clock() -> None:
    windows = Windows()
    headers = told(100, 0) | {"date": "Mon, 02 Mar 2026 09:10:00 GMT"}
    windows.learn("post", headers, NOW)
    assert windows.rests_until("post", NOW, urgent=True) == NOW + timedelta(minutes=5)


def test_a_refusal_that_says_nothing_rests_longer_each_time() -> None:
    windows = Windows()
    rests = [windows.refused("search", None, NOW) - NOW for _ in range(6)]
    assert [rest.total_seconds() / 60 for rest in rests] == [1, 2, 4, 8, 15, 15]
    windows.answered("search")
    assert windows.rests_until("search", NOW, urgent=False) is None
    assert windows.refused("search", None, NOW) == NOW + timedelta(minutes=1)


def test_headers_that_are_nonsense_stop_nothing_for_longer_than_a_day() -> None:
    windows = Windows()
    windows.learn("post", {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "999999999999"}, NOW)
    windows.learn("search", {"x-rate-limit-remaining": "-1", "x-rate-limit-reset": "soon"}, NOW)
    until = windows.rests_until("post", NOW, urgent=True)
    assert until is None or until <= NOW + timedelta(days=1)
    assert windows.rests_until("search", NOW, urgent=True) is None
