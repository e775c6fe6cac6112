"""Versions: whole, read-only, swapped at once, kept and found again.

Many readers through many publications: tests/reliability/test_publication.py.
"""

import json
import os
import stat
import struct
import subprocess
import sys
import textwrap

import duckdb
import pytest

from regulars.code_version import rules_version
from regulars.errors import RegularsError
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.publish import current, list_versions, publish_version, rollback
from regulars.warehouse.quality import judge_marts

MORE = "insert into marts.fct_sales values ('s02', 'r{}', 1);"


@pytest.fixture
def publish(lake, make_marts, suites):
    """Publish content number n: its own load, n lines more than the marts start with."""
    lake.deliver(1)

    def run(number, publish=True):
        make_marts("".join(MORE.format(i) for i in range(number)))
        build_warehouse(full_refresh=True)
        judge_marts(suites)
        return publish_version() if publish else None

    return run


def lines(folder):
    with duckdb.connect(folder / "regulars.duckdb", read_only=True) as connection:
        return connection.execute("select count(*) from fct_sales").fetchone()[0]


def test_a_version_is_a_folder_of_read_only_files(settings, publish):
    version = publish(0)
    folder = settings.published / "versions" / "000001"
    assert version == {
        "version": "000001",
        "path": str(folder),
        "content_hash": version["content_hash"],
        "new": True,
    }
    assert current() == folder
    assert os.readlink(settings.published / "current") == "versions/000001"
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    tables = [
        "audit_loads",
        "audit_models",
        "dq_results",
        "dq_verdicts",
        "fct_sales",
        "rpt_figures_told",
        "sales_by_store",
    ]
    assert sorted(files) == sorted(
        ["regulars.duckdb", "version.json", *(f"parquet/{t}.parquet" for t in tables)]
    )
    assert {stat.S_IMODE(p.stat().st_mode) for p in files.values()} == {0o444}
    with duckdb.connect(folder / "regulars.duckdb", read_only=True) as connection:
        shown = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() order by table_name"
        ).fetchall()
        assert [(schema, name) for schema, name, _ in shown] == [("main", t) for t in tables]
        assert shown[4][2] == "One row per receipt line; it's net of discounts."
        assert connection.execute("from sales_by_store").fetchall() == [("s01", 19.5)]
        assert connection.execute(
            "select comment from duckdb_columns() where column_name = 'net_amount' order by 1"
        ).fetchall()[0] == ("what was paid, CNY",)
    parquet = duckdb.sql(f"select count(*) from '{files['parquet/fct_sales.parquet']}'")
    assert parquet.fetchone() == (2,)


