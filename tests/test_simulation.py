"""Simulated desks: the replay of an archive as an ordinary desk."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carecli.desk.context import open_desk
from carecli.desk.shifts import shifts
from carecli.errors import Misuse
from carecli.playbook.greeting import AnnouncementFacts, render_announcement
from carecli.simulation import replay_config
from carecli.worker.loop import Worker
from tests.archive.files import care_csv, put, row

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_replay_has_an_account_for_each_brand_under_its_own_name(tmp_path: Path) -> None:
    rows = [row(1, text="@AcmeHelp @Northwind_UK slow!"), row(2, "AcmeHelp", "Sorry", parent=1), row(3, "Northwind_UK")]
    config, _ = replay_config(tmp_path / "replay", put(tmp_path, care_csv(*rows)), speed=60.0, now=NOW)
    assert {name: account.handle for name, account in config.accounts.items()} == {
        "acmehelp": "AcmeHelp",
        "northwind_uk": "Northwind_UK",
    }


def test_a_replay_greets_in_words_that_suit_any_brand_at_any_hour(tmp_path: Path) -> None:
    config, _ = replay_config(tmp_path / "replay", put(tmp_path, care_csv(row(1, "AcmeHelp"))), speed=1.0, now=NOW)
    playbook = config.playbook("acmehelp")
    facts = AnnouncementFacts("AcmeHelp", playbook.team, ("Claire",), config.calendar("acmehelp", NOW.date()), NOW)
    for templates in (playbook.greetings, playbook.signoffs):
        said = [render_announcement([template], facts, ()) for template in templates]
        assert len(said) == 3
        assert not [text for text in said if "broadband" in text or "24:00" in text or "around the clock" in text]


def test_that_a_recording_has_ended_is_no_trouble(tmp_path: Path) -> None:
    asked = [
        row(number, text="@AcmeHelp is it slow?", at=f"Tue Oct 31 22:{number}:00 +0000 2017")
        for number in range(10, 50)
    ]
    archive = put(tmp_path, care_csv(*asked, row(50, "AcmeHelp", parent=49)))
    # Half a day after it has begun.
    config, _ = replay_config(tmp_path / "replay", archive, speed=1.0, now=datetime.now(UTC) - timedelta(hours=12))
    desk = open_desk(config)
    worker = Worker(config, desk.database, desk.clock, desk.open_channel, "test")
    try:
        worker.run_once()
        (shift,) = shifts(desk)
    finally:
        worker.stop()
        desk.close()
    assert shift.unanswered == 40
    assert shift.problem == ""


def test_an_archive_whose_path_no_configuration_can_name_is_not_replayed(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"care\xff.csv")
    try:
        path.write_text(care_csv(row(1, "AcmeHelp")))
    except OSError:
        pytest.skip("This file system knows no such names.")
    with pytest.raises(Misuse, match="no UTF-8"):
        replay_config(tmp_path / "desk", path, speed=1.0, now=NOW)
    assert not (tmp_path / "desk").exists()
