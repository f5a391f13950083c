"""How simulated customers behave: who comes, what they do when ignored, and when answered."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from carecli.channels.lengths import LIMITS, weighted_length
from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.scenarios import Scenario, available_languages, load_hostile, load_languages
from carecli.channels.sandbox.wire import INVITATION, Post, Posting
from tests.channels.sandbox.agent import all_posts, like, public_reply, publish, work
from tests.channels.sandbox.conftest import START, MakeNetwork

_HOURS = 6
_LANGUAGES = load_languages(available_languages())
_SCENARIOS = [scenario for language in _LANGUAGES for scenario in language.scenarios]


def _shift(path: Path, answer: str) -> tuple[Post, ...]:
    network = SandboxNetwork(path, 7, start=START)
    if answer == "none":
        network.advance(START + timedelta(hours=_HOURS))
    else:
        text = f"Hi, {answer} ^CL"
        work(network, START, _HOURS, lambda post: like(post, text) if post.addressed else None)
    posts = all_posts(network)
    network.close()
    return posts


@pytest.fixture(scope="module")
def ignored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, ...]:
    """A shift on which nobody was answered."""
    return _shift(tmp_path_factory.mktemp("ignored") / "network.db", "none")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, ...]:
    """A shift on which everybody was answered within five minutes."""
    return _shift(tmp_path_factory.mktemp("answered") / "network.db", "we are looking into it.")


@pytest.fixture(scope="module")
def invited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, ...]:
    """A shift on which everybody was asked to go on privately."""
    return _shift(tmp_path_factory.mktemp("invited") / "network.db", f"message us: {INVITATION}NorthwindCare")


def _all_of(attribute: str) -> set[str]:
    return {text for scenario in _SCENARIOS for text in getattr(scenario, attribute)}


def _by_id(posts: tuple[Post, ...]) -> dict[str, Post]:
    return {post.id: post for post in posts}


def _scenario(post: Post) -> Scenario:
    return next(s for s in _SCENARIOS if post.text in s.openings)


# ── arriving ─────────────────────────────────────────────────────────────────────────────────────


def test_some_wait_at_the_start_already_each_for_a_while_of_their_own(ignored: tuple[Post, ...]) -> None:
    openings = [post for post in ignored if post.at <= START and post.parent_id is None]
    ages = [(START - post.at) / timedelta(minutes=1) for post in openings]
    assert len(ages) == 5
    assert ages[0] > 40
    assert ages[-1] < 10
    assert all(older - newer > 1 for older, newer in pairwise(ages))


def test_then_they_come_at_the_pace_that_was_set(make_network: MakeNetwork) -> None:
    for pace in (60, 180):
        network = make_network(pace=pace)
        network.advance(START + timedelta(hours=5))
        came = [post for post in all_posts(network) if post.parent_id is None and post.at > START]
        assert len(came) == pytest.approx(5 * 3600 / pace, rel=0.25)


def test_nobody_comes_to_a_network_without_pace(make_network: MakeNetwork) -> None:
    network = make_network(quiet=True)
    network.advance(START + timedelta(days=30))
    assert all_posts(network) == ()


def test_all_languages_are_heard_within_the_first_customers(ignored: tuple[Post, ...]) -> None:
    openings = [post for post in ignored if post.parent_id is None]
    assert {post.language for post in openings[: sum(language.weight for language in _LANGUAGES)]} == {
        language.language for language in _LANGUAGES
    }


def test_a_network_can_be_held_to_some_languages(tmp_path: Path) -> None:
    network = SandboxNetwork(tmp_path / "network.db", 7, start=START, languages=["pl", "he"])
    network.advance(START + timedelta(hours=1))
    assert {post.language for post in all_posts(network)} == {"he", "pl"}
    network.close()


def test_no_opening_comes_twice_before_all_of_its_language_came(ignored: tuple[Post, ...]) -> None:
    english = [post.text for post in ignored if post.language == "en" and post.parent_id is None]
    deck = len(next(language.scenarios for language in _LANGUAGES if language.language == "en"))
    # A safety claim stands in for a common matter only now and then, which may then come twice.
    assert max(Counter(text.split(" \x1b")[0] for text in english[:deck]).values()) <= 2
    assert len(set(english[:deck])) >= deck - 1


def test_safety_claims_are_rare(ignored: tuple[Post, ...]) -> None:
    openings = [post for post in ignored if post.text in _all_of("openings")]
    claims = [post for post in openings if _scenario(post).kind == "safety"]
    assert 0 < len(claims) < len(openings) / 15


def test_nobody_has_the_handle_of_another(ignored: tuple[Post, ...]) -> None:
    people = {post.author.remote_id: post.author.handle.casefold() for post in ignored}
    assert len(set(people.values())) == len(people) > 100


def test_names_repeat_rarely(ignored: tuple[Post, ...]) -> None:
    names = Counter({post.author.remote_id: post.author.display_name for post in ignored}.values())
    hostile_or_alias = {person.name for person in load_hostile()} | {a for lang in _LANGUAGES for a, _ in lang.aliases}
    assert len([name for name, times in names.items() if times > 1 and name not in hostile_or_alias]) < 5


# ── characters ───────────────────────────────────────────────────────────────────────────────────


def test_some_names_and_texts_attack_the_screen(ignored: tuple[Post, ...]) -> None:
    hostile = {person.name for person in load_hostile()}
    attackers = [post for post in ignored if post.author.display_name in hostile and post.parent_id is None]
    assert {post.author.display_name for post in attackers} == hostile
    told = "".join(post.text + post.author.display_name for post in attackers)
    assert all(sign in told for sign in ("\x1b[", "\x1b]52", "[/foo]", "\u202e", "\u0334", "\x00", "\x9b"))
    assert any(post.author.display_name in hostile for post in ignored[:60])


def test_some_say_what_they_have_to_say_in_two_posts_of_one_breath(ignored: tuple[Post, ...]) -> None:
    posts = _by_id(ignored)
    seconds = [post for post in ignored if post.text in {scenario.second for scenario in _SCENARIOS}]
    assert seconds
    for post in seconds:
        opening = posts[post.parent_id or ""]
        assert opening.author == post.author
        assert timedelta(seconds=10) < post.at - opening.at < timedelta(minutes=1)


def test_bystanders_join_and_only_some_of_them_speak_to_the_account(ignored: tuple[Post, ...]) -> None:
    posts = _by_id(ignored)
    joined = [post for post in ignored if post.text in {scenario.bystander for scenario in _SCENARIOS}]
    assert {post.addressed for post in joined} == {True, False}
    for post in joined:
        assert posts[post.parent_id or ""].author != post.author
        assert post.addressed == ("@northwindcare" in post.text.casefold())


def test_some_bystanders_remove_what_they_wrote(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(START + timedelta(hours=_HOURS))
    threads = {post.thread_id: network.thread(post.id) for post in all_posts(network)}
    removed = [post_id for thread in threads.values() for post_id in thread.removed]
    assert 0 < len(removed) < len(threads) / 10


def test_public_posts_keep_the_network_s_own_limit(ignored: tuple[Post, ...], answered: tuple[Post, ...]) -> None:
    for post in (*ignored, *answered):
        assert weighted_length(post.text) <= LIMITS[post.visibility]


# ── ignored ──────────────────────────────────────────────────────────────────────────────────────


def test_the_ignored_bump_in_their_own_thread_after_a_while(ignored: tuple[Post, ...]) -> None:
    posts = _by_id(ignored)
    bumps = [post for post in ignored if post.text in _all_of("bumps")]
    assert len(bumps) > 100
    for post in bumps:
        before = posts[post.parent_id or ""]
        assert before.author == post.author
        assert before.thread_id == post.thread_id
        assert timedelta(minutes=5) < post.at - before.at <= timedelta(minutes=40)


def test_bumps_grow_in_annoyance_and_end(ignored: tuple[Post, ...]) -> None:
    early = [post for post in ignored if post.parent_id is None and post.text in _all_of("openings")]
    early = [post for post in early if post.at < START + timedelta(hours=3)]
    for opening in early:
        said = [post.text for post in ignored if post.author == opening.author and post.text in _all_of("bumps")]
        scenario = _scenario(opening)
        if scenario.kind == "praise":
            assert said == []
        else:
            assert said in (list(scenario.bumps[:2]), list(scenario.bumps[:3]))


def test_some_of_the_ignored_leave_with_a_word_and_some_without(ignored: tuple[Post, ...]) -> None:
    farewells = {text for language in _LANGUAGES for text in language.leaving}
    left = [post for post in ignored if post.text in farewells]
    gave_up = {post.author.remote_id for post in ignored if post.text in _all_of("bumps")}
    assert 10 < len(left) < len(gave_up) - 10


# ── answered ─────────────────────────────────────────────────────────────────────────────────────


def test_the_answered_thank_come_back_unsolved_or_ask_something_new(answered: tuple[Post, ...]) -> None:
    posts = _by_id(answered)
    reactions = [post for post in answered if post.parent_id and posts[post.parent_id].text.endswith("^CL")]
    kinds = Counter(
        kind for post in reactions for kind in ("thanks", "not_solved", "questions") if post.text in _all_of(kind)
    )
    assert all(kinds[kind] > 20 for kind in ("thanks", "not_solved", "questions"))


def test_a_reaction_answers_the_reply_in_the_same_thread(answered: tuple[Post, ...]) -> None:
    posts = _by_id(answered)
    for post in answered:
        if post.parent_id and post.text in _all_of("thanks"):
            reply = posts[post.parent_id]
            assert reply.text.endswith("^CL")
            assert reply.thread_id == post.thread_id
            assert timedelta(minutes=1) < post.at - reply.at < timedelta(minutes=10)


def test_whoever_is_answered_in_time_does_not_bump(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(START)
    first = next(post for post in all_posts(network) if _answerable(post))
    publish(network, public_reply("Hello!", first), START)
    network.advance(START + timedelta(minutes=1))
    assert [post for post in all_posts(network) if post.author == first.author and post.at > START] == []


def test_several_parts_of_one_reply_bring_one_reaction_to_the_last(make_network: MakeNetwork) -> None:
    network = make_network(seed=3)
    network.advance(START)
    for opening in [post for post in all_posts(network) if _answerable(post)]:
        part = publish(network, public_reply("1/2", opening), START)
        publish(network, Posting(f"2 {opening.id}", "2/2", "public", reply_to=part.id), START + timedelta(seconds=2))
    network.advance(START + timedelta(minutes=12))
    posts = _by_id(all_posts(network))
    reactions = [post for post in posts.values() if post.parent_id and posts[post.parent_id].author == network.account]
    reactions = [post for post in reactions if post.author != network.account]
    assert {posts[post.parent_id or ""].text for post in reactions} == {"2/2"}
    assert max(Counter(post.author.handle for post in reactions).values()) == 1


def test_nobody_says_the_same_thing_twice(answered: tuple[Post, ...]) -> None:
    said = Counter((post.author.remote_id, post.text) for post in answered if not post.text.endswith("^CL"))
    assert max(said.values()) == 1


def _answerable(post: Post) -> bool:
    return post.parent_id is None and post.text in _all_of("openings") and _scenario(post).kind != "praise"


# ── private ──────────────────────────────────────────────────────────────────────────────────────


def test_who_is_invited_opens_a_private_conversation(invited: tuple[Post, ...]) -> None:
    opened = [post for post in invited if post.visibility == "private" and post.author.handle != "NorthwindCare"]
    assert len(opened) > 50
    assert all(post.recipient is not None and post.recipient.handle == "NorthwindCare" for post in opened)
    assert all(post.parent_id is None for post in opened)
    for person in {post.author.remote_id for post in opened}:
        assert len({post.thread_id for post in opened if post.author.remote_id == person}) == 1


def test_what_is_private_is_said_in_private_only(invited: tuple[Post, ...]) -> None:
    assert [post for post in invited if post.visibility == "public" and post.text in _all_of("private")] == []


def test_some_write_privately_at_great_length(invited: tuple[Post, ...]) -> None:
    long = [post for post in invited if len(post.text) >= 4000]
    assert long
    assert {post.visibility for post in long} == {"private"}
    assert len({post.language for post in long}) > 2


def test_a_private_talk_goes_on_in_private(invited: tuple[Post, ...]) -> None:
    gone_private: set[str] = set()
    for post in invited:
        if post.author.handle != "NorthwindCare" and post.author.remote_id in gone_private:
            assert post.visibility == "private"
        if post.text in _all_of("private"):
            gone_private.add(post.author.remote_id)
    assert [post for post in invited if post.visibility == "private" and post.text in _all_of("thanks")]
