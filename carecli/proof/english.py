"""English, read by Harper: grammar, and spelling as it is right on one side of the Atlantic at least.

Only what a colleague would mend counts: no style, no house rules of typography. Runs in the process of `reader`.
"""

from __future__ import annotations

from collections.abc import Set

from harper import Dialect, Language, Lint, Linter, SuggestionKind

from carecli.playbook.checks.facts import Slip
from carecli.proof.exempt import exempt_spans, is_allowed, is_exempt, is_foreign, words_to_spell

_SPELLING = "SpellCheck"
# The kinds of Harper's that are mostly mistakes, as read in some eight hundred replies of care desks.
_GRAMMAR = frozenset(
    {
        "Agreement",
        "BoundaryError",
        "Eggcorn",
        "Grammar",
        "Malapropism",
        "Nonstandard",
        "Repetition",
        "Typo",
        "Usage",
        "WordChoice",
    }
)
_ARTICLES = frozenset({"a", "an"})
_SHOWN = 3


class English:
    """A reader of English. Making one takes a second; two dialects share one dictionary."""

    def __init__(self) -> None:
        self._american = Linter(Dialect.AMERICAN)
        self._british = Linter(Dialect.BRITISH)
        rules = self._british.get_default_lint_config()
        self._british.set_lint_config({rule: rule == _SPELLING for rule in rules})

    def slips(self, text: str, allowed: Set[str]) -> list[Slip]:
        """The slips in a text, in their order."""
        exempt = exempt_spans(text)
        spelt = {(word.start, word.end) for word in words_to_spell(text, "en", allowed)}
        doubted = {_span(lint) for lint in self._british.lint(text, language=Language.PLAINTEXT)}
        if is_foreign(len(doubted & spelt), len(spelt)):
            return []
        slips = []
        for lint in self._american.lint(text, language=Language.PLAINTEXT):
            start, end = _span(lint)
            if is_exempt(start, end, exempt) or is_allowed(lint.problem_text, allowed):
                continue
            if lint.lint_kind == "Spelling":
                if (start, end) in doubted and (start, end) in spelt:
                    slips.append(_misspelt(lint))
            elif lint.suggestions and _is_grammar(lint):
                slips.append(_ungrammatical(lint))
        return sorted(slips, key=lambda slip: slip.start)


def _span(lint: Lint) -> tuple[int, int]:
    return lint.span.start, lint.span.end


def _is_grammar(lint: Lint) -> bool:
    if lint.lint_kind == "Miscellaneous":
        return lint.problem_text.lower() in _ARTICLES
    if lint.lint_kind == "Punctuation":
        # "its" for "it's"; stops and spaces are a check of their own.
        return any("'" in suggestion for suggestion in _suggested(lint))
    return lint.lint_kind in _GRAMMAR


def _misspelt(lint: Lint) -> Slip:
    return Slip("spelling", *_span(lint), suggestions=_suggested(lint)[:_SHOWN])


def _ungrammatical(lint: Lint) -> Slip:
    reason = lint.message.partition(". ")[0].replace("`", "'")
    ended = reason if reason.endswith((".", "?", "!")) else f"{reason}."
    return Slip("grammar", *_span(lint), suggestions=_suggested(lint)[:_SHOWN], reason=ended)


def _suggested(lint: Lint) -> tuple[str, ...]:
    return tuple(
        lint.problem_text + suggestion.replacement_text
        if suggestion.kind == SuggestionKind.INSERT_AFTER
        else suggestion.replacement_text
        for suggestion in lint.suggestions
    )
