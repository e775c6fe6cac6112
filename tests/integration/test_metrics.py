"""The metrics of dbt's semantic layer: what MetricFlow makes of them is what the scorecard says."""

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import (
    PydanticSemanticManifest,
)
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from regulars.dashboards.render import load_words
from regulars.settings import Settings
from regulars.warehouse.dbt import target_folder

CORE = {
    *("net_sales", "market_share", "market_coverage", "acquisition_cost", "csat_mean_100"),
    *("brand_influence", "brand_awareness", "cost_benefit_ratio"),
}
RELATIONSHIP = {
    *("csat_mean_100", "churn_rate", "acquisition_cost", "clv_profit_forward_mean"),
    *("loyalty_index", "contact_frequency"),
}


@pytest.fixture(scope="module")
def manifest(small_chain: tuple[Settings, object], dbt_runs: list) -> PydanticSemanticManifest:
    """What dbt wrote when it built the small chain."""
    text = (target_folder(small_chain[0]) / "semantic_manifest.json").read_text(encoding="utf-8")
    return parse_manifest_from_dbt_generated_manifest(text)


def rows(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.requirement("PERF-01")
@pytest.mark.requirement("PERF-02")
def test_a_metric_is_named_and_defined_as_in_the_dictionary(
    manifest: PydanticSemanticManifest, warehouse: Path
) -> None:
    said = {
        metric.name: (
            metric.label,
            metric.description,
            metric.config.meta["name_zh"],
            # The chain's own, whatever it is.
            metric.config.meta["unit"].replace("currency", "CNY"),
            metric.config.meta["requirements"],
        )
        for metric in manifest.metrics
    }
    assert set(said) == CORE | RELATIONSHIP
    dictionary = rows(
        warehouse,
        "select kpi, name_en, formula || '.', name_zh, unit, is_core, is_relationship"
        " from marts.rpt_kpi_dictionary where is_core or is_relationship",
    )
    assert said == {
        kpi: (
            *names,
            ["PERF-01"] * is_core + ["PERF-02"] * is_relationship,
        )
        for kpi, *names, is_core, is_relationship in dictionary
    }
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        words = load_words(connection)
    # The pages call them so too, in both languages.
    for name, (label, _, name_zh, *_) in said.items():
        assert words["en"](f"kpi.{name}") == label
        assert words["zh"](f"kpi.{name}") == name_zh


@pytest.mark.requirement("PERF-01")
@pytest.mark.requirement("PERF-02")
def test_every_metric_is_the_figure_of_the_scorecard(
    manifest: PydanticSemanticManifest, warehouse: Path
) -> None:
    renderer = SimpleNamespace(
        sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer()
    )
    engine = MetricFlowEngine(SemanticManifestLookup(manifest), renderer)
    metrics = sorted(CORE | RELATIONSHIP)
    request = MetricFlowQueryRequest.create(
        metric_names=metrics, group_by_names=["kpi_period__period_kind", "metric_time__day"]
    )
    with duckdb.connect(warehouse, read_only=True) as connection:
        answer = connection.execute(engine.explain(request).sql_statement.sql)
        names = [column[0] for column in answer.description]
        found = {}
        for row in answer.fetchall():
            values = dict(zip(names, row, strict=True))
            for metric in metrics:
                period = values["kpi_period__period_kind"], values["metric_time__day"].date()
                found[metric, *period] = values[metric]
    expected = {
        tuple(key): value
        for *key, value in rows(
            warehouse,
            "select kpi, period_kind, period_start, value from marts.mart_kpi_scorecard"
            " where is_core or is_relationship",
        )
    }
    assert found == expected
    assert len({kpi for (kpi, *_), value in expected.items() if value is not None}) > 8
