"""Real invoice lines through the real scheduler: every figure equals an independent answer."""

import json
import os
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import pytest

from regulars.scheduler.control import run_backfill
from regulars.settings import load_settings

WEEK = Path(__file__).parents[1] / "fixtures" / "online_retail"
YEAR = os.environ.get("REGULARS_ONLINE_RETAIL")


@pytest.fixture
def shop(home, airflow_port, monkeypatch) -> None:
    """A home of the web shop: one layout, its time zone and currency."""
    monkeypatch.setenv("REGULARS_LAYOUTS", json.dumps({"pos_sales": "online_retail"}))
    monkeypatch.setenv("REGULARS_TIMEZONE", "Europe/London")
    monkeypatch.setenv("REGULARS_CURRENCY", "GBP")


def deliver_days(home: Path, days: Path) -> list[Path]:
    files = sorted(days.glob("*.csv.gz"))
    for file in files:
        folder = home / "landing" / "pos_sales" / file.name[:10]
        folder.mkdir(parents=True)
        shutil.copy(file, folder)
    return files


def measured() -> dict:
    """The figures of the published version, in the scopes of the reference."""
    sale = "qty > 0 and unit_price > 0"
    path = load_settings().published / "current" / "regulars.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        found = connection.execute(f"""
            select
                count(*) filter ({sale}) as sale_lines,
                sum(net_amount) filter ({sale}) as revenue,
                count(distinct receipt_id) filter ({sale}) as receipts,
                count(distinct customer_id) filter ({sale}) as customers,
                count(*) filter ({sale} and customer_id is null) as sale_lines_without_customer,
                count(*) filter (receipt_id like 'C%') as cancel_lines,
                sum(net_amount) filter (receipt_id like 'C%') as cancelled
            from fct_sales
            where receipt_id not like 'A%'
        """)
        figures = dict(zip([d[0] for d in found.description], found.fetchone(), strict=True))
        loads = connection.execute(
            "select sum(rows_received), sum(rows_accepted), sum(rows_duplicate),"
            " sum(rows_quarantined), sum(net_amount_received), sum(net_amount_accepted),"
            " sum(net_amount_duplicate), sum(net_amount_quarantined) from audit_loads"
        ).fetchone()
    rows, money = loads[:4], loads[4:]
    assert rows[0] == sum(rows[1:])
    assert money[0] == sum(money[1:])
    return figures | {"rows_all": rows[0], "amount_all_rows": money[0]}


def answers_of(files: list[Path]) -> dict:
    """The same figures by pandas straight from the delivered files."""
    lines = pandas.concat(pandas.read_csv(f, dtype=str, keep_default_na=False) for f in files)
    lines["amount"] = [
        (Decimal(q) * Decimal(p)).quantize(Decimal("0.01"))
        for q, p in zip(lines.Quantity, lines.UnitPrice, strict=True)
    ]
    invoice = lines.InvoiceNo.str
    positive = (lines.Quantity.astype(int) > 0) & (lines.UnitPrice.astype(float) > 0)
    sale = lines[positive & ~invoice.startswith("C") & ~invoice.startswith("A")]
    cancel = lines[invoice.startswith("C")]
    return {
        "sale_lines": len(sale),
        "revenue": sum(sale.amount),
        "receipts": sale.InvoiceNo.nunique(),
        "customers": sale.CustomerID[sale.CustomerID != ""].nunique(),
        "sale_lines_without_customer": int((sale.CustomerID == "").sum()),
        "cancel_lines": len(cancel),
        "cancelled": sum(cancel.amount),
        "rows_all": len(lines),
        "amount_all_rows": sum(lines.amount),
    }


def scored() -> pandas.DataFrame:
    """Recency, frequency and money of each buyer, with their fifths; refunds are not taken off."""
    path = load_settings().published / "current" / "regulars.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(
            "select customer_id, recency_days as recency, receipts as frequency,"
            " gross_spend as monetary, r, f, m_before_refunds as m from mart_rfm"
            " order by customer_id"
        ).df()


def fifths_of(buyers: pandas.DataFrame) -> pandas.DataFrame:
    """Fifths of each figure by pandas: equal in size, the first ones one larger; ties by id."""
    fifths = {}
    for name, figure in (("r", -buyers.recency), ("f", buyers.frequency), ("m", buyers.monetary)):
        ordered = buyers.assign(figure=figure).sort_values(["figure", "customer_id"]).index
        size, larger = divmod(len(buyers), 5)
        sizes = [size + 1] * larger + [size] * (5 - larger)
        numbers = [number + 1 for number, count in enumerate(sizes) for _ in range(count)]
        fifths[name] = pandas.Series(numbers, ordered)
    return pandas.DataFrame(fifths).sort_index()


def cohorts() -> dict[str, dict[str, int]]:
    """Buyers of each month by the month of their first purchase and the months since."""
    path = load_settings().published / "current" / "regulars.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "select strftime(cohort_month, '%Y-%m'), months_since, active from mart_cohort_month"
        ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for month, since, active in rows:
        found.setdefault(month, {})[str(since)] = active
    return found


def repeat_rates() -> dict[str, float]:
    """Share of buyers with two receipts or more, over all sales and by closed year."""
    path = load_settings().published / "current" / "regulars.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "select case when period_kind = 'ever' then 'ever' else strftime(period_start, '%Y')"
            " end, repurchase_rate from mart_repurchase"
            " where dimension = 'all' and period_kind in ('ever', 'year')"
        ).fetchall()
    return dict(rows)


def economics(
    path: Path, mart: str = "mart_retention_economics"
) -> dict[int, tuple[float, float, float, float]]:
    """By year the share of the top fifth, the premium of who bought before, and concentration."""
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "select year, top_spend_share, repeat_spend_premium, buyers_of_most_sales_share, gini"
            f" from {mart}"
        ).fetchall()
    return {year: tuple(figures) for year, *figures in rows}


def economics_of(files: list[Path]) -> dict[int, tuple[float, float, float, float]]:
    """The same by pandas from the delivered files: buyers of a year, refunds taken off."""
    lines = pandas.concat(pandas.read_csv(f, dtype=str, keep_default_na=False) for f in files)
    lines["amount"] = [
        float((Decimal(q) * Decimal(p)).quantize(Decimal("0.01")))
        for q, p in zip(lines.Quantity, lines.UnitPrice, strict=True)
    ]
    lines["year"] = pandas.to_datetime(lines.InvoiceDate).dt.year
    lines["is_purchase"] = lines.Quantity.astype(int) > 0
    known = lines[lines.CustomerID != ""]
    return concentration_of(known.rename(columns={"CustomerID": "customer_id"}))


def concentration_of(known: pandas.DataFrame) -> dict[int, tuple[float, float, float, float]]:
    """By year what ``economics`` tells, of lines with year, customer_id, amount, is_purchase."""
    bought = known[known.is_purchase]
    spend = known.groupby(["year", "customer_id"]).amount.sum()
    first = bought.groupby("customer_id").year.min()
    found = {}
    for year in sorted(bought.year.unique()):
        buyers = bought.customer_id[bought.year == year].unique()
        of_year = spend[year].loc[buyers].sort_values(ascending=False)
        regular = first.loc[of_year.index] < year
        premium = None
        if regular.any() and not regular.all():
            premium = of_year[regular].mean() / of_year[~regular].mean() - 1
        ahead = of_year.cumsum().shift(fill_value=0)
        differences = abs(of_year.to_numpy()[:, None] - of_year.to_numpy()[None, :]).mean()
        found[int(year)] = (
            of_year.head(-(-len(of_year) // 5)).sum() / of_year.sum(),
            premium,
            (ahead < 0.8 * of_year.sum()).mean(),
            differences / 2 / of_year.mean(),
        )
    return found


def assert_economics(files: list[Path]) -> None:
    path = load_settings().published / "current" / "regulars.duckdb"
    found, expected = economics(path), economics_of(files)
    assert set(found) == set(expected)
    for year, figures in expected.items():
        assert found[year] == pytest.approx(figures, abs=1e-6), year


@pytest.mark.requirement("ECON-03", "ECON-04")
def test_three_years_of_the_small_chain_have_the_premium_that_pandas_finds(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        lines = connection.execute(
            "select year(business_date) as year, customer_id, not is_refund as is_purchase,"
            " net_amount_chain::double as amount from marts.fct_sales"
            " where customer_id is not null"
        ).df()
    found = economics(warehouse, "marts.mart_retention_economics")
    expected = concentration_of(lines)
    assert set(found) == set(expected) == {2012, 2013, 2014}
    assert [year for year, (_, premium, *_) in found.items() if premium is None] == [2012]
    for year, figures in expected.items():
        assert found[year] == pytest.approx(figures, abs=1e-6), year


@pytest.mark.slow
@pytest.mark.requirement("FEED-01", "DQ-06", "SEG-05", "ECON-04")
def test_a_week_of_real_sales(home, shop, capsys):
    files = deliver_days(home, WEEK)
    assert run_backfill("2010-12-01", "2010-12-07") == 0
    assert measured() == answers_of(files)
    buyers = scored()
    assert len(buyers) == answers_of(files)["customers"]
    assert (buyers[["r", "f", "m"]] == fifths_of(buyers)).all(axis=None)
    assert_economics(files)


@pytest.mark.slow
@pytest.mark.requirement("FEED-01", "DQ-06", "SEG-05", "LOY-07", "LOY-10", "ECON-03", "ECON-04")
@pytest.mark.skipif(not YEAR, reason="REGULARS_ONLINE_RETAIL names no folder with the whole year")
def test_a_year_of_real_sales(home, shop, capsys):
    reference = json.loads((Path(YEAR) / "reference.json").read_text())
    files = deliver_days(home, Path(YEAR) / "by_day")
    assert len(files) == 305
    assert run_backfill("2010-12-01", "2011-12-09") == 0
    expected = reference["totals"] | {name: reference[name] for name in ("rows_all",)}
    expected["amount_all_rows"] = reference["amount_all_rows"]
    found = measured()
    assert found == {
        name: Decimal(str(expected[name])) if isinstance(value, Decimal) else expected[name]
        for name, value in found.items()
    }
    rfm = reference["rfm"]
    buyers = scored()
    assert len(buyers) == rfm["customers"]
    for score in ("r", "f", "m"):
        sizes = buyers[score].value_counts().to_dict()
        assert {str(fifth): n for fifth, n in sizes.items()} == rfm[f"{score}_ntile5"]
    assert int((buyers[["r", "f", "m"]] == 5).all(axis=1).sum()) == rfm["best_555_ntile5"]
    # The reference counts days to the date after the last delivery.
    assert buyers.recency.mean() + 1 == pytest.approx(rfm["mean_recency"], abs=1e-6)
    assert buyers.frequency.mean() == pytest.approx(rfm["mean_frequency"], abs=1e-6)
    assert buyers.monetary.mean() == pytest.approx(rfm["mean_monetary"], abs=1e-4)
    assert [
        (row.customer_id, row.recency + 1, row.frequency, float(row.monetary), row.r, row.f, row.m)
        for row in buyers.head(10).itertuples()
    ] == [
        (one["customer_id"], one["recency"], one["frequency"], one["monetary"],
         one["r_ntile5"], one["f_ntile5"], one["m_ntile5"])
        for one in rfm["first_ten_by_id"]
    ]  # fmt: skip
    assert cohorts() == reference["cohorts"]
    rates = repeat_rates()
    assert rates.pop("ever") == pytest.approx(reference["repeat_rate"]["by_receipt"], abs=1e-6)
    assert rates == {"2010": pytest.approx(reference["repeat_rate"]["by_year"]["2010"], abs=1e-6)}
    assert_economics(files)
