"""Write docs/keys.md from the table of commands; with --check, only say whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from carecli.tui.keymap import Place, categories, keymap, shown

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"

_WHERE: dict[Place, str] = {
    "everywhere": "everywhere",
    "desk": "desk",
    "list": "in a list",
    "thread": "conversation",
    "composer": "composer",
    "search": "search",
    "outbox": "outbox",
    "shift": "shift screen",
    "help": "help",
    "dialog": "in a dialog",
}

_HEAD = """# Keys

Each command has an id. Give it other keys in the configuration:

```toml
[keys]
"queue.next" = "n,f5"
"screen.help" = "?,f1"
```

A key is written `n`, `N`, `?`, `f5`, `escape` or `ctrl+n`; the comma itself is `comma`. `carecli config check` names a
key that means two things in one place. Where no text is being typed, letters count by their physical place on Russian,
Ukrainian, Hebrew, Greek, Turkish, Polish and Czech keyboards; `keyboard = "turkish-f"` names one layout for good.

This page is written by `python -m scripts.keys`.
"""


def page() -> str:
    """The page as it should be."""
    keys = keymap({})
    parts = [_HEAD]
    for category, commands in categories().items():
        parts.append(f"\n## {category}\n\n| key | what it does | where | id |\n|---|---|---|---|\n")
        for command in commands:
            pressed = ", ".join(f"`{shown(key)}`" for key in keys.keys(command.id))
            parts.append(f"| {pressed} | {command.sentence} | {_WHERE[command.where]} | `{command.id}` |\n")
    return "".join(parts)


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        current = PAGE.read_text("utf-8") if PAGE.is_file() else ""
        if current != page():
            print("docs/keys.md is stale: run `python -m scripts.keys`.", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
