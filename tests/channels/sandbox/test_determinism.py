"""What stands on the network follows from the seed, the start and the account's posts, and from nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.wire import INVITATION, Post
from tests.channels.sandbox.agent import all_posts, like, public_reply
from tests.channels.sandbox.conftest import START, MakeNetwork

_HORIZON = 80.0
_MINUTES = st.floats(min_value=0.0, max_value=_HORIZON)
# When the account posts, to which of the messages that stand by then, and whether it invites to a private talk.
_ACTIONS = st.lists(st.tuples(_MINUTES, st.integers(0, 200), st.booleans()), max_size=8)
_LOOKS = st.lists(_MINUTES, max_size=12)


def _after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _told(seed: int, actions: list[tuple[float, int, bool]], looks: list[float]) -> tuple[Post, ...]:
    """All posts at the horizon, when the account acts so and somebody looks so."""
    with TemporaryDirectory() as folder:
        network = SandboxNetwork(Path(folder) / "network.db", seed, start=START)
        steps = sorted([(at, 1, number) for number, (at, *_) in enumerate(actions)] + [(at, 0, -1) for at in looks])
        for at, is_action, number in steps:
            network.advance(_after(at))
            if is_action:
                _, place, invite = actions[number]
                customers = [post for post in all_posts(network) if post.author != network.account]
                chosen = customers[place % len(customers)]
                text = f"Answer {number} {INVITATION}NorthwindCare" if invite else f"Answer {number}"
                network.publish(public_reply(text, chosen) if invite else like(chosen, text), _after(at))
        network.advance(_after(_HORIZON))
        posts = all_posts(network)
        network.close()
        return posts


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 3), actions=_ACTIONS, looks=_LOOKS)
def test_looking_more_often_changes_nothing(
    seed: int, actions: list[tuple[float, int, bool]], looks: list[float]
) -> None:
    assert _told(seed, actions, looks) == _told(seed, actions, [])


def test_another_seed_is_another_shift() -> None:
    assert [post.text for post in _told(1, [], [])] != [post.text for post in _told(2, [], [])]


def test_one_customer_s_course_does_not_depend_on_how_another_is_treated() -> None:
    left_alone = _told(5, [], [])
    first = next(post for post in left_alone if post.parent_id is None)
    place = [post.id for post in left_alone if post.at <= START].index(first.id)
    answered = _told(5, [(0.0, place, False)], [])
    others = {post.author.remote_id for post in left_alone} - {first.author.remote_id}
    assert _said_by(others, left_alone) == _said_by(others, answered)
    assert _said_by({first.author.remote_id}, left_alone) != _said_by({first.author.remote_id}, answered)


def _said_by(people: set[str], posts: tuple[Post, ...]) -> list[tuple[str, datetime, str]]:
    return [(post.author.remote_id, post.at, post.text) for post in posts if post.author.remote_id in people]


def test_taking_time_in_small_steps_changes_nothing(make_network: MakeNetwork) -> None:
    at_once, in_steps = make_network(), make_network()
    assert at_once.advance(_after(120))
    steps = 1
    while not in_steps.advance(_after(120), at_most=10):
        steps += 1
    assert steps > 10
    assert all_posts(at_once) == all_posts(in_steps)


def test_a_time_that_has_passed_changes_nothing(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(_after(60))
    posts = all_posts(network)
    network.advance(_after(10))
    assert all_posts(network) == posts


def test_things_that_are_processed_late_still_bear_their_own_time(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(_after(120))
    times = [post.at for post in all_posts(network)]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    assert times[0] < START < times[-1] <= _after(120)


def test_a_file_keeps_its_plot_when_it_is_opened_again_later(tmp_path: Path) -> None:
    one = SandboxNetwork(tmp_path / "one.db", 7, start=START)
    one.advance(_after(30))
    one.close()
    again = SandboxNetwork(tmp_path / "one.db", 7, start=_after(999), pace=5.0)
    again.advance(_after(60))
    other = SandboxNetwork(tmp_path / "two.db", 7, start=START)
    other.advance(_after(60))
    assert all_posts(again) == all_posts(other)
    again.close()
    other.close()


def test_a_shift_of_eight_hours_brings_hundreds_of_messages(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(_after(8 * 60))
    assert len(all_posts(network)) > 500
