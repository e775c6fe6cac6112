"""The comparison of two engines' marts sees every kind of difference and says where it is."""

import duckdb
import pyarrow as pa
import pytest
from engines import first_difference

ROWS = """
    select 'S1' as store_id, 1 as line_no, 1.50::decimal(18, 2) as net, 0.5::double as share
    union all select 'S1', 2, null, 1e6
    union all select 'S2', 1, 0.00, null
"""


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"create schema marts; create table marts.sales as {ROWS}")
    return connection


def other(change: str = "select * from rows") -> pa.Table:
    return duckdb.connect().execute(f"with rows as ({ROWS}) {change}").to_arrow_table()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("select * replace (case when line_no = 2 then 0 else net end::decimal(18, 2) as net)"
         " from rows", "store_id=S1, line_no=2: net is None on DuckDB and 0.00 on Spark"),
        ("select * replace (case when line_no = 2 then share + 1 else share end as share)"
         " from rows", "store_id=S1, line_no=2: share is 1000000.0 on DuckDB and"),
        ("select * replace (coalesce(share, 0) as share) from rows",
         "store_id=S2, line_no=1: share is None on DuckDB and 0.0 on Spark"),
        ("select * from rows where store_id = 'S1'", "store_id=S2, line_no=1: only on DuckDB"),
        ("select * from rows union all select 'S0', 1, 0.00, 0.0",
         "store_id=S0, line_no=1: only on Spark"),
        ("select * from rows union all select * from rows where store_id = 'S2'",
         "3 rows on DuckDB and 4 on Spark"),
        ("select * exclude (share) from rows", "columns"),
        ("select * replace (net::double as net) from rows", "types of [('net', 'DECIMAL(18,2)'"),
    ],
)  # fmt: skip
def test_the_first_difference_is_named(
    warehouse: duckdb.DuckDBPyConnection, change: str, told: str
) -> None:
    found = first_difference(warehouse, "sales", ["store_id", "line_no"], other(change))
    assert found is not None
    assert found.startswith("sales: ")
    assert told in found


def test_the_order_of_rows_and_the_last_digit_of_a_double_are_no_difference(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    change = "select * replace (share * (1 + 1e-15) as share) from rows order by net"
    assert first_difference(warehouse, "sales", ["store_id", "line_no"], other(change)) is None
