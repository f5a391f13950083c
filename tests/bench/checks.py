"""All checks of a draft: the slowest of many crafted drafts of 10,000 characters, and an ordinary one of 280.

In time of the processor, since they are pure; each draft is checked anew, as after a key press.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import count

from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.yardsticks import Subjects
from tests.playbook.checks.worst import check, texts

_ROUNDS = 15
_LONG = 10_000
_SHORT = 280
_ORDINARY = (
    "Hi Andy, we are sorry that the line still drops. I have tested it from here and found the fault in the cabinet in "
    "Mill Lane; a colleague swaps the card there at two. Should it drop again after that, please send us a message "
    "with the time, or give us a call on 020 7946 0123. "
)
_turn = count()


def run(subjects: Subjects) -> Iterator[Figure]:
    """Three figures."""
    check(_ORDINARY)
    long, short = ({text: _seconds(text) for text in texts(length)} for length in (_LONG, _SHORT))
    slowest, slowest_short = max(long, key=long.__getitem__), max(short, key=short.__getitem__)
    at_worst, short_at_worst, ordinary = interleaved(
        _ROUNDS,
        partial(_seconds, slowest),
        partial(_seconds, slowest_short),
        partial(_seconds, _ORDINARY[:_SHORT]),
        warm_up=2,
    )
    yield ratio("checks on 10,000 characters at worst, against 50 ms", median(at_worst), 0.050, 1.0)
    yield ratio("checks on 280 characters at worst, against 5 ms", median(short_at_worst), 0.005, 1.0)
    yield ratio("checks on an ordinary reply of 280 characters, against 5 ms", median(ordinary), 0.005, 1.0)


def _seconds(text: str) -> float:
    # As many characters, and none that a cache has seen.
    text = f"{next(_turn)} {text}"[: len(text)]
    started_at = time.thread_time()
    check(text)
    return time.thread_time() - started_at
