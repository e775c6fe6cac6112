"""One dbt build in process, on a project of three nodes."""

import json
import os
import shutil

import pytest

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.settings import load_settings
from regulars.warehouse import dbt
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import PROJECT, record, run_dbt, target_folder

MODEL = """
{{ config(materialized='table', schema='marts', meta={'requirements': ['TIER-01', 'TIER-03']}) }}
select 1 as customer_id, 'A' as tier union all select 2, 'B' union all select 3, 'C'
"""
VIEW = "{{ config(schema='staging') }} select tier from {{ ref('mart_tier') }}"
CONTRACT = """
models:
  - name: mart_tier
    description: One row per customer.
    config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: customer_id, data_type: integer, description: "whose tier it is; 'A' is best"}
      - {name: tier, data_type: varchar, description: A or B}
"""
UNIT_TEST = """
unit_tests:
  - name: test_tier_top
    model: mart_top
    config: {meta: {requirements: [TIER-02]}}
    given: [{input: ref('mart_tier'), rows: [{customer_id: 7, tier: A}]}]
    expect: {rows: [{tier: A}]}
"""
# Reads its table through a view, which no night makes anew.
COUNTED = """
{{ config(materialized='table', schema='marts') }}
{%- set asked = 'select calendar_year from raw.years' -%}
{%- set years = run_query(asked).columns[0].values() if execute else [] -%}
select
    {% for year in years -%}
    count(case when tier = '{{ year }}' then 1 end) as n_{{ year }},
    {% endfor -%}
    sum(case when tier > 'D' then cast(tier as integer) end) as total
from {{ ref('mart_top') }}
"""
SEEN = """
def model(dbt, session):
    dbt.config(materialized="incremental", schema="marts")
    there = f"select customer_id from {dbt.this}" if dbt.is_incremental else "select 0"
    tiers = dbt.ref("mart_tier").filter(f"customer_id not in ({there})")
    return tiers.project("tier, customer_id").to_arrow_table()
"""
FEW_A = """
{{ config(severity='warn') }}
select * from {{ ref('mart_tier') }} where tier = 'A' and (select count(*) from raw.tiers) > 3
"""


# Wants more memory than there is beside others.
DEAR = """
{{ config(materialized='table', schema='marts') }}
select
    case
        when cast(current_setting('threads') as integer) > 1 then error('Out of Memory Error: x')
        else customer_id
    end as customer_id
from {{ ref('mart_tier') }}
"""


