"""`carecli snippets`: the desk's ready sentences, and the options by which a reply begins with one.

Not for: filling one in (`desk.snippets`).
"""

from __future__ import annotations

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import write, write_json
from carecli.errors import Misuse, NotFound


@click.command()
@click.argument("query", required=False, default="", callback=options.text)
@options.account
@click.option("--language", metavar="TAG", default="", callback=options.text, help="Those that fit a language.")
@options.as_json
@pass_invocation
def snippets(invocation: Invocation, query: str, account: str, language: str, as_json: bool) -> None:
    """List the desk's ready sentences.

    QUERY finds them by a few letters of their name or text, the likeliest first.
    """
    from carecli.cli.tables import table
    from carecli.playbook.snippets import found, offered, own_gaps
    from carecli.safetext import literal, sanitize_line

    config = invocation.config()
    if account and account not in config.accounts:
        raise NotFound(f"There is no account {account!r}.", f"The accounts are: {', '.join(config.accounts)}.")
    shown = found(offered(config.snippets, language, account), query)
    if as_json:
        rows = [
            {
                "name": one.name,
                "text": one.text,
                "languages": one.languages,
                "accounts": one.accounts,
                "gaps": own_gaps(one),
            }
            for one in shown
        ]
        write_json("snippets", rows)
    elif shown:
        lines = [
            (sanitize_line(one.name), sanitize_line(", ".join(one.languages) or "all"), sanitize_line(one.text))
            for one in shown
        ]
        write(table(("NAME", "LANGUAGES", "TEXT"), lines))
    else:
        write(literal("There is none."))


def filled_gaps(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """A click callback: texts for a snippet's gaps, each as `gap=text`. Raises `Misuse`."""
    given = {}
    for value in options.texts(ctx, param, values):
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise Misuse(f"{value!r} fills no gap.", "Write it as gap=text, such as --fill 'order number=42'.")
        given[" ".join(name.split())] = text
    return given
