"""The raw schema follows the ledger."""

import subprocess
import sys
import textwrap
from datetime import datetime
from decimal import Decimal

import pytest

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, load_contract
from regulars.privacy.classes import protected_columns
from regulars.warehouse import sync as module
from regulars.warehouse.connection import connect
from regulars.warehouse.sync import (
    GONE_BY,
    ROW_COLUMNS,
    committed_batches,
    is_remembered,
    remember,
    sync,
)


def store(store_id, name="Shop", **more):
    return {"store_id": store_id, "name": name, "timezone": "Asia/Shanghai"} | more


def file(load_id, *rows, day="2014-12-30", name="stores.csv", **more):
    return {"load_id": load_id, "file_path": f"stores/{day}/{name}", "rows": rows} | more


def run(settings, batches=None):
    with connect(settings) as connection:
        found = committed_batches(settings.lake) if batches is None else batches
        return sync(connection, settings, found, "0.1.0")


def query(settings, sql):
    with connect(settings, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def contents(settings):
    """All of raw but the code and the clock, as sorted rows per table."""
    return {
        table: sorted(map(repr, query(settings, f"from raw.{table}")))
        for table in (*FEEDS, "loads", "load_checks", "quarantine", "build", "rows")
    }


def test_feeds_never_delivered_are_empty_tables_with_declared_columns(settings):
    assert run(settings) == 0
    for feed in FEEDS:
        columns = query(
            settings,
            "select column_name, data_type from duckdb_columns() where schema_name = 'raw'"
            f" and table_name = '{feed}' order by column_index",
        )
        assert columns == [*protected_columns(load_contract(feed)), *ROW_COLUMNS.items()]
        assert query(settings, f"select count(*) from raw.{feed}") == [(0,)]
    assert query(settings, "select as_of, chain_timezone from raw.build") == [
        (None, "Asia/Shanghai")
    ]


def test_rows_loads_checks_and_quarantine_arrive(settings, lake):
    bad = {"file_row": 2, "physical_line": 3, "raw_text": "x,,", "rule": "required"}
    lake.commit("stores", "b1", file("f1", store("s01"), quarantine=[bad]))
    assert run(settings) == 1
    assert query(settings, "select store_id, load_id, file_row from raw.stores") == [
        ("s01", "f1", 1)
    ]
    assert query(
        settings, "select rows_received, rows_loaded, rows_quarantined, loaded_at from raw.loads"
    )[0][:3] == (2, 1, 1)
    assert query(settings, "select file_path, physical_line, rule from raw.quarantine") == [
        ("stores/2014-12-30/stores.csv", 3, "required")
    ]
    assert query(settings, "select load_id, column_name, success from raw.load_checks") == [
        ("f1", "rows", True)
    ]
    assert query(
        settings, "select as_of::varchar, known_at::varchar, chain_currency from raw.build"
    ) == [("2014-12-30", "2026-11-22 02:00:00", "CNY")]


def test_rows_of_every_feed_have_one_view(settings, lake):
    sale = {"receipt_id": "001", "line_no": 2, "store_id": "s01", "product_code": "p"}
    sold = datetime(2014, 12, 30, 20)
    sale |= {"sold_at": sold, "sold_at_is_utc": False, "net_amount": 12.5}
    step = {"complaint_id": "c1", "step": "closed", "at": sold, "at_is_utc": True}
    rate = {"rate_date": "2014-12-30", "currency": "USD", "to_currency": "CNY"}
    lake.commit("stores", "b1", file("f1", store("s01")))
    lake.commit("pos_sales", "b2", file("f2", sale))
    lake.commit("complaint_events", "b3", file("f3", step))
    lake.commit("ref_fx", "b4", file("f4", rate))
    run(settings)
    columns = "row_key, occurred_at, occurred_at_is_utc, store_id, complaint_id, net_amount"
    assert query(settings, f"select feed, {columns} from raw.rows order by feed") == [
        ("complaint_events", "c1|closed|2014-12-30 20:00:00", sold, True, None, "c1", None),
        ("pos_sales", "s01|001|2", sold, False, "s01", None, Decimal("12.50")),
        ("ref_fx", "2014-12-30|USD|CNY", *[None] * 5),
        ("stores", "s01", *[None] * 5),
    ]


def test_only_feeds_that_changed_are_written(settings, lake, monkeypatch):
    lake.commit("stores", "b1", file("f1", store("s01")))
    lake.commit("products", "b1", file("p1", {"product_code": "p"}))
    run(settings)
    lake.commit("stores", "b2", file("f2", store("s02")))
    written = []
    replace = module._replace_rows
    monkeypatch.setattr(
        module, "_replace_rows", lambda *args: written.append(args[-1]) or replace(*args)
    )
    run(settings)
    assert written == ["stores"]
    assert query(settings, "select count(*) from raw.stores") == [(2,)]


def test_syncing_again_changes_nothing(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    run(settings)
    before = contents(settings)
    assert run(settings) == 0
    assert contents(settings) == before


def test_parquet_without_a_ledger_entry_does_not_exist(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    (lake.folder / "ledger" / "stores" / "b1.jsonl").unlink()
    assert run(settings) == 0
    assert query(settings, "select count(*) from raw.stores") == [(0,)]


def test_one_content_committed_twice_is_read_from_the_smaller_batch(settings, lake):
    lake.commit("stores", "b2", file("f1", store("s01", name="late")))
    run(settings)
    lake.commit("stores", "b1", file("f1", store("s01", name="early")))
    run(settings)
    assert query(settings, "select name from raw.stores") == [("early",)]
    assert query(settings, "select batch_id, status from raw.loads") == [("b1", "loaded")]
    assert query(settings, "select count(*) from raw.load_checks") == [(1,)]


def test_one_content_under_two_names_belongs_to_the_first_delivery(settings, lake):
    bad = {"file_row": 2, "physical_line": 3, "raw_text": "x,,", "rule": "required"}
    again = file(
        "f1",
        store("s01"),
        day="2014-12-31",
        name="a.csv",
        quarantine=[bad],
        exported_at="2014-12-31T20:00:00",
    )
    lake.commit("stores", "b1", again)
    run(settings)
    assert query(settings, "select as_of::varchar from raw.build") == [("2014-12-31",)]
    first = file(
        "f1", name="z.csv", status="duplicate_file", checks=[], exported_at="2014-12-30T20:00:00"
    )
    lake.commit("stores", "b2", first)
    run(settings)
    assert query(settings, "select exported_at from raw.stores") == [(datetime(2014, 12, 30, 20),)]
    assert query(
        settings,
        "select file_path, batch_id, status, reason, rows_received, rows_loaded, rows_quarantined"
        " from raw.loads order by file_path",
    ) == [
        ("stores/2014-12-30/z.csv", "b1", "loaded", None, 2, 1, 1),
        (
            "stores/2014-12-31/a.csv",
            "b1",
            "duplicate_file",
            "stores/2014-12-31/a.csv: the same content as stores/2014-12-30/z.csv",
            *(2, 0, 0),
        ),
    ]
    first = [("stores/2014-12-30/z.csv",)]
    assert query(settings, "select file_path from raw.quarantine") == first
    assert query(settings, "select file_path from raw.load_checks") == first
    assert query(settings, "select as_of::varchar from raw.build") == [("2014-12-30",)]


def test_a_duplicate_has_the_dates_and_the_verdict_of_its_content(settings, lake):
    dates = {"event_date_min": "2014-12-01", "event_date_max": "2014-12-30"}
    lake.commit("stores", "b1", file("f1", store("s01"), verdict="warn", **dates))
    lake.commit("stores", "b2", file("f1", name="z.csv", status="duplicate_file"))
    run(settings)
    found = query(
        settings,
        "select status, event_date_min::varchar, event_date_max::varchar, verdict from raw.loads"
        " order by file_path",
    )
    told = (*dates.values(), "warn")
    assert found == [("loaded", *told), ("duplicate_file", *told)]


def test_a_rejected_file_that_loads_later_is_loaded(settings, lake):
    lake.commit("stores", "b1", file("f1", status="rejected", reason="no column store_id"))
    run(settings)
    assert query(settings, "select as_of from raw.build") == [(None,)]
    lake.commit("stores", "b2", file("f1", store("s01")))
    run(settings)
    assert query(settings, "select status, reason from raw.loads") == [("loaded", None)]
    assert query(settings, "select count(*) from raw.stores") == [(1,)]


def test_any_order_of_arrival_gives_the_same_tables(settings, lake, tmp_path, monkeypatch):
    bad = {"file_row": 2, "physical_line": 3, "raw_text": "x,,", "rule": "required"}
    lake.commit("stores", "b1", file("f1", name="b.csv", status="rejected", reason="r"))
    lake.commit("stores", "b2", file("f1", store("s01", name="2"), name="a.csv", quarantine=[bad]))
    lake.commit("stores", "b3", file("f1", store("s01", name="3"), name="b.csv"))
    lake.commit("stores", "b4", file("f1", name="0.csv", status="duplicate_file"))
    lake.commit("stores", "b5", file("f2", store("s02")), file("f1", store("s01"), name="c.csv"))
    batches = committed_batches(settings.lake)
    run(settings)
    expected = contents(settings)
    backwards, inside_out = batches[::-1], [batches[i] for i in (2, 4, 0, 3, 1)]
    for order in (backwards, inside_out):
        settings.warehouse.unlink()
        for upto in range(1, len(order) + 1):
            run(settings, order[:upto])
        assert contents(settings) == expected, [b.batch_id for b in order]


@pytest.mark.requirement("DQ-12")
def test_what_a_build_went_by_is_forgotten_once_its_sales_are_replaced(settings, lake):
    sold = datetime(2014, 12, 30, 20)
    sale = {"receipt_id": "001", "line_no": 2, "store_id": "s01", "product_code": "p"}
    sale |= {"sold_at": sold, "sold_at_is_utc": False, "net_amount": 12.5}

    def remembered() -> bool:
        with connect(settings) as connection:
            return is_remembered(connection)

    def built() -> None:
        with connect(settings) as connection:
            connection.execute("create schema if not exists intermediate")
            connection.execute(
                f"create or replace table {GONE_BY} as"
                " select 'load' as fact_kind, 'f1' as fact_key, null as valid_from, '' as stated"
                " union all select 'as_of', 'as_of', as_of, null from raw.build"
            )
            remember(connection)

    lake.commit("pos_sales", "b5", file("f1", sale))
    lake.commit("stores", "b5", file("s1", store("s01")))
    run(settings)
    assert not remembered()
    built()
    lake.commit("pos_sales", "b6", file("f2", sale | {"receipt_id": "002"}))
    lake.commit("stores", "b1", file("s1", store("s01")))
    run(settings)
    assert remembered(), "new sales, and another copy of a store's file, replace no sale"
    lake.commit("pos_sales", "b1", file("f1", sale | {"receipt_id": "003"}))
    run(settings)
    assert not remembered(), "the same file was loaded otherwise"
    built()
    (lake.folder / "ledger" / "pos_sales" / "b6.jsonl").unlink()
    run(settings)
    assert not remembered(), "a batch is gone"
    lake.commit("stores", "b7", file("s2", store("s02"), day="2014-12-31"))
    run(settings)
    built()
    lake.commit("stores", "b8", file("s2", store("s02"), day="2014-12-29"))
    run(settings)
    assert not remembered(), "no file closes the last day any more"


def test_a_new_contract_column_rebuilds_raw_from_the_lake(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    run(settings)
    before = contents(settings)
    with connect(settings) as connection:
        connection.execute("alter table raw.stores drop column region")
    assert run(settings) == 1
    assert contents(settings) == before


def test_what_is_gone_from_the_lake_is_gone_from_raw(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    run(settings)
    before = contents(settings)
    lake.commit("stores", "b2", file("f2", store("s02"), day="2014-12-31"))
    run(settings)
    (lake.folder / "ledger" / "stores" / "b2.jsonl").unlink()
    run(settings)
    assert contents(settings) == before


def test_missing_parquet_is_named_and_nothing_is_kept(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    run(settings)
    before = contents(settings)
    lake.commit("stores", "b2", file("f2", store("s02")))
    (lake.folder / "stores" / "b2.parquet").unlink()
    with pytest.raises(RegularsError, match=r"stores/b2\.parquet"):
        run(settings)
    assert contents(settings) == before


def test_a_sync_killed_half_way_leaves_no_trace(settings, lake):
    lake.commit("stores", "b1", file("f1", store("s01")))
    run(settings)
    before = contents(settings)
    lake.commit("stores", "b2", file("f2", store("s02"), day="2014-12-31"))
    child = textwrap.dedent("""
        import os, signal
        from regulars.settings import load_settings
        from regulars.warehouse import sync as module
        from regulars.warehouse.connection import connect

        module._replace_checks = lambda connection: os.kill(os.getpid(), signal.SIGKILL)
        settings = load_settings()
        with connect(settings) as connection:
            batches = module.committed_batches(settings.lake)
            module.sync(connection, settings, batches, "0.1.0")
    """)
    killed = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    assert contents(settings) == before
    assert run(settings) == 1
    after = contents(settings)
    settings.warehouse.unlink()
    run(settings)
    assert contents(settings) == after
