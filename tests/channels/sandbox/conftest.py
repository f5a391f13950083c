"""What the tests of the simulated network share: where and when it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.channels.sandbox import SandboxNetwork

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

# Makes a network of a seed; `quiet` ones have nobody who comes by themselves.
MakeNetwork = Callable[..., SandboxNetwork]


@pytest.fixture
def make_network(tmp_path: Path) -> Iterator[MakeNetwork]:
    made: list[SandboxNetwork] = []

    def make(seed: int = 7, *, name: str = "", quiet: bool = False, pace: float = 100.0) -> SandboxNetwork:
        path = tmp_path / (name or f"network{len(made)}.db")
        network = SandboxNetwork(path, seed, start=START, pace=0 if quiet else pace, waiting=0 if quiet else 5)
        made.append(network)
        return network

    yield make
    for network in made:
        network.close()
