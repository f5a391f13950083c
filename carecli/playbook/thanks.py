"""Whether a customer's text is thanks and nothing else, so that nobody has to answer it.

A wrong yes leaves a customer without an answer, so everything in doubt is no. Not for: what else a text is (`urgency`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from carecli.playbook.folding import fold
from carecli.playbook.lexicon import Courtesy, Lexicon, is_word

# A longer text has something to say, whatever it begins with.
_TOKENS = 40
# So many words that we do not know may stand in a text that both thanks and says that the matter is solved.
_UNKNOWN = 4
_WORD = re.compile(r"[^\W\d_]+")


def is_only_thanks(text: str, tokens: Sequence[str], lexicon: Lexicon, *, language_known: bool, in_words: bool) -> bool:
    """Whether `text` is a courtesy and nothing more: "thanks", "ok", "bye", "that works now, thank you".

    It may name one person ("Thanks Claire!"). Where it thanks for what is solved in a language that is known, up to
    four other words may stand in it ("That did it, cheers. Kids are streaming again"), but no digit and nothing that
    shows that the matter goes on. tokens: its words, folded. It must be known to ask and to complain of nothing.
    in_words: whether there are words of courtesy in it; beside signs alone no word may stand that we do not know.
    """
    if len(tokens) > _TOKENS or "://" in text:
        return False
    said: set[Courtesy] = set()
    unknown: list[str] = []
    name = ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        courtesy, after = lexicon.courtesy_at(tokens, at)
        if courtesy == "unsettled":
            return False
        if courtesy is not None:
            said.add(courtesy)
        elif is_word(token):
            if not in_words or not token.isalpha() or len(unknown) == _UNKNOWN:
                return False
            unknown.append(token)
            if "thanks" in said and is_word(tokens[at - 1]):
                name = token
        at = after
    known = not unknown or (unknown == [name] and name in _capitalised(text))
    if not known or "little" in said:
        return language_known and {"thanks", "solved"} <= said
    return not said.isdisjoint({"thanks", "closing"}) or ("signs" in said and said != {"signs", "fillers"})


def _capitalised(text: str) -> set[str]:
    return {fold(word) for word in _WORD.findall(text) if word[0].isupper() and word[1:].islower()}
