"""What strangers write never acts in what a command prints: on a terminal, in a pipe, in errors, as JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from wcwidth import wcswidth

from carecli.cli.commands import cli
from carecli.store.sqlite import open_database
from tests.end_to_end.attacked import everything, write_more
from tests.end_to_end.flags import command
from tests.hostile import HOSTILE, SURROGATES, acting
from tests.terminal.session import Session

# What `cli.tables` writes around a row, and nothing else does.
_TONE = re.compile(r"\x1b\[(?:1;31|33|2|32)m(?P<row>[^\x1b]*)\x1b\[0m")
COLUMNS = 100
CSV_HEAD = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
TITLE = "\x1b]0;owned\x07"


def archives(folder: Path) -> Iterator[Path]:
    """An archive of each kind, whose every word is hostile and whose last rows are torn."""
    everybody = [*HOSTILE, SURROGATES]
    lines = [
        {
            "remote_id": f"{number}{hostile.text[:20]}",
            "author": {"remote_id": f"p{number}", "handle": hostile.text, "display_name": hostile.text},
            "own": number % 2 == 1,
            "text": hostile.text,
            "published_at": "2026-03-02T09:00:00Z",
            "language": hostile.text,
            "attachments": [hostile.text],
        }
        for number, hostile in enumerate(everybody)
    ]
    bad = [{"remote_id": "x", hostile.text: hostile.text, "published_at": hostile.text} for hostile in everybody]
    written = {
        "lines.jsonl": [json.dumps(line) for line in [*lines, *bad]],
        "care.csv": [
            CSV_HEAD,
            *(
                f'{number},"{_quoted(h.text)}",{number % 2 == 0},Tue Oct 31 22:10:47 +0000 2017,"{_quoted(h.text)}",,'
                for number, h in enumerate(HOSTILE)
            ),
            *(f"{hostile.text[:200]},{hostile.text[:200]}" for hostile in HOSTILE),
        ],
    }
    for name, rows in written.items():
        # A name of a file is a stranger's word as well.
        path = folder / f"{TITLE}{name}"
        path.write_text("\n".join(rows), "utf-8", newline="")
        yield path


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def reading(folder: Path) -> list[list[str]]:
    """Commands that print what strangers wrote."""
    shown = [["show", str(number)] for number in range(1, len(HOSTILE) + 1)]
    imports = [["import", str(path), "--database", str(folder / "other.db")] for path in archives(folder)]
    lists = [["queue", "--limit", "100"], ["queue", "--search", everything()], ["outbox", "--all"], ["shift", "status"]]
    return [*lists, *shown, ["next"], ["private", "1"], *imports]


def failing(folder: Path) -> list[list[str]]:
    """Commands that go wrong, and say so in the words that they were given."""
    hostile = everything().replace("\x00", "")
    return [
        [hostile],
        ["queue", f"--{hostile}"],
        ["queue", "--account", hostile],
        ["queue", "--fail-if-due", hostile],
        ["show", hostile],
        ["snooze", "1", hostile],
        ["resolve", "1", "--outcome", hostile],
        ["reply", "2", f"{hostile}", "--public", "--dry-run"],
        ["reply", "2", f"Hi {TITLE} ^HCK", "--public"],
        ["reply", "2", "Hi", "--public", "--if-unchanged", "0"],
        ["import", str(folder / f"{TITLE}.csv")],
        ["replay", str(folder / f"{TITLE}.csv")],
        ["replay", str(next(archives(folder))), "--brand", hostile],
        ["--agent", hostile, "next"],
        ["--config", str(_bad_configuration(folder)), "config", "check"],
    ]


def _bad_configuration(folder: Path) -> Path:
    path = folder / f"{TITLE}.toml"
    word = json.dumps(everything().replace("\x7f", ""))
    path.write_text(f"version = 1\n{word} = 1\ntheme = {word}\n[keys]\n{word} = {word}\n", "utf-8")
    return path


def changing() -> list[list[str]]:
    """Commands that say what they have done, in strangers' words and in those of colleagues."""
    hostile = everything().replace("\x00", "")
    return [
        ["note", "2", hostile],
        ["reply", "2", f"Hi {hostile[:120]}", "--public", "--override", hostile, "--no-wait"],
        ["outbox", "cancel", str(len(HOSTILE) + 1)],
        ["resolve", "3", "--outcome", "no_reply_needed", "--reason", hostile],
        ["greet", "--dry-run"],
        ["doctor"],
    ]


def test_no_command_acts_in_a_pipe(attacked: Path) -> None:
    good, bad = [*reading(attacked), *changing()], failing(attacked)
    for words in [*good, *bad]:
        done = CliRunner().invoke(cli, ["--config", str(attacked / "config.toml"), *words])
        assert (done.exit_code == 0) == (words in good), (words[0], done.output)
        for said in (done.stdout, done.stderr):
            assert ascii(acting(said)) == "''", words[:2]


def test_json_is_harmless_too_and_the_same_to_a_program(attacked: Path) -> None:
    for words in [*reading(attacked), *failing(attacked)]:
        at = words.index("--") if "--" in words else len(words)
        done = CliRunner().invoke(cli, ["--config", str(attacked / "config.toml"), *words[:at], "--json", *words[at:]])
        for said in filter(None, (done.stdout, done.stderr)):
            assert ascii(acting(said)) == "''", words[:2]
            assert json.loads(said)["version"] == 1


def test_no_command_acts_on_a_terminal(attacked: Path) -> None:
    said = _said(attacked, [*reading(attacked), *failing(attacked)])
    assert said.endswith("all done\r\n")
    assert _TONE.search(said), "a terminal gets colours"
    assert ascii(acting(_TONE.sub(r"\g<row>", said).replace("\r\n", "\n"))) == "''"


def test_no_name_makes_a_table_wider_than_the_terminal(attacked: Path) -> None:
    rows = _TONE.sub(r"\g<row>", _said(attacked, [["queue"], ["outbox", "--all"]])).split("\r\n")
    assert len(rows) > 2 * len(HOSTILE)
    assert max(wcswidth(row) for row in rows) <= COLUMNS


def test_what_happens_is_told_harmlessly(attacked: Path) -> None:
    database = open_database(attacked / "desk.db")
    try:
        with Session(command(attacked, "watch"), rows=50, columns=COLUMNS) as terminal:
            # The watch tells what comes after it has begun, and not when that is.
            for number in range(len(HOSTILE)):
                write_more(database, number, HOSTILE[number].text)
                if terminal.read(0.3):
                    break
            terminal.settle()
            lines = [line for line in terminal.raw.decode().split("\r\n") if line]
            assert {json.loads(line)["kind"] for line in lines} == {"happening"}
            assert ascii(acting("\n".join(lines))) == "''"
    finally:
        database.close()


def _said(folder: Path, commands: list[list[str]]) -> str:
    """What commands print on a terminal."""
    every = [["--config", str(folder / "config.toml"), *words] for words in commands]
    (folder / "commands.json").write_text(json.dumps(every), "utf-8")
    program = [sys.executable, "-m", "tests.end_to_end.many_commands", str(folder / "commands.json")]
    with Session(program, rows=50, columns=COLUMNS) as terminal:
        assert terminal.wait_exit(60) == 0
        assert terminal.screen.title == ""
        return terminal.raw.decode()
