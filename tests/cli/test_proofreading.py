"""What the command line says where proofreading is off, and that it goes on without."""

from __future__ import annotations

import pytest

from carecli.proof import proofreader, standing
from tests.cli.conftest import Run


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (standing, proofreader):
        monkeypatch.setattr(module, "is_installed", lambda: False)


@pytest.mark.proofread
@pytest.mark.usefixtures("without_extra")
def test_check_says_so_beside_its_findings(run: Run) -> None:
    answer = run("check", "We will recieve it , soon.", config=None)
    assert answer.code == 8
    assert "[punctuation]" in answer.out
    assert "pip install 'carecli[proof]'" in answer.err
    assert "Proofreading is off" in run("check", "Soon.", "--json", config=None).data["unread"][0]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize(
    "words", [("playbook", "explain", "spelling"), ("playbook", "explain", "grammar"), ("doctor",)]
)
def test_explain_and_doctor_say_so_once(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).out.count("Proofreading is off") == 1
