"""Where twitter-text's conformance files lie, if they do: beside the project, never in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "twitter-text"


def cases(file: str, *groups: str) -> list[Any]:
    """The cases of some groups of a file, or of all, each a parameter; without the file, one that is skipped."""
    path = FOLDER / file
    if not path.exists():
        reason = "twitter-text's conformance files are not beside the project"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    tests = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["tests"]
    return [pytest.param(case, id=case["description"]) for group in groups or tests for case in tests[group]]
