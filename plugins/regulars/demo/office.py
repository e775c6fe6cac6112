"""What the departments of the chain know of its stores, members and sales."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo.catalogue import FIRST_DAY, LAST_DAY, PRODUCTS, SERIES, YEARS, StoreCalendar
from regulars.demo.complaints import Desk
from regulars.demo.members import Club

# A row as it was entered on a day; the same key on a later day is another version of it.
Version = tuple[date, dict[str, Any]]
KEY_ACCOUNTS = 5


@dataclass(frozen=True)
class Office:
    """The simulated chain as its departments see it; ``rng`` decides what they enter."""

    calendar: StoreCalendar
    club: Club
    desk: Desk
    pos_sales: pa.Table
    rng: np.random.Generator

    @cached_property
    def regions(self) -> list[str]:
        """Sales regions in which the chain has a store."""
        return sorted({s.region for s in self.calendar.stores})

    @cached_property
    def sales(self) -> pa.Table:
        """What was sold: month (its first day), store_id, product_code, net_amount_sum."""
        sold = self.pos_sales.filter(pc.invert(self.pos_sales["void"]))
        month = sold["sold_at"].to_numpy().astype("datetime64[M]").astype("datetime64[D]")
        sold = sold.append_column("month", pa.array(month))
        return sold.group_by(["month", "store_id", "product_code"]).aggregate(
            [("net_amount", "sum")]
        )

    @cached_property
    def monthly_sales(self) -> dict[tuple[str, date], float]:
        """Sales in CNY by month, of a region, a series, a store or, under ``all``, the chain."""
        region = {s.store_id: s.region for s in self.calendar.stores}
        series = {p.product_code: SERIES[p.series] for p in PRODUCTS}
        totals: dict[tuple[str, date], float] = {}
        for row in self.sales.to_pylist():
            amount = float(row["net_amount_sum"])
            groups = (row["store_id"], region[row["store_id"]], series[row["product_code"]], "all")
            for group in groups:
                totals[group, row["month"]] = totals.get((group, row["month"]), 0.0) + amount
        return totals

    def sales_of(self, group: str, months: list[date]) -> float:
        """Sales in CNY of a group of ``monthly_sales`` over some months."""
        return sum(self.monthly_sales.get((group, month), 0.0) for month in months)

    @cached_property
    def best_customers(self) -> dict[int, list[str]]:
        """By year the members who spent most, best first."""
        sold = self.pos_sales.filter(
            pc.and_(pc.is_valid(self.pos_sales["customer_id"]), pc.invert(self.pos_sales["void"]))
        )
        sold = sold.append_column("year", pc.year(sold["sold_at"]))
        spend = sold.group_by(["year", "customer_id"]).aggregate([("net_amount", "sum")])
        ranked = spend.sort_by([("net_amount_sum", "descending"), ("customer_id", "ascending")])
        return {
            year: ranked.filter(pc.equal(ranked["year"], year))["customer_id"].to_pylist()[
                :KEY_ACCOUNTS
            ]
            for year in YEARS
        }

    def some_days(self, count: int, first: date = FIRST_DAY, last: date = LAST_DAY) -> list[date]:
        """Days drawn between two days, in order; a day may come twice."""
        days = np.sort(self.rng.integers(0, (last - first).days + 1, count))
        return [first + timedelta(days=int(n)) for n in days]


def months(first: date = FIRST_DAY, last: date = LAST_DAY) -> Iterator[date]:
    """First days of the months from one to another."""
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(index // 12, index % 12 + 1, 1)


def quarters() -> Iterator[list[date]]:
    """Months of each quarter of the history that is over on its last day."""
    listed = list(months())
    for first in range(0, len(listed) - 3, 3):
        yield listed[first : first + 3]
