"""What is thanks and nothing else, and what must not be taken for it: there the customer would wait for ever."""

from __future__ import annotations

import csv
import html
from collections.abc import Callable
from pathlib import Path

import pytest

from carecli.playbook.urgency import is_thanks

DATA = Path(__file__).parents[2] / "../shared/data/care"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "@NorthwindCare Thanks!"),
        ("en", "Ok, thank you so much for your help 😊"),
        ("en", "Thanks Claire"),
        ("en", "that’s great, thanks Tony - will do!"),
        ("en", "Perfect, working again. Thanks for your help"),
        ("en", "all good now, cheers mate"),
        ("en", "👍"),
        ("pl", "Dziękuję bardzo za szybką odpowiedź!"),
        ("pl", "Działa, dzięki!"),
        ("cs", "Díky moc, už to funguje"),
        ("cs", "Super, naskočilo to. Děkuji za pomoc"),
        ("tr", "Çok teşekkürler, iyi günler"),
        ("tr", "Çalışıyor, sağ olun"),
        ("ru", "Спасибо большое, всё работает"),
        ("ru", "Интернет появился, спасибо"),
        ("he", "תודה רבה על העזרה"),
        ("he", "מעולה, הכול עובד. תודה"),
        ("de", "Vielen Dank für die schnelle Hilfe!"),
        ("de", "Läuft wieder, danke euch"),
        ("fr", "Merci beaucoup pour votre réponse rapide !"),
        ("fr", "Ça remarche, merci"),
        ("es", "¡Muchas gracias por la ayuda!"),
        ("es", "Ya funciona, mil gracias"),
        ("nl", "Hartelijk dank voor de snelle reactie!"),
        ("nl", "Hij doet het weer, bedankt"),
    ],
)
def test_pure_thanks_is_recognised_with_and_without_its_language(language: str, text: str) -> None:
    assert is_thanks(text, language)
    assert is_thanks(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "That did it, cheers. Kids are streaming again"),
        ("pl", "Pomogło, dzięki. Dzieci znowu oglądają bajki"),
        ("cs", "Pomohlo to, díky. Děti zas koukají na pohádky"),
        ("tr", "Düzeldi, teşekkürler. Çocuklar filmine kavuştu"),
        ("ru", "Помогло, спасибо. Дети снова с мультиками"),
        ("he", "זה עזר, תודה. הילדים חזרו לסדרה"),
        ("de", "Hat geholfen, danke. Die Kinder gucken Zeichentrick"),
        ("fr", "C'est réparé, merci. Les enfants regardent leur film"),
        ("es", "Ya funciona, gracias. Los niños ven dibujos"),
        ("nl", "Gelukt, bedankt. De kinderen kijken tekenfilms"),
    ],
)
def test_thanks_for_what_is_solved_may_say_a_little_more(language: str, text: str) -> None:
    assert is_thanks(text, language)
    assert is_thanks(text)


def test_a_little_more_is_let_through_in_a_known_language_alone() -> None:
    assert is_thanks("thanks, works now. xyzzy", "en")
    assert not is_thanks("obrigado, ok, xyzzy plugh", "pt")


