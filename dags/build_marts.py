"""Builds the marts from the lake, judges them and publishes a new version for readers.

Starts when all four ingest DAGs have closed the same delivery date; by hand, with a key, it does
the same, and `full_refresh` rebuilds every table. The buttons of `publish_version` lead to
what the version that the run published says of itself, and to its dashboards.

With `as_of`, and `known_at` if wanted, a run builds the marts as they stood, as `make as-of` does:
into a version of its own below `<home>/history`, which the log of `build_warehouse` names. It
publishes nothing, and `current` never moves.

**Owner**: data engineering.

**When it fails**: readers keep the version they have. `build_warehouse` names the dbt model or
test, `judge_marts` the expectation that failed, its button Verdict shows all that was found; see
[failed night](/regulars/runbooks/failed_night.md). Whom the run tells of alerts:
[notifier](/regulars/runbooks/notifier.md).
"""

from airflow.sdk import DAG, PartitionedAssetTimetable

from regulars.assets import LAKE
from regulars.operators.build import build_and_publish, build_options

with DAG(
    dag_id="build_marts",
    schedule=PartitionedAssetTimetable(assets=LAKE),
    doc_md=__doc__,
    **build_options(),
):
    build_and_publish()
