"""Lineage of a build as OpenLineage events: which tables each model read and wrote."""

import gzip
import logging
from datetime import datetime
from pathlib import Path

from regulars.settings import Settings, environment_set
from regulars.warehouse.dbt import PROJECT, environment, target_folder

log = logging.getLogger(__name__)

NAMESPACE = "regulars"
PRODUCER = "https://github.com/OpenLineage/OpenLineage/tree/main/integration/dbt"
# Of Airflow, appended by its processes; see regulars.scheduler.server.
AIRFLOW_EVENTS = "airflow.jsonl"
BUILDS_KEPT = 30
# Two files of Airflow's events at most.
MOST_BYTES = 50_000_000


def write_lineage(settings: Settings, since: datetime, parent: str | None = None) -> Path | None:
    """Write the events of the dbt build that ended just now, a line each, compressed.

    An event a model, when it ended (COMPLETE or FAIL), with the tables it read and the one it
    wrote: columns, their lineage, owner, exposures, SQL. The oldest files go. Never raises: a night
    is not lost because its lineage could not be told.

    Args:
        settings: of the home.
        since: when dbt was started (UTC); what it left before is not told again.
        parent: ``<namespace>/<job>/<run id>`` of the task that ran it.

    Returns:
        The file, or None if there is nothing to tell or ``lineage`` is off.
    """
    if not settings.lineage:
        return None
    try:
        results = target_folder(settings) / "run_results.json"
        if not results.exists() or results.stat().st_mtime < since.timestamp():
            return None
        lines = _events(settings, parent)
        path = settings.lineage_folder / f"dbt-{since:%Y%m%dT%H%M%S}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        with gzip.open(aside, "wt", encoding="utf-8", compresslevel=1) as file:
            file.writelines(f"{line}\n" for line in lines)
        aside.replace(path)
        _drop_old(settings)
    except Exception:
        log.exception("the lineage of the build was not written")
        return None
    log.info("%d lineage events in %s", len(lines), path)
    return path


def _events(settings: Settings, parent: str | None) -> list[str]:
    from openlineage.client.serde import Serde
    from openlineage.common.provider.dbt.facets import ParentRunMetadata
    from openlineage.common.provider.dbt.local import DbtLocalArtifactProcessor
    from openlineage.common.provider.dbt.processor import DbtEvents

    class Models(DbtLocalArtifactProcessor):
        """Models alone: what tests found is dq_results and audit_models."""

        def parse_test(self, context: object, nodes: dict) -> DbtEvents:
            return DbtEvents()

    processor = Models(
        producer=PRODUCER,
        job_namespace=NAMESPACE,
        project_dir=str(PROJECT),
        target_path=str(target_folder(settings)),
        logger=log,
    )
    if parent:
        namespace, job, run = parent.split("/")
        processor.dbt_run_metadata = ParentRunMetadata(run, job, namespace)
    with environment_set(environment(settings)):
        found = processor.parse()
    return [Serde.to_json(event) for event in found.completes + found.fails]


def _drop_old(settings: Settings) -> None:
    for path in sorted(settings.lineage_folder.glob("dbt-*.jsonl.gz"))[:-BUILDS_KEPT]:
        path.unlink()
    airflow = settings.lineage_folder / AIRFLOW_EVENTS
    if airflow.exists() and airflow.stat().st_size > MOST_BYTES:
        # Every event opens the file anew.
        airflow.replace(airflow.with_suffix(".old.jsonl"))
