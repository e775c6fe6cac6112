"""Complaints and the steps of their handling, with cases exactly on the time limits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo import arrow
from regulars.demo.catalogue import LAST_DAY, YEARS

PER_1000_RECEIPTS = {2012: 6.5, 2013: 5.6, 2014: 4.8}
CHANNELS = ["store", "phone", "app", "online", "mail"]
TYPES = {
    "quality": (0.42, ["quality", "expectation", "management"]),
    "attitude": (0.22, ["communication", "management"]),
    "price": (0.14, ["expectation", "competition", "communication"]),
    "after_sales": (0.14, ["management", "communication"]),
    "logistics": (0.08, ["management", "quality"]),
}
VERBATIMS = {
    "quality": ["芋圆太硬了,咬不动 😡", "豆花有酸味,要求退款", "Found a hair in my grass jelly."],
    "attitude": ["店员爱理不理", "The cashier rolled her eyes at my child."],
    "price": ["同样一碗,别家便宜三块", "Charged twice for toppings?!"],
    "after_sales": ["说好回电话,一周没消息", "积分退款后没有退回"],
    "logistics": ["外卖送到冰都化了", "Delivery took 90 minutes, tea was cold"],
}
STEPS = [
    "received", "confirmed", "analysed", "planned",
    "carried_out", "answered", "followed_up", "closed",
]  # fmt: skip
HANDLERS = 8
# (complexity, hours to the first response, to the solution, seconds over): both sides of both
# limits of COMP-07.
BOUNDARY = [
    ("general", 24, 40, 0),
    ("general", 24, 40, 1),
    ("complex", 12, 48, 0),
    ("complex", 12, 48, 1),
]
END = datetime.combine(LAST_DAY, datetime.min.time()) + timedelta(days=1)


@dataclass
class Case:
    """One complaint with all its steps in the order they were logged."""

    complaint_id: str
    received_at: datetime
    fixed: dict[str, object]
    cause: str
    handler_id: str
    steps: list[tuple[str, datetime, float | None]]
    boundary: str | None = None
    violated: bool = False
    reopened: bool = False


@dataclass
class Desk:
    """All cases of the complaint desk."""

    cases: list[Case] = field(default_factory=list)

    def complaints(self, after: datetime | None, until: datetime) -> pa.Table:
        """Complaints with anything logged in [after, until), as they then stood."""
        rows = []
        for case in self.cases:
            done = {step: at for step, at, _ in case.steps if at < until}
            if not done or (after is not None and max(done.values()) < after):
                continue
            rows.append(
                case.fixed
                | {
                    "complaint_id": case.complaint_id,
                    "received_at": case.received_at,
                    # Nobody is in charge before it is confirmed, no cause known before analysis.
                    "handler_id": case.handler_id if len(done) > 1 else None,
                    "cause": case.cause if done.keys() & {"analysed", "answered"} else None,
                    "updated_at": max(done.values()),
                }
            )
        return _table("complaints", rows)

    def events(self, after: datetime | None, until: datetime) -> pa.Table:
        """Steps logged in [after, until)."""
        rows = [
            {
                "complaint_id": case.complaint_id,
                "step": step,
                "at": at,
                "actor": "desk" if step == "received" else case.handler_id,
                "note": "客户再次来电" if step == "reopened" else None,
                "score": score,
            }
            for case in self.cases
            for step, at, score in case.steps
            if at < until and (after is None or at >= after)
        ]
        return _table("complaint_events", rows)

    def truth(self) -> dict[str, object]:
        """What was planted, by complaint_id, and how many are open at the end."""
        seen = [[step for step, at, _ in case.steps if at < END] for case in self.cases]
        return {
            "complaints": len(self.cases),
            "open": sum(
                "closed" not in steps or ("reopened" in steps and steps[-1] != "closed")
                for steps in seen
            ),
            "boundary": {c.complaint_id: c.boundary for c in self.cases if c.boundary},
            "process_violations": [c.complaint_id for c in self.cases if c.violated],
            "reopened": [c.complaint_id for c in self.cases if c.reopened],
        }


def _table(feed: str, rows: list[dict[str, object]]) -> pa.Table:
    schema = arrow.columns(feed)
    columns = {}
    for column in schema:
        values = [row.get(column.name) for row in rows]
        if pa.types.is_decimal(column.type):
            empty = np.array([value is None for value in values], dtype=bool)
            hundredths = np.array([0 if v is None else round(v * 100) for v in values], dtype=int)
            columns[column.name] = arrow.decimals(hundredths, column.type, null=empty)
        else:
            columns[column.name] = pa.array(values, column.type)
    return arrow.table(feed, columns)


def complain(pos_sales: pa.Table, rng: np.random.Generator) -> Desk:
    """Complaints about a few receipts of ``pos_sales``, a year's share as PER_1000_RECEIPTS."""
    first_line = pc.and_(
        pc.equal(pos_sales["line_no"], 1),
        pc.and_(pc.is_null(pos_sales["refund_of"]), pc.invert(pos_sales["void"])),
    )
    receipts = pos_sales.filter(first_line)
    at = receipts["sold_at"].to_numpy()
    year = at.astype("datetime64[Y]").astype(int) + 1970
    share = np.array([PER_1000_RECEIPTS[y] / 1000 for y in YEARS])
    chosen = np.flatnonzero(rng.random(len(at)) < share[np.minimum(year, YEARS[-1]) - YEARS[0]])
    chosen = np.unique(np.r_[chosen, _certain(at)])
    chosen = chosen[np.argsort(at[chosen], kind="stable")]
    # The boundary cases have to be through by the end.
    marks = dict(zip(range(1, 2 * len(BOUNDARY), 2), range(len(BOUNDARY)), strict=True))
    rows = receipts.select(
        ["store_id", "receipt_id", "customer_id", "product_code", "sold_at"]
    ).take(chosen)
    desk = Desk()
    for number, receipt in enumerate(rows.to_pylist()):
        case = _case(number, receipt, marks.get(number), rng)
        if case.received_at < END:
            desk.cases.append(case)
    desk.cases.sort(key=lambda case: (case.received_at, case.complaint_id))
    return desk


