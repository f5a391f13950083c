"""What every channel promises, as tests: a channel's test module inherits `ChannelContract` and gives it a `rig`.

Over a network, let a `proxy.CuttingProxy` stand between the channel and its server: then every line is really cut.
Not for: what only one network does.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecli.channels.base import Inconclusive, NotFound, Outgoing, Rejected, Sent, Unknown
from carecli.model import Visibility
from tests.channels.delivery_contract import DeliveryContract
from tests.channels.rig import Rig, everything, found, ids, private_to

_WORDS = st.lists(st.sampled_from(["hello", "żółw", "👩‍👩‍👧", "שלום", "https://example.com/a/b", "^CL"]), max_size=12)


class ChannelContract(DeliveryContract):
    """Inherit it under a name that begins with Test, and override `rig`."""

    @pytest.fixture
    def rig(self) -> Rig:
        raise NotImplementedError

    # ── fetching ─────────────────────────────────────────────────────────────────────────────────

    def test_the_first_fetch_gives_everything_oldest_first(self, rig: Rig) -> None:
        written = [rig.customer_posts(f"message {number}") for number in range(5)]
        items, _ = everything(rig.channel)
        assert [item.remote_id for item in items] == written
        assert [item.text for item in items] == [f"message {number}" for number in range(5)]
        assert [item.published_at for item in items] == sorted(item.published_at for item in items)

    def test_a_cursor_goes_on_without_loss_or_repetition_while_messages_arrive(self, rig: Rig) -> None:
        written = [rig.customer_posts(f"early {number}") for number in range(150)]
        page = rig.channel.fetch_mentions("")
        read = ids(page)
        for number in range(150):
            written.append(rig.customer_posts(f"late {number}"))
            if number % 40 == 0:
                page = rig.channel.fetch_mentions(page.cursor)
                read += ids(page)
        rest, _ = everything(rig.channel, page.cursor)
        assert read + [item.remote_id for item in rest] == written

    def test_a_cursor_at_the_end_gives_nothing_until_something_is_written(self, rig: Rig) -> None:
        rig.customer_posts("first")
        _, end = everything(rig.channel)
        assert everything(rig.channel, end)[0] == []
        second = rig.customer_posts("second")
        assert [item.remote_id for item in everything(rig.channel, end)[0]] == [second]

    def test_an_old_cursor_gives_the_same_again(self, rig: Rig) -> None:
        rig.customer_posts("first")
        _, cursor = everything(rig.channel)
        rig.customer_posts("second")
        assert everything(rig.channel, cursor)[0] == everything(rig.channel, cursor)[0] != []

    def test_a_customer_s_message_tells_who_wrote_it_and_is_not_our_own(self, rig: Rig) -> None:
        item = found(rig.channel, rig.customer_posts(f"@{rig.channel.me.handle} hello"))
        assert item.author.remote_id not in ("", rig.channel.me.remote_id)
        assert not item.own
        assert item.addressed

    def test_an_own_post_comes_back_as_our_own(self, rig: Rig) -> None:
        sent = self.sent(rig, Outgoing("Good morning! ^CL", "k1", "public"))
        item = found(rig.channel, sent.remote_id)
        assert item.own
        assert item.author.remote_id == rig.channel.me.remote_id
        assert item.text == "Good morning! ^CL"

    # ── threads ──────────────────────────────────────────────────────────────────────────────────

    def test_a_thread_has_all_parts_whichever_is_asked_for(self, rig: Rig) -> None:
        first = rig.customer_posts("my line is down")
        bump = rig.customer_posts("anybody?", reply_to=first)
        reply = self.sent(rig, Outgoing("We are on it. ^CL", "k1", "public", reply_to=bump)).remote_id
        thanks = rig.customer_posts("thanks", reply_to=reply)
        rig.customer_posts("something else")
        for part in (first, bump, reply, thanks):
            thread = rig.channel.fetch_thread(part)
            assert {item.remote_id: item.parent_remote_id for item in thread.items} == {
                first: None,
                bump: first,
                reply: bump,
                thanks: reply,
            }
            assert thread.missing == ()

    def test_a_removed_part_has_a_place_in_the_thread_and_a_reason(self, rig: Rig) -> None:
        first = rig.customer_posts("my line is down")
        gone = rig.customer_posts("you are all useless", reply_to=first)
        last = rig.customer_posts("sorry for that", reply_to=gone)
        rig.customer_removes(gone)
        thread = rig.channel.fetch_thread(last)
        assert [item.remote_id for item in thread.items] == [first, last]
        assert [missing.remote_id for missing in thread.missing] == [gone]
        assert thread.missing[0].reason

    def test_a_thread_around_nothing_is_missing_not_an_error(self, rig: Rig) -> None:
        thread = rig.channel.fetch_thread("1")
        assert thread.items == ()
        assert [missing.remote_id for missing in thread.missing] == ["1"]

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def test_what_was_sent_is_found_under_its_id_where_it_belongs(self, rig: Rig) -> None:
        question = rig.customer_posts("is it down?")
        sent = self.sent(rig, Outgoing("It is. ^CL", "k1", "public", reply_to=question))
        item = found(rig.channel, sent.remote_id)
        assert (item.parent_remote_id, item.visibility, item.published_at) == (question, "public", sent.at)

    def test_the_same_call_made_twice_stands_once(self, rig: Rig) -> None:
        self.needs_strong_keys(rig)
        question = rig.customer_posts("is it down?")
        prepared = rig.channel.prepare(Outgoing("It is. ^CL", "k1", "public", reply_to=question))
        assert rig.channel.send(prepared) == rig.channel.send(prepared)
        assert rig.copies("It is. ^CL") == 1

    def test_freezing_a_call_is_pure_and_keeps_the_key(self, rig: Rig) -> None:
        outgoing = Outgoing("It is. ^CL", "k1", "public")
        prepared = rig.channel.prepare(outgoing)
        assert prepared == rig.channel.prepare(outgoing)
        assert prepared.key == "k1"
        assert rig.copies("It is. ^CL") == 0

    def test_a_text_over_the_limit_is_rejected(self, rig: Rig) -> None:
        limit = rig.channel.measure("", "public", False).limit
        text = "a" * (limit + 1)
        assert rig.channel.measure(text, "public", False).over == 1
        outcome = rig.channel.send(rig.channel.prepare(Outgoing(text, "k1", "public")))
        assert isinstance(outcome, Rejected)
        assert rig.copies(text) == 0

    def test_a_reply_to_what_was_removed_is_rejected(self, rig: Rig) -> None:
        gone = rig.customer_posts("never mind")
        rig.customer_removes(gone)
        outcome = rig.channel.send(rig.channel.prepare(Outgoing("We do mind. ^CL", "k1", "public", reply_to=gone)))
        assert isinstance(outcome, Rejected)
        assert rig.copies("We do mind. ^CL") == 0

    # ── unknown outcomes ─────────────────────────────────────────────────────────────────────────

    def test_what_acted_before_the_answer_was_lost_is_found_and_stands_once(self, rig: Rig) -> None:
        question = rig.customer_posts("is it down?")
        prepared = rig.channel.prepare(Outgoing("It is. ^CL", "k1", "public", reply_to=question))
        rig.cut_next_send("before_answer")
        assert isinstance(rig.channel.send(prepared), Unknown)
        first, second = rig.channel.reconcile(prepared), rig.channel.reconcile(prepared)
        assert isinstance(first, Sent)
        assert first == second
        assert found(rig.channel, first.remote_id).text == "It is. ^CL"
        assert rig.copies("It is. ^CL") == 1

    def test_what_never_acted_is_not_found_and_repeating_it_makes_one_copy(self, rig: Rig) -> None:
        question = rig.customer_posts("is it down?")
        prepared = rig.channel.prepare(Outgoing("It is. ^CL", "k1", "public", reply_to=question))
        rig.cut_next_send("before_request")
        assert isinstance(rig.channel.send(prepared), Unknown)
        answer = rig.channel.reconcile(prepared)
        assert isinstance(answer, NotFound)
        assert rig.copies("It is. ^CL") == 0
        assert isinstance(rig.channel.send(prepared), Sent)
        assert rig.copies("It is. ^CL") == 1

    def test_where_repeating_is_called_safe_it_is_so_even_after_it_acted(self, rig: Rig) -> None:
        self.needs_strong_keys(rig)
        prepared = rig.channel.prepare(Outgoing("Good morning! ^CL", "k1", "public"))
        rig.cut_next_send("before_answer")
        rig.channel.send(prepared)
        assert rig.channel.send(prepared) == rig.channel.reconcile(prepared)
        assert rig.copies("Good morning! ^CL") == 1

    def test_a_network_that_cannot_be_read_leaves_the_outcome_open(self, rig: Rig) -> None:
        prepared = rig.channel.prepare(Outgoing("Good morning! ^CL", "k1", "public"))
        rig.cut_next_send("before_answer")
        rig.channel.send(prepared)
        rig.hide_next_read()
        assert isinstance(rig.channel.reconcile(prepared), Inconclusive)

    # ── private stays private ────────────────────────────────────────────────────────────────────

    def test_every_message_keeps_its_visibility(self, rig: Rig) -> None:
        self.needs_private_messages(rig)
        public = rig.customer_posts("my bill is wrong")
        private = rig.customer_posts("my account number is 1", visibility="private")
        customer = found(rig.channel, private).author
        answers: dict[str, Visibility] = {
            self.sent(rig, Outgoing("Let us see. ^CL", "k1", "public", reply_to=public)).remote_id: "public",
            self.sent(rig, private_to(customer, "Got it. ^CL", "k2", reply_to=private)).remote_id: "private",
            self.sent(rig, private_to(customer, "And done. ^CL", "k3")).remote_id: "private",
        }
        seen = {item.remote_id: item.visibility for item in everything(rig.channel)[0]}
        assert seen == {public: "public", private: "private", **answers}

    def test_a_public_thread_shows_nothing_private(self, rig: Rig) -> None:
        self.needs_private_messages(rig)
        public = rig.customer_posts(f"@{rig.channel.me.handle} my bill is wrong")
        customer = found(rig.channel, public).author
        if rig.channel.capabilities.private_reply_to_post:
            self.sent(rig, private_to(customer, "Your account number? ^CL", "k1", reply_to=public))
        rig.customer_posts("it is 1", visibility="private")
        assert [item.visibility for item in rig.channel.fetch_thread(public).items] == ["public"]

    def test_an_own_private_message_names_its_recipient(self, rig: Rig) -> None:
        self.needs_private_messages(rig)
        private = rig.customer_posts("my account number is 1", visibility="private")
        customer = found(rig.channel, private).author
        sent = self.sent(rig, private_to(customer, "Got it. ^CL", "k1", reply_to=private))
        assert found(rig.channel, sent.remote_id).recipient == customer

    def test_a_private_message_cannot_be_answered_in_public(self, rig: Rig) -> None:
        self.needs_private_messages(rig)
        private = rig.customer_posts("my account number is 1", visibility="private")
        permission = rig.channel.can_reply(found(rig.channel, private), "public", rig.now())
        assert not permission.allowed
        assert permission.reason
        prepared = rig.channel.prepare(Outgoing("Got it. ^CL", "k1", "public", reply_to=private))
        assert isinstance(rig.channel.send(prepared), Rejected)
        assert rig.copies("Got it. ^CL") == 0

    # ── measuring ────────────────────────────────────────────────────────────────────────────────

    # One property for several channels: each runs it as a class of its own, and none keeps anything between examples.
    @settings(
        max_examples=50,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(words=_WORDS, more=_WORDS)
    def test_measuring_is_pure_and_grows_with_the_text(self, rig: Rig, words: list[str], more: list[str]) -> None:
        text, longer = " ".join(words), " ".join(words + more)
        for reply in (False, True):
            first = rig.channel.measure(text, "public", reply)
            assert first == rig.channel.measure(text, "public", reply)
            assert first.used <= rig.channel.measure(longer, "public", reply).used
            assert first.limit == rig.channel.measure(longer, "public", reply).limit

    def test_links_are_told_with_what_they_count(self, rig: Rig) -> None:
        text = "All of it stands on https://example.com/help, we hope."
        (link,) = rig.channel.links(text)
        without = rig.channel.measure(text.replace(link.text, ""), "public", False)
        assert text[link.start : link.end] == link.text == "https://example.com/help"
        assert rig.channel.measure(text, "public", False).used == without.used + link.weight
        assert rig.channel.links("Nothing to see here.") == ()

    def test_permission_is_pure(self, rig: Rig) -> None:
        item = found(rig.channel, rig.customer_posts("is it down?"))
        rig.hide_next_read()
        assert rig.channel.can_reply(item, "public", rig.now()).allowed

    # ── what the tests are made of ───────────────────────────────────────────────────────────────

    def sent(self, rig: Rig, outgoing: Outgoing) -> Sent:
        outcome = rig.channel.send(rig.channel.prepare(outgoing))
        assert isinstance(outcome, Sent), outcome
        return outcome

    def needs_private_messages(self, rig: Rig) -> None:
        if not rig.channel.capabilities.private_messages:
            pytest.skip("the network has no private messages")

    def needs_strong_keys(self, rig: Rig) -> None:
        if rig.channel.capabilities.idempotency != "strong":
            pytest.skip("the network does not keep keys")
