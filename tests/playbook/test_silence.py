"""Silence that is longer than usual is told; a quiet channel that is always quiet is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from carecli.playbook.silence import unusual_silence

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def every(minutes: float, times: int = 50) -> list[datetime]:
    return [NOON - timedelta(minutes=minutes * n) for n in range(times)]


def test_a_busy_channel_that_falls_silent_is_told() -> None:
    assert unusual_silence(every(2), NOON + timedelta(minutes=21)) == timedelta(minutes=21)


def test_a_silence_under_twenty_minutes_is_never_unusual() -> None:
    assert unusual_silence(every(0.1), NOON + timedelta(minutes=20)) is None


def test_a_channel_that_is_always_quiet_may_be_quiet() -> None:
    assert unusual_silence(every(60), NOON + timedelta(hours=3)) is None
    assert unusual_silence(every(60), NOON + timedelta(hours=5)) is not None


def test_too_few_messages_tell_nothing() -> None:
    assert unusual_silence(every(1, 19), NOON + timedelta(days=3)) is None


def test_one_quiet_night_does_not_make_every_day_quiet() -> None:
    heard = [*every(2, 100), NOON - timedelta(hours=10)]
    assert unusual_silence(heard, NOON + timedelta(minutes=30)) is not None
