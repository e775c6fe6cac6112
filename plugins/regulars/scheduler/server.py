"""The Airflow of one home: its configuration, and how it is started, found again and stopped.

The scheduler, the DAG processor and the API server run as three processes. ``airflow standalone``
would add a triggerer, which nothing here uses, and two log servers on every network interface.
"""

import base64
import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import httpx
import psutil

from regulars.errors import RegularsError
from regulars.scheduler.api import Api
from regulars.settings import PROJECT_ROOT, Settings
from regulars.warehouse.lineage import AIRFLOW_EVENTS, NAMESPACE

HOST = "127.0.0.1"
DAGS_FOLDER = PROJECT_ROOT / "dags"
USER = "admin"
# The warehouse file takes one writer; see operators/build.py.
POOL = {"name": "warehouse", "slots": 1, "description": "one writer of the warehouse file"}
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
START_SECONDS = 180
STOP_SECONDS = 15


@dataclass(frozen=True)
class Airflow:
    """A running Airflow: where it listens and which file holds the password of ``admin``.

    One that runs elsewhere is not ours to start, to watch by process or to stop.
    """

    url: str
    home: Path
    is_ours: bool = True

    @property
    def password_file(self) -> Path:
        """JSON, user to password; readable by its owner only."""
        return _password_file(self.home)

    def api(self) -> Api:
        """Its REST API; to be closed."""
        return Api(self.url, USER, self.password_file)

    def log_file(self, component: str) -> Path:
        """Where a component writes what it does."""
        return self.home / "logs" / f"{component}.log"


def environment(settings: Settings) -> dict[str, str]:
    """Environment of every Airflow process of this home.

    Settings of another Airflow that the shell may carry are left out, this home's stand in its
    ``airflow.cfg``.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    no_proxy = {HOST, "localhost", *filter(None, env.get("NO_PROXY", "").split(","))}
    return env | {
        "AIRFLOW_HOME": str(settings.airflow),
        "REGULARS_HOME": str(settings.home),
        "NO_PROXY": ",".join(sorted(no_proxy)),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        # macOS kills forked processes, as every task is, that touch its frameworks.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }


def configuration(settings: Settings, keys: dict[str, str]) -> dict[str, dict[str, object]]:
    """Sections of ``airflow.cfg``; whatever is not named keeps Airflow's default."""
    url = f"http://{HOST}:{settings.airflow_port}"
    return {
        "core": {
            "dags_folder": DAGS_FOLDER,
            # The timetables come through the entry point of the package.
            "plugins_folder": settings.airflow / "plugins",
            "executor": "LocalExecutor",
            "parallelism": 4,
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "max_map_length": 10_000,
            "fernet_key": keys["fernet_key"],
            "simple_auth_manager_users": f"{USER}:admin",
            "simple_auth_manager_all_admins": False,
            "simple_auth_manager_passwords_file": _password_file(settings.airflow),
            "execution_api_server_url": f"{url}/execution/",
        },
        "database": {
            "sql_alchemy_conn": f"sqlite:///{settings.airflow / 'airflow.db'}",
        },
        "api": {
            "host": HOST,
            "port": settings.airflow_port,
            "base_url": url,
            "workers": 1,
            "secret_key": keys["secret_key"],
        },
        "api_auth": {"jwt_secret": keys["jwt_secret"]},
        "scheduler": {
            "scheduler_idle_sleep_time": 0.5,
            # How soon the tasks of a killed scheduler or worker are taken up again.
            "orphaned_tasks_check_interval": 15,
            "task_instance_heartbeat_timeout": 60,
        },
        # A worker may notice only at the next heartbeat that its task has ended.
        "workers": {"min_heartbeat_interval": 1, "max_failed_heartbeats": 15},
        "dag_processor": {"parsing_processes": 1, "min_file_process_interval": 60},
        "openlineage": {
            "disabled": not settings.lineage,
            "namespace": NAMESPACE,
            "transport": json.dumps(
                {
                    "type": "file",
                    "log_file_path": str(settings.lineage_folder / AIRFLOW_EVENTS),
                    "append": True,
                }
            ),
            # A thread, not a copy of the task's process, which costs its memory and a second.
            "execute_in_thread": True,
            "disable_source_code": True,
        },
        "logging": {
            "base_log_folder": settings.airflow / "logs",
            "dag_processor_child_process_log_directory": settings.airflow / "logs/dag_processor",
            "colored_console_log": False,
        },
    }


