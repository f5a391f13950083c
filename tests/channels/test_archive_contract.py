"""The recorded network keeps the contract of all channels, as far as a recording can break."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from carecli.channels.archive import ArchiveChannel
from carecli.clock import ManualClock
from carecli.model import Author, Item, Visibility
from tests.channels.contract import ChannelContract
from tests.channels.proxy import Stage
from tests.channels.rig import Rig

_ME = Author("1000", "AcmeHelp")
_INES = Author("7", "ines")


class _ArchiveRig:
    """A recording that grows: with each post the channel is made anew, as if the archive had always held it."""

    def __init__(self) -> None:
        self._clock = ManualClock(datetime(2026, 3, 2, 8, tzinfo=UTC))
        self._items: list[Item] = []
        self._sent: dict[str, Item] = {}
        self.channel = ArchiveChannel(_ME, (), self._clock, self._sent)

    def customer_posts(self, text: str, visibility: Visibility = "public", reply_to: str | None = None) -> str:
        self._clock.advance(1)
        remote_id = f"{len(self._items) + 100}"
        self._items.append(Item(remote_id, _INES, text, self.now(), visibility=visibility, parent_remote_id=reply_to))
        ArchiveChannel.__init__(self.channel, _ME, tuple(self._items), self._clock, self._sent)
        return remote_id

    def customer_removes(self, remote_id: str) -> None:
        pytest.skip("what was recorded is not removed")

    def cut_next_send(self, stage: Stage) -> None:
        pytest.skip("between a recording and its channel nothing is lost")

    def release(self) -> None:
        """Nothing is ever late."""

    def unreachable(self) -> AbstractContextManager[None]:
        pytest.skip("a recording is always within reach")

    def hide_next_read(self) -> None:
        """A recording can always be read: there is nothing to hide."""

    def copies(self, text: str) -> int:
        return sum(item.text == text for item in (*self._items, *self._sent.values()))

    def now(self) -> datetime:
        return self._clock.now()


class TestArchiveContract(ChannelContract):
    @pytest.fixture
    def rig(self) -> Rig:
        return _ArchiveRig()
