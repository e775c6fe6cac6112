"""The lineage that a build leaves: one event a model, in a file of the home."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from regulars.settings import Settings
from regulars.warehouse import lineage
from regulars.warehouse.dbt import target_folder
from regulars.warehouse.lineage import write_lineage

BEFORE = datetime(2014, 12, 31, 2, tzinfo=UTC)
RUN = "0193f0a0-0000-7000-8000-000000000000"


@pytest.fixture
def of(small_chain: tuple, dbt_runs: list, tmp_path: Path) -> Settings:
    """The built chain, whose home is another but for what dbt left."""
    settings, _ = small_chain
    target = tmp_path / "warehouse" / "dbt"
    target.mkdir(parents=True)
    (target / "target").symlink_to(target_folder(settings))
    return settings.model_copy(update={"home": tmp_path})


def test_every_model_says_what_it_read_and_wrote(of: Settings, dbt_runs: list) -> None:
    path = write_lineage(of, BEFORE, f"regulars/build_marts.build_warehouse/{RUN}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    outputs = {one["name"]: (event, one) for event in events for one in event["outputs"]}
    models = {
        f"regulars.{run.schema}.{run.name}" for run in dbt_runs if run.resource_type == "model"
    }
    assert set(outputs) == models
    event, nps = outputs["regulars.marts.mart_nps"]
    assert event["eventType"] == "COMPLETE"
    assert "regulars.intermediate.int_surveys__cells_counted" in {
        one["name"] for one in event["inputs"]
    }
    assert {"nps", "margin_of_error"} <= {
        field["name"] for field in nps["facets"]["schema"]["fields"]
    }
    assert event["run"]["facets"]["parent"]["run"]["runId"] == RUN
    # From the marts back to what was delivered, without a gap.
    read = {name: {one["name"] for one in event["inputs"]} for name, (event, _) in outputs.items()}
    seen, todo = set(), {"regulars.marts.mart_customer_360"}
    while todo:
        one = todo.pop()
        seen.add(one)
        todo |= read.get(one, set()) - seen
    assert "regulars.raw.pos_sales" in seen


def test_old_files_go_and_old_results_are_not_told_again(
    of: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "BUILDS_KEPT", 2)
    monkeypatch.setattr(lineage, "MOST_BYTES", 10)
    monkeypatch.setattr(lineage, "_events", lambda *_: ["{}"])
    airflow = of.lineage_folder / lineage.AIRFLOW_EVENTS
    airflow.parent.mkdir()
    airflow.write_text("{}\n" * 10)
    for day in range(4):
        assert write_lineage(of, BEFORE + timedelta(days=day))
    kept = sorted(path.name for path in of.lineage_folder.iterdir())
    assert kept == [
        "airflow.old.jsonl",
        "dbt-20150102T020000.jsonl.gz",
        "dbt-20150103T020000.jsonl.gz",
    ]
    assert write_lineage(of, datetime.now(UTC) + timedelta(hours=1)) is None
    assert write_lineage(of.model_copy(update={"lineage": False}), BEFORE) is None


def test_lineage_that_cannot_be_written_fails_no_build(
    of: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lineage, "_events", lambda *_: 1 / 0)
    assert write_lineage(of, BEFORE) is None
    assert "the lineage of the build was not written" in caplog.text