def start(settings: Settings, keep: bool = False) -> Airflow:
    """Start this home's Airflow, or find it running, and wait until it is ready for work.

    With ``keep`` it runs on until ``stop``; otherwise the last ``session`` that uses it stops it.

    Raises:
        RegularsError: the port is taken, a DAG cannot be read, or a process ended or hung; names
            the log to read. Or the settings name an Airflow that runs elsewhere.
    """
    if settings.airflow_url:
        raise RegularsError(
            f"the settings name an Airflow at {settings.airflow_url}: it is started where it runs"
        )
    settings.airflow.mkdir(parents=True, exist_ok=True)
    settings.airflow.chmod(0o700)
    with _lock(settings.airflow / "start.lock", fcntl.LOCK_EX):
        state = _read_state(settings.airflow)
        if state and all(_alive(*process) for process in state["processes"].values()):
            if keep and not state["keep"]:
                _write_state(settings.airflow, state | {"keep": True})
            return _airflow(settings.airflow, state)
        stop(settings)
        _check_port(settings.airflow_port)
        _configure(settings)
        _migrate(settings)
        began = datetime.now(UTC)
        state = {
            "port": settings.airflow_port,
            "keep": keep,
            "processes": {name: _spawn(settings, name) for name in COMPONENTS},
        }
        _write_state(settings.airflow, state)
        airflow = _airflow(settings.airflow, state)
        try:
            _wait_until_ready(airflow, began)
        except BaseException:
            stop(settings)
            raise
        return airflow


def stop(settings: Settings) -> bool:
    """End every process of this home's Airflow, tasks included; whether any was running."""
    state = _read_state(settings.airflow)
    if state is None:
        return False
    leaders = list(state["processes"].values())
    members = _members(leaders)
    for process in members:
        with suppress(psutil.NoSuchProcess):
            # The scheduler is to sign off, or the next one takes a while to believe that it is
            # gone. It would wait for its tasks, which are safe to kill; so are the others.
            if process.pid == state["processes"]["scheduler"][0]:
                process.terminate()
            else:
                process.kill()
    deadline = time.monotonic() + STOP_SECONDS
    while (left := _members(leaders)) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.2)
    for process in _members(leaders):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _state_file(settings.airflow).unlink(missing_ok=True)
    return bool(members)


@contextmanager
def session(settings: Settings) -> Iterator[Airflow]:
    """A running Airflow for as long as the block lasts.

    One that was started with ``keep`` or runs elsewhere stays; otherwise whoever leaves last stops
    it.
    """
    if settings.airflow_url:
        yield Airflow(url=settings.airflow_url, home=settings.airflow, is_ours=False)
        return
    settings.airflow.mkdir(parents=True, exist_ok=True)
    use = settings.airflow / "in_use.lock"
    try:
        with _lock(use, fcntl.LOCK_SH):
            yield start(settings)
    finally:
        with suppress(BlockingIOError), _lock(use, fcntl.LOCK_EX | fcntl.LOCK_NB):
            state = _read_state(settings.airflow)
            if state and not state["keep"]:
                stop(settings)


def check_alive(airflow: Airflow) -> None:
    """Raise ``RegularsError`` if a process of this home's Airflow has ended.

    One that runs elsewhere may lose a process and get it back; whether it answers, a call tells.
    """
    if not airflow.is_ours:
        return
    state = _read_state(airflow.home)
    if state is None:
        raise RegularsError("Airflow was stopped")
    for name, process in state["processes"].items():
        if not _alive(*process):
            log = airflow.log_file(name)
            raise RegularsError(f"Airflow's {name} ended; {_last_line(log)} (see {log})")


def _airflow(home: Path, state: dict) -> Airflow:
    return Airflow(url=f"http://{HOST}:{state['port']}", home=home)


def _password_file(home: Path) -> Path:
    return home / "simple_auth_manager_passwords.json.generated"


def _state_file(home: Path) -> Path:
    return home / "processes.json"


def _read_state(home: Path) -> dict | None:
    try:
        return json.loads(_state_file(home).read_text())
    except FileNotFoundError:
        return None


def _write_state(home: Path, state: dict) -> None:
    aside = _state_file(home).with_suffix(".new")
    aside.write_text(json.dumps(state))
    aside.replace(_state_file(home))


