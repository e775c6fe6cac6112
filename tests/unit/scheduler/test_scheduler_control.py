from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from regulars.errors import RegularsError
from regulars.scheduler import control as control


@pytest.mark.parametrize(
    ("night", "words"),
    [("2014-13-01", "not a date"), ("14-01-01", "not a date"), ("9999-01-01", "still to come")],
)
def test_a_night_that_cannot_be_is_refused(home: Path, night: str, words: str) -> None:
    with pytest.raises(RegularsError, match=words):
        control.run_nightly(night)
    with pytest.raises(RegularsError, match=words):
        control.run_backfill("2012-01-01", night)
    with pytest.raises(RegularsError, match=words):
        control.run_backfill(night, "2012-01-01")


def test_a_reversed_range_is_refused(home: Path) -> None:
    with pytest.raises(RegularsError, match="FROM=2014-12-31 is after TO=2014-12-01"):
        control.run_backfill("2014-12-31", "2014-12-01")


def record(level: str, event: str, **details: str) -> dict:
    found = {"level": level, "event": event}
    if details:
        found["error_detail"] = [details]
    return found


def test_a_dry_run_tells_the_files_and_loads_none(home: Path, monkeypatch) -> None:
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    for day in ("2014-12-29", "2014-12-30", "2014-12-31"):
        folder = home / "landing" / "stores" / day
        folder.mkdir(parents=True)
        (folder / "stores.csv").write_text("store_id\n")
    said: list[str] = []
    assert control.tell_backfill("2014-12-29", "2014-12-30", said.append) == 0
    assert said == [
        "stores: 2 files, delivered for 2014-12-29 to 2014-12-30, 18 bytes",
        "backfill 2014-12-29 to 2014-12-30 would load 2 files;"
        " then every mart would be built anew, once",
    ]
    assert not (home / "lake").exists()
    assert control.tell_backfill("2014-12-01", "2014-12-02", said.append) == 0
    assert said[-1].endswith("would load 0 files; so no mart would change")
    with pytest.raises(RegularsError, match="ends before it begins"):
        control.tell_backfill("2014-12-31", "2014-12-30")


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (
            [
                record("error", "earlier"),
                record("error", "x", exc_type="OSError", exc_value="disk is full"),
                record("info", "::endgroup::"),
            ],
            "OSError: disk is full",
        ),
        (
            [record("error", "x", exc_type="AirflowFailException", exc_value="no key")],
            "no key",
        ),
        ([record("critical", "Process terminated by signal")], "Process terminated by signal"),
        ([record("info", "working")], "its process ended without a word"),
    ],
)
def test_the_last_error_is_the_reason(records: list[dict], reason: str) -> None:
    assert control.last_error(records).startswith(reason)


class Airflow:
    """A REST API of made-up runs: ``tasks`` and ``runs`` are what its lists show, in turn."""

    def __init__(self, runs: list[dict], tasks: list[list[dict]], values: dict[str, dict]) -> None:
        self.runs, self.tasks, self.values = runs, tasks, values
        self.posted: list[tuple[str, dict]] = []

    def get(self, path: str, **params: object) -> dict:
        if path == "dags/~/dagRuns/~/taskInstances":
            tasks = self.tasks.pop(0) if len(self.tasks) > 1 else self.tasks[0]
            return {"task_instances": tasks}
        if path == "dags/~/dagRuns":
            pending = len(self.tasks) > 1
            return {"dag_runs": [r | ({"state": "running"} if pending else {}) for r in self.runs]}
        return self.values[path]

    def post(self, path: str, body: dict) -> dict:
        self.posted.append((path, body))
        return {}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "POLL_SECONDS", 0)
    monkeypatch.setattr(control, "BUILD_STARTS_WITHIN_SECONDS", 0)
    monkeypatch.setattr(control, "check_alive", lambda airflow: None)


def task(dag: str, name: str, state: str | None, map_index: int = -1, **changes) -> dict:
    return {
        "id": f"{dag}.{name}[{map_index}]",
        "dag_id": dag,
        "dag_run_id": "r1",
        "task_id": name,
        "map_index": map_index,
        "state": state,
        "try_number": 1,
        "duration": 1.26 if state == "success" else None,
        "end_date": None,
    } | changes


def run(dag: str, run_id: str = "r1", state: str = "success") -> dict:
    return {"dag_id": dag, "dag_run_id": run_id, "state": state, "partition_key": "2014-12-31"}


def night(api: Airflow, said: list[str]) -> control._Night:
    return control._Night(None, api, date(2014, 12, 31), said.append)


