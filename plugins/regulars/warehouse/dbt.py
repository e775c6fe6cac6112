"""One ``dbt build`` of the whole project, in this process, or what it sent the night before."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.settings import PROJECT_ROOT, Settings, environment_set
from regulars.warehouse.connection import connect
from regulars.warehouse.statements import ARTIFACTS, Statements, are_kept, forget, send

log = logging.getLogger(__name__)

PROJECT = PROJECT_ROOT / "dbt_project"
EXAMPLES = 5  # offending rows shown per failed test
# How DuckDB begins its message.
SHORT_OF_MEMORY = "Out of Memory Error"
# What changes from one night to the next while the code stays: a view or a seed does not.
NIGHTLY = ("config.materialized:table", "config.materialized:incremental", "resource_type:test")


@dataclass(frozen=True)
class NodeRun:
    """What became of one node; ``seconds`` is wall clock, ``failures`` a test's offending rows."""

    node_id: str
    name: str
    resource_type: str
    schema: str | None
    status: str
    seconds: float
    failures: int | None
    message: str
    requirements: tuple[str, ...]
    compiled_sql: str | None

    @property
    def failed(self) -> bool:
        """The node itself failed; one that was skipped for another's failure did not."""
        return self.status in ("error", "fail", "runtime error")


def target_folder(settings: Settings) -> Path:
    """Where dbt keeps ``manifest.json``, ``run_results.json`` and what speeds up its next start."""
    return settings.warehouse.parent / "dbt" / "target"


def run_dbt(
    settings: Settings,
    full_refresh: bool = True,
    project: Path = PROJECT,
    *,
    unit_tests: bool = False,
) -> list[NodeRun]:
    """Build seeds, models and tests; the warehouse must not be open in this process.

    Unit tests prove the code and not tonight's data, so a night leaves them out. Without
    ``full_refresh`` views and seeds stay as the last build of the same code made them, and once a
    night was dbt's, the next ones send its statements again. Whatever stands in the way of that,
    a test that fails for one, dbt runs the night and says so. What runs out of memory beside others
    runs again alone.

    Raises:
        RegularsError: names each node that failed, its message and, for a test, offending rows.
    """
    target = target_folder(settings)
    if full_refresh:
        forget(target)
    elif are_kept(target) and (runs := _send_kept(settings)):
        return runs
    arguments = ["build"]
    if not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    arguments += ["--full-refresh"] if full_refresh else ["--select", *NIGHTLY]
    statements = Statements()
    outcome = _invoke(settings, project, arguments, not full_refresh, statements)
    if outcome.result is None:
        raise RegularsError(f"dbt could not start: {outcome.exception}")
    stated = _unit_test_requirements(settings) if unit_tests else {}
    results = list(outcome.result)
    if any(SHORT_OF_MEMORY in (result.message or "") for result in results):
        log.warning("memory was too short for nodes side by side: again, one at a time")
        outcome, results = _retry_alone(settings, project, not full_refresh, statements, results)
    # Exposures are listed among the results, though there is nothing to run.
    results = [result for result in results if result.node.resource_type != "exposure"]
    runs = sorted((_node_run(result, stated) for result in results), key=lambda run: run.node_id)
    failed = [run for run in runs if run.failed]
    if failed or not outcome.success:
        skipped = sum(run.status == "skipped" for run in runs)
        raise RegularsError(
            "\n".join(
                [
                    f"dbt build: {len(failed)} of {len(runs)} nodes failed, {skipped} skipped",
                    *(_explain(settings, run) for run in failed),
                ]
            )
        )
    if not full_refresh:
        with connect(settings) as connection:
            statements.keep(target, connection)
    return runs


def _retry_alone(
    settings: Settings, project: Path, is_proven: bool, statements: Statements, results: list
) -> tuple[Any, list]:
    """Run what failed and what was skipped one at a time: dbt's outcome, and all results."""
    manifest, told = _artifacts(settings)
    alone = settings.model_copy(update={"threads": 1})
    outcome = _invoke(alone, project, ["retry"], is_proven, statements)
    if outcome.result is None:
        raise RegularsError(f"dbt could not start again: {outcome.exception}")
    # dbt tells of the second run alone; who reads what it tells wants the whole.
    manifest_again, told_again = _artifacts(settings)
    manifest_again["nodes"] |= {
        node_id: node for node_id, node in manifest["nodes"].items() if "compiled_code" in node
    }
    by_id = {result["unique_id"]: result for result in told["results"] + told_again["results"]}
    told_again["results"] = list(by_id.values())
    for name, content in zip(ARTIFACTS, (manifest_again, told_again), strict=True):
        (target_folder(settings) / name).write_text(json.dumps(content), encoding="utf-8")
    by_node = {result.node.unique_id: result for result in [*results, *outcome.result]}
    return outcome, list(by_node.values())


