"""What holds for every test: properties have no deadline (machines are slow at times), and CI tries the same examples
each time, so that a run there says something about the change and nothing about luck."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
