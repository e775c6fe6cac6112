"""Forms groups of the linked member records."""

import pyarrow as pa

from regulars.identity.groups import Apart, Limits, Link, Record, form_groups

COLUMNS = pa.schema(
    [
        ("member_id", pa.string()),
        ("customer_id", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_before", pa.date32()),
        ("rule", pa.string()),
        ("probability", pa.float64()),
        ("linked_id", pa.string()),
    ]
)


def model(dbt, session):
    """One row per linked record and period; none where nothing is linked."""
    dbt.config(materialized="table")
    records = dbt.ref("int_customers__records_linked").fetchall()
    rows = dbt.ref("int_customers__links_found").fetchall()
    rules = dbt.ref("int_customers__identity_rules_dated")
    limits = rules.project("name_alike_min, birth_parts_min, group_max").fetchone()
    periods = form_groups(
        [Record(*record) for record in records],
        [Link(*row) for row in rows if row[2] != "keep apart"],
        [Apart(row[0], row[1], row[5], row[6]) for row in rows if row[2] == "keep apart"],
        Limits(*limits),
    )
    columns = list(zip(*periods, strict=True)) or [[] for _ in COLUMNS]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, COLUMNS, strict=True)], COLUMNS)
