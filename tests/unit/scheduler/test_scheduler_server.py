import json
import os
import signal
import socket
import subprocess
import sys
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from regulars.errors import RegularsError
from regulars.scheduler import server as server
from regulars.settings import Settings, load_settings


@pytest.fixture
def settings(home: Path) -> Settings:
    settings = load_settings()
    settings.airflow.mkdir(parents=True)
    return settings


def config(settings: Settings) -> ConfigParser:
    server._configure(settings)
    found = ConfigParser()
    found.read(settings.airflow / "airflow.cfg")
    return found


def test_secrets_are_private_lasting_and_the_homes_own(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = config(settings)
    assert config(settings) == first
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "other"))
    other = load_settings()
    other.airflow.mkdir(parents=True)
    for section, key in (("core", "fernet_key"), ("api", "secret_key"), ("api_auth", "jwt_secret")):
        assert len(first[section][key]) >= 43
        assert config(other)[section][key] != first[section][key]
    passwords = server._password_file(settings.airflow)
    for file in (passwords, settings.airflow / "airflow.cfg"):
        assert file.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(passwords.read_text())["admin"]) >= 20


def test_a_password_file_that_others_may_read_is_closed(settings: Settings) -> None:
    passwords = server._password_file(settings.airflow)
    passwords.write_text(json.dumps({"admin": "kept"}))
    passwords.chmod(0o644)
    server._configure(settings)
    assert passwords.stat().st_mode & 0o777 == 0o600
    assert json.loads(passwords.read_text()) == {"admin": "kept"}


def test_the_server_listens_on_loopback_and_asks_for_a_password(settings: Settings) -> None:
    found = config(settings)
    assert found["api"]["host"] == "127.0.0.1"
    assert found["core"]["simple_auth_manager_all_admins"] == "False"
    # The log servers of scheduler and triggerer listen on every interface.
    assert "--skip-serve-logs" in server.COMPONENTS["scheduler"]
    assert "triggerer" not in server.COMPONENTS


def test_a_percent_sign_in_the_home_is_kept(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "50%"))
    odd = load_settings()
    odd.airflow.mkdir(parents=True)
    assert str(tmp_path / "50%") in config(odd)["database"]["sql_alchemy_conn"]


def test_the_environment_is_this_homes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://elsewhere")
    monkeypatch.setenv("AIRFLOW_CONFIG", "elsewhere.cfg")
    monkeypatch.setenv("NO_PROXY", "intranet")
    env = server.environment(settings)
    assert [name for name in env if name.startswith("AIRFLOW")] == ["AIRFLOW_HOME"]
    assert env["AIRFLOW_HOME"] == str(settings.airflow)
    assert env["REGULARS_HOME"] == str(settings.home)
    assert env["NO_PROXY"] == "127.0.0.1,intranet,localhost"
    assert (env["DO_NOT_TRACK"], env["GX_ANALYTICS_ENABLED"]) == ("1", "false")


def test_a_port_in_use_is_told(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RegularsError, match=f"port {port} .*REGULARS_AIRFLOW_PORT"):
            server._check_port(port)
    server._check_port(port)


# A component with a worker in a process group of its own, as Airflow's tasks are.
TREE = """
import subprocess, sys, time
code = "import os, time; os.setpgid(0, 0); print('up', flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", code])
time.sleep(60)
"""


def start_tree(settings: Settings, keep: bool = False) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", TREE], start_new_session=True, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"up\n"
    created = psutil.Process(process.pid).create_time()
    state = {"port": 1, "keep": keep, "processes": {"scheduler": [process.pid, created]}}
    server._write_state(settings.airflow, state)
    return process


@pytest.fixture
def tree(settings: Settings):
    process = start_tree(settings)
    yield process
    for pid in session_members(process):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def session_members(leader: subprocess.Popen) -> list[int]:
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == leader.pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def test_stop_ends_the_whole_tree(settings: Settings, tree: subprocess.Popen) -> None:
    assert len(session_members(tree)) == 2
    assert server.stop(settings)
    assert session_members(tree) == []
    assert not server.stop(settings)


def test_stop_ends_orphans_of_a_killed_component(
    settings: Settings, tree: subprocess.Popen
) -> None:
    tree.kill()
    tree.wait()
    assert len(session_members(tree)) == 1
    assert server.stop(settings)
    assert session_members(tree) == []


def test_stop_spares_a_process_that_was_given_the_number_later(
    settings: Settings, tree: subprocess.Popen
) -> None:
    state = {"port": 1, "keep": True, "processes": {"scheduler": [tree.pid, 1.0]}}
    server._write_state(settings.airflow, state)
    assert not server.stop(settings)
    assert len(session_members(tree)) == 2


def test_a_running_airflow_is_found_again_and_kept(
    settings: Settings, tree: subprocess.Popen
) -> None:
    with server.session(settings) as airflow:
        assert airflow.url == "http://127.0.0.1:1"
        server.start(settings, keep=True)
    assert len(session_members(tree)) == 2


def test_the_last_session_stops_what_nobody_keeps(
    settings: Settings, tree: subprocess.Popen
) -> None:
    with server.session(settings):
        with server.session(settings):
            pass
        assert len(session_members(tree)) == 2
    assert session_members(tree) == []


def test_a_component_that_ended_is_named_with_its_last_words(
    settings: Settings, tree: subprocess.Popen
) -> None:
    airflow = server._airflow(settings.airflow, server._read_state(settings.airflow))
    server.check_alive(airflow)
    airflow.log_file("scheduler").parent.mkdir()
    airflow.log_file("scheduler").write_text("starting\nno space left on device\n\n")
    tree.kill()
    tree.wait()
    with pytest.raises(RegularsError, match="scheduler ended; no space left on device"):
        server.check_alive(airflow)


def test_an_airflow_that_runs_elsewhere_is_used_and_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_AIRFLOW_URL", "http://api-server:8080")
    settings = load_settings()
    with pytest.raises(RegularsError, match="started where it runs"):
        server.start(settings)
    with server.session(settings) as airflow:
        assert airflow.url == "http://api-server:8080"
        assert airflow.password_file.parent == settings.airflow
        server.check_alive(airflow)  # no process of ours has to run
    assert server.stop(settings) is False
    assert not settings.airflow.exists()
