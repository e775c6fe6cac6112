"""What an analysis of the delivered files must come to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo.catalogue import YEARS
from regulars.demo.delivery import Delivery
from regulars.demo.population import TIER_A_FEN
from regulars.demo.sales import business_days

# Feeds whose whole file comes again and again, so that rows repeat between files.
SNAPSHOTS = ("stores", "products")


def tier_a(pos_sales: pa.Table) -> dict[str, int]:
    """Customers by year whose net spend, voids left out, reaches tier A."""
    bill = pos_sales.append_column("year", pc.year(pa.array(business_days(pos_sales))))
    bill = bill.filter(pc.and_(pc.is_valid(bill["customer_id"]), pc.invert(bill["void"])))
    spend = bill.group_by(["customer_id", "year"]).aggregate([("net_amount", "sum")])
    in_a = pc.greater_equal(spend["net_amount_sum"], pa.scalar(Decimal(TIER_A_FEN) / 100))
    years = spend.filter(in_a)["year"].to_numpy()
    return {str(year): int(np.count_nonzero(years == year)) for year in YEARS}


def files(deliveries: Sequence[Delivery], copies: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Per path: rows received = accepted + duplicate + quarantined, and net_amount as text."""
    seen: dict[str, set[tuple[object, ...]]] = {feed: set() for feed in SNAPSHOTS}
    counts = {}
    for delivery in deliveries:
        duplicate = delivery.row_count if delivery.path in copies else 0
        if delivery.feed in SNAPSHOTS:
            rows = {tuple(row.values()) for row in delivery.rows.to_pylist()}
            duplicate = len(rows & seen[delivery.feed])
            seen[delivery.feed] |= rows
        net = delivery.net_amount()
        counts[delivery.path] = {
            "feed": delivery.feed,
            "received": delivery.row_count,
            "accepted": delivery.rows.num_rows - duplicate,
            "duplicate": duplicate,
            "quarantined": len(delivery.dirty),
            "net_amount": None if net is None else str(net),
        }
    return counts


def feeds(counts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Totals of ``files`` by feed."""
    totals: dict[str, dict[str, int]] = {}
    for count in counts.values():
        total = totals.setdefault(
            count["feed"],
            {"files": 0, "received": 0, "accepted": 0, "duplicate": 0, "quarantined": 0},
        )
        total["files"] += 1
        for name in ("received", "accepted", "duplicate", "quarantined"):
            total[name] += count[name]
    return totals


def dirty(deliveries: Sequence[Delivery]) -> dict[str, list[dict[str, Any]]]:
    """Per path: record number in the file from 1, column and kind of every spoilt row."""
    return {
        delivery.path: [
            {"file_row": spoilt.at + 1 + before, "column": spoilt.column, "kind": spoilt.kind}
            for before, spoilt in enumerate(sorted(delivery.dirty, key=lambda d: d.at))
        ]
        for delivery in deliveries
        if delivery.dirty
    }
