"""Years, tiers, habits and lists against the simulated chain, and a history written by hand."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import duckdb
import pandas
import pytest

from regulars.code_version import code_version
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import run_dbt
from regulars.warehouse.sync import committed_batches, sync

Ask = Callable[[str], list[tuple]]


def asker(warehouse: Path) -> Ask:
    def ask(query: str) -> list[tuple]:
        with duckdb.connect(warehouse, read_only=True) as connection:
            return connection.execute(query).fetchall()

    return ask


@pytest.fixture
def ask(warehouse: Path) -> Ask:
    """Ask the small chain's warehouse."""
    return asker(warehouse)


@pytest.fixture(scope="module")
def sold(small_chain) -> pandas.DataFrame:
    """The lines that the simulation sold, with year and series; 芋圆 and 仙草 are one series."""
    _, chain = small_chain
    lines = chain.tables["pos_sales"].to_pandas()
    lines = lines[~lines["void"].fillna(False).astype(bool)]
    products = chain.tables["products"].to_pandas()[["product_code", "series"]]
    lines = lines.merge(products, on="product_code", how="left")
    wider = dict.fromkeys(("手工芋圆", "滑嫩仙草", "芋圆", "仙草"), "仙芋系列")
    lines["series"] = lines["series"].replace(wider)
    early = lines["sold_at"] - pandas.Timedelta(hours=4)
    lines["day"] = pandas.to_datetime(lines["business_date"]).fillna(early.dt.normalize())
    lines["is_refund"] = (lines["qty"] < 0) | lines["refund_of"].notna()
    return lines


@pytest.mark.requirement("YEAR-01", "YEAR-02")
def test_views_of_the_years_are_the_year_marts(ask):
    years = [year for (year,) in ask("select distinct year from marts.mart_customer_year")]
    assert sorted(years) == [2012, 2013, 2014]
    for form, mart in (
        ("customers_{}", "mart_customer_year"),
        ("query_{}", "rpt_customer_query"),
    ):
        union = " union all ".join(f"from marts.{form.format(year)}" for year in years)
        assert ask(f"from marts.{mart} except all ({union})") == []
        assert ask(f"({union}) except all from marts.{mart}") == []
    ordered = ask("select spend_rank from marts.query_2014")
    assert [rank for (rank,) in ordered] == list(range(1, len(ordered) + 1))


@pytest.mark.requirement("TIER-04")
def test_tier_lists_are_disjoint_and_hold_every_spender(ask):
    listed = ask(
        "from (from marts.tier_a union all from marts.tier_b union all from marts.tier_c)"
        " select year, customer_id"
    )
    spenders = ask("select year, customer_id from marts.mart_customer_tier where tier <> 'NONE'")
    assert len(listed) == len(set(listed))
    assert set(listed) == set(spenders)


@pytest.mark.requirement("YEAR-04")
def test_sheets_are_named_and_labelled_in_chinese(ask):
    sheets = ask(
        "select sheet_zh, object_name, rows_held from marts.rpt_workbook order by sheet_no"
    )
    assert [name for name, _, _ in sheets] == [
        *("忠诚度", "感知价值", "对比", "客户2012年", "客户2013年", "客户2014年"),
        *("查询2012年", "查询2013年", "查询2014年", "A", "B", "C", "ABC"),
    ]
    for name, view, rows in sheets:
        assert ask(f"select count(*) from marts.{view}") == [(rows,)], name
        assert ask(
            "select comment from duckdb_views() where schema_name = 'marts'"
            f" and view_name = '{view}'"
        ) == [(name,)]
        unlabelled = ask(
            "select column_name from duckdb_columns() where schema_name = 'marts'"
            f" and table_name = '{view}' and comment is null"
        )
        assert unlabelled == [], name


@pytest.mark.requirement("C360-03")
def test_favourite_series_is_that_of_the_simulated_receipts(ask, sold):
    recent = sold[sold["customer_id"].notna() & (sold["day"] > "2013-12-31")]
    spent = recent.groupby(["customer_id", "series"], as_index=False).agg(
        spend=("net_amount", "sum"), last=("day", "max")
    )
    best = spent.sort_values(
        ["customer_id", "spend", "last", "series"], ascending=[True, False, False, True]
    ).drop_duplicates("customer_id")
    found = ask(
        "select customer_id, favourite_series from marts.mart_customer_360"
        " where favourite_series is not null"
    )
    assert len(found) > 100
    assert dict(found) == dict(zip(best["customer_id"], best["series"], strict=True))


@pytest.mark.requirement("C360-12")
def test_basket_rules_are_those_of_the_simulated_receipts(ask, sold):
    recent = sold[~sold["is_refund"] & (sold["day"] > "2013-12-31")]
    baskets = recent.groupby(["store_id", "receipt_id"])["series"].agg(set)
    expected = {}
    for a, b in permutations(sorted(set(recent["series"])), 2):
        with_a = sum(a in basket for basket in baskets)
        with_b = sum(b in basket for basket in baskets)
        both = sum(a in basket and b in basket for basket in baskets)
        if both:
            lift = both * len(baskets) / (with_a * with_b)
            expected[a, b] = (both / len(baskets), both / with_a, lift)
    found = {
        (a, b): tuple(figures)
        for a, b, *figures in ask(
            "select series_a, series_b, support, confidence, lift from marts.mart_basket_rules"
        )
    }
    assert found.keys() == expected.keys()
    for pair, figures in found.items():
        assert figures == pytest.approx(expected[pair]), pair


