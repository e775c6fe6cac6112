"""The member file: who holds which card, and how a card's row changes over time."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import arrow
from regulars.demo.catalogue import DAYS, EPOCH, STORES
from regulars.demo.grouping import rank_in_run
from regulars.demo.population import Visits

# Registered without ever buying, and persons who signed up a second time, per member.
PROSPECT_SHARE = 0.02
SECOND_CARD_SHARE = 0.01
MOVING_SHARE = 0.03

SURNAMES = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "黄": "huang",
    "赵": "zhao", "吴": "wu", "周": "zhou", "徐": "xu", "孙": "sun", "马": "ma", "朱": "zhu",
    "胡": "hu", "郭": "guo", "何": "he", "林": "lin", "罗": "luo", "欧阳": "ouyang",
}  # fmt: skip
FEMALE_NAMES = {
    "芳": "fang", "秀英": "xiuying", "敏": "min", "静": "jing", "丽": "li", "雅婷": "yating",
    "欣怡": "xinyi", "思雨": "siyu", "佳琪": "jiaqi", "梦瑶": "mengyao", "晓燕": "xiaoyan",
    "雪": "xue",
}  # fmt: skip
MALE_NAMES = {
    "伟": "wei", "强": "qiang", "磊": "lei", "军": "jun", "洋": "yang", "浩然": "haoran",
    "子轩": "zixuan", "志明": "zhiming", "建国": "jianguo", "宇航": "yuhang", "鹏": "peng",
    "家豪": "jiahao",
}  # fmt: skip
OCCUPATIONS = ["student", "office_worker", "teacher", "engineer", "self_employed", "retired"]
EDUCATION = ["secondary", "college", "bachelor", "master"]
INCOME_BANDS = ["under_3000", "3000_5999", "6000_9999", "10000_and_over"]
HOUSEHOLDS = ["single", "couple", "with_children", "with_parents"]
SOURCES = ["store", "app", "friend", "campaign"]
STREETS = ["芋香路", "仙草街", "豆花巷", "甜水弄"]
LEVELS = ["standard", "silver", "gold"]
LEVEL_POINTS = [1000, 3000]
TIMES = "datetime64[s]"


@dataclass
class Club:
    """Cards (customer_ids) and the visits made with them.

    Arrays by card, except ``visit_*`` (by visit, as in Visits) and ``points`` (by visit: the
    card's balance after it).
    """

    customer_id: np.ndarray
    created_at: np.ndarray
    moved_at: np.ndarray
    fixed: dict[str, list]
    cities: list[tuple[str, str]]
    visit_card: np.ndarray
    visit_at: np.ndarray
    points: np.ndarray
    second_cards: list[dict[str, str]]
    planted: list[str]

    @property
    def visit_customer(self) -> np.ndarray:
        """customer_id of each visit."""
        return self.customer_id[self.visit_card]

    def rows(self, after: np.datetime64 | None, until: np.datetime64) -> pa.Table:
        """Cards that are new or changed after the day ``after``, as they stand on ``until``.

        A purchase changes a row too: it brings points.
        """
        begin = np.datetime64("0001-01-01", "D") if after is None else after
        begin, end = (begin + 1).astype(TIMES), (until + 1).astype(TIMES)
        known = self.visit_at < end
        last = np.full(len(self.customer_id), -1)
        np.maximum.at(last, self.visit_card[known], np.flatnonzero(known))
        moved = self.moved_at < end
        changed_at = self.created_at.copy()
        bought = last >= 0
        changed_at[bought] = np.maximum(changed_at[bought], self.visit_at[last[bought]])
        changed_at = np.where(moved, np.maximum(changed_at, self.moved_at), changed_at)
        cards = np.flatnonzero((self.created_at < end) & (changed_at >= begin))
        points = np.where(bought, self.points[last], 0)[cards]
        city = [self.cities[card][int(moved[card])] for card in cards]
        columns = {name: [values[card] for card in cards] for name, values in self.fixed.items()}
        schema = arrow.columns("customers")
        return arrow.table(
            "customers",
            {name: pa.array(values, schema.field(name).type) for name, values in columns.items()}
            | {
                "customer_id": arrow.texts(self.customer_id[cards]),
                "city": pa.array(city, arrow.TEXT),
                "points_balance": pa.array(points),
                "member_level": arrow.pick(
                    LEVELS, np.searchsorted(LEVEL_POINTS, points, side="right")
                ),
                "created_at": pa.array(self.created_at[cards]),
                "updated_at": pa.array(changed_at[cards]),
            },
        )


def enrol(visits: Visits, rng: np.random.Generator) -> Club:
    """Give every person a card, some a second one, and invent who they are."""
    persons = len(visits.home)
    visit_at = (EPOCH + visits.day).astype(TIMES) + visits.second
    rank = rank_in_run(visits.person)
    count = np.bincount(visits.person, minlength=persons)

    # Second cards go to light buyers: whether their cards are merged or not decides no tier.
    light = (visits.yearly_fen() < 120_000).all(axis=1) & (count >= 6)
    light[visits.planted_from :] = False
    again = np.sort(
        rng.choice(
            np.flatnonzero(light),
            min(np.count_nonzero(light), max(2, round(persons * SECOND_CARD_SHARE))),
            replace=False,
        )
    )
    lost_at = np.full(persons, np.iinfo(np.int64).max)
    lost_at[again] = rng.integers(2, count[again] - 1)
    second_card = np.full(persons, -1)
    second_card[again] = persons + np.arange(len(again))
    card = np.where(rank >= lost_at[visits.person], second_card[visits.person], visits.person)

    prospects = round(persons * PROSPECT_SHARE)
    holder = np.concatenate([np.arange(persons), again, persons + np.arange(prospects)])
    created_at = np.full(len(holder), np.datetime64("9999-01-01", "s"))
    np.minimum.at(created_at, card, visit_at - 120)
    idle = np.arange(len(holder)) >= persons + len(again)
    created_at[idle] = (
        (EPOCH + rng.integers(0, DAYS, prospects)).astype(TIMES)
        + rng.integers(36_000, 75_600, prospects)
    )  # fmt: skip

    order = np.argsort(created_at, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    holder, created_at, idle = holder[order], created_at[order], idle[order]
    card = place[card]
    ids = np.array([f"M{n + 1:06d}" for n in range(len(order))], dtype=object)
    lived = np.maximum(1, (np.datetime64(EPOCH + DAYS, "s") - created_at).astype(int) - 86_400)
    moves = rng.random(len(ids)) < MOVING_SHARE
    moved_at = np.where(
        moves,
        created_at + (lived * rng.random(len(ids))).astype(int) + 1,
        np.datetime64("9999-01-01", "s"),
    )
    home = np.concatenate([visits.home, rng.integers(0, visits.home.max() + 1, prospects)])
    cities = [
        (STORES[home[person]].city, STORES[other].city)
        for person, other in zip(holder, rng.integers(0, len(STORES), len(ids)), strict=True)
    ]
    pairs = [
        {"customer_id": ids[place[person]], "also": ids[place[second_card[person]]]}
        for person in again
    ]
    return Club(
        customer_id=ids,
        created_at=created_at,
        moved_at=moved_at,
        fixed=_identities(holder, place[second_card[again]], home, ids, rng),
        cities=cities,
        visit_card=card,
        visit_at=visit_at,
        points=balances(card, visit_at, visits.fen),
        second_cards=pairs,
        planted=[ids[place[person]] for person in range(visits.planted_from, persons)],
    )


def balances(card: np.ndarray, visit_at: np.ndarray, fen: np.ndarray) -> np.ndarray:
    """Points on the card after each visit: one for every yuan spent with it so far."""
    by_card = np.lexsort((visit_at, card))
    spent = np.cumsum(fen[by_card])
    before = np.where(rank_in_run(card[by_card]) == 0, spent - fen[by_card], 0)
    points = np.empty(len(card), dtype=np.int64)
    points[by_card] = (spent - np.maximum.accumulate(before)) // 100
    return points


def _identities(holder, second_cards, home, ids, rng):
    """What never changes, by card. A person's two cards agree but for how things are written, and
    half of them in the phone number.
    """
    persons = holder.max() + 1
    female = rng.random(persons) < 0.62
    surname = rng.integers(0, len(SURNAMES), persons)
    given = rng.integers(0, len(FEMALE_NAMES), persons)
    born = np.datetime64("1950-01-01") + np.minimum(
        rng.gamma(9.0, 1420.0, persons).astype(int), 18_500
    )
    number = rng.permutation(max(10_000, 2 * persons))[:persons]
    has_phone, has_email, consents = (rng.random((3, persons)).T < [0.93, 0.7, 0.68]).T
    choice = rng.random((persons, 6))
    names, latin = [], []
    for f, s, g in zip(female, surname, given, strict=True):
        firsts = FEMALE_NAMES if f else MALE_NAMES
        first = list(firsts)[g]
        family = list(SURNAMES)[s]
        names.append(family + first)
        latin.append(f"{SURNAMES[family]}.{firsts[first]}")
    second = np.isin(np.arange(len(holder)), second_cards)
    # Every other one comes with a new phone number: only name, birth and city tell who it is.
    renewed = np.isin(np.arange(len(holder)), second_cards[1::2])

    def one_of(values: list[str], column: int, missing: float = 0.0) -> list[str | None]:
        draw = choice[:, column]
        return [
            None if d < missing else values[int((d - missing) / (1 - missing) * len(values))]
            for d in draw[holder]
        ]

    has_phone[holder[second]] = True
    # The first members had nobody to be brought by.
    referred = (choice[holder, 5] < 0.1) & (np.arange(len(holder)) > 50) & ~second
    referrer = (np.arange(len(holder)) * rng.random(len(holder))).astype(int)
    return {
        "name": [names[p] for p in holder],
        "phone": [
            _phone(number[p] + 500_000 * new, again) if has_phone[p] else None
            for p, again, new in zip(holder, second, renewed, strict=True)
        ],
        "email": [
            f"{latin[p]}{number[p]}@example.com" if has_email[p] and not again else None
            for p, again in zip(holder, second, strict=True)
        ],
        "sex": ["female" if female[p] else "male" for p in holder],
        "occupation": one_of(OCCUPATIONS, 0, 0.3),
        "education": one_of(EDUCATION, 1, 0.35),
        "income_band": one_of(INCOME_BANDS, 2, 0.4),
        "household": one_of(HOUSEHOLDS, 3, 0.35),
        "source_channel": one_of(SOURCES, 4),
        "referrer_id": [ids[r] if yes else None for r, yes in zip(referrer, referred, strict=True)],
        "address": [
            f"{STORES[home[p]].city}市{STREETS[number[p] % 4]}{1 + number[p] % 199}号"
            for p in holder
        ],
        "birth_date": [born[p].astype(object) for p in holder],
        "consent_marketing": [bool(consents[p]) for p in holder],
    }


def _phone(number: int, second: bool) -> str:
    """Fictitious mobile number 160 00xx xxxx; on a second card as another clerk would type it."""
    digits = f"{number:06d}"
    if second:
        return f"+86 160-00{digits[:2]}-{digits[2:]}"
    return f"16000{digits}"