@contextmanager
def _lock(path: Path, how: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield


def _status(pid: int, created: float) -> str | None:
    """What that very process does; None if it is gone, or its number was given to a later one."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        # The system derives the time from its clock, which may have been set a little.
        if abs(process.create_time() - created) < 2:
            return process.status()
    return None


def _alive(pid: int, created: float) -> bool:
    return _status(pid, created) not in (None, psutil.STATUS_ZOMBIE)


def _members(leaders: list[list]) -> list[psutil.Process]:
    """Every process of the sessions that the components lead or led, orphans included."""
    sessions = {
        pid for pid, created in leaders if _status(pid, created) or not psutil.pid_exists(pid)
    }
    members = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RegularsError(
                f"port {port} on {HOST} is used by another program ({error.strerror}): "
                "set REGULARS_AIRFLOW_PORT to a free one"
            ) from error


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


def _configure(settings: Settings) -> None:
    """Write ``airflow.cfg``, so that Airflow's own commands work with AIRFLOW_HOME alone."""
    path = settings.airflow / "airflow.cfg"
    old = ConfigParser(interpolation=None)
    old.read(path)
    keys = {
        "fernet_key": old.get("core", "fernet_key", fallback=None)
        or base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "secret_key": old.get("api", "secret_key", fallback=None) or secrets.token_urlsafe(32),
        "jwt_secret": old.get("api_auth", "jwt_secret", fallback=None) or secrets.token_urlsafe(64),
    }
    lines = ["# Written by Regulars at every start; holds this home's secret keys."]
    for section, options in configuration(settings, keys).items():
        lines.append(f"\n[{section}]")
        # A percent sign would begin an interpolation.
        lines += [f"{name} = {str(value).replace('%', '%%')}" for name, value in options.items()]
    _write_private(path, "\n".join(lines) + "\n")
    passwords = _password_file(settings.airflow)
    if not passwords.exists():
        _write_private(passwords, json.dumps({USER: secrets.token_urlsafe(16)}) + "\n")
    passwords.chmod(0o600)
    (settings.airflow / "logs").mkdir(exist_ok=True)
    settings.lineage_folder.mkdir(exist_ok=True)


def _migrate(settings: Settings) -> None:
    """Bring the metadata database to the installed Airflow's form; seconds, so once a version."""
    done = settings.airflow / "airflow.db.version"
    release = version("apache-airflow")
    if done.exists() and done.read_text() == release and (settings.airflow / "airflow.db").exists():
        return
    log = settings.airflow / "logs" / "migrate.log"
    with log.open("wb") as output:
        result = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=environment(settings),
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode:
        raise RegularsError(f"Airflow's database was not made: {_last_line(log)} (see {log})")
    done.write_text(release)


def _spawn(settings: Settings, name: str) -> tuple[int, float]:
    with (settings.airflow / "logs" / f"{name}.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *COMPONENTS[name]],
            env=environment(settings),
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Outlives the terminal; its session is how the whole tree is found again.
            start_new_session=True,
        )
    return process.pid, psutil.Process(process.pid).create_time()


def _wait_until_ready(airflow: Airflow, began: datetime) -> None:
    deadline = time.monotonic() + START_SECONDS
    waiting_for = "api-server"
    with httpx.Client(base_url=airflow.url, trust_env=False, timeout=10) as http:
        while time.monotonic() < deadline:
            check_alive(airflow)
            try:
                if waiting_for == "api-server":
                    # Its first answer takes seconds; better now than for the first tasks.
                    http.get("/execution/health").raise_for_status()
                health = http.get("/api/v2/monitor/health").json()
            except httpx.TransportError:
                time.sleep(0.25)
                continue
            sick = [
                part
                for part in ("metadatabase", "scheduler", "dag_processor")
                if health[part]["status"] != "healthy"
            ]
            waiting_for = ", ".join(sick) or _unread_dags(airflow, began)
            if not waiting_for:
                return
            time.sleep(0.25)
    raise RegularsError(
        f"Airflow was not ready after {START_SECONDS} s: waiting for {waiting_for}; "
        f"see {airflow.home / 'logs'}"
    )


def _unread_dags(airflow: Airflow, began: datetime) -> str:
    """Names of DAGs not read since ``began``; empty when work can start, with the pool made."""
    with closing(airflow.api()) as api:
        for error in api.get("importErrors")["import_errors"]:
            last = error["stack_trace"].strip().splitlines()[-1]
            raise RegularsError(f"DAG file {error['filename']} cannot be read: {last}")
        read = {
            dag["dag_id"]
            for dag in api.get("dags", limit=100)["dags"]
            if dag["last_parsed_time"] and datetime.fromisoformat(dag["last_parsed_time"]) > began
        }
        unread = {path.stem for path in DAGS_FOLDER.glob("*.py")} - read
        if not unread:
            api.post("pools", POOL)
        return ", ".join(sorted(unread))


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it wrote nothing")
