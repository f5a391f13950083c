"""X's weighted length: the slowest of many crafted texts of 25,000 characters, of a quarter of it, and of 280.

In time of the processor, since it is a pure function; each text is measured anew, with what caches have kept of others.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice, product

from carecli.channels.x.length import weighted_length
from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.yardsticks import Subjects

_ROUNDS = 15
_LONG = 25_000
# Each is repeated to the length: links in every form, what almost is one, brackets, scripts, emoji and heaps of marks.
_PIECES = (
    *(
        "a.co ",
        "t.co/a ",
        "http://a.co ",
        "a.co/(",
        "a.co/((x)",
        "a.co?&!",
        "@a.co",
        "$a.co ",
        "a. ",
        "a.",
        "..",
        "1.5 ",
    ),
    *(
        "a.com-.",
        "a.com_.",
        "中.com",
        "é.",
        "тест.рф ",
        "xn--a.",
        "あ" * 55 + ".com ",
        "example.comこれは。",
        "http://тест.рф ",
    ),
    *(
        "故人西辞黄鹤楼",
        "Привет, мир. ",
        "שָׁלוֹם ",
        "👨‍👩‍👧‍👦",
        "👨‍",
        "🙋🏽",
        "1️⃣",
        "🇹🇷",
        "☺️",
        "\u0323\u0300",
        "\u0f73",
        "z" + "\u0300\u0323" * 40,
    ),
)


def run(subjects: Subjects) -> Iterator[Figure]:
    """Three figures."""
    texts = [_repeated(piece) for piece in _PIECES] + [_different(alphabet) for alphabet in ("abcdefgh", "абвгдежз")]
    slowest = max(texts, key=lambda text: _seconds(text, _LONG))
    slowest_short = max(texts, key=lambda text: _seconds(text, 280))
    long, quarter, short = interleaved(
        _ROUNDS,
        partial(_seconds, slowest, _LONG),
        partial(_seconds, slowest, _LONG // 4),
        partial(_seconds, slowest_short, 280),
        warm_up=2,
    )
    yield ratio("weighted length of 25,000 characters at worst, against 20 ms", median(long), 0.020, 1.0)
    yield ratio("the same, against a quarter of the text", median(long), median(quarter), 4.8)
    yield ratio("weighted length of 280 characters at worst, against 1 ms", median(short), 0.001, 1.0)


def _repeated(piece: str) -> str:
    return piece * (_LONG // len(piece) + 1)


def _different(alphabet: str) -> str:
    """A text of links of which no two are the same, so that nothing is known of any."""
    return "".join(
        f"{''.join(name)}.{'рф' if name[0] > 'z' else 'co'} " for name in islice(product(alphabet, repeat=5), 4000)
    )


def _seconds(text: str, length: int) -> float:
    text = text[:length]
    started_at = time.thread_time()
    weighted_length(text)
    return time.thread_time() - started_at
