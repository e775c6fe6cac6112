"""A home of its own for every test, and a lake written by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from regulars.feeds.contract import load_contract
from regulars.privacy.classes import protected_columns
from regulars.settings import Settings, load_settings
from regulars.warehouse import build, publish
from regulars.warehouse.connection import connect

CHECK = {
    "suite": "stores",
    "expectation": "expect_column_values_to_be_between",
    "column": "rows",
    "severity": "warning",
    "success": True,
    "observed": "1",
    "reason": "A list of stores is never empty.",
}


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_THREADS", "2")
    return load_settings()


@pytest.fixture(autouse=True)
def write_pages(monkeypatch) -> Callable:
    """Versions are written without dashboards, which these marts are too few for; what does it."""
    write = publish._write_pages
    monkeypatch.setattr(publish, "_write_pages", lambda *_: None)
    return write


@dataclass(frozen=True)
class Lake:
    """Writes batches as the feeds' door does: Parquet first, the ledger file last."""

    folder: Path

    def deliver(self, number: int, day: str = "2014-12-30") -> None:
        """A batch of one file with one store: load f1 in batch b1, and so on."""
        store = {"store_id": "s01", "name": "Shop", "timezone": "Asia/Shanghai"}
        path = f"stores/{day}/stores.csv"
        file = {"load_id": f"f{number}", "file_path": path, "rows": [store]}
        self.commit("stores", f"b{number}", file)

    def commit(self, feed: str, batch_id: str, *files: dict) -> None:
        """One ledger line per file; ``rows`` and ``quarantine`` of a file are lists of dicts."""
        rows = [{**row, "load_id": f["load_id"]} for f in files for row in f.get("rows", [])]
        self._write(
            self.folder / feed, batch_id, dict(protected_columns(load_contract(feed))), rows
        )
        quarantined = [
            {**row, "load_id": f["load_id"], "feed": feed, "file_path": f["file_path"]}
            for f in files
            for row in f.get("quarantine", [])
        ]
        columns = {
            "load_id": "VARCHAR",
            "feed": "VARCHAR",
            "file_path": "VARCHAR",
            "file_row": "BIGINT",
            "physical_line": "BIGINT",
            "raw_text": "VARCHAR",
            "column_name": "VARCHAR",
            "rule": "VARCHAR",
            "reason": "VARCHAR",
            "net_amount": "DECIMAL(18,2)",
        }
        self._write(self.folder / "quarantine" / feed, batch_id, columns, quarantined)
        ledger = self.folder / "ledger" / feed
        ledger.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(self._line(feed, batch_id, f)) for f in files]
        (ledger / f"{batch_id}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @staticmethod
    def _line(feed: str, batch_id: str, file: dict) -> dict:
        loaded, quarantined = len(file.get("rows", [])), len(file.get("quarantine", []))
        line = {
            "load_id": file["load_id"],
            "feed": feed,
            "batch_id": batch_id,
            "file_path": file["file_path"],
            "delivery_date": file["file_path"].split("/")[1],
            "layout": None,
            "exported_at": None,
            "file_bytes": 100,
            "file_mtime_ns": 1,
            "attempt": 0,
            "status": "loaded",
            "reason": None,
            "rows_received": loaded + quarantined,
            "rows_loaded": loaded,
            "rows_quarantined": quarantined,
            "net_amount_received": None,
            "net_amount_loaded": None,
            "net_amount_quarantined": None,
            "event_date_min": None,
            "event_date_max": None,
            "verdict": "pass",
            "checks": [CHECK],
            "warnings": [],
            "loaded_at": "2026-11-22T02:00:00+00:00",
            "code_version": "0.1.0",
        }
        return line | {k: v for k, v in file.items() if k not in ("rows", "quarantine")}

    @staticmethod
    def _write(folder: Path, batch_id: str, columns: dict[str, str], rows: list[dict]) -> None:
        if not rows:
            return
        folder.mkdir(parents=True, exist_ok=True)
        declared = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
        with duckdb.connect() as connection:
            connection.execute(f"create table t ({declared})")
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into t ({names}) values ({marks})", list(row.values()))
            connection.execute(f"copy t to '{folder / batch_id}.parquet'")


@pytest.fixture
def lake(settings) -> Lake:
    return Lake(settings.lake)


MARTS = """
    create schema if not exists intermediate;
    create or replace table intermediate.int_build__facts_stated as
    select 'as_of' as fact_kind, 'as_of' as fact_key, as_of as valid_from, null as stated
    from raw.build;
    create schema if not exists marts;
    create or replace table marts.fct_sales as
    select * from (values ('s01', 'r1', 12.50::decimal(18,2)), ('s01', 'r2', 7.00)) as t(
        store_id, receipt_id, net_amount
    );
    comment on table marts.fct_sales is 'One row per receipt line; it''s net of discounts.';
    comment on column marts.fct_sales.net_amount is 'what was paid, CNY';
    create or replace view marts.sales_by_store as
    select store_id, sum(net_amount) as net_amount from marts.fct_sales group by store_id;
    create or replace table marts.audit_loads as
    select load_id, file_path, loaded_at from raw.loads;
    create or replace table marts.dq_results as
    select
        'load' as subject_type, 'stores/2014-12-30/stores.csv' as subject, 'stores' as suite,
        'expect_column_values_to_be_between' as expectation, 'rows' as column_name,
        'warning' as severity, true as success, '1' as observed, 'never empty' as reason, as_of
    from raw.build;
    create or replace table marts.rpt_figures_told as
    select
        'net_sales' as figure, 'year' as period_kind, date '2014-01-01' as period_start,
        19.5::decimal(28, 9) as figure_value;
    create or replace view marts.dq_verdicts as
    select
        'feed' as subject_type, 'pos_sales' as subject, 'pass' as verdict,
        as_of as last_delivery_date, 0 as days_since_delivery, 0.6::double as coverage_pct
    from raw.build;
"""

SUITE = """\
suite: marts_sales
subjects:
  - table: fct_sales
    measures:
      line_count: count(*)
      net_amount: sum(net_amount)
    expectations:
      - type: expect_column_values_to_be_between
        kwargs: {column: line_count, min_value: 1}
        severity: critical
        since: 2026-11-22
        reason: A chain without a sale has nothing to show.
      - type: expect_column_values_to_be_between
        kwargs: {column: net_amount, max_value: 15}
        severity: warning
        since: 2026-11-22
        reason: More than fifteen yuan is suspicious here.
"""


@pytest.fixture
def suites(tmp_path) -> Path:
    folder = tmp_path / "suites"
    folder.mkdir()
    (folder / "marts_sales.yaml").write_text(SUITE, encoding="utf-8")
    return folder


@pytest.fixture
def make_marts(settings, monkeypatch):
    """Stands in for dbt: ``build_warehouse`` then runs these statements; returns a setter."""
    calls = []

    def use(sql: str = "") -> list[bool]:
        def run_dbt(of, full_refresh):
            calls.append(full_refresh)
            with connect(of) as connection:
                connection.execute(MARTS + sql)
            return []

        monkeypatch.setattr(build, "run_dbt", run_dbt)
        return calls

    use()
    return use
