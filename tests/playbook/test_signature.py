"""The signature as an invariant: once, at the end, the author's own; whatever was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carecli.model import Agent, Finding
from carecli.playbook.signature import render, sign, unsigned, validate_format, verify

CLAIRE = Agent("claire", "Claire Lane", "CL")
ROB = Agent("rob", "Rob Byrne", "RB")
MIRA = Agent("mira", "Mira Şahin", "MŞ")
DAVID = Agent("david", "דוד לוי", "דל")
ROSTER = (CLAIRE, ROB, MIRA, DAVID)
FORMATS = (
    "^{initials}",
    "^{first_name}",
    "– {first_name}",
    "- {name}",
    "-{first_name}",
    "*{initials}",
    "/{initials}",
    "~{initials}",
    "={initials}",
    "{first_name}",
    "{initials}",
    "\n{first_name}",
    "\n— {name}",
    "With care, {first_name}",
    "[{initials}]",
)


def signed(body: str, format: str = "^{initials}", agent: Agent = CLAIRE) -> str:
    outcome = sign(body, format, agent, ROSTER)
    assert not isinstance(outcome, Finding), outcome
    return outcome


def refused(body: str, format: str = "^{initials}", agent: Agent = CLAIRE) -> str:
    outcome = sign(body, format, agent, ROSTER)
    assert isinstance(outcome, Finding), outcome
    assert outcome.level == "block"
    assert outcome.sentence.endswith(".")
    assert outcome.remedy.endswith(".")
    return outcome.check


# ── what it looks like ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("^{initials}", "On its way. ^CL"),
        ("– {first_name}", "On its way. – Claire"),
        ("*{initials}", "On its way. *CL"),
        ("{name}", "On its way. Claire Lane"),
        ("\n{first_name}", "On its way.\nClaire"),
    ],
)
def test_the_signature_follows_the_text_in_the_accounts_form(format: str, text: str) -> None:
    assert signed("On its way.", format) == text
    assert verify(text, format, CLAIRE, ROSTER)


def test_a_bare_name_after_an_open_sentence_gets_a_line_of_its_own() -> None:
    assert signed("Could you tell me, Claire", "{first_name}") == "Could you tell me, Claire\nClaire"
    assert signed("on its way", "{first_name}") == "on its way\nClaire"
    assert signed("On its way 🚚", "{first_name}") == "On its way 🚚 Claire"


def test_white_space_at_the_end_is_not_sent() -> None:
    assert signed("On its way. \n\t ") == "On its way. ^CL"


@pytest.mark.parametrize("format", ["^{initials}", "{first_name}", "\n{name}"])
def test_what_the_composer_shows_is_what_stands_at_the_end(format: str) -> None:
    assert signed("On its way.", format).endswith(render(format, CLAIRE))


# ── typed by hand ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "typed",
    [
        "Thanks^CL",
        "Thanks ^cl",
        "Thanks ^ CL",
        "Thanks — Claire",
        "Thanks -CL",
        "Thanks-Claire",
        "Thanks --cl",
        "Thanks *CL",
        "Thanks /CL",
        "Thanks ~Claire",
        "Thanks =CL",
        "Thanks ^ClaireL",
        "Thanks ^Claire Lane",
        "Thanks\nClaire",
        "Thanks\nclaire lane",
        "Thanks\nCL",
        "Thanks ^CL ^CL\n- Claire",
        "Thanks ^CL.",
    ],
)
def test_ones_own_signature_in_any_style_gives_way_to_the_accounts_form(format: str, typed: str) -> None:
    assert signed(typed, format) == signed("Thanks", format)


def test_ones_own_signature_before_an_address_is_moved_to_the_end() -> None:
    assert signed("See here ^CL https://example.com/help 🙂") == "See here https://example.com/help 🙂 ^CL"


def test_ones_own_name_after_the_end_of_a_sentence_is_a_signature() -> None:
    assert signed("On its way. Claire") == "On its way. ^CL"


@pytest.mark.parametrize(
    "body",
    [
        "The answer is 5^2",
        "Ask C-3PO",
        "by post and/or",
        "It is A^B",
        "Please meet Anne-Claire",
        "You can ask for Claire",
        "Is your name, like mine, Claire",
        "10^CL",
        "the x-cl",
        "declaire",
        "PCL",
    ],
)
def test_what_only_looks_like_a_signature_stays(body: str) -> None:
    assert signed(body) == f"{body} ^CL"


def test_a_one_letter_agent_does_not_eat_an_exponent() -> None:
    assert signed("It is A^B", agent=Agent("b", "Bo", "B")) == "It is A^B ^B"


# ── refused ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", ["", "   ", "\n", "\u200b", "\u202e\x00", "^CL", "  — claire ", "^CL ^CL\n-CL"])
def test_nothing_is_not_signed(body: str) -> None:
    assert refused(body) == "empty"


@pytest.mark.parametrize(
    "body",
    [
        "On its way ^RB",
        "On its way ^rb",
        "On its way - Rob",
        "On its way\nRob",
        "On its way. Rob",
        "On its way *RB",
        "On its way ^RB ^CL",
        "On its way ^RB https://example.com",
        "Teşekkürler ^Mira",
        "Teşekkürler ^MŞ",
        "בדרך\nדוד",
        "On its way ^XY",
        "On its way ^Somebody",
        "On its way *HCK",
        "On its way /KB",
        "On its way -Becky",
    ],
)
def test_a_text_that_ends_with_anothers_signature_is_refused(body: str) -> None:
    assert refused(body) == "foreign-signature"


@pytest.mark.parametrize(
    "body",
    [
        "Please ask for Rob",
        "Thanks, Rob",
        "Thank you Rob.",
        "Trains from Leeds - York",
        "Is it all ok?",
        "Best price -20%",
    ],
)
def test_a_colleagues_name_in_a_sentence_is_no_signature(body: str) -> None:
    assert signed(body) == f"{body} ^CL"


def test_ones_own_signature_in_the_middle_is_refused() -> None:
    assert refused("First part ^CL and a second") == "doubled-signature"
    assert refused("First part ^cl and a second", "– {first_name}") == "doubled-signature"


HIDING = [
    ("Thanks ^C\u200bL", "doubled-signature"),
    ("Thanks ^\u200fCL", "doubled-signature"),
    ("Thanks ^C\ufe0fL and more", "doubled-signature"),
    ("\u3164^CL https://example.com", "doubled-signature"),
    ("Thanks ^R\u2060B", "foreign-signature"),
    ("Thanks.\nR\u00adob", "foreign-signature"),
    ("\u3164", "empty"),
]


@pytest.mark.parametrize(("body", "check"), HIDING)
def test_what_nobody_sees_hides_no_signature(body: str, check: str) -> None:
    assert refused(body) == check


@pytest.mark.parametrize("body", ["می\u200cخواهم", "👨\u200d👩\u200d👧 ❤\ufe0f", "ok\u200f, שלום\u200f"])
def test_what_nobody_sees_stays_where_a_script_or_an_emoji_needs_it(body: str) -> None:
    assert signed(body) == f"{body} ^CL"


@pytest.mark.parametrize("agent", [Agent("x", "", ""), Agent("x", "  ", "XY"), Agent("x", "\u200b", "\u200b")])
def test_nobody_signs_without_a_name(agent: Agent) -> None:
    assert refused("On its way.", "^{first_name}", agent) == "unsigned"


def test_the_finding_points_at_what_is_wrong() -> None:
    body = "On its way ^RB"
    outcome = sign(body, "^{initials}", CLAIRE, ROSTER)
    assert isinstance(outcome, Finding)
    assert body[outcome.start : outcome.end] == "^RB"


# ── any text ──────────────────────────────────────────────────────────────────────────────────────

own = ("^CL", "^cl", "Claire", "claire lane", "– Claire", "-CL", "CL", "*CL", "/CL", ", Claire", "דוד")
others = ("Rob", "^RB", "^XY", "thanks", "Thanks,", "and/or", "5^2", "2/2", "https://t.co/x", "#tag", ":)", "👍")
signs = (".", "!", "^", "-", "–", "/", " ", "\n", "\u200b", "\u3000")
pieces = st.sampled_from(own + others + signs)
bodies = st.text(max_size=80) | st.lists(pieces, max_size=8).map("".join) | st.lists(pieces, max_size=8).map(" ".join)
formats = st.sampled_from(FORMATS)
agents = st.sampled_from(ROSTER)


@given(bodies, formats, agents)
def test_whatever_is_signed_verifies_and_signing_it_again_changes_nothing(body: str, format: str, agent: Agent) -> None:
    text = sign(body, format, agent, ROSTER)
    assume(not isinstance(text, Finding))
    assert isinstance(text, str)
    assert verify(text, format, agent, ROSTER)
    assert verify(text, format, agent)
    assert sign(text, format, agent, ROSTER) == text
    assert text.endswith(render(format, agent))


@given(bodies, formats, agents)
def test_there_is_never_a_second_signature(body: str, format: str, agent: Agent) -> None:
    text = sign(body, format, agent, ROSTER)
    assume(not isinstance(text, Finding))
    assert isinstance(text, str)
    mark = render(format, agent)
    rest = text.removesuffix(mark).rstrip()
    assert rest
    if not mark[0].isalnum():
        assert not rest.casefold().endswith(f" {mark}".casefold())
    if mark[0] in "^*/~=[":
        assert len(re.findall(rf"(?<!\S){re.escape(mark)}(?!\w)", text, re.IGNORECASE)) == 1
    assert not verify(rest, format, agent, ROSTER)


@given(bodies, formats, agents)
def test_taking_the_signature_off_gives_a_draft_that_signs_to_the_same_text(
    body: str, format: str, agent: Agent
) -> None:
    text = sign(body, format, agent, ROSTER)
    assume(not isinstance(text, Finding))
    assert isinstance(text, str)
    draft = unsigned(text, format, agent)
    assert text.startswith(draft)
    assert sign(draft, format, agent, ROSTER) == text


styles = st.sampled_from(("^{}", "- {}", "-{}", "— {}", "*{}", "/{}", "~{}", "={}", "^ {}", "\n{}", "\n- {}"))


@given(bodies, formats, styles, st.sampled_from((" ", "\n", "  ")), st.booleans())
def test_a_body_that_ends_with_anothers_signature_is_never_accepted(
    body: str, format: str, style: str, gap: str, lower: bool
) -> None:
    for who in (ROB.initials, ROB.first_name, ROB.name, MIRA.first_name):
        if lower and style == "\n{}" and len(who) < 4:
            continue
        ending = style.format(who.lower() if lower else who)
        assert isinstance(sign(f"{body}{gap}{ending}", format, CLAIRE, ROSTER), Finding)


@given(bodies, formats)
def test_an_unsigned_text_or_one_that_another_signed_does_not_verify(body: str, format: str) -> None:
    text = sign(body, format, ROB, ROSTER)
    if not isinstance(text, Finding):
        assert not verify(text, format, CLAIRE, ROSTER)
        assert not verify(f"{text} and more", format, ROB, ROSTER)
        assert not verify(f"{text} ", format, ROB, ROSTER)


# ── formats ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("format", FORMATS)
def test_good_formats_have_no_problems(format: str) -> None:
    assert validate_format(format) == ()


@pytest.mark.parametrize(
    ("format", "says"),
    [
        ("", "names a person"),
        ("^Northwind", "names a person"),
        ("^{team}", "no placeholder {team}"),
        ("^{initials", "cannot be filled in"),
        ("^initials}", "cannot be filled in"),
        ("{initials!r}", "alone between its braces"),
        ("{name.__class__}", "alone between its braces"),
        ("{}", "alone between its braces"),
        ("\u202e{initials}", "nobody can see"),
    ],
)
def test_a_bad_format_says_what_to_do(format: str, says: str) -> None:
    (problem,) = validate_format(format)
    assert says in problem


def test_a_bad_format_signs_nothing() -> None:
    with pytest.raises(ValueError, match="team"):
        sign("On its way.", "^{team}", CLAIRE)
