"""Draw the map of the house from the modules' docstrings; with --check, only say whether it is current.

The rooms go into CONTRIBUTING.md, between two comments, and every module with its first sentence into docs/map.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "carecli"
ROOMS = ROOT / "CONTRIBUTING.md"
MODULES = ROOT / "docs" / "map.md"

_BEGIN = "<!-- The rooms: written by `python -m scripts.house_map`. -->\n\n"
_END = "\n<!-- End of the rooms. -->"
_HEAD = """# Every module, by the first sentence of its docstring

This page is written by `python -m scripts.house_map`. How to work in the house: [CONTRIBUTING.md](../CONTRIBUTING.md).
"""


class Room(NamedTuple):
    """A package, or a module that stands alone: its path from the root, its first sentence, its modules with theirs."""

    path: str
    sentence: str
    modules: dict[str, str]


def rooms() -> Iterator[Room]:
    """The packages, each followed by the ones within it, and then the modules at the top."""
    for init in sorted(PACKAGE.rglob("__init__.py")):
        if init.parent != PACKAGE:
            inside = sorted(path for path in init.parent.glob("*.py") if path != init)
            path = init.parent.relative_to(ROOT).as_posix() + "/"
            yield Room(path, sentence_of(init), {module.stem: sentence_of(module) for module in inside})
    for module in sorted(PACKAGE.glob("*.py")):
        if not module.stem.startswith("__"):
            yield Room(module.relative_to(ROOT).as_posix(), sentence_of(module), {})


def sentence_of(module: Path) -> str:
    """The first sentence of a module's docstring on one line; "" where it has none."""
    documented = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    first = " ".join(documented.partition("\n\n")[0].split())
    return re.split(r"(?<=\.) ", first, maxsplit=1)[0]


def rooms_page() -> str:
    """CONTRIBUTING.md as it should be: what stands around the map, and the map drawn afresh."""
    before, _, rest = ROOMS.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    table = ["| room | what it is for | modules |\n", "|---|---|---|\n"]
    for room in rooms():
        path = room.path.removeprefix("carecli/")
        names = " ".join(f"`{name}`" for name in room.modules)
        table.append(f"| [`{path}`]({room.path}) | {_cell(room.sentence)} | {names} |\n")
    return f"{before}{_BEGIN}{''.join(table)}{_END}{after}"


def modules_page() -> str:
    """docs/map.md as it should be."""
    parts = [_HEAD]
    for room in rooms():
        parts.append(f"\n## {room.path}\n\n{room.sentence}\n")
        if room.modules:
            parts.append("\n| module | what it is for |\n|---|---|\n")
        for name, sentence in room.modules.items():
            parts.append(f"| [`{name}`](../{room.path}{name}.py) | {_cell(sentence)} |\n")
    return "".join(parts)


def stale() -> list[str]:
    """The pages that are not as they should be, by their names."""
    wanted = {ROOMS: rooms_page(), MODULES: modules_page()}
    return [
        page.relative_to(ROOT).as_posix()
        for page, text in wanted.items()
        if not page.is_file() or page.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        found = stale()
        if found:
            print(f"The map is stale ({', '.join(found)}): run `python -m scripts.house_map`.", file=sys.stderr)
        return 1 if found else 0
    ROOMS.write_text(rooms_page(), "utf-8")
    MODULES.write_text(modules_page(), "utf-8")
    return 0


def _cell(text: str) -> str:
    """`text` within a table, where a bar would end the cell."""
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
