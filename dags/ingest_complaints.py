"""Takes complaints and their steps (`complaints`, `complaint_events`) to the lake, once a night.

**Owner**: data engineering.

**When it fails**: run the night again once the cause is mended, nothing is loaded twice; see
[failed night](/regulars/runbooks/failed_night.md). A file that breaks its contract is rejected and
does not fail the run; see [rejected file](/regulars/runbooks/rejected_file.md).
"""

from airflow.sdk import DAG

from regulars.assets import LAKE_COMPLAINTS
from regulars.operators.ingest import ingest_feeds, ingest_options

with DAG(dag_id="ingest_complaints", doc_md=__doc__, **ingest_options()):
    ingest_feeds(["complaints", "complaint_events"], outlet=LAKE_COMPLAINTS)
