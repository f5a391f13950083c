"""Replies that wait for a lead: they leave on a lead's word or not at all, and their text is never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from carecli.desk.approval import approve, edit, return_reply, withdraw
from carecli.desk.claims import claim
from carecli.desk.composing import composing
from carecli.desk.context import Desk
from carecli.desk.conversation import open_conversation, view_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.media import draft_files
from carecli.desk.outbox import cancel, entry_of, outbox, resolve, retry
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.status import status
from carecli.desk.views import QueueFilter
from carecli.errors import ConfigError, Misuse, Refused, Stale
from carecli.model import MediaFile, OutboxEntry
from carecli.store import events
from carecli.store import outbox as entries
from tests.shop import CONFIG, Shop, load_draft, open_shop

APPROVAL = CONFIG.replace('team = "', 'approval = ["training", "deflection-call"]\nteam = "', 1).replace(
    "[[accounts]]",
    '[[agents]]\nid = "mira"\nname = "Mira Novak"\ntraining = true\n\n'
    '[[agents]]\nid = "ida"\nname = "Ida Wolf"\nlead = true\ntraining = true\n\n[[accounts]]',
    1,
)
CALL = "Please give us a call."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk where beginners and those who send customers to the telephone ask a lead, and Andy waits."""
    with open_shop(tmp_path, APPROVAL) as opened:
        opened.customer_writes("My line is slow")
        opened.work()
        yield opened


@pytest.fixture
def number(shop: Shop) -> int:
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


@pytest.fixture
def mira(shop: Shop) -> Desk:
    return shop.desk_of("mira")


@pytest.fixture
def waiting(mira: Desk, number: int) -> OutboxEntry:
    """A reply of Mira's, who is in training."""
    open_conversation(mira, number)
    return reply(mira, number, "Hi Andy.", "public", seen_version=None, hold=True)


def customer_goes_on(shop: Shop) -> None:
    shop.clock.advance(1)
    shop.customer_writes("Hello?", reply_to=shop.network.posts_after(0, 1)[0].id)
    shop.work()


def logged(shop: Shop, kind: str) -> list[tuple[str, dict[str, object]]]:
    """Who did it, and what the log tells of it, each time."""
    with shop.database.read() as session:
        found = events.events_after(session, 0, 1000)
    return [(event.agent, json.loads(event.data)) for event in found if event.kind == kind]


# ── what waits ────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_of_somebody_in_training_waits_signed_and_no_worker_sends_it(shop: Shop, waiting: OutboxEntry) -> None:
    assert (waiting.state, waiting.parts[0].text, waiting.held_until) == ("approval", "Hi Andy. ^MN", None)
    assert [one.sentence for one in waiting.approval] == ["Mira Novak is in training."]
    shop.pass_minutes(60)
    shop.work()
    assert entry_of(shop.desk, waiting.id) == waiting
    assert not shop.posts_by_us()


def test_what_a_named_check_finds_waits_and_the_log_says_what_it_was(shop: Shop, number: int) -> None:
    entry = reply(shop.desk_of("rob"), number, CALL, "public", seen_version=None, hold=False)
    assert entry.state == "approval"
    ((agent, facts),) = logged(shop, "accepted")
    assert (agent, facts["approval"]) == ("rob", ["deflection-call"])


def test_a_check_is_found_in_any_of_several_parts(shop: Shop, number: int) -> None:
    desk = shop.desk_of("rob")
    assert reply(desk, number, "Hi.", "public", seen_version=None, hold=False, further=[CALL]).state == "approval"


def test_what_nothing_asks_about_and_what_a_lead_writes_leaves_as_ever(shop: Shop, number: int) -> None:
    assert reply(shop.desk_of("rob"), number, "Hi.", "public", seen_version=None, hold=False).state == "queued"
    shop.work()
    claim(shop.desk, number, takeover=True)
    assert reply(shop.desk, number, CALL, "public", seen_version=None, hold=False).state == "queued"


def test_the_composer_says_beforehand_that_it_goes_to_a_lead(shop: Shop, number: int) -> None:
    of_rob = composing(shop.desk_of("rob"), number, "public")
    assert not of_rob.check("Hi Andy.").approval
    assert [one.check for one in of_rob.check(CALL).approval] == ["deflection-call"]


