"""What the desk promises of delivery and intake, each as a question that can be asked at any moment.

Asked of the network's own posts and of the tables, not of the code that is tried. `ALWAYS` holds between any two
steps, crashed ones included; `AT_REST` once the network is well again and the workers have had their time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from carecli.channels.sandbox.wire import Post
from carecli.model import OutboxEntry, OutboxPart
from carecli.store.integrity import INVARIANTS
from tests.model.world import LEAD, SIGNATURES, Accepted, World

THANKS = "Thanks!"
# From which state to which an entry may go.
ARROWS = {
    "new": {"approval", "held", "queued"},
    "approval": {"approval", "held", "queued", "cancelled", "rejected"},
    "held": {"approval", "queued", "cancelled"},
    "queued": {"sending", "queued", "cancelled", "rejected"},
    "sending": {"sent", "queued", "rejected", "unknown"},
    "unknown": {"sent", "queued", "sending", "rejected"},
    "rejected": {"approval", "queued", "cancelled"},
    "sent": set[str](),
    "cancelled": set[str](),
}
# The state in which each event of the log leaves an entry; "approved" and "retried" say it themselves, "settled" and
# "accepted" tell it by what follows.
AFTER = {
    "queued": "queued",
    "sending": "sending",
    "postponed": "queued",
    "unknown": "unknown",
    "repeated": "sending",
    "resumed": "queued",
    "sent": "sent",
    "rejected": "rejected",
    "cancelled": "cancelled",
    "edited": "approval",
    "withdrawn": "approval",
    "returned": "cancelled",
}


class Look:
    """One look at the network and at the tables."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.posts = world.posts()
        self.own = [post for post in self.posts if post.author == world.shop.network.account]
        self.entries = world.entries()
        self.accepted = world.accepted
        self._by_text = {text: one for one in self.accepted.values() for text in one.texts}
        self._events: dict[int, list[tuple[str, str]]] = {}
        for kind, entry_id, detail in world.rows(
            "SELECT kind, json_extract(data, '$.entry'), CASE kind WHEN 'settled' THEN json_extract(data, '$.verdict')"
            " WHEN 'retried' THEN json_extract(data, '$.state')"
            " WHEN 'approved' THEN iif(json_extract(data, '$.held'), 'held', 'queued') END FROM event"
            " WHERE data LIKE '%\"entry\":%' ORDER BY id"
        ):
            self._events.setdefault(entry_id, []).append((str(kind), str(detail or "")))

    def way_of(self, entry: OutboxEntry) -> list[str]:
        """The states through which an entry has gone, as the log tells it."""
        way, events = ["new"], self._events.get(entry.id, [])
        asks = entry.id in self.accepted and self.accepted[entry.id].asks
        for number, (kind, detail) in enumerate(events, start=1):
            if kind == "accepted":
                way.append("approval" if asks else "held" if entry.held_until else "queued")
            elif kind in ("approved", "retried"):
                way.append(detail)
            elif kind == "settled":
                # Whether parts follow that have not left is told by what happens then.
                done = detail == "sent" and number == len(events)
                way.append(entry.state if done else "queued")
            else:
                way.append(AFTER[kind])
        return way

    def reply_of(self, post: Post) -> Accepted:
        """The reply that a post of ours is a part of."""
        assert post.text in self._by_text, f"Nobody wrote {post.text!r}."
        return self._by_text[post.text]

    def standing(self, text: str) -> list[Post]:
        return [post for post in self.own if post.text == text]


def nothing_stands_twice(look: Look) -> None:
    twice = [text for text, times in Counter(post.text for post in look.own).items() if times > 1]
    assert not twice, twice


def what_stands_is_what_its_author_wrote_and_signed(look: Look) -> None:
    for post in look.own:
        one = look.reply_of(post)
        assert post.text.endswith(f" {SIGNATURES[one.agent]}")


def what_is_private_stays_private(look: Look) -> None:
    for post in look.own:
        one = look.reply_of(post)
        assert post.visibility == one.visibility
        if post.visibility == "private":
            assert post.recipient is not None
            assert post.recipient.remote_id == one.customer


def nothing_is_accepted_without_the_claim_or_with_news_unread(look: Look) -> None:
    """While a colleague has the conversation, or before its author has read what is new there."""
    for one in look.accepted.values():
        assert one.claimed_by in ("", one.agent), one
        assert not one.unseen, one