@pytest.fixture(scope="module")
def project_files(tmp_path_factory):
    """The project's own profile and schema names, three nodes, and dbt's parse cache."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("profiles.yml", "macros/generate_schema_name.sql"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    (folder / "dbt_project.yml").write_text("name: tiny\nprofile: regulars\n")
    (folder / "models").mkdir()
    (folder / "tests").mkdir()
    (folder / "models" / "mart_tier.sql").write_text(MODEL)
    (folder / "models" / "mart_top.sql").write_text(VIEW)
    (folder / "models" / "_models.yml").write_text(UNIT_TEST)
    return folder


@pytest.fixture
def project(project_files):
    """The project with a test that passes."""
    test = project_files / "tests" / "assert_no_tier_d.sql"
    test.write_text("select * from {{ ref('mart_tier') }} where tier = 'D'")
    (project_files / "models" / "mart_top.sql").write_text(VIEW)
    return project_files


@pytest.fixture
def sent_project(settings, project, tmp_path):
    """The project on a table of its own, with a model that asks, a fitted one and one that adds."""
    folder = tmp_path / "sent"
    shutil.copytree(project, folder)
    shutil.copytree(PROJECT / "macros" / "adapter", folder / "macros" / "adapter")
    models = folder / "models"
    (models / "mart_tier.sql").write_text(MODEL.split("select")[0] + "select * from raw.tiers")
    (models / "mart_counted.sql").write_text(COUNTED)
    (models / "mart_seen.py").write_text(SEEN)
    (folder / "tests" / "assert_few_a.sql").write_text(FEW_A)
    settings.warehouse.parent.mkdir(parents=True)
    with connect(settings) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.years as select 2013 as calendar_year")
        connection.execute("create table raw.tiers as select 1 as customer_id, 'A' as tier")
        connection.execute("insert into raw.tiers values (2, 'B'), (3, 'C')")
    return folder


@pytest.mark.requirement("ARCH-11")
def test_a_build_is_recorded_node_by_node(settings, project, monkeypatch):
    monkeypatch.delenv("REGULARS_WAREHOUSE", raising=False)
    settings.warehouse.parent.mkdir(parents=True)
    runs = run_dbt(settings, project=project)
    assert "REGULARS_WAREHOUSE" not in os.environ
    with connect(settings) as connection:
        record(connection, runs)
        rows = connection.execute(
            "select name, resource_type, schema_name, status, rows_held, failing_rows, requirements"
            " from marts.audit_models order by resource_type, name"
        ).fetchall()
        assert rows == [
            ("mart_tier", "model", "marts", "success", 3, None, "TIER-01, TIER-03"),
            ("mart_top", "model", "staging", "success", None, None, None),
            ("assert_no_tier_d", "test", None, "pass", None, 0, None),
        ]
        versions = connection.execute("select distinct code_version from marts.audit_models")
        assert versions.fetchall() == [(code_version(),)]
    written = json.loads((target_folder(settings) / "run_results.json").read_text())
    assert len(written["results"]) == 3


def test_a_night_makes_tables_anew_and_leaves_views(settings, project):
    settings.warehouse.parent.mkdir(parents=True)
    run_dbt(settings, project=project)
    with connect(settings) as connection:
        connection.execute("delete from marts.mart_tier")
    runs = run_dbt(settings, full_refresh=False, project=project)
    assert {(run.name, run.status) for run in runs} == {
        ("mart_tier", "success"),
        ("assert_no_tier_d", "pass"),
    }
    with connect(settings) as connection:
        assert connection.execute("select count(*) from staging.mart_top").fetchone() == (3,)


def test_a_table_keeps_its_contract_and_comments_at_night(settings, project, tmp_path):
    contracted = tmp_path / "contracted"
    shutil.copytree(project, contracted)
    shutil.copytree(PROJECT / "macros" / "adapter", contracted / "macros" / "adapter")
    (contracted / "models" / "_contract.yml").write_text(CONTRACT)
    model = contracted / "models" / "mart_tier.sql"
    # Columns are taken by name: the order in the query is another one than in the contract.
    model.write_text(
        MODEL.replace("1 as customer_id, 'A' as tier", "'A' as tier, 1 as customer_id")
        .replace("2, 'B'", "'B', 2")
        .replace("3, 'C'", "'C', 3")
    )
    settings.warehouse.parent.mkdir(parents=True)
    for full_refresh in (True, False):
        run_dbt(settings, full_refresh, project=contracted)
        with connect(settings) as connection:
            assert connection.execute("from marts.mart_tier order by all").fetchall() == [
                (1, "A"),
                (2, "B"),
                (3, "C"),
            ]
            assert connection.execute(
                "select comment from duckdb_tables() where table_name = 'mart_tier'"
            ).fetchone() == ("One row per customer.",)
            assert connection.execute(
                "select comment from duckdb_columns() where table_name = 'mart_tier' order by 1"
            ).fetchall() == [("A or B",), ("whose tier it is; 'A' is best",)]
            connection.execute("delete from marts.mart_tier")
    model.write_text(MODEL.replace("select 1 as", "select '1' as"))
    with pytest.raises(RegularsError, match=r"mart_tier: .*(?s:.)*contract"):
        run_dbt(settings, project=contracted)


def test_the_second_night_sends_what_dbt_sent_the_first(settings, sent_project, monkeypatch):
    for full_refresh in (True, False):
        run_dbt(settings, full_refresh, project=sent_project)
    with connect(settings) as connection:
        connection.execute("insert into raw.tiers values (4, 'A')")
    with monkeypatch.context() as without_dbt:
        without_dbt.setattr(dbt, "_invoke", None)
        runs = run_dbt(settings, full_refresh=False, project=sent_project)
    with connect(settings) as connection:
        record(connection, runs)
        rows = connection.execute(
            "select name, schema_name, status, rows_held, failing_rows, requirements"
            " from marts.audit_models order by resource_type, name"
        ).fetchall()
        seen = connection.execute("select customer_id from marts.mart_seen order by 1").fetchall()
    assert rows == [
        ("mart_counted", "marts", "success", 1, None, None),
        ("mart_seen", "marts", "success", 4, None, None),
        ("mart_tier", "marts", "success", 4, None, "TIER-01, TIER-03"),
        ("assert_few_a", None, "warn", None, 2, None),
        ("assert_no_tier_d", None, "pass", None, 0, None),
    ]
    # The one that was there is not added again.
    assert seen == [(1,), (2,), (3,), (4,)]
    written = json.loads((target_folder(settings) / "run_results.json").read_text())
    assert {
        result["unique_id"].split(".")[2]: result["status"] for result in written["results"]
    } == {name: status for name, _, status, *_ in rows}


def test_a_night_that_asked_dbt_another_question_is_run_by_dbt(settings, sent_project, caplog):
    for full_refresh in (True, False):
        run_dbt(settings, full_refresh, project=sent_project)
    with connect(settings) as connection:
        connection.execute("insert into raw.years values (2014)")
    for told in (["select calendar_year from raw.years"], []):
        caplog.clear()
        run_dbt(settings, full_refresh=False, project=sent_project)
        warned = [entry.getMessage() for entry in caplog.records if entry.levelname == "WARNING"]
        assert [text.split(": ")[1] for text in warned] == told
        with connect(settings) as connection:
            assert connection.execute("select n_2014 from marts.mart_counted").fetchone() == (0,)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("(9, 'D')", "customer_id=9, tier=D"),
        ("(9, 'no number')", "model mart_counted: .*no number"),
    ],
)
def test_dbt_tells_what_fails_in_a_night_it_did_not_run(settings, sent_project, rows, message):
    for full_refresh in (True, False):
        run_dbt(settings, full_refresh, project=sent_project)
    with connect(settings) as connection:
        connection.execute(f"insert into raw.tiers values {rows}")
    with pytest.raises(RegularsError, match=f"(?s){message}"):
        run_dbt(settings, full_refresh=False, project=sent_project)


def test_what_runs_out_of_memory_beside_others_is_built_again_alone(
    settings, sent_project, monkeypatch, caplog
):
    (sent_project / "models" / "mart_dear.sql").write_text(DEAR)
    for full_refresh in (True, False):
        runs = run_dbt(settings, full_refresh, project=sent_project)
        assert {run.status for run in runs} == {"success", "pass"}
        assert len(runs) == (7 if full_refresh else 6)
        written = json.loads((target_folder(settings) / "run_results.json").read_text())
        assert len(written["results"]) == len(runs)
    assert caplog.text.count("one at a time") == 2
    kept = json.loads((target_folder(settings) / "night" / "statements.json").read_text())
    texts = [statement["text"] for statement in kept["model.tiny.mart_dear"]]
    assert len(texts) == len(set(texts))
    monkeypatch.setenv("REGULARS_THREADS", "1")
    with monkeypatch.context() as without_dbt:
        without_dbt.setattr(dbt, "_invoke", None)
        run_dbt(load_settings(), full_refresh=False, project=sent_project)


def test_what_runs_out_of_memory_alone_fails(settings, sent_project):
    (sent_project / "models" / "mart_dear.sql").write_text(DEAR.replace("> 1", "> 0"))
    with pytest.raises(RegularsError, match=r"(?s)1 of 7 nodes failed.*mart_dear.*Out of Memory"):
        run_dbt(settings, project=sent_project)


def test_a_full_build_drops_the_statements_of_the_night_before(settings, sent_project):
    for full_refresh in (True, False):
        run_dbt(settings, full_refresh, project=sent_project)
    assert (target_folder(settings) / "night").exists()
    run_dbt(settings, project=sent_project)
    assert not (target_folder(settings) / "night").exists()


def test_a_python_model_leaves_nothing_beside_its_table(settings, project, tmp_path):
    grown = tmp_path / "grown"
    shutil.copytree(project, grown)
    shutil.copytree(PROJECT / "macros" / "adapter", grown / "macros" / "adapter")
    (grown / "models" / "mart_seen.py").write_text(SEEN)
    settings.warehouse.parent.mkdir(parents=True)
    run_dbt(settings, project=grown)
    (grown / "models" / "mart_tier.sql").write_text(MODEL + " union all select 4, 'D'")
    (grown / "tests" / "assert_no_tier_d.sql").unlink()
    with connect(settings) as connection:
        # As a night leaves it that is killed before its rows are taken over.
        connection.execute("create table marts.mart_seen__dbt_tmp (x int)")
    for _ in range(2):  # a night that dbt runs, and one that is sent what it sent
        with connect(settings) as connection:
            connection.execute("delete from marts.mart_seen where tier = 'A'")
        run_dbt(settings, full_refresh=False, project=grown)
        with connect(settings) as connection:
            assert connection.execute(
                "select schema_name, table_name from duckdb_tables() order by all"
            ).fetchall() == [("marts", "mart_seen"), ("marts", "mart_tier")]
            assert connection.execute(
                "select tier from marts.mart_seen order by all"
            ).fetchall() == [("A",), ("B",), ("C",), ("D",)]


def test_unit_tests_run_on_request(settings, project):
    settings.warehouse.parent.mkdir(parents=True)
    runs = run_dbt(settings, project=project, unit_tests=True)
    (unit_test,) = [run for run in runs if run.resource_type == "unit_test"]
    assert (unit_test.name, unit_test.requirements) == ("test_tier_top", ("TIER-02",))
    assert not (project / "target").exists()
    assert not (project / "logs").exists()


def test_a_failing_test_is_named_with_offending_rows(settings, project):
    settings.warehouse.parent.mkdir(parents=True)
    (project / "tests" / "assert_no_tier_d.sql").write_text(
        "select * from {{ ref('mart_tier') }} where tier in ('B', 'C')"
    )
    with pytest.raises(RegularsError) as raised:
        run_dbt(settings, project=project)
    message = str(raised.value)
    assert "1 of 3 nodes failed" in message
    assert "- test assert_no_tier_d: Got 2 results" in message
    assert "customer_id=2, tier=B" in message
    assert "customer_id=3, tier=C" in message
    with connect(settings):
        pass  # dbt has let go of the file


def test_a_failing_model_is_named_with_its_message(settings, project):
    settings.warehouse.parent.mkdir(parents=True)
    (project / "models" / "mart_top.sql").write_text(VIEW.replace("select tier", "select teir"))
    with pytest.raises(RegularsError, match=r"model mart_top: .*(?s:.)*teir") as raised:
        run_dbt(settings, project=project)
    assert "1 of 3 nodes failed" in str(raised.value)


def test_a_project_that_cannot_be_read_says_so(settings, project):
    settings.warehouse.parent.mkdir(parents=True)
    (project / "models" / "mart_top.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(RegularsError, match=r"dbt could not start: (?s:.)*nowhere"):
        run_dbt(settings, project=project)
