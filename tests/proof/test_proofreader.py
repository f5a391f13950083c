"""The proofreader: what it finds by a real process, and how it takes one that is slow, ends or talks nonsense."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from carecli.playbook.checks import Proof
from carecli.proof import proofreader as proofreading
from carecli.proof.dictionaries import find
from carecli.proof.proofreader import Proofreader
from carecli.proof.standing import is_installed
from tests.proof.material import DICTIONARIES, POLISH, doubted, program

pytestmark = pytest.mark.proofread

# Answers each task, the word "slow" in it after a while, with a slip as long as the text.
ECHO = """
import json, sys, time
for line in sys.stdin.buffer:
    task = json.loads(line)
    if "end" in task["text"]:
        sys.exit(1)
    if "slow" in task["text"]:
        time.sleep(0.8)
    if "hang" in task["text"]:
        time.sleep(60)
    slip = {"check": "spelling", "start": 0, "end": len(task["text"])}
    print(json.dumps({"number": task["number"], "slips": [slip]}), flush=True)
"""


@pytest.fixture(scope="module")
def real() -> Iterator[Proofreader]:
    if not is_installed():
        pytest.skip("The extra `proof` is not installed.")
    one = Proofreader([DICTIONARIES])
    yield one
    one.close()


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proofreader]:
    monkeypatch.setattr(proofreading, "is_installed", lambda: True)
    one = Proofreader([], program(ECHO))
    yield one
    one.close()


def read(reader: Proofreader, text: str, language: str = "en", *allowed: str, seconds: float = 20.0) -> Proof | None:
    return reader.read(text, language, frozenset(allowed), seconds=seconds)


def until_asked(reader: Proofreader, times: int) -> None:
    """Wait until so many texts were handed in, and the first of them is being read."""
    end = time.monotonic() + 10
    while reader._asked < times or not reader._turn.locked():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_misspelt_word_is_found_by_the_dictionary_with_what_is_meant(real: Proofreader) -> None:
    proof = read(real, POLISH, "pl")
    assert doubted(proof) == ["pszepraszamy"]
    assert proof is not None
    assert proof.slips[0].suggestions[0] == "przepraszamy"


def test_what_is_allowed_is_no_slip_and_neither_are_names_links_and_signatures(real: Proofreader) -> None:
    text = "Dzień dobry @zofja, kłopot z routrem już znamy za Northwint: https://nwb.example/pomocc #internett ^KL"
    assert doubted(read(real, text, "pl")) == ["routrem", "znamy"]
    assert doubted(read(real, text, "pl", "routrem", "znamy")) == []


def test_a_text_in_another_language_is_left_alone(real: Proofreader) -> None:
    assert doubted(read(real, "we are sorry for all this trouble and will call back", "pl")) == []


def test_english_grammar_is_read_with_what_is_meant(real: Proofreader) -> None:
    proof = read(real, "We has sent a engineer, alot of thanks for the the patience.")
    assert doubted(proof, "grammar") == ["has", "a", "alot", "the the"]
    assert proof is not None
    assert [slip.suggestions[0] for slip in proof.slips] == ["have", "an", "a lot", "the"]
    assert all(slip.reason.endswith((".", "?")) for slip in proof.slips)


@pytest.mark.parametrize("text", ["The colour of your cheque is grey.", "The color of your check is gray."])
def test_english_is_right_as_it_is_on_either_side_of_the_atlantic(real: Proofreader, text: str) -> None:
    assert doubted(read(real, text)) == []


def test_english_spelling_leaves_brands_and_people_alone(real: Proofreader) -> None:
    text = "Hi Zofia, zofia, the northwint hub will recieve it. See nwb.exmaple/hlep @foo_barr {ordr} DM us, ok? ^CLx"
    assert doubted(read(real, text, "en", "zofia", "northwint")) == ["recieve"]


def test_a_language_without_a_dictionary_is_not_read(real: Proofreader) -> None:
    assert read(real, "Merhabba", "xx") is None


@pytest.mark.parametrize(
    ("tag", "text", "slip"),
    [
        ("pl", "Dzień dobry, pszepraszamy za problem z internetem.", "pszepraszamy"),
        ("de", "Wir haben Ihre Nachricht erhallten und melden uns morgen.", "erhallten"),
        ("tr", "Merhaba, mesajınızı aldık ve hemen ilgilenniyoruz.", "ilgilenniyoruz"),
        ("cs", "Dobrý den, omlouváme se za potíže s internettem.", "internettem"),
        ("ru", "Здравствуйте, приносим извинения за неудобстваа.", "неудобстваа"),
    ],
)
def test_the_dictionaries_of_this_machine_are_read(tag: str, text: str, slip: str) -> None:
    from carecli.desk.proofreading import proofreader_for

    reader = proofreader_for(None)
    if not is_installed() or find(tag, reader.folders) is None:
        pytest.skip(f"There is no dictionary of {tag} on this machine.")
    assert doubted(read(reader, text, tag)) == [slip]
    reader.close()


def test_only_the_last_of_those_who_wait_is_answered(echo: Proofreader) -> None:
    answers: dict[str, Proof | None] = {}

    def ask(text: str) -> None:
        answers[text] = read(echo, text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in ("slow", "older", "newest")]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        until_asked(echo, number)
    for thread in threads:
        thread.join()
    assert answers["older"] is None
    assert doubted(answers["newest"]) == ["newest"]


def test_nobody_waits_longer_than_they_said_and_the_late_answer_is_taken_for_nothing_else(echo: Proofreader) -> None:
    assert read(echo, "quick") is not None
    began = time.monotonic()
    assert read(echo, "slow", seconds=0.05) is None
    assert time.monotonic() - began < 0.3
    assert doubted(read(echo, "afterwards")) == ["afterwards"]


def test_a_process_that_hangs_is_ended_and_another_begun(echo: Proofreader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(echo, "quick") is not None
    monkeypatch.setattr(proofreading, "_HANGS_SECONDS", 0.1)
    assert read(echo, "hang", seconds=0.1) is None
    assert doubted(read(echo, "again")) == ["again"]


def test_a_process_that_ended_is_begun_anew_but_not_for_ever(echo: Proofreader) -> None:
    for _ in range(2):
        assert read(echo, "end") is None
        assert doubted(read(echo, "again")) == ["again"]
    for _ in range(3):
        assert read(echo, "end") is None
    assert read(echo, "again") is None


def test_a_process_that_talks_nonsense_or_cannot_start_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofreading, "is_installed", lambda: True)

    def missing() -> None:
        raise FileNotFoundError("python")

    for start in (program("input(); print('nonsense')"), missing):
        reader = Proofreader([], start)  # type: ignore[arg-type]
        assert read(reader, "text", seconds=5) is None
        reader.close()


def test_closing_ends_the_process_and_who_waits_gets_nothing(echo: Proofreader) -> None:
    answers: list[Proof | None] = []
    assert read(echo, "quick") is not None
    waiting = threading.Thread(target=lambda: answers.append(read(echo, "hang")))
    waiting.start()
    until_asked(echo, 2)
    echo.close()
    waiting.join(5)
    assert answers == [None]
    assert read(echo, "after the end") is None
