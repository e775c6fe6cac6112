"""Writes the dashboards of a version: static pages that need no server and no network."""

import csv
import importlib.util
import json
import logging
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
import jinja2
import vl_convert

from regulars.dashboards.page import Block, Page, Words
from regulars.settings import PROJECT_ROOT

log = logging.getLogger(__name__)

DASHBOARDS = PROJECT_ROOT / "dashboards"
FRAME = DASHBOARDS / "frame"
LANGUAGES = ("en", "zh")
FIRST = "executive"
# Terms that the marts bring along: language, group of labels, table, code, its name.
_NAMED_IN_MARTS = (
    ("en", "kpi", "rpt_kpi_dictionary", "kpi", "name_en"),
    ("zh", "kpi", "rpt_kpi_dictionary", "kpi", "name_zh"),
    ("zh", "stage4", "rpt_lifecycle_crosswalk", "stage4", "stage4_zh"),
    ("zh", "stage5", "rpt_lifecycle_crosswalk", "stage5", "stage5_zh"),
    ("zh", "dimension", "mart_satisfaction", "dimension", "dimension_zh"),
    ("zh", "churn_reason", "dim_churn_reason", "reason", "name_zh"),
    ("zh", "complaint_type", "dim_complaint_type", "complaint_type", "name_zh"),
    ("zh", "col", "rpt_column_label", "column_name", "label_zh"),
)


@dataclass(frozen=True)
class Facts:
    """What every page says of its version."""

    version: str
    as_of: str
    verdict: str | None
    coverage: float | None
    currency: str


def write_dashboards(
    connection: duckdb.DuckDBPyConnection, facts: Facts, folder: Path, before: Path | None = None
) -> list[Path]:
    """Write every page, and ``index.html``, into ``folder``.

    Args:
        connection: sees the marts of the version without a schema name.
        facts: what to say of the version.
        folder: is made; charts are drawn by one file of JavaScript beside the pages.
        before: the dashboards of an earlier version, whose JavaScript is taken if it is the same.

    Returns:
        The pages in the order of their menu.
    """
    pages = load_pages()
    words = load_words(connection)
    verdicts = _verdicts(connection)
    folder.mkdir(parents=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FRAME),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "both": lambda key: {language: words[language](key) for language in LANGUAGES},
        "shown": shown,
        "raw": raw,
        "is_figure": FORMS.__contains__,
    }
    template = environment.get_template("page.html.jinja")
    program = _write_program(folder, before)
    written = []
    for page in pages:
        figures = [
            figure
            for block in page.blocks
            if (figure := _figure(connection, block, words, facts, verdicts))
        ]
        text = template.render(
            page=page,
            menu=menu(pages),
            facts=facts,
            figures=figures,
            program=program,
            style=(FRAME / "page.css").read_text(encoding="utf-8"),
            payload=_payload(figures, words),
        )
        path = folder / f"{page.name}.html"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    shutil.copyfile(folder / f"{FIRST}.html", folder / "index.html")
    return written


def menu(pages: Sequence[Page]) -> list[tuple[str, list[Page]]]:
    """Pages by their group, both in the order in which the pages come."""
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.group, []).append(page)
    return list(groups.items())


