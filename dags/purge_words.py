"""Purges customers' words whose keeping period is over and whose purge was approved.

Started as it is, it only counts; with `go` it purges. The list is `rpt_verbatim_retention`, the
approval comes with `ref_retention`, what was done stands in `audit_purge`.

**Owner**: data engineering.

**When it fails**: start it again, it finishes what was cut off; see
[erasure](/regulars/runbooks/erasure.md).
"""

from airflow.sdk import DAG

from regulars.operators.people import people_options, purge_due_words, purge_params

with DAG(dag_id="purge_words", doc_md=__doc__, params=purge_params(), **people_options()):
    purge_due_words()
