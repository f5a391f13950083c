"""Remedies: one key takes away what a check has found, or leaves a gap that says what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Agent, Finding, Length, Playbook
from carecli.playbook.checks import CHECKS, DraftFacts, check_reply
from carecli.playbook.gaps import GAP
from carecli.playbook.remedies import Mended, can_mend, mend

CLAIRE = Agent("claire", "Claire Lind", "CL")
LINK = "https://example.com/write"


def facts(**more: object) -> DraftFacts:
    return DraftFacts("public", CLAIRE, (CLAIRE,), Playbook(), **more)  # type: ignore[arg-type]


def found(check: str, text: str, about: DraftFacts) -> Finding:
    return next(one for one in check_reply(about, text, Length(len(text), 280)) if one.check == check)


def mended(check: str, text: str, **more: object) -> str:
    about = facts(**more)
    return mend(about, text, found(check, text, about), LINK).text


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        ("control-characters", "Hel\u200blo", "Hello"),
        ("confusables", "Your welcome. Bye!", "You're welcome. Bye!"),
        ("confusables", "Where is it? Its been fixed.", "Where is it? It's been fixed."),
        ("confusables", "It is to late.", "It is too late."),
        ("confusables", "Jest mi na prawdę przykro.", "Jest mi naprawdę przykro."),
        ("confusables", "Mohli by jsme to poslat dřív.", "Mohli bychom to poslat dřív."),
        ("confusables", "Ответим в течении часа.", "Ответим в течение часа."),
        ("confusables", "Bir çok yolcu için ücretsiz.", "Birçok yolcu için ücretsiz."),
        ("empty-phrase", "It is fixed. Rest assured. Bye!", "It is fixed. Bye!"),
        ("punctuation", "It is  fixed.", "It is fixed."),
        ("punctuation", "It is fixed , now.", "It is fixed, now."),
        ("punctuation", "It is fixed,now.", "It is fixed, now."),
        ("punctuation", "It is fixed.. Now.", "It is fixed. Now."),
        ("shouting", "IT IS FIXED NOW, PLEASE RESTART. OK.", "It is fixed now, please restart. OK."),
        (
            "shouting",
            "İNTERNET BAĞLANTISI ÇALIŞMIYOR. IŞIK YANIYOR. İYİ GÜNLER",
            "İnternet bağlantısı çalışmıyor. Işık yanıyor. İyi günler",
        ),
        ("cut-off", "It is a long story… https://x.y/z", "It is a long story"),
    ],
)
def test_what_should_not_stand_there_is_gone(check: str, before: str, after: str) -> None:
    assert mended(check, before) == after


def test_a_missing_name_is_put_in() -> None:
    assert (
        mended("name-missing", "it is fixed.", customer_name="Andy Loynes", first_reply=True) == "Hi Andy, it is fixed."
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hi, we look into it now.", "Hi Ada, we look into it now."),
        ("hi! We look into it now.", "Hi Ada, We look into it now."),
        ("Dzień dobry, sprawdzamy to teraz.", "Dzień dobry, Ada! Sprawdzamy to teraz."),
        ("Hire somebody, please.", "Hi Ada, Hire somebody, please."),
    ],
)
def test_a_greeting_that_stands_there_already_is_not_doubled(before: str, after: str) -> None:
    assert mended("name-missing", before, customer_name="Ada Byron", first_reply=True) == after


def test_a_missing_word_of_feeling_comes_after_the_greeting() -> None:
    text = "Hi Andy! Your line is back."
    after = mend(facts(), text, Finding("no-empathy", "warn", "")).text
    assert after == "Hi Andy! I am sorry about this. Your line is back."


def test_sending_away_becomes_a_hand_off_with_gaps_that_come_one_after_the_other() -> None:
    about, text = facts(), "It is known. Please call us on 0800 123 4567. Bye."
    outcome = mend(about, text, found("deflection-call", text, about))
    assert outcome.text.startswith("It is known. I have passed this to {team}")
    assert outcome.text.endswith("by {when}. Bye.")
    assert outcome.text[outcome.start : outcome.end] == "{team}"
    assert GAP.search(outcome.text, outcome.end) is not None


def test_asking_for_personal_data_becomes_an_invitation() -> None:
    after = mended("asks-personal-data", "Hi! Please send your order number here. Thanks.")
    assert after == f"Hi! So that your details stay private, please send us a direct message: {LINK} Thanks."


def test_an_invitation_where_the_network_has_no_link_ends_with_a_stop() -> None:
    about, text = facts(), "Please send your order number here."
    after = mend(about, text, found("asks-personal-data", text, about)).text
    assert after == "So that your details stay private, please send us a direct message."


def test_a_wall_is_broken_where_a_sentence_ends() -> None:
    text = " ".join(["The engineer has found the cable."] * 9)
    assert mended("wall-of-text", text).count("\n\n") == 1


def test_there_is_a_remedy_for_most_checks_and_none_without_a_check() -> None:
    mendable = {check for check in CHECKS if can_mend(check)}
    assert {"deflection-call", "personal-data", "name-missing"} - {"personal-data"} <= mendable
    assert not can_mend("interactions")


PIECES = ("Your welcome.", "Please call us.", "Rest assured.", "  ", " ,", "SHOUT THIS LOUD", "🙂", "\n", "a.b")


@given(st.lists(st.sampled_from((*PIECES, "Send your order number")), max_size=8).map(" ".join))
def test_a_remedy_never_fails_and_stands_within_its_text(text: str) -> None:
    about = facts(complaint=True, customer_name="Ada Byron", first_reply=True, link_price="more")
    for finding in check_reply(about, text, Length(len(text), 280)):
        if can_mend(finding.check):
            outcome = mend(about, text, finding, LINK)
            assert isinstance(outcome, Mended)
            assert 0 <= outcome.start <= outcome.end <= len(outcome.text)


@pytest.mark.parametrize(
    ("language", "name", "draft"),
    [
        (
            "pl",
            "Anna Nowak",
            "Przepraszamy za wszelkie niedogodności. Prosimy o kontakt z infolinią. Proszę podać numer zamówienia. "
            "Narazie sprawdzamy , co się stało.",
        ),
        (
            "cs",
            "Anna Nováková",
            "Omlouváme se za způsobené komplikace. Zavolejte na infolinku. Pošlete nám číslo objednávky. "
            "Mohli by jsme to poslat dřív , dobře.",
        ),
        (
            "ru",
            "Анна Смирнова",
            "Приносим извинения за доставленные неудобства. Позвоните на горячую линию. Пришлите номер заказа. "
            "Ответим в течении дня , хорошо.",
        ),
        (
            "tr",
            "Ayşe Yılmaz",
            "Yaşadığınız olumsuzluk için özür dileriz. Çağrı merkezimizi arayın. Sipariş numaranızı yazar mısınız? "
            "Malesef bugün gelmiyor , yarın geliyor.",
        ),
        ("he", "דנה לוי", "מתנצלים על אי הנוחות. נא להתקשר למוקד. מה מספר ההזמנה? אני יבדוק היום , בסדר."),
    ],
)
def test_a_draft_full_of_mistakes_is_mended_by_its_remedies_alone(language: str, name: str, draft: str) -> None:
    about = facts(language=language, customer_name=name, first_reply=True, complaint=True)
    for _ in range(12):
        left = [one for one in check_reply(about, draft, Length(100, 280)) if can_mend(one.check)]
        if left:
            draft = mend(about, draft, left[0], LINK).text
    filled = GAP.sub("42", draft)
    assert check_reply(about, filled, Length(100, 280)) == ()
