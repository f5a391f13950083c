"""What a text is, and how that and the customer's patience order the queue."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Kind
from carecli.playbook.lexicon import languages
from carecli.playbook.urgency import Urgency, graver, kind_of, read, urgency
from tests.counting import calls
from tests.slow_texts import WRITTEN

DUE = datetime(2025, 6, 3, 10, 0, tzinfo=UTC)


# ── what a text is ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "@NorthwindCare the router you sent me caught fire last night", "safety"),
        ("en", "Still waiting for my engineer, three weeks now. Unacceptable.", "complaint"),
        ("en", "Is the Super Hub 2 better than mine?", "question"),
        ("en", "Hello, how do I change my password", "question"),
        ("en", "*bump*", "question"),
        ("en", "Huge shout out to Claire, brilliant service", "praise"),
        ("en", "My account number ends in 44", "other"),
        ("pl", "Ruter się PALI, czuć swąd w całym mieszkaniu", "safety"),
        ("pl", "Od tygodnia internet nie działa, wstyd", "complaint"),
        ("pl", "Dzień dobry, kiedy będzie kurier", "question"),
        ("pl", "Świetna obsługa, polecam każdemu", "praise"),
        ("cs", "Z modemu se kouří!", "safety"),
        ("cs", "Už třetí den mi nefunguje připojení", "complaint"),
        ("cs", "Dobrý den, můžete mi poradit s fakturou", "question"),
        ("cs", "Klobouk dolů, skvělá podpora", "praise"),
        ("tr", "MODEMDEN DUMAN ÇIKIYOR", "safety"),
        ("tr", "İnternetim üç gündür çalışmıyor, rezalet", "complaint"),
        ("tr", "Faturamı nasıl öderim", "other"),
        ("tr", "Faturamı ne zaman ödemem gerekiyor", "question"),
        ("tr", "Harikasınız, ürüne bayıldım", "praise"),
        ("ru", "Роутер загорелся, в квартире дым", "safety"),
        ("ru", "Интернет до сих пор не работает", "complaint"),
        ("ru", "Подскажите, когда приедет мастер", "question"),
        ("ru", "Отличная работа, молодцы", "praise"),
        ("he", "יש ריח של שרוף מהראוטר", "safety"),
        ("he", "האינטרנט לא עובד כבר שבוע", "complaint"),
        ("he", "היי, איך משנים סיסמה", "question"),
        ("he", "שירות מעולה, כל הכבוד", "praise"),
        ("de", "Aus dem Router kommt Rauch, es riecht verschmort!", "safety"),
        ("de", "Seit drei Tagen kein Internet, und keiner meldet sich", "complaint"),
        ("de", "Guten Tag, wann kommt der Techniker", "question"),
        ("de", "Großes Lob an Ihr Team, sehr freundlich", "praise"),
        ("fr", "Le chargeur a pris feu cette nuit", "safety"),
        ("fr", "Toujours pas d'internet, une honte", "complaint"),
        ("fr", "Bonjour, comment puis-je changer d'adresse", "question"),
        ("fr", "Bravo à toute l'équipe, très pro", "praise"),
        ("es", "El cargador echa humo y huele a quemado", "safety"),
        ("es", "Tres días sin internet y nadie contesta", "complaint"),
        ("es", "Buenas, cuándo llega el técnico", "question"),
        ("es", "Enhorabuena al equipo, muy amables", "praise"),
        ("nl", "De adapter staat in brand!", "safety"),
        ("nl", "Al drie dagen geen internet, schandalig", "complaint"),
        ("nl", "Goedemorgen, wanneer komt de monteur", "question"),
        ("nl", "Complimenten voor het team, fijn geholpen", "praise"),
    ],
)
def test_a_text_is_of_the_gravest_kind_that_is_found_in_it(language: str, text: str, kind: Kind) -> None:
    assert kind_of(text, language) == kind


def test_a_text_in_an_unknown_language_is_tried_in_all() -> None:
    assert kind_of("internet nie działa") == kind_of("internet nie działa", "und") == "complaint"
    assert kind_of("internet nie działa", "en") == "other"


def test_a_complaint_that_asks_is_both() -> None:
    reading = read("My parcel never arrived. Where is it?", "en")
    assert (reading.kind, reading.asks) == ("complaint", True)


def test_a_question_mark_in_an_address_asks_nothing() -> None:
    assert not read("see https://example.com/?id=3", "en").asks


@pytest.mark.parametrize("text", ["ЧТО?", "何ですか？", "ماذا؟"])
def test_question_marks_of_other_scripts_ask(text: str) -> None:
    assert read(text).asks


def test_a_question_word_inside_a_sentence_does_not_ask() -> None:
    assert not read("I called when I got home", "en").asks


def test_a_handle_is_not_read() -> None:
    assert kind_of("@useless_worst hello there", "en") == "other"


def test_words_that_only_contain_a_phrase_do_not_count() -> None:
    assert kind_of("The firefly looked at the crapaud", "en") == "other"


def test_invisible_characters_hide_nothing() -> None:
    assert kind_of("it ex\u200bploded", "en") == "safety"


def test_a_comma_begins_a_question_only_after_a_greeting() -> None:
    assert read("Dobrý den, kdy přijede technik", "cs").asks
    assert not read("Router stál vypnutý, jak jste psali", "cs").asks


def test_praise_that_begins_like_a_question_asks_nothing() -> None:
    assert read("What a brilliant crew", "en") == read("brilliant crew", "en")
    assert read("What a brilliant crew, are they always like this?", "en").asks


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "There is smoke coming out of the box"),
        ("en", "I got an electric shock from the plug"),
        ("en", "your driver threatened me at the door"),
        ("en", "my son is in an ambulance after your sandwich, nut allergy"),
        ("pl", "zapalił się router i jest pełno dymu"),
        ("pl", "kopnął mnie prąd przy wtyczce"),
        ("pl", "po waszej sałatce trafiłam do szpitala"),
        ("cs", "z adaptéru jde kouř"),
        ("cs", "modem hoří!"),
        ("cs", "dostal jsem ránu proudem"),
        ("tr", "şarj aleti patladı, elim yandı"),
        ("tr", "modem alev aldı"),
        ("tr", "oğlum zehirlendi, hastaneye kaldırdık"),
        ("ru", "розетка горит, помогите"),
        ("ru", "меня ударило током от приставки"),
        ("ru", "ребёнок отравился вашим салатом"),
        ("he", "השקע נשרף ויש עשן"),
        ("he", "התחשמלתי מהממיר"),
        ("he", "הבת שלי התעלפה אחרי הארוחה"),
    ],
)
def test_what_may_hurt_somebody_is_safety(language: str, text: str) -> None:
    assert kind_of(text, language) == kind_of(text) == "safety"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sorry to bother you, the smoke detector is not yours, is it"),
        ("en", "you guys are on fire today"),
        ("en", "delays, and to add insult to injury no coffee. Thanks for the hospitality!"),
        ("pl", "na routerze pali się czerwona dioda"),
        ("pl", "nie pali się, odpiszcie jutro. W wypadku problemów napiszę"),
        ("pl", "instrukcja eksploatacji, poranny lot, ranny ptaszek"),
        ("cs", "dobrý den, pardon za otravu, docela to hoří"),
        ("cs", "vypadá to dobře, napadlo mě to zkusit jinak, nehodí se mi středa"),
        ("tr", "modemde kırmızı ışık yanıyor"),
        ("tr", "abone olmak istiyorum, kampanyaya bayıldım"),
        ("ru", "на роутере горит красная лампочка, а раньше горел зелёный"),
        ("ru", "загорелся индикатор, порезали скорость, портите кровь"),
        ("he", "סליחה על ההטרדה, האור בנתב אדום"),
        ("he", "אסור לעשן בסניף? אני אוהד שרוף"),
    ],
)
def test_what_only_sounds_like_danger_is_no_safety(language: str, text: str) -> None:
    assert kind_of(text, language) != "safety"
    assert kind_of(text) != "safety"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Three years with you and nothing to complain about"),
        ("pl", "Trzy lata u was i nie ma na co narzekać"),
        ("cs", "Tři roky u vás a není si na co stěžovat"),
        ("tr", "Üç yıldır sizdeyim, şikâyet edecek bir şey yok"),
        ("ru", "Три года с вами, жаловаться не на что"),
        ("he", "שלוש שנים אצלכם ואין לי על מה להתלונן"),
    ],
)
def test_nothing_to_complain_about_is_praise(language: str, text: str) -> None:
    assert kind_of(text, language) == kind_of(text) == "praise"


def test_a_grave_word_beside_a_harmless_phrase_still_counts() -> None:
    assert kind_of("Nothing to complain about until today: the router is broken", "en") == "complaint"
    assert kind_of("sorry to bother you, there is smoke in the kitchen", "en") == "safety"


def test_pure_thanks_is_praise_for_the_queue() -> None:
    assert kind_of("thank you!", "en") == "praise"


# ── any text ──────────────────────────────────────────────────────────────────────────────────────

hostile = st.text(max_size=200) | st.lists(
    st.sampled_from(("thanks", "so much", "no", "internet", "תודה", "ו", "?", "…", " ", "@a", "👍", "\u202e", "*")),
    max_size=40,
).map(" ".join)


@given(hostile, st.sampled_from(("", "en", "he", "tr", "xx", "*")))
def test_any_text_can_be_read(text: str, language: str) -> None:
    reading = read(text, language)
    assert reading.kind in ("safety", "complaint", "question", "praise", "other")
    assert not (reading.thanks and reading.asks)


@pytest.mark.parametrize("unit", WRITTEN)
@pytest.mark.parametrize("language", ["", *languages()])
def test_reading_takes_steps_in_proportion_to_the_text(unit: str, language: str) -> None:
    read(unit, language)
    long, short = (calls(partial(read, unit * times, language)) for times in (400, 200))
    assert long <= 2.5 * short + 50


# ── the order of the queue ────────────────────────────────────────────────────────────────────────


def order(*waits: Urgency) -> list[tuple[int, datetime]]:
    return [(wait.rank, wait.urgent_at) for wait in waits]


def test_safety_comes_before_complaint_before_question_before_the_rest_before_praise() -> None:
    kinds: tuple[Kind, ...] = ("safety", "complaint", "question", "other", "praise")
    waits = order(*(urgency(DUE, kind) for kind in kinds))
    assert all(a < b for a, b in pairwise(waits))


def test_safety_comes_first_however_late_the_others_are() -> None:
    assert order(urgency(DUE + timedelta(days=2), "safety")) < order(urgency(DUE, "complaint", bumps=3))


def test_the_earlier_deadline_comes_first_within_a_kind() -> None:
    assert order(urgency(DUE, "question")) < order(urgency(DUE + timedelta(minutes=1), "question"))


def test_each_of_three_bumps_moves_a_wait_up_and_a_fourth_does_not() -> None:
    waits = [urgency(DUE, "question", bumps=bumps).urgent_at for bumps in range(5)]
    assert [a - b for a, b in pairwise(waits)] == [timedelta(minutes=10)] * 3 + [timedelta(0)]


def test_praise_that_asks_or_asks_again_is_not_put_last() -> None:
    assert urgency(DUE, "praise").rank == 2
    assert urgency(DUE, "praise", asks=True).rank == 1
    assert urgency(DUE, "praise", bumps=1).rank == 1


def test_what_no_phrase_recognises_is_not_put_last() -> None:
    assert urgency(DUE, "other").rank == 1


@pytest.mark.parametrize(
    ("place", "reasons"),
    [
        (urgency(DUE, "safety"), ("safety",)),
        (urgency(DUE, "complaint", asks=True, bumps=2), ("complaint", "bump ×2", "question")),
        (urgency(DUE, "question", bumps=1), ("bump", "question")),
        (urgency(DUE, "praise"), ("praise",)),
        (urgency(DUE, "other"), ()),
    ],
)
def test_the_reasons_are_visible(place: Urgency, reasons: tuple[str, ...]) -> None:
    assert place.reasons == reasons


def test_a_wait_has_the_gravest_kind_of_its_messages() -> None:
    assert graver("question", "safety") == graver("safety", "question") == "safety"
    assert graver("praise", "other") == "other"
    assert graver("complaint", "question") == "complaint"


# ── real conversations ────────────────────────────────────────────────────────────────────────────


def test_real_customers_are_sorted_as_a_reader_would_on_the_whole() -> None:
    folder = Path(__file__).parents[2] / "../shared/data/care"
    if not folder.is_dir():
        pytest.skip("the recorded conversations are not beside the project")
    with (folder / "twcs_dev.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] or "" for row in csv.DictReader(file) if row["inbound"] == "True"]
    kinds = [kind_of(text, "en") for text in texts]
    assert 0 < kinds.count("safety") < len(texts) * 0.01
    assert len(texts) * 0.1 < kinds.count("complaint") < len(texts) * 0.4
