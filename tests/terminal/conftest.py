"""Brings the `terminal` fixture to the harness's own tests."""

from tests.terminal.fixture import terminal

__all__ = ["terminal"]
