"""What leaves on standard output: data, as versioned JSON for programs or as text for people; and what is told beside.

A reader that closes the pipe has had enough: writing goes quiet, and the command still ends with its own exit code.
Not for: tables (`cli.tables`).
"""

from __future__ import annotations

import os
import sys

import click
import msgspec

from carecli.errors import Unwritten
from carecli.safetext import SafeText, escape_in_json, sanitize

VERSION = 1


def enveloped(kind: str, data: object) -> bytes:
    """One line of JSON in UTF-8 (docs/json.md), harmless to a terminal: `{"version": 1, "kind": …, "data": …}`."""
    line = msgspec.json.encode({"version": VERSION, "kind": kind, "data": data})
    return escape_in_json(line.decode()).encode()


def write_json(kind: str, data: object) -> bool:
    """Print `data` as one line of JSON; whether anybody still reads."""
    return _write(enveloped(kind, data) + b"\n")


def write(text: str) -> bool:
    """Print a text of several lines or one; whether anybody still reads. Strangers' words in it are `SafeText`."""
    return _write((text + "\n").encode(sys.stdout.encoding or "utf-8", "replace"))


def answer(kind: str, data: object, sentence: str, *, as_json: bool) -> None:
    """Print the result of a command that changes something: `data` as JSON, or `sentence` for a person."""
    if as_json:
        write_json(kind, data)
    else:
        write(sentence)


def narrate(sentence: str) -> None:
    """Tell a person on standard error what is going on. The name of a file in it may hold anything."""
    tell_line(sanitize(sentence))


def tell_line(line: SafeText | bytes) -> None:
    """Write on standard error. Where that takes nothing nobody can be told, and the exit code says it alone."""
    try:
        click.echo(line, err=True)
    except OSError:
        if sys.stderr is not None:
            # Python would try again at the end, and end with another code.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _write(line: bytes) -> bool:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python would complain at the end as well, when it flushes what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return False
        raise Unwritten(
            f"Standard output takes nothing: {error.strerror}.", "Free some room; what the command did is done."
        ) from None
    return True
