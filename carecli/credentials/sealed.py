"""Records that hold secrets and never show them: not in a trace, a log, a failed assertion or a screen.

Not for: keeping them (`Vault`), or checking what they are.
"""

from __future__ import annotations

from typing import Any

from carecli.model import Record


class Sealed(Record, frozen=True):
    """Base of records whose fields are secret; all that can be seen of one is its kind."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What rich would show instead of the above: nothing."""
        return []