def test_a_playbook_that_names_no_such_check_lets_nothing_leave(tmp_path: Path) -> None:
    wrong = APPROVAL.replace("deflection-call", "deflection_call")
    with open_shop(tmp_path, wrong) as shop:
        shop.customer_writes("My line is slow")
        shop.work()
        with pytest.raises(ConfigError, match=r"`playbooks\.desk\.approval`: there is no check 'deflection_call'"):
            reply(shop.desk, 1, "Hi Andy.", "public", seen_version=None, hold=False)


def test_the_conversation_shows_it_and_the_customers_wait_runs_on(shop: Shop, waiting: OutboxEntry) -> None:
    view = view_conversation(shop.desk, waiting.conversation_id or 0)
    assert (view.thread[-1].pending, view.state) == ("approval", "needs_reply")
    assert view.due_at is not None


def test_leads_are_told_how_many_wait_for_them_and_others_how_many_of_theirs_do(
    shop: Shop, mira: Desk, waiting: OutboxEntry
) -> None:
    assert waiting.state == "approval"
    assert (status(shop.desk).outbox_approval, status(shop.desk).lead) == (1, True)
    assert (status(mira).outbox_approval, status(mira).lead) == (1, False)
    assert status(shop.desk_of("rob")).outbox_approval == 0
    assert status(shop.desk_of("ida")).outbox_approval == 0


# ── letting it go ─────────────────────────────────────────────────────────────────────────────────


def test_a_lead_lets_it_go_and_it_leaves_as_its_author_wrote_it(shop: Shop, waiting: OutboxEntry) -> None:
    assert approve(shop.desk, waiting.id).state == "queued"
    shop.work()
    sent = entry_of(shop.desk, waiting.id)
    assert (sent.state, sent.agent, sent.approved_by) == ("sent", "mira", "claire")
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy. ^MN"]
    assert logged(shop, "approved") == [("claire", {"entry": waiting.id, "held": False})]


@pytest.mark.parametrize("agent", ["mira", "rob", "ida"])
def test_nobody_else_does_least_of_all_its_author(shop: Shop, waiting: OutboxEntry, agent: str) -> None:
    desk = shop.desk_of(agent)
    acts = (partial(approve, desk), partial(return_reply, desk, reason="No."), partial(edit, desk, text="Mine."))
    for act in acts:
        with pytest.raises(Refused) as refused:
            act(entry_id=waiting.id)
        assert refused.value.rule == "approval"
    assert entry_of(shop.desk, waiting.id) == waiting


def test_an_author_who_has_become_a_lead_since_does_not_either(tmp_path: Path, shop: Shop, number: int) -> None:
    entry = reply(shop.desk_of("rob"), number, CALL, "public", seen_version=None, hold=False)
    promoted = APPROVAL.replace('name = "Rob Iyer"', 'name = "Rob Iyer"\nlead = true')
    shop.close()
    with open_shop(tmp_path, promoted) as later, pytest.raises(Refused, match="of their own"):
        approve(later.desk_of("rob"), entry.id)


def test_within_the_undo_time_the_lead_takes_their_word_back(shop: Shop, waiting: OutboxEntry) -> None:
    assert approve(shop.desk, waiting.id, hold=True).state == "held"
    shop.work()
    assert withdraw(shop.desk, waiting.id) == waiting
    shop.pass_minutes(1)
    shop.work()
    assert entry_of(shop.desk, waiting.id).state == "approval"
    assert logged(shop, "withdrawn") == [("claire", {"entry": waiting.id})]


def test_after_the_undo_time_it_has_left(shop: Shop, waiting: OutboxEntry) -> None:
    approve(shop.desk, waiting.id, hold=True)
    shop.pass_minutes(1)
    shop.work()
    with pytest.raises(Refused):
        withdraw(shop.desk, waiting.id)
    assert entry_of(shop.desk, waiting.id).state == "sent"


def test_if_the_customer_wrote_meanwhile_it_comes_back_to_its_author(
    shop: Shop, mira: Desk, waiting: OutboxEntry
) -> None:
    customer_goes_on(shop)
    entry = approve(shop.desk, waiting.id)
    assert entry.state == "rejected" and "Read what is new" in entry.error
    draft = load_draft(mira, entry.conversation_id or 0)
    assert draft is not None and draft.text == "Hi Andy."
    assert not shop.posts_by_us()


