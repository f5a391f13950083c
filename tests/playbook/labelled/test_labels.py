"""The labelled replies are the drawn ones, and their labels are known ones that agree with each other."""

from __future__ import annotations

from tests.playbook.labelled.labels import FACTS, FAULTS, LABELS, LANGUAGES, SIGNATURES, labelled
from tests.playbook.labelled.sample import DRAWN, drawn


def test_the_labelled_replies_are_those_of_the_draw_in_its_order() -> None:
    assert list(labelled()) == [reply.id for reply in drawn()]


def test_three_hundred_replies_are_labelled_once_each() -> None:
    ids = [line.split("\t")[0] for line in LABELS.read_text("utf-8").splitlines()[1:]]

    assert len(ids) == len(set(ids)) == sum(DRAWN.values()) == 300


def test_every_label_is_a_known_one() -> None:
    written = {label for labels in labelled().values() for label in labels.held | labels.doubtful}

    assert written - FAULTS - FACTS - SIGNATURES - LANGUAGES == set()


def test_no_label_both_holds_and_is_doubtful() -> None:
    assert [reply_id for reply_id, labels in labelled().items() if labels.held & labels.doubtful] == []


def test_a_reply_is_signed_in_one_way_and_written_in_one_language() -> None:
    for labels in labelled().values():
        assert len(labels.held & SIGNATURES) <= 1
        assert len(labels.held & LANGUAGES) <= 1


def test_empathy_is_missed_only_where_there_was_a_complaint() -> None:
    for reply_id, labels in labelled().items():
        if labels.has("no-empathy") is not False:
            assert labels.has("complaint") is not False, reply_id


def test_a_reply_whose_parent_is_not_known_has_no_label_that_needs_one() -> None:
    orphans = {reply.id for reply in drawn() if reply.parent is None}

    for reply_id in orphans:
        assert not {"complaint", "no-empathy", "unanswered-question", "brick"} & labelled()[reply_id].held


def test_links_are_labelled_where_they_stand() -> None:
    assert {reply.id for reply in drawn() if "http" in reply.text} == {
        reply_id for reply_id, labels in labelled().items() if labels.has("link")
    }