@pytest.mark.requirement("TIER-15")
def test_top_fifth_of_the_simulated_spenders(ask, sold):
    year = sold[sold["customer_id"].notna() & (sold["day"].dt.year == 2014)]
    bought = set(year[~year["is_refund"]]["customer_id"])
    spend = year[year["customer_id"].isin(bought)].groupby("customer_id")["net_amount"].sum()
    few = -(-len(spend) // 5)
    top = sum(sorted(spend, reverse=True)[:few])
    assert ask(
        "select customers, spend, customer_share from marts.rpt_concentration"
        " where year = 2014 and group_name = 'top'"
    ) == [(few, top, pytest.approx(few / len(spend)))]


class History:
    """A chain of one store whose sales are written by hand."""

    def __init__(self, folder: Path) -> None:
        self.landing = folder / "landing"

    def deliver(self, feed: str, day: str, header: str, rows: Iterable[str]) -> None:
        path = self.landing / feed / day / f"{feed}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    def sell(self, delivered: str, *sales: tuple[str, str, str, int]) -> None:
        """Sales of (customer, day, product, amount), one line each."""
        self.deliver(
            "pos_sales",
            delivered,
            "receipt_id,line_no,store_id,sold_at,customer_id,product_code,qty,unit_price,net_amount",
            (
                f"{customer}-{day}-{product},1,S01,{day}T12:00:00,{customer},{product},1,{amount},{amount}"
                for customer, day, product, amount in sales
            ),
        )

    def build(self) -> Ask:
        settings = load_settings()
        for batch in find_batches(FEEDS, None, date(2099, 12, 31)):
            load_batch(batch)
        with connect(settings) as connection:
            sync(connection, settings, committed_batches(settings.lake), code_version())
        run_dbt(settings)
        return asker(settings.warehouse)


@pytest.fixture
def history(home: Path) -> History:
    """2012 to 2014 of three customers: a leaves A, b is B, c is C; a questionnaire each year."""
    chain = History(home)
    day = "2014-12-31"
    chain.deliver(
        *("products", day, "product_code,name,series,list_price,unit_cost"),
        ["P1,芋圆,仙芋系列,20,8", "P2,豆花,传统豆花,15,5"],
    )
    chain.deliver(
        *("stores", day, "store_id,name,timezone,opened_at"),
        ["S01,一号店,Asia/Shanghai,2009-01-01"],
    )
    chain.deliver(
        *("customers", day, "customer_id,created_at,consent_marketing"),
        [f"{customer},2012-01-01T10:00:00,true" for customer in "abc"],
    )
    chain.deliver(
        *("survey_responses", day),
        "wave_id,response_id,question_code,dimension,score,scale_min,scale_max,value_element,"
        "product_series,responded_at,anonymous,customer_id",
        [
            f"w{year},r{n},{question},{year}-06-01T10:00:00,false,{customer}"
            for year in (2012, 2013, 2014)
            for n, customer in enumerate("abc")
            for question in (
                "ATT,attitude,4,1,5,,仙芋系列",
                "IMP,importance,5,1,5,consistency,",
            )
        ],
    )
    chain.sell(
        day,
        ("a", "2012-03-01", "P1", 3600),
        ("a", "2013-02-01", "P1", 2000),
        ("a", "2013-06-01", "P1", 1700),
        ("a", "2014-03-01", "P1", 1700),
        ("b", "2012-03-01", "P1", 2000),
        ("b", "2013-03-01", "P2", 2500),
        ("b", "2014-03-01", "P2", 3200),
        ("c", "2012-03-01", "P1", 100),
        ("c", "2014-12-31", "P2", 100),
    )
    return chain


@pytest.mark.requirement("YEAR-04", "YEAR-05", "TIER-01", "TIER-14")
def test_new_year_moves_the_sheets_and_alerts_once(history):
    ask = history.build()
    assert [rows for (rows,) in ask("select rows_held from marts.rpt_workbook") if rows == 0] == []
    assert ask("select count(*) from marts.rpt_workbook") == [(13,)]
    assert ask(
        "select customer_id, year, tier, gap_flag from marts.mart_customer_tier where year > 2012"
        " order by 1, 2"
    ) == [
        *(("a", 2013, "A", False), ("a", 2014, "B", False)),
        *(("b", 2013, "B", False), ("b", 2014, "B", True)),
        *(("c", 2013, "NONE", False), ("c", 2014, "C", False)),
    ]
    alert = (
        "select entity_id, opened_at, closed_at, value, threshold from marts.fct_alerts"
        " where alert_code = 'TIER_DROP_A' order by opened_at"
    )
    # The 3600 of 1 March 2012 leave the rolling year on 1 March 2013, before the 1700 of June.
    first = ("a", date(2013, 3, 1), date(2013, 6, 1), 2000.0, 3500.0)
    second = ("a", date(2014, 2, 1), None, 1700.0, 3500.0)
    assert ask(alert) == [first, second]
    assert ask("select customer_id, spend_at_risk from marts.rpt_tier_drops") == [
        ("a", Decimal("3700.00"))
    ]

    history.sell("2015-01-02", ("b", "2015-01-02", "P1", 3500))
    ask = history.build()
    assert ask(alert) == [first, second]
    assert ask("select customer_id, tier from marts.tier_a where year = 2015") == [("b", "A")]
    assert ask("select customer_id from marts.customers_2015 where receipts > 0") == [("b",)]
    assert ask(
        "select sheet_zh from marts.rpt_workbook where sheet_no between 4 and 6 order by sheet_no"
    ) == [
        *(("客户2013年",), ("客户2014年",), ("客户2015年",)),
    ]
    assert ask("select distinct year_1, year_3 from marts.comparison") == [(2013, 2015)]
    assert ask("select count(*) from marts.customers_2012") == [(3,)]
