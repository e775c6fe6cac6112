"""The manifest of the dbt project, parsed once."""

import json
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory):
    target = tmp_path_factory.mktemp("dbt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_WAREHOUSE", str(target / "none.duckdb"))
        patch.setenv("DO_NOT_TRACK", "1")
        result = dbtRunner().invoke(
            [
                "--quiet",
                "--warn-error",
                "parse",
                *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
                *("--target-path", str(target), "--log-path", str(target)),
            ]
        )
    assert result.success, result.exception
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture(scope="session")
def models(manifest):
    return {
        node_id: node
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
