"""The bugs put in on purpose can still be put in, and the page tells what became of each."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.model.bugs import ROOT, bugs, put_in


def test_each_bug_still_has_its_place_in_the_code(tmp_path: Path) -> None:
    for number, bug in enumerate(bugs()):
        for edit in bug.edits:
            copy = tmp_path / str(number) / "carecli" / edit.file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "carecli" / edit.file, copy)
        put_in(bug, tmp_path / str(number))


def test_the_page_tells_what_became_of_each_bug() -> None:
    page = (ROOT / "docs/reliability.md").read_text("utf-8")
    assert [bug.sentence for bug in bugs() if f"\n| {bug.sentence} | " not in page] == []
