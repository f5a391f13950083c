"""What is said of keys that are unknown, missing or of the wrong kind."""

from __future__ import annotations

import tomllib

import pytest

from carecli.config import ConfigFile
from carecli.config.shape import joined, shape_problems


def told(text: str) -> list[tuple[str, str]]:
    """The key and the whole message of each problem in a file with this text."""
    return [(problem.key, str(problem)) for problem in shape_problems(tomllib.loads(text), ConfigFile)]


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("mouse = 1", "mouse", "`mouse` must be true or false. It is 1 now."),
        ("agents = [{id='a', name='b', intials='B'}]", "agents[0].intials", "Did you mean `initials`?"),
        ("agents = [{id='a', name='b'}, {name='c'}]", "agents[1].id", "`agents[1].id` is missing. Add `id = …`."),
        ("agents = [{id='', name='b'}]", "agents[0].id", "must be a text that is not empty. It is empty now."),
        ("agents = 'claire'", "agents", '`agents` must be a list in brackets. It is "claire" now.'),
        ("calendars.uk.monday = [9]", "calendars.uk.monday[0]", "must be a text in quotes. It is 9 now."),
        ("calendars.uk.holidays = ['soon']", "calendars.uk.holidays[0]", "must be a date such as 2025-12-25."),
        ("calendars.'u k'.monday = true", 'calendars."u k".monday', "It is true now."),
        ("playbooks.p.undo_seconds = -1", "playbooks.p.undo_seconds", "must be a whole number, 0 or more."),
        ("playbooks.p.public.target_minutes = 0", "playbooks.p.public.target_minutes", "a whole number, 1 or more."),
        ("playbooks.p.checks.hedge = 'loud'", "playbooks.p.checks.hedge", 'one of "off", "hint", "warn", "block".'),
        ("accounts = [{id='a', network='fax', handle='b'}]", "accounts[0].network",
         'one of "sandbox", "archive", "x".'),
        ("accounts = [{id='a', network='sandbox', handle='b', poll_seconds=0}]", "accounts[0].poll_seconds",
         "must be a number above 0. It is 0 now."),
        ("accounts = [{id='a', network='archive', handle='b', archive={file='f'}}]", "accounts[0].archive.brand",
         "is missing."),
        ("simulation = {real=2026-01-01T00:00:00, desk=2026-01-01T00:00:00Z}", "simulation.real",
         "a time with its zone"),
        ("simulation = {real=2026-01-01T00:00:00Z, desk=2026-01-01T00:00:00Z, speed=inf}", "simulation.speed",
         "must be a number, 100000 or less. It is inf now."),
        ("accounts = [{id='a', network='x', handle='b', x={limit=30000}}]", "accounts[0].x.limit",
         "must be a whole number, 25000 or less. It is 30000 now."),
        ("accounts = [{id='a', network='x', handle='b', x={user_id='care'}}]", "accounts[0].x.user_id",
         "must be a text in quotes that fits ^[0-9]{0,19}$."),
        ("accounts = [{id='a', network='x', handle='b', poll_seconds=inf}]", "accounts[0].poll_seconds",
         "must be a number, 1000000 or less."),
        ("playbooks.p.private.limit_minutes = 99999999999", "playbooks.p.private.limit_minutes",
         "must be a whole number, 1000000 or less."),
        ("verzion = 1", "verzion", "Did you mean `version`?"),
        ("zzz = 1", "zzz", "Known here: accounts, agent, agents,"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_key_and_the_remedy(text: str, key: str, message: str) -> None:
    (problem,) = told(text)
    assert problem[0] == key
    assert message in problem[1]


def test_all_mistakes_are_found_at_once_in_the_order_of_the_tables() -> None:
    text = "mouse = 1\nagents = [{naem = 'x'}]\n[playbooks.p]\nbump_minutes = 'x'"
    assert [key for key, _ in told(text)] == [
        "mouse", "agents[0].naem", "agents[0].id", "agents[0].name", "playbooks.p.bump_minutes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "access_token", "accessToken", "refresh_token", "client_secret", "api_key", "apikey", "API_KEY_SECRET",
        "consumer_key", "password", "passwd", "bearer", "x-bearer-token",
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["", "accounts = [{id='a', network='sandbox', handle='b', %s}]", "calendars.uk.%s"])
def test_a_key_that_looks_like_a_secret_is_sent_where_secrets_belong_and_never_quoted(name: str, table: str) -> None:
    text = (table or "%s") % f"'{name}' = 'hush'"
    ((key, message),) = told(text)
    assert key.endswith(name)
    assert "looks like a secret, and none stands in this file" in message
    assert "carecli login" in message
    assert "hush" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [("credentials = 'hush'", '"file", "keyring"'), ("playbooks.p.checks.api_key = 'hush'", '"off", "hint"')],
)
def test_a_secret_in_the_place_of_another_word_is_not_quoted(text: str, words: str) -> None:
    ((_, message),) = told(text)
    assert f"must be one of {words}" in message
    assert "hush" not in message


def test_nothing_is_said_of_a_file_in_order() -> None:
    assert told("[calendars.uk]\nmonday = ['09:00-17:00']\nholidays = [2026-12-25, '2026-12-26']") == []


@pytest.mark.parametrize(
    ("name", "path"), [("uk", "calendars.uk"), ("u k", 'calendars."u k"'), ('a"b', 'calendars."a\\"b"')]
)
def test_a_path_is_written_as_toml_writes_it(name: str, path: str) -> None:
    assert joined("calendars", name) == path