def _certain(at):
    """Receipts that lead to a complaint in any chain: some over the years, one a day at the end."""
    order = np.argsort(at, kind="stable")
    spread = order[np.linspace(0, len(at) - 1, 14).astype(int)[1:-1]]
    days = np.datetime64(END, "D") - np.arange(8, 0, -1)
    begin, end = (np.searchsorted(at[order], days + shift) for shift in (0, 1))
    return np.r_[spread, order[((begin + end) // 2)[begin < end]]]


def _case(number, receipt, mark, rng):
    kinds = list(TYPES)
    kind = kinds[rng.choice(len(kinds), p=[TYPES[k][0] for k in kinds])]
    delay = timedelta(seconds=int(rng.lognormal(8.8, 1.3)) + 300)
    received = receipt["sold_at"] + delay
    complexity = "complex" if rng.random() < 0.25 else "general"
    severity = int(rng.choice([1, 2, 3, 4, 5], p=[0.15, 0.35, 0.3, 0.15, 0.05]))
    if mark is None:
        steps, violated, reopened = _handling(received, complexity, rng)
        boundary = None
    else:
        complexity, respond, solve, over = BOUNDARY[mark]
        steps = _boundary_handling(received, respond, solve, over, complexity)
        violated = reopened = False
        limit = "response at 24 h" if complexity == "general" else "solution at 48 h"
        boundary = f"{limit} {'+ 1 s, breached' if over else 'exactly, met'}"
    causes = TYPES[kind][1]
    verbatims = VERBATIMS[kind]
    return Case(
        complaint_id=f"C{number + 1:05d}",
        received_at=received,
        fixed={
            "channel": CHANNELS[rng.choice(5, p=[0.4, 0.25, 0.2, 0.1, 0.05])],
            "customer_id": receipt["customer_id"],
            "store_id": receipt["store_id"],
            "product_code": receipt["product_code"] if kind in ("quality", "price") else None,
            "receipt_id": receipt["receipt_id"] if rng.random() < 0.7 else None,
            "type": kind,
            "complexity": complexity if complexity == "complex" or rng.random() < 0.8 else None,
            "severity": severity,
            "verbatim": verbatims[rng.integers(len(verbatims))],
        },
        cause=causes[rng.integers(len(causes))],
        handler_id=f"H{1 + rng.integers(HANDLERS):02d}",
        steps=steps,
        boundary=boundary,
        violated=violated,
        reopened=reopened,
    )


def _handling(received, complexity, rng):
    """(steps, violated, reopened) of an ordinary case; later steps may lie after the end."""
    slow = 2.4 if complexity == "complex" else 1.0
    hours = np.cumsum(
        [
            0.0,
            rng.lognormal(1.0, 1.1),
            slow * rng.lognormal(0.9, 0.7),
            slow * rng.lognormal(0.8, 0.6),
            slow * rng.lognormal(1.2, 0.8),
            rng.lognormal(0.0, 0.7),
            24 + rng.gamma(3.0, 20.0),
            rng.gamma(2.0, 6.0),
        ]
    )
    score = float(np.clip(round(rng.normal(74, 16)), 0, 100))
    steps = [
        (step, received + timedelta(seconds=int(h * 3600)), _scored(step, score))
        for step, h in zip(STEPS, hours, strict=True)
    ]
    fate = rng.random()
    if fate < 0.025:  # the plan is made before anybody looked into it
        steps[2], steps[3] = ("planned", *steps[2][1:]), ("analysed", *steps[3][1:])
        return steps, True, False
    if fate < 0.05:  # nobody analysed it
        return steps[:2] + steps[3:], True, False
    if fate < 0.07:
        again = steps[-1][1] + timedelta(hours=30)
        fixed, verified, closed = (again + timedelta(hours=h) for h in (20, 50, 51))
        return (
            [
                *steps,
                ("reopened", again, None),
                ("carried_out", fixed, None),
                ("followed_up", verified, min(100.0, score + 10)),
                ("closed", closed, None),
            ],
            False,
            True,
        )
    if fate < 0.085:  # left lying
        return steps[: 1 + int(rng.integers(0, 4))], False, False
    return steps, False, False


def _scored(step, score):
    """The customer is asked for a score once, at the follow-up."""
    return score if step == "followed_up" else None


def _boundary_handling(received, respond, solve, over, complexity):
    """Steps with the first response or everything that counts as solved right on the limit."""
    late = timedelta(seconds=over)
    response = timedelta(hours=respond) + (late if complexity == "general" else timedelta(0))
    solution = timedelta(hours=solve) + (late if complexity == "complex" else timedelta(0))
    spread = (solution - response) / 4
    offsets = [timedelta(0), response, response + spread, response + 2 * spread, *[solution] * 4]
    return [
        (step, received + offset, _scored(step, 80.0))
        for step, offset in zip(STEPS, offsets, strict=True)
    ]
