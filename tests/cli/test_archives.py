"""`carecli import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

CSV = """\
tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
1,AcmeCare,False,Tue Oct 31 22:10:47 +0000 2017,@115712 Hello! ^CL,2,3
3,115712,True,Tue Oct 31 22:08:27 +0000 2017,@AcmeCare My line is slow,1,
3,115712,True,Tue Oct 31 22:08:27 +0000 2017,@AcmeCare My line is slow,1,
4,115713,True,not a time,@AcmeCare Hello?,,
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "care.csv"
    path.write_text(CSV, "utf-8")
    return path


def test_it_tells_what_became_of_the_rows(run: Run, archive: Path) -> None:
    answer = run("import", str(archive))
    assert answer.code == 0
    assert answer.out == "Rows read: 4. Stored: 2, duplicates: 1, skipped: 0, refused: 1.\n"
    assert answer.err.startswith("line 5: ")


def test_as_json_it_lists_what_was_refused(run: Run, archive: Path) -> None:
    answer = run("import", str(archive), "--json")
    assert [row["line"] for row in answer.data["refused"]] == [5]
    assert answer.err == ""


def test_an_import_can_be_repeated(run: Run, archive: Path) -> None:
    run("import", str(archive))
    data = run("import", str(archive), "--json").data
    assert (data["stored"], data["duplicates"]) == (0, 3)


def test_it_can_be_stored_apart_without_any_configuration(run: Run, archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "apart.db"
    assert run("import", str(archive), "--database", str(target), config=None).code == 0
    assert target.exists()


def test_without_a_configuration_it_says_how_to_name_a_database(run: Run, archive: Path) -> None:
    answer = run("import", str(archive), config=None)
    assert answer.code == 6
    assert "--database PATH" in answer.err


def test_many_refused_rows_are_told_in_part(run: Run, archive: Path) -> None:
    rows = [f"{number},1,True,not a time,@AcmeCare Hello?,," for number in range(10, 60)]
    archive.write_text(CSV + "\n".join(rows), "utf-8")
    told = run("import", str(archive)).err.splitlines()
    assert len(told) == 22
    assert told[20] == "… and 31 more; --json lists them all."


def test_a_file_that_is_no_archive_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("hello\n", "utf-8")
    answer = run("import", str(tmp_path / "x.csv"))
    assert answer.code == 2
    assert answer.err


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "apart.db"
    assert run("import", str(tmp_path / "none.csv"), "--database", str(target)).code == 6
    assert not target.exists()


def test_a_brand_that_is_not_in_it_leaves_no_database_behind(run: Run, archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "apart.db"
    answer = run("import", str(archive), "--database", str(target), "--brand", "Nobody")
    assert answer.code == 6
    assert "acmecare" in answer.err
    assert not target.exists()


def test_customers_of_an_imported_brand_wait_in_no_queue_of_a_desk_that_cannot_answer_them(
    run: Run, archive: Path
) -> None:
    archive.write_text(CSV + "5,115713,True,Tue Oct 31 22:30:00 +0000 2017,@AcmeCare Still slow!,,\n", "utf-8")
    before = run("queue", "--json").data["rows"]
    told = run("import", str(archive))
    assert "does not answer for acmecare" in told.err and "`carecli queue --account acmecare`" in told.err
    assert run("queue", "--json").data["rows"] == before
    assert run("queue", "--fail-if-due", "0m").code == 0
    assert run("next", "--json").data["account"] == "care"
    assert run("shift", "status", "--json").data[0]["unanswered"] == len(before)
    (there,) = run("queue", "--account", "acmecare", "--json").data["rows"]
    assert "Still slow!" in run("show", str(there["conversation_id"])).out
    assert run("next", "--account", "acmecare").code == 6
