"""Takes sales from the landing folder `pos_sales` to the lake, once a night.

**Owner**: data engineering.

**When it fails**: `find_batches` fails when the run has no key or the landing folder cannot be
read; `load_batches` when the machine gave out (disk, memory), for a bad file is rejected, not an
error. Mend the cause and run the night again: what was loaded stays and is not loaded twice.
See [failed night](/regulars/runbooks/failed_night.md), and for a rejected file
[rejected file](/regulars/runbooks/rejected_file.md).
"""

from airflow.sdk import DAG

from regulars.assets import LAKE_POS_SALES
from regulars.operators.ingest import ingest_feeds, ingest_options

with DAG(dag_id="ingest_pos", doc_md=__doc__, **ingest_options()):
    ingest_feeds(["pos_sales"], outlet=LAKE_POS_SALES)
