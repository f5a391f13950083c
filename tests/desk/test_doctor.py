"""What the doctor finds, and the remedy beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.channels.sandbox.channel import SandboxChannel
from carecli.config import Config, parse
from carecli.desk.doctor import Check, database, left_behind, opening_hours, people, playbook_problems, reachable
from carecli.errors import RateLimited
from carecli.store import accounts
from carecli.store.sqlite import open_database
from tests.shop import CONFIG, open_shop

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "[[accounts]]\nid = 'care'\nnetwork = 'sandbox'\nhandle = '@NorthwindCare'\ncalendar = 'uk'\n"


def configured(folder: Path, text: str) -> Config:
    return parse(text, folder / "config.toml")


def worst(*checks: Check) -> Check:
    return min(checks, key=lambda check: ("fail", "warn", "ok").index(check.verdict))


def hours_of(folder: Path, calendar: str, at: datetime = MONDAY) -> Check:
    return opening_hours(configured(folder, f"{ACCOUNT}[calendars.uk]\n{calendar}"), "care", at)


def test_a_desk_needs_somebody_to_answer(tmp_path: Path) -> None:
    (check,) = people(configured(tmp_path, ""))
    assert (check.verdict, check.exit_code) == ("fail", 2)


def test_agents_whose_signatures_are_alike_are_told(tmp_path: Path) -> None:
    text = f"agent = 'a'\nagents = [{{id='a', name='Claire Lowe'}}, {{id='b', name='Carl Lind'}}]\n{ACCOUNT}"
    found = worst(*people(configured(tmp_path, text + "[calendars.uk]")))
    assert (found.verdict, found.sentence) == ("warn", "2 agents have the initials CL.")


@pytest.mark.parametrize(
    ("others", "verdict"),
    [("", "warn"), ("[[accounts]]\nid = 'help'\nnetwork = 'sandbox'\nhandle = 'AcmeHelp'\nbrand = 'Acme'\n", "ok")],
)
def test_a_general_account_without_one_for_care_is_told(tmp_path: Path, others: str, verdict: str) -> None:
    main = "[[accounts]]\nid = 'acme'\nnetwork = 'sandbox'\nhandle = 'Acme'\nbrand = 'Acme'\nrole = 'main'\n"
    agents = "agent = 'claire'\n[[agents]]\nid = 'claire'\nname = 'Claire Lowe'\n"
    assert worst(*people(configured(tmp_path, f"{agents}{main}{others}"))).verdict == verdict


def test_a_desk_without_accounts_is_told(tmp_path: Path) -> None:
    text = "agent = 'a'\nagents = [{id='a', name='Claire Lowe'}]"
    assert "no account" in worst(*people(configured(tmp_path, text))).sentence


@pytest.mark.parametrize(
    ("calendar", "verdict", "sentence"),
    [
        ("monday = ['08:00-17:00']", "ok", "Open now. 0 holidays known, UTC."),
        ("monday = ['10:00-17:00']", "ok", "Closed until Monday 10:00. 0 holidays known, UTC."),
        ("", "ok", "Open around the clock."),
        ("monday = ['08:00-12:00', '11:00-17:00']", "warn", "Some intervals overlap."),
        ("sunday = ['22:00-06:00']\nmonday = ['05:00-17:00']", "warn", "Some intervals overlap."),
        ("sunday = ['22:00-06:00']\nmonday = ['06:00-17:00']", "ok", "Open now. 0 holidays known, UTC."),
        ("tuesday = ['08:00-17:00']\nholidays = [2026-03-03, 2026-03-10, 2026-03-17]", "warn",
         "It does not open within the next two weeks."),
        ("monday = ['08:00-17:00']\nholidays = [2025-12-25]", "warn", "All its own `holidays` have passed."),
        ("timezone = 'Mars/Base'\nmonday = ['08:00-17:00']", "fail",
         "`calendars.uk.timezone`: 'Mars/Base' is not a time zone known here."),
        ("monday = ['08:00-17:00']\nholidays_of = 'XX'", "fail",
         "`calendars.uk.holidays_of`: no public holidays are known for 'XX'."),
    ],
)  # fmt: skip
def test_hours_are_judged_with_their_holidays(tmp_path: Path, calendar: str, verdict: str, sentence: str) -> None:
    check = hours_of(tmp_path, calendar)
    assert (check.verdict, check.sentence) == (verdict, sentence)
    assert check.verdict == "ok" or check.remedy


def test_a_database_that_is_not_there_yet_is_no_failure_and_is_not_made(tmp_path: Path) -> None:
    (check,) = database(configured(tmp_path, ""))
    assert check.verdict == "ok"
    assert not (tmp_path / "desk.db").exists()


def test_a_sound_database_is_private_from_the_start(tmp_path: Path) -> None:
    open_database(tmp_path / "desk.db").close()
    assert [check.verdict for check in database(configured(tmp_path, ""))] == ["ok"]


def test_a_database_that_everybody_can_read_is_told(tmp_path: Path) -> None:
    open_database(tmp_path / "desk.db").close()
    (tmp_path / "desk.db").chmod(0o644)
    found = worst(*database(configured(tmp_path, "")))
    assert (found.verdict, found.remedy) == ("warn", f"chmod o= {tmp_path / 'desk.db'}")


def test_a_damaged_database_fails_with_the_code_of_the_store(tmp_path: Path) -> None:
    open_database(tmp_path / "desk.db").close()
    content = bytearray((tmp_path / "desk.db").read_bytes())
    content[4096:8192] = b"\xff" * 4096
    (tmp_path / "desk.db").write_bytes(content)
    found = worst(*database(configured(tmp_path, "")))
    assert (found.verdict, found.exit_code) == ("fail", 5)


def test_customers_of_an_account_that_is_configured_no_more_are_told(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        shop.customer_writes("My line is slow")
        shop.work()
        assert list(left_behind(shop.config)) == []
    told = worst(*left_behind(configured(tmp_path, "")))
    assert (told.verdict, told.sentence) == ("warn", "1 customer waits on care, which is not in the configuration.")
    assert "`carecli queue --account care`" in told.remedy


def test_an_account_that_answers_is_told_by_its_handle(tmp_path: Path) -> None:
    check = reachable(configured(tmp_path, f"{ACCOUNT}[calendars.uk]"), "care")
    assert (check.verdict, check.sentence) == ("ok", "@NorthwindCare answers (sandbox).")


def test_an_account_that_does_not_answer_fails_with_the_reason(tmp_path: Path) -> None:
    text = ACCOUNT.replace("sandbox", "archive") + "archive = {file = 'none.csv', brand = 'x'}\n[calendars.uk]"
    check = reachable(configured(tmp_path, text), "care")
    assert check.verdict == "fail"
    assert check.exit_code > 0


def test_an_account_that_charges_is_not_asked_but_told_as_it_was_last_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_shop(
        tmp_path, CONFIG.replace('"sandbox"', '"sandbox"\nsandbox = { seed = 1, metered = true, budget = 5 }')
    ) as shop:
        shop.customer_writes("My line is slow")
        shop.work()
        monkeypatch.setattr(SandboxChannel, "fetch_mentions", None)
        told = reachable(shop.config, "care")
        assert (told.verdict, told.exit_code) == ("ok", 0)
        assert told.sentence.startswith("Last read Mon 09:00, about $0.00 spent today of $5.00")
        with shop.database.write() as session:
            accounts.set_problem(session, 1, "It has signed this account out.")
        told = reachable(shop.config, "care")
        assert told.verdict == "warn" and "signed this account out" in told.sentence


def test_looking_at_an_account_that_charges_makes_no_database(tmp_path: Path) -> None:
    text = ACCOUNT + "sandbox = { metered = true }\n[calendars.uk]"
    assert "no desk has read it yet" in reachable(configured(tmp_path, text), "care").sentence
    assert not (tmp_path / "desk.db").exists()


def test_a_network_that_says_later_is_told_with_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(*_: object) -> None:
        raise RateLimited("It asked to wait.", "It is tried again.", until=MONDAY.replace(hour=14, minute=5))

    monkeypatch.setattr(SandboxChannel, "fetch_mentions", limited)
    check = reachable(configured(tmp_path, f"{ACCOUNT}[calendars.uk]\ntimezone = 'Europe/Paris'"), "care")
    assert (check.verdict, check.exit_code) == ("fail", 3)
    assert "15:05" in check.remedy


@pytest.mark.parametrize(
    ("playbook", "key"),
    [
        ("signature = 'The team'", "playbooks.p.signature"),
        ("signature = '^{surname}'", "playbooks.p.signature"),
        ("greetings = ['Hello', 'Hello {rooster}']", "playbooks.p.greetings[1]"),
        ("signoffs = ['Bye {roster']", "playbooks.p.signoffs[0]"),
        ("checks = {hedgehog = 'off'}", "playbooks.p.checks.hedgehog"),
        ("private_checks = {hedgehog = 'off'}", "playbooks.p.private_checks.hedgehog"),
        ("training_checks = {hedgehog = 'off'}", "playbooks.p.training_checks.hedgehog"),
        ("phrases = {hog = ['a hog']}", "playbooks.p.phrases.hog"),
        ("phrases = {hedge = ['maybe', 'a (hog']}", "playbooks.p.phrases.hedge[1]"),
        ("phrases = {hedge = ['…']}", "playbooks.p.phrases.hedge[0]"),
        ("without_phrases = ['in theory', 'as a hog']", "playbooks.p.without_phrases[1]"),
        ("own_contacts = ['0117 496 0100', 'hotline']", "playbooks.p.own_contacts[1]"),
    ],
)
def test_what_is_wrong_with_a_playbook_is_told_with_its_key(tmp_path: Path, playbook: str, key: str) -> None:
    (problem,) = playbook_problems(configured(tmp_path, f"[playbooks.p]\n{playbook}"))
    assert problem.key == key
    assert problem.sentence.startswith(f"`{key}`: ")
    assert problem.remedy


def test_a_playbook_in_order_has_no_problems(tmp_path: Path) -> None:
    text = (
        "[playbooks.p]\nsignature = '– {first_name}'\ngreetings = ['Hello from {roster} until {closes}']\n"
        "checks = {greeting-missing = 'block'}\ntraining_checks = {hedge = 'block'}\n"
        "phrases = {call = ['the hotline']}\nwithout_phrases = ['in theory', 'tonight', 'of assistance']\n"
        "own_contacts = ['0117 496 0100', 'care@northwind.example', '@northwind.example']"
    )
    assert list(playbook_problems(configured(tmp_path, text))) == []


SORRY = "[[snippets]]\nname = 'sorry'\ntext = 'Sorry, {name}.'\n"


@pytest.mark.parametrize(
    ("snippets", "key"),
    [
        (SORRY.replace("{name}", "{name"), "snippets[0]"),
        (SORRY + SORRY, "snippets[1].name"),
        (f"{SORRY}languages = ['en']\n{SORRY}languages = ['pl', 'en-GB']", "snippets[1].name"),
    ],
)
def test_what_is_wrong_with_a_snippet_is_told_with_its_key(tmp_path: Path, snippets: str, key: str) -> None:
    (problem,) = playbook_problems(configured(tmp_path, snippets))
    assert problem.key == key


def test_a_snippet_may_share_its_name_with_those_for_other_languages_and_accounts(tmp_path: Path) -> None:
    account = ACCOUNT.replace("calendar = 'uk'", "")
    text = f"{account}{SORRY}{SORRY}languages = ['en']\n{SORRY}accounts = ['care']\n"
    assert list(playbook_problems(configured(tmp_path, text))) == []
