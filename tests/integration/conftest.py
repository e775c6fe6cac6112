"""A small demo chain, loaded and built once for the tests that only look at it."""

from datetime import date
from pathlib import Path

import pytest

from regulars.code_version import code_version
from regulars.demo import Chain, deliver, simulate
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import Settings, load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import NodeRun, record, run_dbt
from regulars.warehouse.sync import committed_batches, sync


@pytest.fixture(scope="session")
def small_chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Chain]:
    """The settings of a home that holds a loaded chain of about 200 members, and the chain."""
    folder = tmp_path_factory.mktemp("small_chain")
    chain = simulate(scale=0.05)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(folder / "home"))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        settings = load_settings()
        deliver(chain, settings.landing)
        for batch in find_batches(FEEDS, None, date(2014, 12, 31)):
            load_batch(batch)
    return settings, chain


@pytest.fixture(scope="session")
def dbt_runs(small_chain: tuple[Settings, Chain], trace: list[dict[str, str]]) -> list[NodeRun]:
    """Every dbt node run on the small chain, unit tests included; each noted in the trace."""
    settings, _ = small_chain
    with connect(settings) as connection:
        sync(connection, settings, committed_batches(settings.lake), code_version())
    runs = run_dbt(settings, unit_tests=True)
    with connect(settings) as connection:
        record(connection, runs)
    trace += [
        {"id": identifier, "check": f"dbt {run.resource_type} {run.name}", "result": "passed"}
        for run in runs
        if run.resource_type in ("test", "unit_test")
        for identifier in run.requirements
    ]
    return runs


@pytest.fixture(scope="session")
def warehouse(small_chain: tuple[Settings, Chain], dbt_runs: list[NodeRun]) -> Path:
    """The warehouse file of the small chain, built."""
    return small_chain[0].warehouse
