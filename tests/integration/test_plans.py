"""No model compares every row of one table with every row of another where a key joins them.

DuckDB does so where a comparison within an outer join knows both tables on one side, as in
``coalesce(a.from_date < b.before_date, true)`` or in days between a date of each: what takes
milliseconds on the demo chain takes the square of a larger one. Ends of windows are columns.
"""

import json
import re
from collections.abc import Iterator

import duckdb

# Joins of which one side is short, however long the chain lives.
SHORT = {
    "stage4 = stage": "actions of the house for a stage",
    "region = city": "plans of a target area",
    "city = city": "candidates for a site",
    "store_id = store_id), true": "resources of a plan",
    "measured_value IS NOT NULL": "quoted figures of the industry",
    "x = y": "measures of a survey",
    "bare_code = question_code": "questions of a survey",
    "topic = topic": "facts about the market",
    "source_name = source_name": "facts about the market",
    "period = wave_id": "waves of surveys",
    "mart = mart": "sheets of the workbook",
}


def test_no_keyed_join_compares_all_with_all(dbt_runs, warehouse):
    found = set()
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set explain_output = 'physical_only'")
        for run in dbt_runs:
            if run.resource_type == "model" and "def model(" not in run.compiled_sql:
                explained = f"explain (format json) {run.compiled_sql}"
                ((_, plan),) = connection.execute(explained).fetchall()
                found |= {(run.name, condition) for condition in keyed_loops(json.loads(plan))}
    assert [one for one in sorted(found) if not any(known in one[1] for known in SHORT)] == []


def keyed_loops(steps: list[dict]) -> Iterator[str]:
    """Conditions of joins that loop over all pairs of rows, though a column equals a column."""
    for step in steps:
        condition = str(step["extra_info"].get("Condition", ""))
        if step["name"] == "BLOCKWISE_NL_JOIN" and re.search(r"\(\w+ = [a-z]\w*\)", condition):
            yield condition
        yield from keyed_loops(step["children"])
