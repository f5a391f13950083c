"""What a keyboard sends for a key's name, in the names that Textual uses.

Not for: keys that no terminal can tell apart, such as ctrl+i and tab.
"""

from __future__ import annotations

_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_MODIFIER = {"shift": 2, "alt": 3, "ctrl": 5}
_NUMBERED = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6}
_FUNCTION = {f"f{number}": code for number, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)}

_KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "escape": "\x1b",
    "ctrl+space": "\x00",
    # Only terminals with the kitty protocol can send these two.
    "ctrl+enter": "\x1b[13;5u",
    "shift+enter": "\x1b[13;2u",
    **{name: f"\x1b[{final}" for name, final in _CURSOR.items()},
    **{f"{mod}+{name}": f"\x1b[1;{code}{final}" for name, final in _CURSOR.items() for mod, code in _MODIFIER.items()},
    **{name: f"\x1b[{code}~" for name, code in (_NUMBERED | _FUNCTION).items()},
    **{f"{mod}+{name}": f"\x1b[{n};{code}~" for name, n in _NUMBERED.items() for mod, code in _MODIFIER.items()},
    **{f"f{number}": f"\x1bO{final}" for number, final in zip(range(1, 5), "PQRS", strict=True)},
    **{f"ctrl+{chr(letter)}": chr(letter - 96) for letter in range(ord("a"), ord("z") + 1)},
}
_KITTY_ESCAPE = b"\x1b[27u"


def key_bytes(key: str, *, kitty: bool = False) -> bytes:
    """Return what the terminal sends for `key`: a name such as "ctrl+p" or "down", or one character as it is.

    kitty: the program has switched the kitty protocol on; escape is then a sequence of its own, which
    can neither be taken for the beginning of another nor has to wait to be told apart from one.
    Raises ValueError for a name that is not known.
    """
    if kitty and key == "escape":
        return _KITTY_ESCAPE
    if key in _KEYS:
        return _KEYS[key].encode()
    if len(key) == 1:
        return key.encode()
    prefix, _, rest = key.partition("+")
    if prefix == "alt" and len(rest) == 1:
        return b"\x1b" + rest.encode()
    raise ValueError(f"There is no key named {key!r}.")