def test_what_is_solved_needs_thanks_beside_it_in_words_or_signs() -> None:
    assert not is_thanks("It's back.", "en")
    assert is_thanks("It's back, ta", "en")
    assert is_thanks("It's back 👍", "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", "   "),
        ("en", "@NorthwindCare"),
        ("en", "Thanks for nothing"),
        ("en", "Thanks, but it still doesn't work"),
        ("en", "Thanks, any update?"),
        ("en", "Thanks?"),
        ("en", "Thanks 😡"),
        ("en", "thanks :("),
        ("en", "Thanks https://t.co/abc"),
        ("en", "No thanks"),
        ("en", "thanks in advance"),
        ("en", "Thanks Claire Louise Parker"),
        ("en", "thanks router"),
        ("en", "hi"),
        ("en", "great"),
        ("en", "😡"),
        ("en", "🔥"),
        # Answers.
        ("en", "Thanks, my postcode is AB1 2CD"),
        ("en", "thanks, I'll be home after 5"),
        ("en", "ok sent you a DM"),
        ("en", "cheers, account 12345"),
        ("en", "yes thanks"),
        ("en", "Thanks. Heathrow"),
        ("en", "Thanks, Monday"),
        ("en", "Great, Tuesday works, thanks"),
        ("en", "That works for me, thanks"),
        ("en", "the first one works thanks"),
        ("en", "thanks, name is John Smith"),
        ("pl", "Dzięki, będę w domu po południu"),
        ("pl", "ok, wysłałem wiadomość"),
        ("cs", "Díky, Brno"),
        ("cs", "ok, poslal jsem zprávu"),
        ("tr", "tamam, mesaj attım"),
        ("tr", "evet, teşekkürler"),
        ("ru", "ок, отправил в личку"),
        ("ru", "Спасибо, буду дома вечером"),
        ("he", "תודה, אהיה בבית אחרי הצהריים"),
        ("he", "אוקיי, שלחתי הודעה"),
        ("de", "Danke, bin abends zu Hause"),
        ("de", "ok, hab euch eine Nachricht geschickt"),
        ("fr", "Merci, je serai là à midi"),
        ("fr", "ok, message envoyé"),
        ("es", "Gracias, estaré por la tarde"),
        ("es", "vale, les mandé un mensaje"),
        ("nl", "Bedankt, ben vanavond thuis"),
        ("nl", "ok, bericht gestuurd"),
        # Not over.
        ("en", "It works again but slow, thanks"),
        ("en", "it works sometimes, thanks"),
        ("en", "Thanks, that worked on my phone but not on the telly"),
        ("en", "it's back, thanks. landline dead"),
        ("en", "works now thanks. call me about the bill"),
        ("pl", "działa, ale wolno, dzięki"),
        ("pl", "dalej nie działa, dzięki"),
        ("cs", "funguje, ale pomalu, díky"),
        ("cs", "pořád nefunguje, díky"),
        ("tr", "çalışıyor ama yavaş, teşekkürler"),
        ("tr", "hâlâ çalışmıyor, teşekkürler"),
        ("ru", "работает, но медленно, спасибо"),
        ("ru", "до сих пор не работает, спасибо"),
        ("he", "עובד אבל לאט, תודה"),
        ("he", "עדיין לא עובד, תודה"),
        ("de", "läuft wieder, aber langsam, danke"),
        ("de", "geht immer noch nicht, danke"),
        ("fr", "ça marche mais lentement, merci"),
        ("fr", "toujours rien, merci"),
        ("es", "funciona pero lento, gracias"),
        ("es", "sigue sin funcionar, gracias"),
        ("nl", "werkt weer maar traag, bedankt"),
        ("nl", "werkt nog steeds niet, bedankt"),
    ],
)
def test_what_says_more_than_thanks_is_not_pure_thanks(language: str, text: str) -> None:
    assert not is_thanks(text, language)
    assert not is_thanks(text)


def test_real_customers_who_were_answered_are_taken_for_thanks_where_they_are(
    record_property: Callable[[str, object], None],
) -> None:
    if not DATA.is_dir():
        pytest.skip("the recorded conversations are not beside the project")
    after_a_reply = [text for name in ("twcs_dev", "airlines_dev") for text in _after_a_reply(DATA / f"{name}.csv")]
    taken = [text for text in after_a_reply if is_thanks(text, "en")]
    record_property("after a reply", len(after_a_reply))
    record_property("taken for thanks", len(taken))
    assert len(after_a_reply) * 0.03 < len(taken) < len(after_a_reply) * 0.15
    assert [
        text for text in taken if "?" in text or "http" in text or any(sign.isdigit() for sign in _said(text))
    ] == []


def _after_a_reply(path: Path) -> list[str]:
    """What customers wrote in answer to a brand."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = {row["tweet_id"]: row for row in csv.DictReader(file)}
    return [
        html.unescape(row["text"] or "")
        for row in rows.values()
        if row["inbound"] == "True"
        and (parent := rows.get((row["in_response_to_tweet_id"] or "").partition(".")[0]))
        and parent["inbound"] == "False"
    ]


def _said(text: str) -> str:
    return " ".join(word for word in text.split() if not word.startswith("@"))
