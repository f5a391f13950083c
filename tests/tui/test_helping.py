"""What helps with a reply before it is sent, by keys: remedies, gaps, parts, questions, the preview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.outbox import entry_of, outbox
from carecli.tui.asking import Done
from carecli.tui.widgets.reply_area import ReplyArea
from tests.shop import CONFIG, Shop, open_shop
from tests.tui.driving import Agent, Wide, work

STRICT = CONFIG.replace('"unanswered-question" = "hint"', '"unanswered-question" = "warn"')


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, STRICT) as one:
        one.customer_writes("My line is dead. Is there an outage? When is it back?", "ada", name="Ada Byron")
        one.work()
        yield one


async def mend(agent: Agent) -> None:
    before = agent.reply
    await agent.press("ctrl+n")
    await agent.until(lambda: agent.reply != before, "The remedy")


def test_one_key_after_the_other_turns_a_draft_full_of_mistakes_into_one_that_passes(shop: Shop) -> None:
    async def mend_it_all(agent: Agent) -> None:
        await agent.begin("Your welcome. Please call us on 0800 123 4567. SORRY FOR ALL THIS TROUBLE  .", to="ada")
        for _ in range(20):
            before = agent.reply
            await agent.press("ctrl+n")
            await agent.settle()
            if agent.reply == before:
                break
        assert "{team}" in agent.reply and "call us" not in agent.reply
        # The gap is marked: what is typed takes its place, and the key goes on to the next one.
        await agent.write("our engineers")
        await agent.press("ctrl+n")
        await agent.write("Friday noon")
        assert "passed this to our engineers" in agent.reply and "here by Friday noon." in agent.reply
        assert agent.reply.startswith("Hi Ada, You're welcome.") and agent.reply.endswith("Sorry for all this trouble.")
        await agent.press("ctrl+n")
        await agent.until_shown("nothing here that a key can mend")

    work(shop.desk, mend_it_all)


def test_a_remedy_can_be_undone(shop: Shop) -> None:
    async def mend_and_undo(agent: Agent) -> None:
        await agent.begin("Sorry, Ada! Your welcome.", to="ada")
        await mend(agent)
        assert agent.reply == "Sorry, Ada! You're welcome."
        await agent.press("ctrl+z")
        await agent.until(lambda: agent.reply == "Sorry, Ada! Your welcome.")

    work(shop.desk, mend_and_undo)


def test_a_text_that_is_too_long_goes_out_in_parts_that_are_each_signed(shop: Shop) -> None:
    long = " ".join(f"Ada, step {number} is to look at the light on the box in the hall." for number in range(1, 8))

    async def send(agent: Agent) -> None:
        await agent.begin(long, to="ada")
        await agent.until_shown("over")
        await agent.press("ctrl+n")
        await agent.until_shown("in 2 parts")
        await agent.press("ctrl+l")
        await agent.until_shown("As the network will show it, in 2 parts")
        await agent.until_shown("1/2 ·")
        await agent.press("2")
        await agent.until_shown("questions are still open")
        await agent.press("2")
        await agent.until_shown("1 on the way")

    work(shop.desk, send)
    [row] = outbox(shop.desk)
    parts = entry_of(shop.desk, row.entry_id).parts
    assert len(parts) == 2
    assert all(part.text.endswith(" ^CL") for part in parts)
    assert " ".join(part.text.removesuffix(" ^CL") for part in parts) == long


def test_sending_with_a_question_open_asks_first(shop: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Hi Ada, yes, a cable is broken.", to="ada")
        await agent.press("ctrl+s")
        await agent.until_shown("2 questions are still open")
        await agent.press("1")
        await agent.until(lambda: agent.focused(ReplyArea))
        assert outbox(shop.desk) == ()
        for _ in range(2):
            await agent.press("ctrl+t")
            await agent.until_shown("Which question is answered?")
            await agent.press("1" if _ == 0 else "2")
            await agent.until(lambda: agent.focused(ReplyArea))
        await agent.until(lambda: agent.screen().count("✓") >= 2, "Two ticks")
        await agent.press("ctrl+s")
        await agent.until_shown("1 on the way")

    work(shop.desk, send)


def test_sending_from_the_preview_asks_for_open_questions_too(shop: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Hi Ada, yes, a cable is broken.", to="ada")
        await agent.press("ctrl+l")
        await agent.until_shown("As the network will show it")
        await agent.press("2")
        await agent.until_shown("2 questions are still open")
        assert outbox(shop.desk) == ()

    work(shop.desk, send)


def test_a_snippet_does_not_grow_together_with_what_was_written(tmp_path: Path) -> None:
    snippet = '\n[[snippets]]\nname = "thanks"\ntext = "Thank you for telling us by {way}."\n'
    with open_shop(tmp_path, STRICT + snippet) as shop:
        shop.customer_writes("My line is dead.", "ada", name="Ada Byron")
        shop.work()

        async def take(agent: Agent) -> None:
            await agent.begin("Sorry, Ada!", to="ada")
            await agent.press("ctrl+b")
            await agent.until_shown("Snippets")
            await agent.press("t", "h", "a", "n", "k", "enter")
            await agent.until(lambda: agent.reply == "Sorry, Ada! Thank you for telling us by {way}.")
            await agent.write("phone")
            assert agent.reply == "Sorry, Ada! Thank you for telling us by phone."

        work(shop.desk, take)


def test_a_snippet_is_found_by_a_few_letters_and_finished_by_its_agent(tmp_path: Path) -> None:
    snippets = """
