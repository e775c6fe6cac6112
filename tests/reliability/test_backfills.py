"""Airflow's own backfill, a run per day and side by side, gives what one range run gives."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, timedelta

import pytest
from differences import differences

from regulars.demo import deliver, simulate
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.scheduler.control import BUILD, FINAL, INGEST
from regulars.scheduler.server import environment, start, stop
from regulars.settings import Settings, load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.content import BUILD_LOGS
from regulars.warehouse.publish import current, publish_version
from regulars.warehouse.quality import judge_marts

pytestmark = pytest.mark.slow
LAST = date(2014, 12, 31)
FIRST = LAST - timedelta(days=2)
DAYS = [str(FIRST + timedelta(days=day)) for day in range(3)]
# Another run, another log; and versions in between, which the runs of single days make.
TELLS_OF_RUNS = BUILD_LOGS | {"rpt_restatements"}
PATIENCE_SECONDS = 600


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """Go to a home of its own, with three days of a few stores to load."""
    chain = simulate(scale=0.02)

    def go(name: str) -> Settings:
        monkeypatch.setenv("REGULARS_HOME", str(tmp_path / name))
        settings = load_settings()
        deliver(chain, settings.landing, FIRST, LAST)
        return settings

    for name in [n for n in os.environ if n.startswith("REGULARS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REGULARS_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("REGULARS_SCHEDULE", "off")
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("REGULARS_AIRFLOW_PORT", str(probe.getsockname()[1]))
    return go


@pytest.mark.requirement("DQ-12")
def test_a_backfill_of_airflow_equals_a_range_run(at_home):
    keys = at_home("range").keys
    for batch in find_batches(FEEDS, FIRST, LAST):
        load_batch(batch)
    build_warehouse()
    judge_marts()
    publish_version()
    one = current()
    settings = at_home("days")
    shutil.copytree(keys, settings.keys)  # the same tokens
    airflow = start(settings, keep=True)
    try:
        for dag in INGEST:
            create_backfill(settings, dag)
        with closing(airflow.api()) as api:
            runs = await_runs(api)
    finally:
        stop(settings)
    assert {key: state for key, state in runs.items() if state != "success"} == {}
    other = current()
    assert json.loads((other / "version.json").read_text())["as_of"] == str(LAST)
    assert differences(one, other, TELLS_OF_RUNS) == ""


def create_backfill(settings: Settings, dag: str) -> None:
    """On SQLite the command may meet a locked database, and rolls back; then once more."""
    command = [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", dag]
    command += ["--from-date", str(FIRST), "--to-date", str(LAST)]
    for _ in range(5):
        done = subprocess.run(
            command, env=environment(settings), capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
    raise AssertionError(done.stdout + done.stderr)


def await_runs(api) -> dict[tuple[str, str], str]:
    """State of every ingest and build of the days, by DAG and day, when all have ended."""
    wanted = {(dag, day) for dag in (*INGEST, BUILD) for day in DAYS}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = api.get("dags/~/dagRuns", limit=100)["dag_runs"]
        runs = {(run["dag_id"], run["partition_key"]): run["state"] for run in found}
        if wanted <= runs.keys() and FINAL.issuperset(runs.values()):
            return runs
        time.sleep(1)
    raise AssertionError(f"after {PATIENCE_SECONDS} s: {runs}")
