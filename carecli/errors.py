"""Every failure that carecli tells a person about, with its exit code.

Not for: bugs (they are ordinary exceptions) or what a check says of a draft (`model.Finding`).

The tree, each leaf with the exit code that a script may rely on::

    CareError
    ├── Refused            1  a rule of the brand said no: unsigned, over length, greeting missing
    │   └── Stale          1  the customer wrote, or a colleague answered, since the author looked
    ├── Misuse             2  the command cannot be carried out as written
    │   └── ConfigError    2  the configuration is wrong; names the key
    ├── NetworkFailure     3  the network is out of reach, or said "later"
    │   └── RateLimited    3  … and said until when
    ├── NeedsPerson        4  only a person can decide: unknown outcome, sign-in, credits
    ├── StoreError         5  the database is locked, full, read-only, newer or damaged
    │   └── LostLease      5  another process works for the account now
    ├── Unwritten          5  what the command had to say cannot be written where it goes
    ├── NotFound           6  there is no such conversation, account, shift, file
    ├── Due                7  `queue --fail-if-due`: something is due
    ├── Hinted             8  `check`: the worst that the checks say of a text is a hint
    └── Warned             9  … a warning; what they block is Refused

Beside them: 0 done, 70 a fault in carecli itself (its trace is saved), 130 interrupted by ^C.

Each carries one sentence that says what happened and one that names the next step.
"""

from __future__ import annotations

from datetime import datetime

EXIT_DONE = 0
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130


class CareError(Exception):
    """A failure with a sentence, a remedy and an exit code."""

    exit_code = 1

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(f"{sentence} {remedy}".rstrip())
        self.sentence = sentence
        self.remedy = remedy


class Refused(CareError):
    """A rule of the brand said no; the text is kept. `rule` names the check."""

    exit_code = 1

    def __init__(self, sentence: str, remedy: str = "", *, rule: str = "") -> None:
        super().__init__(sentence, remedy)
        self.rule = rule


class Stale(Refused):
    """The conversation moved on since the author looked at it."""


class Misuse(CareError):
    """The command cannot be carried out as written."""

    exit_code = 2


class ConfigError(Misuse):
    """The configuration is wrong. `key` is the path of the key, such as `accounts[0].handle`."""

    def __init__(self, sentence: str, remedy: str = "", *, key: str = "") -> None:
        super().__init__(sentence, remedy)
        self.key = key


class NetworkFailure(CareError):
    """The network is out of reach, or answered that it is not able to now."""

    exit_code = 3


class RateLimited(NetworkFailure):
    """The network said "later". `until` is aware UTC, or None where it did not say."""

    def __init__(self, sentence: str, remedy: str = "", *, until: datetime | None = None) -> None:
        super().__init__(sentence, remedy)
        self.until = until


class NeedsPerson(CareError):
    """Only a person can decide what happens next."""

    exit_code = 4


class StoreError(CareError):
    """The database cannot be used as it is."""

    exit_code = 5


class LostLease(StoreError):
    """This process slept through its lease: it may neither write nor send for the account any more."""


class Unwritten(CareError):
    """Standard output takes nothing: the disk behind it is full, or failing. What the command did is done."""

    exit_code = 5


class NotFound(CareError):
    """There is no such thing."""

    exit_code = 6


class Due(CareError):
    """Something in the queue is due within the time that was asked about."""

    exit_code = 7


class Hinted(CareError):
    """The worst that the checks say of a text is a hint."""

    exit_code = 8


class Warned(CareError):
    """The worst that the checks say of a text is a warning."""

    exit_code = 9