[[snippets]]
name = "engineer"
text = "Hi {name}, sorry! Our engineer is with you {day}."
[[snippets]]
name = "thanks"
text = "Thank you for telling us."
"""
    with open_shop(tmp_path, STRICT + snippets) as shop:
        shop.customer_writes("My line is dead.", "ada", name="Ada Byron")
        shop.work()

        async def take(agent: Agent) -> None:
            await agent.begin("x", to="ada")
            await agent.press("backspace", "ctrl+b")
            await agent.until_shown("Snippets")
            await agent.press("e", "n", "g", "enter")
            await agent.until(lambda: agent.reply == "Hi Ada, sorry! Our engineer is with you {day}.")
            await agent.press("ctrl+s")
            await agent.until_shown("still to be filled in")
            assert outbox(shop.desk) == ()
            await agent.press("escape")
            await agent.until(lambda: agent.focused(ReplyArea))
            await agent.press("ctrl+n")
            await agent.write("tomorrow")
            assert agent.reply == "Hi Ada, sorry! Our engineer is with you tomorrow."

        work(shop.desk, take)


def test_a_promise_is_told_while_it_is_typed(shop: Shop) -> None:
    async def promise(agent: Agent) -> None:
        await agent.begin("Hi Ada, it is back within 2 hours.", to="ada")
        await agent.until_shown("promises by")

    work(shop.desk, promise)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_what_the_desk_says_meanwhile_hides_nothing_of_the_reply_and_its_checks(shop: Shop, size: Wide) -> None:
    async def write(agent: Agent) -> None:
        await agent.press("n")
        await agent.begin("Please call us on 0800 123 4567. SORRY FOR ALL THIS TROUBLE  .", to="ada")
        agent.app.post_message(Done("A sentence so long that it takes two lines of whatever terminal one may have."))
        await agent.until_shown("A sentence so long")
        rows = agent.screen().splitlines()
        [rule] = [number for number, row in enumerate(rows) if "REPLY · PUBLIC" in row]
        assert "one may have" in "\n".join(rows[:3])
        assert sum(row.lstrip(" ▕")[:1] in ("!", "·", "✗") for row in rows[rule:]) >= 3

    work(shop.desk, write, size=size)


def test_a_reply_that_cannot_go_is_refused_before_its_open_questions_are_asked_about(shop: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.press("n")
        await agent.begin("Your line is looked at. " * 20, to="ada")
        await agent.press("ctrl+s")
        await agent.settle()
        await agent.until(lambda: agent.screen().count("Shorten it, or send it in parts.") == 2, "The refusal")
        assert agent.app.screen is agent.desk

    work(shop.desk, send)


def test_what_is_written_behind_the_invitation_does_not_grow_into_its_link(shop: Shop) -> None:
    async def invite(agent: Agent) -> None:
        await agent.press("n", "p")
        await agent.until(lambda: "https://" in agent.reply, "The invitation")
        link = agent.reply.split()[-1]
        await agent.write("Thanks!")
        assert agent.reply.endswith(f"{link} Thanks!")

    work(shop.desk, invite)


def test_no_more_than_two_sentences_stand_over_the_screen_at_once(shop: Shop) -> None:
    async def listen(agent: Agent) -> None:
        for number in range(5):
            agent.app.post_message(Done(f"Sentence {number}."))
            await agent.until_shown(f"Sentence {number}.")
        newest = [3, 4]
        await agent.until(lambda: [one for one in range(5) if agent.shows(f"Sentence {one}.")] == newest, "Only two")
        assert ["Sentence" in row for row in agent.screen().splitlines()[:4]] == [False, True, True, False]

    work(shop.desk, listen)


def test_the_same_sentence_is_told_once(shop: Shop) -> None:
    async def mend_nothing(agent: Agent) -> None:
        await agent.press("n", "r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.press("ctrl+n", "ctrl+n")
        await agent.until_shown("nothing here that a key can mend")
        await agent.settle()
        assert agent.screen().count("that a key can mend") == 1

    work(shop.desk, mend_nothing)
