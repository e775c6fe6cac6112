"""Tasks that take the lake to a published version."""

import logging

from airflow.sdk import Param, TaskGroup, get_current_context, task

from regulars.assets import MARTS_CURRENT
from regulars.operators.delivery import stood_at
from regulars.operators.notify import notify_copy_failure, notify_failure, notify_new_alerts
from regulars.operators.run import TASK_DEFAULTS, closing_date, fail_without_retry
from regulars.operators.verdict_link import DashboardsLink, VerdictLink, VersionLink

log = logging.getLogger(__name__)

# One slot: only one process may write the warehouse file. Made when Airflow is started.
WAREHOUSE_POOL = "warehouse"
GATE = "What fails a critical check is not published: readers keep the version they have."


def build_options() -> dict:
    """Arguments of the DAG that builds."""
    return {
        "catchup": False,
        "max_active_runs": 1,
        "default_args": TASK_DEFAULTS | {"pool": WAREHOUSE_POOL},
        "on_failure_callback": notify_failure,
        "params": {
            "full_refresh": Param(
                False, type="boolean", description="Rebuild every table from the lake."
            ),
            "as_of": Param(
                None,
                type=["null", "string"],
                format="date",
                description="Build the marts as they stood on this date, apart; current stays.",
            ),
            "known_at": Param(
                None,
                type=["null", "string"],
                description="With as_of: leave out what was loaded after this moment,"
                " UTC unless it names a zone, as in a version.json.",
            ),
        },
        "tags": ["build"],
    }


def build_and_publish() -> None:
    """Wire ``build_warehouse`` → ``judge_marts`` → ``publish_version`` → ``notify_alerts``.

    The two in the middle are the group ``quality_gate``.

    The build takes all that the lake holds, whatever the key; when the published version already
    has it all, the others are skipped. So they are when the marts of an earlier ``as_of`` were
    built, judged and published apart; XCom ``stood`` of ``build_warehouse`` says where. A failure
    leaves the published version in place. ``judge_marts`` links to the verdict page of its run,
    which it writes whatever the verdict is, ``publish_version`` to what the version says of itself
    and to its dashboards.
    """

    @task.short_circuit(multiple_outputs=False)
    @fail_without_retry
    def build_warehouse(partition_key=None, params=None, ti=None) -> dict | None:
        from regulars.warehouse.build import build_warehouse

        night = closing_date(partition_key)
        stood = stood_at(params["as_of"], params["known_at"])
        if stood:
            from regulars.warehouse.history import build_history

            version = build_history(*stood)
            log.info("the marts as they stood are in %(path)s; current stays as it is", version)
            ti.xcom_push("stood", version)
            return None
        built = build_warehouse(params["full_refresh"], _lineage_parent(ti))
        if not built["changed"]:
            log.info("nothing new for %s: the published version already has it all", night)
            return None
        log.info("built as of %(as_of)s: %(models)s models, %(tests)s tests", built)
        return built

    @task(multiple_outputs=False)
    @fail_without_retry
    def judge_marts(run_id=None) -> dict:
        from regulars.warehouse.quality import judge_marts

        try:
            return judge_marts()
        finally:
            _write_page(run_id)

    @task(multiple_outputs=False, outlets=[MARTS_CURRENT])
    @fail_without_retry
    def publish_version(outlet_events=None) -> dict:
        from regulars.warehouse.publish import publish_version

        version = publish_version()
        log.info("version %(version)s at %(path)s", version)
        if "copy_error" in version:
            notify_copy_failure(version["version"], get_current_context())
        outlet_events[MARTS_CURRENT].extra = version
        return version

    @task
    def notify_alerts() -> int:
        return notify_new_alerts(get_current_context())

    # Tasks keep their names outside of the group: commands and logs name them so.
    with TaskGroup("quality_gate", prefix_group_id=False, tooltip=GATE) as gate:
        judged = judge_marts()
        judged.operator.operator_extra_links = (VerdictLink(),)
        published = publish_version()
        published.operator.operator_extra_links = (VersionLink(), DashboardsLink())
        judged >> published
    build_warehouse() >> gate >> notify_alerts()


def _lineage_parent(ti: object) -> str | None:
    """The task in lineage; a night is not lost because its lineage cannot be told."""
    from airflow.providers.openlineage.plugins.macros import lineage_parent_id

    try:
        return lineage_parent_id(ti)
    except Exception as error:
        log.warning("the build's lineage will not name its task: %r", error)
        return None


def _write_page(run_id: str) -> None:
    """The page tells what was found; a night does not fail because it could not be written."""
    from regulars.pages.verdict import write_verdict_page

    try:
        log.info("verdict page: %s", write_verdict_page(run_id))
    except Exception:
        log.exception("the verdict page was not written")