def test_if_the_customer_writes_between_the_leads_word_and_the_sending_it_does_too(
    shop: Shop, waiting: OutboxEntry
) -> None:
    approve(shop.desk, waiting.id, hold=True)
    customer_goes_on(shop)
    shop.pass_minutes(1)
    shop.work()
    assert entry_of(shop.desk, waiting.id).state == "rejected"
    assert not shop.posts_by_us()


def test_while_a_colleague_has_the_conversation_nothing_is_let_go(shop: Shop, waiting: OutboxEntry) -> None:
    claim(shop.desk_of("rob"), waiting.conversation_id or 0, takeover=True)
    with pytest.raises(Refused, match="rob has this conversation"):
        approve(shop.desk, waiting.id)


def test_a_lead_lets_go_what_they_have_read_and_not_what_another_made_of_it(shop: Shop, waiting: OutboxEntry) -> None:
    edit(shop.desk, waiting.id, "Hi Andy, welcome.")
    with pytest.raises(Stale, match="claire has changed it"):
        approve(shop.desk, waiting.id, revision=waiting.revision)
    assert approve(shop.desk, waiting.id, revision=1).state == "queued"


# ── sending it back, taking it back ───────────────────────────────────────────────────────────────


def test_a_lead_sends_it_back_with_a_reason_that_stands_on_the_conversation(
    shop: Shop, mira: Desk, waiting: OutboxEntry
) -> None:
    save_draft(mira, waiting.conversation_id or 0, "PS", 2, "public", 1)
    entry = return_reply(shop.desk, waiting.id, " Say what we do about it. ")
    assert (entry.state, entry.error) == ("cancelled", "Sent back by claire: Say what we do about it.")
    draft = load_draft(mira, entry.conversation_id or 0)
    assert draft is not None and draft.text == "Hi Andy.\nPS"
    (note,) = view_conversation(mira, entry.conversation_id or 0).notes
    assert (note.agent, note.text) == ("claire", "Sent back to mira: Say what we do about it.")
    assert logged(shop, "returned") == [("claire", {"entry": entry.id, "reason": "Say what we do about it."})]


def test_without_a_reason_nothing_is_sent_back(shop: Shop, waiting: OutboxEntry) -> None:
    with pytest.raises(Misuse):
        return_reply(shop.desk, waiting.id, " \n")
    assert entry_of(shop.desk, waiting.id).state == "approval"


def test_its_author_takes_it_back_at_any_time_and_nobody_else_does(
    shop: Shop, mira: Desk, waiting: OutboxEntry
) -> None:
    shop.pass_minutes(600)
    for desk in (shop.desk, shop.desk_of("rob")):
        with pytest.raises(Refused, match="Only mira"):
            cancel(desk, waiting.id)
    assert cancel(mira, waiting.id) == "Hi Andy."
    assert entry_of(shop.desk, waiting.id).state == "cancelled"


def test_pictures_come_back_with_the_text(shop: Shop, mira: Desk, number: int) -> None:
    picture = MediaFile("box.png", "image/png", "The box", b"\x89PNG\r\n\x1a\n")
    entry = reply(mira, number, "Hi.", "public", seen_version=None, hold=False, files=[picture])
    return_reply(shop.desk, entry.id, "Another picture, please.")
    assert draft_files(mira, number) == (picture,)


# ── changing it ───────────────────────────────────────────────────────────────────────────────────


def test_a_lead_changes_the_text_and_it_stays_its_authors(shop: Shop, mira: Desk, waiting: OutboxEntry) -> None:
    entry = edit(shop.desk, waiting.id, "Hi Andy, sorry.")
    assert (entry.state, entry.agent, entry.edited_by, entry.revision) == ("approval", "mira", "claire", 1)
    assert entry.parts[0].text == "Hi Andy, sorry. ^MN"
    assert logged(shop, "edited") == [("claire", {"entry": entry.id})]
    approve(shop.desk, entry.id)
    shop.work()
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy, sorry. ^MN"]
    with shop.database.read() as session:
        assert session.one("SELECT agent FROM message WHERE direction = 'outbound'") == ("mira",)


def test_what_could_not_be_sent_is_not_put_in_its_place(shop: Shop, waiting: OutboxEntry) -> None:
    for text in ("", "x" * 400, "Hi Andy. ^CL"):
        with pytest.raises(Refused):
            edit(shop.desk, waiting.id, text)
    assert entry_of(shop.desk, waiting.id) == waiting


