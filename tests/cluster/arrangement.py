"""docker-compose.yml read as Compose reads it, and started without containers.

What runs natively is taken from that file: commands and environment, with hosts, ports and folders
of containers put in the place of those of this machine.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import psutil
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<text>[^}]*))?\}")
HOST = "127.0.0.1"


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """``$$``, ``${A}``, ``${A:-default}`` and ``${A:?message}`` replaced as Compose does.

    Raises:
        KeyError: a required variable is unset or empty.
    """

    def value(found: re.Match) -> str:
        if found[0] == "$$":
            return "$"
        if given := variables.get(found["name"]):
            return given
        if found["how"] == "-":
            return found["text"]
        raise KeyError(f"required variable {found['name']} is missing a value: {found['text']}")

    return _VARIABLE.sub(value, text)


def project(variables: Mapping[str, str]) -> dict:
    """The Compose project, every variable replaced."""

    def walk(node: object) -> object:
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        return interpolated(node, variables) if isinstance(node, str) else node

    return walk(yaml.safe_load(COMPOSE.read_text("utf-8")))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


_PORTS = ("postgres", "redis", "object-store", "api-server", "health")


class Arrangement:
    """Every service of the Compose project but Superset, as processes below ``folder``.

    moto's server takes the place of MinIO.
    """

    def __init__(self, folder: Path, secrets: Mapping[str, str], changed: Mapping[str, str]):
        self.home = folder / "home"
        self.home.mkdir()
        self._folder, self._changed = folder, changed
        self._services = project(secrets)["services"]
        self._ports = {name: free_port() for name in _PORTS}
        self._processes: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        """PostgreSQL and Redis, the setup, and everything of Airflow with two workers."""
        self._start_postgres()
        self._start_redis()
        self._start_object_store()
        self.run("setup", self._services["setup"]["command"])
        for name in ("api-server", "scheduler", "dag-processor", "triggerer"):
            self._start(name, self._services[name]["command"], self.environment(name))
        replicas = self._services["worker"]["deploy"]["replicas"]
        for number in range(1, replicas + 1):
            self._start(
                f"worker-{number}",
                [*self._services["worker"]["command"], "--celery-hostname", f"worker{number}@%h"],
                self.environment("worker"),
            )
        self._wait("api-server", self._answers, 300)
        for name in self.workers:
            self._wait(name, partial(_says, self.log(name), " ready."), 300)

    def stop(self) -> None:
        """End every process that was started here, by its id."""
        for name in reversed(self._processes):
            self.kill(name)
        for process in self._processes.values():
            process.wait()

    def kill(self, name: str) -> None:
        """SIGKILL a service and all that it started, as when its machine dies."""
        for process in self._members(name):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)

    @property
    def workers(self) -> list[str]:
        return [name for name in self._processes if name.startswith("worker")]

    def worker_of(self, pid: int) -> str:
        """The worker whose process this is."""
        leader = os.getsid(pid)
        return next(name for name in self.workers if self._processes[name].pid == leader)

    def run(self, service: str, command: list[str]) -> str:
        """Run a command in the environment of a service; what it said."""
        done = subprocess.run(
            command,
            env=self.environment(service),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
        return done.stdout

    def environment(self, service: str) -> dict[str, str]:
        ports = self._ports
        here = {
            "/var/lib/regulars": str(self.home),
            "/opt/regulars": str(ROOT),
            "postgres:5432": f"{HOST}:{ports['postgres']}",
            "redis:6379": f"{HOST}:{ports['redis']}",
            "api-server:8080": f"{HOST}:{ports['api-server']}",
            "object-store:9000": f"{HOST}:{ports['object-store']}",
        }
        found = self._services[service].get("environment", {})
        for there, place in here.items():
            found = {name: value.replace(there, place) for name, value in found.items()}
        return {
            "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "NO_PROXY": HOST,
            "PYTHONUNBUFFERED": "1",
            **found,
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(ports["api-server"]),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(ports["health"]),
            **self._changed,
        }

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _start(self, name: str, command: list[str], env: dict[str, str], **how: object) -> None:
        with self.log(name).open("ab") as output:
            self._processes[name] = subprocess.Popen(
                command,
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **how,
            )

    def _start_postgres(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder = self._folder / "postgres"
        folder.mkdir()
        how = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            how = {"user": "postgres", "group": "postgres", "extra_groups": []}
        given = self._services["postgres"]["environment"]
        password = folder / "password"
        password.write_text(given["POSTGRES_PASSWORD"])
        password.chmod(0o644)
        subprocess.run(
            [
                programs / "initdb",
                f"--pgdata={folder / 'data'}",
                f"--username={given['POSTGRES_USER']}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **how,
        )
        password.unlink()
        port = str(self._ports["postgres"])
        self._start(
            "postgres",
            [
                programs / "postgres",
                *("-D", folder / "data"),
                *("-h", HOST),
                *("-p", port),
                *("-k", folder),
                "-F",  # nothing here outlives the test
            ],
            dict(os.environ),
            **how,
        )
        client = {"PGPASSWORD": given["POSTGRES_PASSWORD"], "PATH": os.environ["PATH"]}
        psql = [programs / "psql", "-h", HOST, "-p", port, "-U", given["POSTGRES_USER"], "postgres"]
        create = ["-c", f"create database {given['POSTGRES_DB']}"]

        def is_made() -> bool:
            done = subprocess.run([*psql, *create], env=client, capture_output=True, check=False)
            return done.returncode == 0

        self._wait("postgres", is_made, 30)

    def _start_redis(self) -> None:
        folder = self._folder / "redis"
        folder.mkdir()
        service = self._services["redis"]
        *shell, script = service["command"]
        port = self._ports["redis"]
        script = script.replace("/data", f"{folder}\\nbind {HOST}\\nport {port}")
        self._start("redis", [*shell, script], {**os.environ, **service["environment"]})
        ping = ["redis-cli", "-h", HOST, "-p", str(port), "ping"]

        def answers() -> bool:
            env = {**os.environ, **service["environment"]}
            done = subprocess.run(ping, env=env, capture_output=True, check=False)
            return done.stdout.strip() == b"PONG"

        self._wait("redis", answers, 30)

    def _start_object_store(self) -> None:
        port = self._ports["object-store"]
        server = str(ROOT / ".venv/bin/moto_server")
        self._start("object-store", [server, "-H", HOST, "-p", str(port)], dict(os.environ))

        def answers() -> bool:
            with suppress(OSError), urlopen(f"http://{HOST}:{port}/moto-api/") as answer:
                return answer.status == 200
            return False

        self._wait("object-store", answers, 60)

    def _answers(self) -> bool:
        health = f"http://{HOST}:{self._ports['api-server']}/api/v2/monitor/health"
        with suppress(OSError), urlopen(health) as answer:
            return answer.read().count(b'"healthy"') == 4
        return False

    def _wait(self, name: str, is_ready, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            ended = self._processes[name].poll()
            assert ended is None, f"{name} ended: {self.log(name).read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"{name}: {self.log(name).read_text()[-3000:]}"
            time.sleep(0.3)

    def _members(self, name: str) -> Iterator[psutil.Process]:
        leader = self._processes[name].pid
        for process in psutil.process_iter():
            with suppress(ProcessLookupError, psutil.NoSuchProcess):
                if os.getsid(process.pid) == leader:
                    yield process


def _says(log: Path, words: str) -> bool:
    return words in log.read_text("utf-8", "replace")