def nothing_leaves_before_its_turn(look: Look) -> None:
    """Its worker has the lease, its undo time and all replies before it are over, its author has read the news, and
    where it waits for a lead, one has spoken."""
    for call in look.world.calls:
        assert call.lease_holder == call.worker or call.clock_was_set, call
        assert not call.may_be_undone and not call.overtakes and not call.unapproved, call
        # What has begun to leave is finished.
        assert not call.unseen or any(part.remote_id for part in call.entry.parts), call


def nobody_approves_but_a_lead_and_none_their_own(look: Look) -> None:
    for entry_id, agent in look.world.approved.items():
        assert agent == LEAD != look.accepted[entry_id].agent, (entry_id, agent)
    for entry in look.entries:
        assert entry.approved_by == look.world.approved.get(entry.id, ""), entry
        assert entry.state != "approval" or entry.id not in look.world.approved, entry


def nothing_is_changed_without_a_lease(look: Look) -> None:
    assert not [process.name for process in look.world.processes if process.database.unfenced]


def parts_stand_in_order_each_below_the_one_before(look: Look) -> None:
    for one in look.accepted.values():
        standing = [look.standing(text) for text in one.texts]
        places = [posts[0].seq for posts in standing if posts]
        assert places == sorted(places)
        assert all(standing[: len(places)]), "A part stands before the one above it."
        for above, below in pairwise(standing):
            if below and one.entry_id not in look.world.settled_blindly:
                assert below[0].parent_id == above[0].id


def nothing_accepted_is_lost(look: Look) -> None:
    kept = {entry.id: tuple(part.text for part in entry.parts) for entry in look.entries}
    assert kept == {one.entry_id: one.texts for one in look.accepted.values()}


def the_outbox_tells_the_truth(look: Look) -> None:
    """Sent is what stands at the network; held, queued, rejected and cancelled is what does not."""
    for entry in look.entries:
        for part in entry.parts:
            there = bool(look.standing(part.text))
            if _is_on_its_way(entry, part):
                continue
            assert there == bool(part.remote_id), (entry.state, part)
            if part.remote_id and entry.id not in look.world.settled_blindly:
                assert look.standing(part.text)[0].id == part.remote_id
        assert entry.state != "sent" or all(part.remote_id for part in entry.parts)
        assert entry.state != "cancelled" or not any(part.remote_id for part in entry.parts)
        assert not look.world.is_in_flight(entry) or entry.state in ("sending", "unknown", "sent")


def each_step_of_a_reply_is_an_event(look: Look) -> None:
    """The log alone tells how each entry came to its state, along the arrows."""
    for entry in look.entries:
        way = look.way_of(entry)
        assert all(after in ARROWS[before] for before, after in pairwise(way)), (way, entry)
        assert way[-1] == entry.state, (way, entry)


def nothing_is_stored_twice(look: Look) -> None:
    twice = look.world.rows("SELECT remote_id FROM message GROUP BY remote_id HAVING count(*) > 1")
    assert not twice, twice


def own_posts_are_not_taken_for_customers(look: Look) -> None:
    own = {post.id for post in look.own}
    for remote_id, direction in look.world.rows("SELECT remote_id, direction FROM message"):
        assert (remote_id in own) == (direction == "outbound")
    counted = look.world.rows("SELECT id, inbound_count, outbound_count FROM conversation ORDER BY id")
    found = look.world.rows(
        "SELECT conversation.id, coalesce(sum(direction = 'inbound'), 0), coalesce(sum(direction = 'outbound'), 0)"
        " FROM conversation LEFT JOIN message ON message.conversation_id = conversation.id"
        " GROUP BY conversation.id ORDER BY conversation.id"
    )
    assert counted == found


def the_cursor_is_never_ahead_of_what_is_stored(look: Look) -> None:
    cursor = str((look.world.rows("SELECT cursor FROM account") or [("",)])[0][0])
    place = int(cursor.rpartition(":")[2] or 0)
    stored = {row[0] for row in look.world.rows("SELECT remote_id FROM message")}
    lost = [p.id for p in look.posts if p.seq <= place and p.id not in stored and not look.world.line.hides(p.id)]
    assert not lost, lost


def what_the_database_relies_on_holds(look: Look) -> None:
    """The questions that `carecli db check` asks."""
    for invariant in INVARIANTS:
        assert not look.world.rows(invariant.broken), invariant.fails


def a_conversation_waits_once_at_most(look: Look) -> None:
    twice = look.world.rows(
        "SELECT conversation_id FROM wait WHERE closed_at IS NULL GROUP BY conversation_id HAVING count(*) > 1"
    )
    assert not twice, twice


