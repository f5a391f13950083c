"""`carecli playbook`: begin one, check those that there are, and have a check explained.

Not for: what the checks find in a text (`check`), or the rest of the configuration (`config`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import narrate, write, write_json
from carecli.errors import ConfigError, Misuse, NotFound

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.playbooks import Levels
    from carecli.proof.standing import Off

# The example's own, in `config.example.toml`, and what stands before and behind it there.
_EXAMPLE = "northwind"
_BEGINS, _ENDS = "# ── the brand's rules", "# ── ready sentences"
_LEVELS = f"[playbooks.{_EXAMPLE}.checks]\n"


@click.group(no_args_is_help=False)
def playbook() -> None:
    """Begin, check and understand the brand's rules."""


@playbook.command()
@click.argument("name", required=False, default="desk", callback=options.text)
def init(name: str) -> None:
    """Print a playbook to begin with, every key explained in it.

    Append it to the configuration, and name it in an account: playbook = "NAME".
    """
    from carecli.cli.configuration import example_text
    from carecli.config.shape import joined
    from carecli.playbook.checks import ALWAYS, CHECKS
    from carecli.playbook.explaining import explanations

    if not name.isprintable() or not name:
        raise Misuse(f"{name!r} is no name for a playbook.", "Use letters, digits and spaces.")
    example = example_text()
    text = example[example.index(_BEGINS) : example.index(_ENDS)]
    own = text[text.index(_LEVELS) :].split("\n[")[0]
    others = [check for check in CHECKS if check not in ALWAYS and f"\n{check} = " not in own]
    width = max(map(len, others)) + len(' = "block"')
    levels = [f'{check} = "{CHECKS[check][0]}"'.ljust(width) for check in others]
    told = [f"# {level} # {explanations()[check].looks_for}\n" for check, level in zip(others, levels, strict=True)]
    text = text.replace(_LEVELS, f"{_LEVELS}{''.join(told)}")
    write(text.replace(f"playbooks.{_EXAMPLE}", joined("playbooks", name)).rstrip("\n"))
    narrate(f'Append it to the configuration, and name it in an account: playbook = "{name}".')


@playbook.command()
@options.as_json
@pass_invocation
def check(invocation: Invocation, as_json: bool) -> None:
    """Say everything that is wrong with the playbooks and snippets.

    Their keys, placeholders and phrases first; once these are in order, what the checks find in their texts. Ends
    with 2 for the one, and as `carecli check` for the other.
    """
    from datetime import UTC, datetime

    from carecli import config
    from carecli.cli.findings import data_of, failure_of, line_of
    from carecli.desk.doctor import playbook_problems, unknown_checks
    from carecli.desk.playbooks import KeyFinding, own_findings
    from carecli.desk.proofreading import proofreader_for
    from carecli.playbook.checks import worst
    from carecli.safetext import sanitize

    path = invocation.path()
    found: Sequence[KeyFinding] = ()
    problems = config.problems(path, datetime.now(UTC).date())
    if problems:
        problems += tuple(unknown_checks(config.named_checks(path)))
    else:
        loaded = config.load(path)
        problems = tuple(playbook_problems(loaded))
        with closing(proofreader_for(loaded)) as proofreader:
            found = () if problems else tuple(own_findings(loaded, proofreader))
    findings = [one.finding for one in found]
    if as_json:
        data = {
            "path": str(path).encode(errors="replace").decode(),
            "problems": [{"key": one.key, "sentence": one.sentence, "remedy": one.remedy} for one in problems],
            "worst": worst(findings),
            "findings": [{"key": one.key} | data_of(one.finding) for one in found],
        }
        write_json("playbook_check", data)
    else:
        lines = [sanitize(str(one)) for one in problems] + [line_of(one.key, one.finding) for one in found]
        write("\n".join(lines) or sanitize(f"The playbooks in {path} are in order."))
    if problems:
        raise ConfigError(f"Problems in {path}: {len(problems)}.", "docs/configuration.md explains every key.")
    failure = failure_of(findings)
    if failure is not None:
        raise failure


@playbook.command()
@click.argument("check", required=False, default="", callback=options.text)
@options.as_json
@pass_invocation
def explain(invocation: Invocation, check: str, as_json: bool) -> None:
    """Say what a check looks for, and why.

    And what it may do by default and in each playbook, with examples in English. Without CHECK it lists them all.
    """
    from carecli.playbook.checks import ALWAYS, CHECKS, PROOFREAD
    from carecli.playbook.explaining import advice, explanations
    from carecli.playbook.remedies import can_mend

    if check and check not in CHECKS:
        raise NotFound(f"There is no check {check!r}.", advice(check))
    config = invocation.config() if invocation.path().exists() else None
    chosen = [check] if check else list(CHECKS)
    levels = {one: _levels(config, one) for one in chosen}
    if as_json:
        rows = [
            {
                "check": one,
                "looks_for": explanations()[one].looks_for,
                "why": explanations()[one].why,
                "level": CHECKS[one][0],
                "fixed": one in ALWAYS,
                "mendable": can_mend(one),
                "found": explanations()[one].found,
                "clean": explanations()[one].clean,
                "levels": levels[one],
            }
            for one in chosen
        ]
        write_json("playbook_explain", rows)
    elif check:
        write(_page(check, levels[check], _off(config, check) if check in PROOFREAD else None))
    else:
        from carecli.cli.tables import table
        from carecli.safetext import literal

        lines = [(literal(one), literal(CHECKS[one][0]), literal(explanations()[one].looks_for)) for one in chosen]
        write(table(("CHECK", "LEVEL", "LOOKS FOR"), lines))


def _levels(config: Config | None, check: str) -> tuple[Levels, ...]:
    from carecli.desk.playbooks import levels_in

    return levels_in(config, check) if config else ()


def _off(config: Config | None, check: str) -> Off | None:
    """What a check of the proofreader's cannot look at on this machine."""
    from carecli.desk.proofreading import proofreader_for, what_is_off

    return what_is_off(proofreader_for(config), ("en",) if check == "grammar" else ())


def _page(check: str, levels: Sequence[Levels], off: Off | None) -> str:
    from carecli.cli.tables import table
    from carecli.playbook.checks import ALWAYS, CHECKS
    from carecli.playbook.explaining import explanations
    from carecli.playbook.remedies import can_mend
    from carecli.safetext import literal, sanitize_line

    about = explanations()[check]
    lines = [f"{check} looks for {about.looks_for}.", about.why, ""]
    for said, examples in (("Found", about.found), ("Clean", about.clean)):
        lines += [f"{said}: {_visible(example)}" for example in examples if example]
    if can_mend(check):
        lines.append("In the composer one key mends it.")
    if off is not None:
        lines.append(f"{off.sentence} {off.remedy}")
    level = CHECKS[check][0]
    lines.append(f"It always says {level}." if check in ALWAYS else f"By default it says {level}.")
    if levels and check not in ALWAYS:
        rows = [
            (sanitize_line(one.playbook), literal(one.public), literal(one.private), literal(one.training))
            for one in levels
        ]
        lines += ["", table(("PLAYBOOK", "PUBLIC", "PRIVATE", "IN TRAINING"), rows)]
    return "\n".join(lines)


def _visible(example: str) -> str:
    """An example on one line, with what nobody would see in it spelt out."""
    line = " ".join(example.split())
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
