"""What comes with every version: the data dictionary of the small chain, and dbt's own pages."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from regulars.pages.dictionary import Entry, list_tables, render_dictionary
from regulars.settings import PROJECT_ROOT, Settings
from regulars.warehouse import publish
from regulars.warehouse.dbt import target_folder


def test_the_pictures_that_are_kept_are_those_that_are_shown() -> None:
    shown = re.findall(
        r"docs/images/([\w-]+\.png)", (PROJECT_ROOT / "README.md").read_text("utf-8")
    )
    kept = [path.name for path in (PROJECT_ROOT / "docs" / "images").iterdir()]
    assert sorted(shown) == sorted(kept)


@pytest.fixture(scope="module")
def manifest(small_chain: tuple, dbt_runs: list) -> dict:
    return json.loads((target_folder(small_chain[0]) / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def marts(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The marts as a version holds them: alone, with their comments."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as work (read_only)")
        names = connection.execute(
            "select table_name, comment from duckdb_tables()"
            " where database_name = 'work' and schema_name = 'marts'"
        ).fetchall()
        for name, comment in names:
            connection.execute(f'create table "{name}" as from work.marts."{name}" limit 0')
            connection.execute(f"comment on table \"{name}\" is '{_quoted(comment)}'")
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where database_name = 'work' and schema_name = 'marts' and comment is not null"
        ).fetchall()
        for table, column, comment in columns:
            if table in dict(names):
                connection.execute(
                    f'comment on column "{table}"."{column}" is \'{_quoted(comment)}\''
                )
        connection.execute("detach work")
        yield connection


def _quoted(text: str | None) -> str:
    return (text or "").strip().replace("'", "''")


@pytest.fixture(scope="module")
def entries(marts: duckdb.DuckDBPyConnection, manifest: dict) -> dict[str, Entry]:
    tables = {
        name: {"rows": 0}
        for (name,) in marts.execute("select table_name from duckdb_tables()").fetchall()
    }
    return {entry.name: entry for entry in list_tables(marts, tables, manifest)}


@pytest.mark.requirement("ARCH-10")
def test_every_table_says_what_it_is_and_where_it_comes_from(
    entries: dict[str, Entry], marts: duckdb.DuckDBPyConnection
) -> None:
    assert len(entries) > 200
    for entry in entries.values():
        assert entry.description.startswith("One row"), entry.name
        assert [name for name, _, meaning in entry.columns if not meaning] == [], entry.name
        held = marts.execute(f'describe "{entry.name}"').fetchall()
        assert [column[:2] for column in entry.columns] == [column[:2] for column in held]
    by_dbt = [entry for entry in entries.values() if entry.group != "the run"]
    assert len(entries) - len(by_dbt) < 5
    for entry in by_dbt:
        assert entry.owner, entry.name
        assert entry.requirements, entry.name
        assert entry.made_from, entry.name
    nps = entries["mart_nps"]
    assert nps.group == "voice"
    assert "SAT-14" in nps.requirements
    assert "int_surveys__cells_counted" in nps.made_from
    assert "survey_responses" in nps.feeds
    assert "Satisfaction" in nps.shown_on
    assert {"pos_sales", "customers"} <= set(entries["mart_customer_360"].feeds)
    assert not {feed for entry in entries.values() for feed in entry.feeds} & {"build", "loads"}
    # Rates decide which counts of rows are made anew, and are no source of them.
    assert "ref_fx" in entries["fct_sales"].feeds
    assert "ref_fx" not in entries["rpt_freshness"].feeds


def test_reports_and_the_dictionary_name_the_same_feeds(
    entries: dict[str, Entry], warehouse: Path
) -> None:
    with duckdb.connect(warehouse, read_only=True) as connection:
        told = connection.execute(
            "select report, feeds from intermediate.int_build__reports_listed"
        ).fetchall()
    assert len(told) > 100
    for report, feeds in told:
        assert (feeds.split(";") if feeds else []) == entries[report].feeds, report


def test_the_page_is_whole_and_fetches_nothing(
    marts: duckdb.DuckDBPyConnection, manifest: dict, entries: dict[str, Entry]
) -> None:
    said = {"version": "000007", "as_of": "2014-12-31", "tables": {n: {"rows": 7} for n in entries}}
    text = render_dictionary(marts, said, manifest, has_dbt=True)
    assert "version 000007, as of 2014-12-31" in text
    assert set(re.findall(r'<details id="(\w+)">', text)) == set(entries)
    linked = set(re.findall(r'href="#(\w+)"', text))
    assert linked
    assert linked <= set(entries)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
    marts.execute("create table zz_bad (n integer)")
    marts.execute("comment on table zz_bad is 'One row per <script>alert(1)</script>'")
    bad = render_dictionary(marts, said | {"tables": {"zz_bad": {"rows": 0}}}, manifest, False)
    marts.execute("drop table zz_bad")
    assert "&lt;script&gt;" in bad
    assert "<script" not in bad
    assert "dbt.html" not in bad


def test_dbts_pages_are_written_anew_with_other_rules_only(
    small_chain: tuple, manifest: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = small_chain[0]
    written = []

    def write_docs(of: Settings) -> Path:
        written.append(of)
        path = tmp_path / f"{len(written)}.html"
        path.write_text(f"documentation {len(written)}")
        return path

    monkeypatch.setattr(publish, "write_docs", write_docs)

    def version(number: int, rules: str, before: Path | None) -> Path:
        folder = tmp_path / f"{number:06}"
        folder.mkdir()
        said = {"version": folder.name, "as_of": "2014-12-31", "rules_version": rules}
        (folder / "version.json").write_text(json.dumps(said | {"tables": {"t": {"rows": 1}}}))
        with duckdb.connect(folder / "regulars.duckdb") as connection:
            connection.execute("create table t (n integer)")
        publish._write_docs(settings, folder, before)
        return folder

    first = version(1, "a", None)
    second = version(2, "a", first)
    third = version(3, "b", second)
    kept = [(one / "docs" / "dbt.html").read_text() for one in (first, second, third)]
    assert kept == ["documentation 1", "documentation 1", "documentation 2"]
    files = {"index.html", "dbt.html", "semantic_manifest.json"}
    assert {path.name for path in (third / "docs").iterdir()} == files
    # Nobody waits for figures because they could not be documented.
    monkeypatch.setattr(publish, "write_docs", lambda _: 1 / 0)
    assert not (version(4, "c", third) / "docs").exists()
    shutil.rmtree(third / "docs")
    monkeypatch.setattr(publish, "write_docs", write_docs)
    assert (version(5, "b", third) / "docs" / "dbt.html").exists()
