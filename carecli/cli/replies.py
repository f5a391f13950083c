"""`carecli reply`: answer a customer.

The same checks as on the screen stand before the outbox; the signature is added there, never here.
"""

from __future__ import annotations

from pathlib import Path

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import answer, narrate
from carecli.cli.snippets import filled_gaps
from carecli.errors import Misuse
from carecli.safetext import sanitize


@click.command()
@options.conversation
@click.argument("text", metavar="TEXT|-", required=False, callback=options.text_if_any)
@click.option(
    "--snippet", metavar="NAME", default="", callback=options.text, help="Send a ready sentence instead of TEXT."
)
@click.option(
    "--fill", "fills", metavar="GAP=TEXT", multiple=True, callback=filled_gaps, help="What stands in one of its gaps."
)
@options.public
@options.private
@options.dry_run
@click.option(
    "--override",
    metavar="REASON",
    default="",
    callback=options.text,
    help="Send against a rule, as a lead, and say why.",
)
@click.option(
    "--if-unchanged",
    metavar="VERSION",
    type=options.number,
    help="Only if nothing came since `show` said VERSION; else since you last looked.",
)
@options.further
@click.option(
    "--media",
    "media",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A picture or film to go with it (PNG, JPEG, GIF, WebP, MP4); may be given several times, each with --alt.",
)
@click.option(
    "--alt",
    "alts",
    metavar="TEXT",
    multiple=True,
    callback=options.texts,
    help="What the picture shows, for those who cannot see it; one for each --media, in their order.",
)
@click.option("--split", is_flag=True, help="Cut a text that is too long for one post into signed parts.")
@options.no_wait
@options.as_json
@pass_invocation
def reply(
    invocation: Invocation,
    conversation_id: int,
    text: str | None,
    snippet: str,
    fills: dict[str, str],
    public: bool,
    private: bool,
    dry_run: bool,
    override: str,
    if_unchanged: int | None,
    further: tuple[str, ...],
    media: tuple[Path, ...],
    alts: tuple[str, ...],
    split: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Answer a customer.

    The desk signs the text, so do not sign it yourself; - reads it from standard input.

    Say --public or --private: nothing goes out without the one or the other.
    """
    from carecli.cli.findings import line_of
    from carecli.cli.sending import conclude
    from carecli.desk import reply as replying
    from carecli.desk.composing import composing
    from carecli.desk.media import files_for
    from carecli.desk.preview import preview
    from carecli.desk.snippets import named, written

    visibility = options.visibility_of(public, private)
    if visibility is None:
        raise Misuse("A reply is either public or private.", "Add --public or --private.")
    if len(media) != len(alts):
        raise Misuse(
            f"Each --media needs its --alt: there are {len(media)} of the one and {len(alts)} of the other.",
            "Give each picture words that say what it shows: --media FILE --alt TEXT.",
        )
    if split and further:
        raise Misuse("--split and --then exclude each other.", "Cut the reply yourself, or let it be cut.")
    if (text is None) != bool(snippet):
        raise Misuse("A reply is either a text or a snippet.", "Give TEXT, or --snippet NAME; - reads standard input.")
    if fills and not snippet:
        raise Misuse("--fill fills in a snippet.", "Name one with --snippet.")
    given = "" if text is None else options.text_of(text)
    with invocation.desk() as desk:
        context = composing(desk, conversation_id, visibility)
        if snippet:
            given = written(context, named(context, snippet), fills).text
        # Before it is taken: then the customer has been answered, and other things are found.
        findings = context.check("\n".join((given, *further)), in_parts=split).findings
        entry = replying.reply(
            desk,
            conversation_id,
            given,
            visibility,
            seen_version=if_unchanged,
            hold=False,
            further=further,
            files=files_for(desk, conversation_id, tuple(zip(media, alts, strict=True))),
            split=split,
            override=override,
            dry_run=dry_run,
            tell=narrate,
        )
        shown = preview(composing(desk, conversation_id, visibility), given, further, split=split) if dry_run else ()
        if not as_json:
            for finding in findings:
                if finding.level == "warn" or (dry_run and finding.level == "hint"):
                    narrate(line_of("reply", finding))
        conclude(desk, entry, wait=not no_wait, as_json=as_json, preview=shown, findings=findings)


@click.command()
@options.conversation
@options.as_json
@pass_invocation
def private(invocation: Invocation, conversation_id: int, as_json: bool) -> None:
    """Find where a public conversation goes on in private.

    Prints the linked private conversation's id, or else a sentence with the link that invites to one.
    """
    from carecli.desk.reply import go_private

    with invocation.desk(needs_agent=False) as desk:
        move = go_private(desk, conversation_id)
    said = str(move.conversation_id) if move.conversation_id is not None else sanitize(move.text)
    answer("private", move, said, as_json=as_json)
