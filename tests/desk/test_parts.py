"""A reply of several parts: cut only where it must be, each part signed and within the network's measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.desk.composing import Composing, composing
from carecli.desk.parts import parts_of
from carecli.desk.reply import reply
from carecli.errors import Refused
from carecli.model import Visibility
from tests.shop import CONFIG, Shop, open_shop

LONG = "Sorry for the wait, Andy. We have looked into it. The exchange near you lost a card at 3 a.m. today. " * 5
LINK = "https://example.com/a/very/long/way/to/say/help"


def composer(shop: Shop, visibility: Visibility = "public") -> Composing:
    shop.customer_writes("My line is slow", "andy", visibility=visibility)
    shop.work()
    return composing(shop.desk, 1, visibility)


def test_a_reply_that_fits_is_one_part(shop: Shop) -> None:
    assert parts_of(composer(shop), "Hi Andy, all is well.") == ("Hi Andy, all is well.",)


def test_a_long_reply_is_cut_at_sentences_and_each_part_fits_signed(shop: Shop) -> None:
    context = composer(shop)
    parts = parts_of(context, LONG)
    assert " ".join(parts) == LONG.strip()
    assert all(part.endswith(("Andy.", "it.", "today.")) for part in parts)
    assert [context.measure(part).over for part in parts] == [0, 0]


def test_links_are_measured_and_kept_whole_as_the_network_sees_them(shop: Shop) -> None:
    context = composer(shop)
    parts = parts_of(context, f"{LINK} " * 24)
    assert [part.count(LINK) for part in parts] == [11, 11, 2]


def test_in_private_there_is_room_for_all_of_it(shop: Shop) -> None:
    assert parts_of(composer(shop, "private"), LONG) == (LONG.strip(),)


def test_no_part_ends_as_if_a_colleague_had_signed_it(shop: Shop) -> None:
    context = composer(shop)
    text = "a" * 250 + " thank you very much.\nRob will call you, and he will tell you all that he knows by then"
    parts = parts_of(context, text)
    assert not any(part.endswith("Rob") for part in parts)
    entry = reply(shop.desk, 1, text, "public", seen_version=None, hold=False, split=True)
    assert [part.text for part in entry.parts] == [f"{part} ^CL" for part in parts]


def test_parts_end_with_their_numbers_before_the_signature_if_the_brand_wants_it(tmp_path: Path) -> None:
    with open_shop(tmp_path, CONFIG.replace("[playbooks.desk]", "[playbooks.desk]\nnumbered_parts = true")) as shop:
        composer(shop)
        entry = reply(shop.desk, 1, LONG, "public", seen_version=None, hold=False, split=True)
    assert [part.text[-8:] for part in entry.parts] == [" 1/2 ^CL", " 2/2 ^CL"]


def test_a_split_reply_stands_as_a_thread_at_the_network(shop: Shop) -> None:
    composer(shop)
    reply(shop.desk, 1, LONG, "public", seen_version=None, hold=False, split=True)
    shop.work()
    posts = shop.posts_by_us()
    assert len(posts) == 2
    assert posts[1].parent_id == posts[0].id
    assert all(post.text.endswith(" ^CL") for post in posts)


@pytest.mark.parametrize(("text", "rule"), [(f"{LONG} ^RI", "foreign-signature"), (" ", "empty")])
def test_what_cannot_be_signed_is_not_split(shop: Shop, text: str, rule: str) -> None:
    context = composer(shop)
    with pytest.raises(Refused) as caught:
        parts_of(context, text)
    assert caught.value.rule == rule


def test_a_signature_that_leaves_no_room_is_told(tmp_path: Path) -> None:
    with open_shop(
        tmp_path, CONFIG.replace("Claire Lowe", "Claire " + "o" * 280 + '"\ninitials = "' + "C" * 280)
    ) as shop:
        context = composer(shop)
        with pytest.raises(Refused, match="no room"):
            parts_of(context, LONG)


def test_a_text_that_would_flood_the_thread_is_no_reply(shop: Shop) -> None:
    context = composer(shop)
    with pytest.raises(Refused, match=r"It would be \d\d posts\. Shorten it: one reply has 12 at most\."):
        parts_of(context, LONG * 8)
    assert [found.check for found in context.check(LONG * 8, in_parts=True).findings][:1] == ["over-length"]
