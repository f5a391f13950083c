"""Ready sentences at the desk: what fits a conversation, as a draft for its customer, and never sent with a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.desk.composing import Composing, composing
from carecli.desk.context import Desk
from carecli.desk.reply import reply
from carecli.desk.snippets import named, written
from carecli.errors import Misuse, NotFound, Refused
from tests.shop import CONFIG, Shop, open_shop

SNIPPETS = """
[[snippets]]
name = "all"
text = "{name}, {team} is here: {link}. {agent}"

[[snippets]]
name = "outage"
text = "Dzień dobry {name}, awaria: {miejsce}."
languages = ["pl"]
"""


def asked(shop: Shop, name: str = "Andy Loynes", language: str = "en") -> Composing:
    shop.customer_writes("My line is down.", name=name, language=language)
    shop.work()
    return composing(shop.desk, 1, "public")


def with_snippets(folder: Path, more: str = "") -> str:
    return CONFIG.replace("[calendars.desk]", SNIPPETS + "\n[calendars.desk]").replace(
        '"greeting-missing" = "hint"', f'"greeting-missing" = "hint"{more}'
    )


def say(desk: Desk, text: str) -> None:
    reply(desk, 1, text, "public", seen_version=None, hold=False)


def test_those_for_the_customer_s_language_are_there(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_snippets(tmp_path)) as shop:
        about = asked(shop, language="pl")
        assert {one.name: one.text[:5] for one in about.snippets} == {"all": "{name", "outage": "Dzień"}


@pytest.mark.parametrize("tag", ["", "und", "qme"])
def test_where_the_network_tells_no_language_the_customer_s_words_do(tmp_path: Path, tag: str) -> None:
    with open_shop(tmp_path, with_snippets(tmp_path)) as shop:
        shop.customer_writes("Nie działa mi internet, co się dzieje?", language=tag)
        shop.work()
        about = composing(shop.desk, 1, "public")
    assert {one.name: one.text[:5] for one in about.snippets} == {"all": "{name", "outage": "Dzień"}


def test_where_nothing_tells_the_language_all_are_there(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_snippets(tmp_path)) as shop:
        shop.customer_writes("???", language="und")
        shop.work()
        about = composing(shop.desk, 1, "public")
    assert [one.languages for one in about.snippets] == [("en",), (), ("pl",)]


def test_the_desk_fills_in_the_customer_the_agent_the_team_and_the_link(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_snippets(tmp_path)) as shop:
        about = asked(shop)
        text = written(about, named(about, "ALL")).text
    assert text == "Andy, Team North is here: https://sandbox.example/messages/NorthwindCare. Claire"


def test_a_customer_without_a_name_is_addressed_without_one(shop: Shop) -> None:
    about = asked(shop, name="xX_slow_Xx")
    assert written(about, named(about, "outage")).text.startswith("Hi, there is a fault in {area} and")


def test_what_the_agent_says_goes_before_what_the_desk_knows(shop: Shop) -> None:
    about = asked(shop)
    done = written(about, named(about, "outage"), {"name": "Andrew", "area": "Leeds"})
    assert done.text.startswith("Hi Andrew, there is a fault in Leeds and")
    assert done.text[done.start : done.end] == "{time}"


def test_a_name_or_a_gap_that_is_not_there_is_told_with_those_that_are(shop: Shop) -> None:
    about = asked(shop)
    with pytest.raises(NotFound, match="outage"):
        named(about, "outrage")
    with pytest.raises(Misuse, match="name, area, time"):
        written(about, named(about, "outage"), {"when": "noon"})


def test_a_reply_with_a_gap_is_refused(shop: Shop) -> None:
    about = asked(shop)
    with pytest.raises(Refused, match=r"\{area\}") as refused:
        say(shop.desk, written(about, named(about, "outage")).text)
    assert refused.value.rule == "unfilled"


def test_a_snippet_hardly_touched_is_marked_and_never_leaves_where_the_playbook_forbids_it(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_snippets(tmp_path, ', "template-likeness" = "block"')) as shop:
        about = asked(shop)
        done = written(about, named(about, "outage"), {"area": "Leeds", "time": "noon"}).text
        with pytest.raises(Refused) as refused:
            say(shop.desk, done)
        assert refused.value.rule == "template-likeness"
        say(shop.desk, f"{done} Your street was hit by the roadworks: the cable is being joined as I write, Andy.")


def test_a_greeting_sent_as_a_reply_is_like_a_template_too(tmp_path: Path) -> None:
    config = CONFIG.replace("at your service until", "here to help with broadband, TV and mobile until")
    with open_shop(tmp_path, config) as shop:
        about = asked(shop)
    findings = about.check(
        "Hello from Claire and Rob, here to help with broadband, TV and mobile until 22:00."
    ).findings
    assert "template-likeness" in {finding.check for finding in findings}
