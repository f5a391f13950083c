"""Proofreading a reply: what is allowed in it, in which language it is read, and what an accepted one is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.checking import Circumstances, by_default
from carecli.desk.composing import Composing, composing
from carecli.desk.outbox import outbox
from carecli.desk.proofreading import language_to_read, proofread, proofreader_for, what_is_off, words_allowed
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import Refused
from carecli.proof import proofreader, standing
from carecli.proof.proofreader import Proofreader
from carecli.proof.standing import is_installed
from tests.proof.material import DICTIONARIES, POLISH, doubted, program
from tests.shop import CONFIG, Shop, open_shop

PLAYBOOK = 'words = ["HubOne"]\nchecks = { "greeting-missing" = "off", LEVEL }'
HINT, BLOCK = PLAYBOOK.replace("LEVEL", "spelling = 'hint'"), PLAYBOOK.replace("LEVEL", "spelling = 'block'")
SLIP = "Hi Andy, we will recieve it."
DEAF = program("import time; time.sleep(60)")

needs_extra = pytest.mark.skipif(not is_installed(), reason="The extra `proof` is not installed.")


def config(playbook: str) -> str:
    own = CONFIG[CONFIG.index("checks = {") :]
    return f'dictionaries = "{DICTIONARIES}"\n{CONFIG.replace(own, playbook)}'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, config(HINT)) as one:
        yield one


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, config(BLOCK)) as one:
        yield one


def begun(shop: Shop, language: str = "en") -> Composing:
    shop.customer_writes("My line is slow", language=language, name="Zofja Kowalska", handle="zofjak")
    shop.work()
    (row,) = first_rows(shop.desk, QueueFilter(), 50)
    return composing(shop.desk, row.conversation_id, "public")


def test_words_of_the_brand_its_people_and_the_customer_are_allowed(shop: Shop) -> None:
    context = begun(shop)
    allowed = words_allowed(context.facts, context.brand, context.handle)
    assert {"hubone", "northwind", "broadband", "claire", "rob", "iyer", "zofja", "northwindcare", "north"} <= allowed


@pytest.mark.parametrize(
    ("tag", "text", "language"),
    [
        ("en-GB", "Hi Andy, your line is up again.", "en-GB"),
        ("en", "Dzień dobry, przepraszamy za kłopot.", "pl"),
        ("it", "Ciao, la linea funziona di nuovo.", "it"),
        ("", "Hello, the line is up again.", "en"),
    ],
)
def test_a_reply_is_read_in_the_language_that_it_shows_else_in_the_conversations(
    shop: Shop, tag: str, text: str, language: str
) -> None:
    assert language_to_read(begun(shop, tag).facts, text) == language


@pytest.mark.proofread
@needs_extra
def test_a_reply_is_proofread_by_the_dictionary_of_the_configuration(shop: Shop) -> None:
    proof = proofread(shop.desk, begun(shop, "pl"), f"{POLISH}, Zofja. HubOne zofjak", seconds=20)
    assert doubted(proof) == ["pszepraszamy"]


@pytest.mark.proofread
@needs_extra
def test_a_slip_refuses_a_reply_where_the_playbook_blocks_it_and_a_lead_may_override(strict: Shop) -> None:
    context = begun(strict)
    number = context.conversation_id
    assert proofread(strict.desk, context, "As on the screen, it is awake already.", seconds=20) is not None
    with pytest.raises(Refused, match="recieve") as refused:
        reply(strict.desk, number, SLIP, "public", seen_version=None, hold=False)
    assert refused.value.rule == "spelling"
    assert outbox(strict.desk) == ()
    reply(strict.desk, number, SLIP, "public", seen_version=None, hold=False, override="A quotation.")


@pytest.mark.proofread
def test_a_reply_is_not_held_up_by_a_proofreader_that_is_too_slow(
    strict: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.desk.proofreading.ACCEPTING_SECONDS", 0.1)
    monkeypatch.setattr(standing, "is_installed", lambda: True)
    monkeypatch.setattr(proofreader, "is_installed", lambda: True)
    strict.desk._proofreader = Proofreader([DICTIONARIES], DEAF)
    told: list[str] = []
    entry = reply(
        strict.desk, begun(strict).conversation_id, SLIP, "public", seen_version=None, hold=False, tell=told.append
    )
    assert entry.state == "queued"
    assert told == ["It was not proofread: that took too long."]


@pytest.mark.proofread
def test_a_reply_goes_without_the_extra_and_that_is_said(strict: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: False)
    monkeypatch.setattr(proofreader, "is_installed", lambda: False)
    told: list[str] = []
    number = begun(strict).conversation_id
    reply(strict.desk, number, SLIP, "public", seen_version=None, hold=False, tell=told.append)
    assert "Proofreading is off" in told[0]
    assert "carecli[proof]" in told[0]


def test_a_playbook_that_only_hints_waits_for_no_proofreader(shop: Shop) -> None:
    number = begun(shop).conversation_id
    told: list[str] = []
    reply(shop.desk, number, SLIP, "public", seen_version=None, hold=False, tell=told.append)
    assert told == []
    assert shop.desk._proofreader is None, "nobody was asked"


@pytest.mark.proofread
@needs_extra
def test_a_text_of_no_conversation_is_proofread_too() -> None:
    reader = proofreader_for(None)
    found = by_default(Circumstances(), reader)(SLIP)
    reader.close()
    assert [finding.check for finding in found.findings] == ["spelling"]
    assert found.unread == ""


@pytest.mark.proofread
def test_a_text_that_was_not_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: False)
    monkeypatch.setattr(proofreader, "is_installed", lambda: False)
    assert "Proofreading is off" in by_default(Circumstances(), Proofreader([]))(SLIP).unread
    assert by_default(Circumstances(), Proofreader([]))(" ").unread == ""


def test_what_is_off_is_asked_of_the_languages_that_have_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: True)
    told = what_is_off(Proofreader([DICTIONARIES]))
    assert told is not None
    assert "Turkish" in told.sentence
    assert "Polish" not in told.sentence
