"""The gate: mart suites over the marts."""

import pytest

from regulars.errors import RegularsError
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts


@pytest.fixture
def built(lake, make_marts):
    lake.deliver(1)
    build_warehouse()
    return make_marts


def results(settings):
    with connect(settings, read_only=True) as connection:
        return connection.execute(
            "select subject_type, subject, column_name, success, observed, as_of::varchar"
            " from marts.dq_results order by all"
        ).fetchall()


LOAD = ("load", "stores/2014-12-30/stores.csv", "rows", True, "1", "2014-12-30")


def test_results_are_written_beside_those_of_the_loads(settings, built, suites):
    judged = judge_marts(suites)
    assert (judged["verdict"], judged["checks"]) == ("warn", 2)
    assert judged["failed"] == [
        "fct_sales: net_amount is 19.5 (warning): More than fifteen yuan is suspicious here."
    ]
    expected = [
        LOAD,
        ("mart", "fct_sales", "line_count", True, "2", "2014-12-30"),
        ("mart", "fct_sales", "net_amount", False, "19.5", "2014-12-30"),
    ]
    assert results(settings) == expected
    judge_marts(suites)
    assert results(settings) == expected


def test_a_critical_failure_stops_publication_after_all_suites_ran(settings, built, suites):
    built("delete from marts.fct_sales;")
    build_warehouse()
    later = (suites / "marts_sales.yaml").read_text(encoding="utf-8")
    (suites / "marts_zeal.yaml").write_text(later.replace("marts_sales", "marts_zeal"))
    with pytest.raises(RegularsError) as raised:
        judge_marts(suites)
    assert "2 critical expectations of the marts failed" in str(raised.value)
    assert "fct_sales: line_count is 0 (critical): A chain without a sale" in str(raised.value)
    assert ("mart", "fct_sales", "net_amount", True, None, "2014-12-30") in results(settings)
    with pytest.raises(RegularsError, match="failed a critical expectation"):
        publish_version()
    assert not (settings.published / "current").exists()


@pytest.mark.requirement("ARCH-08")
@pytest.mark.parametrize(
    ("stands_at", "seen"), [("date '2014-12-29'", "2014-12-29"), ("null", None)]
)
def test_a_mart_left_behind_is_stale_and_stops_publication(
    settings, built, suites, stands_at, seen
):
    built(
        "create table marts.mart_new as select date '2014-12-30' as as_of;"
        f"create table marts.mart_old as select {stands_at}::date as as_of;"
    )
    build_warehouse()
    with pytest.raises(RegularsError, match="1 critical") as raised:
        judge_marts(suites)
    assert "DQ_STALE: the mart was left behind; the build stands at 2014-12-30" in str(raised.value)
    assert ("mart", "mart_old", "as_of", False, seen, "2014-12-30") in results(settings)
    with pytest.raises(RegularsError, match="failed a critical expectation"):
        publish_version()


def test_a_measure_that_does_not_run_is_named(built, suites):
    path = suites / "marts_sales.yaml"
    path.write_text(path.read_text().replace("sum(net_amount)", "sum(gross_amount)"))
    with pytest.raises(RegularsError, match=r"marts_sales\.yaml: the measures of fct_sales"):
        judge_marts(suites)


def test_no_build_and_no_suite_are_refused(settings, suites, tmp_path):
    with pytest.raises(RegularsError, match="run build_warehouse first"):
        judge_marts(suites)
    with pytest.raises(RegularsError, match="nothing would be judged"):
        judge_marts(tmp_path)
