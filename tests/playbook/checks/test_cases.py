"""Each check in each language: what it must find, what it must not, and ordinary good replies that nothing is said of.

The texts stand in `cases/<language>.toml`, in the words of agents who write the language:
`good`: replies in which no check finds anything. A table for each check, or for each meaning that is no check (private,
promise, decline): `found` and `clean`, one text each. `customer`, `asked`, `earlier` and `template` are the
circumstances of a table's texts.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest

from carecli.model import Agent, Calendar, Length, Playbook, Record
from carecli.playbook import lexicon
from carecli.playbook.checks import CHECKS, DraftFacts, check_reply
from carecli.playbook.gaps import GAP
from carecli.playbook.promises import promises_in
from carecli.playbook.template import fill
from carecli.playbook.wording import declined_in, languages, read_wording, wording_file

FOLDER = Path(__file__).parent / "cases"
WRITTEN = sorted(path.stem for path in FOLDER.glob("??.toml"))
AGENT = Agent("agent", "Nomen Nescio", "NN")
LIMIT = 280
# What a language's own words decide: each has cases in every language.
BY_LANGUAGE = (
    "hedge", "empty-phrase", "no-empathy", "deflection-call", "deflection-write", "deflection-chat",
    "deflection-portal", "deflection-form", "deflection-other-team", "asks-personal-data", "identity-first",
    "declined-offer", "confusables", "private", "promise", "decline",
)  # fmt: skip
ENOUGH = 4
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Cases(Record, frozen=True, forbid_unknown_fields=True):
    """The cases of one check."""

    found: tuple[str, ...]
    clean: tuple[str, ...]
    customer: str = ""
    asked: str = ""
    earlier: str = ""
    template: str = ""


@cache
def read(language: str) -> tuple[tuple[str, ...], dict[str, Cases]]:
    file = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    good = msgspec.convert(file.pop("good"), tuple[str, ...])
    return good, msgspec.convert(file, dict[str, Cases])


def facts(language: str, about: Cases, *, complaint: bool = False, declined: tuple[str, ...] = ()) -> DraftFacts:
    return DraftFacts(
        visibility="public",
        agent=AGENT,
        roster=(AGENT,),
        playbook=Playbook(),
        customer_name=about.customer,
        first_reply=True,
        language=language,
        asked=about.asked,
        complaint=complaint,
        declined=declined,
        own_replies=(about.earlier,) if about.earlier else (),
        templates=(about.template,) if about.template else (),
        link_price="$0.20",
    )


def finds(language: str, id: str, text: str, about: Cases) -> bool:
    if id not in CHECKS:
        if id == "promise":
            return promises_in(text, MONDAY, Calendar(), language) != ()
        if id == "decline":
            return declined_in([text], language) != ()
        said = {one.meaning.partition(" ")[0] for one in read_wording(text, language).said}
        return id in said
    look = CHECKS[id][1]
    offers = tuple(wording_file(language).offers)
    circumstances = facts(language, about, complaint=True, declined=offers)
    return look(circumstances, text, Length(len(text), LIMIT)) is not None


TABLES = [(language, id) for language in WRITTEN for id in read(language)[1]]
ALONE = Cases((), ())


@pytest.mark.parametrize(("language", "id"), TABLES)
def test_what_a_check_is_for_is_found(language: str, id: str) -> None:
    about = read(language)[1][id]
    assert [text for text in about.found if not finds(language, id, text, about)] == []


@pytest.mark.parametrize(("language", "id"), TABLES)
def test_the_same_words_meaning_something_else_are_left_alone(language: str, id: str) -> None:
    about = read(language)[1][id]
    assert [text for text in about.clean if finds(language, id, text, about)] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_an_ordinary_good_reply_is_left_alone_by_every_check(language: str) -> None:
    good = read(language)[0]
    found = {
        text: [(one.check, text[one.start : one.end]) for one in findings]
        for text in good
        if (findings := check_reply(facts(language, ALONE), text, Length(len(text), LIMIT)))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("asked", "complains"),
    [
        ("Why is my box orange?", False),
        ("why do the lights blink?", False),
        ("Why is it still broken?", True),
        ("why did you charge me twice", True),
        ("why doesn't it start", True),
    ],
)
def test_who_only_asks_why_is_not_taken_to_complain(asked: str, complains: bool) -> None:
    look = CHECKS["no-empathy"][1]
    found = look(facts("en", Cases((), (), asked=asked)), "It is the update light.", Length(23, LIMIT))
    assert (found is not None) == complains


def test_every_language_of_replies_has_cases_and_is_one_that_customers_write() -> None:
    assert list(languages()) == WRITTEN
    assert set(languages()) <= set(lexicon.languages())


@pytest.mark.parametrize("language", WRITTEN)
def test_every_check_has_cases_enough_in_every_language(language: str) -> None:
    good, cases = read(language)
    few = [id for id in BY_LANGUAGE if id not in cases or min(len(cases[id].found), len(cases[id].clean)) < ENOUGH]
    assert few == []
    assert len(set(good)) >= 40
    assert language in languages()


@pytest.mark.parametrize("language", languages())
def test_a_sentence_of_ours_that_mends_a_draft_passes_every_check(language: str) -> None:
    remedies = wording_file(language).remedies
    salutation = fill(remedies.salutation, {"name": "Andy"})
    invited = remedies.invitation.replace("{link}", "").strip()
    sentences = [
        f"{salutation}42.",
        remedies.hand_off,
        invited,
        remedies.feeling,
        f"{salutation}{remedies.feeling} {remedies.hand_off}",
        lexicon.words_for(language).invitation.replace("{link}", "").strip(),
    ]
    found = {
        text: findings
        for text in sentences
        if (findings := check_reply(facts(language, ALONE), GAP.sub("42", text), Length(len(text), LIMIT)))
    }
    assert found == {}
    assert not finds(language, "no-empathy", remedies.feeling, ALONE)
    assert finds(language, "private", invited, ALONE)
    assert GAP.search(remedies.hand_off) is not None
