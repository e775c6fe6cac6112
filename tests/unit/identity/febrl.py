"""Member records of known persons in the way of FEBRL's third data set (Christen, 2005).

2,000 originals and 3,000 copies, up to five of one original in FEBRL's own distribution. Read off a
part of that set: three copies in four keep the number of social security, which stands here for the
phone number, nearly nine in ten the date of birth, two in three the name and the suburb, here the
city. Errors are letters inserted, deleted, substituted or transposed, names swapped or of another
spelling, day and month swapped, one part of a date or the whole value replaced or missing. Of
streets and house numbers the lake has nothing to compare; the mail address, which most members give
and FEBRL does not have, stands in for them.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

# Copies of one original → originals that have so many.
COPIES = {5: 168, 4: 161, 3: 212, 2: 256, 1: 368, 0: 835}
CONSONANTS, VOWELS = list("bcdfghjklmnprstvwz"), list("aeiou")
NICKNAMES = {"william": "bill", "elizabeth": "liz", "thomas": "tom", "matthew": "matt"}
FIELDS = ["name", "birth_date", "phone", "email", "city"]
# Share of copies with an error in the field; every third of them has a second one there.
ERRORS = {"name": 0.35, "birth_date": 0.11, "phone": 0.22, "email": 0.15, "city": 0.3}
HAVE_MAIL = 0.85


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
                "email": f"{last}{person}@example.com" if rng.random() < HAVE_MAIL else None,
                "city": str(rng.choice(places)),
            }
            rows += [row, *(_spoilt(row, rng) for _ in range(count))]
            person += 1
    records = pd.DataFrame(rows).sample(frac=1, random_state=seed).reset_index(drop=True)
    records.insert(0, "customer_id", [f"M{n:06d}" for n in range(len(records))])
    records = records.astype(object)
    return records.where(records.notna(), None)


def _word(rng: np.random.Generator, syllables: int) -> str:
    return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(syllables))


def _spoilt(row: dict, rng: np.random.Generator) -> dict:
    row = dict(row)
    for field, share in ERRORS.items():
        if rng.random() < share and row[field] is not None:
            row[field] = _changed(field, row[field], rng)
            if row[field] is not None and rng.random() < 1 / 3:
                row[field] = _changed(field, row[field], rng)
    return row


def _changed(field: str, value, rng: np.random.Generator):
    draw = rng.random()
    if field != "name" and draw < 0.15:
        return None
    if field == "phone" and draw < 0.5:
        return f"16{rng.integers(0, 10**9):09d}"
    if field == "birth_date":
        return _misdated(value, rng)
    if field == "name" and draw < 0.25:
        first, _, last = value.partition(" ")
        return f"{NICKNAMES[first]} {last}" if first in NICKNAMES else f"{last} {first}"
    return _mistyped(value, rng, field == "phone")


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
