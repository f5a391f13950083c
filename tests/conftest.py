"""What holds for every test: properties have no deadline (machines are slow at times), and CI tries the same examples
each time, so that a run there says something about the change and nothing about luck. And at the end of a run the
figures are told: how much was tried."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings

from carecli.playbook.checks import Proof
from carecli.proof.proofreader import Proofreader

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

_FIGURES = "figures"


@pytest.fixture(autouse=True)
def unread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test starts the process that reads proofs, which takes a second, but those that are marked."""
    if request.node.get_closest_marker("proofread") is None:
        monkeypatch.setattr(Proofreader, "read", lambda reader, text, *_, **__: Proof(text))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tells a sentence with figures at the end of the run, whichever of its processes the test ran in."""
    return partial(record_property, _FIGURES)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = [
        f"{report.head_line}: {sentence}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "teardown"
        for name, sentence in report.user_properties
        if name == _FIGURES
    ]
    if told:
        terminalreporter.section("figures")
        for line in sorted(told):
            terminalreporter.write_line(line)
