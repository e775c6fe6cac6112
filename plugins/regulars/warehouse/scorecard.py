"""The current version on one screen."""

import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Any

import duckdb

from regulars.warehouse.publish import DATABASE, DESCRIPTION, current

_NO_DATA = "no data"


def scorecard_text() -> str:
    """What the current version says, where it lies and how to ask it more; ends without a newline.

    Raises:
        RegularsError: nothing was published yet.
    """
    folder = current()
    version = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        sections = [
            ("Sales", _sales(connection, version)),
            (f"Customers by tier, {version['as_of'][:4]}", _tiers(connection)),
            ("Customers by stage, four stages", _stages(connection, "stage4")),
            ("Customers by stage, five stages", _stages(connection, "stage5")),
            ("Net promoter score", _nps(connection)),
            ("Complaints", _complaints(connection)),
            ("Quality", _quality(version)),
            ("Rows of the loaded files", _rows(connection)),
        ]
    heading = f"Regulars, version {version['version']}, as of {version['as_of']}"
    lines = [heading, "=" * len(heading)]
    width = max(_width(label) for _, pairs in sections for label, _ in pairs)
    for title, pairs in sections:
        lines += [title, *(f"  {_pad(label, width)}  {value}" for label, value in pairs)]
    return "\n".join([*lines, "", *_how_to_query(folder)])


_Pairs = list[tuple[str, str]]


def _sales(connection: duckdb.DuckDBPyConnection, version: dict[str, Any]) -> _Pairs:
    amount, receipts, stores = connection.execute(
        "select sum(net_amount_chain), count(distinct (store_id, receipt_id)),"
        " count(distinct store_id) from fct_sales"
    ).fetchone()
    shown = _NO_DATA if amount is None else f"{amount:,.2f} {version['currency']}"
    return [
        ("net sales", shown),
        ("receipts", f"{receipts:,}"),
        ("stores", f"{stores:,}"),
        ("share of known customers", _share(version["coverage_pct"])),
    ]


def _tiers(connection: duckdb.DuckDBPyConnection) -> _Pairs:
    found = connection.execute(
        "select coalesce(tier, ?), count(*), sum(net_spend) from mart_customer_tier"
        " where year = extract(year from as_of) group by all order by all",
        [_NO_DATA],
    ).fetchall()
    return [
        (tier, f"{count:>9,}   spend {_NO_DATA if spend is None else f'{spend:>15,.2f}'}")
        for tier, count, spend in found
    ] or [("all", _NO_DATA)]


def _stages(connection: duckdb.DuckDBPyConnection, column: str) -> _Pairs:
    found = connection.execute(
        f"select {column}, {column}_zh, count(*) from mart_lifecycle group by all"
        f" order by count(*) desc, {column}"
    ).fetchall()
    return [
        (" ".join(filter(None, [stage, chinese])), f"{count:>9,}")
        for stage, chinese, count in found
    ] or [("all", _NO_DATA)]


def _nps(connection: duckdb.DuckDBPyConnection) -> _Pairs:
    found = connection.execute(
        "select period, nps, margin_of_error, n_label from mart_nps"
        " where period_type = 'year' and breakdown = 'all'"
        " order by period"
    ).fetchall()
    return [
        (period, f"{_NO_DATA if nps is None else f'{nps:+.1f} ± {margin:.1f}'}, {n} answers")
        for period, nps, margin, n in found
    ] or [("all", _NO_DATA)]


def _complaints(connection: duckdb.DuckDBPyConnection) -> _Pairs:
    total, answered, resolved, late = connection.execute(
        "select count(*), avg(met_response::integer), avg(met_resolve::integer),"
        " count(*) filter (breached_now) from mart_complaint_sla"
    ).fetchone()
    return [
        ("received", f"{total:,}"),
        ("first response in time", _share(answered)),
        ("resolved in time", _share(resolved)),
        ("late and still open", f"{late:,}" if total else _NO_DATA),
    ]


def _quality(version: dict[str, Any]) -> _Pairs:
    pairs = [("verdict", version["verdict"])]
    for severity, counts in version["expectations"].items():
        pairs.append((severity, f"{counts['failed']:,} of {counts['judged']:,} failed"))
    return pairs


def _rows(connection: duckdb.DuckDBPyConnection) -> _Pairs:
    received, accepted, duplicate, quarantined, rejected = connection.execute("""
        select
            coalesce(sum(rows_received), 0),
            coalesce(sum(rows_accepted), 0),
            coalesce(sum(rows_duplicate), 0),
            coalesce(sum(rows_quarantined), 0),
            count(*) filter (status = 'rejected')
        from audit_loads
    """).fetchone()
    sign = "=" if received == accepted + duplicate + quarantined else "≠"
    return [
        (
            "received",
            f"{received:,} {sign} {accepted:,} accepted + {duplicate:,} duplicate"
            f" + {quarantined:,} quarantined",
        ),
        ("rejected files", f"{rejected:,}"),
    ]


def _how_to_query(folder: Path) -> list[str]:
    link = folder.parent.parent / "current" / DATABASE
    database = _near(link)
    query = "from mart_customer_tier limit 5"
    return [
        f"Published  {database}",
        f'Query it   {_near(Path(sys.executable))} -c "import duckdb;'
        f" duckdb.connect('{database}', read_only=True).sql('{query}').show()\"",
    ]


def _near(path: Path) -> str:
    """As seen from the working directory, if it lies below."""
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)


def _share(value: float | None) -> str:
    return _NO_DATA if value is None else f"{value:.1%}"


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
