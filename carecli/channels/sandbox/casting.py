"""Casting: who the n-th customer of a seed is and what they come with.

Pure and in constant time: each customer follows from the seed and their number alone, whatever happened to others.
Not for: what they do once they have arrived (`course`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from carecli.channels.sandbox.scenarios import Hostile, Language, Scenario, Spelling
from carecli.model import Author, Record

# One customer in so many attacks the screen, would write privately at great length, hides behind an alias.
HOSTILE_EVERY = 12
LONG_WINDED_EVERY = 2
ALIAS_EVERY = 8
# A safety claim stands in one deck of so many; in the others a common matter takes its place.
SAFETY_EVERY = 3

_T = TypeVar("_T")


class Role(Record, frozen=True):
    """What a customer brings: matter, identity, character. `hostile` is appended to what they post first."""

    number: int
    language: Language
    scenario: Scenario
    author: Author
    bystander: Author
    opening: str
    hostile: str = ""
    long_winded: bool = False


def dice(seed: int, *purpose: object) -> random.Random:
    """Return a generator of its own for one purpose, so that no draw depends on how many were made before."""
    return random.Random(":".join(map(str, (seed, *purpose))))


def shuffled(seed: int, cards: Sequence[_T], *purpose: object) -> list[_T]:
    """Return `cards` in an order that follows from the seed and the purpose."""
    deck = list(cards)
    dice(seed, *purpose).shuffle(deck)
    return deck


def cast(seed: int, number: int, languages: Sequence[Language], hostile: Sequence[Hostile]) -> Role:
    """Return the role of customer `number` (from 0). All of `languages` come up within one round of their weights."""
    bag = [index for index, language in enumerate(languages) for _ in range(language.weight)]
    block, place = divmod(number, len(bag))
    order = shuffled(seed, bag, "languages", block)
    language = languages[order[place]]
    turn = block * language.weight + order[:place].count(order[place])
    scenario, opening = _matter(seed, language, turn)
    author = _identity(seed, language, 2 * turn, 2 * number)
    text = ""
    if _comes_up(seed, number, HOSTILE_EVERY, "hostile"):
        attack = hostile[number // HOSTILE_EVERY % len(hostile)]
        author, text = Author(author.remote_id, author.handle, attack.name), attack.text
    return Role(
        number=number,
        language=language,
        scenario=scenario,
        author=author,
        bystander=_identity(seed, language, 2 * turn + 1, 2 * number + 1),
        opening=opening,
        hostile=text,
        long_winded=scenario.diary and _comes_up(seed, number, LONG_WINDED_EVERY, "long"),
    )


def _comes_up(seed: int, number: int, every: int, purpose: str) -> bool:
    """Whether `number` is the one that is drawn from its run of `every` numbers."""
    run, place = divmod(number, every)
    return dice(seed, purpose, run).randrange(every) == place


def _matter(seed: int, language: Language, turn: int) -> tuple[Scenario, str]:
    """The scenario and the opening of the language's customer number `turn`: none comes twice before all came once."""
    deck, place = divmod(turn, len(language.scenarios))
    generator = dice(seed, "deck", language.language, deck)
    common = [scenario for scenario in language.scenarios if scenario.kind != "safety"]
    rare = generator.randrange(SAFETY_EVERY) == 0
    cards = [s if rare or s.kind != "safety" else generator.choice(common) for s in language.scenarios]
    generator.shuffle(cards)
    scenario = cards[place]
    return scenario, scenario.openings[deck % len(scenario.openings)]


def _identity(seed: int, language: Language, slot: int, person: int) -> Author:
    """The person in the language's `slot`: no name comes twice before all combinations came once."""
    code = language.language
    remote_id = str(dice(seed, "id", person).randrange(10**9, 10**10) * 10**6 + person)
    combinations = [(given, family) for names in language.names for given in names.given for family in names.family]
    deck, place = divmod(slot, len(combinations))
    generator = dice(seed, "person", code, slot)
    if generator.randrange(ALIAS_EVERY) == 0:
        name, handle = generator.choice(language.aliases)
        return Author(remote_id, f"{handle}{slot}", name)
    given, family = shuffled(seed, combinations, "names", code, deck)[place]
    handle = _handle(generator, given, family) + (str(deck + 1) if deck else "")
    return Author(remote_id, handle, f"{given[0]} {family[0]}")


def _handle(generator: random.Random, given: Spelling, family: Spelling) -> str:
    style = generator.choice(("{given}{family}", "{given}_{family}", "{family}_{given}", "{given}{family}{year}"))
    return style.format(given=given[1], family=family[1], year=generator.randrange(71, 100))
