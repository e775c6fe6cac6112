"""A home of its own for every test, and the trace from requirement to result."""

import gzip
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

_TRACE = pytest.StashKey[list[dict[str, str]]]()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that takes files at once and is never scheduled."""
    for name in [n for n in os.environ if n.startswith("REGULARS_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("REGULARS_HOME", str(folder))
    monkeypatch.setenv("REGULARS_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    monkeypatch.setenv("REGULARS_SCHEDULE", "off")
    return folder


@pytest.fixture
def airflow_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A port that nothing listens on, for this test's Airflow."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("REGULARS_AIRFLOW_PORT", str(port))
    return port


@pytest.fixture
def publish_made_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict]:
    """Publish a warehouse of made-up marts, which these statements make; without pages."""
    from regulars.settings import load_settings
    from regulars.warehouse import publish
    from regulars.warehouse.connection import connect
    from regulars.warehouse.state import JUDGED, Inputs, State, write_state

    monkeypatch.setattr(publish, "_write_pages", lambda *_: None)
    with connect(load_settings()) as work:
        work.execute("""
            create schema raw;
            create schema marts;
            create table raw.build as
            select date '2014-12-31' as as_of, timestamp '2015-01-01 02:00:00' as known_at;
            create table raw.loads (load_id varchar);
            create table marts.dq_results (severity varchar, success boolean);
            create table marts.dq_verdicts (
                subject_type varchar, subject varchar, verdict varchar, last_delivery_date date,
                days_since_delivery integer, coverage_pct double
            );
            create table marts.rpt_figures_told (
                figure varchar, period_kind varchar, period_start date, figure_value decimal(28, 9)
            );
        """)

    def run(sql: str) -> dict:
        with connect(load_settings()) as work:
            work.execute(sql)
            write_state(work, State(Inputs("loads", "code"), JUDGED, "pass"))
        return publish.publish_version()

    return run


@pytest.fixture
def deliver(home: Path) -> Callable[..., Path]:
    """Put a file into the landing folder: text is encoded as UTF-8, a name in .gz is compressed."""

    def put(feed: str, date: str, name: str, content: str | bytes, **manifest: object) -> Path:
        path = home / "landing" / feed / date / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        if manifest:
            stem = name.split(".")[0]
            path.with_name(f"{stem}.manifest.json").write_text(json.dumps(manifest))
        return path

    return put


@pytest.fixture(scope="session")
def trace(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """The trace of this session, for checks that are not tests of pytest."""
    return request.config.stash[_TRACE]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TRACE] = []


class OneChainOneProcess(LoadFileScheduling):
    """A file's tests run in one process, and so do all of tests/integration: their chain is one."""

    def _split_scope(self, nodeid: str) -> str:
        folder = "tests/integration"
        return folder if nodeid.startswith(folder) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneChainOneProcess:
    """Who shares out the tests where there is more than one process."""
    return OneChainOneProcess(config, log)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" or not report.passed:
        result = "passed" if report.passed else "failed" if report.failed else "missing"
        for marker in item.iter_markers("requirement"):
            item.config.stash[_TRACE] += [
                {"id": identifier, "check": item.nodeid, "result": result}
                for identifier in marker.args
            ]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take in the trace of a process that has run its share."""
    node.config.stash[_TRACE] += getattr(node, "workeroutput", {}).get("trace", [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the trace where ``REGULARS_TRACE`` says, or hand it to the process that shares out."""
    trace = session.config.stash[_TRACE]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["trace"] = trace
    elif path := os.environ.get("REGULARS_TRACE"):
        Path(path).write_text(json.dumps(trace, indent=1))
