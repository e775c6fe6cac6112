"""One screen of the current version."""

import shlex
import subprocess

import pytest

from regulars.errors import RegularsError
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.scorecard import scorecard_text

EMPTY = """
    create or replace table marts.fct_sales as
    select * from (values ('s01', 'r1', 12.50::decimal(18,2), 12.50::decimal(18,2))) as t(
        store_id, receipt_id, net_amount, net_amount_chain
    ) limit 0;
    create or replace table marts.mart_customer_tier (
        tier varchar, year integer, net_spend decimal(18,2), as_of date
    );
    create or replace table marts.mart_lifecycle (
        stage4 varchar, stage4_zh varchar, stage5 varchar, stage5_zh varchar
    );
    create or replace table marts.mart_nps (
        period_type varchar, period varchar, breakdown varchar, n_label varchar, nps double,
        margin_of_error double
    );
    create or replace table marts.mart_complaint_sla (
        met_response boolean, met_resolve boolean, breached_now boolean
    );
    create or replace table marts.audit_loads (
        status varchar, rows_received bigint, rows_accepted bigint, rows_duplicate bigint,
        rows_quarantined bigint
    );
"""
FILLED = """
    insert into marts.fct_sales values
    ('s01', 'r1', 12.50, 12.50), ('s01', 'r1', 1000, 1000), ('s02', 'r1', 7, 7);
    insert into marts.mart_customer_tier values
    ('A', 2014, 4000, '2014-12-30'), ('B', 2014, 1500, '2014-12-30'),
    ('B', 2014, 1600, '2014-12-30'), (null, 2014, null, '2014-12-30'),
    ('C', 2013, 10, '2014-12-30');
    insert into marts.mart_lifecycle values
    ('formation', '形成期', 'active', '活跃'), ('formation', '形成期', 'lost', '流失'),
    ('decline', '衰退期', 'lost', '流失');
    insert into marts.mart_nps values
    ('year', '2013', 'all', '<5', null, null), ('year', '2014', 'all', '210', -2.5, 8),
    ('year', '2014', 'store', '30', 9, 9), ('wave', 'w1', 'all', '210', 1, 1);
    insert into marts.mart_complaint_sla values
    (true, false, true), (true, null, false), (true, true, false), (false, null, false);
    insert into marts.audit_loads values
    ('loaded', 100, 90, 7, 3), ('duplicate_file', 10, 0, 10, 0), ('rejected', 55, 0, 0, 55);
"""


@pytest.fixture
def publish(lake, make_marts, suites):
    def run(sql):
        lake.deliver(1)
        make_marts(EMPTY + sql)
        build_warehouse()
        judge_marts(suites)
        publish_version()

    return run


@pytest.fixture
def lenient(suites):
    path = suites / "marts_sales.yaml"
    path.write_text(path.read_text().replace("min_value: 1", "min_value: 0"))


def test_the_current_version_on_one_screen(publish):
    publish(FILLED)
    assert scorecard_text().splitlines()[:-3] == [
        "Regulars, version 000001, as of 2014-12-30",
        "==========================================",
        "Sales",
        "  net sales                 1,019.50 CNY",
        "  receipts                  2",
        "  stores                    2",
        "  share of known customers  60.0%",
        "Customers by tier, 2014",
        "  A                                 1   spend        4,000.00",
        "  B                                 2   spend        3,100.00",
        "  no data                           1   spend no data",
        "Customers by stage, four stages",
        "  formation 形成期                  2",
        "  decline 衰退期                    1",
        "Customers by stage, five stages",
        "  lost 流失                         2",
        "  active 活跃                       1",
        "Net promoter score",
        "  2013                      no data, <5 answers",
        "  2014                      -2.5 ± 8.0, 210 answers",
        "Complaints",
        "  received                  4",
        "  first response in time    75.0%",
        "  resolved in time          50.0%",
        "  late and still open       1",
        "Quality",
        "  verdict                   warn",
        "  critical                  0 of 1 failed",
        "  warning                   1 of 2 failed",
        "Rows of the loaded files",
        "  received                  165 = 90 accepted + 17 duplicate + 58 quarantined",
        "  rejected files            1",
    ]


def test_what_was_never_delivered_is_no_data(publish, lenient):
    publish("")
    text = scorecard_text()
    assert "net sales                 no data" in text
    assert text.count("all                       no data") == 4
    assert "resolved in time          no data" in text


def test_the_query_it_shows_runs(publish, settings, monkeypatch):
    publish(FILLED)
    monkeypatch.chdir(settings.home)
    published, query = scorecard_text().splitlines()[-2:]
    assert published == "Published  published/current/regulars.duckdb"
    command = query.removeprefix("Query it   ")
    shown = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
    assert "1600.00" in shown.stdout


def test_nothing_published_is_said_so(settings):
    with pytest.raises(RegularsError, match="nothing is published"):
        scorecard_text()
