"""Member records of known persons in the way of FEBRL's third data set (Christen, 2005).

2,000 originals and 3,000 copies, up to five of one original in FEBRL's own distribution. A copy has
one to four errors, at most two in a field: letters inserted, deleted, substituted or transposed,
words swapped, another spelling, day and month swapped, a value missing or another one. FEBRL's
number of social security stands here for the phone number, the suburb for the city.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

# Copies of one original → originals that have so many.
COPIES = {5: 168, 4: 161, 3: 212, 2: 256, 1: 368, 0: 835}
CONSONANTS, VOWELS = list("bcdfghjklmnprstvwz"), list("aeiou")
NICKNAMES = {"william": "bill", "elizabeth": "liz", "thomas": "tom", "matthew": "matt"}
FIELDS = ["name", "birth_date", "phone", "email", "city"]
ODDS = [0.35, 0.2, 0.2, 0.1, 0.15]


def draw(scale: float = 1.0, seed: int = 3) -> pd.DataFrame:
    """Records ``customer_id``, ``person``, ``sex`` and ``FIELDS``, shuffled; None is missing."""
    rng = np.random.default_rng(seed)
    copies = {n: round(count * scale) for n, count in COPIES.items()}
    originals = sum(copies.values())
    size = max(60, originals // 10)
    given = np.array([*NICKNAMES, *(_word(rng, 2) for _ in range(size))], dtype=object)
    family = np.array([_word(rng, 3) for _ in range(3 * size)], dtype=object)
    places = [_word(rng, 3) for _ in range(40)]
    rows = []
    person = 0
    for count, times in copies.items():
        for _ in range(times):
            first, last = rng.choice(given), rng.choice(family)
            born = date(1940, 1, 1) + timedelta(days=int(rng.integers(0, 20_000)))
            row = {
                "person": person,
                "sex": str(rng.choice(["female", "male"])),
                "name": f"{first} {last}",
                "birth_date": born,
                "phone": f"16{rng.integers(0, 10**9):09d}",
                "email": f"{last}{person}@example.com" if rng.random() < 0.7 else None,
                "city": str(rng.choice(places)),
            }
            rows += [row, *(_spoilt(row, rng) for _ in range(count))]
            person += 1
    records = pd.DataFrame(rows).sample(frac=1, random_state=seed).reset_index(drop=True)
    records.insert(0, "customer_id", [f"M{n:06d}" for n in range(len(records))])
    return records


def _word(rng: np.random.Generator, syllables: int) -> str:
    return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(syllables))


def _spoilt(row: dict, rng: np.random.Generator) -> dict:
    row, times = dict(row), dict.fromkeys(FIELDS, 0)
    for _ in range(int(rng.integers(1, 5))):
        field = str(rng.choice(FIELDS, p=ODDS))
        if row[field] is None or times[field] == 2:
            continue
        times[field] += 1
        if rng.random() < 0.1 and field != "name":
            row[field] = None
        elif field == "birth_date":
            row[field] = _misdated(row[field], rng)
        elif field == "name" and rng.random() < 0.25:
            first, _, last = row[field].partition(" ")
            row[field] = f"{NICKNAMES[first]} {last}" if first in NICKNAMES else f"{last} {first}"
        else:
            row[field] = _mistyped(row[field], rng, field == "phone")
    return row


def _misdated(born: date, rng: np.random.Generator) -> date:
    if rng.random() < 0.3 and born.day <= 12:
        return date(born.year, born.day, born.month)
    part = rng.integers(0, 3)
    day = min(born.day, 28)
    if part == 0:
        return date(born.year + int(rng.choice([-10, -1, 1, 10])), born.month, day)
    if part == 1:
        return date(born.year, 1 + int(rng.integers(0, 12)), day)
    return date(born.year, born.month, 1 + int(rng.integers(0, 28)))


def _mistyped(text: str, rng: np.random.Generator, digits: bool) -> str:
    place = int(rng.integers(2 if digits else 0, len(text) - 1))
    letter = str(rng.integers(0, 10)) if digits else str(rng.choice(CONSONANTS + VOWELS))
    kind = rng.integers(0, 4)
    if kind == 0 and not digits:
        return text[:place] + letter + text[place:]
    if kind == 1 and not digits:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + letter + text[place + 1 :]
