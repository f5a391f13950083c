"""One table of commands: no key means two things in one place, and users may move every key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from carecli.errors import ConfigError
from carecli.tui.keymap import COMMANDS, TOGETHER, Command, bindings, keymap, shown

ROOT = Path(__file__).parents[2]


def works(_: Command) -> bool:
    return True


@pytest.mark.parametrize("places", TOGETHER, ids="+".join)
def test_no_key_means_two_things_in_one_place(places: tuple[str, ...]) -> None:
    taken = [key for command in COMMANDS if command.where in places for key in command.keys.split(",")]
    assert sorted(taken) == sorted(set(taken))


def test_each_command_has_its_own_id_and_a_whole_sentence() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert all(command.sentence[0].isupper() and command.sentence.endswith(".") for command in COMMANDS)


def test_a_command_can_be_given_other_keys() -> None:
    keys = keymap({"queue.next": "F5, question_mark", "screen.help": "f1"})
    assert keys.keys("queue.next") == ("f5", "?")
    assert keys.overrides() == {"queue.next": "f5,?", "screen.help": "f1"}
    assert keys.hints(["desk"], works)[0] == ("f5", "next")


def test_two_commands_can_swap_their_keys() -> None:
    keys = keymap({"queue.next": "r", "conversation.reply": "n"})
    assert (keys.keys("queue.next"), keys.keys("conversation.reply")) == (("r",), ("n",))


def test_a_key_that_is_taken_in_the_same_place_is_refused_with_both_names() -> None:
    with pytest.raises(ConfigError, match=r"'r' already means 'conversation\.reply'") as refused:
        keymap({"queue.next": "r"})
    assert refused.value.key == "keys.queue.next"
    assert "conversation.reply" in refused.value.remedy


def test_the_same_key_may_mean_another_thing_on_another_screen() -> None:
    assert keymap({"outbox.cancel": "z"}).keys("outbox.cancel") == ("z",)


def test_an_unknown_command_is_named() -> None:
    with pytest.raises(ConfigError, match=r"'queue\.nxt', which is not a command") as refused:
        keymap({"queue.nxt": "n"})
    assert refused.value.key == "keys.queue.nxt"


@pytest.mark.parametrize("key", ["ctr+n", "nn", "hyper+n", "", "ctrl+", " , "])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigError) as refused:
        keymap({"queue.next": key})
    assert refused.value.key == "keys.queue.next"


@pytest.mark.parametrize(("key", "told"), [("escape", "esc"), ("ctrl+up", "ctrl+↑"), ("n", "n"), ("+", "+")])
def test_a_key_is_told_as_people_say_it(key: str, told: str) -> None:
    assert shown(key) == told


def test_hints_leave_out_what_does_not_work_now() -> None:
    keys = keymap({})
    hints = keys.hints(["desk"], lambda command: command.id == "conversation.reply")
    assert hints == (("r", "reply"),)


def test_bindings_carry_the_commands_ids_so_that_they_can_be_remapped() -> None:
    from textual.binding import Binding

    made = [binding for binding in bindings("composer") if isinstance(binding, Binding)]
    assert [(binding.id, binding.action) for binding in made] == [
        ("reply.send", "reply_send"),
        ("reply.attach", "reply_attach"),
        ("reply.mend", "reply_mend"),
        ("reply.snippet", "reply_snippet"),
        ("reply.tick", "reply_tick"),
        ("reply.preview", "reply_preview"),
        ("reply.detach", "reply_detach"),
    ]


def test_the_page_of_keys_is_current() -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.keys", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_reading_the_keys_does_not_import_textual() -> None:
    code = "import sys; from carecli.tui.keymap import keymap; keymap({}); sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_every_sentence_fits_its_column_of_the_help_and_one_line_of_the_palette() -> None:
    assert [command.id for command in COMMANDS if len(command.sentence) > 61] == []
