import inspect
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, AssetAll, TriggerRule
from airflow.sdk.exceptions import AirflowFailException
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable

from regulars.operators.build import WAREHOUSE_POOL
from regulars.pages.place import MOUNT, runbook_path
from regulars.scheduler import control, server
from regulars.settings import PROJECT_ROOT

FILES = sorted((PROJECT_ROOT / "dags").glob("*.py"))
FEEDS = {
    "ingest_pos": ["pos_sales"],
    "ingest_surveys": ["survey_responses"],
    "ingest_complaints": ["complaints", "complaint_events"],
    "ingest_reference": ["customers", "products", "stores", "ref_*"],
}
BUILD = {"full_refresh": False, "as_of": None, "known_at": None}
FIRST_TASK = dict.fromkeys(FEEDS, "find_batches") | {"build_marts": "build_warehouse"}


@pytest.fixture
def dags(home: Path) -> dict[str, DAG]:
    bag = DagBag(PROJECT_ROOT / "dags")
    assert bag.import_errors == {}
    return bag.dags


def call(dag: DAG, task_id: str, **arguments: object) -> object:
    return dag.get_task(task_id).python_callable(**arguments)


def test_exactly_these_dags_load(dags: dict[str, DAG]) -> None:
    assert sorted(dags) == [
        "build_marts",
        "erase_person",
        "ingest_complaints",
        "ingest_pos",
        "ingest_reference",
        "ingest_surveys",
        "purge_words",
    ]
    assert [path.stem for path in FILES] == sorted(dags)
    assert (*control.INGEST, control.BUILD) == (*FEEDS, "build_marts")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_wiring_only(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 60


def test_a_dag_tells_what_it_does_and_what_to_do(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        assert "**Owner**" in dag.doc_md
        assert "**When it fails**" in dag.doc_md
        runbooks = re.findall(rf"\]\({MOUNT}/runbooks/(.*?)\)", dag.doc_md)
        assert runbooks
        assert [name for name in runbooks if not runbook_path(name)] == []
        assert {task.owner for task in dag.tasks} == {"data-engineering"}
        assert {task.retries for task in dag.tasks} == {1}


def test_importing_the_folder_is_quick_and_touches_no_data(home: Path) -> None:
    code = f"""
import runpy, sys, time
for path in {[str(path) for path in FILES]}:
    runpy.run_path(path)
heavy = {{"dbt", "duckdb", "great_expectations", "pandas", "pyarrow"}} & set(sys.modules)
print(time.process_time(), *heavy)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    seconds, *heavy = result.stdout.splitlines()[-1].split()
    assert heavy == []
    assert float(seconds) < 3
    assert not home.exists()


@pytest.mark.parametrize("dag_id", FIRST_TASK)
@pytest.mark.parametrize(
    ("key", "words"),
    [
        (None, "no partition key"),
        ("31.12.2014", "not a date"),
        ("9999-12-31", "9999-12-31 is still to come"),
    ],
)
def test_a_run_without_a_date_fails(
    dags: dict[str, DAG], dag_id: str, key: str | None, words: str
) -> None:
    arguments = {"partition_key": key, "params": {"date_from": None} | BUILD}
    if dag_id != "build_marts":
        arguments["dag_run"] = SimpleNamespace(run_type="manual")
    with pytest.raises(AirflowFailException, match=words):
        call(dags[dag_id], FIRST_TASK[dag_id], **arguments)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch):
    """Put a module of made-up functions in a room's place."""

    def furnish(name: str, **functions: object) -> None:
        module = ModuleType(name)
        for function, value in functions.items():
            setattr(module, function, value)
        monkeypatch.setitem(sys.modules, name, module)

    return furnish


@pytest.mark.parametrize("dag_id", FEEDS)
@pytest.mark.parametrize(
    ("run_type", "date_from", "first"),
    [
        ("scheduled", None, None),
        ("manual", "2014-12-01", date(2014, 12, 1)),
        ("backfill", None, date(2014, 12, 31)),
    ],
)
def test_a_run_takes_its_feeds_and_its_range(
    dags: dict[str, DAG], room, dag_id: str, run_type: str, date_from: str | None, first: date
) -> None:
    asked = []
    room(
        "regulars.feeds.ingest",
        find_batches=lambda *arguments, replay: asked.append((*arguments, replay)) or [],
        pack=list,
    )
    call(
        dags[dag_id],
        "find_batches",
        partition_key="2014-12-31",
        params={"date_from": date_from, "replay": False},
        dag_run=SimpleNamespace(run_type=run_type),
    )
    assert asked == [(FEEDS[dag_id], first, date(2014, 12, 31), False)]


@pytest.mark.parametrize(
    ("date_from", "words"),
    [("2015-01-01", "FROM=2015-01-01 is after TO=2014-12-31"), ("9999-01-01", "still to come")],
)
def test_a_range_that_cannot_be_is_refused(
    dags: dict[str, DAG], date_from: str, words: str
) -> None:
    for dag_id in FEEDS:
        with pytest.raises(AirflowFailException, match=words):
            call(
                dags[dag_id],
                "find_batches",
                partition_key="2014-12-31",
                params={"date_from": date_from, "replay": False},
                dag_run=SimpleNamespace(run_type="manual"),
            )


def test_an_ingest_is_closed_even_without_files(dags: dict[str, DAG]) -> None:
    for dag_id, feeds in FEEDS.items():
        dag = dags[dag_id]
        assert dag.get_task("find_batches").downstream_task_ids == {"load_batches"}
        assert dag.get_task("load_batches").is_mapped
        close = dag.get_task("close_delivery")
        assert close.upstream_task_ids == {"load_batches"}
        assert close.trigger_rule == TriggerRule.NONE_FAILED
        (outlet,) = close.outlets
        event = {outlet: SimpleNamespace(extra={})}
        for loads in (None, []):
            summary = call(
                dag, "close_delivery", loads=loads, partition_key="2014-12-31", outlet_events=event
            )
            assert list(summary["feeds"]) == [feed for feed in feeds if "*" not in feed]
            assert event[outlet].extra == summary


def test_a_build_waits_for_every_feed_of_the_night(dags: dict[str, DAG]) -> None:
    condition = dags["build_marts"].timetable.asset_condition
    assert isinstance(condition, AssetAll)
    listened = {asset.name for asset in condition.objects}
    closed = [dags[dag_id].get_task("close_delivery").outlets[0].name for dag_id in FEEDS]
    assert listened == set(closed)
    assert len(closed) == len(listened) == 4


def test_what_is_published_went_through_the_gate(dags: dict[str, DAG]) -> None:
    dag = dags["build_marts"]
    gate = dag.task_group.get_child_by_label("quality_gate")
    assert set(gate.children) == {"judge_marts", "publish_version"}
    assert {task.task_id: task.downstream_task_ids for task in dag.tasks} == {
        "build_warehouse": {"judge_marts"},
        "judge_marts": {"publish_version"},
        "publish_version": {"notify_alerts"},
        "notify_alerts": set(),
    }


def test_builds_go_one_at_a_time(dags: dict[str, DAG]) -> None:
    dag = dags["build_marts"]
    assert dag.max_active_runs == 1
    assert {task.pool for task in dag.tasks} == {WAREHOUSE_POOL}
    assert server.POOL["name"] == WAREHOUSE_POOL
    assert server.POOL["slots"] == 1
    assert dag.get_task("build_warehouse").downstream_task_ids == {"judge_marts"}
    assert dag.get_task("judge_marts").downstream_task_ids == {"publish_version"}
    assert dag.get_task("publish_version").downstream_task_ids == {"notify_alerts"}
    assert {dags[dag_id].max_active_runs for dag_id in FEEDS} == {1}


@pytest.mark.parametrize("changed", [True, False])
def test_a_build_with_nothing_new_publishes_nothing(
    dags: dict[str, DAG], room, changed: bool
) -> None:
    asked = []

    def build_warehouse(full_refresh: bool, parent: str | None) -> dict:
        asked.append(full_refresh)
        return {"as_of": "2014-12-31", "changed": changed, "models": 1, "tests": 1, "seconds": 1}

    room("regulars.warehouse.build", build_warehouse=build_warehouse)
    result = call(
        dags["build_marts"],
        "build_warehouse",
        partition_key="2014-12-31",
        params=BUILD | {"full_refresh": True},
    )
    # The task is a short circuit: what follows a false value is skipped.
    assert bool(result) is changed
    assert asked == [True]
    assert "ShortCircuit" in type(dags["build_marts"].get_task("build_warehouse")).__name__


def test_the_marts_as_they_stood_are_built_apart(dags: dict[str, DAG], room) -> None:
    asked, pushed = [], []

    def build_warehouse(full_refresh: bool) -> dict:
        raise AssertionError("the warehouse of the night was touched")

    def build_history(*moment: object) -> dict:
        asked.append(moment)
        return {"path": "history/x"}

    room("regulars.warehouse.build", build_warehouse=build_warehouse)
    room("regulars.warehouse.history", build_history=build_history)
    ti = SimpleNamespace(xcom_push=lambda *pair: pushed.append(pair))

    def run(as_of: str | None, known_at: str | None) -> object:
        return call(
            dags["build_marts"],
            "build_warehouse",
            partition_key="2014-12-31",
            params=BUILD | {"as_of": as_of, "known_at": known_at},
            ti=ti,
        )

    # A false value skips what follows: nothing is judged, published or told of the night.
    assert run("2014-06-30", None) is None
    assert run("2014-06-30", "2014-07-01 02:00:00.5") is None
    assert run("2014-06-30", "2014-07-01T10:00:00+08:00") is None
    assert asked == [
        (date(2014, 6, 30), None),
        (date(2014, 6, 30), datetime(2014, 7, 1, 2, 0, 0, 500000, tzinfo=UTC)),
        (date(2014, 6, 30), datetime(2014, 7, 1, 2, tzinfo=UTC)),
    ]
    assert pushed == [("stood", {"path": "history/x"})] * 3
    for as_of, known_at, words in (
        ("30.6.2014", None, "'30.6.2014' is not a date of the form YYYY-MM-DD"),
        ("2014-06-30", "yesterday", "'yesterday' is not a moment such as 2015-01-01T02:00:00"),
        (None, "2014-07-01T02:00:00Z", "needs an as_of"),
    ):
        with pytest.raises(AirflowFailException, match=words):
            run(as_of, known_at)
    assert len(asked) == 3


@pytest.mark.requirement("SEC-06")
def test_requests_are_answered_and_nothing_of_them_leaves_the_task(
    dags: dict[str, DAG], room
) -> None:
    answered = {"certificates": ["c1"], "unproved": [], "unknown": 0}
    room("regulars.warehouse.rebuild", rebuild_from_lake=None)
    room("regulars.privacy.requests", answer_requests=lambda settings, rebuild: answered)
    dag = dags["erase_person"]
    assert not dag.params
    assert call(dag, "answer_requests") == answered
    assert dag.get_task("answer_requests").downstream_task_ids == {"compact_vault"}
    answered["unproved"] = ["c1"]
    with pytest.raises(AirflowFailException, match=r"c1.* still hold"):
        call(dag, "answer_requests")


@pytest.mark.requirement("SEC-08")
def test_words_are_purged_only_where_it_is_said(dags: dict[str, DAG], room) -> None:
    purged = []

    def purge(settings, rebuild) -> dict:
        purged.append(rebuild)
        return {"purge": "p1", "is_complete": len(purged) == 1}

    room("regulars.warehouse.rebuild", rebuild_from_lake="rebuild")
    texts = [SimpleNamespace(approved_by=None), SimpleNamespace(approved_by="q1")]
    room("regulars.privacy.retention", due=lambda settings: texts, purge=purge)
    dag = dags["purge_words"]
    assert dag.params["go"] is False
    counts = {"texts_due": 2, "texts_approved": 1}
    assert call(dag, "purge_words", params={"go": False}) == counts
    assert purged == []
    assert call(dag, "purge_words", params={"go": True}) == counts | {"purge": "p1"}
    assert purged == ["rebuild"]
    with pytest.raises(AirflowFailException, match="p1"):
        call(dag, "purge_words", params={"go": True})


def test_what_rebuilds_waits_for_the_build(dags: dict[str, DAG]) -> None:
    for dag_id in ("erase_person", "purge_words"):
        assert {task.pool for task in dags[dag_id].tasks} == {WAREHOUSE_POOL}
        assert dags[dag_id].max_active_runs == 1


def test_what_a_person_must_mend_is_not_tried_again(dags: dict[str, DAG], room) -> None:
    from regulars.errors import RegularsError

    def judge_marts() -> dict:
        raise RegularsError("a bound of marts_sales was broken")

    def write_verdict_page(run_id: str) -> None:
        written.append(run_id)
        raise OSError("disk full")

    written: list[str] = []
    room("regulars.warehouse.quality", judge_marts=judge_marts)
    room("regulars.pages.verdict", write_verdict_page=write_verdict_page)
    with pytest.raises(AirflowFailException, match="marts_sales was broken"):
        call(dags["build_marts"], "judge_marts", run_id="r1")
    # The page is written all the same, and its failure hides no verdict.
    assert written == ["r1"]


def test_the_rooms_take_what_the_tasks_give() -> None:
    from regulars.feeds.ingest import find_batches, load_batch
    from regulars.pages.verdict import write_verdict_page
    from regulars.privacy.requests import answer_requests
    from regulars.privacy.retention import due, purge
    from regulars.warehouse.build import build_warehouse
    from regulars.warehouse.history import build_history
    from regulars.warehouse.publish import publish_version
    from regulars.warehouse.quality import judge_marts
    from regulars.warehouse.rebuild import rebuild_from_lake

    inspect.signature(find_batches).bind(["pos_sales"], None, date(2014, 12, 31))
    inspect.signature(load_batch).bind({})
    inspect.signature(build_warehouse).bind(full_refresh=False)
    inspect.signature(build_history).bind(date(2014, 12, 31), None)
    inspect.signature(judge_marts).bind()
    inspect.signature(publish_version).bind()
    inspect.signature(write_verdict_page).bind("r1")
    inspect.signature(answer_requests).bind(None, rebuild_from_lake)
    inspect.signature(purge).bind(None, rebuild_from_lake)
    inspect.signature(due).bind(None)
    inspect.signature(rebuild_from_lake).bind()


def test_airflow_can_store_every_schedule(dags: dict[str, DAG]) -> None:
    for dag_id in (*FEEDS, "build_marts"):
        dag = dags[dag_id]
        stored = decode_timetable(encode_timetable(dag.timetable))
        assert stored.partitioned, dag.dag_id


def test_settings_decide_the_schedule(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def summaries() -> set[str]:
        bag = DagBag(PROJECT_ROOT / "dags")
        assert bag.import_errors == {}
        return {bag.dags[dag_id].timetable.summary for dag_id in FEEDS}

    assert summaries() == {"On request"}
    monkeypatch.setenv("REGULARS_SCHEDULE", "30 3 * * *")
    assert summaries() == {"30 3 * * *"}


def test_a_schedule_that_is_none_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_SCHEDULE", "every night")
    bag = DagBag(PROJECT_ROOT / "dags")
    assert len(bag.import_errors) == 4
    assert "every night" in " ".join(bag.import_errors.values())
