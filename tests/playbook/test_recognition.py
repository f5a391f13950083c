"""Recognising other people's signatures: the styles of brands, the traps, and real replies."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Agent
from carecli.playbook.recognition import recognise

RECORDED = Path(__file__).parents[2] / "../shared/data/care"


@pytest.mark.parametrize(
    ("text", "who", "marker"),
    [
        ("We have sent it. ^MJ", "MJ", "^"),
        ("We have sent it. ^sp", "sp", "^"),
        ("We have sent it ^E", "E", "^"),
        ("We have sent it. ^DaniH", "DaniH", "^"),
        ("We have sent it. – Claire", "Claire", "–"),
        ("We have sent it. *HCK", "HCK", "*"),
        ("We have sent it. *JohnWard", "JohnWard", "*"),
        ("We have sent it. /KB", "KB", "/"),
        ("We have sent it /Ella", "Ella", "/"),
        ("We have sent it. -Becky", "Becky", "-"),
        ("We have sent it.- Laurence.", "Laurence", "-"),
        ("Thanks-Anwar", "Anwar", "-"),
        ("We have sent it. -JV", "JV", "-"),
        ("We have sent it.--JV", "JV", "--"),
        ("We would hate to see you go-DD", "DD", "-"),
        ("We have sent it. ~Candace", "Candace", "~"),
        ("We have sent it. ~ Ellen", "Ellen", "~"),
        ("We have sent it. ~CM", "CM", "~"),
        ("We have sent it. = JJ", "JJ", "="),
        ("We have sent it. Robbie", "Robbie", ""),
        ("Is this the one?\nRobbie", "Robbie", ""),
        ("We have sent it. KB", "KB", ""),
        ("We have sent it! Kevin B", "Kevin B", ""),
        ("We have sent it.Tom", "Tom", ""),
        ("We have sent it. Thanks, Corry", "Corry", ""),
        ("Es ist unterwegs. Viele Grüße, Petra", "Petra", ""),
        ("C'est parti. Bien cordialement, Léa", "Léa", ""),
        ("Va en camino. Saludos cordiales, Ana", "Ana", ""),
        ("Het is onderweg. Met vriendelijke groet, Bas", "Bas", ""),
        ("お知らせください。ET", "ET", ""),
        ("We have sent it ^CL https://t.co/abc", "CL", "^"),
        ("We have sent it ^CL #Tuesday 🎉", "CL", "^"),
        ("We have sent it. ^CL 2/2", "CL", "^"),
        ("We have sent it. 2/2^Corry", "Corry", "^"),
        ("We have sent it. 2/2 Claire", "Claire", ""),
        ("See https://t.co/abc Cody", "Cody", ""),
        ("Enjoy 😊 *TBT", "TBT", "*"),
        ("^sp\n.", "sp", "^"),
    ],
)
def test_the_styles_of_brands_are_recognised(text: str, who: str, marker: str) -> None:
    found = recognise(text)
    assert found is not None
    assert (found.who, found.marker) == (who, marker)
    assert text[found.start : found.end].startswith(marker)
    assert who in text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Claire",
        "Have a good day, Martin.",
        "Let us know, Martin",
        "Thank you Martin",
        "The answer is 5^2",
        "It is A^B",
        "by post and/or",
        "Ask C-3PO",
        "Turn off the Wi-Fi",
        "only for non-EU",
        "Please send a DM",
        "Please send it. Thanks",
        "Please send it. Thanks!",
        "We are open until 5 p.m. ET",
        "We are here 24/7",
        "See https://example.com/KB",
        "It is on its way. Brilliant.",
        "Please DM us. UK",
        "to be continued... 1/2",
        "*bump*",
        "Es ist unterwegs. Danke!",
        "C'est parti. Cordialement",
        "Va en camino. Saludos",
        "Het is onderweg. Groetjes",
        "Wann passt es? Samstag",
    ],
)
def test_what_only_looks_like_a_signature_is_none(text: str) -> None:
    assert recognise(text) is None


def test_known_people_are_recognised_in_any_case_and_style() -> None:
    claire, rob = Agent("claire", "Claire Lane", "CL"), Agent("rob", "Rob Byrne", "RB")
    for text in ("Sent ^ claire lane", "Sent - cl", "Sent.\nclaire", "Sent /ClaireL", "Sent ^C.L."):
        found = recognise(text, (rob, claire))
        assert found is not None
        assert found.agent == claire


@given(st.text(max_size=120))
def test_a_signature_found_lies_within_the_text(text: str) -> None:
    found = recognise(text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.who in text[found.start : found.end]


# ── real replies ──────────────────────────────────────────────────────────────────────────────────


def shares(name: str) -> list[tuple[str, float, float, int]]:
    """For each brand of a recorded file: its name, the signed share as found and as expected, the replies."""
    with (RECORDED / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    authors = {row["tweet_id"]: row["author_id"] for row in rows}
    replies = defaultdict(list)
    for row in rows:
        parent = (row["in_response_to_tweet_id"] or "").removesuffix(".0")
        if row["inbound"] == "False" and parent and authors.get(parent) != row["author_id"]:
            replies[row["author_id"]].append(row["text"] or "")
    with (RECORDED / f"{name}.reference.csv").open(newline="", encoding="utf-8") as file:
        expected = {row["brand"]: float(row["signed_pct"]) for row in csv.DictReader(file)}
    return [
        (brand, 100 * sum(recognise(text) is not None for text in texts) / len(texts), expected[brand], len(texts))
        for brand, texts in replies.items()
    ]


@pytest.mark.parametrize("name", ["twcs_dev", "airlines_dev"])
def test_the_share_of_signed_replies_is_that_of_the_reference(name: str) -> None:
    if not RECORDED.is_dir():
        pytest.skip("the recorded conversations are not beside the project")
    found = shares(name)
    for brand, share, expected, replies in found:
        assert abs(share - expected) <= max(2.0, 250 / replies), (brand, share, expected)
    total = sum(replies for *_, replies in found)
    assert sum(abs(share - expected) * replies for _, share, expected, replies in found) / total < 2.0


def test_customers_who_do_not_sign_are_seldom_taken_for_signing() -> None:
    if not RECORDED.is_dir():
        pytest.skip("the recorded conversations are not beside the project")
    with (RECORDED / "twcs_dev.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] or "" for row in csv.DictReader(file) if row["inbound"] == "True"]
    assert sum(recognise(text) is not None for text in texts) < len(texts) * 0.015
