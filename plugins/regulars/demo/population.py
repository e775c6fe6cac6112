"""Members and their visits: BG/NBD purchase occasions, gamma-gamma spend, planted regulars.

The truth is Fader, Hardie and Lee's: purchase rates are gamma distributed between members, after
every repeat purchase a member drops out with a beta distributed probability, and the spend of a
visit is gamma distributed with a rate that is itself gamma distributed between members.
"""

from dataclasses import dataclass

import numpy as np

from regulars.demo.catalogue import DAYS, EPOCH, YEARS, StoreCalendar
from regulars.demo.grouping import rank_in_run

# r, alpha in days; a, b per repeat purchase; p, q without unit, v in CNY.
PARAMETERS = {"r": 1.5, "alpha": 22.0, "a": 0.9, "b": 10.0, "p": 3.0, "q": 12.0, "v": 132.0}

TIER_A_FEN = 350_000
TIER_A_MEMBERS = {2012: 10, 2013: 12, 2014: 9}
# A person-year on every side of every tier boundary.
BOUNDARY_FEN = (349_999, 300_001, 300_000, 150_000, 149_999)
GAP_FEN = (312_400, 335_500)

# Share of a week's occasions on Monday .. Sunday, and of a day's by opening hour.
WEEKDAYS = np.array([0.12, 0.12, 0.12, 0.13, 0.15, 0.19, 0.17])
HOURS = np.array([10.5, 12, 13.5, 15, 16.5, 18, 19.5, 21, 21.9])
BY_HOUR = np.array([0, 0.08, 0.2, 0.36, 0.53, 0.63, 0.79, 0.95, 1])


@dataclass
class Visits:
    """Purchase occasions of known persons, by person and day; a person buys once a day at most."""

    person: np.ndarray
    day: np.ndarray
    second: np.ndarray
    store: np.ndarray
    fen: np.ndarray
    planted_from: int
    home: np.ndarray

    @property
    def year(self) -> np.ndarray:
        """Index into YEARS of each visit."""
        return year_index(self.day)

    def yearly_fen(self) -> np.ndarray:
        """Spend in fen, persons by years."""
        total = np.zeros((len(self.home), len(YEARS)), dtype=np.int64)
        np.add.at(total, (self.person, self.year), self.fen)
        return total


def year_index(day: np.ndarray) -> np.ndarray:
    """Index into YEARS of days since FIRST_DAY."""
    return (EPOCH + day).astype("datetime64[Y]").astype(int) + 1970 - YEARS[0]


def opening_seconds(share: np.ndarray) -> np.ndarray:
    """Second of the day by which ``share`` (0..1) of a day's occasions have come."""
    return np.floor(np.interp(share, BY_HOUR, HOURS) * 3600).astype(np.int64)


def stratified(draw, size: int, rng: np.random.Generator) -> np.ndarray:
    """``size`` draws, one from each of as many equally likely strata, in random order.

    A few thousand members then show the population's parameters rather than sampling noise.
    """
    strata = np.sort(draw(size * 32)).reshape(size, 32)
    return rng.permutation(strata[np.arange(size), rng.integers(0, 32, size)])


def draw_visits(members: int, calendar: StoreCalendar, rng: np.random.Generator) -> Visits:
    """Simulate ``members`` over the whole period and plant the regulars that make tier A."""
    truth = PARAMETERS
    rate = stratified(lambda n: rng.gamma(truth["r"], 1 / truth["alpha"], n), members, rng)
    dropout = stratified(lambda n: rng.beta(truth["a"], truth["b"], n), members, rng)
    spend_rate = stratified(lambda n: rng.gamma(truth["q"], 1 / truth["v"], n), members, rng)
    # The club starts with a campaign in the first spring and grows steadily afterwards.
    first = np.where(rng.random(members) < 0.28, 110, DAYS - 5) * rng.random(members)

    person, at = _occasions(first, rate, dropout, rng)
    day, share = _on_calendar(at)
    day = _one_a_day(person, day)
    inside = day < DAYS
    person, day, share = person[inside], day[inside], share[inside]
    fen = np.maximum(100, np.rint(100 * rng.gamma(truth["p"], 1 / spend_rate[person]))).astype(int)

    home = calendar.draw(np.floor(first).astype(int), rng)
    natural = Visits(
        person, day, opening_seconds(share), home[person], fen, planted_from=members, home=home
    )
    visits = _plant_regulars(natural, members, calendar, rng)
    visits.store = _visited_store(visits, calendar, rng)
    return visits