def _artifacts(settings: Settings) -> Iterator[dict]:
    for name in ARTIFACTS:
        yield json.loads((target_folder(settings) / name).read_text(encoding="utf-8"))


def _send_kept(settings: Settings) -> list[NodeRun] | None:
    """What became of the night, or None if dbt must run it."""
    with connect(settings) as connection:

        def open_cursor() -> duckdb.DuckDBPyConnection:
            return connection.cursor().execute("set TimeZone = 'UTC'")

        try:
            sent = send(target_folder(settings), open_cursor, settings.threads)
        except Exception as error:
            log.warning(
                "dbt runs this night, since its statements of the last do not serve: %s", error
            )
            return None
    runs = [
        NodeRun(
            node_id=node_id,
            name=node["name"],
            resource_type=node["resource_type"],
            schema=node["schema"] if node["resource_type"] == "model" else None,
            status=result["status"],
            seconds=round(result["execution_time"], 3),
            failures=result["failures"],
            message=result["message"] or "",
            requirements=_requirements(node["config"]["meta"]),
            compiled_sql=node.get("compiled_code"),
        )
        for node_id, (node, result) in sorted(sent.items())
    ]
    if failed := [run.name for run in runs if run.failed]:
        log.warning("dbt runs this night again to tell what fails: %s", ", ".join(failed))
        return None
    return runs


def run_models(
    settings: Settings,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    selector: str | None = None,
) -> None:
    """Build what dbt's selectors name, or one of ``selectors.yml``, from scratch and untested.

    Raises:
        RegularsError: names each node that failed and its message.
    """
    arguments = ["build", "--full-refresh"]
    for kind in ("test", "unit_test"):
        arguments += ["--exclude-resource-type", kind]
    if select:
        arguments += ["--select", *select]
    if selector:
        arguments += ["--selector", selector]
    if exclude:
        arguments += ["--exclude", *exclude]
    outcome = _invoke(settings, PROJECT, arguments)
    if not outcome.success:
        failed = [run for run in outcome.result or () if run.status == "error"]
        told = "; ".join(f"{run.node.name}: {run.message}" for run in failed)
        raise RegularsError(f"dbt build: {told or outcome.exception}")


def write_docs(settings: Settings) -> Path:
    """Write dbt's documentation of the built warehouse as one HTML page, and say where it lies.

    The SQL in it is that of the project: compiling it again would take as long as many a build.

    Raises:
        RegularsError: the warehouse cannot be read.
    """
    outcome = _invoke(settings, PROJECT, ["docs", "generate", "--static", "--no-compile"])
    if not outcome.success:
        raise RegularsError(f"dbt wrote no documentation: {outcome.exception}")
    return target_folder(settings) / "static_index.html"


