"""Tasks that keep faith with people: erasures that were asked for, words past their time."""

import logging

from airflow.sdk import Param, task

from regulars.errors import RegularsError
from regulars.operators.build import WAREHOUSE_POOL
from regulars.operators.notify import notify_failure
from regulars.operators.run import TASK_DEFAULTS, fail_without_retry

log = logging.getLogger(__name__)


def people_options() -> dict:
    """Arguments that these DAGs have in common: started by hand or over REST, one at a time."""
    return {
        "schedule": None,
        "catchup": False,
        "max_active_runs": 1,
        "default_args": TASK_DEFAULTS | {"pool": WAREHOUSE_POOL},
        "on_failure_callback": notify_failure,
        "tags": ["people"],
    }


def purge_params() -> dict[str, Param]:
    """Parameters of the purge."""
    return {
        "go": Param(
            False,
            type="boolean",
            description="Purge what is due and approved; off, the run only counts it.",
        )
    }


def erase_requested() -> None:
    """Wire ``answer_requests`` → ``compact_vault``.

    Requests wait sealed in the home; no parameter, log line or XCom says whom they name.
    """

    @task(multiple_outputs=False)
    @fail_without_retry
    def answer_requests() -> dict:
        from regulars.privacy.requests import answer_requests
        from regulars.settings import load_settings
        from regulars.warehouse.rebuild import rebuild_from_lake

        answered = answer_requests(load_settings(), rebuild_from_lake)
        if answered["unproved"]:
            raise RegularsError(
                f"certificates {answered['unproved']} in <home>/erasures name files that still hold"
                " the person: clean or remove those; they are not Regulars' to rewrite"
            )
        return answered

    @task
    @fail_without_retry
    def compact_vault() -> int:
        from regulars.privacy.keys import load_keys
        from regulars.privacy.vault import Vault
        from regulars.settings import load_settings

        settings = load_settings()
        return Vault(settings, load_keys(settings)).compact()

    answer_requests() >> compact_vault()


def purge_due_words() -> None:
    """Wire ``purge_words``: a dry run counts, with ``go`` it purges what is approved."""

    @task(multiple_outputs=False)
    @fail_without_retry
    def purge_words(params=None) -> dict:
        from regulars.privacy.retention import due, purge
        from regulars.settings import load_settings
        from regulars.warehouse.rebuild import rebuild_from_lake

        settings = load_settings()
        texts = due(settings)
        counts = {
            "texts_due": len(texts),
            "texts_approved": sum(text.approved_by is not None for text in texts),
        }
        log.info("%(texts_due)s texts are due, %(texts_approved)s approved", counts)
        if not params["go"]:
            return counts
        entry = purge(settings, rebuild_from_lake)
        if entry is None:
            return counts
        if not entry["is_complete"]:
            raise RegularsError(f"the log of purge {entry['purge']} names what still holds words")
        return counts | {"purge": entry["purge"]}

    purge_words()
