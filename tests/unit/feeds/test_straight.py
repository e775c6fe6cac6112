"""Clean files take the short way, and what it lets pass is what the careful way would."""

from datetime import date

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.feeds.checks import checked_select, clean_select
from regulars.feeds.contract import Column, Contract
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.reader import Reader
from regulars.feeds.sql import delivered
from regulars.settings import load_settings

HEADER = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n"
NIGHT = "2014-12-31"
COLUMNS = (
    Column("whole", "int", False, "none"),
    Column("money", "decimal(18,2)", False, "none"),
    Column("share", "decimal(9,6)", False, "none"),
    Column("at", "timestamp", False, "none"),
)
TIME = r"20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|\+0[0-9]:?00)?"


def sales(store: str, rows: int, bad: int | None = None) -> str:
    lines = [
        f"r{n},1,{store},2014-12-31T10:00:00,p,1,1,{'x' if n == bad else '1.00'}\n"
        for n in range(rows)
    ]
    return HEADER + "".join(lines)


@pytest.fixture
def read_with_care(monkeypatch) -> list[str]:
    """The paths of the files that the careful reader was given."""
    paths = []
    read = Reader.read

    def spied(self, sources):
        paths.extend(source.delivered.path for source in sources)
        return read(self, sources)

    monkeypatch.setattr(Reader, "read", spied)
    return paths


def ingest() -> list[dict]:
    (batch,) = find_batches(["pos_sales"], None, date.fromisoformat(NIGHT))
    return load_batch(batch)


@pytest.mark.requirement("DQ-09")
def test_only_a_file_with_something_amiss_is_read_with_care(deliver, read_with_care):
    deliver("pos_sales", NIGHT, "a.csv.gz", sales("a", 40))
    deliver("pos_sales", NIGHT, "b.csv", sales("b", 40, bad=7))
    deliver("pos_sales", NIGHT, "c.csv", sales("c", 40).replace("p,1", '"p",1'))
    assert [line["rows_loaded"] for line in ingest()] == [40, 39, 40]
    assert read_with_care == ["pos_sales/2014-12-31/b.csv"]
    rows = f"read_parquet('{load_settings().lake}/pos_sales/*.parquet')"
    counted = f"select store_id, count(*) from {rows} group by all order by all"
    assert duckdb.sql(counted).fetchall() == [
        ("a", 40),
        ("b", 39),
        ("c", 40),
    ]


def test_the_bad_rows_of_one_among_many_small_files_are_found_where_they_stand(deliver):
    for store in range(120):
        rows, bad = (60, 30) if store == 7 else (2, None)
        deliver("pos_sales", NIGHT, f"s{store}.csv", sales(f"s{store}", rows, bad))
    ingest()
    lake = load_settings().lake
    found = duckdb.sql(
        f"select physical_line, row_key, raw_text from '{lake}/quarantine/pos_sales/*.parquet'"
    ).fetchall()
    assert found == [(32, "s7|r30|1", "r30,1,s7,2014-12-31T10:00:00,p,1,1,x")]
    order = duckdb.sql(
        f"select receipt_id from read_parquet('{lake}/pos_sales/*.parquet', file_row_number = true)"
        " where store_id = 's7' order by file_row_number"
    ).fetchall()
    assert order == [(f"r{n}",) for n in range(60) if n != 30]


def test_files_without_a_column_that_others_have_share_their_batch(deliver):
    deliver("pos_sales", NIGHT, "a.csv", sales("a", 3))
    more = HEADER.strip() + ",promo_code\nr1,1,b,2014-12-31T10:00:00,p,1,1,1.00,half\n"
    deliver("pos_sales", NIGHT, "b.csv", more)
    ingest()
    rows = duckdb.sql(f"from '{load_settings().lake}/pos_sales/*.parquet' order by store_id")
    promotions = [row[rows.columns.index("promo_code")] for row in rows.fetchall()]
    assert promotions == [None, None, None, "half"]
    assert "refund_of" not in rows.columns


NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.floats().map(repr),
    st.integers().map(str),
    st.from_regex(r"[ +-]?[0-9]{0,20}[.,_]?[0-9]{0,20}(e-?[0-9]{1,3})? ?", fullmatch=True),
)
TIMES = st.one_of(
    st.datetimes().map(str),
    st.from_regex(TIME, fullmatch=True),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(number=NUMBERS, time=TIMES)
@example(number="1.005", time="2014-12-31T10:00:00Z")
@example(number="1e2", time="2014-12-31")
@example(number="1.5000000000000002", time="2014-12-31 10:00")
@example(number="11258999068426.23", time="0000-01-01T00:00:00")
@example(number="9007199254740993", time="2014-02-30T10:00:00")
@example(number="999.9999995", time="infinity")
def test_what_the_short_way_lets_pass_the_careful_way_does_too(number, time):
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for column in COLUMNS:
            contract = Contract("sample", (column,), (), (), None)
            values = {"text": number if column.is_number else time}
            text = f"$text as {delivered(column.name)}"
            as_read = (
                text.replace("$text", "try_cast($text as double)") if column.is_number else text
            )
            source = f"(select {as_read}, 'x' as load_id, date '2014-12-31' as delivery_date)"
            passed = connection.execute(clean_select(contract, [column.name], source), values)
            *quickly, load_id = passed.fetchone()
            if load_id is None or quickly[0] is None:
                continue
            source = (
                f"(select {text}, 1 as _file_no, date '2014-12-31' as _delivery_date,"
                " 0 as _extra_lines, false as _is_broken)"
            )
            checked = checked_select(contract, {column.name: delivered(column.name)}, source)
            *carefully, problem = connection.execute(checked.sql, values).fetchone()
            assert problem is None, (column, values, checked.problems[problem])
            assert carefully[: len(quickly)] == quickly
