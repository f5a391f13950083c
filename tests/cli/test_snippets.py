"""`carecli snippets` and `carecli reply --snippet`: ready sentences by flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_process import carecli_process
from tests.cli.test_replies import posted

POLISH = """
[[snippets]]
name = "outage"
text = "Dzień dobry {name}, awaria: {miejsce}."
languages = ["pl"]
accounts = ["care"]

[calendars.desk]"""


@pytest.fixture
def in_two_languages(folder: Path) -> None:
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace("[calendars.desk]", POLISH, 1), "utf-8")


@pytest.mark.usefixtures("in_two_languages")
def test_the_list_shows_name_language_and_text(run: Run) -> None:
    head, english, polish = run("snippets").out.splitlines()
    assert head.split() == ["NAME", "LANGUAGES", "TEXT"]
    assert english.startswith("outage  en         Hi {name}, there is a fault")
    assert polish.startswith("outage  pl         Dzień dobry")


@pytest.mark.usefixtures("in_two_languages")
def test_a_query_a_language_and_an_account_narrow_it(run: Run) -> None:
    assert [one["languages"] for one in run("snippets", "outg", "--language", "pl", "--json").data] == [["pl"]]
    assert [one["gaps"] for one in run("snippets", "--account", "care", "--json").data] == [
        ["area", "time"],
        ["miejsce"],
    ]
    assert run("snippets", "refund").out == "There is none.\n"


def test_an_account_that_is_not_there_is_told(run: Run) -> None:
    answer = run("snippets", "--account", "nobody")
    assert answer.code == 6
    assert "care" in answer.err


def test_a_snippet_goes_out_filled_in(folder: Path) -> None:
    words = ("--snippet", "outage", "--fill", "area=Leeds = all of it", "--fill", " time =noon", "--public")
    done = carecli_process("reply", "1", *words, CARECLI_CONFIG=str(folder / "config.toml"))
    assert done.returncode == 0
    assert "[template-likeness]" in done.stderr
    (text,) = posted(folder)
    assert text.endswith(
        "Hi Andy, there is a fault in Leeds = all of it and engineers are on it. I'll write here by noon. ^CL"
    )


@pytest.mark.usefixtures("in_two_languages")
def test_it_is_the_one_in_the_customer_s_language(run: Run) -> None:
    answer = run("reply", "3", "--snippet", "outage", "--fill", "miejsce=Praga", "--public", "--dry-run")
    assert "awaria: Praga. ^CL" in answer.out


def test_one_with_a_gap_left_is_refused(run: Run, folder: Path) -> None:
    answer = run("reply", "1", "--snippet", "outage", "--fill", "area=Leeds", "--public", "--json")
    assert (answer.code, answer.error["rule"]) == (1, "unfilled")
    assert "{time}" in answer.error["sentence"]
    assert posted(folder) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--snippet"),
        (("Hi Andy.", "--snippet", "outage"), 2, "--snippet"),
        (("Hi Andy.", "--fill", "area=Leeds"), 2, "--snippet"),
        (("--snippet", "outage", "--fill", "Leeds"), 2, "gap=text"),
        (("--snippet", "outage", "--fill", "when=noon"), 2, "area"),
        (("--snippet", "refund"), 6, "outage"),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_remedy(
    run: Run, folder: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = run("reply", "1", *words, "--public")
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert posted(folder) == []
