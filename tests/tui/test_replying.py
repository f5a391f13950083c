"""Writing a reply on the screen: nothing typed is lost, nothing leaves that should not."""

from __future__ import annotations

from pathlib import Path

from carecli.desk.claims import claim
from carecli.desk.drafts import save_draft
from carecli.desk.outbox import entry_of, outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.playbook import wording
from carecli.tui.widgets.reply_area import ReplyArea
from carecli.tui.widgets.thread_view import ThreadView
from tests.shop import CONFIG, Shop, load_draft, open_shop
from tests.tui.driving import Agent, work


def first(shop: Shop) -> int:
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


def test_a_draft_is_stored_while_one_types_and_is_there_again_the_next_time(busy: Shop) -> None:
    number = first(busy)

    async def write(agent: Agent) -> None:
        await agent.begin("Hi Andy, I am just")
        await agent.until(lambda: load_draft(busy.desk, number), "The stored draft")

    async def return_to_it(agent: Agent) -> None:
        await agent.until(lambda: agent.reply == "Hi Andy, I am just")
        await agent.begin(" looking")
        assert agent.reply == "Hi Andy, I am just looking"

    work(busy.desk, write)
    work(busy.desk, return_to_it)


def test_the_cursor_in_the_reply_has_its_languages_phrases_read_before_a_key_is_pressed(busy: Shop) -> None:
    async def begin_only(agent: Agent) -> None:
        await agent.settle()
        for read_once in (wording._patterns, wording.read_wording, wording.said_in):
            read_once.cache_clear()
        await agent.press("r")
        await agent.until(lambda: wording._patterns.cache_info().misses, "The phrases")

    work(busy.desk, begin_only)


def test_what_was_typed_last_is_stored_when_the_desk_is_left(busy: Shop) -> None:
    async def write_and_leave(agent: Agent) -> None:
        await agent.begin("Hi")

    work(busy.desk, write_and_leave)
    draft = load_draft(busy.desk, first(busy))
    assert draft is not None and draft.text == "Hi"


def test_each_conversation_has_its_own_draft(busy: Shop) -> None:
    async def write_two(agent: Agent) -> None:
        await agent.begin("To the first")
        await agent.press("escape", "escape", "j")
        await agent.until(lambda: agent.reply == "")
        await agent.begin("To the second")
        await agent.press("escape", "escape", "k")
        await agent.until(lambda: agent.reply == "To the first")

    work(busy.desk, write_two)


def test_letters_are_letters_while_one_writes_whatever_they_mean_elsewhere(busy: Shop) -> None:
    async def write(agent: Agent) -> None:
        await agent.begin("n")
        await agent.press("r", "q", "?", "ę", "т", ".")
        assert agent.reply == "nrq?ęт."

    work(busy.desk, write)


def test_writing_claims_the_conversation_and_a_colleagues_claim_is_told(busy: Shop) -> None:
    number = first(busy)
    claim(busy.desk_of("rob"), number)

    async def write(agent: Agent) -> None:
        await agent.press("r")
        await agent.until_shown("Leave it to them")
        await agent.press("escape")
        await agent.write("My text")
        assert agent.reply == "My text"

    work(busy.desk, write)
    assert first_rows(busy.desk, QueueFilter(), 1)[0].claimed_by == "rob"


