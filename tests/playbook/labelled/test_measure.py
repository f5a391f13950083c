"""How well the checks and the recognition of signatures do on real replies: at least nine of ten findings are right,
at least eight of ten faults are found, and a brand's shares are those that others found.

The figures are told at the end of the run. Where a check has fewer than ten labelled cases, they are told and no more.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable

import pytest

from carecli.playbook.recognition import DASHES, Recognised, recognise
from carecli.playbook.wording import languages
from tests.playbook.labelled.labels import FAULTS, SIGNATURES, Labels, labelled
from tests.playbook.labelled.measure import Finder, Tally, draft_of, finders, is_signed, share, tally
from tests.playbook.labelled.sample import RECORDED, Post, Reply, drawn, replies

PRECISION, RECALL, CASES = 0.9, 0.8, 10
POINTS = 3.0

_LABELLED = FAULTS | {"deflection", "private-invitation"}
_MEASURED = sorted(_LABELLED & finders().keys())
_KINDS = {"^": "caret", "*": "star", "/": "slash", "~": "tilde", "=": "equals"} | dict.fromkeys(DASHES, "dash")

_BARE = frozenset(("signed:bare-name", "signed:bare-initials"))

# A column of the reference files, and what finds the same here.
_SHARES: dict[str, Finder] = {"signed_pct": is_signed} | {
    column: finders()[found]
    for column, found in (("deflect_pct", "deflection"), ("dm_pct", "private-invitation"))
    if found in finders()
}

# Where a share differs by more than `POINTS`, and why, after reading the replies.
_TOLD = "A reader does not count what only tells of a message (“we have replied to your DM”, “check your DMs”)"
_SENT = "A reader counts what is sent or told at a link (“send us a note”, “reach us here”, “tell us more here”)"
_EXPLAINED = {
    ("signed_pct", "ArgosHelpers"): "One of 24 (twcs_dev:4567): a bare name with a full stop, as customers are named.",
    ("dm_pct", "AskPlayStation"): f"{_TOLD}: twcs_dev:1450, 1461, 1468. Others are Spanish: 1457, 2251, 3400.",
    ("dm_pct", "TMobileHelp"): f"{_TOLD}: twcs_dev:1977, 1990, 1992, 4076, 5341, 6640, 6642.",
    ("dm_pct", "Uber_Support"): f"{_TOLD}: twcs_dev:778, 2718, 3803. Others lead to a link: 768, 2416, 2729.",
    ("dm_pct", "KLM"): f"{_TOLD}: airlines_dev:1131312081771401218, 1131456085230067712, 1131494002514169856.",
    ("deflect_pct", "Uber_Support"): f"{_SENT}: twcs_dev:768, 772, 774, 1806, 2402 and thirty more.",
    ("deflect_pct", "ChipotleTweets"): f"{_SENT}: twcs_dev:77, 7578.",
    ("deflect_pct", "AmazonHelp"): f"{_SENT}: twcs_dev:631, 639, 2557, 3731; and the options at one: 658, 4828, 5118.",
    (
        "deflect_pct",
        "KLM",
    ): "A reader counts claims filed at a link (airlines_dev:1131324722279526400), the customer's page "
    "(1131674044900749319) and desks to turn to (1131980265159573504).",
    ("deflect_pct", "AskAmex"): "One of 11, without a word for it (twcs_dev:402): log in at a link and talk on there.",
    ("deflect_pct", "AskPlayStation"): "A reader does not count a page that answers: twcs_dev:1470, 3428, 3432, 5581.",
    ("deflect_pct", "ArgosHelpers"): "One of 24, the item to be taken back to a shop (twcs_dev:2350).",
    ("deflect_pct", "hulu_support"): "One of 33, to contact them at a link (twcs_dev:5427).",
    ("deflect_pct", "sainsburys"): "One of 14, into a shop and to colleagues there (twcs_dev:3316).",
    ("deflect_pct", "CoxHelp"): "One of 29, a page where news will stand (twcs_dev:5634), which is the answer.",
}


# ── the measure itself ────────────────────────────────────────────────────────────────────────────


def test_precision_and_recall_count_what_is_found_and_what_is_labelled() -> None:
    labels = {name: Labels(frozenset(("hedge",))) for name in "abc"} | {name: Labels(frozenset()) for name in "de"}
    measured = tally("hedge", lambda reply: reply.id in "abd", [Reply(name, "brand", "") for name in labels], labels)

    assert measured == Tally(both=("a", "b"), found_only=("d",), labelled_only=("c",), neither=("e",))
    assert (measured.cases, measured.precision, measured.recall) == (3, 2 / 3, 2 / 3)


def test_a_doubtful_reply_counts_neither_way() -> None:
    labels = {"a": Labels(frozenset(), doubtful=frozenset(("hedge",)))}

    assert tally("hedge", lambda _: True, [Reply("a", "brand", "")], labels) == Tally()
    assert tally("hedge", lambda _: False, [Reply("a", "brand", "")], labels) == Tally()


def test_a_kind_of_deflection_is_a_deflection() -> None:
    assert Labels(frozenset(("deflection-call",))).has("deflection") is True
    assert Labels(frozenset(), frozenset(("deflection-call",))).has("deflection") is None
    assert Labels(frozenset(("hedge",))).has("deflection") is False


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("@115712 We have sent it. ^CL", "We have sent it."),
        ("@115712 @115713, we have sent it.", "we have sent it."),
        ("We have sent it to @115712. Claire https://t.co/abc", "We have sent it to @115712. https://t.co/abc"),
    ],
)
def test_a_reply_is_checked_as_it_stood_in_the_composer(text: str, draft: str) -> None:
    assert draft_of(Reply("a", "brand", text)) == draft


def test_a_first_reply_is_one_that_the_brand_did_not_speak_before() -> None:
    asked, answered = Post("Where is it?", own=False), Post("On its way.", own=True)

    assert Reply("a", "brand", "", (asked,)).first
    assert not Reply("a", "brand", "", (asked, answered, asked)).first
    assert not Reply("a", "brand", "").first


# ── the checks on the labelled replies ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("check", _MEASURED)
def test_a_check_finds_what_a_reader_does(check: str, tell: Callable[[str], None]) -> None:
    measured = tally(check, finders()[check], _readable(), labelled())
    tell(f"{check}: {measured}")

    if measured.cases >= CASES:
        assert measured.precision >= PRECISION, measured.found_only
        assert measured.recall >= RECALL, measured.labelled_only


def test_labels_that_nothing_finds_are_told(tell: Callable[[str], None]) -> None:
    for label in sorted(_LABELLED - set(_MEASURED)):
        cases = sum(labels.has(label) is True for labels in labelled().values())
        tell(f"{label}: not there yet, {cases} cases")


# ── signatures ────────────────────────────────────────────────────────────────────────────────────


def test_marked_and_unsigned_replies_are_told_apart(
    tell: Callable[[str], None],
) -> None:
    marked, marked_missed = _recognised(SIGNATURES - _BARE)
    bare, bare_missed = _recognised(_BARE)
    unsigned = [reply for reply in drawn() if not labelled()[reply.id].has("signed")]
    taken = [reply.id for reply in unsigned if is_signed(reply)]
    tell(
        f"labelled: {marked - len(marked_missed)} of {marked} marked, {bare - len(bare_missed)} of {bare} bare, "
        f"{len(taken)} of {len(unsigned)} unsigned taken for signed"
    )

    assert len(marked_missed) <= 0.05 * marked, marked_missed
    assert len(bare_missed) <= 0.05 * bare, bare_missed
    assert len(taken) <= 0.01 * len(unsigned), taken


@pytest.mark.parametrize("file", ["twcs_dev", "airlines_dev"])
def test_brands_that_sign_are_told_from_those_that_do_not(file: str, tell: Callable[[str], None]) -> None:
    reference = _reference(file)
    by_brand = _by_brand(file)
    unsigned = [reply for brand, wrote in by_brand.items() for reply in wrote if reference[brand]["signed_pct"] == 0]
    taken = [reply.id for reply in unsigned if is_signed(reply)]
    marked = sum(reference[brand]["signed_marker_pct"] * len(wrote) / 100 for brand, wrote in by_brand.items())
    recognised = sum(_is_marked(reply) for wrote in by_brand.values() for reply in wrote)
    tell(f"{file}: {recognised:.0f} of {marked:.0f} marked, {len(taken)} of {len(unsigned)} unsigned taken for signed")

    assert 0.95 * marked <= recognised <= 1.05 * marked
    assert len(taken) <= 0.01 * len(unsigned), taken


# ── shares by brand ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", ["twcs_dev", "airlines_dev"])
def test_a_brand_has_the_shares_of_the_reference(file: str, tell: Callable[[str], None]) -> None:
    reference = _reference(file)
    far = set()
    for brand, wrote in _by_brand(file).items():
        cells = []
        for column, finder in _SHARES.items():
            found, expected = share(finder, wrote), reference[brand][column]
            cells.append(f"{column} {found:.1f} (reference {expected:.1f})")
            # The reference is rounded to a tenth.
            if abs(found - expected) > POINTS + 0.05:
                far.add((column, brand))
        tell(f"{file}, {brand}, {len(wrote)} replies: {', '.join(cells)}")
    explained = {(column, brand) for column, brand in _EXPLAINED if brand in reference and column in _SHARES}
    for column, brand in sorted(far & explained):
        tell(f"{file}, {brand}, {column} differs: {_EXPLAINED[column, brand]}")

    assert far == explained


def _readable() -> list[Reply]:
    """The drawn replies that are in a language with a file of its own; of others no check of wording can know."""
    return [reply for reply in drawn() if labelled()[reply.id].language in languages()]


def _recognised(kinds: frozenset[str]) -> tuple[int, list[str]]:
    """How many drawn replies are signed in one of these kinds, and which are not recognised as that kind."""
    signed = [(reply, kind) for reply in drawn() for kind in labelled()[reply.id].held & kinds]
    return len(signed), [reply.id for reply, kind in signed if _kind(recognise(reply.text)) != kind]


def _reference(file: str) -> dict[str, dict[str, float]]:
    """The reference figures of a recorded file by brand. Skips the test where it is absent."""
    path = RECORDED / f"{file}.reference.csv"
    if not path.exists():
        pytest.skip(f"the recorded conversations are not here: {path.name}")
    with path.open(newline="", encoding="utf-8") as stream:
        return {
            line["brand"]: {column: float(line[column]) for column in line if column.endswith("_pct") and line[column]}
            for line in csv.DictReader(stream)
        }


def _by_brand(file: str) -> dict[str, list[Reply]]:
    by_brand = defaultdict(list)
    for reply in replies(f"{file}.csv").values():
        by_brand[reply.brand].append(reply)
    return by_brand


def _is_marked(reply: Reply) -> bool:
    found = recognise(reply.text)
    return found is not None and found.marker != ""


def _kind(found: Recognised | None) -> str:
    if found is None:
        return ""
    bare = "bare-initials" if found.who.isupper() and len(found.who) <= 3 else "bare-name"
    return f"signed:{_KINDS.get(found.marker, bare)}"
