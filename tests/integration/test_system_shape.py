"""What the published tables are, and that they all tell of one evening."""

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from regulars.settings import load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.export import tables_without_people
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.state import BUILT, State, current_inputs, write_state
from regulars.warehouse.sync import committed_batches

# The sheets of the workbook keep the names that its users know.
SHEET = r"(customers|query)_\d{4}|tier_[abc]|abc|loyalty|perceived_value|comparison|total"


@pytest.fixture(scope="module")
def marts(warehouse) -> dict[str, str]:
    """The models of the marts as dbt knows them, by name, with their folder."""
    path = warehouse.parent / "dbt" / "target" / "manifest.json"
    return {
        node["name"]: node["fqn"][2]
        for node in json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }


@pytest.mark.requirement("ARCH-08")
def test_every_mart_stands_at_the_same_day(warehouse, marts):
    with duckdb.connect(warehouse, read_only=True) as connection:
        (as_of,) = connection.execute("select as_of from raw.build").fetchone()
        dated = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_columns()"
                " where schema_name = 'marts' and column_name = 'as_of'"
            ).fetchall()
        ]
        assert {"mart_customer_360", "mart_kpi_scorecard", "fct_alerts"} <= set(dated)
        stand = {
            name: connection.execute(f"select distinct as_of from marts.{name}").fetchall()
            for name in dated
        }
    assert {name: days for name, days in stand.items() if days not in ([], [(as_of,)])} == {}


@pytest.mark.requirement("ARCH-01", "ARCH-05")
def test_functions_and_modules_are_served_by_tables_that_hold_rows(warehouse, marts):
    with duckdb.connect(warehouse, read_only=True) as connection:
        parts = connection.execute(
            "select part_kind, part_no, mart, mart_group from marts.rpt_system_parts"
        ).fetchall()
        filled = {
            mart
            for _, _, mart, _ in parts
            if connection.execute(f"select 1 from marts.{mart} limit 1").fetchone()
        }
    assert all(marts[mart] == group for _, _, mart, group in parts)
    for kind, expected in {"function": 5, "module": 8, "subsystem": 4}.items():
        served = {no for k, no, mart, _ in parts if k == kind and mart in filled}
        assert served == set(range(1, expected + 1)), kind


@pytest.fixture(scope="module")
def published(warehouse, small_chain, tmp_path_factory) -> Path:
    """The folder of the small chain's first version, judged by the real suites."""
    settings, _ = small_chain
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("landing", "archive"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(home))
        environment.setenv("REGULARS_SETTINGS", str(home / "none.toml"))
        copied = load_settings()
        with connect(copied) as connection:
            inputs = current_inputs(copied, committed_batches(copied.lake))
            write_state(connection, State(inputs, BUILT))
        judge_marts()
        return Path(publish_version()["path"])


@pytest.mark.requirement("ARCH-02")
def test_readers_see_marts_and_reports_and_nothing_else(published, marts):
    with duckdb.connect(published / "regulars.duckdb", read_only=True) as connection:
        found = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        views = connection.execute("select view_name from duckdb_views() where not internal")
        assert views.fetchall() == []
    assert {schema for schema, _ in found} == {"main"}
    names = {name for _, name in found if not re.fullmatch(SHEET, name)}
    assert names == set(marts) | {"audit_models"}
    assert {path.stem for path in (published / "parquet").iterdir()} == {name for _, name in found}


@pytest.mark.requirement("C360-15")
def test_no_number_of_a_customer_is_in_what_units_are_given(published):
    with duckdb.connect(published / "regulars.duckdb", read_only=True) as connection:
        tables = tables_without_people(connection)
        kinds = dict(connection.execute("select mart, owner from rpt_mart_use").fetchall())
        people = {
            number
            for (number,) in connection.execute(
                "select customer_id from dim_customer union select complaint_id from fct_complaint"
                " union select feedback_id from fct_feedback"
            ).fetchall()
            if number
        }
        texts = {
            table: connection.execute(
                f"select string_agg(t::varchar, ' ') from {table} as t"
            ).fetchone()[0]
            or ""
            for table in tables
        }
    assert len(people) > 300
    assert {
        table for table, text in texts.items() if people & set(re.findall(r"[\w-]+", text))
    } == (set())
    # Something of every domain is left.
    groups = {
        "mart_kpi_scorecard",
        "mart_cac",
        "mart_market",
        "rpt_channel_decisions",
        "rpt_contact_depth",
        "rpt_risk_monthly",
        "rpt_price_claims",
        "rpt_unit_pack",
    }
    assert groups <= tables.keys() <= kinds.keys()


@pytest.mark.requirement("ARCH-03")
def test_the_lists_of_the_night_go_out_with_the_date_of_the_marts(published):
    version = json.loads((published / "version.json").read_text(encoding="utf-8"))
    for name in ("rpt_next_action", "rpt_survey_due", "fct_alerts", "mart_kpi_scorecard"):
        days = duckdb.sql(
            f"select as_of::varchar, count(*) > 0 from '{published}/parquet/{name}.parquet'"
            " group by all"
        )
        assert days.fetchall() == [(version["as_of"], True)], name
