from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.x.network.client import PlainClient
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer


@pytest.fixture
def client(x: XServer) -> Iterator[PlainClient]:
    client = PlainClient(x)
    yield client
    client.close()


@pytest.fixture
def jo(x: XServer) -> User:
    """A customer."""
    return x.customer("jo", "Jo")
