"""Every key command of the desk, declared once: bindings, hint line, help, palette and docs/keys.md come from here.

Users remap a command by its id in the configuration's `[keys]`; keys that mean two things in one place are refused.
Not for: what a command does (the screens), or keyboard layouts (`keyboard_layouts`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from carecli.errors import ConfigError
from carecli.model import Record

if TYPE_CHECKING:
    from textual.binding import BindingType

Place = Literal["everywhere", "desk", "list", "thread", "composer", "search", "outbox", "shift", "help", "dialog"]
Category = Literal["Queue", "Conversation", "Reply", "Shift", "Outbox", "Moving", "Dialogs", "Everywhere"]

TOGETHER: tuple[tuple[Place, ...], ...] = (
    ("list", "desk", "everywhere"),
    ("list", "thread", "desk", "everywhere"),
    ("composer", "desk", "everywhere"),
    ("search", "desk", "everywhere"),
    ("list", "outbox", "everywhere"),
    ("list", "shift", "everywhere"),
    ("list", "help", "everywhere"),
    ("list", "dialog"),
)
"""The places whose keys are live at the same time: a key may mean one thing in each of these."""


class Command(Record, frozen=True):
    """One thing that a key does.

    keys: as in the configuration, several by commas. sentence: what it does, for help and palette.
    hint: the word beside the key in the hint line; empty: not shown there. fixed: users cannot move it.
    """

    id: str
    keys: str
    sentence: str
    category: Category
    where: Place
    hint: str = ""
    fixed: bool = False

    @property
    def action(self) -> str:
        """The action's name: `queue.next` is done by `action_queue_next`."""
        return self.id.replace(".", "_")


def _commands(category: Category, where: Place, *rows: tuple[str, str, str, str]) -> tuple[Command, ...]:
    return tuple(Command(id, keys, sentence, category, where, hint) for id, keys, hint, sentence in rows)


