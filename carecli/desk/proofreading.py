"""Proofreading a reply: in which language, which words are right whatever a dictionary says, and what is off.

Slow, so it is asked for after a pause in typing, and when a reply is accepted only where the playbook wants it.
Not for: reading (`carecli.proof`), or what is said of a slip (`playbook.checks.proofread`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from carecli.config import Config
from carecli.model import Level, Playbook, Visibility
from carecli.playbook.checks import PROOFREAD, DraftFacts, Proof, level_of
from carecli.playbook.lexicon import language_of
from carecli.playbook.wording import languages
from carecli.proof.dictionaries import places
from carecli.proof.proofreader import Proofreader
from carecli.proof.standing import Off, off

if TYPE_CHECKING:
    from carecli.desk.composing import Composing
    from carecli.desk.context import Desk

# As long as the first text takes, which starts the process and loads a dictionary, with some patience.
TYPING_SECONDS = 15.0
ACCEPTING_SECONDS = 5.0
CHECKING_SECONDS = 20.0
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_GRAVE = ("warn", "block")


def proofreader_for(config: Config | None) -> Proofreader:
    """A proofreader with the dictionaries of this machine and of a configuration. It starts nothing yet."""
    own = config.path(config.dictionaries) if config is not None and config.dictionaries else None
    return Proofreader(places(os.environ, Path("~").expanduser(), own))


def is_wanted(facts: DraftFacts) -> bool:
    """Whether the playbook lets any of the proofreader's checks say something here."""
    return any(_level(facts, check) != "off" for check in PROOFREAD)


def _level(facts: DraftFacts, check: str) -> Level:
    return level_of(check, facts.playbook, facts.visibility, training=facts.agent.training)


def language_to_read(facts: DraftFacts, text: str) -> str:
    """The tag of the language in which a text is read: the conversation's, unless the text is clearly in another."""
    told = facts.wording(text).language
    tagged = language_of(facts.language) if facts.language else told
    # A language without phrases of ours is never recognised, only told by the network.
    return facts.language or told if tagged in ("", told) or tagged not in languages() else told


def words_allowed(facts: DraftFacts, *names: str) -> frozenset[str]:
    """The words, folded, that are right here: of the brand, of its agents, of the customer and of `names`."""
    people = (name for agent in facts.roster for name in (agent.name, agent.initials))
    own = (*facts.playbook.words, facts.playbook.team, facts.customer_name, facts.agent.name)
    return frozenset(_words((*people, *own, *names)))


def _words(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield name.casefold()
        for found in _WORD.finditer(name.casefold()):
            yield found[0]


def proof_of(
    proofreader: Proofreader, facts: DraftFacts, text: str, *names: str, seconds: float, yields: bool = True
) -> Proof | None:
    """The proof of a text within `seconds`; None where there is none, or nobody wants one. Blocks.

    names: of the brand and of people, besides those that the facts know. yields: to any text asked for later.
    """
    if not text.strip() or not is_wanted(facts):
        return None
    language, allowed = language_to_read(facts, text), words_allowed(facts, *names)
    return proofreader.read(text, language, allowed, seconds=seconds, yields=yields)


def proofread(desk: Desk, context: Composing, text: str, *, seconds: float, yields: bool = True) -> Proof | None:
    """As `proof_of`, of a reply that is being written."""
    names = (context.brand, context.handle, context.customer.display_name, context.customer.handle)
    return proof_of(desk.proofreader, context.facts, text, *names, seconds=seconds, yields=yields)


def with_proof(context: Composing, proof: Proof) -> Composing:
    """The same reply with what the proofreader said last."""
    if context.facts.proof is proof:
        return context
    return msgspec.structs.replace(context, facts=msgspec.structs.replace(context.facts, proof=proof))


def proof_to_accept(desk: Desk, conversation_id: int, visibility: Visibility, text: str) -> tuple[Proof, str]:
    """The proof by which a reply may be refused, and a sentence where it was not read. Blocks, five seconds at most.

    Raises `NotFound`. A playbook that makes nothing graver than a hint of it wants none.
    """
    from carecli.desk.composing import composing
    from carecli.desk.context import conversation_of

    with desk.database.read() as session:
        account = conversation_of(session, conversation_id).account
    if not _may_matter(desk.playbook(account)):
        return Proof(), ""
    context = composing(desk, conversation_id, visibility)
    if not any(_level(context.facts, check) in _GRAVE for check in PROOFREAD):
        return Proof(), ""
    proof = proofread(desk, context, text, seconds=ACCEPTING_SECONDS, yields=False)
    return (proof, "") if proof is not None else (Proof(), why_unread(desk.proofreader, context.facts, text))


def why_unread(proofreader: Proofreader, facts: DraftFacts, text: str) -> str:
    """Why there is no proof of a text, in a sentence with the remedy; "" where nobody wants one."""
    if not text.strip() or not is_wanted(facts):
        return ""
    missing = what_is_off(proofreader, (language_to_read(facts, text),))
    return f"{missing.sentence} {missing.remedy}" if missing else "It was not proofread: that took too long."


def _may_matter(playbook: Playbook) -> bool:
    tables = (playbook.levels, playbook.private_levels, playbook.training_levels)
    return any(table.get(check) in _GRAVE for table in tables for check in PROOFREAD)


def what_is_off(proofreader: Proofreader, tags: Iterable[str] = ()) -> Off | None:
    """What proofreading lacks on this machine, in the languages of some tags; in all that have phrases without any."""
    return off(tuple(tags) or languages(), proofreader.folders)
