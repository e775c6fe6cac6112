import os
from pathlib import Path

import duckdb
import pytest

from regulars.errors import RegularsError
from regulars.pages import verdict
from regulars.pages.place import page_name, page_path
from regulars.pages.verdict import write_verdict_page
from regulars.settings import load_settings
from regulars.warehouse.connection import connect

RUN = "asset_triggered__2015-01-01T02:00:00+08:00_x/y"

MARTS = """
    create schema raw;
    create schema marts;
    create table raw.build as
    select date '2014-12-31' as as_of, timestamp '2015-01-01 01:02:03' as known_at,
        'c0de' as code_version;
    create table marts.dq_results (
        subject_type varchar, subject varchar, suite varchar, expectation varchar,
        column_name varchar, severity varchar, success boolean, observed varchar, reason varchar
    );
    create table marts.dq_verdicts (
        subject_type varchar, subject varchar, verdict varchar, checks integer,
        failed_critical integer, failed_warning integer, reasons varchar,
        last_delivery_date date, days_since_delivery integer, coverage_pct double
    );
    create table marts.rpt_freshness (
        feed varchar, store_id varchar, last_delivery_date date, last_event_date date,
        max_days integer, deliveries_missing integer, is_stale boolean
    );
    create table marts.fct_alerts (
        alert_code varchar, severity varchar, entity_type varchar, entity_id varchar,
        opened_at date, status varchar, value double, threshold double, owner varchar,
        runbook varchar
    );
    create table marts.audit_loads (
        feed varchar, file_path varchar, delivery_date date, status varchar, reason varchar,
        rows_received bigint, rows_accepted bigint, rows_duplicate bigint, rows_quarantined bigint,
        net_amount_received decimal(18, 2), net_amount_accepted decimal(18, 2),
        net_amount_duplicate decimal(18, 2), net_amount_quarantined decimal(18, 2)
    );
"""
CHECK = "insert into marts.dq_results values ('mart', 'mart_nps', 'marts_voice', 'to_be_between',"
PASSED = f"{CHECK} 'nps', 'warning', true, '1', 'why')"
FAILED = f"{CHECK} 'margin', '{{}}', false, '22.1', 'A margin of 20 tells nothing.')"


@pytest.fixture
def page(home: Path):
    """Write the page of a warehouse of these statements; its text."""

    def write(*statements: str) -> str:
        settings = load_settings()
        settings.warehouse.unlink(missing_ok=True)
        with connect(settings) as connection:
            connection.execute(MARTS)
            for statement in statements:
                connection.execute(statement)
        return write_verdict_page(RUN).read_text(encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([PASSED], "Passed: every check"),
        ([PASSED, FAILED.format("warning")], "Passed with warnings"),
        ([PASSED, FAILED.format("warning"), FAILED.format("critical")], "Failed: a critical check"),
    ],
)
def test_the_page_says_the_verdict(page, statements, said) -> None:
    text = page(*statements)
    assert said in text
    assert "No verdict" not in text
    assert "as of 2014-12-31" in text
    assert ("A margin of 20 tells nothing." in text) is (len(statements) > 1)


def test_a_page_without_a_single_check_says_that_there_is_no_verdict(page) -> None:
    text = page()
    assert "No verdict: no check of the marts was evaluated" in text
    assert "Passed" not in text
    assert "No mart was judged in this build." in text
    assert "no data" in text  # the share of known customers


def test_checks_without_data_are_no_verdict(page) -> None:
    empty = PASSED.replace("'1'", "null")
    text = page(empty, empty)
    assert "No verdict" in text
    assert "2, 2 of them without data" in text
    assert "Passed: every check" in page(empty, PASSED)


