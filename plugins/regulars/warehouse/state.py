"""What the warehouse was last built from, and how far that build came."""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version

import duckdb

from regulars.code_version import code_version
from regulars.settings import Settings
from regulars.warehouse.said import split_files
from regulars.warehouse.sync import Batch

BUILDING, BUILT, JUDGED, PUBLISHED = "building", "built", "judged", "published"

_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations")


@dataclass(frozen=True)
class Inputs:
    """Digests of all that a build depends on: the loads, and the code with its settings."""

    loads: str
    code: str


@dataclass(frozen=True)
class State:
    """The last build; ``verdict`` is pass, warn or fail once judged, ``version`` once published."""

    inputs: Inputs
    step: str
    verdict: str | None = None
    version: str | None = None


def current_inputs(settings: Settings, batches: list[Batch]) -> Inputs:
    """Digest the ledger, with what was found of it, and the code; files by name: none changes."""
    found = [f"{b.feed}/{b.batch_id}" for b in batches]
    found += [f"split/{path.stem}" for path in split_files(settings)]
    loads = hashlib.sha256("\n".join(found).encode())
    decides = [code_version(), settings.timezone, settings.currency]
    decides += [f"{engine}=={version(engine)}" for engine in _ENGINES]
    code = hashlib.sha256("\n".join(decides).encode())
    return Inputs(loads=loads.hexdigest(), code=code.hexdigest())


def read_state(connection: duckdb.DuckDBPyConnection) -> State | None:
    """The state of the warehouse, None if it was never built."""
    exists = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'ops' and table_name = 'state'"
        " and database_name = current_database()"
    ).fetchone()[0]
    row = connection.execute("from ops.state").fetchone() if exists else None
    if row is None:
        return None
    loads, code, step, verdict, published = row
    return State(Inputs(loads, code), step, verdict, published)


def write_state(connection: duckdb.DuckDBPyConnection, state: State) -> None:
    """Replace the state in one statement."""
    connection.execute("create schema if not exists ops")
    connection.execute(
        "create or replace table ops.state as"
        " select ?::varchar as loads, ?::varchar as code, ?::varchar as step,"
        " ?::varchar as verdict, ?::varchar as version",
        [state.inputs.loads, state.inputs.code, state.step, state.verdict, state.version],
    )
