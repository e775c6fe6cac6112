"""What selectors.yml names for Spark: marts equal to DuckDB's row for row, unit tests that pass."""

import json
import os
import time
from collections.abc import Iterator
from datetime import date

import pytest
from engines import first_difference, standalone

from regulars.code_version import code_version
from regulars.demo import deliver, simulate
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import Settings, load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import run_models
from regulars.warehouse.sync import committed_batches, sync

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(5400),
    pytest.mark.skipif(not os.environ.get("REGULARS_TEST_SPARK"), reason="make test-spark runs it"),
]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home with a small chain loaded; settings of the environment are set aside."""
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("REGULARS_")]:
            environment.delenv(name)
        environment.setenv("REGULARS_HOME", str(folder / "home"))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        deliver(simulate(scale=0.05), load_settings().landing)
        for batch in find_batches(FEEDS, None, date(2014, 12, 31)):
            load_batch(batch)
        # Few rows in many short programs: compiling and planning well costs more than it saves.
        environment.setenv(
            "JAVA_TOOL_OPTIONS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m",
        )
        environment.setenv("REGULARS_SPARK_PARTITIONS", "2")
        settings = ("sql.codegen.wholeStage=false", "sql.adaptive.enabled=false")
        environment.setenv(
            "PYSPARK_SUBMIT_ARGS",
            " ".join([*(f"--conf spark.{setting}" for setting in settings), "pyspark-shell"]),
        )
        with standalone(folder) as master:
            environment.setenv("REGULARS_SPARK_MASTER", master)
            yield load_settings()
            from pyspark.sql import SparkSession

            # Before its workers, so that it does not wait for them.
            if session := SparkSession.getActiveSession():
                session.stop()


@pytest.fixture(scope="module")
def seconds(chain: Settings) -> dict[str, float]:
    """How long each engine took to build what Spark builds."""
    from pyspark.sql import SparkSession

    from regulars.warehouse.spark import build_on_spark

    with connect(chain) as connection:
        sync(connection, chain, committed_batches(chain.lake), code_version())
    started = time.monotonic()
    run_models(chain, selector="spark")
    between = time.monotonic()
    said = build_on_spark(chain)
    ended = time.monotonic()
    assert {node.status for node in said} <= {"success", "pass"}
    assert sum(node.resource_type == "test" for node in said) > 20
    # The driver and both workers hold blocks of data.
    session = SparkSession.builder.getOrCreate()
    assert session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3
    return {"DuckDB": between - started, "Spark": ended - between}


def keys(settings: Settings) -> dict[str, list[str]]:
    """By mart that was built on Spark, the columns that tell its rows apart."""
    target = settings.home / "spark" / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text())
    built = json.loads((target / "run_results.json").read_text())["results"]
    marts = {
        result["unique_id"]: manifest["nodes"][result["unique_id"]]
        for result in built
        if result["unique_id"].startswith("model.regulars.")
        and manifest["nodes"][result["unique_id"]]["schema"] == "marts"
    }
    # Without a stated key a row is told apart by all that it holds but doubles, which may differ.
    found = {
        node["name"]: [
            name for name, column in node["columns"].items() if column["data_type"] != "double"
        ]
        for node in marts.values()
    }
    tests = [
        (marts[node["attached_node"]], node["test_metadata"])
        for node in manifest["nodes"].values()
        if node.get("test_metadata") and node.get("attached_node") in marts
    ]
    unique = {
        (mart["name"], test["kwargs"]["column_name"])
        for mart, test in tests
        if test["name"] == "unique"
    }
    for mart in marts.values():
        # The first is the key; another may be unique only where it is filled.
        columns = [name for name in mart["columns"] if (mart["name"], name) in unique]
        found[mart["name"]] = columns[:1] or found[mart["name"]]
    for mart, test in tests:
        if test["name"] in ("unique_combination", "unique_where_touched"):
            found[mart["name"]] = test["kwargs"]["columns"]
    return found


def test_every_mart_on_spark_equals_that_of_duckdb(
    chain: Settings, seconds: dict[str, float], capsys: pytest.CaptureFixture
) -> None:
    from pyspark.sql import SparkSession

    from regulars.warehouse.spark import read_table

    session = SparkSession.builder.getOrCreate()
    differences, rows = [], 0
    with connect(chain, read_only=True) as warehouse:
        compared = keys(chain)
        for mart, key in sorted(compared.items()):
            found = read_table(session, f"marts.{mart}")
            rows += found.num_rows
            if told := first_difference(warehouse, mart, key, found):
                differences.append(told)
    assert not differences, "\n".join(differences)
    assert {"fct_sales", "dim_customer", "mart_customer_year"} <= compared.keys()
    assert rows > 10_000
    with capsys.disabled():
        print(f"\n{len(compared)} marts, {rows} rows equal: {', '.join(sorted(compared))}")
        print(", ".join(f"{engine} {spent:.0f} s" for engine, spent in seconds.items()))


def test_unit_tests_pass_on_spark(
    chain: Settings, seconds: dict[str, float], capsys: pytest.CaptureFixture
) -> None:
    from regulars.warehouse.spark import run_unit_tests

    started = time.monotonic()
    said = run_unit_tests(chain)
    assert {node.status for node in said} == {"pass"}
    assert len(said) > 100
    with capsys.disabled():
        print(f"\n{len(said)} unit tests in {time.monotonic() - started:.0f} s")
