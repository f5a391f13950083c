"""X keeps the contract of all channels: on a line that it cuts itself, and over one that is cut between the two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from carecli.clock import ManualClock
from tests.channels.contract import ChannelContract
from tests.channels.proxy import CuttingProxy
from tests.channels.rig import Rig
from tests.channels.x.rig import CutRig, XRig
from tests.channels.x.server import XServer


class TestX(ChannelContract):
    @pytest.fixture
    def rig(self, x: XServer, clock: ManualClock) -> Iterator[Rig]:
        rig = XRig(x, clock)
        yield rig
        rig.channel.close()


class TestXOverACutLine(ChannelContract):
    @pytest.fixture
    def rig(self, x: XServer, clock: ManualClock) -> Iterator[Rig]:
        with CuttingProxy(x.url) as proxy:
            rig = CutRig(x, clock, proxy)
            yield rig
            rig.channel.close()
