"""Compares the member records that are new or changed with all of them."""

import pyarrow as pa

from regulars.identity.pairs import PAIRS, Weight, likely_pairs


def model(dbt, session):
    """One row per likely pair of records, and one per record with itself: it has been compared."""
    dbt.config(materialized="incremental")
    records = dbt.ref("int_customers__records_compared")
    seen = (
        f"select record_key_a from {dbt.this} where record_key_a = record_key_b"
        if dbt.is_incremental
        else "select ''"
    )
    new = records.filter(f"record_key not in ({seen})").project("record_key").order("record_key")
    keys = new.to_arrow_table()["record_key"].combine_chunks()
    if not len(keys):
        return PAIRS.empty_table()
    rules = dbt.ref("int_customers__identity_rules_dated").fetchone()
    names = dbt.ref("int_customers__identity_rules_dated").columns
    rule = dict(zip(names, rules, strict=True))
    weights = {
        (comparison, level): Weight(*weight)
        for comparison, level, *weight in dbt.ref("int_customers__identity_weights_dated")
        .project("comparison, level, m_probability, u_probability, alike_min")
        .fetchall()
    }
    compared = records.project(f"*, record_key not in ({seen}) as is_new").to_arrow_table()
    pairs = likely_pairs(compared, weights, rule["prior"], rule["probability_min"])
    itself = pa.table([keys, keys, pa.repeat(1.0, len(keys))], schema=PAIRS)
    return pa.concat_tables([itself, pairs])
