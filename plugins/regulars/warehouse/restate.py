"""Why a published figure is told differently now: the marts in steps, from then to now.

Each step builds, in a home of its own, what the figures are made of with one thing more changed:
the rules of today, the rows that came late, the corrected rows, and who is whom. What is left to
the figure of now came of days that were closed since.
"""

import logging
import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, load_contract
from regulars.feeds.sql import identifier, literal
from regulars.settings import Settings, environment_set, load_settings
from regulars.warehouse.connection import connect, exclusive
from regulars.warehouse.dbt import run_models
from regulars.warehouse.history import know
from regulars.warehouse.publish import current
from regulars.warehouse.said import FIGURES, SPLIT, STEPS, Edition, editions, write_whole
from regulars.warehouse.state import current_inputs, read_state
from regulars.warehouse.sync import committed_batches, sync

log = logging.getLogger(__name__)

FIGURES_MODEL = FIGURES.split(".")[1]
IDENTITY_MODEL = "int_customers__identities_resolved"
IDENTITIES = f"intermediate.{IDENTITY_MODEL}"
TABLES = ("config.materialized:table", "config.materialized:incremental")
# Of deliveries, not of rows: what is told of them comes with the late rows.
DELIVERIES = ("loads", "ledger", "load_checks", "quarantine")


def split_restatements(version: str | None = None) -> dict:
    """Split what ``version`` tells differently from the version before it, and keep the split.

    ``rpt_restatements`` shows it from the next build on.

    Args:
        version: a version with or without leading zeros; None means the current one.

    Returns:
        ``before`` and ``after``, versions, and ``restated``, how many figures differ.

    Raises:
        RegularsError: the version was never published, is the first one or was made by other rules
            than those of today; or a step could not be built.
    """
    settings = load_settings()
    told = editions(settings)
    after = told.get((version or current().name).zfill(6))
    if after is None:
        raise RegularsError(f"no version {version} was published; there are {', '.join(told)}")
    earlier = [one for one in told if one < after.version]
    if not earlier:
        raise RegularsError(f"version {after.version} is the first one: it restates nothing")
    before = told[max(earlier)]
    if not _is_of_todays_rules(settings, after):
        raise RegularsError(
            f"version {after.version} was made by other rules than those of today, which are the"
            " ones to build with: run the night again, then split the version it publishes"
        )
    restated = _restated(settings, before, after)
    if restated:
        home = settings.history / "restated"
        with exclusive(settings.history / ".lock", "split_restatements"):
            shutil.rmtree(home, ignore_errors=True)
            _keep_steps(settings, home, before, after)
            shutil.rmtree(home)
    return {"before": before.version, "after": after.version, "restated": restated}


def _is_of_todays_rules(settings: Settings, edition: Edition) -> bool:
    """Its code is that of today, or a build with that of today had nothing else to publish."""
    if edition.code == code_version():
        return True
    with connect(settings, read_only=True) as connection:
        state = read_state(connection)
    today = current_inputs(settings, committed_batches(settings.lake))
    return bool(state) and state.version == edition.version and state.inputs.code == today.code


def _restated(settings: Settings, before: Edition, after: Edition) -> int:
    with duckdb.connect() as connection:
        return connection.execute(
            "select count(*) from read_parquet(?) as before"
            " inner join read_parquet(?) as after using (figure, period_kind, period_start)"
            " where before.figure_value is distinct from after.figure_value",
            [str(settings.said / f"{one.version}.parquet") for one in (before, after)],
        ).fetchone()[0]


def _keep_steps(settings: Settings, home: Path, before: Edition, after: Edition) -> None:
    now = _known_apart(settings, home / "now", after)
    then = _known_apart(settings, home / "then", before)
    run_models(then, [f"+{FIGURES_MODEL}"])
    with closing(_open(then, now)) as connection:
        connection.execute(f"create table steps.identities as from {IDENTITIES}")
        _note(connection, "with_rules")
        late = _add_late_rows(connection)
    if late:
        _build_with_former_identities(then)
    with closing(_open(then, now)) as connection:
        _note(connection, "with_late_data")
        corrected = _correct_rows(connection)
    if corrected:
        _build_with_former_identities(then)
    with closing(_open(then, now)) as connection:
        _note(connection, "with_corrections")
    if late or corrected:
        run_models(then, _tables_up_to(FIGURES_MODEL))
    with closing(_open(then, now)) as connection:
        _note(connection, "with_identities")
        _keep_split(connection, settings, before, after)