def test_duckdb_1_4_clients_can_read_the_file(publish):
    publish(0)
    header = (current() / "regulars.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert struct.unpack("<Q", header[12:20]) == (67,)  # what DuckDB 1.4 writes and reads


@pytest.mark.requirement("ARCH-04")
def test_the_description_says_what_the_version_is(publish, settings):
    version = publish(0)
    described = json.loads((current() / "version.json").read_text(encoding="utf-8"))
    assert described["version"] == "000001"
    assert described["previous"] is None
    assert described["as_of"] == "2014-12-30"
    assert described["loads"]["files"] == 1
    assert described["rules_version"] == rules_version() != described["code_version"]
    assert described["verdict"] == "warn"
    assert described["expectations"] == {
        "critical": {"judged": 1, "failed": 0},
        "warning": {"judged": 2, "failed": 1},
    }
    assert described["coverage_pct"] == 0.6
    assert described["feeds"] == {
        "pos_sales": {
            "verdict": "pass",
            "last_delivery_date": "2014-12-30",
            "days_since_delivery": 0,
        }
    }
    assert described["content_hash"] == version["content_hash"]
    assert described["tables"]["fct_sales"]["rows"] == 2
    publish(1)
    described = json.loads((current() / "version.json").read_text(encoding="utf-8"))
    assert (described["version"], described["previous"]) == ("000002", "000001")


def test_the_pages_belong_to_their_version(publish, write_pages, monkeypatch):
    monkeypatch.setattr("regulars.warehouse.publish._write_pages", write_pages)
    publish(0)
    publish(1)
    pages = current() / "dashboards"
    text = (pages / "executive.html").read_text(encoding="utf-8")
    assert "<dd>000002</dd>" in text
    assert "passed with warnings" in text
    assert "This version does not hold the table" in text  # the made-up marts have few
    assert {stat.S_IMODE(path.stat().st_mode) for path in pages.iterdir()} == {0o444}
    (program,) = (path.name for path in pages.glob("vega-*.js"))
    assert f'<script src="{program}">' in text
    # Nobody waits for figures because a page could not be drawn.
    monkeypatch.setattr("regulars.dashboards.render.load_pages", lambda: 1 / 0)
    assert publish(2)["version"] == "000003"
    assert not (current() / "dashboards").exists()
    assert lines(current()) == 4


def test_equal_content_is_not_published_again(publish):
    first = publish(0)
    assert publish(0) == first | {"new": False}
    assert publish(1)["version"] == "000002"
    assert [v["version"] for v in list_versions()] == ["000001", "000002"]


def test_only_a_judged_build_is_published(publish, lake):
    publish(0)
    lake.deliver(2, day="2014-12-31")
    build_warehouse()
    with pytest.raises(RegularsError, match="only built"):
        publish_version()
    assert current().name == "000001"


def test_old_versions_go_but_never_the_current_one(publish, monkeypatch):
    monkeypatch.setenv("REGULARS_KEEP_VERSIONS", "2")
    for number in range(3):
        publish(number)
    assert [v["version"] for v in list_versions()] == ["000002", "000003"]
    rollback()
    assert [(v["version"], v["is_current"]) for v in list_versions()] == [
        ("000002", True),
        ("000003", False),
    ]


@pytest.mark.requirement("DQ-04")
def test_readers_ask_while_the_next_version_is_built(publish, settings):
    publish(0)
    with connect(settings) as work:
        work.execute("delete from marts.fct_sales")
        assert lines(current()) == 2
    publish(5)
    assert lines(current()) == 7


@pytest.mark.requirement("DQ-04")
def test_a_reader_keeps_the_version_it_opened(publish, monkeypatch):
    monkeypatch.setenv("REGULARS_KEEP_VERSIONS", "1")
    publish(0)
    with duckdb.connect(current() / "regulars.duckdb", read_only=True) as reader:
        publish(5)
        assert reader.execute("select count(*) from fct_sales").fetchone() == (2,)
    assert lines(current()) == 7


def test_rollback_goes_to_the_one_before_or_the_one_named(publish):
    for number in range(3):
        publish(number)
    assert rollback()["version"] == "000002"
    assert rollback()["version"] == "000001"
    with pytest.raises(RegularsError, match="no version before 000001"):
        rollback()
    assert rollback("3")["version"] == "000003"
    assert lines(current()) == 4
    with pytest.raises(RegularsError, match="no version 9; kept are 000001, 000002, 000003"):
        rollback("9")


def test_nothing_published_is_said_so(settings):
    for ask in (current, rollback):
        with pytest.raises(RegularsError, match="nothing is published"):
            ask()
    with pytest.raises(RegularsError, match="no warehouse yet"):
        publish_version()
    assert list_versions() == []


@pytest.mark.parametrize(
    "moment",
    ["_comments", "_fsync", "_swap", "write_state"],
)
def test_a_publication_killed_at_any_moment_can_be_repeated(publish, moment):
    first = publish(0)
    publish(1, publish=False)
    child = textwrap.dedent(f"""
        import os, signal
        from regulars.warehouse import publish as module

        module.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        module.publish_version()
    """)
    killed = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    assert lines(current()) in (2, 3)
    again = publish_version()
    assert lines(current()) == 3
    assert current().name == again["version"] == "000002"
    assert again["content_hash"] != first["content_hash"]
    kept = sorted(p.name for p in current().parent.iterdir())
    assert kept == ["000001", "000002"]
    assert publish(1) == again | {"new": False}
