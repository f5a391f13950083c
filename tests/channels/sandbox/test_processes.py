"""Several processes work on one network at once, as the desk and flag commands do."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.wire import Posting
from tests.channels.sandbox.agent import all_posts
from tests.channels.sandbox.conftest import START

_POSTS = 40


def _work(path: Path, name: str) -> None:
    """Open the network, advance it step by step, post under own keys and under one that all share."""
    network = SandboxNetwork(path, 7, start=START)
    for number in range(_POSTS):
        now = START + timedelta(seconds=10 * number)
        network.advance(now)
        network.publish(Posting(f"{name} {number}", f"Post {number} by {name}", "public"), now)
        network.publish(Posting(f"shared {number}", f"Post {number} by all", "public"), now)
    network.close()


def test_nothing_is_lost_or_doubled_when_several_processes_open_advance_and_post(tmp_path: Path) -> None:
    path = tmp_path / "network.db"
    context = multiprocessing.get_context("spawn")
    names = ("one", "two", "three")
    workers = [context.Process(target=_work, args=(path, name)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    network = SandboxNetwork(path, 7, start=START)
    posts = all_posts(network)
    network.close()
    own = sorted(post.text for post in posts if post.author == network.account)
    expected = [f"Post {number} by {name}" for number in range(_POSTS) for name in (*names, "all")]
    assert own == sorted(expected)
    assert len({post.id for post in posts}) == len(posts)
    assert [post.at for post in posts] == sorted(post.at for post in posts)
