"""What each version said is kept, and what cannot be split is refused."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.warehouse import history, restate, state
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.history import build_history
from regulars.warehouse.publish import drop_former_versions, publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.restate import split_restatements
from regulars.warehouse.said import Edition, editions


@pytest.fixture
def night(lake, suites, make_marts):
    """Deliver, build and publish; the figure is 19.5 in the first version, then 20.5."""

    def run(number: int, day: str) -> str:
        make_marts("" if number == 1 else "update marts.rpt_figures_told set figure_value = 20.5;")
        lake.deliver(number, day=day)
        build_warehouse()
        judge_marts(suites)
        return publish_version()["version"]

    return run


def said(settings) -> list[tuple]:
    with connect(settings, read_only=True) as connection:
        return connection.execute(
            "select version, figure, figure_value, as_of from raw.figures_said order by all"
        ).fetchall()


def test_what_a_version_said_outlives_it_and_the_warehouse(settings, night):
    assert night(1, "2014-12-30") == "000001"
    first = ("000001", "net_sales", Decimal("19.5"), date(2014, 12, 30))
    kept = (settings.said / "000001.parquet").read_bytes()
    assert said(settings) == []
    assert night(2, "2014-12-31") == "000002"
    assert said(settings) == [first]
    assert drop_former_versions() == 1
    shutil.rmtree(settings.warehouse.parent)
    build_warehouse()
    assert said(settings) == [first, ("000002", "net_sales", Decimal("20.5"), date(2014, 12, 31))]
    assert (settings.said / "000001.parquet").read_bytes() == kept
    assert [(one.version, one.as_of) for one in editions(settings).values()] == [
        ("000001", date(2014, 12, 30)),
        ("000002", date(2014, 12, 31)),
    ]


def test_the_marts_as_they_stood_know_what_had_been_said_by_then(
    settings, night, suites, monkeypatch
):
    monkeypatch.setattr(history, "judge_marts", lambda: judge_marts(suites))
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    known_at = next(iter(editions(settings).values())).known_at
    for as_of, known in (
        (date(2014, 12, 31), {"000001", "000002"}),
        (date(2014, 12, 30), {"000001"}),
    ):
        build_history(as_of)
        assert {path.stem for path in (settings.history / str(as_of) / "said").iterdir()} == known
    history._say_again(settings, settings.history / "earlier", date(2014, 12, 31), known_at)
    assert not (settings.history / "earlier").exists()
    assert sorted(editions(settings)) == ["000001", "000002"]


def test_what_cannot_be_split_is_refused(settings, night, monkeypatch):
    night(1, "2014-12-30")
    with pytest.raises(RegularsError, match="000001 is the first one"):
        split_restatements()
    with pytest.raises(RegularsError, match="no version 7 was published; there are 000001"):
        split_restatements("7")
    night(2, "2014-12-31")
    for module in (restate, state):
        monkeypatch.setattr(module, "code_version", lambda: "other")
    with pytest.raises(RegularsError, match="000002 was made by other rules than those of today"):
        split_restatements("2")


def test_other_code_that_published_nothing_new_may_split(settings, night):
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    edition = editions(settings)["000002"]
    assert restate._is_of_todays_rules(settings, edition)
    assert restate._is_of_todays_rules(settings, replace(edition, code="former"))
    assert not restate._is_of_todays_rules(
        settings, replace(edition, code="former", version="000001")
    )


def test_where_nothing_is_told_differently_nothing_is_built(settings, night):
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    shutil.copyfile(settings.said / "000001.parquet", settings.said / "000002.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            restate,
            "editions",
            lambda _: {
                name: Edition(name, date(2014, 12, 31), datetime(2015, 1, 1), code_version())
                for name in ("000001", "000002")
            },
        )
        found = split_restatements("2")
    assert found == {"before": "000001", "after": "000002", "restated": 0}
    assert not settings.history.exists()


# Stands in for dbt: stores are counted, and all become one customer when one of them says so.
RESOLVED = """
    create schema if not exists intermediate;
    create or replace table intermediate.int_customers__identities_resolved as
    select distinct
        'member' as identifier_kind, store_id as identifier, null::date as valid_before,
        case when (select bool_or(name like '%!') from raw.stores) then 's01' else store_id end
            as customer_id
    from raw.stores
"""
COUNTED = """
    create schema if not exists marts;
    create or replace table marts.rpt_figures_told as
    select figure, 'year' as period_kind, date '2014-01-01' as period_start,
        figure_value::decimal(28, 9) as figure_value
    from (
        select 'rules' as figure, 5 as figure_value
        union all select 'stores', count(distinct store_id) from raw.stores
        union all select 'names', count(distinct name) from raw.stores where store_id = 's01'
        union all select 'customers', count(distinct customer_id)
        from intermediate.int_customers__identities_resolved where valid_before is null
    )
"""


def test_each_step_adds_one_thing(settings, lake, suites, make_marts, monkeypatch):
    built = []

    def run_models(of, select, exclude=()):
        built.append((tuple(select), tuple(exclude)))
        with connect(of) as connection:
            if not exclude:
                connection.execute(RESOLVED)
            if any("rpt_figures_told" in one for one in select):
                connection.execute(COUNTED)

    monkeypatch.setattr(restate, "run_models", run_models)
    shop = {"store_id": "s01", "name": "Shop", "timezone": "Asia/Shanghai"}
    file = {"file_path": "stores/2014-12-30/stores.csv"}
    deliveries = (
        {"load_id": "f1", "rows": [shop], "loaded_at": "2015-01-01T02:00:00"},
        {
            "load_id": "f2",
            "rows": [shop | {"name": "Shop!"}, shop | {"store_id": "s02"}],
            "loaded_at": "2015-01-02T02:00:00",
            "file_path": "stores/2014-12-30/more.csv",
        },
    )
    for number, delivery in enumerate(deliveries):
        # The first version was made by a rule that is another by now.
        rules = "" if number else "update marts.rpt_figures_told set figure_value = 3"
        make_marts(
            RESOLVED + ";" + COUNTED + ";" + rules + " where figure = 'rules'" * (not number)
        )
        lake.commit("stores", f"b{number}", file | delivery)
        build_warehouse()
        judge_marts(suites)
        publish_version()
    assert split_restatements() == {"before": "000001", "after": "000002", "restated": 3}
    with duckdb.connect() as connection:
        found = connection.execute(
            "select figure, with_rules, with_late_data, with_corrections, with_identities"
            f" from '{settings.said}/splits/000001_000002.parquet' order by all"
        ).fetchall()
    # Said was 3, 1, 1 and 1; the late store is a customer of its own until people are joined.
    assert found == [
        ("customers", 1, 2, 2, 1),
        ("names", 1, 1, 2, 2),
        ("rules", 5, 5, 5, 5),
        ("stores", 1, 2, 2, 2),
    ]
    assert len(built) == 6
    assert not (settings.history / "restated").exists()
    # The split is something new for the marts to tell.
    assert build_warehouse()["changed"]
    with connect(settings, read_only=True) as connection:
        assert connection.execute("select count(*) from raw.figures_split").fetchone() == (4,)
