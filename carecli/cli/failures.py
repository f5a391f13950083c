"""What a failure says on standard error: one sentence with the remedy, or one line of JSON where JSON was asked for.

A failure that is nobody's but carecli's own is saved with its trace and told in a sentence as well.
Not for: which failures there are (`errors`).
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from carecli import __version__
from carecli.errors import EXIT_FAULT, CareError


def tell(error: CareError | click.ClickException, *, as_json: bool) -> int:
    """Say what went wrong; the exit code."""
    if isinstance(error, click.ClickException):
        sentence, remedy, code = _of_usage(error)
        details = {"error": "Misuse", "sentence": sentence, "remedy": remedy, "exit_code": code}
    else:
        # The name of a file need not be UTF-8.
        sentence, remedy = (text.encode(errors="replace").decode() for text in (error.sentence, error.remedy))
        code = error.exit_code
        details = {"error": type(error).__name__, "sentence": sentence, "remedy": remedy, "exit_code": code}
        until = getattr(error, "until", None)
        if until and not remedy:
            # What raised it knows no account whose time zone this could be told in.
            remedy = f"Try again after {until:%H:%M} UTC."
            details["remedy"] = remedy
        for name in ("rule", "key", "until"):
            if getattr(error, name, None):
                details[name] = getattr(error, name)
    _say(sentence, remedy, details, as_json)
    return code


def tell_fault(error: Exception, *, as_json: bool) -> int:
    """Say that carecli itself is at fault, and where the trace is; the exit code."""
    sentence = f"This is a fault in carecli: {type(error).__name__}."
    from carecli.playbook.personal import mask

    # A failure may quote what a customer wrote; the trace is for strangers.
    trace = mask("".join(traceback.format_exception(error)))
    saved = _saved(trace)
    remedy = (
        f"The trace is in {saved}: please report it." if saved else "Run it again with CARECLI_DEBUG=1 to see more."
    )
    details: dict[str, object] = {"error": "Fault", "sentence": sentence, "remedy": remedy, "exit_code": EXIT_FAULT}
    if saved:
        details["trace"] = str(saved)
    if os.environ.get("CARECLI_DEBUG"):
        from carecli.cli.output import narrate

        narrate(trace)
    _say(sentence, remedy, details, as_json)
    return EXIT_FAULT


def _of_usage(error: click.ClickException) -> tuple[str, str, int]:
    # It lists the choices of an option a line each.
    sentence = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    remedy = f"See `{context.command_path} --help`." if context and "`" not in sentence else ""
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}.", remedy, error.exit_code


def _say(sentence: str, remedy: str, details: dict[str, object], as_json: bool) -> None:
    from carecli.cli.output import enveloped, narrate, tell_line

    if as_json:
        tell_line(enveloped("error", details))
    else:
        # A sentence may quote what a customer or a network said.
        narrate(f"{sentence} {remedy}".rstrip())


def _saved(trace: str) -> Path | None:
    """Where the trace was saved; None where that failed too."""
    from carecli.cli.invocation import user_state_folder

    now = datetime.now(UTC)
    path = user_state_folder() / "faults" / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(f"carecli {__version__}, Python {sys.version}\n{now.isoformat()}\n\n{trace}", "utf-8")
    except OSError:
        return None
    return path
