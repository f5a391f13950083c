"""The playbooks themselves: what their own texts look like to the checks, and what each check may do by each of them.

Not for: mistakes in their keys and placeholders (`doctor.playbook_problems`), or any other text (`checking`).
"""

from __future__ import annotations

from collections.abc import Iterator

from carecli.config import Config
from carecli.config.shape import joined
from carecli.desk.checking import Circumstances, for_account, for_playbook
from carecli.model import Finding, Level, Record
from carecli.playbook.checks import level_of
from carecli.proof.proofreader import Proofreader


class KeyFinding(Record, frozen=True):
    """What a check says of a text in the configuration; key: the text's path there."""

    key: str
    finding: Finding


class Levels(Record, frozen=True):
    """What a check may do by a playbook: in public, in private, and in public for an agent in training."""

    playbook: str
    public: Level
    private: Level
    training: Level


def own_findings(config: Config, proofreader: Proofreader) -> Iterator[KeyFinding]:
    """What the checks say of the playbooks' greetings and sign-offs, and of the snippets on each of their accounts."""
    for name, section in config.playbook_sections.items():
        check = for_playbook(config, name, Circumstances(template=True, signed=False), proofreader)
        for kind, texts in (("greetings", section.greetings), ("signoffs", section.signoffs)):
            for number, text in enumerate(texts):
                key = f"{joined('playbooks', name)}.{kind}[{number}]"
                yield from (KeyFinding(key, finding) for finding in check(text).findings)
    for number, snippet in enumerate(config.snippets):
        about = Circumstances(language=next(iter(snippet.languages), ""), template=True)
        found = [
            finding
            for account in snippet.accounts or config.accounts
            for finding in for_account(config, account, about, proofreader)(snippet.text).findings
        ]
        # Two accounts with the same rules say the same.
        for finding in dict.fromkeys(found):
            yield KeyFinding(f"snippets[{number}].text", finding)


def levels_in(config: Config, check: str) -> tuple[Levels, ...]:
    """What a check may do by each playbook of a configuration."""
    playbooks = ((name, config.playbook_named(name)) for name in config.playbook_sections)
    return tuple(
        Levels(
            name,
            level_of(check, playbook, "public", training=False),
            level_of(check, playbook, "private", training=False),
            level_of(check, playbook, "public", training=True),
        )
        for name, playbook in playbooks
    )