def _occasions(first, rate, dropout, rng):
    """(person, time in days) of every purchase inside the period, sorted by both."""
    persons, times = [np.arange(len(first))], [first]
    person, at = persons[0], first
    while len(person):
        at = at + rng.exponential(1 / rate[person])
        inside = at < DAYS
        person, at = person[inside], at[inside]
        persons.append(person)
        times.append(at)
        stays = rng.random(len(person)) >= dropout[person]
        person, at = person[stays], at[stays]
    person, at = np.concatenate(persons), np.concatenate(times)
    order = np.lexsort((at, person))
    return person[order], at[order]


def _on_calendar(at):
    """Days and shares of the opening hours.

    Time is bent inside each week only, so weekends are busy and the process keeps its law.
    """
    weekday = (EPOCH.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    week, within = np.divmod(at + weekday, 7)
    edges = np.concatenate([[0], np.cumsum(WEEKDAYS)]) / WEEKDAYS.sum()
    bent = week * 7 + np.interp(within / 7, edges, np.arange(8)) - weekday
    bent = np.maximum(bent, 0)
    day = np.floor(bent)
    return day.astype(np.int64), bent - day


def _one_a_day(person, day):
    """Move a second purchase of a day to the person's next free day, so that a visit is a day."""
    position = rank_in_run(person)
    # day - position must not fall within a person; an offset per person keeps the persons apart.
    apart = person.astype(np.int64) * (4 * DAYS)
    return np.maximum.accumulate(day - position + apart) - apart + position


def _plant_regulars(natural, members, calendar, rng):
    """Add persons outside the process whose yearly spend is set, so tier A has its counts."""
    if members < 400:
        return natural
    scale = min(1.0, members / 4000)
    by_year = natural.yearly_fen()
    missing = [
        max(0, round(TIER_A_MEMBERS[year] * scale) - int((by_year[:, i] >= TIER_A_FEN).sum()))
        for i, year in enumerate(YEARS)
    ]
    count = max(missing) + len(BOUNDARY_FEN) + len(GAP_FEN) + 4
    parts = []
    for i, year in enumerate(YEARS):
        in_a = [TIER_A_FEN, *rng.integers(362_000, 680_000, max(missing))][: missing[i]]
        in_b = rng.integers(160_000, 290_000, 2)
        # Nobody keeps a place: the roll makes the rises, falls, newcomers and losses of tier A.
        for place, total in enumerate([*in_a, *BOUNDARY_FEN, *GAP_FEN, *in_b]):
            person = members + (place + 3 * i) % count
            parts.append(_regular_year(person, year, int(total), rng))
    person, day, second, fen = (np.concatenate(column) for column in zip(*parts, strict=True))
    home = np.concatenate([natural.home, calendar.draw(np.zeros(count, dtype=int), rng)])
    columns = (
        np.concatenate([natural.person, person]),
        np.concatenate([natural.day, day]),
        np.concatenate([natural.second, second]),
        np.concatenate([natural.fen, fen]),
    )
    order = np.lexsort((columns[1], columns[0]))
    person, day, second, fen = (column[order] for column in columns)
    return Visits(person, day, second, home[person], fen, planted_from=members, home=home)


def _regular_year(person, year, total, rng):
    """(person, day, second, fen) of one planted year that sums to ``total`` fen exactly."""
    visits = round(total / 3900)
    start = int((np.datetime64(f"{year}-01-04") - EPOCH).astype(int))
    day = start + np.sort(rng.choice(355, visits, replace=False))
    weight = rng.gamma(8.0, 1.0, visits)
    edges = np.rint(np.cumsum(weight) / weight.sum() * total).astype(int)
    return (
        np.full(visits, person),
        day,
        opening_seconds(rng.random(visits)),
        np.diff(edges, prepend=0),
    )


def _visited_store(visits, calendar, rng):
    """Mostly the home store; another one now and then, and always where home is shut."""
    elsewhere = calendar.draw(visits.day, rng)
    stays = (rng.random(len(visits.day)) < 0.85) & calendar.is_open(visits.store, visits.day)
    return np.where(stays, visits.store, elsewhere)
