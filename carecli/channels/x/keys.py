"""Where the keys of an account of X come from, as its channel sees it.

Not for: keeping them fresh (`tokens`).
"""

from __future__ import annotations

from typing import Protocol

from carecli.channels.x.tokens import Bearer, OAuth1


class Keys(Protocol):
    """All raise `NeedsPerson`, and `NetworkFailure` where none could be renewed."""

    def app_only(self) -> str: ...

    def keys(self) -> OAuth1 | Bearer: ...

    def refused(self, used: OAuth1 | Bearer) -> OAuth1 | Bearer: ...
