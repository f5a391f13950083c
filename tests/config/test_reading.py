"""From the file to a `Config` in which every name resolves."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carecli import config
from carecli.clock import SimulatedClock, SystemClock
from carecli.errors import ConfigError, NotFound
from carecli.model import Calendar, Playbook, Target, Vocabulary

TODAY = date(2026, 3, 2)
ACCOUNT = "[[accounts]]\nid = 'care'\nnetwork = 'sandbox'\nhandle = 'NorthwindCare'\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def keys(folder: Path, text: str) -> list[str]:
    return [problem.key for problem in config.problems(written(folder, text), TODAY)]


def test_an_empty_file_is_a_desk_with_all_the_defaults(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, ""))
    assert (loaded.database, loaded.theme, loaded.mouse, loaded.accounts) == ("desk.db", "dark", False, {})


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="carecli init"):
        config.load(tmp_path / "config.toml")


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        config.load(written(tmp_path, "version = 1\nagent = claire\n"))


def test_a_file_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'agent = "\xff"')
    with pytest.raises(ConfigError, match="UTF-8"):
        config.load(tmp_path / "config.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbfmouse = true")
    assert config.load(tmp_path / "config.toml").mouse


def test_the_first_mistake_stops_the_reading_and_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^config\.toml: `mouse` must be") as error:
        config.load(written(tmp_path, "mouse = 1\nagents = 2"))
    assert error.value.key == "mouse"


def test_a_relative_path_counts_from_the_configurations_folder(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, ""))
    assert loaded.path("desk.db") == tmp_path / "desk.db"
    assert loaded.path("/srv/desk.db") == Path("/srv/desk.db")


def test_a_path_in_nobody_s_home_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="home folder that nobody has"):
        config.load(written(tmp_path, "")).path("~nobody-of-that-name/desk.db")


def test_initials_come_from_the_name_unless_they_are_given(tmp_path: Path) -> None:
    text = "agents = [{id='c', name='Claire Lowe'}, {id='h', name='Hannah', initials='HCK'}]"
    agents = config.load(written(tmp_path, text)).agents
    assert (agents["c"].initials, agents["h"].initials) == ("CL", "HCK")


def test_an_account_without_calendar_and_playbook_has_the_defaults(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, ACCOUNT))
    assert loaded.playbook("care") == Playbook()
    assert loaded.calendar("care", TODAY) == Calendar()
    assert loaded.zone("care") == "UTC"


def test_an_account_has_the_rules_and_hours_that_it_names(tmp_path: Path) -> None:
    text = (
        ACCOUNT
        + "calendar = 'uk'\nplaybook = 'p'\n[calendars.uk]\ntimezone = 'Europe/London'\nmonday = ['09:00-17:00']\n"
        "[playbooks.p]\nsignature = '– {first_name}'\n[playbooks.p.private]\ntarget_minutes = 30\nlimit_minutes = 90\n"
        "[playbooks.p.checks]\nhedge = 'off'"
    )
    loaded = config.load(written(tmp_path, text))
    assert loaded.playbook("care") == Playbook(
        signature="– {first_name}", private=Target(30, 90, business=True), levels={"hedge": "off"}
    )
    assert loaded.zone("care") == loaded.calendar("care", TODAY).zone == "Europe/London"


def test_a_playbook_has_levels_for_private_and_for_training_and_phrases_of_its_own(tmp_path: Path) -> None:
    text = (
        ACCOUNT + "playbook = 'p'\n[playbooks.p]\nwithout_phrases = ['in theory']\n"
        "private_checks = {hedge = 'warn'}\ntraining_checks = {hedge = 'block'}\n"
        "[playbooks.p.phrases]\nhedge = ['maybe', 'with luck']"
    )
    assert config.load(written(tmp_path, text)).playbook("care") == Playbook(
        private_levels={"hedge": "warn"},
        training_levels={"hedge": "block"},
        vocabulary=Vocabulary((("hedge", ("maybe", "with luck")),), ("in theory",)),
    )


def test_a_desk_has_the_machines_clock_unless_it_is_simulated(tmp_path: Path) -> None:
    assert isinstance(config.load(written(tmp_path, "")).clock(), SystemClock)
    text = "simulation = {real = 2020-01-01T00:00:00Z, desk = 2020-01-01T00:00:00Z, speed = 2.0}"
    clock = config.load(written(tmp_path, text)).clock()
    assert isinstance(clock, SimulatedClock)
    assert clock.now() > datetime.now(UTC)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("version = 2", "version"),
        ("agent = 'nobody'", "agent"),
        ("agents = [{id='a', name='A'}, {id='a', name='B'}]", "agents[1].id"),
        (ACCOUNT + ACCOUNT, "accounts[1].id"),
        (ACCOUNT + "calendar = 'uk'", "accounts[0].calendar"),
        (ACCOUNT + "playbook = 'p'", "accounts[0].playbook"),
        ("[[snippets]]\nname = 's'\ntext = 'Hi'\naccounts = ['b']", "snippets[0].accounts[0]"),
        (ACCOUNT.replace("sandbox", "archive"), "accounts[0].archive"),
        ("calendars.uk.friday = ['09:00-12:00', '13-14']", "calendars.uk.friday[1]"),
        ("playbooks.p.public.limit_minutes = 30", "playbooks.p.public.limit_minutes"),
    ],
)
def test_contradictions_are_refused_by_every_command(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ConfigError) as error:
        config.load(written(tmp_path, text))
    assert error.value.key == key
    assert error.value.remedy


def test_all_contradictions_are_found_at_once(tmp_path: Path) -> None:
    text = "version = 2\nagent = 'nobody'\n" + ACCOUNT + "calendar = 'uk'\nplaybook = 'p'"
    assert keys(tmp_path, text) == ["version", "agent", "accounts[0].calendar", "accounts[0].playbook"]


def test_zones_and_countries_are_looked_up_only_by_the_thorough_check(tmp_path: Path) -> None:
    text = "[calendars.uk]\ntimezone = 'Europe/Lundon'\nholidays_of = 'XX'"
    config.load(written(tmp_path, text))
    assert keys(tmp_path, text) == ["calendars.uk.timezone", "calendars.uk.holidays_of"]


def test_the_thorough_check_tells_bad_toml_as_a_problem_too(tmp_path: Path) -> None:
    (problem,) = config.problems(written(tmp_path, "agent ="), TODAY)
    assert "not valid TOML" in problem.sentence


def test_loading_imports_neither_zones_nor_holidays(tmp_path: Path) -> None:
    path = written(tmp_path, "[calendars.uk]\ntimezone = 'Europe/London'\nholidays_of = 'GB'\nmonday = ['09:00-17:00']")
    program = (
        "import sys; from pathlib import Path; from carecli import config; config.load(Path(sys.argv[1]));"
        "print([name for name in ('zoneinfo', 'holidays', 'difflib', 'carecli.config.shape') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("network", "table", "micros"),
    [
        ("sandbox", "sandbox = { metered = true, budget = 2.5 }", 2_500_000),
        ("x", "x = { budget = 5 }", 5_000_000),
        ("x", "", 0),
        ("archive", "archive = { file = 'a.csv', brand = 'b' }", 0),
    ],
)
def test_a_budget_is_that_of_the_network_s_own_table(tmp_path: Path, network: str, table: str, micros: int) -> None:
    text = ACCOUNT.replace("sandbox", network) + table
    assert config.load(written(tmp_path, text)).budget("care") == micros
