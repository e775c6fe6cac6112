"""Suites: reading, measuring, judging."""

import time

import duckdb
import pandas as pd
import pytest

from regulars.errors import RegularsError
from regulars.quality.suite import SUITES, judge, load_suite

SUITE = """\
suite: tills
subjects:
  - table: sales
    by: file_path
    measures:
      rows: count(*)
      refund_share: avg(case when net_amount < 0 then 1.0 else 0 end)
      late_days: max(case when net_amount > 100 then 1 end)
    expectations:
      - type: expect_column_values_to_be_between
        kwargs: {column: refund_share, max_value: 0.3}
        severity: warning
        since: 2026-11-22
        reason: A till that refunds more than it sells is miskeyed or abused.
      - type: expect_column_values_to_be_between
        kwargs: {column: late_days, max_value: 0}
        severity: critical
        since: 2026-11-22
        reason: Nothing here is late.
  - table: totals
    measures:
      rows: count(*)
      net: sum(net_amount)
    expectations:
      - type: expect_column_max_to_be_between
        kwargs: {column: rows, min_value: 1}
        severity: critical
        since: 2026-11-22
        reason: A day without sales is a day not delivered.
      - type: expect_column_pair_values_to_be_equal
        kwargs: {column_A: rows, column_B: net}
        severity: warning
        since: 2026-11-22
        reason: In this test every line costs one.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tills.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def suite(folder):
    return load_suite("tills", folder)


def rewrite(folder, old, new):
    path = folder / "tills.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def measure(suite, table, rows, relation=None):
    with duckdb.connect() as connection:
        connection.execute("create table t (file_path varchar, net_amount decimal(18,2))")
        if rows:
            connection.executemany("insert into t values (?, ?)", rows)
        return connection.execute(suite.profile_sql(table, relation or "t")).df()


def test_each_file_gets_its_own_verdict(suite):
    rows = [("s02.csv", 10), ("s01.csv", 5), ("s01.csv", -5), ("s02.csv", 1)]
    checks = judge(suite, "sales", measure(suite, "sales", rows))
    share = [c for c in checks if c.column == "refund_share"]
    assert [(c.subject, c.success, c.observed) for c in share] == [
        ("s01.csv", False, "0.5"),
        ("s02.csv", True, "0"),
    ]
    assert {(c.suite, c.table, c.severity) for c in share} == {("tills", "sales", "warning")}
    assert share[0].expectation == "expect_column_values_to_be_between"
    assert share[0].reason.startswith("A till that refunds")


def test_a_null_measure_is_no_data_and_breaks_no_bound(suite):
    checks = judge(suite, "sales", measure(suite, "sales", [("s01.csv", 5)]))
    late = [c for c in checks if c.column == "late_days"]
    assert [(c.success, c.observed) for c in late] == [(True, None)]


def test_a_table_is_judged_as_a_whole(suite):
    checks = judge(suite, "totals", measure(suite, "totals", [("x", 1), ("x", 2)]))
    assert [(c.subject, c.column, c.success, c.observed) for c in checks] == [
        ("totals", "rows", True, "2"),
        ("totals", "rows, net", False, "rows=2, net=3"),
    ]


def test_an_empty_table_is_measured_and_fails_its_bound(suite):
    checks = judge(suite, "totals", measure(suite, "totals", []))
    assert [c.success for c in checks if c.column == "rows"] == [False]


def test_a_profile_without_rows_is_a_critical_failure(suite):
    (check,) = judge(suite, "sales", measure(suite, "sales", []))
    assert (check.success, check.severity, check.subject) == (False, "critical", "sales")


def test_what_cannot_be_evaluated_fails_and_stays_in_its_place(suite):
    profile = pd.DataFrame({"file_path": ["s01.csv"], "refund_share": [0.1]})
    checks = judge(suite, "sales", profile)
    assert [(c.column, c.success) for c in checks] == [("refund_share", True), ("late_days", False)]
    assert "could not be judged" in checks[1].reason


def test_profile_reads_the_table_unless_told_another_relation(suite):
    assert suite.profile_sql("totals").endswith(" from totals")
    assert " from batch group by file_path" in suite.profile_sql("sales", "batch")


def test_judging_four_hundred_files_takes_no_time(suite):
    rows = [(f"s{i:03}.csv", 1) for i in range(400)]
    profile = measure(suite, "sales", rows)
    start = time.perf_counter()
    assert len(judge(suite, "sales", profile)) == 800
    assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: warning", "severity: fatal", r"expectations\[0\]\.severity"),
        ("        severity: warning\n", "", r"expectations\[0\]\.severity: Field required"),
        ("        since: 2026-11-22\n", "", r"expectations\[0\]\.since: Field required"),
        ("        reason: Nothing here is late.\n", "", r"expectations\[1\]\.reason: Field"),
        ("    by: file_path", "    buy: file_path", r"subjects\[0\]\.buy: Extra inputs"),
        ("suite: tills", "suite: till", "file name says 'tills'"),
        ("_to_be_between", "_to_be_betwen", "did you mean expect_column_values_to_be_between"),
        ("column: refund_share", "column: refund_shard", "did you mean refund_share"),
        ("max_value: 0.3", "maximum: 0.3", r"expectations\[0\]\.kwargs"),
        ("max_value: 0.3", "max_value: 0.3, mostly: 0.9", "verdict per row"),
        ("values_to_be_between", "mean_to_be_between", "verdict per row"),
        ("table: totals", "table: sales", "a table appears twice"),
        ("rows: count(*)", "rows: 1", r"subjects\[0\]\.measures\.rows"),
        ("suite: tills", "suite: [", "not YAML"),
    ],
)
def test_a_wrong_suite_is_refused_with_its_place(folder, old, new, message):
    rewrite(folder, old, new)
    with pytest.raises(RegularsError, match=r"suite tills\.yaml") as raised:
        load_suite("tills", folder)
    raised.match(message)


def test_a_missing_suite_names_the_nearest(folder):
    with pytest.raises(RegularsError, match="did you mean tills"):
        load_suite("till", folder)


def test_an_unknown_table_is_named(suite):
    with pytest.raises(RegularsError, match="no table 'returns'; it has sales, totals"):
        suite.profile_sql("returns")


@pytest.mark.parametrize("name", sorted(p.stem for p in SUITES.glob("*.yaml")))
def test_every_shipped_suite_can_be_read(name):
    assert load_suite(name).subjects
