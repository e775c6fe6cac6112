"""Nights under the real scheduler: run, run again, killed, and with a broken file."""

import gzip
import json
import re
import shutil
import socket
import threading
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest
from differences import differences

from regulars.demo import deliver, simulate
from regulars.scheduler.api import Api
from regulars.scheduler.control import BUILD, FINAL, run_backfill, run_nightly
from regulars.scheduler.server import session, start, stop
from regulars.settings import load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.content import BUILD_LOGS
from regulars.warehouse.publish import current, list_versions, publish_version
from regulars.warehouse.quality import judge_marts

pytestmark = pytest.mark.slow
FIRST, LAST = date(2012, 1, 1), date(2014, 12, 31)
EVE = LAST - timedelta(days=1)
HEADER = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n"


def drive(run, *dates) -> tuple[int, list[str]]:
    """Run a night or a range; its code and everything it said."""
    said: list[str] = []
    code = run(*map(str, dates), said.append)
    return code, said


def hashes(folder: Path | None = None) -> dict[str, str]:
    tables = json.loads(((folder or current()) / "version.json").read_text())["tables"]
    return {name: table["hash"] for name, table in tables.items() if name not in BUILD_LOGS}


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A small chain whose Airflow runs for all tests of this module, loaded up to the eve."""
    with pytest.MonkeyPatch.context() as environment:
        folder = tmp_path_factory.mktemp("nights")
        environment.setenv("REGULARS_HOME", str(folder / "home"))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        environment.setenv("REGULARS_SCHEDULE", "off")
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        environment.setenv("REGULARS_AIRFLOW_PORT", str(free_port()))
        simulated = simulate(scale=0.02)
        settings = load_settings()
        deliver(simulated, settings.landing, None, EVE)
        start(settings, keep=True)
        try:
            code, said = drive(run_backfill, FIRST, EVE)
            assert code == 0, "\n".join(said)
            yield simulated
        finally:
            stop(settings)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.requirement("DQ-06")
def test_a_range_then_a_night(chain):
    settings = load_settings()
    deliver(chain, settings.landing, LAST, LAST)
    code, said = drive(run_nightly, LAST)
    assert code == 0, "\n".join(said)
    assert "version 000002 published" in said[-1]
    version = json.loads((current() / "version.json").read_text())
    assert version["as_of"] == str(LAST)
    with session(settings) as airflow:
        api = Api(airflow.url, "admin", airflow.password_file)
        runs = api.get("dags/~/dagRuns", limit=100)["dag_runs"]
    api.close()
    assert {(run["dag_id"], run["partition_key"]) for run in runs} == {
        (dag, str(key))
        for dag in (
            "ingest_pos",
            "ingest_surveys",
            "ingest_complaints",
            "ingest_reference",
            "build_marts",
        )
        for key in (EVE, LAST)
    }


def test_a_night_tells_its_lineage(chain):
    """Airflow's tasks and dbt's models, in files of the home; the one run is part of the other."""
    folder = load_settings().home / "lineage"
    told = [json.loads(line) for line in (folder / "airflow.jsonl").read_text().splitlines()]
    ended = {event["job"]["name"] for event in told if event["eventType"] == "COMPLETE"}
    assert {"ingest_pos.close_delivery", "build_marts.publish_version"} <= ended
    assert not [event for event in told if event["eventType"] == "FAIL"]
    with gzip.open(max(folder.glob("dbt-*.jsonl.gz")), "rt", encoding="utf-8") as lines:
        models = [json.loads(line) for line in lines]
    outputs = {one["name"]: event for event in models for one in event["outputs"]}
    assert {"regulars.marts.mart_nps", "regulars.marts.mart_customer_360"} <= set(outputs)
    read = {one["name"] for one in outputs["regulars.marts.mart_nps"]["inputs"]}
    assert "regulars.intermediate.int_surveys__cells_counted" in read
    parent = outputs["regulars.marts.mart_nps"]["run"]["facets"]["parent"]
    assert parent["job"] == {"namespace": "regulars", "name": "build_marts.build_warehouse"}
    runs = {
        event["run"]["runId"] for event in told if event["job"]["name"] == parent["job"]["name"]
    }
    assert parent["run"]["runId"] in runs


@pytest.mark.requirement("FEED-01")
def test_the_same_night_again_changes_nothing(chain):
    before = hashes()
    versions = [version["version"] for version in list_versions()]
    code, said = drive(run_nightly, LAST)
    assert code == 0, "\n".join(said)
    assert "nothing new" in said[-1]
    assert hashes() == before
    assert [version["version"] for version in list_versions()] == versions


def test_a_killed_build_is_run_again_to_the_same_hashes(chain):
    settings = load_settings()
    late = settings.landing / "pos_sales" / str(LAST) / "late_till.csv"
    late.write_text(HEADER + "late1,1,S01,2014-12-30T20:00:00,P101,1,18,18.00\n")
    outcome: list = []
    night = threading.Thread(target=lambda: outcome.append(drive(run_nightly, LAST)))
    night.start()
    killed = kill_the_build(settings)
    night.join()
    ((code, said),) = outcome
    assert killed
    assert code == 0, "\n".join(said)
    assert any(re.search(r"build_warehouse +up_for_retry", line) for line in said)
    after_the_kill = current()
    shutil.rmtree(settings.warehouse.parent)
    build_warehouse()
    judge_marts()
    rebuilt = publish_version()
    assert differences(after_the_kill, current()) == ""
    assert rebuilt["new"] is False


def kill_the_build(settings) -> bool:
    """SIGKILL the process that holds the build lock while dbt has the warehouse open."""
    lock = settings.warehouse.parent / "build.lock"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = re.search(r"build_warehouse \(pid (\d+)\)", lock.read_text())
        if found:
            time.sleep(3)
            psutil.Process(int(found[1])).kill()
            return True
        time.sleep(0.05)
    return False


@pytest.mark.requirement("DQ-09")
def test_a_broken_file_is_rejected_and_the_other_stores_load(chain):
    settings = load_settings()
    night = LAST + timedelta(days=1)
    folder = settings.landing / "pos_sales" / str(night)
    folder.mkdir()
    (folder / "s01.csv").write_text(
        HEADER.replace(",net_amount", ",net") + "a,1,S01,x,P101,1,18,18\n"
    )
    (folder / "s02.csv").write_text(HEADER + "b,1,S02,2015-01-01T10:00:00,P101,1,18,18.00\n")
    (folder / "s03.csv").write_text(HEADER + "c,1,S03,2015-01-01T10:00:00,P101,1,18,oops\n")
    before = {version["version"] for version in list_versions()}
    code, said = drive(run_nightly, night)
    assert code == 0, "\n".join(said)
    whole, rows = [line for line in said if "REJECTED" in line]
    assert f"pos_sales/{night}/s01.csv" in whole
    assert "required column net_amount is missing" in whole
    assert f"pos_sales/{night}/s03.csv" in rows
    assert "line 2: net_amount is not a number" in rows
    assert any("1 loaded, 2 rejected" in line for line in said)
    assert {version["version"] for version in list_versions()} - before
    assert json.loads((current() / "version.json").read_text())["as_of"] == str(night)


def test_the_first_version_can_be_built_again(chain):
    """Nights, a late file and a kill later: what was said then can be said again, from the DAG."""
    first = Path(next(v["path"] for v in list_versions() if v["version"] == "000001"))
    said = json.loads((first / "version.json").read_text())
    before = current(), list_versions()
    task = run_build({"as_of": said["as_of"], "known_at": said["known_at"]})
    assert task["build_warehouse"]["state"] == "success"
    assert {task[one]["state"] for one in ("judge_marts", "publish_version")} == {"skipped"}
    assert (current(), list_versions()) == before
    (home,) = load_settings().history.glob(f"{said['as_of']}_known_*/")
    assert differences(home / "published" / "current", first) == ""


def run_build(conf: dict) -> dict[str, dict]:
    """Trigger ``build_marts`` over REST with these params; its task instances when it has ended."""
    with session(load_settings()) as airflow, closing(airflow.api()) as api:
        run = f"dags/{BUILD}/dagRuns/by_hand"
        body = {"dag_run_id": "by_hand", "partition_key": str(LAST), "logical_date": None}
        api.post(f"dags/{BUILD}/dagRuns", body | {"conf": conf})
        while api.get(run)["state"] not in FINAL:
            time.sleep(0.5)
        tasks = api.get(f"{run}/taskInstances")["task_instances"]
    return {task["task_id"]: task for task in tasks}
