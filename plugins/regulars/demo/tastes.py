"""Which series is on which visit, so that repeat rates come out as the plan states them.

The repeat rate of a series in a year is the share of its buyers of that year who buy it on at
least two days of that year. It is met by quota: given the members who buy a series again and
again, as many single-time buyers are added as the rate leaves room for.
"""

import numpy as np

from regulars.demo.catalogue import DOUHUA, SERIES, SNACK, TEA, XIANYU, YEARS
from regulars.demo.grouping import rank_in_run
from regulars.demo.population import Visits

REPEAT_RATES = {XIANYU: 0.62, DOUHUA: 0.18, SNACK: 0.15, TEA: 0.58}
# Share of those who could buy the occasional series at all that do so within a year.
REACH = {DOUHUA: 0.45, SNACK: 0.5}


def choose_series(visits: Visits, has_douhua: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Boolean array, visits by series: what each visit contains (at least one series).

    ``has_douhua`` says per visit whether the store could make tofu pudding that day.
    """
    chosen = np.zeros((len(visits.person), len(SERIES)), dtype=bool)
    loves_xianyu, loves_tea = _loves(len(visits.home), rng)
    for year in range(len(YEARS)):
        rows = np.flatnonzero(visits.year == year)
        if not len(rows):
            continue
        person, fen = visits.person[rows], visits.fen[rows]
        days = np.bincount(person, minlength=len(visits.home))
        block = np.zeros((len(rows), len(SERIES)), dtype=bool)
        block[:, [XIANYU, TEA]] = _staples(person, days, loves_xianyu, loves_tea, rng)
        for series, loves in ((XIANYU, loves_xianyu), (TEA, loves_tea)):
            again = np.count_nonzero(loves & (days >= 2))
            forced = np.count_nonzero(loves & (days == 1))
            room = round(again * (1 / REPEAT_RATES[series] - 1)) - forced
            pool = np.flatnonzero(~loves & (days >= 2))
            once = rng.choice(pool, min(max(room, 0), len(pool)), replace=False)
            block[:, series] |= _pick(person, fen, {1: once}, np.ones(len(rows), dtype=bool), rng)
        for series, possible in (
            (DOUHUA, has_douhua[rows]),
            (SNACK, np.ones(len(rows), dtype=bool)),
        ):
            block[:, series] = _occasional(series, person, fen, possible, rng)
        chosen[rows] = block
    return chosen


def _loves(persons, rng):
    """Lasting tastes: 仙芋 only, tea only, or both."""
    taste = rng.random(persons)
    return taste < 0.61, taste >= 0.43


def _staples(person, days, loves_xianyu, loves_tea, rng):
    """What each visit is made for. Lovers of both alternate, but have either on two days."""
    staples = np.column_stack([loves_xianyu[person], loves_tea[person]])
    both = staples.all(axis=1)
    mood = rng.random(len(person))
    one_of_two = staples.copy()
    one_of_two[both & (mood < 0.4), 1] = False
    one_of_two[both & (mood > 0.65), 0] = False
    enough = np.ones(len(days), dtype=bool)
    for column in (0, 1):
        enough &= np.bincount(person, one_of_two[:, column], minlength=len(days)) >= 2
    return np.where(enough[person][:, None], one_of_two, staples)


def _occasional(series, person, fen, possible, rng):
    """Visits that contain a series bought for variety, where it can be had."""
    chances = np.bincount(person[possible], minlength=person.max() + 1)
    able = np.flatnonzero(chances >= 1)
    able_again = np.flatnonzero(chances >= 2)
    buyers = round(REACH[series] * len(able))
    again = min(round(REPEAT_RATES[series] * buyers), len(able_again))
    buyers = round(again / REPEAT_RATES[series])
    repeaters = rng.choice(able_again, again, replace=False)
    others = np.setdiff1d(able, repeaters)
    once = rng.choice(others, min(buyers - again, len(others)), replace=False)
    times: dict[int, list[int]] = {1: list(once)}
    for repeater, wanted in zip(
        repeaters, 2 + rng.binomial(chances[repeaters] - 2, 0.3), strict=True
    ):
        times.setdefault(int(wanted), []).append(int(repeater))
    return _pick(person, fen, times, possible, rng)


def _pick(person, fen, times, possible, rng):
    """Mark ``times`` visits of the persons given for each number, the dearer ones more likely."""
    wanted = np.zeros(person.max() + 1, dtype=int)
    for count, persons in times.items():
        wanted[np.asarray(persons, dtype=int)] = count
    key = np.where(possible, np.log(rng.random(len(person))) / fen, -np.inf)
    order = np.lexsort((-key, person))
    picked = np.zeros(len(person), dtype=bool)
    picked[order] = rank_in_run(person[order]) < wanted[person[order]]
    return picked & possible
