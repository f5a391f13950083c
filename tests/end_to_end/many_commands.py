"""Runs commands of carecli one after the other in one process, on whatever standard output is.

`python -m tests.end_to_end.many_commands FILE`, where FILE is a JSON list of lists of words; a process for each
would take a tenth of a second. Not for: what ends a process.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from carecli.cli.commands import cli


def main(path: Path) -> None:
    for words in json.loads(path.read_text("utf-8")):
        with suppress(SystemExit):
            cli.main(words, prog_name="carecli")
    print("all done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
