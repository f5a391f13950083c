"""The simulated network keeps the contract of all channels: in this process, and over a connection that is cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.channels.http import Bounds
from carecli.channels.sandbox import SandboxChannel, SandboxNetwork
from carecli.channels.sandbox.channel import Faults, Keys
from carecli.channels.sandbox.faults import Fault
from carecli.channels.sandbox.remote import RemoteNetwork
from carecli.channels.sandbox.server import SandboxServer
from carecli.clock import ManualClock
from carecli.model import Author, Visibility
from tests.channels.contract import ChannelContract
from tests.channels.proxy import CuttingProxy, Stage
from tests.channels.rig import Rig

_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_ANDY = Author("42", "andy", "Andy Loynes")
_BOUNDS = Bounds(connect=5.0, silence=5.0, total=10.0)


class _World:
    """A network where nobody comes by itself, and the customer Andy."""

    def __init__(self, path: Path) -> None:
        self.clock = ManualClock(_START)
        self.network = SandboxNetwork(path, 1, start=_START, pace=0, waiting=0)

    def customer_posts(self, text: str, visibility: Visibility = "public", reply_to: str | None = None) -> str:
        self.clock.advance(1)
        return self.network.write_as(_ANDY, text, self.now(), visibility=visibility, reply_to=reply_to).id

    def customer_removes(self, remote_id: str) -> None:
        self.network.remove(remote_id, self.now())

    def copies(self, text: str) -> int:
        return sum(post.text == text for post in self.network.posts_after(0, 10_000))

    def now(self) -> datetime:
        return self.clock.now()


class _InProcessRig(_World):
    """The channel calls the network itself, and pretends that a line between them breaks."""

    def __init__(self, path: Path, keys: Keys) -> None:
        super().__init__(path)
        self._faults = Faults()
        self.channel = SandboxChannel(self.network, self.clock, faults=self._faults, idempotency=keys)

    def cut_next_send(self, stage: Stage) -> None:
        if stage == "late":
            pytest.skip("a call in one process is never late")
        self._faults.send.append("unknown_without_acting" if stage == "before_request" else "act_then_unknown")

    def release(self) -> None:
        """Nothing is ever late."""

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        self._faults.send.append("not_sent")
        self._faults.read.append("unreachable")
        yield

    def hide_next_read(self) -> None:
        self._faults.read.append("unreachable")


class _ServedRig(_World):
    """The network is served over HTTP, and a proxy stands before it that cuts the line where it is told to."""

    def __init__(self, path: Path, keys: Keys, until_end: ExitStack) -> None:
        super().__init__(path)
        until_end.callback(self.network.close)
        self._server = until_end.enter_context(SandboxServer(self.network))
        self._proxy = until_end.enter_context(CuttingProxy(self._server.url))
        remote = RemoteNetwork(self._proxy.url, self.clock, bounds=_BOUNDS)
        self.channel = SandboxChannel(remote, self.clock, idempotency=keys)

    def cut_next_send(self, stage: Stage) -> None:
        self._proxy.cut(stage)

    def release(self) -> None:
        self._proxy.release()

    def unreachable(self) -> AbstractContextManager[None]:
        return self._proxy.unreachable()

    def hide_next_read(self) -> None:
        self._server.faults.add(Fault("error_before_acting"))


@pytest.mark.parametrize("keys", ["strong", "none"])
class TestSandboxInThisProcess(ChannelContract):
    @pytest.fixture
    def rig(self, tmp_path: Path, keys: Keys) -> Iterator[Rig]:
        rig = _InProcessRig(tmp_path / "network.db", keys)
        yield rig
        rig.channel.close()


@pytest.mark.parametrize("keys", ["strong", "none"])
class TestSandboxOverHttp(ChannelContract):
    @pytest.fixture
    def rig(self, tmp_path: Path, keys: Keys) -> Iterator[Rig]:
        with ExitStack() as until_end:
            rig = _ServedRig(tmp_path / "network.db", keys, until_end)
            yield rig
            rig.channel.close()
