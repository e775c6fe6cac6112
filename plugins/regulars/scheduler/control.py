"""Drives Airflow from the command line: starts a night or a range, tells how it goes, waits."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches
from regulars.operators.delivery import closed_date, closed_range, sentences
from regulars.scheduler.api import Api
from regulars.scheduler.server import Airflow, check_alive, session
from regulars.settings import Settings, load_settings

INGEST = ("ingest_pos", "ingest_surveys", "ingest_complaints", "ingest_reference")
BUILD = "build_marts"
POLL_SECONDS = 0.5
# The scheduler starts the build right after the last event; see _await_builds.
BUILD_STARTS_WITHIN_SECONDS = 5
PAGE = 100
# Runs of one DAG go one after the other.
QUEUED_SECONDS = 10
FINAL = {"success", "failed"}
TOLD = {"running", "success", "skipped", "up_for_retry", "failed", "upstream_failed"}

Say = Callable[[str], None]


def run_nightly(night: str, say: Say = print) -> int:
    """Load and build everything delivered up to ``night`` (``YYYY-MM-DD``); 0, or 1 on failure.

    Starts Airflow if it is not running, and stops it again then. ``say`` gets a line per task and
    state, the rows of each feed, and on the last line success or the reason of the failure.

    Raises:
        RegularsError: the date is none or to come, or Airflow cannot do its work.
    """
    settings = load_settings()
    key = closed_date(night, settings)
    return _drive(settings, f"nightly {key}", f"nightly__{key}", key, {}, say)


def run_backfill(date_from: str, date_to: str, say: Say = print) -> int:
    """Load the deliveries of all dates from ``date_from`` to ``date_to``, then build once.

    As ``run_nightly``; also raises ``RegularsError`` when the range is reversed.
    """
    settings = load_settings()
    first, last = closed_range(date_from, date_to, settings)
    title, name = f"backfill {first} to {last}", f"range__{first}_{last}"
    return _drive(settings, title, name, last, {"date_from": first.isoformat()}, say)


def tell_backfill(date_from: str, date_to: str, say: Say = print) -> int:
    """Say which files ``run_backfill`` would load and what it would build, and do nothing.

    Raises:
        RegularsError: as ``run_backfill``.
    """
    settings = load_settings()
    first, last = closed_range(date_from, date_to, settings)
    found: dict[str, list[dict]] = {}
    for batch in find_batches(FEEDS, first, last):
        found.setdefault(batch["feed"], []).extend(batch["files"])
    for feed, files in found.items():
        dates = [file["delivery_date"] for file in files]
        say(
            f"{feed}: {len(files)} files, delivered for {min(dates)} to {max(dates)},"
            f" {sum(file['bytes'] for file in files):,} bytes"
        )
    count = sum(map(len, found.values()))
    then = "then every mart would be built anew, once" if count else "so no mart would change"
    say(f"backfill {first} to {last} would load {count} files; {then}")
    return 0


def run_replay(date_from: str, date_to: str, say: Say = print) -> int:
    """Load once more what was rejected or quarantined in a range of deliveries, then build.

    As ``run_backfill``.
    """
    settings = load_settings()
    first, last = closed_range(date_from, date_to, settings)
    title, name = f"replay {first} to {last}", f"replay__{first}_{last}"
    conf = {"date_from": first.isoformat(), "replay": True}
    return _drive(settings, title, name, last, conf, say)


def _drive(settings: Settings, title: str, name: str, key: date, conf: dict, say: Say) -> int:
    began = datetime.now(UTC)
    # The same night may be run again and again, each time as a run of its own.
    run_id = f"{name}__{began:%Y%m%dT%H%M%S.%f}Z"
    with session(settings) as airflow, closing(airflow.api()) as api:
        say(f"{title}: Airflow at {airflow.url}, run {run_id}")
        night = _Night(airflow, api, key, say)
        night.check_not_paused()
        for dag in INGEST:
            night.trigger(dag, run_id, conf)
        states = night.watch(run_id, INGEST)
        night.tell_deliveries(run_id)
        if all(state == "success" for state in states.values()):
            states = _await_builds(night, run_id, began)
        seconds = (datetime.now(UTC) - began).total_seconds()
        reasons = [night.reason(*run) for run, state in states.items() if state != "success"]
        for reason in reasons:
            say(f"FAILED {reason}")
        if reasons:
            say(f"{title} failed after {seconds:.0f} s: {' '.join(reasons[0].split())}")
            return 1
        say(f"{title} succeeded in {seconds:.0f} s: {night.outcome()}")
        return 0


def _await_builds(night: "_Night", run_id: str, began: datetime) -> dict[tuple[str, str], str]:
    """Wait for the builds that the events of this night start; their states.

    That is one build, unless an earlier attempt at the night failed half-way: its events still
    wait for the rest. Then the first of ours complete a build before the last were loaded, and the
    last wait in their turn. Only a build by hand is sure to see them.
    """
    states: dict[tuple[str, str], str] = {}
    missing = set(INGEST)
    deadline = time.monotonic() + BUILD_STARTS_WITHIN_SECONDS
    while missing:
        for build in sorted(night.builds(began) - {run for _, run in states}):
            states |= night.watch(build, [BUILD])
            missing -= night.built(build, run_id)
        if missing and time.monotonic() > deadline:
            night.trigger(BUILD, run_id, {})
            return states | night.watch(run_id, [BUILD])
        if missing:
            time.sleep(POLL_SECONDS)
    return states


class _Night:
    """The runs of one night, seen and started through the REST API.

    It only reads with GET: every POST writes to Airflow's own log, and on SQLite such a write can
    hold up the tasks that are just starting until the database's timeout.
    """

    def __init__(self, airflow: Airflow, api: Api, key: date, say: Say) -> None:
        self._airflow, self._api, self._key, self._say = airflow, api, key.isoformat(), say
        self._told: dict[str, tuple] = {}
        self._version: dict | None = None
        self._rejected = 0

    def check_not_paused(self) -> None:
        dags = self._api.get("dags", limit=100)["dags"]
        paused = sorted(dag["dag_id"] for dag in dags if dag["is_paused"])
        if paused:
            raise RegularsError(f"{', '.join(paused)} is paused: unpause it in Airflow, then rerun")

    def trigger(self, dag: str, run_id: str, conf: dict) -> None:
        body = {"dag_run_id": run_id, "partition_key": self._key, "logical_date": None}
        self._api.post(f"dags/{dag}/dagRuns", body | {"conf": conf})

    def watch(self, run_id: str, dags: Sequence[str]) -> dict[tuple[str, str], str]:
        """Tell every change until this run of all ``dags`` has ended; state by (DAG, run)."""
        patience = time.monotonic() + QUEUED_SECONDS
        while True:
            check_alive(self._airflow)
            # The runs first: when a run has ended its tasks have, so none goes untold.
            runs = self._list("dags/~/dagRuns", "dag_runs", run_id)
            for task in self._list("dags/~/dagRuns/~/taskInstances", "task_instances", run_id):
                self._tell(task)
            states = {(run["dag_id"], run_id): run["state"] for run in runs}
            states = {key: state for key, state in states.items() if key[0] in dags}
            if len(states) == len(dags) and FINAL.issuperset(states.values()):
                return states
            waiting = sorted(dag for (dag, _), state in states.items() if state == "queued")
            if waiting and time.monotonic() > patience:
                patience = float("inf")
                self._say(f"waiting for earlier runs of {', '.join(waiting)} to end")
            time.sleep(POLL_SECONDS)

    def builds(self, since: datetime) -> set[str]:
        """Run ids of the builds of this night that were started since."""
        runs = self._api.get(
            f"dags/{BUILD}/dagRuns", run_after_gte=since.isoformat(), order_by="-id"
        )["dag_runs"]
        return {run["dag_run_id"] for run in runs if run["partition_key"] == self._key}

    def built(self, build: str, run_id: str) -> set[str]:
        """The ingest DAGs whose event from ``run_id`` started a build that has ended."""
        events = self._api.get(f"dags/{BUILD}/dagRuns/{build}/upstreamAssetEvents")["asset_events"]
        return {event["source_dag_id"] for event in events if event["source_run_id"] == run_id}

    def tell_deliveries(self, run_id: str) -> None:
        """Tell the row equation of every feed and the rejected files."""
        for task in self._list("dags/~/dagRuns/~/taskInstances", "task_instances", run_id):
            if task["task_id"] == "close_delivery" and task["state"] == "success":
                summary = self._result(task)
                self._rejected += summary["rejected_files"]
                for line in sentences(summary):
                    self._say(f"  {line}")

    def reason(self, dag: str, run_id: str) -> str:
        """What the first failed task of a run said last."""
        tasks = self._list("dags/~/dagRuns/~/taskInstances", "task_instances", run_id)
        failed = [task for task in tasks if task["dag_id"] == dag and task["state"] == "failed"]
        if not failed:
            return f"{dag}: the run failed before any of its tasks"
        task = min(failed, key=lambda task: (task["end_date"] or "", task["map_index"]))
        log = self._api.get(
            f"{_path(task)}/logs/{task['try_number']}",
            map_index=task["map_index"],
            full_content=True,
        )
        return f"{_name(task)}: {last_error(log['content'])}"

    def outcome(self) -> str:
        """Which version readers have now, and whether files were rejected on the way."""
        version = "nothing new, the published version stays"
        if self._version and self._version["new"]:
            version = f"version {self._version['version']} published"
        return f"{version}; rejected files: {self._rejected}" if self._rejected else version

    def _list(self, path: str, what: str, run_id: str) -> list[dict]:
        found: list[dict] = []
        while True:
            page = self._api.get(
                path, run_id_prefix_pattern=run_id, limit=PAGE, offset=len(found), order_by="id"
            )
            found += page[what]
            if len(page[what]) < PAGE:
                return [one for one in found if one["dag_run_id"] == run_id]

    def _result(self, task: dict) -> dict:
        return self._api.get(f"{_path(task)}/xcomEntries/return_value")["value"]

    def _tell(self, task: dict) -> None:
        seen = (task["try_number"], task["state"])
        if task["state"] not in TOLD or self._told.get(task["id"]) == seen:
            return
        self._told[task["id"]] = seen
        seconds = "" if task["duration"] is None else f" {task['duration']:.1f} s"
        self._say(f"{datetime.now():%H:%M:%S} {_name(task):<40} {task['state']}{seconds}")
        if task["task_id"] == "publish_version" and task["state"] == "success":
            self._version = self._result(task)


def _path(task: dict) -> str:
    return f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"


def _name(task: dict) -> str:
    mapped = f"[{task['map_index']}]" if task["map_index"] >= 0 else ""
    return f"{task['dag_id']}.{task['task_id']}{mapped}"


def last_error(records: list[dict]) -> str:
    """The last error of a task's log: its exception, or else the line itself."""
    for record in reversed(records):
        if record.get("level") not in {"error", "critical"}:
            continue
        for detail in record.get("error_detail") or []:
            name, text = detail["exc_type"], detail["exc_value"]
            return text if name == "AirflowFailException" else f"{name}: {text}"
        return record["event"]
    return "its process ended without a word; killed, or out of memory?"
