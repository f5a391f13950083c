"""A tireless agent who answers everybody on a simulated network: the other half of a conversation, for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.wire import Post, Posting, Refusal

Answer = Callable[[Post], Posting | None]


def all_posts(network: SandboxNetwork) -> tuple[Post, ...]:
    """What stands at the network, in the order of insertion."""
    return tuple(post for post in network.posts_after(0, 100_000) if not post.removed)


def publish(network: SandboxNetwork, posting: Posting, now: datetime) -> Post:
    answer = network.publish(posting, now)
    assert not isinstance(answer, Refusal), answer
    return answer


def public_reply(text: str, post: Post) -> Posting:
    return Posting(key=f"{text}/{post.id}", text=text, visibility="public", reply_to=post.id)


def private_reply(text: str, post: Post) -> Posting:
    return Posting(f"{text}/{post.id}", text, "private", recipient_id=post.author.remote_id)


def like(post: Post, text: str) -> Posting:
    """A reply where the message came from."""
    return public_reply(text, post) if post.visibility == "public" else private_reply(text, post)


def work(network: SandboxNetwork, start: datetime, hours: float, answer: Answer, every_minutes: int = 5) -> None:
    """Look every few minutes, and give `answer` to each message that came since."""
    seen, now = 0, start
    while now <= start + timedelta(hours=hours):
        network.advance(now)
        for post in network.posts_after(seen, 100_000):
            seen = post.seq
            posting = answer(post) if post.author != network.account and not post.removed else None
            if posting is not None and network.thread(post.id).posts:
                network.publish(posting, now)
        now += timedelta(minutes=every_minutes)