COMMANDS: tuple[Command, ...] = (
    *_commands(
        "Queue",
        "desk",
        ("queue.next", "n", "next", "Take the most urgent conversation that nobody has."),
    ),
    *_commands(
        "Conversation",
        "desk",
        ("conversation.reply", "r", "reply", "Write a reply."),
        ("conversation.private", "p", "private", "Go on in private, or invite the customer to."),
        ("conversation.claim", "c", "claim", "Claim the conversation: colleagues see that it is yours."),
        ("conversation.release", "x", "release", "Give the conversation back to the queue."),
        ("conversation.snooze", "z", "snooze", "Snooze: out of the queue until a time you choose."),
        ("conversation.resolve", "e", "resolve", "Resolve the conversation, with its outcome."),
        ("conversation.reopen", "E", "", "Take back the last resolution."),
        ("conversation.note", "a", "note", "Leave a note for colleagues."),
        ("conversation.reveal", "v", "reveal", "Show the open conversation's personal data, or hide it."),
    ),
    *_commands(
        "Conversation",
        "thread",
        ("thread.copy", "y", "copy", "Copy the message under the cursor."),
    ),
    *_commands(
        "Reply",
        "composer",
        ("reply.send", "ctrl+s,ctrl+enter", "send", "Send the reply, signed. It is held for a moment first."),
        ("reply.attach", "ctrl+o", "attach", "Attach a picture or film to the reply, with words for it."),
        ("reply.mend", "ctrl+n", "mend", "Mend what a check has found, one by one, then go to the gaps."),
        ("reply.snippet", "ctrl+b", "snippet", "Put one of the desk's ready sentences into the reply."),
        ("reply.tick", "ctrl+t", "answered", "Tick off a question of the customer's as answered."),
        ("reply.preview", "ctrl+l", "preview", "Preview the reply as the network will show it, part by part."),
        ("reply.detach", "ctrl+r", "take off", "Take off what was attached last."),
    ),
    *_commands(
        "Reply",
        "desk",
        ("reply.undo", "u", "take back", "Take back the reply that is still held: its text returns."),
    ),
    *_commands(
        "Queue",
        "desk",
        ("queue.search", "/", "search", "Search the messages of the queue."),
        ("queue.filter", "f", "filter", "Show a part of the queue only."),
    ),
    *_commands(
        "Queue",
        "search",
        ("search.done", "enter,down", "results", "Go from the search to its results."),
    ),
    *_commands(
        "Shift",
        "desk",
        ("shift.greet", "g", "greeting", "Preview the shift's greeting, then post it."),
        ("shift.sign_off", "G", "", "Preview the sign-off, then post it."),
    ),
    *_commands(
        "Shift",
        "shift",
        ("team.greet", "g", "greeting", "Preview the greeting, then post it."),
        ("team.sign_off", "G", "sign-off", "Preview the sign-off, then post it."),
        ("team.begin", "b", "begin", "Begin the shift without a greeting."),
        ("team.close", "h", "hand over", "Close the shift with a hand-over text."),
        ("team.account", "tab", "account", "Look at the next account's shift."),
    ),
    *_commands(
        "Outbox",
        "outbox",
        ("outbox.approve", "a", "approve", "Let the waiting reply go. It is held for a moment first."),
        ("outbox.edit", "e", "change", "Change the waiting reply's text; its author signs it."),
        ("outbox.return", "x", "send back", "Send the waiting reply back to its author, with a reason."),
        ("outbox.cancel", "u", "take back", "Take back the held reply under the cursor, or your word."),
        ("outbox.settle", "t", "settle", "Decide what becomes of a reply that is stuck."),
        ("outbox.browse", "b", "browser", "Open the network's page, where a refused reply can be sent."),
        ("outbox.copy", "y", "copy link", "Copy the link to that page."),
        ("outbox.all", "f", "all", "Show what was sent as well, or only what is on its way."),
    ),
    *_commands(
        "Moving",
        "list",
        ("list.choose", "enter", "open", "Open what is under the cursor."),
        ("list.down", "j,down", "", "Move down."),
        ("list.up", "k,up", "", "Move up."),
        ("list.page_down", "pagedown,ctrl+f", "", "Move down a page."),
        ("list.page_up", "pageup,ctrl+b", "", "Move up a page."),
        ("list.home", "home", "", "Move to the first."),
        ("list.end", "end", "", "Move to the last."),
    ),
    *_commands(
        "Moving",
        "desk",
        ("pane.next", "tab", "", "Go to the next pane."),
        ("pane.previous", "shift+tab", "", "Go to the previous pane."),
    ),
    Command("dialog.pick", "1,2,3,4,5,6,7,8,9", "Choose by number.", "Dialogs", "dialog", fixed=True),
    *_commands(
        "Dialogs",
        "dialog",
        ("dialog.save", "ctrl+s,ctrl+enter", "save", "Keep what was written."),
        ("dialog.cancel", "escape", "leave", "Leave the dialog: nothing happens."),
    ),
    *_commands(
        "Everywhere",
        "everywhere",
        ("screen.back", "escape", "back", "Go back one step."),
        ("screen.outbox", "o", "outbox", "Open the outbox."),
        ("screen.shift", "s", "shift", "Open the shift: greeting, roster, hours, hand-over."),
        ("app.palette", "ctrl+p", "palette", "Open the command palette."),
        ("screen.help", "?", "keys", "Show the keys."),
        ("app.quit", "q,ctrl+q", "", "Quit. Asks only if something would be lost."),
        ("app.suspend", "ctrl+z", "", "Stop the desk; `fg` in the shell goes on. In a text, undo."),
        ("app.interrupt", "ctrl+c", "", "Say how to quit; in a text, copy what is marked."),
    ),
)
"""All commands, in the order of the hint line."""

_BY_ID = {command.id: command for command in COMMANDS}
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super"})
_NAMED = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace"}
    | {"enter", "tab", "escape", "space"}
    | {f"f{number}" for number in range(1, 25)}
)
_CHARACTERS = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_"}
_SHOWN = {"up": "↑", "down": "↓", "left": "←", "right": "→"} | {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "delete": "del",
}


class Keymap:
    """The keys of every command as this user has them. Made by `keymap`."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._keys = dict(keys)

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, in the form of the configuration file."""
        return self._keys[command_id]

    def shown(self, command_id: str) -> str:
        """The first key of a command, as one tells a person: `esc`, `↑`, `ctrl+p`."""
        return shown(self._keys[command_id][0])

    def characters(self) -> frozenset[str]:
        """All single characters that mean something somewhere."""
        return frozenset(key for keys in self._keys.values() for key in keys if len(key) == 1)

    def hints(self, places: Iterable[Place], works: Callable[[Command], bool]) -> tuple[tuple[str, str], ...]:
        """Key and word of each command in `places` that has a hint and works just now."""
        live = frozenset(places)
        return tuple(
            (self.shown(command.id), command.hint)
            for command in COMMANDS
            if command.hint and command.where in live and works(command)
        )

    def overrides(self) -> dict[str, str]:
        """What differs from the table, in the form of Textual's `App.set_keymap`."""
        return {
            command.id: ",".join("comma" if key == "," else key for key in self._keys[command.id])
            for command in COMMANDS
            if self._keys[command.id] != _split(command.keys)
        }


