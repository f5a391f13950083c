"""A draft that makes the mistakes of which customers complain, mended by keys alone, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.desk.outbox import entry_of, outbox
from carecli.playbook.lexicon import phrase_file
from carecli.playbook.wording import languages
from carecli.tui.widgets.reply_area import ReplyArea
from tests.playbook.checks.test_cases import read
from tests.shop import open_shop
from tests.tui.driving import Agent, work

NAMES = {"ru": "Вера Смирнова", "he": "תמר כהן"}
MISTAKES = ("empty-phrase", "asks-personal-data", "deflection-call", "hedge", "confusables")
ALL = {*MISTAKES, "over-length", "name-missing", "punctuation"}
# Of the shift, and of its customer's questions, not of the draft.
OF_THE_SHIFT = {"greeting-missing", "unanswered-question"}


def draft_in(language: str) -> str:
    """One sentence for each mistake, one shouted, one with two spaces; and so much more that it is too long."""
    good, tables = read(language)
    wrong = [tables[check].found[0] for check in MISTAKES]
    return "  ".join([*wrong[:2], *wrong[2:], *good[:4]])


def complaint_in(language: str) -> str:
    phrases = [phrase for phrase in phrase_file(language).complaint if "*" not in phrase and " " in phrase]
    return f"{phrases[0]}. {phrases[1]}."


ALWAYS = {"en", "he"}
LANGUAGES = [one if one in ALWAYS else pytest.param(one, marks=pytest.mark.long) for one in languages()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_alone_turn_it_into_a_reply_that_passes(language: str, tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        shop.customer_writes(complaint_in(language), "ada", name=NAMES.get(language, "Ada Byron"), language=language)
        shop.work()
        left: list[str] = []

        async def mend_it(agent: Agent) -> None:
            await agent.until_open("ada")
            await agent.press("r")
            await agent.until(lambda: agent.focused(ReplyArea), "The composer")
            await agent.write(draft_in(language))
            pane = agent.desk.conversation
            assert pane.composing is not None
            assert {one.check for one in pane.composing.check(agent.reply).findings} >= ALL
            for _ in range(40):
                before = agent.reply
                await agent.press("ctrl+n")
                await agent.settle()
                if agent.reply == before and pane.composer.query_one(ReplyArea).selected_text:
                    # What no key can know, its author writes over.
                    await agent.write("14:00")
                findings = pane.composing.check(agent.reply, in_parts=pane.in_parts).findings
                left[:] = [one.check for one in findings if one.check not in OF_THE_SHIFT]
                if not left:
                    break
            assert left == [], agent.reply
            await agent.press("ctrl+s")
            await agent.until_shown("1 on the way")

        work(shop.desk, mend_it)
        [row] = outbox(shop.desk)
        assert all(part.text.endswith("^CL") for part in entry_of(shop.desk, row.entry_id).parts)
