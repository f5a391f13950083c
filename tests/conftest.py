"""What holds for every test: properties have no deadline (machines are slow at times), and CI tries the same examples
each time, so that a run there says something about the change and nothing about luck. No test waits for a disk or for
garbage that is none. And at the end of a run the figures are told: how much was tried."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings

from carecli.channels.sandbox import network
from carecli.playbook.checks import Proof
from carecli.proof.proofreader import Proofreader
from carecli.store import sqlite

# Until all tests are collected: nothing of them is garbage.
gc.disable()

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=1000)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

_FIGURES = "figures"
# Folders of tests that take seconds each.
_SLOW = frozenset({"end_to_end", "hostile_intake", "kill", "model"})


@pytest.fixture(autouse=True)
def unread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test starts the process that reads proofs, which takes a second, but those that are marked."""
    if request.node.get_closest_marker("proofread") is None:
        monkeypatch.setattr(Proofreader, "read", lambda reader, text, *_, **__: Proof(text))


@pytest.fixture(autouse=True)
def in_haste(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No commit waits for the disk, where nobody pulls the plug, but those of tests that are marked."""
    if request.node.get_closest_marker("durable") is None:
        monkeypatch.setattr(sqlite, "DURABLE", "synchronous = OFF")
        monkeypatch.setattr(sqlite, "IN_HASTE", "synchronous = OFF")
        monkeypatch.setattr(network, "SYNCHRONOUS", "synchronous = OFF")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tells a sentence with figures at the end of the run, whichever of its processes the test ran in."""
    return partial(record_property, _FIGURES)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors, for the time in which tests wait for a terminal or a process."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each process begin with its share of what takes seconds, so that none is left alone with it at the end."""
    processes = int(getattr(config, "workerinput", {}).get("workercount", 1))
    slow = [item for item in items if _SLOW.intersection(item.path.parts)]
    quick = [item for item in items if not _SLOW.intersection(item.path.parts)]
    dealt: list[pytest.Item] = []
    for number in range(processes):
        share = slow[number::processes]
        # As many for each as xdist hands out at first.
        more = max(0, (len(items) - len(dealt)) // (processes - number) - len(share))
        dealt += share + quick[:more]
        del quick[:more]
    items[:] = dealt


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it is never looked through for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


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
