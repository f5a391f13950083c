"""The instruments of the benchmarks: statistics, yardsticks, the kernel's counts, and rows that come back whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from tests.bench import paint
from tests.bench.figures import Figure, interleaved, percentile, ratio
from tests.bench.material import LAST_WORD, LONG_THREADS, items
from tests.bench.procfs import cpu_seconds, peak_memory, proportional_memory
from tests.bench.rows import empty_copy, final_rows, write_rows
from tests.bench.yardsticks import BARE, TRIVIAL, Key
from tests.terminal.session import NotSeen

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_percentile_is_the_value_that_so_many_do_not_exceed() -> None:
    values = [float(n) for n in range(200, 0, -1)]
    assert percentile(values, 99) == 198
    assert percentile(values, 50) == 100
    assert percentile([3.0], 99) == 3


def test_measures_take_turns_and_the_warm_up_is_thrown_away() -> None:
    ticks = count()
    first, second = interleaved(3, lambda: float(next(ticks)), lambda: float(next(ticks)), warm_up=2)
    assert first == [4, 6, 8]
    assert second == [5, 7, 9]


@pytest.mark.parametrize(
    ("measured", "rule", "verdict"), [(1.5, "at_most", "met"), (1.6, "at_most", "missed"), (1.4, "at_least", "missed")]
)
def test_a_figure_is_judged_by_its_ratio(measured: float, rule: str, verdict: str) -> None:
    figure = ratio("thing", measured, 1.0, 1.5, rule="at_least" if rule == "at_least" else "at_most")
    assert figure.cells[-1] == verdict


def test_a_figure_reads_well_in_a_table() -> None:
    assert ratio("start", 0.3266, 0.3, 1.3).cells == ("start", "326.6 against 300.0 ms", "1.09 ×", "≤ 1.3 ×", "met")
    share = Figure("idle", 0.04, "s", 0.16, 1.0, score_unit="%")
    assert share.cells == ("idle", "40.0 ms", "0.16 %", "≤ 1 %", "met")


def test_the_first_paint_is_timed_at_the_end_of_the_frame_that_shows_all_panes() -> None:
    with paint.start(BARE) as session:
        seconds = paint.first_paint(session, BARE)
        ends = [chunk.at - session.started_at for chunk in session.chunks]
        assert seconds in ends
        session.wait_until(lambda rows: paint.missing_panes(rows, BARE) == ())


def test_a_pane_that_stays_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint, "PATIENCE", 0.5)
    wrong = type(TRIVIAL)(TRIVIAL.command, (*TRIVIAL.panes, "no such pane"))
    with paint.start(wrong) as session, pytest.raises(NotSeen, match="'no such pane'"):
        paint.first_paint(session, wrong)


def test_each_press_is_answered_by_a_frame_of_its_own() -> None:
    with paint.start(TRIVIAL) as session:
        paint.first_paint(session, TRIVIAL)
        presses = paint.Presses(session, Key("down", (rb"count (\d+)",)))
        times = [presses.measure() for _ in range(5)]
        assert session.screen_text()[0] == "count 5"
    assert all(seconds > 0 for seconds in times)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="This system has no /proc of Linux's kind.")
def test_the_kernel_tells_time_and_memory_of_a_process() -> None:
    with paint.start(TRIVIAL) as session:
        paint.first_paint(session, TRIVIAL)
        assert 0 < cpu_seconds(session.pid) < 10
        assert 1 << 20 < proportional_memory(session.pid) <= peak_memory(session.pid) < 1 << 30


def test_the_material_is_the_same_every_time_and_ends_every_thread_with_a_waiting_customer() -> None:
    material = items(LONG_THREADS + 50, NOW)
    assert material == items(LONG_THREADS + 50, NOW)
    assert [item.published_at for item in material] == sorted(item.published_at for item in material)
    last = [item for item in material if LAST_WORD in item.text]
    assert len(last) == LONG_THREADS + 50
    assert not any(item.own for item in last)
    assert max(item.published_at for item in material) < NOW


def test_rows_come_back_whole_into_a_database_of_the_same_shape(tmp_path: Path) -> None:
    source, copy = tmp_path / "source.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(source)) as connection:
        connection.executescript("""
            CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT UNIQUE, twice TEXT AS (text || text));
            CREATE TABLE keyed (name TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID;
            CREATE INDEX plain_text ON plain (text);
            CREATE VIRTUAL TABLE found USING fts5 (text);
            CREATE VIRTUAL TABLE blind USING fts5 (text, content = '');
            CREATE TRIGGER doubled AFTER INSERT ON plain BEGIN INSERT INTO keyed VALUES (new.text, x'00'); END;
            INSERT INTO plain (id, text) VALUES (3, 'three'), (5, 'five');
            INSERT INTO found (rowid, text) VALUES (7, 'seven words');
            INSERT INTO blind (rowid, text) VALUES (9, 'nine');
        """)
    tables = final_rows(source)
    assert {table.name for table in tables} == {"plain", "keyed", "found"}
    empty_copy(source, copy)
    write_rows(copy, tables)
    assert final_rows(copy) == tables
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT rowid FROM found WHERE found MATCH 'words'").fetchall() == [(7,)]
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'plain_text'").fetchone() == (1,)
