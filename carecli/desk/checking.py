"""Checking texts that belong to no conversation: a template, a file of them, what an editor is writing.

The checks are those of the composer, by an account's playbook or by the defaults. Needs no database and no keys.
Not for: replies (`composing` knows their circumstances), or the playbooks themselves (`playbooks`).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from carecli.channels.base import Terms
from carecli.channels.factory import terms_of
from carecli.channels.lengths import measure
from carecli.config import Config
from carecli.desk.context import agent_of
from carecli.desk.proofreading import CHECKING_SECONDS, proof_of, why_unread
from carecli.errors import NotFound
from carecli.model import Agent, Finding, Length, Playbook, Record, Visibility
from carecli.playbook.checks import DraftFacts, check_reply
from carecli.playbook.signature import sign
from carecli.playbook.snippets import offered
from carecli.playbook.urgency import kind_of
from carecli.playbook.wording import declined_in
from carecli.proof.proofreader import Proofreader

# Signs where nobody is known: a text must have room for somebody's signature.
NOBODY = Agent("nobody", "Nomen Nescio", "NN")


class Circumstances(Record, frozen=True):
    """What is known of a text's future. customer: their display name; asked: what they wrote; "" where nobody is meant.

    template: its {gaps} are filled in later, and it may be like one of the desk's own. signed: as a reply is.
    """

    visibility: Visibility = "public"
    customer: str = ""
    asked: str = ""
    language: str = ""
    template: bool = False
    signed: bool = True


class Checked(Record, frozen=True):
    """What the checks say of a text, the gravest first. length: with a signature; language: as it was read.

    unread: why it was not proofread, as a sentence."""

    language: str
    length: Length
    findings: tuple[Finding, ...]
    unread: str = ""


Check = Callable[[str], Checked]


def by_default(about: Circumstances, proofreader: Proofreader) -> Check:
    """Checks texts by the defaults, for a post of 280 weighted characters or a message of 10,000."""
    return _check(about, Playbook(), NOBODY, (NOBODY,), Terms(measure), proofreader)


def for_playbook(config: Config, name: str, about: Circumstances, proofreader: Proofreader) -> Check:
    """Checks texts by a playbook, and by the measure of the first account that has it."""
    account = next((section.id for section in config.accounts.values() if section.playbook == name), "")
    terms = terms_of(config, account) if account else Terms(measure)
    return _check(about, config.playbook_named(name), NOBODY, (NOBODY,), terms, proofreader)


def for_account(config: Config, account: str, about: Circumstances, proofreader: Proofreader, agent: str = "") -> Check:
    """Checks texts by an account's playbook and its network's measure.

    agent: who signs, by the id; else the configuration's own. Raises `NotFound` for the account, `Misuse` for the
    agent, where there is none of that id.
    """
    if account not in config.accounts:
        raise NotFound(
            f"There is no account {account!r}.", f"The accounts are: {', '.join(config.accounts) or 'none'}."
        )
    named = agent or config.agent
    who = agent_of(config, named) if named else next(iter(config.agents.values()), NOBODY)
    playbook, section = config.playbook(account), config.accounts[account]
    ready = [one.text for one in offered(config.snippets, about.language, account)]
    templates = () if about.template else (*ready, *playbook.greetings, *playbook.signoffs)
    return _check(
        about,
        playbook,
        who,
        tuple(config.agents.values()),
        terms_of(config, account),
        proofreader,
        templates,
        (section.brand, section.handle),
    )


def _check(
    about: Circumstances,
    playbook: Playbook,
    agent: Agent,
    roster: tuple[Agent, ...],
    terms: Terms,
    proofreader: Proofreader,
    templates: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
) -> Check:
    facts = DraftFacts(
        visibility=about.visibility,
        agent=agent,
        roster=roster,
        playbook=playbook,
        customer_name=about.customer,
        first_reply=bool(about.customer),
        language=about.language,
        asked=about.asked,
        complaint=kind_of(about.asked, about.language) in ("complaint", "safety"),
        declined=declined_in([about.asked], about.language, playbook.vocabulary),
        templates=templates,
        link_price=terms.link_price,
    )

    def check(text: str) -> Checked:
        signed = sign(text, playbook.signature, agent, roster) if about.signed else text
        length = terms.measure(text if isinstance(signed, Finding) else signed, about.visibility, True)
        proof = proof_of(proofreader, facts, text, *names, seconds=CHECKING_SECONDS, yields=False)
        findings = check_reply(facts if proof is None else replace(facts, proof=proof), text, length)
        if about.template:
            findings = tuple(found for found in findings if found.check != "unfilled")
        unread = why_unread(proofreader, facts, text) if proof is None else ""
        return Checked(facts.wording(text).language, length, findings, unread)

    return check
