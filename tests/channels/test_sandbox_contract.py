"""The simulated network keeps the contract of all channels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.channels.sandbox import Faults, SandboxChannel, SandboxNetwork
from carecli.clock import ManualClock
from carecli.model import Author, Visibility
from tests.channels.contract import ChannelContract, Cut, Rig

_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_ANDY = Author("42", "andy", "Andy Loynes")


class _SandboxRig:
    """A network where nobody comes by itself, and the customer Andy."""

    def __init__(self, path: Path) -> None:
        self._clock = ManualClock(_START)
        self._network = SandboxNetwork(path, 1, start=_START, pace=0, waiting=0)
        self._faults = Faults()
        self.channel = SandboxChannel(self._network, self._clock, faults=self._faults)

    def customer_posts(self, text: str, visibility: Visibility = "public", reply_to: str | None = None) -> str:
        self._clock.advance(1)
        return self._network.write_as(_ANDY, text, self.now(), visibility=visibility, reply_to=reply_to).id

    def customer_removes(self, remote_id: str) -> None:
        self._network.remove(remote_id, self.now())

    def cut_next_send(self, when: Cut) -> None:
        self._faults.send.append("act_then_unknown" if when == "after_acting" else "unknown_without_acting")

    def refuse_next_connection(self) -> None:
        self._faults.send.append("not_sent")

    def hide_next_read(self) -> None:
        self._faults.read.append("unreachable")

    def copies(self, text: str) -> int:
        return sum(post.text == text for post in self._network.posts_after(0, 10_000))

    def now(self) -> datetime:
        return self._clock.now()


class TestSandboxContract(ChannelContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[Rig]:
        rig = _SandboxRig(tmp_path / "network.db")
        yield rig
        rig.channel.close()
