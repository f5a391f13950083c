"""`carecli check`: the composer's checks on any text, for an editor or the tests of a brand's templates.

Not for: the configuration (`config check`) or the playbooks (`playbook check`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import narrate, write, write_json
from carecli.errors import Misuse, NotFound
from carecli.model import Finding


class _Text(NamedTuple):
    """A text with where it comes from. path: "" of an argument, - of standard input; line: the number of its first."""

    path: str
    line: int
    text: str

    def place(self, finding: Finding) -> tuple[int, int]:
        """The line and the column, from 1, where a finding begins; columns are characters."""
        before = self.text[: finding.start]
        return self.line + before.count("\n"), finding.start - before.rfind("\n")


@click.command()
@click.argument("text", metavar="[TEXT|-]", required=False, callback=options.text_if_any)
@click.option("--file", "files", metavar="PATH", multiple=True, type=click.Path(path_type=Path), help="Check a file.")
@click.option("--each-line", is_flag=True, help="Each line is a text of its own; empty ones are left out.")
@click.option("--account", metavar="ID", default="", callback=options.text, help="By the playbook of this account.")
@options.public
@options.private
@click.option("--template", is_flag=True, help="What stands in braces is filled in later.")
@click.option("--customer", metavar="NAME", default="", callback=options.text, help="Whom a first reply addresses.")
@click.option("--asked", metavar="TEXT", default="", callback=options.text, help="What they wrote.")
@click.option("--language", metavar="TAG", default="", callback=options.text, help="Of the text, if it does not show.")
@options.as_json
@pass_invocation
def check(
    invocation: Invocation,
    text: str | None,
    files: tuple[Path, ...],
    each_line: bool,
    account: str,
    public: bool,
    private: bool,
    template: bool,
    customer: str,
    asked: str,
    language: str,
    as_json: bool,
) -> None:
    """Check a text as the composer does.

    Needs no configuration; with --account it goes by that account's playbook. Ends with 0 where nothing is found, 8 for
    a hint, 9 for a warning, 1 for what would be refused.
    """
    from carecli.cli.findings import data_of, failure_of, line_of
    from carecli.desk.checking import Circumstances, by_default, for_account
    from carecli.desk.proofreading import proofreader_for
    from carecli.playbook.checks import worst

    if (text is None) != bool(files):
        raise Misuse("Give a text, or files with --file.", "`carecli check -` reads standard input.")
    visibility = options.visibility_of(public, private) or "public"
    about = Circumstances(visibility, customer, asked, language, template)
    texts = list(_texts(text, files, each_line=each_line))
    config = invocation.config() if account else None
    with closing(proofreader_for(config)) as proofreader:
        look = (
            by_default(about, proofreader)
            if config is None
            else for_account(config, account, about, proofreader, invocation.agent)
        )
        checked = [(one, look(one.text)) for one in texts]
    unread = tuple(dict.fromkeys(found.unread for _, found in checked if found.unread))
    findings = [finding for _, found in checked for finding in found.findings]
    if as_json:
        rows = [
            {
                "path": one.path,
                "line": one.line,
                "language": found.language,
                "length": found.length,
                "findings": [
                    data_of(finding) | dict(zip(("line", "column"), one.place(finding), strict=True))
                    for finding in found.findings
                ],
            }
            for one, found in checked
        ]
        write_json("check", {"worst": worst(findings), "texts": rows, "unread": unread})
    else:
        for sentence in unread:
            narrate(sentence)
        for one, found in checked:
            for finding in sorted(found.findings, key=lambda finding: finding.start):
                where = [*filter(None, [one.path]), *map(str, one.place(finding))]
                write(line_of(":".join(where), finding))
    failure = failure_of(findings)
    if failure is not None:
        raise failure


def _texts(argument: str | None, files: tuple[Path, ...], *, each_line: bool) -> Iterator[_Text]:
    for path, whole in _wholes(argument, files):
        if not each_line:
            yield _Text(path, 1, whole)
            continue
        for number, line in enumerate(whole.split("\n"), start=1):
            if line.strip():
                yield _Text(path, number, line)


def _wholes(argument: str | None, files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    if argument is not None:
        yield "-" if argument == "-" else "", options.text_of(argument).replace("\r\n", "\n")
    for file in files:
        try:
            whole = file.read_text("utf-8-sig")
        except FileNotFoundError:
            raise NotFound(f"There is no file {file}.", "Name another.") from None
        except UnicodeDecodeError:
            raise Misuse(f"{file} is not UTF-8.", "Convert it, such as with `iconv -t UTF-8`.") from None
        except OSError as error:
            raise Misuse(f"{file} cannot be read: {error.strerror}.", "Check its permissions.") from None
        yield str(file).encode(errors="replace").decode(), whole.rstrip("\n")
