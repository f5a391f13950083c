"""The commands that take one conversation: show it, claim it, put it aside, close it, leave a note.

Not for: answering it (`cli.replies`).
"""

from __future__ import annotations

from typing import get_args

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import answer, narrate, write, write_json
from carecli.desk.context import Desk
from carecli.desk.workflow import Outcome
from carecli.errors import NeedsPerson, NetworkFailure, NotFound, StoreError
from carecli.money import dollars

_offline = click.option("--offline", is_flag=True, help="Only what is stored; do not ask the network for the rest.")


@click.command()
@options.conversation
@_offline
@click.option("--reveal", is_flag=True, help="Personal data as it was written; the log says who asked for it.")
@options.as_json
@pass_invocation
def show(invocation: Invocation, conversation_id: int, offline: bool, reveal: bool, as_json: bool) -> None:
    """Show a conversation in full.

    The thread as a tree, the notes, who read it. Colleagues see that you have read it. With --json, or where
    nobody is named as agent, no mark is left. On networks that bring no whole threads the rest is asked for
    once for each new message.
    """
    from carecli.desk import conversation

    with invocation.desk(needs_agent=reveal) as desk:
        if not offline:
            _complete(desk, conversation_id)
        if reveal:
            conversation.reveal(desk, conversation_id)
        if as_json:
            write_json("conversation", conversation.view_conversation(desk, conversation_id, revealed=reveal))
            return
        from carecli.cli.pages import conversation_page

        write(conversation_page(desk, conversation.open_conversation(desk, conversation_id, revealed=reveal)))


@click.command("next")
@options.account
@click.option("--language", metavar="CODE", default="", callback=options.text, help="Only in a language, such as pl.")
@_offline
@options.as_json
@pass_invocation
def next_(invocation: Invocation, account: str, language: str, offline: bool, as_json: bool) -> None:
    """Take the most urgent conversation that nobody has.

    Claims it and shows it.
    """
    from carecli.desk.claims import take_next
    from carecli.desk.conversation import open_conversation
    from carecli.desk.views import QueueFilter

    with invocation.desk() as desk:
        row = take_next(desk, QueueFilter(account=account, language=language))
        if row is None:
            raise NotFound("Nobody waits whom no colleague has.", "Come back later, or see `carecli queue`.")
        if not offline:
            _complete(desk, row.conversation_id)
        view = open_conversation(desk, row.conversation_id)
        if as_json:
            write_json("conversation", view)
            return
        from carecli.cli.pages import conversation_page

        write(conversation_page(desk, view))


def _complete(desk: Desk, conversation_id: int) -> None:
    """Ask the network for the rest of a thread; where it does not answer, say so and go on with what is stored."""
    from carecli.desk.threads import complete_thread

    try:
        outcome = complete_thread(desk, conversation_id)
    except (NetworkFailure, NeedsPerson, StoreError) as error:
        narrate(f"The rest of the thread was not read: {error}")
        return
    if outcome == "elsewhere":
        narrate("The rest of the thread is being read by another carecli just now.")


@click.command()
@options.conversation
@click.option("--takeover", is_flag=True, help="Take it even though a colleague has it.")
@options.as_json
@pass_invocation
def claim(invocation: Invocation, conversation_id: int, takeover: bool, as_json: bool) -> None:
    """Claim a conversation for some minutes.

    Colleagues see that it is yours. Refused while one of them has it.
    """
    from carecli.desk import claims

    with invocation.desk() as desk:
        taken = claims.claim(desk, conversation_id, takeover=takeover)
        data = {"conversation_id": conversation_id, "agent": taken.agent, "until": taken.until}
        minutes = round(desk.clock.real_seconds((taken.until - desk.now()).total_seconds()) / 60)
        answer("claim", data, f"Conversation {conversation_id} is yours for {minutes} minutes.", as_json=as_json)


@click.command()
@options.conversation
@options.as_json
@pass_invocation
def release(invocation: Invocation, conversation_id: int, as_json: bool) -> None:
    """Give a claimed conversation back to the queue."""
    from carecli.desk import claims

    with invocation.desk() as desk:
        claims.release(desk, conversation_id)
    answer("release", {"conversation_id": conversation_id}, f"Released {conversation_id}.", as_json=as_json)


@click.command()
@options.conversation
@click.argument("until", metavar="UNTIL", nargs=-1, required=True)
@options.as_json
@pass_invocation
def snooze(invocation: Invocation, conversation_id: int, until: tuple[str, ...], as_json: bool) -> None:
    """Leave a conversation out of the queue for a while.

    Its clock runs on. UNTIL is off (show it again), 30m, 2h, 14:30, tomorrow 9:00, monday 9:00 or a time in
    ISO 8601, in the account's time zone.
    """
    from carecli.desk import workflow
    from carecli.desk.conversation import view_conversation
    from carecli.when import moment, shown

    with invocation.desk() as desk:
        if until == ("off",):
            workflow.wake(desk, conversation_id)
            answer(
                "snooze",
                {"conversation_id": conversation_id, "until": None},
                f"Back: {conversation_id}.",
                as_json=as_json,
            )
            return
        zone = desk.config.zone(view_conversation(desk, conversation_id).account)
        at = moment(" ".join(until), desk.now(), zone)
        workflow.snooze(desk, conversation_id, at)
        sentence = f"Snoozed {conversation_id} until {shown(at, desk.now(), zone)} ({zone})."
    answer("snooze", {"conversation_id": conversation_id, "until": at}, sentence, as_json=as_json)


@click.command()
@options.conversation
@click.option("--outcome", type=click.Choice(get_args(Outcome)), required=True, help="How it ended, by evidence.")
@click.option("--reason", metavar="TEXT", default="", callback=options.text, help="Why; no_reply_needed asks for it.")
@options.as_json
@pass_invocation
def resolve(invocation: Invocation, conversation_id: int, outcome: Outcome, reason: str, as_json: bool) -> None:
    """Close a conversation.

    confirmed: the customer said so; claimed: you say so; silent: they went silent; lost: they left us;
    no_reply_needed: nothing was asked (say why with --reason).
    """
    from carecli.desk import workflow

    with invocation.desk() as desk:
        spent = workflow.resolve(desk, conversation_id, outcome, reason)
    data = {"conversation_id": conversation_id, "outcome": outcome, "reason": reason, "spent_micros": spent}
    price = f" It has cost about {dollars(spent)}." if spent else ""
    answer("resolve", data, f"Resolved {conversation_id}: {outcome}.{price}", as_json=as_json)


@click.command()
@options.conversation
@options.as_json
@pass_invocation
def reopen(invocation: Invocation, conversation_id: int, as_json: bool) -> None:
    """Take a resolution back.

    A wait that no reply had closed runs on as if it had never been closed.
    """
    from carecli.desk import workflow

    with invocation.desk() as desk:
        workflow.reopen(desk, conversation_id)
    answer("reopen", {"conversation_id": conversation_id}, f"Reopened {conversation_id}.", as_json=as_json)


@click.command()
@options.conversation
@click.argument("text", metavar="TEXT|-", callback=options.text)
@options.as_json
@pass_invocation
def note(invocation: Invocation, conversation_id: int, text: str, as_json: bool) -> None:
    """Leave a note for colleagues.

    - reads it from standard input. Customers never see it.
    """
    from carecli.desk import workflow

    with invocation.desk() as desk:
        added = workflow.add_note(desk, conversation_id, options.text_of(text))
    data = {"conversation_id": conversation_id, "agent": added.agent, "text": added.text, "at": added.at}
    answer("note", data, f"Noted on {conversation_id}.", as_json=as_json)
