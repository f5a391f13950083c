"""What was promised and declined, and by when a promise is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Author, Calendar, Interval, Message, Vocabulary
from carecli.playbook.promises import due_of, promises_in, remembered
from carecli.playbook.wording import WEEKDAYS, declined_in, wording_file

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAYS = (*((Interval(9 * 60, 18 * 60),) for _ in range(5)), (), ())
WORKDAYS = Calendar("Europe/Berlin", DAYS)


def said(number: int, text: str, *, by_us: bool) -> Message:
    author = Author("1", "someone")
    return Message(
        number, 1, 1, str(number), None, author, "outbound" if by_us else "inbound", "public", text, MONDAY, MONDAY
    )


@pytest.mark.parametrize(
    ("within", "due"),
    [
        ("30m", datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        ("2h", datetime(2026, 11, 23, 11, 30, tzinfo=UTC)),
        ("0d", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("1d", datetime(2026, 11, 24, 17, 0, tzinfo=UTC)),
        ("5d", datetime(2026, 11, 28, 23, 0, tzinfo=UTC)),
    ],
)
def test_days_end_when_the_desk_closes_on_them(within: str, due: datetime) -> None:
    assert due_of(within, MONDAY, WORKDAYS) == due


def test_around_the_clock_days_end_at_midnight_there() -> None:
    assert due_of("1d", MONDAY, Calendar("Asia/Tokyo")) == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_our_words_are_a_promise_with_its_time() -> None:
    [promise] = promises_in("You will hear from me within the hour.", MONDAY, WORKDAYS)
    assert (promise.words, promise.due_at) == ("within the hour", datetime(2026, 11, 23, 10, 30, tzinfo=UTC))


def test_words_within_words_are_one_promise() -> None:
    [promise] = promises_in("It is done by tomorrow.", MONDAY, WORKDAYS)
    assert promise.words == "by tomorrow"


def test_only_we_promise_and_only_they_decline() -> None:
    thread = [
        said(1, "Please no technician again! Can it be done by tomorrow?", by_us=False),
        said(2, "We will have it done within 24 hours. Shall we send a technician?", by_us=True),
    ]
    found = remembered(thread, WORKDAYS)
    assert [promise.words for promise in found.promises] == ["within 24 hours"]
    assert found.declined == ("visit",)


def test_a_phrase_that_a_brand_drops_declines_nothing_for_the_screen_and_the_check_alike() -> None:
    [phrase] = [one for one in wording_file("en").offers["call"].declined if one.startswith("not (on|")]
    without, text = Vocabulary(without=(phrase,)), "I said not by phone!"
    assert declined_in([text]) == ("call",)
    assert declined_in([text], vocabulary=without) == ()
    assert remembered([said(1, text, by_us=False)], WORKDAYS, vocabulary=without).declined == ()


def test_each_message_declines_in_its_own_language() -> None:
    assert declined_in(["Please don't call me again.", "Bitte schicken Sie keinen Techniker mehr, danke."], "en") == (
        "call",
        "visit",
    )


def test_what_a_brand_adds_under_the_name_of_a_promise_is_none() -> None:
    soon = Vocabulary(added=(("promise soon", ("soon",)), ("hedge", ("soonish",))))
    assert promises_in("We will write soon.", MONDAY, WORKDAYS, vocabulary=soon) == ()


@pytest.mark.parametrize(
    ("said_at", "within", "due"),
    [
        ("2026-11-28 10:00", "0d", "2026-11-28 20:00"),  # A lunch break is no end of a day.
        ("2026-11-27 22:30", "1d", "2026-11-28 20:00"),  # The night shift that runs into a day is of the day before.
        ("2026-11-28 20:30", "0d", "2026-11-29 00:00"),
        ("2026-11-27 12:00", "0d", "2026-11-28 00:00"),
    ],
)
def test_a_day_ends_when_the_desk_last_closes_on_it(said_at: str, within: str, due: str) -> None:
    saturday = (Interval(10 * 60, 13 * 60), Interval(14 * 60, 20 * 60))
    calendar = Calendar("UTC", ((), (), (), (), (Interval(22 * 60, 30 * 60),), saturday, ()))
    at = datetime.fromisoformat(said_at).replace(tzinfo=UTC)
    assert due_of(within, at, calendar) == datetime.fromisoformat(due).replace(tzinfo=UTC)


# ── times and weekdays ───────────────────────────────────────────────────────────────────────────

# As said on a Monday at 10:30 in Berlin, to a desk that is open from 9 to 18 on workdays.
TIMES = [
    ("en", "I will write to you by 6 pm.", "23 18:00"),
    ("en", "You will know by 6.30 p.m. today.", "23 18:30"),
    ("en", "It is done by 10:15.", "24 10:15"),
    ("en", "You will hear from us by Friday.", "27 18:00"),
    ("en", "It is fixed by Monday.", "30 18:00"),
    ("en", "Back with you by Friday at 11 am.", "27 11:00"),
    ("en", "It works again before Wednesday noon.", "25 12:00"),
    ("en", "No answer until tomorrow noon, I am afraid.", "24 12:00"),
    ("en", "We'll call you on Thursday at 5 pm.", "26 17:00"),
    ("en", "We'll ring you about order 12 on Thursday at 5 pm.", "26 17:00"),
    ("de", "Ich melde mich bis 17 Uhr.", "23 17:00"),
    ("de", "Sie hören von mir spätestens um 17:30 Uhr.", "23 17:30"),
    ("de", "Das Paket ist bis Freitag da.", "27 18:00"),
    ("de", "Ich rufe Sie morgen um 9 Uhr an.", "24 09:00"),
    ("de", "Bis morgen Mittag wissen wir mehr.", "24 12:00"),
    ("de", "Sie haben die Antwort bis Mittwoch um 15 Uhr.", "25 15:00"),
    ("pl", "Napiszę do Pani do 18:00.", "23 18:00"),
    ("pl", "Odpowiem najpóźniej o 17.", "23 17:00"),
    ("pl", "Otrzyma Pan od nas odpowiedź do piątku.", "27 18:00"),
    ("pl", "Zadzwonię jutro o 9:30.", "24 09:30"),
    ("pl", "Sprawdzę to do jutra do południa.", "24 12:00"),
    ("pl", "Technik będzie najpóźniej w środę.", "25 18:00"),
    ("cs", "Ozvu se vám do 18:00.", "23 18:00"),
    ("cs", "Napíšu nejpozději do 17 hodin.", "23 17:00"),
    ("cs", "Balík bude u vás do pátku.", "27 18:00"),
    ("cs", "Zavolám zítra v 9:30.", "24 09:30"),
    ("cs", "Dám vědět zítra do poledne.", "24 12:00"),
    ("es", "Te escribo antes de las 18:00.", "23 18:00"),
    ("es", "Te aviso antes de las 6 de la tarde.", "23 18:00"),
    ("es", "Lo tienes antes del viernes.", "27 18:00"),
    ("es", "Te llamo mañana a las 9:30.", "24 09:30"),
    ("es", "Sabremos algo mañana al mediodía.", "24 12:00"),
    ("fr", "Je vous réponds avant 18h.", "23 18:00"),
    ("fr", "Je vous écris avant 18 h 30.", "23 18:30"),
    ("fr", "Vous aurez une réponse avant 18h30.", "23 18:30"),
    ("fr", "Ce sera réglé d'ici vendredi.", "27 18:00"),
    ("fr", "Je vous appelle demain à 9h.", "24 09:00"),
    ("fr", "Nous en saurons plus demain midi.", "24 12:00"),
    ("nl", "Ik laat het u voor 18.00 uur weten.", "23 18:00"),
    ("nl", "U hoort het uiterlijk om 17 uur.", "23 17:00"),
    ("nl", "Het pakket is er uiterlijk vrijdag.", "27 18:00"),
    ("nl", "Ik bel u morgen om 9:30 uur.", "24 09:30"),
    ("nl", "Morgenochtend weet ik meer.", "24 12:00"),
    ("ru", "Напишу вам до 18:00.", "23 18:00"),
    ("ru", "Отвечу к 6 вечера.", "23 18:00"),
    ("ru", "Решим до пятницы.", "27 18:00"),
    ("ru", "Свяжемся с вами завтра в 9:30.", "24 09:30"),
    ("ru", "Напишу завтра до обеда.", "24 12:00"),
    ("tr", "Size saat 18:00'e kadar yazacağım.", "23 18:00"),
    ("tr", "Saat 17'ye kadar haber veririm.", "23 17:00"),
    ("tr", "Cuma gününe kadar çözülecek.", "27 18:00"),
    ("tr", "Yarın 09.30'a kadar yazarım.", "24 09:30"),
    ("tr", "Yarın öğlene kadar biliyoruz.", "24 12:00"),
    ("he", "אכתוב לך עד 18:00.", "23 18:00"),
    ("he", "אחזור אליך עד 6 בערב.", "23 18:00"),
    ("he", "זה ייפתר עד יום שישי.", "27 18:00"),
    ("he", "אתקשר מחר ב-9:30.", "24 09:30"),
    ("he", "נדע עד מחר בצהריים.", "24 12:00"),
]


@pytest.mark.parametrize(("language", "text", "due"), TIMES)
def test_a_time_or_a_weekday_of_its_own_is_when_it_is_due(language: str, text: str, due: str) -> None:
    [promise] = promises_in(text, MONDAY, WORKDAYS, language)
    assert f"{promise.due_at.astimezone(ZoneInfo('Europe/Berlin')):%d %H:%M}" == due


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please order by 6 pm to have it on Tuesday."),
        ("en", "The flight left at 8:40, on Friday."),
        ("en", "We are open by 8:00."),
        ("de", "Wir haben von 8 bis 16 Uhr offen."),
        ("de", "Die Leitung ist bis 20 Uhr erreichbar."),
        ("de", "Wir sind Montag bis Freitag da."),
        ("pl", "Infolinia jest czynna od 8:00 do 16:00."),
        ("pl", "Pracujemy od poniedziałku do piątku."),
        ("pl", "Rabat wynosi do 18.50 zł."),
        ("cs", "Máme otevřeno od 8:00 do 16:00."),
        ("cs", "Pracujeme od pondělí do pátku."),
        ("es", "Abrimos de 8:00 a 16:00."),
        ("es", "Si lo pides antes de las 18:00, te llega el martes."),
        ("fr", "Nous sommes ouverts de 8h à 16h."),
        ("fr", "Si vous commandez avant 18h, il part le jour même."),
        ("nl", "We zijn open van 8 tot 16 uur."),
        ("nl", "Voor 22:00 uur besteld is het er snel."),
        ("ru", "Мы работаем с 8:00 до 16:00."),
        ("ru", "Работаем с понедельника до пятницы."),
        ("tr", "Mağaza 8:00 ile 20:00'ye kadar açık."),
        ("he", "אנחנו פתוחים עד 18:00."),
        ("he", "הסניף פתוח מ-8:00 עד 16:00."),
    ],
)
def test_opening_hours_and_what_we_ask_of_customers_promise_nothing(language: str, text: str) -> None:
    assert promises_in(text, MONDAY, WORKDAYS, language) == ()


ZONES = [
    "UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo",
    "America/Santiago", "Asia/Beirut", "Pacific/Apia",
]  # fmt: skip
MOMENTS = st.integers(1_300_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_is_the_next_time_that_it_is_so_late_there(
    at: datetime, zone: str, hour: int, minute: int
) -> None:
    due = due_of("at", at, Calendar(zone), f"by {hour}:{minute:02}")
    assert timedelta(0) < due - at <= timedelta(hours=49)  # In Samoa a whole day was left out.
    local = due.astimezone(ZoneInfo(zone))
    wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    exists = wanted.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    assert not exists or local == wanted


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(WEEKDAYS), st.booleans())
def test_a_weekday_is_the_next_one_and_never_today(at: datetime, zone: str, day: str, noon: bool) -> None:
    due = due_of(f"{day} 12:00" if noon else day, at, Calendar(zone))
    today, then = (moment.astimezone(ZoneInfo(zone)) for moment in (at, due - timedelta(seconds=1)))
    if zone != "Pacific/Apia":
        assert 1 <= (then.date() - today.date()).days <= 7
        assert WEEKDAYS[then.weekday()] == day
    assert due > at


@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 7))
def test_a_day_that_never_closes_ends_at_midnight_there(at: datetime, zone: str, days: int) -> None:
    due = due_of(f"{days}d", at, Calendar(zone))
    today, then = (moment.astimezone(ZoneInfo(zone)).date() for moment in (at, due - timedelta(microseconds=1)))
    assert due > at
    assert zone == "Pacific/Apia" or (then - today).days == days
