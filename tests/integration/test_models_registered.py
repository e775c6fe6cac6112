"""Every mart that a model builds has its row in the register."""

import json

import duckdb
import pytest


def rests_on_a_fit(manifest: dict, node_id: str) -> bool:
    """Whether a model in Python lies behind the mart, other marts left aside."""
    for parent in manifest["parent_map"][node_id]:
        node = manifest["nodes"].get(parent)
        if node is None or node["resource_type"] != "model" or node["fqn"][1] == "marts":
            continue
        if node["language"] == "python" or rests_on_a_fit(manifest, parent):
            return True
    return False


@pytest.mark.requirement("MIS-04")
def test_every_mart_of_a_model_has_a_register_row_with_version_and_error(warehouse):
    path = warehouse.parent / "dbt" / "target" / "manifest.json"
    manifest = json.loads(path.read_text())
    marts = {
        node["name"]: (node_id, node["config"]["meta"].get("models", []))
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }
    with duckdb.connect(warehouse, read_only=True) as connection:
        registered = {
            name: (version, status, error is not None)
            for name, version, status, error in connection.execute(
                "select model_name, model_version, status, error_value from marts.rpt_models"
            ).fetchall()
        }
    fitted = {name for name, (node_id, _) in marts.items() if rests_on_a_fit(manifest, node_id)}
    assert {"mart_clusters", "mart_factor_scores", "mart_regression"} <= fitted
    assert [name for name in sorted(fitted - {"rpt_models"}) if not marts[name][1]] == []
    named = {model for _, models in marts.values() for model in models}
    assert {"rfm", "behaviour_factors", "behaviour_clusters", "next_spend_regression"} <= named
    for model in sorted(named):
        version, status, has_error = registered[model]
        assert version, model
        assert has_error or status != "fitted", model
