"""Reading a key by its place on the keyboard, as far as the keymap's characters go.

Not for: which characters stand where (`keyboard_layouts`), or what a key does (`keymap`).
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.events import Key

from carecli.tui.keymap import key_of


class KeyReader:
    """Turns the keys of other layouts into those that the keymap knows. `places`: see `translation`."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = {typed: (key_of(meant), meant) for typed, meant in places.items()}

    def read(self, event: Key, *, typing: bool) -> Key:
        """The key that is meant; `event` itself where that is the same.

        typing: a text field takes what is typed, so that only keys with ctrl or alt are read by their place.
        """
        *modifiers, base = event.key.split("+") if len(event.key) > 1 else [event.key]
        if typing and not modifiers:
            return event
        meant = self._places.get(base if modifiers else event.character or base)
        if meant is None:
            return event
        key, character = meant
        return Key("+".join((*modifiers, key)), None if modifiers else character)
