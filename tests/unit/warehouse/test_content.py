"""Equal contents, equal hashes."""

import duckdb
import pytest

from regulars.warehouse.content import content_hash, table_hash


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def digest(connection, sql):
    connection.execute(f"create or replace table t as {sql}")
    return table_hash(connection, "main.t")


ROWS = "select * from (values (1, 'a', 0.10::decimal(18,2)), (2, null, 0.20)) as t(i, s, d)"


def test_order_time_and_code_do_not_count(connection):
    plain = digest(connection, ROWS)
    assert plain[0] == 2
    assert digest(connection, f"{ROWS} order by i desc") == plain
    seen = digest(
        connection, f"select *, now() as loaded_at, i as seconds, s as code_version from ({ROWS})"
    )
    assert seen == plain


def test_nought_has_no_sign(connection):
    assert digest(connection, "select '-0'::double as a") == digest(
        connection, "select 0::double as a"
    )
    assert digest(connection, "select -0.1::double as a") != digest(
        connection, "select 0.1::double as a"
    )


@pytest.mark.parametrize(
    "other",
    [
        f"{ROWS} union all {ROWS}",
        f"{ROWS} limit 1",
        ROWS.replace("null", "''"),
        ROWS.replace("null", "'null'"),
        ROWS.replace("0.20", "0.21"),
        ROWS.replace("t(i,", "t(j,"),
        ROWS.replace("(18,2)", "(18,3)"),
    ],
)
def test_everything_else_counts(connection, other):
    assert digest(connection, other) != digest(connection, ROWS)


def test_a_row_in_place_of_two_equal_ones_counts(connection):
    assert digest(connection, "select 1 as a union all select 1") != digest(
        connection, "select 1 as a"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("'a,b', 'c'", "'a', 'b,c'"), ("null, 'a'", "'a', null"), ("'\",\"', ''", "'', '\",\"'")],
)
def test_values_do_not_run_into_each_other(connection, one, other):
    assert digest(connection, f"select v.* from (values ({one})) as v(x, y)") != digest(
        connection, f"select v.* from (values ({other})) as v(x, y)"
    )


def test_an_empty_table_has_a_hash(connection):
    assert digest(connection, f"{ROWS} limit 0")[0] == 0


def test_the_content_hash_covers_names_and_hashes():
    one = content_hash({"a": "1", "b": "2"})
    assert content_hash({"b": "2", "a": "1"}) == one
    assert content_hash({"a": "2", "b": "1"}) != one
    assert content_hash({"a": "1"}) != one


def test_how_it_was_built_is_not_what_was_built():
    one = content_hash({"a": "1", "audit_models": "a night"})
    assert content_hash({"a": "1", "audit_models": "from scratch"}) == one