def test_a_text_of_several_parts_is_cut_anew_or_as_the_lead_says(shop: Shop, mira: Desk, number: int) -> None:
    entry = reply(mira, number, "One.", "public", seen_version=None, hold=False, further=["Two."])
    assert [part.text for part in edit(shop.desk, entry.id, "All of it.").parts] == ["All of it. ^MN"]
    assert [part.text for part in edit(shop.desk, entry.id, "A.", ["B."]).parts] == ["A. ^MN", "B. ^MN"]
    approve(shop.desk, entry.id)
    shop.work()
    assert [post.text for post in shop.posts_by_us()] == ["A. ^MN", "B. ^MN"]


def test_pictures_stay_with_a_text_that_is_changed(shop: Shop, mira: Desk, number: int) -> None:
    picture = MediaFile("box.png", "image/png", "The box", b"\x89PNG\r\n\x1a\n")
    entry = reply(mira, number, "Hi.", "public", seen_version=None, hold=False, files=[picture])
    approve(shop.desk, edit(shop.desk, entry.id, "Hello.").id)
    shop.work()
    (post,) = shop.posts_by_us()
    assert (post.text, post.attachments) == ("Hello. ^MN", ("image: The box",))


def test_who_is_not_there_any_more_signs_nothing_new(tmp_path: Path, shop: Shop, waiting: OutboxEntry) -> None:
    without = APPROVAL.replace('[[agents]]\nid = "mira"\nname = "Mira Novak"\ntraining = true\n', "")
    shop.close()
    with open_shop(tmp_path, without) as later:
        with pytest.raises(Refused, match="not among the agents"):
            edit(later.desk, waiting.id, "Hi.")
        assert return_reply(later.desk, waiting.id, "She has left.").state == "cancelled"


# ── once more ─────────────────────────────────────────────────────────────────────────────────────


def test_what_came_back_waits_for_a_lead_again_when_its_author_sends_it_as_it_is(
    shop: Shop, mira: Desk, waiting: OutboxEntry
) -> None:
    approve(shop.desk, waiting.id, hold=True)
    customer_goes_on(shop)
    shop.pass_minutes(1)
    shop.work()
    open_conversation(mira, waiting.conversation_id or 0)
    again = retry(mira, waiting.id)
    assert (again.state, again.approved_by) == ("approval", "")
    assert logged(shop, "retried") == [("mira", {"entry": waiting.id, "state": "approval"})]


def test_where_a_lead_sends_it_again_that_is_their_word(shop: Shop, waiting: OutboxEntry) -> None:
    customer_goes_on(shop)
    approve(shop.desk, waiting.id)
    open_conversation(shop.desk, waiting.conversation_id or 0)
    claim(shop.desk, waiting.conversation_id or 0, takeover=True)
    again = retry(shop.desk, waiting.id)
    assert (again.state, again.approved_by) == ("queued", "claire")


def test_what_a_backup_had_waiting_is_not_let_go_by_settling_it(shop: Shop, mira: Desk, waiting: OutboxEntry) -> None:
    """It may have been approved and sent since; if it was not, it waits on."""
    with shop.database.write() as session:
        (found,) = entries.distrust(session)
    assert found.id == waiting.id and entry_of(mira, waiting.id).state == "unknown"
    assert resolve(mira, waiting.id, "not_sent").state == "approval"


# ── against a rule ────────────────────────────────────────────────────────────────────────────────


def test_a_rule_that_a_lead_sets_aside_is_logged_with_the_reason_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "strict"
    folder.mkdir()
    strict = APPROVAL.replace("checks = {", 'checks = { "deflection-call" = "block",')
    with open_shop(folder, strict) as shop:
        shop.customer_writes("My line is slow")
        shop.work()
        entry = reply(shop.desk, 1, CALL, "public", seen_version=None, hold=False, override="They asked for it.")
        assert (entry.state, entry.approved_by, entry.override) == ("queued", "claire", "They asked for it.")
        ((agent, facts),) = logged(shop, "accepted")
        assert (agent, facts["override"], facts["against"]) == ("claire", "They asked for it.", ["deflection-call"])
        (row,) = outbox(shop.desk)
        assert (row.approved_by, row.override) == ("claire", "They asked for it.")
        ida = shop.desk_of("ida")
        claim(ida, 1, takeover=True)
        learning = reply(ida, 1, CALL, "public", seen_version=None, hold=False, override="So do I.")
        assert (learning.state, learning.approved_by, learning.override) == ("approval", "", "So do I.")
