"""What is said of a draft: each check by itself, and the levels that a playbook sets."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Agent, Finding, Length, Level, Playbook, Visibility
from carecli.playbook.checks import ALWAYS, CHECKS, DraftFacts, check_reply, worst
from carecli.playbook.signature import sign

CLAIRE = Agent("claire", "Claire Lane", "CL")
ROB = Agent("rob", "Rob Byrne", "RB")
FITS = Length(100, 280, "weighted characters")
GOOD = "Hi Andy, it is on its way."


def facts(
    levels: dict[str, Level] | None = None,
    *,
    agent: Agent = CLAIRE,
    visibility: Visibility = "public",
    greeted: bool = True,
    customer_name: str = "Andy Loynes",
    first_reply: bool = True,
    interactions: int = 2,
) -> DraftFacts:
    return DraftFacts(
        visibility=visibility,
        agent=agent,
        roster=(CLAIRE, ROB),
        playbook=Playbook(levels=levels or {}),
        greeted=greeted,
        customer_name=customer_name,
        first_reply=first_reply,
        interactions=interactions,
    )


def found(text: str, about: DraftFacts, length: Length = FITS) -> dict[str, Level]:
    return {finding.check: finding.level for finding in check_reply(about, text, length)}


def test_a_good_reply_has_no_findings() -> None:
    assert check_reply(facts(), GOOD, FITS) == ()


# ── form ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["", " \n ", "^CL", "\u200e"])
def test_nothing_to_send_blocks(text: str) -> None:
    assert found(text, facts())["empty"] == "block"


def test_what_the_network_does_not_take_blocks_and_says_how_much() -> None:
    (finding,) = check_reply(facts(), GOOD, Length(292, 280, "weighted characters"))
    assert (finding.check, finding.level) == ("over-length", "block")
    assert finding.sentence == "12 weighted characters too long."


@pytest.mark.parametrize("text", [f"{GOOD} ^RB", f"{GOOD}\n– Rob", f"{GOOD} ^XY"])
def test_anothers_signature_blocks_and_is_pointed_at(text: str) -> None:
    (finding,) = check_reply(facts(), text, FITS)
    assert (finding.check, finding.level) == ("foreign-signature", "block")
    assert text[finding.start : finding.end].strip() in finding.sentence


def test_ones_own_signature_in_the_middle_blocks_and_at_the_end_does_not() -> None:
    assert found(f"Hi Andy ^CL {GOOD}", facts()) == {"doubled-signature": "block"}
    assert found(f"{GOOD} ^CL", facts()) == {}


def test_an_agent_without_a_name_cannot_reply() -> None:
    assert found(GOOD, facts(agent=Agent("new", "", ""))) == {"unsigned": "block"}


@pytest.mark.parametrize(
    "hidden", ["\x1b", "\x00", "\x9b", "\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\udc80", "\r"]
)
def test_hidden_characters_block_and_are_pointed_at(hidden: str) -> None:
    text = f"Hi Andy, it is{hidden} on its way."
    (finding,) = check_reply(facts(), text, FITS)
    assert (finding.check, finding.level) == ("control-characters", "block")
    assert text[finding.start : finding.end] == hidden


@pytest.mark.parametrize("text", ["Hi Andy 👩‍💻❤️", "Hi Andy,\n\tyes", "שלום Andy\u200f, בדרך", "Hi Andy, سلام\u200cها"])
def test_what_writers_of_any_script_type_is_not_hidden(text: str) -> None:
    assert found(text, facts()) == {}


# ── privacy ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("4111 1111 1111 1111", "A card number would stand in public."),
        ("DE89 3704 0044 0532 0130 00", "A bank account's number would stand in public."),
        ("andy@example.com", "An e-mail address would stand in public."),
        ("+44 7700 900123", "A telephone number would stand in public."),
        ("078-05-1120", "A national number would stand in public."),
    ],
)
def test_personal_data_in_public_blocks_is_pointed_at_and_not_repeated(data: str, sentence: str) -> None:
    text = f"Hi Andy, we have {data} here."
    finding = check_reply(facts(), text, FITS)[0]
    assert (finding.check, finding.level, finding.sentence) == ("personal-data", "block", sentence)
    assert text[finding.start : finding.end] == data


def test_personal_data_may_be_written_in_private() -> None:
    assert "personal-data" not in found("Hi Andy, is it +44 7700 900123?", facts(visibility="private"))


def test_where_the_customer_is_told_to_call_is_another_check_s_matter() -> None:
    checks = found("Hi Andy, please call us on +44 7700 900123.", facts())
    assert "personal-data" not in checks and "deflection-call" in checks


def test_the_brands_own_contacts_may_stand_in_public() -> None:
    own = Playbook(own_contacts=("+44 7700 900123", "@northwind.example"))
    about = msgspec.structs.replace(facts(), playbook=own)
    assert "personal-data" not in found("Hi Andy, it is 07700 900123, or care@northwind.example.", about)


def test_an_order_number_is_no_personal_data() -> None:
    assert found("Hi Andy, order 4111111111111111 is on its way.", facts()) == {}


# ── conduct ───────────────────────────────────────────────────────────────────────────────────────


def test_a_public_reply_before_the_greeting_is_a_warning() -> None:
    assert found(GOOD, facts(greeted=False)) == {"greeting-missing": "warn"}


def test_a_private_reply_needs_no_greeting() -> None:
    assert found(GOOD, facts(greeted=False, visibility="private")) == {}


def test_a_first_reply_without_the_customers_name_is_a_hint() -> None:
    assert found("It is on its way.", facts()) == {"name-missing": "hint"}


@pytest.mark.parametrize(
    "about",
    [
        facts(first_reply=False),
        facts(customer_name="xX_sniper_Xx"),
        facts(customer_name="Leeds Fans"),
        facts(customer_name=""),
    ],
)
def test_a_later_reply_or_a_customer_without_a_name_needs_none(about: DraftFacts) -> None:
    assert found("It is on its way.", about) == {}


@pytest.mark.parametrize(
    ("interactions", "level"),
    [(5, None), (6, "hint"), (9, "hint"), (10, "warn"), (17, "warn"), (18, "warn"), (400, "warn")],
)
def test_a_long_exchange_is_a_hint_and_then_a_warning(interactions: int, level: Level | None) -> None:
    assert found(GOOD, facts(interactions=interactions)) == ({"interactions": level} if level else {})


def test_each_number_of_interactions_has_its_own_advice() -> None:
    advice = {check_reply(facts(interactions=n), GOOD, FITS)[0].remedy for n in (6, 10, 18)}
    assert len(advice) == 3


# ── levels ────────────────────────────────────────────────────────────────────────────────────────


def test_a_playbook_sets_what_a_check_may_do() -> None:
    assert found(GOOD, facts({"greeting-missing": "block"}, greeted=False)) == {"greeting-missing": "block"}
    assert found("On its way.", facts({"name-missing": "off"})) == {}


def test_what_the_signature_and_the_network_ask_for_cannot_be_switched_off() -> None:
    off: dict[str, Level] = dict.fromkeys(CHECKS, "off")
    assert found(f"{GOOD} ^RB", facts(off)) == {"foreign-signature": "block"}
    assert found("", facts(off)) == {"empty": "block"}
    assert found(GOOD, facts(off), Length(281, 280)) == {"over-length": "block"}
    assert found(f"{GOOD} ^CL and so on", facts(off)) == {"doubled-signature": "block"}
    assert frozenset(CHECKS) >= ALWAYS


def test_the_gravest_comes_first_and_is_the_worst() -> None:
    findings = check_reply(facts(greeted=False, interactions=6), "On its way. ^RB", FITS)
    assert [finding.level for finding in findings] == ["block", "warn", "hint", "hint"]
    assert worst(findings) == "block"
    assert worst(findings[1:]) == "warn"
    assert worst(()) == "off"


# ── any draft ─────────────────────────────────────────────────────────────────────────────────────

drafts = st.text(max_size=120) | st.lists(
    st.sampled_from(("Hi", "Andy", "^CL", "^RB", "Rob", "\n", "\u202e", "👍", "https://t.co/x", "5^2")), max_size=8
).map(" ".join)


@given(drafts, st.booleans(), st.integers(0, 30))
def test_whatever_is_typed_findings_have_a_sentence_a_remedy_and_a_place_in_the_text(
    text: str, greeted: bool, interactions: int
) -> None:
    for finding in check_reply(facts(greeted=greeted, interactions=interactions), text, FITS):
        assert finding.check in CHECKS
        assert finding.sentence.endswith(".")
        assert finding.remedy
        assert 0 <= finding.start <= finding.end <= len(text)


@given(drafts)
def test_a_draft_that_no_check_blocks_can_be_signed(text: str) -> None:
    if worst(check_reply(facts(), text, FITS)) != "block":
        assert not isinstance(sign(text, Playbook().signature, CLAIRE, (CLAIRE, ROB)), Finding)


@pytest.mark.parametrize(
    ("asked", "said"), [(1, "“Is it slow?” is still open."), (3, "“Is it slow?” and 2 more are still open.")]
)
def test_questions_that_nobody_has_ticked_off_are_counted(asked: int, said: str) -> None:
    about = msgspec.structs.replace(facts(), open_questions=("Is it slow?",) * asked)
    assert said in [found.sentence for found in check_reply(about, GOOD, FITS)]
