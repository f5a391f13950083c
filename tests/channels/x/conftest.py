"""A network of X for one test, and the clock that it goes by. What a client asks wrongly fails its test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from carecli.clock import ManualClock
from tests.channels.x.server import XServer


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def x(clock: ManualClock) -> Iterator[XServer]:
    """The server. A test that asks wrongly on purpose clears `violations`."""
    with XServer(clock.now) as server:
        server.api.checks_itself = True
        yield server
    assert server.violations == []