def test_a_reply_that_a_rule_forbids_stays_in_the_composer_with_the_reason(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Hi, all is well now. ^RI")
        await agent.until_shown("✗")
        await agent.press("ctrl+s")
        await agent.settle()
        assert agent.reply == "Hi, all is well now. ^RI"
        assert agent.focused(ReplyArea)

    work(busy.desk, send)
    assert outbox(busy.desk) == ()


def test_an_empty_reply_is_not_sent_and_not_complained_of(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.press("ctrl+s")
        await agent.settle()
        assert "empty" not in agent.screen()

    work(busy.desk, send)
    assert outbox(busy.desk) == ()


def test_when_the_customer_wrote_meanwhile_one_looks_first(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Yes, it is better.")
        busy.customer_writes(
            "Forget it, I found it out myself", agent.customer, name="Andy Loynes", reply_to=asked(busy)
        )
        busy.work()
        await agent.until_shown("Forget it")
        await agent.until_shown("has written again. Your text is kept.")
        await agent.press("ctrl+s")
        await agent.until_shown("has moved on")
        await agent.press("enter")
        await agent.until(lambda: agent.focused(ThreadView))
        assert agent.reply == "Yes, it is better."
        assert outbox(busy.desk) == ()
        # Having looked, one may send.
        await agent.press("r", "ctrl+s")
        await agent.until_shown("Held for 10 s")

    work(busy.desk, send)


def test_when_the_customer_wrote_meanwhile_one_may_send_anyway(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Yes, it is better.")
        busy.customer_writes("Hello?", agent.customer, name="Andy Loynes", reply_to=asked(busy))
        busy.work()
        await agent.until_shown("Hello?")
        await agent.press("ctrl+s")
        await agent.until_shown("Send anyway")
        await agent.press("2")
        await agent.until_shown("Held for 10 s")

    work(busy.desk, send)
    assert [row.state for row in outbox(busy.desk)] == ["held"]


def asked(shop: Shop) -> str:
    """The network's id of the post that the first conversation is about."""
    handle = first_rows(shop.desk, QueueFilter(), 1)[0].handle
    return next(post.id for post in shop.network.posts_after(0, 100) if post.author.handle == handle)


def test_a_reply_that_was_sent_is_no_draft_any_more(busy: Shop) -> None:
    number = first(busy)

    async def send(agent: Agent) -> None:
        await agent.begin("Yes, it is.")
        await agent.until(lambda: load_draft(busy.desk, number), "The stored draft")
        await agent.press("ctrl+s")
        await agent.until_shown("Held for 10 s")
        await agent.settle()

    work(busy.desk, send)
    assert load_draft(busy.desk, number) is None


def test_taking_back_keeps_what_was_begun_meanwhile(busy: Shop) -> None:
    async def send_and_go_on(agent: Agent) -> None:
        await agent.begin("Yes, it is.")
        await agent.press("ctrl+s")
        await agent.until_shown("Held for 10 s")
        await agent.begin("And cheaper.")
        await agent.press("escape", "u")
        await agent.until(lambda: agent.reply == "Yes, it is.\nAnd cheaper.")

    work(busy.desk, send_and_go_on)


def test_a_reply_is_taken_back_from_another_conversation(busy: Shop) -> None:
    async def send_and_turn_away(agent: Agent) -> None:
        answered = agent.customer
        await agent.begin("Yes, it is.")
        await agent.press("ctrl+s")
        await agent.until_shown("Held for 10 s")
        await agent.press("n")
        await agent.until(lambda: agent.customer != answered)
        await agent.press("u")
        await agent.until(lambda: agent.customer == answered and agent.reply == "Yes, it is.")

    work(busy.desk, send_and_turn_away)


def test_what_has_left_cannot_be_taken_back(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.begin("Yes, it is.")
        await agent.press("ctrl+s")
        await agent.until_shown("Held for 10 s")
        busy.clock.advance(11)
        busy.work()
        await agent.press("u")
        await agent.until_shown("No reply of yours is held any more")

    work(busy.desk, send)


def test_an_old_draft_is_not_sent_over_what_came_since(busy: Shop) -> None:
    number = first(busy)
    save_draft(busy.desk, number, "Yes, it is.", 11, "public", 0)

    async def send(agent: Agent) -> None:
        await agent.until(lambda: agent.reply == "Yes, it is.")
        await agent.press("r", "ctrl+s")
        await agent.until_shown("has moved on")

    work(busy.desk, send)


def test_a_colleague_who_answered_first_is_noticed(busy: Shop) -> None:
    number = first(busy)

    async def send(agent: Agent) -> None:
        await agent.begin("Yes, it is.")
        rob = busy.desk_of("rob")
        claim(rob, number, takeover=True)
        reply(rob, number, "Hi Andy, it is.", "public", seen_version=None, hold=False)
        busy.work()
        await agent.until_shown("^RI")
        await agent.press("ctrl+s")
        await agent.until(lambda: "moved on" in agent.screen() or "rob has this" in agent.screen())

    work(busy.desk, send)
    assert [row.agent for row in outbox(busy.desk)] == ["rob"]


def test_leaving_with_a_reply_on_its_way_is_asked_about(busy: Shop) -> None:
    async def leave(agent: Agent) -> None:
        agent.app._works = True
        await agent.begin("Yes, it is.")
        await agent.press("ctrl+s")
        await agent.until_shown("1 on the way")
        await agent.press("q")
        await agent.until_shown("A reply is still on the way")
        await agent.press("enter")
        assert not agent.app._exit
        await agent.press("q", "2")
        await agent.until(lambda: agent.app._exit)

    work(busy.desk, leave)


def test_the_greeting_is_asked_for_in_the_composer(busy: Shop) -> None:
    assert busy.config.playbook("care").levels["greeting-missing"] == "hint"

    async def begin_to_write(agent: Agent) -> None:
        await agent.until_shown("has not said good morning")

    work(busy.desk, begin_to_write)


def test_a_lead_may_send_against_a_rule_and_says_why(tmp_path: Path) -> None:
    with open_shop(tmp_path, CONFIG.replace('"greeting-missing" = "hint"', '"greeting-missing" = "block"')) as strict:
        strict.customer_writes("Is anybody there?", "ada", name="Ada Byron")
        strict.work()

        async def send(agent: Agent) -> None:
            await agent.begin("Yes, we are.")
            await agent.press("ctrl+s")
            await agent.until_shown("Send it as a lead")
            await agent.press("escape")
            assert outbox(strict.desk) == ()
            assert agent.reply == "Yes, we are."
            await agent.press("ctrl+s")
            await agent.until_shown("Send it as a lead")
            await agent.press("2")
            await agent.until_shown("Why is it right")
            await agent.write("The post is late today")
            await agent.press("enter")
            await agent.until_shown("Held for 10 s")

        work(strict.desk, send)
        assert [entry_of(strict.desk, row.entry_id).override for row in outbox(strict.desk)] == [
            "The post is late today"
        ]


def test_who_is_no_lead_cannot_send_against_a_rule(tmp_path: Path) -> None:
    with open_shop(tmp_path, CONFIG.replace('"greeting-missing" = "hint"', '"greeting-missing" = "block"')) as strict:
        strict.customer_writes("Is anybody there?", "ada", name="Ada Byron")
        strict.work()

        async def send(agent: Agent) -> None:
            await agent.begin("Yes, we are.")
            await agent.press("ctrl+s")
            await agent.settle()
            assert agent.focused(ReplyArea)
            assert agent.reply == "Yes, we are."

        work(strict.desk_of("rob"), send)
        assert outbox(strict.desk) == ()
