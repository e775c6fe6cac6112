"""What docs/connect.md shows, run on a version of the small chain."""

import json
import re
import shlex
from pathlib import Path

import duckdb
import pytest

from regulars.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
TABLES = ("mart_customer_tier", "mart_nps", "rpt_abc_movement")


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
    assert len(snippets) == 6
    for snippet in snippets:
        exec(compile(snippet, "docs/connect.md", "exec"), {})  # noqa: S102 our own page
    told = capsys.readouterr().out
    assert "customers" in told
    assert "000001 2014-12-31 pass 0.6" in told


def test_the_command_line_asks_what_can_be_answered(reader: Path) -> None:
    """The program may not be installed: its file and its question are tried in Python."""
    (line,) = re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL)
    program, readonly, file, question = shlex.split(line)
    assert (program, readonly) == ("duckdb", "-readonly")
    with duckdb.connect(file, read_only=True) as connection:
        assert [row[0] for row in connection.execute(question).fetchall()] == [
            "2012",
            "2013",
            "2014",
        ]
