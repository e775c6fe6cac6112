"""The same models on Spark with Iceberg tables: the session, the lake's tables, one dbt build.

DuckDB settles what the lake holds (``warehouse.sync``); from there the tables of ``raw`` go to
Spark as Parquet and stand in an Iceberg catalog under the home, beside all that dbt makes of them.
Master, workers and driver must see the home. See docs/adr/0021-marts-on-spark.md.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.feeds.sql import identifier, literal
from regulars.settings import Settings, environment_set
from regulars.warehouse.connection import build_lock, connect
from regulars.warehouse.dbt import PROJECT, environment
from regulars.warehouse.sync import committed_batches, sync

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

log = logging.getLogger(__name__)

CATALOG = "regulars"
SCHEMAS = ("raw", "seeds", "staging", "intermediate", "marts")
# Spark has no unsigned numbers and none of 128 bits; decimals hold them exactly.
_WIDE = {"UBIGINT": "decimal(20, 0)", "HUGEINT": "decimal(38, 0)"}
# Rows of unit tests are few and written out: compiling a query for them costs more than it saves,
# and Spark 3.5, which works such tables out beforehand, may be left with one to order, and fail.
_FOR_UNIT_TESTS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ReorderJoin",
}
# What models read of raw; the ledger is for sync alone.
_NOT_READ = ("ledger",)


class NodeSaid(NamedTuple):
    """What became of one node; ``seconds`` is wall clock."""

    name: str
    resource_type: str
    status: str
    seconds: float
    message: str


def folder(settings: Settings) -> Path:
    """What Spark keeps in the home."""
    return settings.home / "spark"


def open_session(settings: Settings, master: str | None = None) -> "SparkSession":
    """Open the session of this process, which dbt's ``method: session`` takes up.

    Args:
        settings: for the home; the catalog lies in ``<home>/spark/tables``.
        master: ``spark://host:port``, or ``local[n]``; the setting ``spark_master`` unless given.

    Raises:
        RegularsError: pyspark, Iceberg's jar or Java is missing.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RegularsError("Spark is not installed; make spark installs it") from error
    options = {
        "spark.jars": str(_iceberg_jar()),
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        f"spark.sql.catalog.{CATALOG}": "org.apache.iceberg.spark.SparkCatalog",
        f"spark.sql.catalog.{CATALOG}.type": "hadoop",
        f"spark.sql.catalog.{CATALOG}.warehouse": str(folder(settings) / "tables"),
        "spark.sql.defaultCatalog": CATALOG,
        # Hive is asked for by dbt-spark; nothing of it is used, and its lock is off.
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder(settings) / "unused"),
        # dbt-spark turns it off for every statement: a cast that fails is null, not an error.
        "spark.sql.ansi.enabled": "false",
        # A timestamp is a wall clock without a zone, as in DuckDB.
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(settings.spark_partitions),
        # A busy driver is not a lost one.
        "spark.network.timeout": "800s",
        "spark.executor.heartbeatInterval": "60s",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": settings.memory_limit.replace("GB", "g").replace("MB", "m"),
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
    }
    builder = SparkSession.builder.appName("regulars").master(master or settings.spark_master)
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise RegularsError(f"Spark does not start; is Java installed? {error}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def load_raw(settings: Settings, session: "SparkSession") -> int:
    """Replace ``raw`` in Spark's catalog by that of the warehouse; gives the number of tables.

    The warehouse must be synced with the lake, and not be open for writing elsewhere.
    """
    files = folder(settings) / "raw"
    files.mkdir(parents=True, exist_ok=True)
    with connect(settings, read_only=True) as connection:
        tables = [
            table
            for (table,) in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'raw'"
                " and table_catalog = current_database() order by table_name"
            ).fetchall()
            if table not in _NOT_READ
        ]
        for table in tables:
            described = connection.execute(f"describe raw.{identifier(table)}").fetchall()
            columns = ", ".join(
                f"cast({identifier(name)} as {_WIDE.get(type_, type_)}) as {identifier(name)}"
                for name, type_, *_ in described
            )
            connection.execute(
                f"copy (select {columns} from raw.{identifier(table)})"
                f" to {literal(str(files / f'{table}.parquet'))} (format parquet)"
            )
    for schema in SCHEMAS:
        session.sql(f"create schema if not exists {schema}")
    for table in tables:
        _take_parquet(session, files / f"{table}.parquet", f"raw.{table}")
    return len(tables)


