"""What the kernel counts of a running process: CPU time and memory. Linux only."""

from __future__ import annotations

import os
import re
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads so far; the kernel's grain is 10 ms."""
    # The second field is the command's name in brackets, which may itself hold spaces and brackets.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def proportional_memory(pid: int) -> int:
    """Bytes resident now, pages that others have too counted by share (PSS)."""
    return _kibibytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss")


def peak_memory(pid: int) -> int:
    """Most bytes that were ever resident (the high-water mark of RSS)."""
    return _kibibytes(Path(f"/proc/{pid}/status"), "VmHWM")


def _kibibytes(file: Path, name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+) kB$", file.read_text(), re.MULTILINE)
    if match is None:
        raise LookupError(f"{file} tells no {name}.")
    return int(match[1]) * 1024
