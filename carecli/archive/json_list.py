"""Long JSON lists, one element at a time: for files that are one list from end to end, whatever their size.

A broken element costs itself: reading goes on where the next one begins. Lists that follow each other are read as one.
Not for: JSON Lines (`json_lines`), or what the elements mean.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from carecli.archive import texts
from carecli.model import Record

# A decoding error counts the lines before it, so little is held; a longer element is read in doubling steps.
_BLOCK = 1 << 16
# No post, and hardly a private conversation, is longer; a list in a file that was torn could be.
_LONGEST = 16 << 20
# An opening or the beginning of an element never is; so much is kept while looking for one.
_OVERLAP = 512
# A failure this close to the end of what was read may be no failure yet ("\u12", "tru").
_CUT = 16

_BETWEEN = re.compile(r"[\s,]*")
# Floats stay text: an id that is one has lost digits, and must be seen to have.
_DECODER = json.JSONDecoder(parse_float=str)


class Element(Record, frozen=True):
    """One element: the line on which it begins, its place in the list from 1, and its value.

    Where `problem` says why it could not be read, `value` is the beginning of its text.
    """

    line: int
    number: int
    value: Any
    problem: str = ""


def elements(stream: IO[bytes], opening: re.Pattern[str], beginning: re.Pattern[str]) -> Iterator[Element]:
    """Yield the elements of each list in `stream` that `opening` leads into.

    beginning: matches where an element begins, and nowhere within one; reading goes on there after a broken element.
    """
    window = _Window(stream)
    number = 0
    while window.go_behind(opening):
        torn = False
        while True:
            window.skip(_BETWEEN)
            if window.at_end():
                yield Element(window.line, number + 1, "", "the file ends within the list")
                return
            if window.peek() == "]" and not torn:
                window.advance(1)
                break
            # After a broken element, this may close a list within what is left of that.
            if window.peek() == "]" and not window.go_to(beginning):
                return
            number += 1
            line = window.line
            element = window.value(line, number)
            yield element
            if element.problem:
                torn = True
                window.advance(1)
                if not window.go_to(beginning):
                    return


class _Window:
    """What of the file is in memory, and where in it we are."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._finished = False
        self.line = 1

    def at_end(self) -> bool:
        while self._at >= len(self._text):
            if not self._refill():
                return True
        return False

    def peek(self) -> str:
        return self._text[self._at]

    def advance(self, count: int) -> None:
        self._go(min(self._at + count, len(self._text)))

    def skip(self, blank: re.Pattern[str]) -> None:
        while not self.at_end():
            found = blank.match(self._text, self._at)
            self._go(found.end() if found else self._at)
            if self._at < len(self._text):
                return

    def go_to(self, pattern: re.Pattern[str]) -> bool:
        """Go to where `pattern` matches next; False at the end of the file."""
        found = self._find(pattern)
        return found is not None and self._go(found.start())

    def go_behind(self, pattern: re.Pattern[str]) -> bool:
        """Go behind what `pattern` matches next; False at the end of the file."""
        found = self._find(pattern)
        return found is not None and self._go(found.end())

    def value(self, line: int, number: int) -> Element:
        """Return the value that begins here, and go behind it; where it cannot be read, stay."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                return self._broken(line, number, "it is nested too deeply")
            except json.JSONDecodeError as failure:
                if not self._may_be_cut(failure):
                    return self._broken(line, number, f"it is no JSON: {failure.msg}")
                if len(self._text) - self._at > _LONGEST:
                    return self._broken(line, number, "it has no end within 16 million characters")
                if not self._refill():
                    return self._broken(line, number, "the file ends within it")
            except ValueError as failure:
                return self._broken(line, number, f"it is no JSON: {failure}")
            else:
                self._go(end)
                return Element(line, number, value)

    def _may_be_cut(self, failure: json.JSONDecodeError) -> bool:
        return failure.msg.startswith("Unterminated string") or failure.pos + _CUT >= len(self._text)

    def _broken(self, line: int, number: int, problem: str) -> Element:
        return Element(line, number, self._text[self._at : self._at + _OVERLAP], problem)

    def _find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        while True:
            if found := pattern.search(self._text, self._at):
                return found
            self._go(max(self._at, len(self._text) - _OVERLAP))
            if not self._refill():
                return None

    def _go(self, to: int) -> bool:
        self.line += self._text.count("\n", self._at, to)
        self._at = to
        return True

    def _refill(self) -> bool:
        """Read on; False at the end of the file."""
        if self._finished:
            return False
        rest = self._text[self._at :]
        raw = self._stream.read(max(_BLOCK, len(rest)))
        self._finished = not raw
        self._text = rest + texts.mend(self._decoder.decode(raw, final=self._finished))
        self._at = 0
        return not self._finished or bool(self._text)
