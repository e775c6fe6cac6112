"""An S3-compatible server on loopback, and homes that share a store of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regulars.settings import Settings, load_settings
from regulars.store import Store


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    moto_server = pytest.importorskip("moto.server", reason="make test-cluster installs it")
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def homes(
    endpoint: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Settings]:
    """Settings of a home by its name; all share a store that is new, and one ring of keys."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"b{abs(hash(tmp_path))}"
    monkeypatch.setenv("REGULARS_STORE", f"s3://{bucket}/chain")
    Store(load_settings())._objects.mkdir(bucket)

    def at(name: str) -> Settings:
        folder = tmp_path / name
        monkeypatch.setenv("REGULARS_HOME", str(folder))
        keys = tmp_path / "first" / "keys"
        if name != "first" and keys.exists() and not (folder / "keys").exists():
            shutil.copytree(keys, folder / "keys")
        return load_settings()

    return at
