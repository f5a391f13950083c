"""A killed desk's leases are taken over at once on its own machine, and a living one's never."""

from __future__ import annotations

import subprocess
import sys

import pytest

from carecli.worker.holder import holder_name, is_gone
from carecli.worker.lease import Lease
from tests.shop import Shop


def name_of_the_dead() -> str:
    """The holder's name of a process that has ended."""
    code = "from carecli.worker.holder import holder_name; print(holder_name('screen', 'x'))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells one run of a machine from another")
def test_the_lease_of_a_process_that_was_killed_is_taken_over_at_once(shop: Shop) -> None:
    assert Lease(shop.database, "delivery:care", name_of_the_dead()).take()
    assert Lease(shop.database, "delivery:care", holder_name("flags", "y")).take()


def test_the_lease_of_a_living_process_is_left_alone(shop: Shop) -> None:
    assert Lease(shop.database, "delivery:care", holder_name("screen", "x")).take()
    assert not Lease(shop.database, "delivery:care", holder_name("flags", "y")).take()


@pytest.mark.parametrize(
    "holder", ["", "test-worker", "other-run/1/screen-x", "other-run/99999999/screen-x", "//", "a/b/c"]
)
def test_who_ran_elsewhere_or_earlier_is_not_known_to_be_gone(holder: str) -> None:
    assert not is_gone(holder)