def _keep_split(
    connection: duckdb.DuckDBPyConnection, settings: Settings, before: Edition, after: Edition
) -> None:
    path = settings.said / "splits" / f"{before.version}_{after.version}.parquet"
    path.parent.mkdir(exist_ok=True)
    values = {
        "version_before": literal(before.version),
        "version_after": literal(after.version),
        **{step: f"{step}.figure_value" for step in STEPS},
    }
    first, *others = (f"steps.{step} as {step}" for step in STEPS)
    joined = "".join(
        f" left join {step} using (figure, period_kind, period_start)" for step in others
    )
    columns = ", ".join(f"{values.get(name, name)} as {name}" for name in SPLIT)
    write_whole(connection, f"select {columns} from {first}{joined}", path)


def _known_apart(settings: Settings, home: Path, edition: Edition) -> Settings:
    """A home with the lake as it was known to ``edition``, and ``raw`` synced from it."""
    know(settings, home / "lake", edition.as_of, edition.known_at)
    with environment_set({"REGULARS_HOME": str(home)}):
        apart = load_settings()
    with connect(apart) as connection:
        sync(connection, apart, committed_batches(apart.lake), edition.code)
        connection.execute("create schema steps")
    return apart


def _open(then: Settings, now: Settings) -> duckdb.DuckDBPyConnection:
    connection = connect(then)
    connection.execute(f"attach {literal(str(now.warehouse))} as now (read_only)")
    return connection


def _tables_up_to(model: str) -> list[str]:
    """Views and seeds stay as the first step made them."""
    return [f"+{model},{kind}" for kind in TABLES]


def _build_with_former_identities(then: Settings) -> None:
    """Build a step with people as they were known then.

    A member who was not known then stands under the own number.
    """
    run_models(then, _tables_up_to(IDENTITY_MODEL))
    with connect(then) as connection:
        connection.execute(f"""
            create or replace table {IDENTITIES} as
            from steps.identities
            union all by name
            select * replace (
                case when identifier_kind = 'member' then identifier else customer_id end
                as customer_id
            )
            from {IDENTITIES} as resolved
            where
                resolved.valid_before is null
                and not exists (
                    select 1 from steps.identities as known
                    where
                        known.identifier_kind = resolved.identifier_kind
                        and known.identifier = resolved.identifier
                )
        """)
    run_models(then, _tables_up_to(FIGURES_MODEL), [f"+{IDENTITY_MODEL}"])


def _add_late_rows(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows of now whose key was not known then, and what is known of deliveries; how many rows."""
    added = 0
    for feed in FEEDS:
        same = " and ".join(
            f"known.{identifier(name)} is not distinct from later.{identifier(name)}"
            for name in load_contract(feed).key
        )
        (rows,) = connection.execute(
            f"insert into raw.{feed} by name select * from now.raw.{feed} as later"
            f" where not exists (select 1 from raw.{feed} as known where {same})"
        ).fetchone()
        added += rows
    for table in DELIVERIES:
        connection.execute(f"delete from raw.{table}")
        connection.execute(f"insert into raw.{table} by name from now.raw.{table}")
    return added


def _correct_rows(connection: duckdb.DuckDBPyConnection) -> int:
    """All other rows of now; how many there are more or fewer."""
    changed = 0
    for feed in FEEDS:
        rows = _count(
            connection,
            f"(select load_id, file_row from now.raw.{feed}"
            f" except select load_id, file_row from raw.{feed})"
            f" union all (select load_id, file_row from raw.{feed}"
            f" except select load_id, file_row from now.raw.{feed})",
        )
        if rows:
            connection.execute(f"delete from raw.{feed}")
            connection.execute(f"insert into raw.{feed} by name from now.raw.{feed}")
            changed += rows
    return changed


def _note(connection: duckdb.DuckDBPyConnection, step: str) -> None:
    connection.execute(
        f"create table steps.{step} as"
        f" select figure, period_kind, period_start, figure_value from {FIGURES}"
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(f"select count(*) from ({query})").fetchone()[0]
