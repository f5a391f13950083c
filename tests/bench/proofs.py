"""Keys typed into a draft of 10,000 characters at every moment of its being proofread.

From the start of the process on; each reading begins 0.3 s after a key, and the next key comes then, or up to 0.15 s
later, in turn with one that comes before.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from carecli.proof.standing import is_installed
from tests.bench import paint
from tests.bench.figures import Figure, interleaved, median, percentile, ratio
from tests.bench.yardsticks import Subjects
from tests.terminal.session import PATIENCE, NotSeen, Session

_SMALL = 100
_ROUNDS = 150
_PAUSE = 0.3
_BEFORE = 0.15
_PHASES = 16
_DELAY = 0.050
_SLIPS = "We will recieve it tomorow and and has sent an engineer to you. "
_OVER = re.compile(rb"([\d,]+) over")


def run(subjects: Subjects) -> Iterator[Figure]:
    """Two figures; none without the extra."""
    if not is_installed():
        return
    subject = subjects.desk(_SMALL)
    with paint.start(subject) as desk:
        paint.first_paint(desk, subject)
        desk.press("r")
        desk.wait_for("Write a reply")
        desk.paste((_SLIPS * 160)[:10_000])
        desk.wait_for(" over")
        keys = _Keys(desk)
        before, reading = interleaved(_ROUNDS, keys.before, keys.while_reading, warm_up=0)
        desk.wait_for("recieve")
    yield ratio("key while 10,000 characters are proofread, median", median(reading), median(before), 1.5)
    yield ratio(
        "key while 10,000 characters are proofread, p99, against that before + 50 ms",
        percentile(reading, 99),
        percentile(before, 99) + _DELAY,
        1.0,
    )


class _Keys:
    """Types one letter after the other, each at a time after the one before."""

    def __init__(self, desk: Session) -> None:
        self._desk = desk
        self._typed_at = time.perf_counter()
        self._phase = 0

    def before(self) -> float:
        return self._type(_BEFORE)

    def while_reading(self) -> float:
        self._phase = (self._phase + 1) % _PHASES
        return self._type(_PAUSE + 0.01 * self._phase)

    def _type(self, after: float) -> float:
        """Seconds from the key to the end of the frame that counts it."""
        desk = self._desk
        while (left := self._typed_at + after - time.perf_counter()) > 0:
            desk.read(left)
        known = set(_OVER.findall(desk.raw[-200_000:]))
        first = len(desk.chunks)
        self._typed_at = time.perf_counter()
        desk.press("x")
        while True:
            painted = b"".join(chunk.data for chunk in desk.chunks[first:])
            if set(_OVER.findall(painted[: painted.rfind(b"\x1b[?2026l") + 1])) - known:
                return desk.chunks[-1].at - self._typed_at
            if not desk.read(PATIENCE):
                raise NotSeen("\n".join(["The key was not counted.", *desk.screen_text()]))
