"""The gate before publication: every mart suite, judged on the marts as built."""

import logging
from dataclasses import replace
from pathlib import Path

import duckdb

from regulars.errors import RegularsError
from regulars.quality.suite import SUITES, Check, Suite, judge, load_suite
from regulars.settings import load_settings
from regulars.warehouse.connection import build_lock, connect
from regulars.warehouse.state import BUILDING, JUDGED, read_state, write_state

log = logging.getLogger(__name__)


def judge_marts(folder: Path = SUITES) -> dict:
    """Judge the marts by every ``marts_*`` suite and write the results to ``marts.dq_results``.

    Returns:
        ``verdict`` (pass or warn), the number of ``checks``, and ``failed``, a line for each
        warning.

    Raises:
        RegularsError: critical expectations failed (all are listed), nothing was built, or there
            is no suite.
    """
    settings = load_settings()
    suites = [load_suite(path.stem, folder) for path in sorted(folder.glob("marts_*.yaml"))]
    if not suites:
        raise RegularsError(f"there is no suite marts_*.yaml in {folder}: nothing would be judged")
    with build_lock(settings, "judge_marts"), connect(settings) as connection:
        state = read_state(connection)
        if state is None or state.step == BUILDING:
            raise RegularsError("the last build did not end; run build_warehouse first")
        connection.execute("set schema = 'marts'")
        checks = [check for suite in suites for check in _judge(connection, suite)]
        checks += _left_behind(connection)
        failed = [check for check in checks if not check.success]
        critical = [check for check in failed if check.severity == "critical"]
        verdict = "fail" if critical else "warn" if failed else "pass"
        connection.begin()
        _record(connection, checks)
        write_state(
            connection,
            # A build that was published stays so: judging it again finds nothing else.
            state if state.version else replace(state, step=JUDGED, verdict=verdict),
        )
        connection.commit()
    for check in failed:
        log.warning("%s", _line(check))
    if critical:
        raise RegularsError(
            f"{len(critical)} critical expectations of the marts failed; the last version stays:\n"
            + "\n".join(_line(check) for check in critical)
        )
    return {"verdict": verdict, "checks": len(checks), "failed": [_line(c) for c in failed]}


def _judge(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[Check]:
    checks = []
    for table in suite.tables:
        try:
            profile = connection.execute(suite.profile_sql(table)).df()
        except duckdb.Error as error:
            raise RegularsError(
                f"suite {suite.suite}.yaml: the measures of {table} do not run: {error}"
            ) from error
        checks += judge(suite, table, profile)
    return checks


def _left_behind(connection: duckdb.DuckDBPyConnection) -> list[Check]:
    """A failed check for every mart with an ``as_of`` that is not that of the build.

    An incremental model or a table that no model writes any more keeps the date of an earlier
    night, and no suite looks at the dates of all tables.
    """
    (as_of,) = connection.execute("select as_of from raw.build").fetchone()
    tables = connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'marts'"
        " and database_name = current_database() and column_name = 'as_of' order by table_name"
    ).fetchall()
    if not tables:
        return []
    asked = " union all ".join(
        f"(select '{table}', as_of from marts.{table} where as_of is distinct from ? limit 1)"
        for (table,) in tables
    )
    return [
        Check(
            suite="DQ_STALE",
            table=table,
            subject=table,
            expectation="every_row_has_the_date_of_the_build",
            column="as_of",
            severity="critical",
            success=False,
            observed=None if found is None else str(found),
            reason=f"DQ_STALE: the mart was left behind; the build stands at {as_of}.",
        )
        for table, found in connection.execute(asked, [as_of] * len(tables)).fetchall()
    ]


def _record(connection: duckdb.DuckDBPyConnection, checks: list[Check]) -> None:
    """Replace the mart suites' part of ``dq_results``; dbt writes the part on loads."""
    connection.execute("delete from marts.dq_results where subject_type = 'mart'")
    (as_of,) = connection.execute("select as_of from raw.build").fetchone()
    connection.executemany(
        "insert into marts.dq_results (subject_type, subject, suite, expectation, column_name,"
        " severity, success, observed, reason, as_of) values ('mart', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                *(check.subject, check.suite, check.expectation, check.column),
                *(check.severity, check.success, check.observed, check.reason, as_of),
            ]
            for check in checks
        ],
    )


def _line(check: Check) -> str:
    seen = "no data" if check.observed is None else check.observed
    return f"{check.subject}: {check.column} is {seen} ({check.severity}): {check.reason}"
