"""Ready sentences: which of them fit, which a few letters find, and what stands there once they are filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Snippet
from carecli.playbook.gaps import GAP, gaps_in
from carecli.playbook.remedies import Mended
from carecli.playbook.snippets import filled, found, offered, overlap, own_gaps, problems

ALL = Snippet("sorry", "Sorry!")
ENGLISH = Snippet("sorry", "I'm sorry, {name}.", ("en",))
BRITISH = Snippet("sorry", "Ever so sorry, {name}.", ("en-GB",), ("uk",))
POLISH = Snippet("sorry", "Przepraszam, {name}.", ("pl",))
BRAZILIAN = Snippet("thanks", "Obrigada, {name}!", ("pt-BR",))
DESK = (ALL, ENGLISH, BRITISH, POLISH, BRAZILIAN)

# ── which fit ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "account", "expected"),
    [
        ("pl", "de", (POLISH,)),
        ("en-US", "de", (ENGLISH,)),
        ("en", "uk", (BRITISH,)),
        ("cs", "uk", (ALL,)),
        ("pt", "uk", (ALL, BRAZILIAN)),
        ("", "de", (ALL, ENGLISH, POLISH, BRAZILIAN)),
        ("", "", DESK),
    ],
)
def test_the_one_for_the_language_goes_before_one_for_all_and_then_the_one_for_the_account(
    language: str, account: str, expected: tuple[Snippet, ...]
) -> None:
    assert offered(DESK, language, account) == expected


def test_two_of_a_name_overlap_only_where_no_conversation_tells_them_apart() -> None:
    assert overlap(ENGLISH, Snippet("sorry", "Oh no.", ("pl", "en")))
    assert overlap(ALL, Snippet("sorry", "Oh."))
    assert not overlap(ALL, ENGLISH)
    assert not overlap(ENGLISH, BRITISH)
    assert not overlap(ENGLISH, Snippet("regret", "Oh.", ("en",)))


# ── which are found ───────────────────────────────────────────────────────────────────────────────

SHELF = (
    Snippet("refund", "We send {amount} back to the card that you paid with."),
    Snippet("come back", "Glad that it works again! If anything comes up, ask me."),
    Snippet("fault near you", "There is an outage in {area}."),
    Snippet("Żółta karta", "Przepraszam."),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["refund", "come back", "fault near you", "Żółta karta"]),
        ("REF", ["refund"]),
        ("back", ["come back", "refund"]),
        ("zolta", ["Żółta karta"]),
        ("outage area", ["fault near you"]),
        ("fny", ["fault near you"]),
        ("refund outage", []),
        ("q", []),
    ],
)
def test_a_few_letters_find_it_by_its_name_first_and_then_by_its_text(query: str, expected: list[str]) -> None:
    assert [one.name for one in found(SHELF, query)] == expected


@pytest.mark.parametrize("typed", ["refnud", "refumd", "reefund", "rfeund", "reund", "refundd"])
def test_one_slip_of_a_finger_is_forgiven(typed: str) -> None:
    assert [one.name for one in found(SHELF, typed)] == ["refund"]


def test_a_slip_is_forgiven_only_where_nothing_is_found_without() -> None:
    shelf = (Snippet("card", "Yours."), Snippet("cart", "Ours."))
    assert [one.name for one in found(shelf, "cart")] == ["cart"]


@given(st.text(max_size=12), st.lists(st.sampled_from(SHELF), max_size=4, unique=True))
def test_whatever_is_typed_it_finds_some_of_them_and_each_once(query: str, shelf: list[Snippet]) -> None:
    results = found(shelf, query)
    assert set(results) <= set(shelf)
    assert len(results) == len(set(results))


# ── filled in ─────────────────────────────────────────────────────────────────────────────────────


def test_what_the_desk_knows_is_filled_in_and_the_first_gap_left_is_where_to_write() -> None:
    snippet = Snippet("outage", "Hi {name}, a fault in {area}, until {time}. {agent}")
    done = filled(snippet, {"name": "Andy", "agent": "Claire"})
    assert done.text == "Hi Andy, a fault in {area}, until {time}. Claire"
    assert done.text[done.start : done.end] == "{area}"
    assert own_gaps(snippet) == ("area", "time")


def test_without_a_gap_left_one_writes_on_at_the_end() -> None:
    assert filled(Snippet("thanks", "Thanks, {name}!"), {"name": "Andy"}) == Mended("Thanks, Andy!", 13, 13)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {name}, sorry for that.", "Hi, sorry for that."),
        ("{name}, sorry for that.", "Sorry for that."),
        ("{name}!\nsorry for that.", "Sorry for that."),
        ("Sorry, {name}, we look.", "Sorry, we look."),
        ("Sorry, {name}. We look.", "Sorry. We look."),
        ("Sorry, {name} we look.", "Sorry, we look."),
        ("Done. {name}, it works.", "Done. It works."),
        ("Thanks, {name}!", "Thanks!"),
        ("Thanks, {name}", "Thanks"),
        ("Send us a message: {name}", "Send us a message"),
        ("Send us a message – {name} – soon.", "Send us a message – soon."),
    ],
)
def test_what_nobody_knows_vanishes_with_what_belonged_to_it(text: str, expected: str) -> None:
    assert filled(Snippet("x", text), {"name": ""}).text == expected


def test_a_turkish_sentence_that_now_begins_keeps_its_dot() -> None:
    assert filled(Snippet("x", "{name}, ilgileniyorum.", ("tr",)), {"name": ""}).text == "İlgileniyorum."


def test_what_is_filled_in_is_no_gap_itself() -> None:
    done = filled(Snippet("x", "Hi {name}, {what}"), {"name": "{agent}", "agent": "Claire"})
    assert done.text == "Hi {agent}, {what}"
    assert done.text[done.start : done.end] == "{what}"


@given(st.text(alphabet="ab {}n,.:\n–", max_size=60), st.sampled_from(["", "Andy"]))
def test_every_gap_but_the_filled_ones_is_left_as_it_is(text: str, name: str) -> None:
    done = filled(Snippet("x", text), {"ab": name})
    assert gaps_in(done.text) == tuple(gap for gap in gaps_in(text) if gap != "ab")
    first = GAP.search(done.text)
    assert (done.start, done.end) == (first.span() if first else (len(done.text), len(done.text)))


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("snippet", "said"),
    [
        (Snippet("x", "  "), "empty"),
        (Snippet("x", "Hi {name, sorry"), "brace"),
        (Snippet("x", "Hi {}"), "brace"),
        (Snippet("x", "Hi { }"), "without a name"),
        (Snippet("x", "Hi {Name}"), "{name}"),
        (Snippet("x", "Hi", ("english!",)), "english!"),
    ],
)
def test_what_is_wrong_with_one_is_said(snippet: Snippet, said: str) -> None:
    (problem,) = problems(snippet)
    assert said in problem


def test_a_good_one_has_no_problems() -> None:
    assert problems(Snippet("x", "Hi {name}, order {order number}?", ("en", "pt-BR", "haw"))) == ()
