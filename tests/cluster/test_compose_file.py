"""docker-compose.yml keeps the rules that its first lines promise."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml
from arrangement import COMPOSE, ROOT, interpolated, project

SCHEMA = ROOT / "tests" / "fixtures" / "compose" / "compose-spec.json"
REQUIRED = sorted(set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text("utf-8"))))


def made_secrets(folder: Path) -> dict[str, str]:
    """What ``make secrets`` writes, by name."""
    file = folder / ".env"
    subprocess.run(["make", "--silent", "secrets", f"ENV_FILE={file}"], cwd=ROOT, check=True)
    assert file.stat().st_mode & 0o777 == 0o600
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return made_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def services(secrets: dict[str, str]) -> dict[str, dict]:
    return project(secrets)["services"]


def test_it_is_of_the_compose_specification(secrets: dict[str, str]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    found = project(secrets)
    assert [error.message for error in validator.iter_errors(found)] == []
    # The check would see a slip.
    found["services"]["redis"]["helthcheck"] = {}
    assert not validator.is_valid(found)


def test_all_parts_are_there(services: dict[str, dict]) -> None:
    assert set(services) == {
        *("postgres", "redis", "object-store", "setup", "api-server", "scheduler"),
        *("dag-processor", "triggerer", "worker", "superset"),
    }
    assert services["worker"]["deploy"]["replicas"] == 2
    assert [name for name, one in services.items() if one.get("profiles")] == ["superset"]


@pytest.mark.parametrize("missing", REQUIRED)
def test_without_a_secret_nothing_starts(missing: str, secrets: dict[str, str]) -> None:
    with pytest.raises(KeyError, match=missing):
        project({**secrets, missing: ""})


def test_secrets_are_made_for_all_and_differ(secrets: dict[str, str], tmp_path: Path) -> None:
    assert sorted(secrets) == REQUIRED
    again = made_secrets(tmp_path)
    assert len({*secrets.values(), *again.values()}) == 2 * len(REQUIRED)
    assert all(len(value) >= 43 for value in again.values())
    before = (tmp_path / ".env").read_text()
    with pytest.raises(subprocess.CalledProcessError):
        made_secrets(tmp_path)
    assert (tmp_path / ".env").read_text() == before


def test_no_secret_stands_in_the_file(secrets: dict[str, str]) -> None:
    """What is named like a secret has a required variable for a value, or a file."""

    def named(node: object, name: str = "") -> list[tuple[str, str]]:
        if isinstance(node, dict):
            return [one for key, value in node.items() for one in named(value, str(key))]
        if isinstance(node, list):
            return [one for value in node for one in named(value, name)]
        return [(name, str(node))]

    words = re.compile("PASSWORD|SECRET|_KEY(?!_ID)|AUTH$|CONN$|BROKER_URL|RESULT_BACKEND")
    found = [
        (name, value)
        for name, value in named(yaml.safe_load(COMPOSE.read_text("utf-8")))
        if words.search(name) and not name.endswith("_PASSWORDS_FILE")
    ]
    assert len(found) > len(REQUIRED)
    for name, value in found:
        assert re.search(r"\$\{\w+:\?", value), f"{name} has a default"


def test_images_are_pinned(services: dict[str, dict]) -> None:
    images = [one["image"] for one in services.values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), flags=re.M)
    for image in images:
        assert re.search(r":(RELEASE\.)?\d+[.-]\d+[.-]\d+|:15\.18", image), image


def test_nobody_is_root_or_may_become_it(services: dict[str, dict]) -> None:
    for name, service in services.items():
        assert int(service["user"].split(":")[0]) >= 999, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name


def test_what_is_in_an_image_stays_as_it_is(services: dict[str, dict]) -> None:
    assert [name for name, one in services.items() if not one["read_only"]] == ["superset"]
    assert all("/tmp" in one["tmpfs"] for one in services.values())


def test_the_master_key_is_with_the_workers_alone(services: dict[str, dict]) -> None:
    keyed = [name for name, one in services.items() if "REGULARS_MASTER_KEY" in one["environment"]]
    assert keyed == ["worker"]


def test_every_service_is_limited_and_watched(services: dict[str, dict]) -> None:
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory", "pids"}, name
        if name != "setup":  # ends at once
            assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_ports_are_of_loopback_alone(services: dict[str, dict]) -> None:
    ports = {name: one["ports"] for name, one in services.items() if one.get("ports")}
    assert set(ports) == {"api-server", "superset"}
    assert all(port.startswith("127.0.0.1:") for some in ports.values() for port in some)


def test_superset_sees_published_versions_and_nothing_else(services: dict[str, dict]) -> None:
    assert services["superset"]["volumes"] == ["published:/srv/published:ro"]


def test_the_image_holds_what_is_installed_here(services: dict[str, dict]) -> None:
    lines = (ROOT / "Dockerfile").read_text()
    makefile = (ROOT / "Makefile").read_text()
    (version,) = re.findall(r"^UV_VERSION := (\S+)", makefile, flags=re.M)
    assert f"uv=={version}" in lines
    locked = (ROOT / "uv.lock").read_text()
    for package, pinned in re.findall(r" ([a-z0-9-]+)==([0-9.]+)", lines.split("AS superset")[1]):
        if f'name = "{package}"' in locked:
            assert f'name = "{package}"\nversion = "{pinned}"' in locked, package
    # Every folder that the image copies is let into its build, and exists.
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    for names in re.findall(r"^COPY (?!--)(.+) \S+$", lines, flags=re.M):
        for name in names.split():
            assert f"!{name}" in let_in, name
            assert (ROOT / name).exists()


def test_variables_are_read_as_compose_reads_them() -> None:
    assert interpolated("a${X:-b}$$c", {}) == "ab$c"
    assert interpolated("${X:-b}", {"X": "d"}) == "d"
    with pytest.raises(KeyError):
        interpolated("${X:?}", {"X": ""})