def read_table(session: "SparkSession", table: str) -> "pa.Table":
    """All rows of ``schema.table``, in the driver's memory."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_schema

    frame = session.table(table)
    # DataFrame.toArrow says the same publicly, from Spark 4 on.
    batches = frame._collect_as_arrow()
    if not batches:
        return to_arrow_schema(frame.schema).empty_table()
    return pa.Table.from_batches(batches)


def build_on_spark(settings: Settings, select: Sequence[str] = ()) -> list[NodeSaid]:
    """Bring the lake to Spark and build there what ``select`` names, tests of the data included.

    Args:
        settings: for the home and the master.
        select: dbt's selectors; without one what ``selectors.yml`` says under ``spark``.

    Returns:
        What became of each node.

    Raises:
        RegularsError: the lake cannot be read, Spark does not start, or a node failed: names it and
            its message.
    """
    with build_lock(settings, "build_on_spark"):
        with connect(settings) as connection:
            sync(connection, settings, committed_batches(settings.lake), code_version())
        session = open_session(settings)
        load_raw(settings, session)
        wanted = ["--select", *select] if select else ["--selector", "spark"]
        said = run_dbt_on_spark(
            settings,
            [
                *("build", "--full-refresh", *wanted),
                # Unit tests prove the code, not the data: run_unit_tests runs them.
                *("--exclude-resource-type", "unit_test"),
                # Tests that look at a table outside the selection wait for it.
                *("--indirect-selection", "cautious"),
            ],
        )
    return _all_passed(said)


def run_unit_tests(settings: Settings, select: Sequence[str] = ()) -> list[NodeSaid]:
    """Run dbt's unit tests of what was built on Spark, in the session that built it.

    A given row takes its columns and their types from the table that it stands for.

    Args:
        settings: for the home.
        select: dbt's selectors; without one what ``selectors.yml`` says under ``spark``.

    Returns:
        What became of each test.

    Raises:
        RegularsError: a test failed, or what it reads was not built: names it and its message.
    """
    session = open_session(settings)
    wanted = ["--select", *select] if select else ["--selector", "spark"]
    for name, value in _FOR_UNIT_TESTS.items():
        session.conf.set(name, value)
    try:
        said = run_dbt_on_spark(settings, ["test", *wanted, "--resource-type", "unit_test"])
    finally:
        for name in _FOR_UNIT_TESTS:
            session.conf.unset(name)
    return _all_passed(said)


def _all_passed(said: list[NodeSaid]) -> list[NodeSaid]:
    failed = [node for node in said if node.status in ("error", "fail", "runtime error")]
    if failed:
        raise RegularsError(
            "\n".join(
                [
                    f"dbt on Spark: {len(failed)} of {len(said)} nodes failed",
                    *(f"- {node.name}: {node.message or node.status}" for node in failed),
                ]
            )
        )
    return said


def run_dbt_on_spark(
    settings: Settings, arguments: Sequence[str], project: Path = PROJECT
) -> list[NodeSaid]:
    """One dbt command on the target ``spark``, in this process, whose session must be open.

    Raises:
        RegularsError: dbt could not start.
    """
    from dbt.adapters.spark import SparkAdapter
    from dbt.cli.main import dbtRunner

    # The adapter knows Databricks' clusters only, and has no way to run a model in its own session.
    SparkAdapter.python_submission_helpers = property(lambda _: {"driver": DriverJob})
    SparkAdapter.default_python_submission_method = "driver"
    SparkAdapter.generate_python_submission_response = lambda _, result: result
    target = folder(settings) / "dbt" / "target"
    options = [
        *("--project-dir", str(project), "--profiles-dir", str(project), "--target", "spark"),
        *("--target-path", str(target), "--log-path", str(target.parent / "logs")),
        *("--log-level", "none", "--no-use-colors", "--no-use-colors-file"),
        *("--no-send-anonymous-usage-stats", "--no-populate-cache"),
    ]
    wanted = environment(settings) | {"REGULARS_SPARK": str(folder(settings))}
    with environment_set(wanted):
        outcome = dbtRunner().invoke([*arguments, *options])
    if outcome.result is None:
        raise RegularsError(f"dbt could not start on Spark: {outcome.exception}")
    return [
        NodeSaid(
            result.node.name,
            str(result.node.resource_type),
            str(result.status),
            result.execution_time,
            (result.message or "").strip(),
        )
        for result in getattr(outcome.result, "results", outcome.result)
        # Exposures are listed among the results, though there is nothing to run.
        if result.node.resource_type != "exposure"
    ]


class DriverJob:
    """Runs a Python model in the driver, with the interface that it has on DuckDB.

    ``dbt.ref`` gives a relation of a DuckDB in memory that holds the rows of Spark's table, and
    what the model returns (frame, Arrow table or relation) becomes an Iceberg table.
    """

    def __init__(self, parsed_model: dict[str, Any], _: Any) -> None:
        self._name = parsed_model["alias"]

    def submit(self, compiled_code: str) -> Any:
        """Run what ``macros/adapter/spark.sql`` made of the model."""
        from dbt.adapters.contracts.connection import AdapterResponse
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute("set TimeZone = 'UTC'")

            def read(table: str) -> duckdb.DuckDBPyRelation:
                return connection.from_arrow(read_table(session, table))

            def write(found: Any, table: str) -> None:
                path = Path(os.environ["REGULARS_SPARK"]) / "fitted" / f"{self._name}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(found, duckdb.DuckDBPyRelation):
                    relation = found
                else:
                    connection.register("found", found)
                    relation = connection.table("found")
                relation.write_parquet(str(path))
                _take_parquet(session, path, table)

            names: dict[str, Any] = {"__name__": self._name}
            exec(compile(compiled_code, self._name, "exec"), names)  # noqa: S102 (dbt's own way)
            names["materialize"](connection, read, write)
        return AdapterResponse(_message="OK")


def _take_parquet(session: "SparkSession", path: Path, table: str) -> None:
    session.sql(f"create or replace table {table} using iceberg as select * from parquet.`{path}`")


def _iceberg_jar() -> Path:
    """The jar of Iceberg for Spark 3.5 and Scala 2.12, as its Python package brings it."""
    from importlib.util import find_spec

    found = find_spec("snowpark_connect_deps_iceberg")
    jars = (
        sorted(
            Path(found.submodule_search_locations[0]).glob("jars/iceberg-spark-runtime-3.5_2.12-*")
        )
        if found and found.submodule_search_locations
        else []
    )
    if not jars:
        raise RegularsError("the jar of Iceberg is not installed; make spark installs it")
    return jars[-1]