def drafts_are_kept_as_typed(look: Look) -> None:
    for agent, texts in look.world.typed.items():
        kept = "\n".join(look.world.drafts_of(agent).values())
        for text in texts:
            assert text in kept, (agent, text, kept)


def what_is_rejected_is_a_draft_again(look: Look) -> None:
    """At least of who has written nothing else there, which may have taken the draft's place and left."""
    written = Counter((entry.agent, entry.conversation_id) for entry in look.entries)
    for entry in look.entries:
        if entry.state == "rejected" and written[entry.agent, entry.conversation_id] == 1:
            assert entry.conversation_id in look.world.drafts_of(entry.agent), entry


# ── at rest ───────────────────────────────────────────────────────────────────────────────────────


def everything_is_settled(look: Look) -> None:
    assert {entry.state for entry in look.entries} <= {"sent", "rejected", "cancelled"}
    for entry in look.entries:
        sent = [len(look.standing(part.text)) for part in entry.parts]
        assert entry.state != "sent" or sent == [1] * len(sent)


def every_post_is_stored(look: Look) -> None:
    stored = {row[0] for row in look.world.rows("SELECT remote_id FROM message")}
    assert {post.id for post in look.posts} <= stored


def what_customers_took_away_is_gone(look: Look) -> None:
    texts: dict[str, str] = dict(look.world.rows("SELECT remote_id, text FROM message"))
    assert not [post.id for post in look.world.removed if texts.get(post.id)]


def who_of_us_wrote_what_is_known(look: Look) -> None:
    agents: dict[str, str] = dict(look.world.rows("SELECT remote_id, agent FROM message WHERE direction = 'outbound'"))
    for post in look.own:
        one = look.reply_of(post)
        assert agents[post.id] == one.agent or one.entry_id in look.world.settled_blindly, post


def who_waits_is_who_was_not_answered(look: Look) -> None:
    waiting = {row[0] for row in look.world.rows("SELECT conversation_id FROM wait WHERE closed_at IS NULL")}
    asked_in = {entry.id: entry.conversation_id for entry in look.entries}
    of = {str(row[0]): row[1] for row in look.world.rows("SELECT remote_id, conversation_id FROM message")}
    for number, visibility in look.world.rows("SELECT id, visibility FROM conversation"):
        here = [post for post in (*look.posts, *look.world.removed) if of.get(post.id) == number]
        replies = [post for post in here if post.author == look.world.shop.network.account]
        # A public question that was answered in private has been answered.
        elsewhere = [post for post in look.own if asked_in[look.reply_of(post).entry_id] == number]
        asks = [post for post in here if post not in replies and THANKS not in post.text]
        assert number in waiting or not _unanswered(asks, [*replies, *elsewhere]), number
        # When a reply was sent that a person settled is not known, and so is not what it answers elsewhere.
        if not any(look.accepted[n].visibility != visibility for n in look.world.settled_by_hand):
            assert number not in waiting or _unanswered(asks, [*replies, *elsewhere]), number


def _unanswered(asks: Iterable[Post], replies: Iterable[Post]) -> bool:
    covered = max((reply.at for reply in replies), default=None)
    return any(covered is None or ask.at > covered for ask in asks)


def _is_on_its_way(entry: OutboxEntry, part: OutboxPart) -> bool:
    """Whether nobody can know now if a part stands at the network."""
    return entry.state in ("sending", "unknown") and not part.remote_id


ALWAYS = (
    nothing_stands_twice,
    what_stands_is_what_its_author_wrote_and_signed,
    what_is_private_stays_private,
    nothing_is_accepted_without_the_claim_or_with_news_unread,
    nothing_leaves_before_its_turn,
    nobody_approves_but_a_lead_and_none_their_own,
    nothing_is_changed_without_a_lease,
    parts_stand_in_order_each_below_the_one_before,
    nothing_accepted_is_lost,
    each_step_of_a_reply_is_an_event,
    the_outbox_tells_the_truth,
    nothing_is_stored_twice,
    own_posts_are_not_taken_for_customers,
    the_cursor_is_never_ahead_of_what_is_stored,
    what_the_database_relies_on_holds,
    a_conversation_waits_once_at_most,
    drafts_are_kept_as_typed,
    what_is_rejected_is_a_draft_again,
)
AT_REST = (
    everything_is_settled,
    every_post_is_stored,
    what_customers_took_away_is_gone,
    who_of_us_wrote_what_is_known,
    who_waits_is_who_was_not_answered,
)
