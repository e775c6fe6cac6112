"""What a night that is sent without dbt tells of its tests."""

import duckdb
import pytest

from regulars.warehouse.statements import _run_node


@pytest.mark.parametrize(
    ("failures", "severity", "told"),
    [
        (0, "warn", ("pass", 0, None)),
        (1, "warn", ("warn", 1, "Got 1 result, configured to warn if != 0")),
        (3, "WARN", ("warn", 3, "Got 3 results, configured to warn if != 0")),
        (3, "ERROR", ("warn", 3, "Got 3 results, configured to warn if != 0")),
        (6, "error", ("fail", 6, "Got 6 results, configured to fail if >5")),
    ],
)
def test_a_test_tells_of_tonight(failures, severity, told):
    node = {
        "resource_type": "test",
        "config": {"severity": severity, "warn_if": "!= 0", "error_if": ">5"},
    }
    text = f"select {failures} as failures, {failures} != 0 as warns, {failures} > 5 as fails"
    with duckdb.connect() as cursor:
        found = _run_node(cursor, node, [{"text": text, "answer": None}])
    assert (found["status"], found["failures"], found["message"]) == told
