"""What is repeated to make a text slow to read, for each of our readers; drafts have `tests.playbook.checks.worst`.

Not for: how slow is too slow (`tests.bench.growth`, and the tests that count calls).
"""

from __future__ import annotations

WRITTEN = (
    "not ", ". ", "thanks ", "thanks, ", "@a ", "a", "is ", "how, ", "no one is ", "וווווו", "ו", "שלא ", "👍",
    "e\u0301\u0323", "@", "?!", "\u0301\u0323",
)  # fmt: skip
PERSONAL = (
    "1 ", "1234 ", "12.34.56.", "4111-", "4111 1111 1111 1112 ", "@", "a@", "a.a", "+1 ", "GB82 ", "0", "tel 600 ",
    "DE89 3704 0044 0532 0130 01 ", "https://", "\u200f1", "٣", "a@a.", "x" * 60 + "@", "07700 900123 ", "8 (",
    "12345678A-", "$1 ", "1:",
)  # fmt: skip
MEASURED = ("http://", "https://.", "e\u0301", "👩\u200d", "\u0301", "a ", "https://a.b ", "…")
HTML = ("<", "<!--", "<a ", "</", "<svg/x=y ", "<a =", '<a b="', "<?", "&#", "<p>", "<![", "<a b='>")
ENTITIES = ("&", "amp;", "&amp;", "&#38;")
