"""What docs/connect.md shows, run on a version of the small chain."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from regulars.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
TABLES = ("mart_customer_tier", "mart_kpi_scorecard", "mart_nps", "rpt_abc_movement")
URI = "duckdb:///data/published/current/regulars.duckdb"


@pytest.fixture
def reader(warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks as a reader finds it, with the tables that the page asks for."""
    folder = tmp_path / "data" / "published" / "versions" / "000001"
    (folder / "parquet").mkdir(parents=True)
    (tmp_path / "data" / "published" / "current").symlink_to("versions/000001")
    with duckdb.connect(folder / "regulars.duckdb") as connection:
        connection.execute(f"attach '{warehouse}' as work (read_only)")
        for table in TABLES:
            connection.execute(f"create table {table} as from work.marts.{table}")
            connection.execute(f"copy {table} to '{folder / 'parquet' / table}.parquet'")
    described = {"version": "000001", "as_of": "2014-12-31", "verdict": "pass", "coverage_pct": 0.6}
    (folder / "version.json").write_text(json.dumps(described))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.requirement("DQ-04")
def test_what_the_page_shows_runs(reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snippets = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(snippets) == 7
    for snippet in snippets:
        exec(compile(snippet, "docs/connect.md", "exec"), {})  # noqa: S102 our own page
    told = capsys.readouterr().out
    assert "customers" in told
    assert "000001 2014-12-31 pass 0.6" in told
    assert re.search(r"^\d+ scores$", told, re.MULTILINE)


def command_line(line: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What DuckDB's program of the locked environment, or else any, says to a line of the page."""
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    program, *arguments = shlex.split(line)
    found = shutil.which(program, path=os.pathsep.join(folders))
    assert found, "duckdb-cli is not installed: run `make setup`"
    return subprocess.run([found, *arguments, *more], capture_output=True, text=True, timeout=60)


@pytest.mark.requirement("DQ-04")
def test_the_command_line_answers(reader: Path) -> None:
    plain, locked = re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL)
    for line, first in ((plain, "period"), (locked, "period_start")):
        told = command_line(line.replace("-readonly", "-readonly -csv"))
        assert (told.returncode, told.stderr) == (0, "")
        heading, *rows = told.stdout.splitlines()
        assert heading.split(",")[0] == first
        assert [row[:4] for row in sorted(rows)] == ["2012", "2013", "2014"]


def test_the_locked_command_line_reaches_nothing_else(reader: Path, warehouse: Path) -> None:
    plain, locked = (
        shlex.join(shlex.split(line)[:-1])
        for line in re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL)
    )
    secret = reader.parent / "secret.csv"
    secret.write_text("word\nhush\n")
    assert "hush" in command_line(plain, f"from '{secret}'").stdout
    for sql, refusal in (
        (f"from '{secret}'", "file system operations are disabled"),
        (f"attach '{warehouse}' as other", "file system operations are disabled"),
        ("set enable_external_access = true", "configuration has been locked"),
        ("create table mine as select 1", "read-only"),
    ):
        told = command_line(locked, sql)
        assert told.returncode != 0, sql
        assert refusal in told.stderr, sql


def publish_next(folder: Path) -> None:
    """Swap in a version that has no scores."""
    later = folder.with_name("000002")
    shutil.copytree(folder, later)
    with duckdb.connect(later / "regulars.duckdb") as connection:
        connection.execute("delete from mart_nps")
    aside = Path("data/published/.current-new")
    aside.symlink_to("versions/000002")
    aside.replace("data/published/current")


@pytest.mark.requirement("DQ-04")
def test_what_superset_connects_with_follows_the_link(reader: Path) -> None:
    (parameters,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    # Superset adds this pool itself.
    engine = sa.create_engine(URI, poolclass=NullPool, **json.loads(parameters))
    pooled = sa.create_engine(URI, **json.loads(parameters))
    scores = sa.text("select count(*) from mart_nps")
    with pooled.connect() as marts:
        before = marts.execute(scores).scalar_one()
    assert before > 0
    with engine.connect() as open_before:
        publish_next(reader)
        # One that asks while another still reads the version before is given the new one.
        with engine.connect() as opened_after:
            assert opened_after.execute(scores).scalar_one() == 0
        assert open_before.execute(scores).scalar_one() == before
    with pooled.connect() as marts:  # as the page says of a pool
        assert marts.execute(scores).scalar_one() == before
    pooled.dispose()


def test_what_superset_connects_with_reaches_nothing_else(reader: Path) -> None:
    (parameters,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    engine = sa.create_engine(URI, poolclass=NullPool, **json.loads(parameters))
    parquet = reader / "parquet" / "mart_nps.parquet"
    for sql, refusal in (
        (f"select count(*) from '{parquet}'", "file system operations are disabled"),
        ("set enable_external_access = true", "configuration has been locked"),
        ("create table mine as select 1", "read-only"),
    ):
        with engine.connect() as marts, pytest.raises(sa.exc.SQLAlchemyError, match=refusal):
            marts.execute(sa.text(sql))
    assert "mart_nps" in sa.inspect(engine).get_table_names(schema="main")
