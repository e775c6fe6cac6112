"""Every mart that a model builds has its row in the register."""

import json

import duckdb
import pytest


def models_behind(manifest: dict, node_id: str) -> set[str]:
    """The models whose fits lie behind the node, marts between them left aside."""
    found = set()
    for parent in manifest["parent_map"][node_id]:
        node = manifest["nodes"].get(parent)
        if node and node["resource_type"] == "model" and node["fqn"][1] != "marts":
            found |= set(node["config"]["meta"].get("models", []))
            found |= models_behind(manifest, parent)
    return found


@pytest.mark.requirement("MIS-04")
def test_every_mart_of_a_model_has_a_register_row_with_version_and_error(warehouse):
    path = warehouse.parent / "dbt" / "target" / "manifest.json"
    manifest = json.loads(path.read_text())
    nodes = {
        node_id: node
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    with duckdb.connect(warehouse, read_only=True) as connection:
        registered = {
            name: (version, status, error is not None)
            for name, version, status, error in connection.execute(
                "select model_name, model_version, status, error_value from marts.rpt_models"
            ).fetchall()
        }
    # What runs in Python says which models it fits; meta.models is [] where it fits none.
    silent = [
        node["name"]
        for node in nodes.values()
        if node["language"] == "python" and "models" not in node["config"]["meta"]
    ]
    assert silent == []
    used = {
        node["name"]: models_behind(manifest, node_id)
        for node_id, node in nodes.items()
        if node["fqn"][1] == "marts"
    }
    assert used["mart_rfm"] == {"rfm"}
    assert used["mart_clusters"] == {"behaviour_clusters"}
    assert used["mart_regression"] == {"next_spend_regression"}
    for mart, models in sorted(used.items()):
        for model in sorted(models):
            assert model in registered, f"{mart} rests on {model}, which rpt_models lacks"
            version, status, has_error = registered[model]
            assert version, model
            assert has_error or status != "fitted", model
