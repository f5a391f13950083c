"""What an agent writes is what stands at the network, to the byte, whichever way it was handed in.

The network is served over a connection, and what it holds is read from its own file. Only three things may differ, and
each is told on the screen: the account's signature is added, one's own that was typed gives way to it, and white space
at the end goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from carecli.channels.base import Channel
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.channels.sandbox.remote import RemoteNetwork
from carecli.channels.sandbox.server import SandboxServer
from carecli.cli.commands import cli
from carecli.desk.context import Desk
from carecli.desk.conversation import open_conversation
from carecli.desk.outbox import cancel, entry_of
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import Refused
from carecli.model import Visibility
from carecli.playbook.signature import unsigned
from carecli.worker.loop import Worker
from tests.shop import CONFIG, Shop, open_shop

# Of all that can be typed, more of what is altered on the way elsewhere.
_PIECES = (
    "Hi Andy", " ", "  ", "\n", "\n\n", "\t", "<b>", "&amp;", "&", "%20", "+", "\\n", "\\", '"', "'", "{}", "é",
    "e\u0301", "ﬁ", "Å", "İ", "ß", "שלום", "\u200d", "❤️", "❤", "👨‍👩‍👧‍👦", "…", "...", "“quoted”", "--", "—", "½", "https://example.com/a?b=c&d=%C3%A9#e",
    "@andy", "#tag", "*", "_", "~", "`", "[x](y)", ":smile:", "\u00a0", "\u3000", "０", "①",
)  # fmt: skip
_written = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=12).map("".join)
texts = st.one_of(
    _written,
    _written,
    st.builds("{} ^CL".format, _written),
    st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=60),
)


class Round:
    """A desk, a network served over a connection, and a customer who has asked in public."""

    def __init__(self, folder: Path, shop: Shop, url: str) -> None:
        self.shop = shop
        self.folder = folder
        self._url = url
        self.desk = Desk(
            shop.config, shop.database, shop.clock, shop.config.agents["claire"], self._channel, shop.desk.new_key
        )
        self.worker = Worker(shop.config, shop.database, shop.clock, self._channel, "round")
        shop.customer_writes("My line is slow")
        self.worker.run_once()
        self.number = first_rows(self.desk, QueueFilter(), 1)[0].conversation_id
        open_conversation(self.desk, self.number)

    def _channel(self, account: str) -> Channel:
        return SandboxChannel(RemoteNetwork(self._url, self.shop.clock), self.shop.clock)

    def deliver(self) -> str:
        """Let the worker send what there is; the text of our newest post, as the network's file has it."""
        self.worker.run_once()
        return self.shop.posts_by_us()[-1].text

    def command(self, *words: str, stdin: bytes = b"") -> bool:
        """Run a command on the same desk at the same time; whether it was accepted."""
        config = self.folder / "config.toml"
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        stands_still = f"\n[simulation]\nreal = {tomorrow.isoformat()}\ndesk = {self.shop.clock.now().isoformat()}\n"
        account = CONFIG.replace('network = "sandbox"', 'network = "sandbox"\nsandbox = { seed = 1 }')
        config.write_text(account + stands_still, "utf-8")
        return CliRunner().invoke(cli, ["--config", str(config), *words], input=stdin).exit_code == 0


@pytest.fixture(scope="module")
def round_trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    folder = tmp_path_factory.mktemp("round")
    with open_shop(folder) as shop, SandboxServer(shop.network) as server:
        yield Round(folder, shop, server.url)


def signed(text: str, round_trip: Round) -> str:
    """How it is to stand there, told by this test's own reading."""
    body = text.rstrip()
    if body.lower().endswith("^cl"):
        body = unsigned(text, "^{initials}", round_trip.desk.agent)
    return f"{body} ^CL"


many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)


@many
@given(text=texts, visibility=st.sampled_from(("public", "private")))
@example(text="&amp; &lt;b&gt; %20 + \\n e\u0301 ﬁ", visibility="public")
@example(text="  indented\n\n\n  twice", visibility="private")
def test_a_reply_stands_at_the_network_as_it_was_written(round_trip: Round, text: str, visibility: Visibility) -> None:
    try:
        entry = reply(round_trip.desk, round_trip.number, text, visibility, seen_version=None, hold=False)
    except Refused:
        return
    assert round_trip.deliver() == signed(text, round_trip)
    assert entry_of(round_trip.desk, entry.id).state == "sent"


@settings(many, max_examples=15)
@given(text=texts, piped=st.booleans())
@example(text="Ça marche ?\nOui.", piped=True)
def test_a_reply_by_command_stands_there_as_it_was_given(round_trip: Round, text: str, piped: bool) -> None:
    words = ["reply", "--public", "--no-wait", "--", str(round_trip.number), "-" if piped else text]
    if round_trip.command(*words, stdin=text.encode()):
        # The end of a line of standard input is the shell's.
        given_text = text.removeprefix("\ufeff").rstrip("\r\n") if piped else text
        assert round_trip.deliver() == signed(given_text, round_trip)


@settings(many, max_examples=15)
@given(text=texts)
def test_a_reply_taken_back_and_sent_again_is_still_what_was_written(round_trip: Round, text: str) -> None:
    try:
        entry = reply(round_trip.desk, round_trip.number, text, "public", seen_version=None, hold=True)
    except Refused:
        return
    once_more = cancel(round_trip.desk, entry.id)
    reply(round_trip.desk, round_trip.number, once_more, "public", seen_version=None, hold=False)
    assert round_trip.deliver() == signed(text, round_trip)


def test_what_comes_back_by_intake_is_what_was_sent(round_trip: Round) -> None:
    reply(round_trip.desk, round_trip.number, "Å ﬁ e\u0301\n½", "public", seen_version=None, hold=False)
    assert round_trip.deliver() == "Å ﬁ e\u0301\n½ ^CL"
    round_trip.worker.run_once()
    texts_sent = {post.text for post in round_trip.shop.posts_by_us()}
    with round_trip.shop.database.read() as session:
        stored = {row[0] for row in session.all("SELECT text FROM message WHERE direction = 'outbound'")}
    assert stored == texts_sent
