"""Erases the people whose requests wait in the home, each with a certificate, and tidies the vault.

Leave a request with `make request-erasure SUBJECT=…`; it is sealed, and nothing in this DAG tells
whom it names. Every erasure ends with a build from the lake and a search that proves it.

**Owner**: data engineering.

**When it fails**: start it again, a request goes only once its certificate stands; see
[erasure](/regulars/runbooks/erasure.md).
"""

from airflow.sdk import DAG

from regulars.operators.people import erase_requested, people_options

with DAG(dag_id="erase_person", doc_md=__doc__, **people_options()):
    erase_requested()