def test_every_change_of_a_task_is_told_once() -> None:
    said: list[str] = []
    api = Airflow(
        [run("ingest_pos"), run("ingest_pos", "r1_of_another", "failed")],
        [
            [task("ingest_pos", "load_batches", "running", 3), task("ingest_pos", "close", None)],
            [task("ingest_pos", "load_batches", "running", 3)],
            [task("ingest_pos", "load_batches", "up_for_retry", 3)],
            [task("ingest_pos", "load_batches", "running", 3, try_number=2)],
            [task("ingest_pos", "load_batches", "running", 3, try_number=3)],
            [task("ingest_pos", "load_batches", "success", 3, try_number=3)],
        ],
        {},
    )
    assert night(api, said).watch("r1", ["ingest_pos"]) == {("ingest_pos", "r1"): "success"}
    assert [line.split()[1:] for line in said] == [
        ["ingest_pos.load_batches[3]", "running"],
        ["ingest_pos.load_batches[3]", "up_for_retry"],
        ["ingest_pos.load_batches[3]", "running"],
        ["ingest_pos.load_batches[3]", "running"],
        ["ingest_pos.load_batches[3]", "success", "1.3", "s"],
    ]


def test_lists_are_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "PAGE", 2)
    tasks = [task("ingest_pos", "load_batches", "success", n) for n in range(5)]

    class Paged(Airflow):
        def get(self, path: str, **params) -> dict:
            first = params["offset"]
            return {"task_instances": tasks[first : first + params["limit"]]}

    found = night(Paged([], [], {}), [])._list("tasks", "task_instances", "r1")
    assert [one["map_index"] for one in found] == [0, 1, 2, 3, 4]


def test_the_reason_is_that_of_the_first_failed_task() -> None:
    failed = [
        task("ingest_pos", "load_batches", "failed", 1, end_date="2026-01-01T00:00:02"),
        task(
            "ingest_pos", "load_batches", "failed", 0, end_date="2026-01-01T00:00:01", try_number=2
        ),
        task("ingest_pos", "close_delivery", "upstream_failed"),
        task("ingest_surveys", "load_batches", "failed", end_date="2026-01-01T00:00:00"),
    ]
    log = {"content": [record("error", "x", exc_type="OSError", exc_value="disk is full")]}
    path = "dags/ingest_pos/dagRuns/r1/taskInstances/load_batches/logs/2"
    reason = night(Airflow([], [failed], {path: log}), []).reason("ingest_pos", "r1")
    assert reason == "ingest_pos.load_batches[0]: OSError: disk is full"


def events(*dags: str, run_id: str = "r1") -> dict:
    return {
        "asset_events": [{"source_dag_id": dag, "source_run_id": run_id} for dag in dags],
    }


def builds(*upstream: dict) -> Airflow:
    """An Airflow with one build per list of events."""
    ids = [f"b{number}" for number, _ in enumerate(upstream)]
    values = {
        f"dags/build_marts/dagRuns/{one}/upstreamAssetEvents": found
        for one, found in zip(ids, upstream, strict=True)
    }
    runs = [run("build_marts", one) for one in ids]
    other_night = run("build_marts", "b9") | {"partition_key": "2014-12-30"}
    values["dags/build_marts/dagRuns"] = {"dag_runs": [*runs, other_night]}
    return Airflow([*runs, run("build_marts")], [[]], values)


def test_one_build_that_took_all_four_events_is_enough() -> None:
    api = builds(events(*control.INGEST))
    states = control._await_builds(night(api, []), "r1", datetime.now(UTC))
    assert states == {("build_marts", "b0"): "success"}
    assert api.posted == []


def test_a_build_of_events_left_over_is_followed_by_one_by_hand() -> None:
    api = builds(
        {
            "asset_events": events(*control.INGEST[:3], run_id="r0")["asset_events"]
            + events(control.INGEST[3])["asset_events"]
        }
    )
    states = control._await_builds(night(api, []), "r1", datetime.now(UTC))
    assert states.keys() == {("build_marts", "b0"), ("build_marts", "r1")}
    ((path, body),) = api.posted
    assert path == "dags/build_marts/dagRuns"
    assert (body["dag_run_id"], body["partition_key"]) == ("r1", "2014-12-31")


def test_a_paused_dag_is_refused() -> None:
    dags = {"dags": [{"dag_id": "build_marts", "is_paused": True}]}
    with pytest.raises(RegularsError, match="build_marts is paused"):
        night(Airflow([], [], {"dags": dags}), []).check_not_paused()
