"""The frame of the dashboards: what is missing, hostile or unknown."""

from pathlib import Path

import duckdb
import pytest

from regulars.dashboards import render
from regulars.dashboards.page import Block, Column, Page
from regulars.dashboards.render import Facts, load_pages, shown, write_dashboards

FACTS = Facts("000001", "2014-12-31", None, None, "CNY")


@pytest.fixture(autouse=True)
def bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_bundle", lambda: "0;")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write one page of one block over these statements; its text."""

    def run(block: Block, *statements: str) -> str:
        monkeypatch.setattr(
            render, "load_pages", lambda: (Page("executive", "overview", (block,)),)
        )
        with duckdb.connect() as connection:
            for statement in statements:
                connection.execute(statement)
            (path,) = write_dashboards(connection, FACTS, tmp_path / "pages")
        return path.read_text(encoding="utf-8")

    return run


def test_a_version_without_marts_has_pages_that_say_so(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        written = write_dashboards(connection, FACTS, tmp_path / "pages")
    for path, page in zip(written, load_pages(), strict=True):
        text = path.read_text(encoding="utf-8")
        shown_always = [block for block in page.blocks if not block.is_optional]
        assert text.count("本版本不含此图的数据表。") == len(shown_always)
        assert "not judged" in text


def test_an_empty_mart_says_why_in_both_languages(write) -> None:
    block = Block("executive.alerts", "fct_alerts", "select 1 as n where false", (Column("n"),))
    text = write(block)
    assert "No alert is open." in text
    assert "没有未关闭的预警。" in text


def test_no_value_is_said_and_never_nought(write) -> None:
    columns = (Column("n", "count"), Column("m", "money", absent="frame.no_money"))
    block = Block("executive.alerts", "t", "select n, m from t", columns)
    text = write(block, "create table t as select null::integer as n, null::double as m")
    assert "no data" in text
    assert "holds no money" in text
    assert 'data-value=""' in text


def test_what_customers_wrote_stays_text(write) -> None:
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    import altair as alt

    block = Block(
        "executive.sales",
        "t",
        "select words, n from t",
        (Column("words", group="content"), Column("n", "count")),
        lambda words: alt.Chart(alt.NamedData(name="rows")).mark_bar().encode(x="words:N"),
    )
    text = write(block, f"create table t as select '{bad}' as words, 1 as n")
    assert "<img" not in text
    assert "<script>alert" not in text
    assert "&lt;img" in text
    assert text.count("</script>") == 3


def test_a_mart_shows_its_own_verdict(write) -> None:
    block = Block("executive.alerts", "t", "select 1 as n", (Column("n"),))
    text = write(
        block,
        "create table dq_verdicts as select 'mart' as subject_type, 't' as subject,"
        " 'fail' as verdict",
    )
    assert 'class="chip fail"' in text.partition('class="source"')[2]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (31.25, "signed", "+31.3"),
        (-31.25, "signed", "-31.3"),
        (-0.01, "signed", "+0.0"),
        (0.6364, "share", "63.6%"),
        (1234567.5, "money", "1,234,568"),
        (0, "count", "0"),
        (3, "change", "+3"),
        (10.447, "ratio", "10.45"),
        (float("nan"), "score", None),
        (None, "count", None),
        ("", "text", None),
        ("2014-12-31", "month", "2014-12"),
    ],
)
def test_a_value_as_people_read_it(value: object, form: str, text: str | None) -> None:
    assert shown(value, form) == text


def test_the_program_of_the_version_before_is_taken(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        write_dashboards(connection, FACTS, tmp_path / "one")
        (program,) = (tmp_path / "one").glob("vega-*.js")
        program.write_text("taken;")
        write_dashboards(connection, FACTS, tmp_path / "two", tmp_path / "one")
    assert (tmp_path / "two" / program.name).read_text() == "taken;"
