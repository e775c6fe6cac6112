"""The pages of the small chain: true to the marts, in two languages, drawn by a real browser."""

import json
import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from headless import PHONE, WIDE, Browser, find_browser

from regulars.dashboards.page import Block, Page
from regulars.dashboards.render import (
    FORMS,
    LANGUAGES,
    Facts,
    load_pages,
    load_words,
    raw,
    write_dashboards,
)

PAGES = load_pages()
BLOCKS = [(page, block) for page in PAGES for block in page.blocks]
FACTS = Facts("000007", "2014-12-31", "warn", 0.6364, "CNY")


@dataclass(frozen=True)
class Shown:
    """A figure as it stands on a page."""

    section: str
    row: int
    key: str
    value: float | None
    text: str


class Figures(HTMLParser):
    """Finds every element that says which figure it shows."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[Shown] = []
        self.payload = ""
        self._section = ""
        self._open: list[tuple[str, dict | None]] = []
        self._text: list[str] = []
        self._skip = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        about = dict(attrs)
        if tag == "section":
            self._section = about["id"]
        if tag in ("meta", "link", "br"):
            return
        hidden = tag in ("i", "small") or about.get("lang") == "zh"
        self._skip += hidden
        if "data-value" in about:
            self._text = []
        self._open.append((tag, about | {"hidden": hidden}))

    def handle_endtag(self, tag: str) -> None:
        _, about = self._open.pop()
        self._skip -= about["hidden"]
        if "data-value" in about:
            value = float(about["data-value"]) if about["data-value"] else None
            text = "".join(self._text).strip()
            self.found.append(
                Shown(self._section, int(about["data-row"]), about["data-key"], value, text)
            )

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1].get("id") == "payload":
            self.payload += data
        if not self._skip:
            self._text.append(data)


@pytest.fixture(scope="module")
def marts(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        yield connection


@pytest.fixture(scope="module")
def folder(marts: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version") / "dashboards"
    start = time.monotonic()
    written = write_dashboards(marts, FACTS, folder)
    # The JavaScript is put together once, in a second or two; a page takes a tenth of one.
    assert time.monotonic() - start < 5 + len(written)
    return folder


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    return {page.name: (folder / f"{page.name}.html").read_text("utf-8") for page in PAGES}


@pytest.fixture(scope="module")
def figures(texts: dict[str, str]) -> dict[str, Figures]:
    return {name: Figures(text) for name, text in texts.items()}


def queried(marts: duckdb.DuckDBPyConnection, block: Block) -> list[dict]:
    try:
        result = marts.execute(block.sql)
    except duckdb.CatalogException:
        if block.is_optional:
            return []
        raise
    names = [column[0] for column in result.description]
    return [
        {name: raw(value) for name, value in zip(names, row, strict=True)}
        for row in result.fetchall()
    ]


def section(block: Block) -> str:
    return block.name.replace(".", "-")


def same(one: object, other: object) -> bool:
    if one is None or other is None or pd.isna(other):
        return one is None and (other is None or bool(pd.isna(other)))
    if isinstance(one, int | float) and not isinstance(one, bool):
        return math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=1e-12)
    return str(one) == str(raw(other))[: len(str(one))]


@pytest.mark.requirement("ARCH-10")
@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[block.name for _, block in BLOCKS])
def test_what_a_page_shows_is_what_its_query_found(
    page: Page, block: Block, marts: duckdb.DuckDBPyConnection, figures: dict[str, Figures]
) -> None:
    found = queried(marts, block)
    shown = [figure for figure in figures[page.name].found if figure.section == section(block)]
    for figure in shown:
        assert same(figure.value, found[figure.row][figure.key]), figure
    if not block.is_cards:
        keys = {column.key for column in block.columns if column.form in FORMS}
        expected = {(row, key) for row in range(len(found)) for key in keys}
        assert {(figure.row, figure.key) for figure in shown} == expected
    if block.draw and found:
        charts = json.loads(figures[page.name].payload)["charts"]
        assert charts[block.name]["rows"] == found


COUNTED: dict[str, Callable[[dict[str, pd.DataFrame]], list[tuple]]] = {
    "executive.alerts": lambda t: grouped(
        t["fct_alerts"].query("status == 'open'"), ["alert_code", "severity", "owner"]
    ),
    "executive.sales": lambda t: summed(
        t["fct_sales"].assign(month=lambda f: f.business_date.astype(str).str[:7] + "-01"),
        ["month"],
        "net_amount_chain",
    ),
    "customers.tiers": lambda t: grouped(
        t["mart_customer_tier"].query("tier != 'NONE'"), ["year", "tier"]
    ),
    "lifecycle.stage5": lambda t: grouped(t["mart_lifecycle"], ["stage5"]),
    "lifecycle.stage4": lambda t: grouped(t["mart_lifecycle"], ["stage4"]),
    "churn.risk": lambda t: grouped(t["mart_churn_risk"], ["band"]),
    "digest.reading": lambda t: grouped(
        t["rpt_digest_reading"][
            lambda f: pd.to_datetime(f.digest_date) > pd.to_datetime(f.as_of) - pd.Timedelta("7D")
        ].assign(digest_date=lambda f: f.digest_date.astype(str).str[:10]),
        ["digest_date", "status"],
    ),
    "care.key": lambda t: grouped(t["mart_care"], ["contact_status", "plan_status"]),
    "compliance.access": lambda t: grouped(
        t["rpt_data_access"], ["agreement_status", "training_status"]
    ),
    "compliance.agreements": lambda t: grouped(t["rpt_agreements"], ["kind", "status"]),
    "quality.reconciliation": lambda t: summed(t["audit_loads"], ["feed"], "rows_accepted"),
}
COUNTS = {
    "executive.alerts": ("alert_code", "severity", "owner", "open_alerts"),
    "executive.sales": ("month_start", "net_sales"),
    "customers.tiers": ("year", "tier", "customers"),
    "lifecycle.stage5": ("stage5", "customers"),
    "lifecycle.stage4": ("stage4", "customers"),
    "churn.risk": ("band", "customers"),
    "digest.reading": ("digest_date", "status", "readers"),
    "care.key": ("contact_status", "plan_status", "customers"),
    "compliance.access": ("agreement_status", "training_status", "people"),
    "compliance.agreements": ("kind", "status", "agreements"),
    "quality.reconciliation": ("feed", "rows_accepted"),
}


def grouped(frame: pd.DataFrame, by: list[str]) -> list[tuple]:
    return [(*tupled(key), count) for key, count in frame.groupby(by).size().items()]


def summed(frame: pd.DataFrame, by: list[str], column: str) -> list[tuple]:
    sums = frame.groupby(by)[column].agg(lambda values: float(sum(map(Decimal, map(str, values)))))
    return [(*tupled(key), total) for key, total in sums.items()]


def tupled(key: object) -> tuple:
    return key if isinstance(key, tuple) else (key,)


@pytest.mark.requirement("ARCH-10")
@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[block.name for _, block in BLOCKS])
def test_what_a_query_found_is_a_row_of_its_mart(
    page: Page, block: Block, marts: duckdb.DuckDBPyConnection
) -> None:
    found = queried(marts, block)
    if block.is_cards:
        # Sales are added up; every other figure stands in the mart that is named beside it.
        for row in found:
            table = marts.table(row["mart"]).df()
            if row["mart"] == "fct_sales":
                years = summed(
                    table.assign(year=pd.to_datetime(table.business_date).dt.year),
                    ["year"],
                    "net_amount_chain",
                )
                assert dict(years)[int(row["period"])] == row["value"]
                continue
            numbers = table.select_dtypes("number").to_numpy(float).ravel()
            for key in ("value", "before", "target", "benchmark", "margin"):
                value = row[key]
                assert value is None or any(math.isclose(value, n) for n in numbers), (row, key)
        return
    if block.name in COUNTED:
        tables = {block.mart: marts.table(block.mart).df()}
        expected = sorted(map(str, COUNTED[block.name](tables)))
        got = sorted(str(tuple(row[key] for key in COUNTS[block.name])) for row in found)
        assert [re.sub(r"\.0\b", "", text) for text in got] == [
            re.sub(r"\.0\b", "", text) for text in expected
        ]
        return
    assert "group by" not in block.sql, "say in COUNTED what is counted"
    table = marts.table(block.mart).df()
    for row in found:
        held = table
        for key in row.keys() & set(table.columns):
            held = held[[same(row[key], value) for value in held[key]]]
        assert len(held) >= 1, row


def test_a_figure_reads_as_its_value(figures: dict[str, Figures]) -> None:
    read = 0
    for page in PAGES:
        for figure in figures[page.name].found:
            if figure.value is None:
                assert re.fullmatch("[a-z ]+", figure.text), figure
                continue
            scale = 100 if figure.text.endswith("%") else 1
            number = Decimal(figure.text.strip("%+").replace(",", ""))
            half = Decimal("0.5000001").scaleb(number.as_tuple().exponent)
            assert abs(Decimal(figure.value) * scale - number) <= half, figure
            read += 1
    assert read > 500


def test_every_block_says_what_its_figures_are(marts: duckdb.DuckDBPyConnection) -> None:
    words = load_words(marts)
    wanted = [f"page.{page.name}{part}" for page in PAGES for part in ("", ".lead")]
    wanted += [f"menu.{page.group}" for page in PAGES]
    for _, block in BLOCKS:
        wanted += [block.name, f"{block.name}.note"]
        wanted += [f"col.{column.key}" for column in block.columns]
        wanted += [column.absent for column in block.columns]
        for row in queried(marts, block):
            # The names of stores are what they are; of all else there is a word.
            wanted += [
                f"{group}.{row[column]}"
                for column, group in block.groups.items()
                if row[column] is not None
                and not re.fullmatch(r"S\d\d|\d+|[ABC]", str(row[column]))
            ]
            if block.is_cards:
                wanted += [
                    f"kpi.{row['kpi']}",
                    *([f"status.{row['status']}"] if row["status"] else []),
                    *([f"no_data.{row['reason'].partition(': ')[0]}"] if row.get("reason") else []),
                ]
    assert [key for key in wanted if key not in words["zh"]] == []
    own = [key for key in wanted if key.startswith(("page.", "menu.", "frame.", "col."))]
    assert [key for key in own if key not in words["en"]] == []


def test_every_figure_says_its_day_and_its_verdict(texts: dict[str, str]) -> None:
    for page in PAGES:
        sections = re.findall(r"<section.*?</section>", texts[page.name], re.DOTALL)
        assert len(sections) >= len([block for block in page.blocks if not block.is_optional])
        for one in sections:
            (source,) = re.findall(r'<p class="source">.*?</p>', one, re.DOTALL)
            assert FACTS.as_of in source
            assert re.search(r'class="chip (pass|warn|fail)"', source)


def test_a_page_names_no_person(texts: dict[str, str], marts: duckdb.DuckDBPyConnection) -> None:
    people = {
        value
        for (value,) in marts.execute(
            "select customer_id from dim_customer union select feedback_id from fct_feedback"
            " union select entity_id from fct_alerts where entity_type = 'customer'"
            " union select handler_id from fct_complaint union select reader_id"
            " from rpt_digest_reading"
        ).fetchall()
        if value
    }
    assert len(people) > 200
    for name, text in texts.items():
        words = set(re.findall(r"[\w/-]+", text))
        assert not words & people, name


def test_nothing_is_fetched_from_elsewhere(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
        assert "http" not in re.sub(r"http-equiv", "", text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium is installed: run `make browser`")
    with Browser(program) as browser:
        yield browser


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_browser_draws_the_page(
    page: Page, width: int, browser: Browser, folder: Path, figures: dict[str, Figures]
) -> None:
    charts = json.loads(figures[page.name].payload)["charts"]
    for language in LANGUAGES:
        seconds = browser.open(f"{(folder / page.name).as_uri()}.html?lang={language}", width)
        assert seconds < 2
        assert browser.complaints() == []
        home = folder.as_uri()
        assert [a for a in browser.requests() if not a.startswith((home, "data:"))] == []
        assert browser.ask("document.querySelectorAll('.chart svg').length") == len(charts)
        # Every chart has drawn something beside its axes, and nothing hangs over the edge.
        drawn = "[...document.querySelectorAll('.chart')].map(c => c.querySelectorAll("
        drawn += "'.role-mark path, .role-mark text, .role-mark line').length)"
        assert all(browser.ask(drawn))
        assert browser.ask("document.documentElement.scrollWidth") <= width
        hidden = "[...document.querySelectorAll('.scroll')].filter(e => !e.closest('details')"
        hidden += " && e.scrollWidth > e.clientWidth).map(e => e.closest('section').id)"
        assert browser.ask(hidden) == []
        told = browser.ask("document.body.innerText")
        assert ("数据截止日" in told) is (language == "zh")
        assert ("As of" in told) is (language == "en")
        # Text that can be read: twelve pixels or more, but for what says where a figure is from.
        small = "[...document.querySelectorAll('main td, main p:not(.origin), .chart text')]"
        small += ".filter(e => e.offsetParent !== null || e.ownerSVGElement)"
        small += ".map(e => parseFloat(getComputedStyle(e).fontSize)).filter(s => s < 11.9)"
        assert browser.ask(small) == []


def test_the_language_can_be_switched(browser: Browser, folder: Path) -> None:
    browser.open((folder / "index.html").as_uri(), WIDE)
    assert browser.ask("document.querySelector('h1').innerText") == "Overview"
    browser.ask("document.getElementById('language').click()")
    assert browser.ask("document.querySelector('h1').innerText") == "总览"
    assert browser.ask("document.documentElement.lang") == "zh-Hans"
