"""The benchmarks as one command.

    python -m tests.bench [--only NAME …] [--json] [--keep FOLDER] [--calibrate]

Exit code 0 when every target is met, 1 when one is missed or could not be measured.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

import carecli
from tests.bench import (
    checks,
    first_paint,
    growth,
    idle_cpu,
    intake,
    key_to_paint,
    length,
    memory,
    process,
    proofs,
    x_cost,
)
from tests.bench.calibration import Calibration
from tests.bench.figures import Figure
from tests.bench.subjects import CarecliSubjects
from tests.bench.yardsticks import Subjects
from tests.terminal.session import NotSeen

Bench = Callable[[Subjects], Iterable[Figure]]

BENCHES = {
    module.__name__.rpartition(".")[2]: module
    for module in (first_paint, key_to_paint, idle_cpu, process, intake, length, checks, growth, proofs, memory, x_cost)
}
_HEADINGS = ("what", "figure", "score", "target", "verdict")


def main() -> int:
    """Measure, print, judge."""
    options = _options()
    if options.list:
        print("\n".join(f"{name:14}{_sentence(module)}" for name, module in BENCHES.items()))
        return 0
    _prepare()
    figures: list[Figure] = []
    failed = False
    with _folder(options.keep) as folder:
        for name in options.only or BENCHES:
            print(f"{name} …", file=sys.stderr, flush=True)
            subjects = Calibration(keys=name == "key_to_paint") if options.calibrate else CarecliSubjects(folder)
            try:
                figures += BENCHES[name].run(subjects)
            except NotSeen as reason:
                failed = True
                print(f"{name} could not be measured. {reason}", file=sys.stderr)
    print(_json(figures) if options.json else _table(figures))
    return int(failed or not all(figure.met for figure in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="only say which benches there are")
    parser.add_argument("--only", nargs="+", choices=tuple(BENCHES), metavar="NAME", help="run these benches alone")
    parser.add_argument("--json", action="store_true", help="print the figures and the machine as JSON")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the databases there, and use them again")
    parser.add_argument("--calibrate", action="store_true", help="measure the yardsticks against themselves")
    return parser.parse_args()


def _sentence(module: object) -> str:
    return (module.__doc__ or "").partition("\n")[0]


def _prepare() -> None:
    """Nothing may be compiled while the clock runs, and our own garbage must not be collected then either."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for package in (Path(carecli.__file__).parent, Path(__file__).parents[1]):
        compileall.compile_dir(package, quiet=1)
    gc.disable()


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="carecli-bench-") as folder:
        yield Path(folder)


def _table(figures: list[Figure]) -> str:
    rows = [_HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _json(figures: list[Figure]) -> str:
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    rows = [msgspec.structs.asdict(figure) | {"met": figure.met} for figure in figures]
    return msgspec.json.format(msgspec.json.encode({"machine": machine, "figures": rows})).decode()


if __name__ == "__main__":
    sys.exit(main())
