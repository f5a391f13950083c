"""Telephone numbers among the numbers of a text, told by how they are written.

With a plus or 00 anywhere; with a trunk 0; in the groups that a country writes; else only beside a word that says so.
Not for: whether a number is in service, or what a line costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from carecli.playbook.digit_groups import CALLS, Context, Group, Words

# How many digits follow a country's code, at least and at most (ITU-T E.164, national numbering plans).
_NATIONAL = {
    "1": (10, 10), "7": (10, 10), "30": (10, 10), "31": (9, 9), "32": (8, 9), "33": (9, 9), "34": (9, 9), "36": (8, 9),
    "39": (8, 11), "40": (9, 9), "41": (9, 9), "43": (7, 12), "44": (9, 10), "45": (8, 8), "46": (7, 10), "47": (8, 8),
    "48": (9, 9), "49": (7, 11), "61": (9, 9), "90": (10, 10), "351": (9, 9), "353": (7, 9), "380": (9, 9),
    "420": (9, 9), "421": (9, 9), "972": (8, 9),
}  # fmt: skip
_ELSEWHERE = (7, 11)
# All countries' codes: 1 and 7, those of two digits, and the ranges of those of three.
_CODE = re.compile(
    r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[0578]\d|9[679]\d"
)
# Lines of firms and authorities, free or dear to call, with or without country and trunk: nobody lives there.
_SERVICE = re.compile(
    r"0(?:800|808|900|180)\d*|1?8(?:00|33|44|55|66|77|88)\d{7}|[78]800\d{7}|(?:80[01]|90[012])\d{6}"
    r"|(?:00)?(?:31|33|34|353|4[1-489]|420|90)(?:800|808|900)\d{5,8}"
)
_PLUS = ("+", "+ ", "(+")
# A complete number with its area; what follows in the same breath is another number.
_COMPLETE = 10
_TRUNK_LEAST, _TRUNK_MOST = 9, 12
# Where a word says what it is: so many digits, the least of them within so many groups.
_WORD_LEAST, _WORD_MOST, _WORD_GROUPS = 7, 12, 4
# Shorter ones are also years, sums and times: the word has to stand right beside them.
_LOCAL = 9
_BESIDE = 16


def phone_at(text: str, words: Words, groups: Sequence[Group], shape: tuple[int, ...]) -> int:
    """How many of the groups that hang together are a telephone number; 0 where none begins with the first.

    text: plain, without other numbers; words: its telling ones; shape: how many digits each group has.
    """
    first = groups[0]
    if text[max(0, first.start - 2) : first.start].endswith(_PLUS) or text[
        max(0, first.start - 6) : first.start
    ].endswith(CALLS):
        return _international(groups, "")
    if first.digits.startswith("00"):
        return _international(groups, "00")
    if sum(shape[:_WORD_GROUPS]) < _WORD_LEAST:
        return 0
    taken = 0 if first.joint is not None else _national(groups, shape)
    about = words.around(first.start, groups[max(taken, 1) - 1].end)
    if taken and about.meaning not in ("other", "identity", "card"):
        return taken
    return _named(groups, about) if about.meaning == "phone" else 0


def is_service(digits: str) -> bool:
    """Whether a telephone number is no person's: a hotline that is free, or dear, to call."""
    return _SERVICE.fullmatch(digits) is not None


def _international(groups: Sequence[Group], prefix: str) -> int:
    digits = "".join(group.digits for group in groups)[len(prefix) :]
    known = _CODE.match(digits)
    if known is None:
        return 0
    code = known[0]
    least, most = _NATIONAL.get(code, _ELSEWHERE)
    # "+44 (0)20 …": the zero is not dialled.
    trunk = 1 if digits[len(code) :].startswith("0") and code != "39" else 0
    taken = total = national = 0
    for number, group in enumerate(groups, start=1):
        if taken and national >= _COMPLETE:
            break
        total += len(group.digits)
        national = total - len(prefix) - len(code) - trunk
        if national > most:
            break
        if national >= least and group.open_right:
            taken = number
            if number == 1:
                break
    return taken


def _national(groups: Sequence[Group], shape: tuple[int, ...]) -> int:
    """How many groups look like a country's own number by themselves."""
    first = groups[0].digits[0]
    if first == "0":
        return _trunk(groups)
    if first in "78" and (taken := _russian(groups, shape)):
        return taken
    if shape[:4] == (1, 3, 3, 4) and first == "1" and _is_american(groups[1:]):
        return 4
    if shape[:3] == (3, 3, 4) and _is_american(groups):
        return 3
    if shape[:4] in ((2, 3, 2, 2), (3, 3, 2, 2)) or (shape[:4] == (3, 2, 2, 2) and first in "6789"):
        return 4 if groups[3].open_right else 0
    # Three threes are also a great sum: that has stops, noughts, or goes on.
    sum_like = groups[-1].joint == "." or shape[3:4] == (3,)
    if shape[:3] == (3, 3, 3) and first != "1" and not sum_like and groups[2].open_right:
        return 0 if groups[1].digits == groups[2].digits == "000" else 3
    return 0


def _trunk(groups: Sequence[Group]) -> int:
    """With the 0 that is dialled within a country: nine digits in groups, ten or more also without."""
    digits = "".join(group.digits for group in groups)
    if len(groups[0].digits) < 2 or digits[1] == "0" or digits.startswith("0123456789"):
        return 0
    total = 0
    for number, group in enumerate(groups, start=1):
        total += len(group.digits)
        if total > _TRUNK_MOST or not group.open_right:
            return 0
        if total >= _COMPLETE or (number == len(groups) and number > 1 and total >= _TRUNK_LEAST):
            return number
    return 0


def _russian(groups: Sequence[Group], shape: tuple[int, ...]) -> int:
    digits = "".join(group.digits for group in groups)
    if digits[1:2] not in ("3", "4", "8", "9"):
        return 0
    if shape[0] == 11:
        return 1 if digits[1] == "9" and groups[0].open_right else 0
    for known in ((1, 3, 3, 2, 2), (1, 3, 2, 2, 3), (1, 3, 3, 4), (1, 3, 7), (1, 10)):
        if shape[: len(known)] == known and groups[len(known) - 1].open_right:
            return len(known)
    return 0


def _is_american(groups: Sequence[Group]) -> bool:
    return groups[0].digits[0] not in "01" and groups[1].digits[0] not in "01" and groups[2].open_right


def _named(groups: Sequence[Group], about: Context) -> int:
    """How many groups are the number that a word beside it calls a telephone's."""
    taken = total = 0
    for number, group in enumerate(groups, start=1):
        total += len(group.digits)
        if total > _WORD_MOST or (taken and total - len(group.digits) >= _COMPLETE):
            break
        if total >= _LOCAL or (total >= _WORD_LEAST and about.distance <= _BESIDE):
            taken = number if group.open_right else taken
            if number == 1 and taken and total >= _LOCAL:
                break
    return taken
