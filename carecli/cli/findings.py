"""Findings as flags tell them: a line each, in the way of compilers, and the exit code that says the worst of them.

Not for: what there is to find (`playbook.checks`).
"""

from __future__ import annotations

from collections.abc import Iterable

from carecli.errors import CareError, Hinted, Refused, Warned
from carecli.model import Finding
from carecli.playbook.checks import worst
from carecli.playbook.remedies import can_mend
from carecli.safetext import SafeText, sanitize_line


def line_of(where: str, finding: Finding) -> SafeText:
    """A finding as one line. where: what comes before it, such as `replies.txt:3:14`."""
    told = f"{where}: {finding.level}: {finding.sentence} [{finding.check}]"
    return sanitize_line(f"{told} — {finding.remedy}" if finding.remedy else told)


def data_of(finding: Finding) -> dict[str, object]:
    """A finding as JSON shows it. mendable: one key mends it in the composer."""
    return {
        "check": finding.check,
        "level": finding.level,
        "sentence": finding.sentence,
        "remedy": finding.remedy,
        "start": finding.start,
        "end": finding.end,
        "mendable": can_mend(finding.check),
    }


def failure_of(findings: Iterable[Finding]) -> CareError | None:
    """The failure whose exit code says the worst of some findings; None where there are none."""
    found = list(findings)
    match worst(found):
        case "block":
            gravest = next(finding for finding in found if finding.level == "block")
            return Refused(f"Findings: {len(found)}; this cannot be sent.", "Mend what blocks it.", rule=gravest.check)
        case "warn":
            return Warned(f"Findings: {len(found)}, the worst a warning.")
        case "hint":
            return Hinted(f"Findings: {len(found)}, the worst a hint.")
    return None
