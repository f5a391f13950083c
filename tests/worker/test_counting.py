"""What a message changes in its conversation, where `test_intake` does not show it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from carecli.model import Author, Calendar, Item, Target
from carecli.playbook.urgency import NOTHING_SAID
from carecli.playbook.waits import policy_for
from carecli.worker.counting import Counting, Policies
from carecli.worker.in_hand import ConversationInHand

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = policy_for(Calendar(), Target())


def language_after(*tags: str) -> str:
    """What a conversation's language is after messages whose network told these."""
    found = ConversationInHand(1, 1, 1, 1, "public", 0, 0)
    counting = Counting(Policies(POLICY, POLICY), 1)
    for number, tag in enumerate(tags, start=1):
        item = Item(f"m{number}", Author("a"), "Hello", NINE, language=tag)
        counting.count(found, item, number, 0, NOTHING_SAID, addressed=True)
    return found.language


@pytest.mark.parametrize("tag", ["en", "pl", "zh-CN", "zh-Hant-TW", "pt_BR", "und", "EN"])
def test_a_conversation_speaks_the_language_of_its_last_message(tag: str) -> None:
    assert language_after("cs", tag) == tag


@pytest.mark.parametrize("tag", ["", "\x1b]0;owned\x07", "[@click=app.quit]", "en\u202e", "e", "x" * 100, "en\n"])
def test_what_is_no_tag_is_no_language(tag: str) -> None:
    assert language_after("cs", tag) == "cs"