def keymap(configured: Mapping[str, str]) -> Keymap:
    """The table with the user's own keys, the configuration's `[keys]`.

    Raises `ConfigError` for an unknown command, a key that cannot be read, or one that means two things in one place.
    """
    keys = {command.id: _split(command.keys) for command in COMMANDS}
    for command_id, text in configured.items():
        if command_id not in keys:
            raise ConfigError(
                f"`keys` names {command_id!r}, which is not a command.",
                "docs/keys.md lists the commands.",
                key=f"keys.{command_id}",
            )
        if _BY_ID[command_id].fixed:
            raise ConfigError(
                f"`keys.{command_id}`: these keys stay as they are.", "Take the line out.", key=f"keys.{command_id}"
            )
        keys[command_id] = tuple(_normal(key, command_id) for key in _split(text))
    for places in TOGETHER:
        _check_clashes(keys, frozenset(places), configured)
    return Keymap(keys)


def bindings(*places: Place) -> list[BindingType]:
    """Textual's bindings of the commands in `places`, for a `BINDINGS` class variable."""
    from textual.binding import Binding

    return [
        # Moving has priority, which means: at once. Other keys first go through every widget up to the app.
        Binding(
            command.keys, command.action, command.sentence, show=False, id=command.id, priority=command.where == "list"
        )
        for command in COMMANDS
        if command.where in places and not command.fixed
    ]


def shown(key: str) -> str:
    """A key as one tells a person: `escape` is `esc`, `ctrl+up` is `ctrl+↑`."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _SHOWN.get(base, base)])


def key_of(character: str) -> str:
    """The name that Textual gives the key of a character: `?` is `question_mark`."""
    from textual.binding import Binding

    return next(iter(Binding.make_bindings([Binding(character, "")]))).key


def command(command_id: str) -> Command:
    """The command with this id."""
    return _BY_ID[command_id]


def categories(commands: Iterable[Command] = COMMANDS) -> dict[Category, list[Command]]:
    """The commands by category, in the order in which a newcomer needs them."""
    grouped: dict[Category, list[Command]] = {category: [] for category in get_args(Category)}
    for entry in commands:
        grouped[entry.category].append(entry)
    return {category: entries for category, entries in grouped.items() if entries}


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _normal(key: str, command_id: str) -> str:
    """The one way in which a key is written here: `question_mark` is `?`, `Ctrl+N` is `ctrl+n`."""
    if len(key) == 1:
        return key
    *modifiers, base = key.split("+")
    modifiers = [modifier.lower() for modifier in modifiers]
    if len(base) > 1:
        base = base.lower()
        if base not in _NAMED:
            try:
                base = _CHARACTERS.get(base) or unicodedata.lookup(base.replace("_", " ").upper())
            except KeyError:
                base = ""
    if not base or not set(modifiers) <= _MODIFIERS:
        raise ConfigError(
            f"`keys.{command_id}`: {key!r} is not a key.",
            "Write it as n, N, ?, f5, escape or ctrl+n; several by commas.",
            key=f"keys.{command_id}",
        )
    return "+".join([*modifiers, base])


def _check_clashes(
    keys: Mapping[str, tuple[str, ...]], places: frozenset[Place], configured: Mapping[str, str]
) -> None:
    taken: dict[str, str] = {}
    for entry in COMMANDS:
        if entry.where not in places:
            continue
        if not keys[entry.id]:
            raise ConfigError(f"`keys.{entry.id}` is empty.", "Give it a key, or leave it out.", key=f"keys.{entry.id}")
        for key in keys[entry.id]:
            other = taken.setdefault(key, entry.id)
            if other != entry.id:
                mine, its = (entry.id, other) if entry.id in configured else (other, entry.id)
                raise ConfigError(
                    f"`keys.{mine}`: {shown(key)!r} already means {its!r} in the same place.",
                    f"Choose another key, or give {its!r} another one too.",
                    key=f"keys.{mine}",
                )