@cache
def load_pages() -> tuple[Page, ...]:
    """The page of every file of ``dashboards/``, in the order of the menu."""
    found = []
    for path in sorted(DASHBOARDS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"regulars_dashboards_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.append(module.PAGE)
    return tuple(sorted(found, key=lambda page: page.order))


def load_words(connection: duckdb.DuckDBPyConnection) -> dict[str, Words]:
    """Labels by language: ``dashboards/labels.csv``, and for what it leaves out the marts' own."""
    labels: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for language, group, table, code, name in _NAMED_IN_MARTS:
        found = _query(connection, f"select distinct {code}, {name} from {table}")[1] or []
        labels[language] |= {f"{group}.{row[code]}": row[name] for row in found if row[name]}
    with (DASHBOARDS / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for language in LANGUAGES:
                if row[language]:
                    labels[language][row["key"]] = row[language]
    return {language: Words(of) for language, of in labels.items()}


@dataclass(frozen=True)
class Figure:
    """A block with its rows: ``missing`` says why there are none, as a key of labels."""

    block: Block
    rows: list[dict[str, Any]]
    missing: str | None
    verdict: str | None
    specs: dict[str, dict[str, Any]] | None


def _figure(
    connection: duckdb.DuckDBPyConnection,
    block: Block,
    words: dict[str, Words],
    facts: Facts,
    verdicts: dict[str, str],
) -> Figure | None:
    problem, found = _query(connection, block.sql)
    if problem and block.is_optional:
        return None
    rows = found or []
    missing = None
    if problem:
        log.warning("%s: %s", block.name, problem)
        missing = "frame.no_table"
    elif not rows:
        missing = f"{block.name}.empty" if f"{block.name}.empty" in words["en"] else "frame.no_rows"
    specs = None
    if rows and block.draw:
        specs = {language: _spec(block, words[language]) for language in LANGUAGES}
    return Figure(block, rows, missing, verdicts.get(block.mart, facts.verdict), specs)


def _query(
    connection: duckdb.DuckDBPyConnection, sql: str
) -> tuple[str | None, list[dict[str, Any]] | None]:
    """Rows as dictionaries, or why a version without such a table or column has none."""
    try:
        result = connection.execute(sql)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        return str(error).splitlines()[0], None
    names = [column[0] for column in result.description]
    return None, [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _verdicts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    sql = "select subject, verdict from dq_verdicts where subject_type = 'mart'"
    return {row["subject"]: row["verdict"] for row in _query(connection, sql)[1] or []}


def _spec(block: Block, words: Words) -> dict[str, Any]:
    with alt.data_transformers.enable(max_rows=None):
        spec = block.draw(words).configure(**_theme()).to_dict(validate=False)
    spec.pop("$schema")
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec


def _theme() -> dict[str, Any]:
    font = "-apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'PingFang SC', sans-serif"
    quiet, line = "#59636e", "#e3e7eb"
    return {
        "font": font,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelColor": quiet,
            "titleColor": quiet,
            "gridColor": line,
            "domainColor": line,
            "tickColor": line,
            "labelLimit": 130,
            "titleAnchor": "start",
        },
        # Read without turning one's head.
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleY": -12, "titleX": 0},
        "legend": {
            "orient": "top",
            "offset": 32,
            "labelFontSize": 12,
            "labelLimit": 220,
            "title": None,
            "columns": 3,
            "symbolType": "square",
        },
        "text": {"fontSize": 12, "color": "#1d2329"},
        "point": {"filled": True, "size": 60},
        "line": {"strokeWidth": 2.5},
    }


def _payload(figures: list[Figure], words: dict[str, Words]) -> str:
    """What the page's program draws, as JSON that is safe inside a script element."""
    charts, labels = {}, {language: {} for language in LANGUAGES}
    for figure in figures:
        if figure.specs is None:
            continue
        groups = figure.block.groups
        for column, group in groups.items():
            for code in {row[column] for row in figure.rows} - {None}:
                for language in LANGUAGES:
                    key = f"{group}.{code}"
                    labels[language][key] = words[language](key)
        charts[figure.block.name] = {
            "rows": [{k: raw(v) for k, v in row.items()} for row in figure.rows],
            "groups": groups,
            "specs": figure.specs,
        }
    text = json.dumps({"charts": charts, "labels": labels}, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def raw(value: object) -> object:
    """A value as JSON holds it; what is no number is nothing."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


# Digits after the point, and how the rounded number is written.
FORMS = {
    "count": (0, "{:,}"),
    "change": (0, "{:+,}"),
    "money": (0, "{:,}"),
    "score": (1, "{:,}"),
    "signed": (1, "{:+,}"),
    "ratio": (2, "{:,}"),
    "share": (1, "{:,}%"),
}


def shown(value: object, form: str) -> str | None:
    """A value as people read it; None where there is none.

    Ties are rounded away from zero, as the charts do.
    """
    value = raw(value)
    if value is None or value == "":
        return None
    if form in FORMS:
        digits, pattern = FORMS[form]
        exact = Decimal(value) * (100 if form == "share" else 1)
        rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        return pattern.format(abs(rounded) if rounded.is_zero() else rounded)
    if form == "month":
        return str(value)[:7]
    return str(value)


def _write_program(folder: Path, before: Path | None) -> str:
    """Put Vega and the page's own program into ``folder``; the name of the first."""
    own = "page.js"
    (folder / own).write_text((FRAME / own).read_text(encoding="utf-8"), encoding="utf-8")
    name = f"vega-{installed('altair')}-{installed('vl-convert-python')}.js"
    if before and (before / name).is_file():
        shutil.copyfile(before / name, folder / name)
        (folder / name).chmod(0o644)
    else:
        (folder / name).write_text(_bundle(), encoding="utf-8")
    return name


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed in one classic script; a second and a half to put together."""
    major, minor, *_ = alt.SCHEMA_VERSION.lstrip("v").split(".")
    return vl_convert.javascript_bundle(vl_version=f"{major}.{minor}")
