"""Tasks that take a delivery from the landing folder to the lake."""

import logging
from collections.abc import Sequence
from itertools import chain

from airflow.sdk import Asset, Param, TriggerRule, task

from regulars.operators.delivery import NOTABLE, closed_range, report, sentences
from regulars.operators.notify import notify_failure
from regulars.operators.run import TASK_DEFAULTS, closing_date, fail_without_retry
from regulars.settings import load_settings
from regulars.timetables import nightly

log = logging.getLogger(__name__)


def ingest_options() -> dict:
    """Arguments that the ingest DAGs have in common."""
    return {
        "schedule": nightly(load_settings()),
        "catchup": False,
        # Two runs of one feed would both load the files that neither has finished.
        "max_active_runs": 1,
        "default_args": TASK_DEFAULTS,
        "on_failure_callback": notify_failure,
        "params": {
            "date_from": Param(
                None,
                type=["null", "string"],
                format="date",
                description="Take only deliveries from this date to the key; empty: all new files.",
            ),
            "replay": Param(
                False,
                type="boolean",
                description="Take files that were rejected or left rows in quarantine, once more.",
            ),
        },
        "tags": ["ingest"],
    }


def ingest_feeds(feeds: Sequence[str], outlet: Asset) -> None:
    """Wire ``find_batches`` → ``load_batches`` (a task per pack) → ``close_delivery``.

    A run keyed D takes every file of the folders up to D that was not loaded yet, so late files
    are never missed; with ``date_from``, and as a run of an Airflow backfill, only its own range.
    ``close_delivery`` emits one event of ``outlet`` with the run's report, also for no files.
    """

    @task
    @fail_without_retry
    def find_batches(partition_key=None, params=None, dag_run=None) -> list[list[dict]]:
        from regulars.feeds.ingest import find_batches, pack

        last = closing_date(partition_key)
        first = None
        if params["date_from"]:
            first, last = closed_range(params["date_from"], partition_key, load_settings())
        if dag_run.run_type == "backfill":
            # Its runs go side by side: each to its own day, or they would load each other's files.
            first = last
        batches = find_batches(feeds, first, last, replay=params["replay"])
        log.info("%d batches to load for delivery dates %s to %s", len(batches), first or "…", last)
        return pack(batches)

    @task
    @fail_without_retry
    def load_batches(batches: list[dict]) -> list[dict]:
        from regulars.feeds.ingest import load_batch

        return [load for batch in batches for load in load_batch(batch)]

    # No batches means that load_batches is skipped, and the delivery is closed all the same.
    @task(multiple_outputs=False, outlets=[outlet], trigger_rule=TriggerRule.NONE_FAILED)
    @fail_without_retry
    def close_delivery(loads, partition_key=None, outlet_events=None) -> dict:
        from regulars.feeds.landed import settle_landed

        settle_landed(feeds)
        summary = report(partition_key, feeds, chain.from_iterable(loads or []))
        for line in sentences(summary):
            log.log(logging.WARNING if line.startswith(NOTABLE) else logging.INFO, line)
        outlet_events[outlet].extra = summary
        return summary

    close_delivery(load_batches.expand(batches=find_batches()))
