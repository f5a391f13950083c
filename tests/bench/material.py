"""Conversations for the benchmarks: as many as wanted, the same every time.

The earliest, which are the most urgent, have whole threads of nine messages; the rest one or two. Every conversation
ends with its customer waiting. Not for: stories that make sense (`channels/sandbox` has those).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from carecli.model import Author, Item

BRAND = Author("brand", "NorthwindCare", "Northwind Care")
LONG_THREADS = 600
_LONG = 9
# The last message of each thread ends in this word and the conversation's number: on the screen, the thread is whole.
LAST_WORD = "zq"
_SPAN = timedelta(hours=6)
_PAUSE = timedelta(minutes=9)

_CUSTOMERS = (
    ("en", "Andy Loynes", "The line drops every evening around eight and the router only blinks at me"),
    ("pl", "Żaneta Wójcik", "Od wczoraj nie działa mi internet, a na infolinii nikt nie odbiera"),
    ("cs", "Jiří Růžička", "Faktura za říjen mi přišla dvakrát, můžete se na to prosím podívat"),
    ("tr", "Işıl Çağlayan", "İki gündür bağlantım kopuyor, modemi üç kere yeniden başlattım"),
    ("ru", "Алёна Ёлкина", "Обещали мастера к полудню, сейчас вечер и никто даже не позвонил"),
    ("he", "נועה לוי", "הטכנאי לא הגיע היום ואף אחד לא עונה לי בטלפון"),
    ("en", "Mira 🌻", "Third time asking ❤️ is the new hub any better than the one I have 👩‍👩‍👧"),
)


def items(conversations: int, now: datetime | None = None) -> list[Item]:
    """The messages of `conversations` conversations of the six hours before `now` (UTC), oldest first."""
    end = now or datetime.now(UTC)
    found = [item for number in range(conversations) for item in _thread(number, end, conversations)]
    return sorted(found, key=lambda item: item.published_at)


def _thread(number: int, end: datetime, conversations: int) -> list[Item]:
    language, name, text = _CUSTOMERS[number % len(_CUSTOMERS)]
    customer = Author(f"c{number}", f"customer{number}", name)
    length = _LONG if number < LONG_THREADS else 1 + number % 2
    last_at = end - _SPAN * (1 - number / conversations)
    thread: list[Item] = []
    for place in range(length):
        left = length - 1 - place
        own = left > 1 and place % 2 == 1
        words = "Sorry about that, we are on it and will tell you more soon" if own else text
        thread.append(
            Item(
                remote_id=f"m{number}.{place}",
                author=BRAND if own else customer,
                text=f"@NorthwindCare {words}. {LAST_WORD}{number:06}" if left == 0 else f"{words}.",
                published_at=last_at - _PAUSE * left,
                own=own,
                parent_remote_id=thread[-1].remote_id if thread else None,
                language=language,
            )
        )
    return thread
