"""Build the warehouse from the lake, if there is anything new."""

import logging
import time
from datetime import UTC, datetime

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.settings import load_settings
from regulars.store import pull
from regulars.warehouse.connection import build_lock, connect
from regulars.warehouse.dbt import record, run_dbt
from regulars.warehouse.lineage import write_lineage
from regulars.warehouse.state import (
    BUILDING,
    BUILT,
    PUBLISHED,
    State,
    current_inputs,
    read_state,
    write_state,
)
from regulars.warehouse.sync import committed_batches, is_remembered, remember, sync

log = logging.getLogger(__name__)


def build_warehouse(full_refresh: bool = False, parent: str | None = None) -> dict:
    """Sync ``raw`` with the ledger and run one ``dbt build``.

    Does nothing when ledger, code and settings are those of the version published last, also after
    a rollback: what was rolled back comes again only with something new. After a build that did
    not end, with code that changed, or where rows that a build has seen were replaced, everything
    is built from scratch; otherwise views and seeds, which are code, stay, and so do the rows of
    incremental models that nothing new touches.

    Args:
        full_refresh: build everything from scratch.
        parent: the OpenLineage run that this build is a part of.

    Returns:
        ``as_of`` (YYYY-MM-DD), ``changed``, ``models`` and ``tests`` run, ``seconds``.

    Raises:
        RegularsError: nothing was loaded yet, or the sync or a dbt node failed.
    """
    settings = load_settings()
    started = time.monotonic()
    pull(settings)
    with build_lock(settings, "build_warehouse"):
        batches = committed_batches(settings.lake)
        inputs = current_inputs(settings, batches)
        with connect(settings) as connection:
            before = read_state(connection)
            nothing_new = (
                before is not None
                and before.step == PUBLISHED
                and before.inputs == inputs
                and (settings.published / "current").exists()
            )
            changed = full_refresh or not nothing_new
            if changed:
                sync(connection, settings, batches, code_version())
            (as_of,) = connection.execute("select as_of from raw.build").fetchone()
            if as_of is None:
                raise RegularsError(
                    f"no file has been loaded into {settings.lake} yet, so there is nothing to"
                    f" build: deliver files to {settings.landing} and run the ingest first"
                )
            from_scratch = (
                full_refresh
                or before is None
                or before.step == BUILDING
                or before.inputs.code != inputs.code
                or not is_remembered(connection)
            )
            if changed:
                write_state(connection, State(inputs, BUILDING))
        runs = []
        if changed:
            log.info("building as of %s%s", as_of, " from scratch" if from_scratch else "")
            since = datetime.now(UTC)
            try:
                runs = run_dbt(settings, full_refresh=from_scratch)
            finally:
                write_lineage(settings, since, parent)
            with connect(settings) as connection:
                record(connection, runs)
                remember(connection)
                write_state(connection, State(inputs, BUILT))
    return {
        "as_of": as_of.isoformat(),
        "changed": changed,
        "models": sum(run.resource_type == "model" for run in runs),
        "tests": sum(run.resource_type in ("test", "unit_test") for run in runs),
        "seconds": round(time.monotonic() - started, 1),
    }
