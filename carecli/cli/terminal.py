"""What `carecli doctor` says of the terminal: size, colours, encoding, and what stands between.

Takes the facts as arguments, so that each case can be tested. Not for: drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from carecli.desk.doctor import Check

_COLUMNS, _ROWS = 40, 12
_ROOMY_COLUMNS = 80


def terminal_checks(environment: Mapping[str, str], size: tuple[int, int] | None, encoding: str) -> Iterator[Check]:
    """The checks of a terminal: its variables, its columns and rows (None: standard output is none), its encoding."""
    if size is None:
        yield Check("terminal", "warn", "Standard output is not a terminal.", "Run it in the terminal of your desk.")
    else:
        yield _of_size(*size)
    yield _of_colours(environment)
    if encoding.lower().replace("-", "") == "utf8":
        yield Check("terminal", "ok", "Text is UTF-8.")
    else:
        sentence = f"Text is {encoding}: most customers' letters cannot be shown."
        yield Check("terminal", "warn", sentence, "Set LANG to a UTF-8 locale, such as C.UTF-8.")
    if environment.get("TMUX") and not environment.get("TERM", "").startswith(("tmux", "screen")):
        sentence = f"Inside tmux TERM is {environment.get('TERM')!r}."
        yield Check("terminal", "warn", sentence, 'Put `set -g default-terminal "tmux-256color"` into ~/.tmux.conf.')


def _of_size(columns: int, rows: int) -> Check:
    size = f"{columns}×{rows}"
    if columns < _COLUMNS or rows < _ROWS:
        sentence = f"The terminal is {size}; the desk needs {_COLUMNS}×{_ROWS}."
        return Check("terminal", "warn", sentence, "Enlarge the window, or use a smaller font.")
    drawer = "" if columns > _ROOMY_COLUMNS else "; the queue is a drawer at this width"
    return Check("terminal", "ok", f"The terminal is {size}{drawer}.")


def _of_colours(environment: Mapping[str, str]) -> Check:
    term = environment.get("TERM", "")
    if term in ("", "dumb"):
        sentence = "TERM does not name a terminal that can be drawn on."
        return Check("terminal", "fail", sentence, "Set TERM to what your terminal is, such as xterm-256color.", 2)
    if environment.get("NO_COLOR"):
        return Check("terminal", "ok", "NO_COLOR is set: colours are left out.")
    if environment.get("COLORTERM", "") in ("truecolor", "24bit"):
        return Check("terminal", "ok", "Colours: 16 million.")
    if "256" in term:
        return Check("terminal", "ok", "Colours: 256.")
    sentence = f"Colours: sixteen, as far as TERM={term} tells."
    return Check("terminal", "ok", sentence, 'The theme "terminal-16" is made for that.')