def _invoke(
    settings: Settings,
    project: Path,
    arguments: list[str],
    is_proven: bool = False,
    *callbacks: Callable[[Any], None],
) -> Any:
    """One dbt command in this process; the file is let go of afterwards.

    ``is_proven`` tells ``macros/adapter/table.sql`` that a full build of the same code went before;
    ``callbacks`` are told every event.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    target = target_folder(settings)
    options = [
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(target), "--log-path", str(target.parent / "logs")),
        *("--threads", str(settings.threads)),
        *("--log-level", "none", "--no-use-colors", "--no-use-colors-file"),
        *("--no-send-anonymous-usage-stats",),
    ]
    wanted = environment(settings) | {"REGULARS_PROVEN": "yes" if is_proven else "no"}
    with environment_set(wanted):
        try:
            return dbtRunner(callbacks=[_log_progress, *callbacks]).invoke([*arguments, *options])
        finally:
            # The adapter keeps the file open for the life of its process, unless told otherwise.
            DuckDBConnectionManager.close_all_connections()


def record(connection: duckdb.DuckDBPyConnection, runs: list[NodeRun]) -> None:
    """Replace ``marts.audit_models`` by what these runs did."""
    tables = set(
        connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = current_database()"
        ).fetchall()
    )
    rows = []
    for run in runs:
        counted = None
        if (run.schema, run.name) in tables:
            (counted,) = connection.execute(
                f"select count(*) from {run.schema}.{run.name}"
            ).fetchone()
        rows.append(
            [
                *(run.node_id, run.name, run.resource_type, run.schema, run.status),
                *(counted, run.failures, run.seconds, ", ".join(run.requirements) or None),
                code_version(),
            ]
        )
    connection.execute("create schema if not exists marts")
    connection.execute("""
        create or replace table marts.audit_models (
            node_id varchar,
            name varchar,
            resource_type varchar,
            schema_name varchar,
            status varchar,
            rows_held bigint,
            failing_rows bigint,
            seconds double,
            requirements varchar,
            code_version varchar
        )
    """)
    if rows:
        connection.executemany("insert into marts.audit_models values (?,?,?,?,?,?,?,?,?,?)", rows)
    connection.execute(
        "comment on table marts.audit_models is"
        " 'One row per dbt node of the build: what was built or tested, and how it went.'"
    )
    for column, meaning in _AUDIT_COLUMNS.items():
        connection.execute(f"comment on column marts.audit_models.{column} is '{meaning}'")


_AUDIT_COLUMNS = {
    "node_id": "unique id of the node in dbt",
    "name": "model, seed or test",
    "resource_type": "model, seed, snapshot, test or unit_test",
    "schema_name": "schema of the table or view; null for tests",
    "status": "success, pass or warn; a build with failures is not published",
    "rows_held": "rows of the table after the build; null for views and tests",
    "failing_rows": "rows that a test found; null for what is no test",
    "seconds": "wall-clock seconds that the node took",
    "requirements": "requirement ids that the node serves, comma-separated",
    "code_version": "the code that built or tested it",
}


def environment(settings: Settings) -> dict[str, str]:
    """What ``profiles.yml`` reads."""
    return {
        "DO_NOT_TRACK": "1",
        "REGULARS_WAREHOUSE": str(settings.warehouse),
        "REGULARS_THREADS": str(settings.threads),
        "REGULARS_MEMORY_LIMIT": settings.memory_limit,
    }


def _log_progress(event: Any) -> None:
    if event.info.name == "NodeFinished":
        node, result = event.data.node_info, event.data.run_result
        log.info(
            "%s %s: %s in %.2f s",
            *(node.resource_type, node.node_name, node.node_status, result.execution_time),
        )


def _unit_test_requirements(settings: Settings) -> dict[str, tuple[str, ...]]:
    """By unique id; the node that dbt runs for a unit test has lost its ``meta``."""
    manifest = json.loads((target_folder(settings) / "manifest.json").read_text(encoding="utf-8"))
    return {
        node_id: _requirements(test["config"].get("meta"))
        for node_id, test in manifest["unit_tests"].items()
    }


def _node_run(result: Any, stated: dict[str, tuple[str, ...]]) -> NodeRun:
    node = result.node
    holds_data = node.resource_type in ("model", "seed", "snapshot")
    return NodeRun(
        node_id=node.unique_id,
        name=node.name,
        resource_type=str(node.resource_type),
        schema=node.schema if holds_data else None,
        status=str(result.status),
        seconds=round(result.execution_time, 3),
        failures=result.failures,
        message=(result.message or "").strip(),
        requirements=stated.get(node.unique_id)
        or _requirements(getattr(node.config, "meta", None)),
        compiled_sql=getattr(node, "compiled_code", None),
    )


def _requirements(meta: dict[str, Any] | None) -> tuple[str, ...]:
    stated = (meta or {}).get("requirements") or []
    return tuple(stated.split(", ") if isinstance(stated, str) else map(str, stated))


def _explain(settings: Settings, run: NodeRun) -> str:
    lines = [f"- {run.resource_type} {run.name}: {run.message or run.status}"]
    if run.resource_type == "test" and run.status == "fail" and run.compiled_sql:
        with connect(settings, read_only=True) as connection:
            rows = connection.execute(f"select * from ({run.compiled_sql}) limit {EXAMPLES}")
            names = [column[0] for column in rows.description]
            for row in rows.fetchall():
                values = zip(names, row, strict=True)
                lines.append("    " + ", ".join(f"{name}={value}" for name, value in values))
    return "\n".join(lines)
