"""Nights on many workers: PostgreSQL, Redis and Celery as docker-compose.yml arranges them."""

import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from arrangement import Arrangement

from regulars.demo import Chain, deliver, simulate
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.publish import current, publish_version
from regulars.warehouse.quality import judge_marts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        not os.environ.get("REGULARS_TEST_CLUSTER"), reason="make test-cluster runs it"
    ),
]
# A sender's copy of a folder to the bucket, and what lies there.
SEND = """
import sys
from s3fs import S3FileSystem
from regulars.settings import load_settings
bucket, objects = load_settings().landing_store, S3FileSystem()
if sys.argv[1:]:
    objects.put(f"{sys.argv[1]}/", f"{bucket}/", recursive=True)
print(len(objects.find(bucket)))
"""
IN_THE_STORE = """
from regulars.settings import load_settings
from regulars.store import Store
store = Store(load_settings())
tables = store._objects.glob(store._path(f"published/versions/{store.current()}/parquet/*"))
print(store.current(), len(tables))
"""
FIRST, LAST = date(2012, 1, 1), date(2014, 12, 31)
EVE = LAST - timedelta(days=1)
# What differs in a test: nothing starts by itself, and a dead worker is missed sooner.
CHANGED = {
    "REGULARS_SCHEDULE": "off",
    "REGULARS_SETTLE_SECONDS": "0",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "20",
}


def hashes(version: Path) -> dict[str, str]:
    tables = json.loads((version / "version.json").read_text())["tables"]
    # When a file was loaded and how long a model took are a log.
    return {
        name: table["hash"]
        for name, table in tables.items()
        if name not in ("audit_models", "audit_loads")
    }


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What ``make secrets`` writes."""
    from test_compose_file import made_secrets

    return made_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def chain() -> Chain:
    return simulate(scale=0.02)


@pytest.fixture(scope="module")
def cluster(secrets: dict[str, str], chain: Chain) -> Iterator[Arrangement]:
    # PostgreSQL runs as a user of its own, who may not enter pytest's folders.
    folder = Path(tempfile.mkdtemp(prefix="regulars-cluster-"))
    folder.chmod(0o711)
    arrangement = Arrangement(folder, secrets, CHANGED)
    try:
        arrangement.start()
        yield arrangement
    finally:
        arrangement.stop()
        shutil.rmtree(folder)


@pytest.fixture
def embedded(
    cluster: Arrangement, tmp_path: Path, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of a home without Airflow that has the keys of the cluster's: tokens are alike."""
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    monkeypatch.setenv("REGULARS_MASTER_KEY", secrets["REGULARS_MASTER_KEY"])


def in_the_bucket(cluster: Arrangement, *folders: Path) -> int:
    return int(cluster.run("worker", ["python", "-c", SEND, *map(str, folders)]))


def send(cluster: Arrangement, chain: Chain, folder: Path, first: date | None, last: date) -> int:
    """Put what the chain delivers into the landing bucket; how many objects wait there then."""
    deliver(chain, folder, first, last)
    return in_the_bucket(cluster, folder)


def kill_who_builds(cluster: Arrangement, killed: list[str]) -> None:
    """Once dbt is at work, kill the whole worker that runs it."""
    lock = cluster.home / "warehouse" / "build.lock"
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        if found := re.search(r"build_warehouse \(pid (\d+)\)", lock.read_text()):
            time.sleep(3)
            killed.append(cluster.worker_of(int(found[1])))
            cluster.kill(killed[0])
            return
        time.sleep(0.05)


def test_a_range_and_a_night_with_a_dead_worker_equal_an_embedded_load(
    cluster: Arrangement, chain: Chain, embedded: None, tmp_path: Path
) -> None:
    """Every file was landed in the bucket; where one was loaded is all the same."""
    published = cluster.home / "published"
    assert send(cluster, chain, tmp_path / "range", None, EVE) > 0
    said = cluster.run("worker", ["regulars", "backfill", str(FIRST), str(EVE)])
    assert "version 000001 published" in said, said

    assert in_the_bucket(cluster) == 0
    assert send(cluster, chain, tmp_path / "night", LAST, LAST) > 0
    killed: list[str] = []
    killer = threading.Thread(target=kill_who_builds, args=(cluster, killed))
    killer.start()
    said = cluster.run("worker", ["regulars", "nightly", str(LAST)])
    killer.join()
    assert len(killed) == 1
    assert re.search(r"build_warehouse +up_for_retry", said), said
    assert "version 000002 published" in said, said
    assert in_the_bucket(cluster) == 0
    assert [path for path in (cluster.home / "landing").rglob("*") if path.is_file()] == []
    in_the_store = cluster.run("worker", ["python", "-c", IN_THE_STORE])
    assert in_the_store.split() == [
        "000002",
        str(len(list((published / "current/parquet").iterdir()))),
    ]

    settings = load_settings()
    settings.home.mkdir()
    shutil.copytree(cluster.home / "keys", settings.keys)
    deliver(chain, settings.landing)
    for batch in find_batches(FEEDS, None, LAST):
        load_batch(batch)
    build_warehouse()
    judge_marts()
    publish_version()
    assert (published / "current").resolve().name == "000002"
    assert hashes(published / "current") == hashes(current())
