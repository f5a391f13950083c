"""How the time grows with what a stranger wrote: crafted texts, each against a quarter of it.

In time of the processor, since the readers are pure. In proportion is four times; a hidden loop over the rest would be
sixteen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count

from carecli.archive.html_text import plain_text
from carecli.archive.texts import as_written
from carecli.channels.lengths import weighted_length
from carecli.playbook.personal import find
from carecli.playbook.questions import questions_in
from carecli.playbook.urgency import read
from carecli.proof.exempt import exempt_spans
from tests import slow_texts
from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.yardsticks import Subjects
from tests.playbook.checks.worst import PIECES, check, phrases_almost_said

Reader = Callable[[str], object]

_ROUNDS = 9
_TARGET = 6.0
# The reader, how many characters it may have to read, and what is repeated to that length.
_READERS: tuple[tuple[str, Reader, int, Sequence[str]], ...] = (
    ("what a customer wrote", read, 25_000, slow_texts.WRITTEN),
    ("personal data", find, 20_000, slow_texts.PERSONAL),
    ("a customer's questions", questions_in, 10_000, slow_texts.WRITTEN),
    ("the checks of a draft", check, 10_000, (*PIECES, *phrases_almost_said())),
    ("what is not proofread", exempt_spans, 10_000, slow_texts.WRITTEN),
    ("a length in characters", weighted_length, 100_000, slow_texts.MEASURED),
    ("a post in HTML", plain_text, 50_000, slow_texts.HTML),
    ("entities in an archive", as_written, 800_000, slow_texts.ENTITIES),
)
_turn = count()


def run(subjects: Subjects) -> Iterator[Figure]:
    """A figure for each reader, of the text that takes it longest."""
    for name, reader, length, pieces in _READERS:
        slowest = max(pieces, key=lambda piece: _seconds(reader, piece, length))
        whole, quarter = interleaved(
            _ROUNDS, partial(_seconds, reader, slowest, length), partial(_seconds, reader, slowest, length // 4)
        )
        yield ratio(f"reading {name}, against a quarter of it", median(whole), median(quarter), _TARGET)


def _seconds(reader: Reader, piece: str, length: int) -> float:
    # No two the same: what a cache keeps of one is of no use to the next.
    text = f"{next(_turn)} {piece * (length // len(piece) + 1)}"[:length]
    started_at = time.thread_time()
    reader(text)
    return time.thread_time() - started_at
