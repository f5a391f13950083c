"""Draw docs/picture.svg: the app that CALLABLE returns as Textual's own screenshot, and as PNG to look at.

    python -m scripts.picture --app MODULE:CALLABLE [--keys KEY …] [--until TEXT] [--png FILE] [OUT]

PNG needs `rsvg-convert` and the DejaVu fonts; emoji are boxes in it. Not for: comparing (the snapshot tests do that).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from textual.app import App

PICTURE = Path(__file__).parents[1] / "docs" / "picture.svg"
SIZE = (120, 40)
_PATIENCE = 20.0
# Rich's screenshots ask for a web font 0.6 em wide and give a cell 12.2 of 20; browsers stretch each run to fit,
# librsvg does not. DejaVu's cells are 0.602 em, so at this size they fall into place by themselves.
_FONT_SIZE = "20.265px"


async def screenshot(app: App[Any], keys: Sequence[str] = (), until: str = "") -> str:
    """Run `app` without a terminal, press `keys`, wait until `until` stands on the screen; return the SVG.

    Raises TimeoutError when the text does not come.
    """
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        deadline = time.monotonic() + _PATIENCE
        while until not in shown(picture := app.export_screenshot()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{until!r} did not come to the screen.")
            await pilot.pause(0.05)
    return picture


def shown(svg: str) -> str:
    """The words of a screenshot, row by row, as far as no change of style is between them."""
    return "\n".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)).replace("&#160;", " ")


def for_looking_at(svg: str) -> str:
    """The screenshot with a font of the machine's and every space in its place, as librsvg must be told."""
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "DejaVu Sans Mono").replace("font-size: 20px", f"font-size: {_FONT_SIZE}")


def main(arguments: Sequence[str]) -> int:
    """Write the picture, and its PNG where one is wanted."""
    parser = argparse.ArgumentParser(prog="python -m scripts.picture", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", nargs="?", type=Path, default=PICTURE)
    parser.add_argument("--app", required=True, metavar="MODULE:CALLABLE")
    parser.add_argument("--keys", nargs="*", default=(), metavar="KEY")
    parser.add_argument("--until", default="", metavar="TEXT")
    parser.add_argument("--png", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    module, _, name = options.app.partition(":")
    svg = asyncio.run(screenshot(getattr(import_module(module), name)(), options.keys, options.until))
    options.out.write_text(svg, "utf-8")
    if options.png:
        convert = ("rsvg-convert", "--output", str(options.png))
        subprocess.run(convert, input=for_looking_at(svg), text=True, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