def test_what_is_missing_open_or_rejected_is_listed(page) -> None:
    text = page(
        PASSED,
        "insert into marts.dq_verdicts values"
        " ('mart', 'mart_nps', 'warn', 3, 0, 1, 'x', null, null, null),"
        " ('feed', 'pos_sales', 'fail', null, null, null, 's3 failed', '2014-12-31', 0, 0.6364),"
        " ('feed', 'ref_fx', null, null, null, null, null, null, null, null)",
        "insert into marts.rpt_freshness values"
        " ('pos_sales', null, '2014-12-31', '2014-12-31', 1, null, false),"
        " ('pos_sales', 's9', '2014-12-28', '2014-12-27', null, 3, true),"
        " ('pos_sales', 's1', '2014-12-31', '2014-12-31', null, 0, false)",
        "insert into marts.fct_alerts values"
        " ('DQ_STALE', 'warning', 'store', 's9', '2014-12-29', 'open', 3, 0, 'team', 'r/a.md'),"
        " ('DQ_STALE', 'warning', 'store', 's8', '2014-12-29', 'closed', 3, 0, 'team', 'a.md')",
        "insert into marts.audit_loads values"
        " ('pos_sales', 'mended.csv', '2014-12-30', 'rejected', 'was bad', 0, 0, 0, 0, 0, 0, 0, 0),"
        " ('pos_sales', 'mended.csv', '2014-12-30', 'loaded', null, 9, 7, 1, 1, 90, 70, 10, 10),"
        " ('pos_sales', 'bad.csv', '2014-12-31', 'rejected', 'no qty', 2, 0, 0, 2, 5, 0, 0, 5)",
    )
    for shown in (
        "63.6%",
        "s3 failed",
        "store s9",
        "docs/r/a.md",
        "bad.csv",
        "no qty",
    ):
        assert shown in text
    for hidden in ("mended.csv", "store s8", "was bad"):
        assert hidden not in text
    # Rows and money of the feed: received = accepted + duplicate + quarantined.
    assert all(f"{n}\nnet {m}.00" in text for n, m in [(11, 95), (7, 70), (1, 10), (3, 15)])


def test_every_value_is_escaped(page) -> None:
    bad = "<script>alert(1)</script>\"'&"
    quoted = bad.replace("'", "''")
    text = page(
        PASSED,
        f"insert into marts.dq_results values ('load', '{quoted}', '{quoted}', '{quoted}',"
        f" '{quoted}', '{quoted}', false, '{quoted}', '{quoted}')",
        f"insert into marts.fct_alerts values ('{quoted}', '{quoted}', 'store', '{quoted}',"
        f" '2014-12-29', 'open', 3, 0, '{quoted}', '{quoted}')",
        f"insert into marts.audit_loads values ('{quoted}', '{quoted}', '2014-12-31', 'rejected',"
        f" '{quoted}', 0, 0, 0, 0, 0, 0, 0, 0)",
        f"insert into marts.dq_verdicts values"
        f" ('feed', '{quoted}', '{quoted}', 1, 0, 0, '{quoted}', null, null, null)",
    )
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 14


def test_a_page_names_no_person(page) -> None:
    text = page(
        PASSED,
        "insert into marts.fct_alerts values"
        " ('RISK_LOST', 'warning', 'customer', 'm0042', '2014-12-29', 'open', 3, 0, 't', 'a.md')",
    )
    assert "a customer" in text
    assert "m0042" not in text


def test_a_page_needs_nothing_from_elsewhere(page) -> None:
    text = page(PASSED)
    assert not any(word in text for word in ("http://", "https://", "<script", "@import", "url("))
    assert 'name="viewport"' in text


def test_a_long_list_is_cut_and_says_so(page, monkeypatch) -> None:
    monkeypatch.setattr(verdict, "ROWS_SHOWN", 2)
    text = page(*[FAILED.format("warning")] * 5)
    assert text.count("A margin of 20 tells nothing.") == 2
    assert "… and 3 more." in text


def test_a_run_has_one_page_and_the_oldest_go(page, home, monkeypatch) -> None:
    monkeypatch.setattr(verdict, "PAGES_KEPT", 2)
    for day in (1, 2):
        old = home / "verdicts" / f"old{day}.html"
        old.parent.mkdir(parents=True, exist_ok=True)
        old.touch()
        os.utime(old, (day, day))
    page(PASSED)
    text = page(FAILED.format("critical"))
    assert sorted(p.name for p in (home / "verdicts").iterdir()) == [
        f"{page_name(RUN)}.html",
        "old2.html",
    ]
    assert "Failed: a critical check" in text


def test_without_a_warehouse_there_is_no_page(home) -> None:
    with pytest.raises(RegularsError, match="no warehouse"):
        write_verdict_page(RUN)


def test_a_missing_mart_is_no_page(page, home) -> None:
    with pytest.raises(duckdb.CatalogException):
        page("drop table marts.fct_alerts")
    assert page_path(load_settings(), page_name(RUN)) is None


def test_names_of_pages_differ_where_runs_do() -> None:
    assert page_name("a:b") != page_name("a+b")
    assert page_path(load_settings(), "../" + page_name("a")) is None
