"""Surveys in two waves a year: linked answers of members and anonymous ones."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo import arrow
from regulars.demo.catalogue import (
    DOUHUA,
    EPOCH,
    SERIES,
    SNACK,
    TEA,
    XIANYU,
    YEARS,
    StoreCalendar,
    day_number,
)
from regulars.demo.members import Club

RESPONSES_PER_WAVE = 350
LINKED_SHARE = 0.45
VERBATIM_SHARE = 0.22
RIVAL = "甜里芋舍"

# Shares of the scores 1..5: means 4.6, 4.4, 2.9 and 3.0 (LOY-02).
ATTITUDE = {
    XIANYU: [0.01, 0.01, 0.04, 0.25, 0.69],
    DOUHUA: [0.01, 0.02, 0.08, 0.34, 0.55],
    SNACK: [0.10, 0.24, 0.38, 0.22, 0.06],
    TEA: [0.08, 0.21, 0.42, 0.21, 0.08],
}
# Mean on 1..5 in 2012 and gain per year.
SATISFACTION = {
    "product": (4.25, 0.04),
    "service": (3.85, 0.12),
    "price": (3.55, 0.00),
    "after_sales": (3.60, 0.08),
    "marketing": (3.45, 0.05),
    "communication": (3.55, 0.10),
    "overall": (3.95, 0.09),
}
RECOMMEND = (7.9, 0.3)
IMPORTANCE = {
    "consistency": 4.7, "features": 4.3, "range": 4.0, "ease_of_use": 4.1,
    "supply_reliability": 4.4, "technical_support": 3.2, "quick_response": 4.3,
    "product_innovation": 3.9, "technical_information": 3.0,
    "image": 3.8, "personal_relations": 3.5, "company_reliability": 4.4,
    "public_relations": 3.1, "upstream_integration": 2.8,
}  # fmt: skip
ELEMENTS_ASKED = 4
MODES = ["store", "phone", "online", "app", "mail"]
COMMENTS = [
    "芋圆很Q,仙草也好吃,会再来 😋",
    "豆花口感细腻,可惜我家附近的店没有",
    "点心种类太少,味道一般。",
    "茶饮就是顺手买的,没有特色",
    "排队太久了😤,服务员态度倒是不错",
    "Great taro balls, a bit too sweet for me 🍠",
    'The staff called it "signature", and it is. Thumbs up 👍',
    "Waited 25 minutes; the order was wrong, nobody said sorry.",
    "环境干净,价格偏高,\n希望多一些会员活动",
    "会员积分怎么用?没人告诉我 🤔",
]


def _windows():
    """(wave_id, first day, last day) of the field work."""
    for year in YEARS:
        yield f"W{year}A", date(year, 4, 10), date(year, 5, 20)
        yield f"W{year}B", date(year, 11, 20), date(year, 12, 31)


def ask(
    club: Club,
    complaints: pa.Table,
    calendar: StoreCalendar,
    responses: int,
    rng: np.random.Generator,
) -> pa.Table:
    """All answers, by wave, response and question; ``responses`` questionnaires a wave."""
    complained_at = np.full(len(club.customer_id), np.datetime64("1970-01-01", "s"))
    known = complaints.filter(pc.is_valid(complaints["customer_id"]))
    card = np.searchsorted(club.customer_id.astype(str), known["customer_id"].to_pylist())
    complained_at[card] = known["received_at"].to_numpy()
    waves = [
        _wave(index, wave, first, last, club, complained_at, calendar, responses, rng)
        for index, (wave, first, last) in enumerate(_windows())
    ]
    return pa.concat_tables(waves)


def _wave(index, wave, first, last, club, complained_at, calendar, responses, rng):
    first_day, last_day = day_number(first, 0), day_number(last, 0)
    day = np.sort(rng.integers(first_day, last_day + 1, responses))
    store = calendar.draw(day, rng)
    customer, trigger = _respondents(day, club, complained_at, rng)
    anonymous = customer < 0
    # Only the date of an anonymous answer is kept.
    second = np.where(anonymous, 0, rng.integers(36_000, 79_200, responses))
    mode = np.where(
        anonymous,
        rng.choice(5, responses, p=[0.45, 0.0, 0.45, 0.0, 0.1]),
        rng.choice(5, responses, p=[0.2, 0.15, 0.25, 0.35, 0.05]),
    )
    mood = rng.normal(size=responses)
    answers = _Answers(rng, mood, index // 2)
    for dimension, (start, gain) in SATISFACTION.items():
        answers.rate(f"Q_{dimension.upper()}", dimension, start + gain * answers.year, 0.85)
    for series, shares in ATTITUDE.items():
        answers.attitude(series, shares)
    answers.rate("Q_RECOMMEND", "recommend", RECOMMEND[0] + RECOMMEND[1] * answers.year, 1.9, 0, 10)
    answers.rate("Q_RIVAL_OVERALL", "overall", 3.8, 0.8, subject=RIVAL, asked=0.12)
    asked = rng.random((responses, len(IMPORTANCE))).argsort(axis=1)[:, :ELEMENTS_ASKED]
    for number, (element, mean) in enumerate(IMPORTANCE.items()):
        answers.rate(
            f"Q_IMPORTANCE_{number + 1:02d}",
            "importance",
            mean,
            0.7,
            element=element,
            asked=(asked == number).any(axis=1),
        )
    answers.comment(VERBATIM_SHARE)
    columns = answers.columns()
    order = np.lexsort((columns["position"], columns["row"]))
    row = columns["row"][order]
    score = columns["score"][order]
    unscored = score < 0
    at = (EPOCH + day).astype("datetime64[s]") + second
    ids = np.array([f"{wave}-{n + 1:05d}" for n in range(responses)], dtype=object)
    stores = [s.store_id for s in calendar.stores]

    def text(name: str) -> pa.Array:
        return arrow.texts(columns[name][order])

    def hundredths(values: np.ndarray) -> pa.Array:
        return arrow.decimals(values * 100, arrow.SCORE, null=unscored)

    return arrow.table(
        "survey_responses",
        {
            "wave_id": arrow.pick([wave], np.zeros(len(row), dtype=int)),
            "response_id": arrow.texts(ids[row]),
            "question_code": text("question"),
            "dimension": text("dimension"),
            "score": hundredths(score),
            "scale_min": hundredths(columns["low"][order]),
            "scale_max": hundredths(columns["high"][order]),
            "verbatim": text("verbatim"),
            "mode": arrow.pick(MODES, mode[row]),
            "responded_at": pa.array(at[row]),
            "store_id": arrow.pick(stores, store[row]),
            "product_series": text("series"),
            "value_element": text("element"),
            "subject": text("subject"),
            "anonymous": pa.array(anonymous[row]),
            "customer_id": arrow.texts(club.customer_id[customer[row]], null=anonymous[row]),
            "trigger": arrow.texts(trigger[row]),
            "weight": arrow.decimals(np.full(len(row), 10_000), pa.decimal128(9, 4)),
            "updated_at": pa.array(at[row], mask=anonymous[row]),
        },
    )


def _respondents(day, club, complained_at, rng):
    """(card or -1, trigger) of each response: a member once a wave, who has bought by then."""
    responses = len(day)
    at = (EPOCH + day).astype("datetime64[s]")
    opening = at.min()
    seen = club.visit_at < opening
    last = np.full(len(club.customer_id), np.datetime64("1970-01-01", "s"))
    np.maximum.at(last, club.visit_card[seen], club.visit_at[seen])
    able = np.flatnonzero(last > np.datetime64("1970-01-01", "s"))
    linked = np.flatnonzero(rng.random(responses) < LINKED_SHARE)
    away = (opening - last[able]).astype(int) / 86_400
    # Most of those asked still come, some are asked why not; who complained is always of interest.
    weight = np.where(away <= 120, 1.0, 0.12)
    since = (opening - complained_at[able]).astype(int) / 86_400
    weight[(since >= 0) & (since <= 60)] = 8.0
    linked = linked[: len(able)]
    card = np.full(responses, -1)
    card[linked] = rng.choice(able, len(linked), replace=False, p=weight / weight.sum())
    age = (at - club.created_at[card]).astype(int) / 86_400
    absent = (at - last[card]).astype(int) / 86_400
    complaint = (at - complained_at[card]).astype(int) / 86_400
    trigger = np.select(
        [
            card < 0,
            (complaint >= 0) & (complaint <= 100),
            age < 45,
            absent > 120,
            rng.random(responses) < 0.3,
        ],
        ["periodic", "complaint", "new", "lost", "active"],
        "periodic",
    ).astype(object)
    return card, trigger


class _Answers:
    """Collects the answers of one wave, question by question."""

    def __init__(self, rng: np.random.Generator, mood: np.ndarray, year: int) -> None:
        self.rng, self.mood, self.year = rng, mood, year
        self.blocks: list[dict[str, np.ndarray]] = []

    def _latent(self) -> np.ndarray:
        """Opinions of mean 0 and variance 1, in part the respondent's mood: answers go together.

        Standardised over the wave, so that a year's means move as stated and not by chance.
        """
        opinion = 0.55 * self.mood + np.sqrt(1 - 0.55**2) * self.rng.normal(size=len(self.mood))
        return (opinion - opinion.mean()) / opinion.std()

    def _add(self, rows: np.ndarray, **values: object) -> None:
        defaults = {
            "score": -1, "low": 1, "high": 5, "dimension": None, "verbatim": None,
            "series": None, "element": None, "subject": "own",
        }  # fmt: skip
        block = {"row": rows, "position": np.full(len(rows), len(self.blocks))}
        for name, value in (defaults | values).items():
            numeric = name in ("score", "low", "high")
            block[name] = np.empty(len(rows), dtype=np.int64 if numeric else object)
            block[name][:] = value
        self.blocks.append(block)

    def rate(
        self,
        question: str,
        dimension: str,
        mean: float,
        spread: float,
        low: int = 1,
        high: int = 5,
        subject: str = "own",
        element: str | None = None,
        asked: np.ndarray | float = 1.0,
    ) -> None:
        """A rating, rounded and kept within its scale."""
        if isinstance(asked, float):
            asked = self.rng.random(len(self.mood)) < asked
        rows = np.flatnonzero(asked)
        score = np.clip(np.rint(mean + spread * self._latent()), low, high)[rows].astype(int)
        self._add(
            rows, question=question, dimension=dimension, score=score, low=low, high=high,
            subject=subject, element=element,
        )  # fmt: skip

    def attitude(self, series: int, shares: list[float]) -> None:
        """Attitude to a series: the ranks of a latent opinion cut by the stated shares."""
        rank = self._latent().argsort().argsort()
        cuts = np.cumsum(shares) * len(rank)
        score = 1 + np.searchsorted(cuts, rank + self.rng.random(), side="left")
        self._add(
            np.arange(len(rank)),
            question=f"Q_ATTITUDE_{series + 1}",
            dimension="attitude",
            score=np.minimum(score, 5),
            series=SERIES[series],
        )

    def comment(self, share: float) -> None:
        """A remark in the respondent's own words, without a score."""
        rows = np.flatnonzero(self.rng.random(len(self.mood)) < share)
        verbatim = np.array(COMMENTS, dtype=object)[self.rng.integers(0, len(COMMENTS), len(rows))]
        self._add(rows, question="Q_COMMENT", verbatim=verbatim)

    def columns(self) -> dict[str, np.ndarray]:
        """Everything answered, as columns."""
        return {name: np.concatenate([b[name] for b in self.blocks]) for name in self.blocks[0]}
