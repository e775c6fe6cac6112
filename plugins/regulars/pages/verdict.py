"""Pages on a build and on what is published: what was judged, what failed, what is missing."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from regulars.errors import RegularsError
from regulars.feeds.ledger import recent_lines
from regulars.feeds.sql import literal
from regulars.pages.place import page_name, page_path
from regulars.settings import Settings, load_settings
from regulars.warehouse.alerts import is_about_a_person
from regulars.warehouse.connection import build_lock, connect
from regulars.warehouse.publish import DATABASE, DESCRIPTION, current

TEMPLATE = Path(__file__).with_name("verdict.html.jinja")
# The whole lists are marts; a page is to be read.
ROWS_SHOWN = 200
PAGES_KEPT = 100
LOADS_SHOWN = 50
RUNS_LINKED = 10
NO_DATA = "no data"


@dataclass(frozen=True)
class Table:
    """A list as the page shows it: ``columns`` are headings, ``more`` counts what is left out."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    more: int = 0


def write_verdict_page(run_id: str) -> Path:
    """Write the page on the warehouse as it stands, in place of the run's earlier one.

    It belongs to the run and not to a version: a build that fails the gate has one and publishes
    nothing, and after a rollback every run still shows what it found. The oldest pages go.

    Raises:
        RegularsError: nothing was built yet, or the warehouse cannot be opened.
        duckdb.Error: a mart that the page reads is not there.
    """
    settings = load_settings()
    with (
        build_lock(settings, "write_verdict_page"),
        connect(settings, read_only=True) as connection,
    ):
        text = render(connection, run_id)
    path = settings.verdicts / f"{page_name(run_id)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
    pages = sorted(path.parent.glob("*.html"), key=lambda page: page.stat().st_mtime_ns)
    for page in pages[:-PAGES_KEPT]:
        page.unlink(missing_ok=True)
    return path


def render(connection: duckdb.DuckDBPyConnection, run_id: str) -> str:
    """The page as HTML that needs nothing else; every value is escaped."""
    summary = _summary(connection)
    return _render(
        title=f"Verdict as of {summary.pop('as_of')}",
        subject=f"run {run_id}",
        **summary,
        links=[],
        tables=[read(connection) for read in _TABLES],
    )


def render_overview() -> str:
    """The page on what readers see now, and on the files that were loaded last, as HTML.

    It reads the published version and the ledger, so that no build keeps it waiting.
    """
    settings = load_settings()
    loads = _loads(settings)
    try:
        folder = current()
    except RegularsError as error:
        return _render(
            title="Quality and loads",
            subject=str(error),
            verdict=None,
            facts=[],
            links=_run_pages(settings),
            tables=[loads],
        )
    said = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    with closing(duckdb.connect(config={"threads": 1})) as connection:
        # Its tables go by the names that they have in the warehouse.
        connection.execute(f"attach {literal(str(folder / DATABASE))} as marts (read_only)")
        tables = [read(connection) for read in _TABLES]
    return _render(
        title=f"Quality and loads, as of {said['as_of']}",
        subject=f"version {said['version']}, which readers see now",
        verdict=said["verdict"],
        facts=[
            ("Sales with a known customer", _share(said["coverage_pct"])),
            ("Files in the ledger", f"{said['loads']['files']:,}"),
            ("Newest load (UTC)", _text(said["known_at"])),
            ("Code", _text(said["code_version"])),
        ],
        links=[
            (
                f"Dashboards of version {said['version']}",
                f"dashboards/{said['version']}/index.html",
            ),
            *_run_pages(settings),
        ],
        tables=[*tables[:3], loads, *tables[3:]],
    )


def _render(**page: Any) -> str:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(page)


def _run_pages(settings: Settings) -> list[tuple[str, str]]:
    """Verdict pages of the last runs, newest first: what to say, and the address."""
    pages = [page for page in settings.verdicts.glob("*.html") if page_path(settings, page.stem)]
    written = sorted(((page.stat().st_mtime, page.stem) for page in pages), reverse=True)
    return [
        (f"Verdict of {datetime.fromtimestamp(when, UTC):%Y-%m-%d %H:%M} UTC", f"verdicts/{name}")
        for when, name in written[:RUNS_LINKED]
    ]


def _loads(settings: Settings) -> Table:
    """The ledger's newest lines, also of loads that no version holds yet."""
    rows = [
        tuple(
            _text(line[key])
            for key in (
                *("file_path", "delivery_date", "status", "verdict", "rows_received"),
                *("rows_loaded", "rows_quarantined", "loaded_at"),
            )
        )
        for line in recent_lines(settings.lake, LOADS_SHOWN)
    ]
    columns = ("File", "Delivered", "Status", "Verdict", "Rows received", "Loaded", "Quarantined")
    return Table("Files loaded last", "" if rows else "None yet.", (*columns, "At (UTC)"), rows)


def _summary(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Verdict of the marts, and the figures in the head of the page."""
    as_of, known_at, code = connection.execute(
        "select as_of, known_at, code_version from raw.build"
    ).fetchone()
    judged, empty, failed, critical = connection.execute("""
        select
            count(*),
            count(*) filter (success and observed is null),
            count(*) filter (not success),
            count(*) filter (not success and severity = 'critical')
        from marts.dq_results
        where subject_type = 'mart'
    """).fetchone()
    (coverage,) = connection.execute(
        "select max(coverage_pct) from marts.dq_verdicts where subject_type = 'feed'"
    ).fetchone()
    (files,) = connection.execute("select count(*) from marts.audit_loads").fetchone()
    return {
        "verdict": _verdict(judged - empty, failed, critical),
        "as_of": _text(as_of),
        "facts": [
            ("Mart checks", f"{judged:,}, {empty:,} of them without data"),
            ("Mart checks failed", f"{failed:,}, {critical:,} of them critical"),
            ("Sales with a known customer", _share(coverage)),
            ("Files in the ledger", f"{files:,}"),
            ("Newest load (UTC)", NO_DATA if known_at is None else f"{known_at:%Y-%m-%d %H:%M}"),
            ("Code", _text(code)),
        ],
    }


def _marts(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "Marts",
        "No mart was judged in this build.",
        """
        select
            verdicts.subject, verdicts.verdict, verdicts.checks, verdicts.failed_critical,
            verdicts.failed_warning, count(*) filter (results.success and results.observed is null)
        from marts.dq_verdicts as verdicts
        left join marts.dq_results as results
            on verdicts.subject = results.subject and results.subject_type = 'mart'
        where verdicts.subject_type = 'mart'
        group by
            verdicts.subject, verdicts.verdict, verdicts.checks, verdicts.failed_critical,
            verdicts.failed_warning
        order by
            case verdicts.verdict when 'fail' then 0 when 'warn' then 1 else 2 end,
            verdicts.subject
        """,
        ("Mart", "Verdict", "Checks", "Failed, critical", "Failed, warning", "Without data"),
    )


def _verdict(measured: int, failed: int, critical: int) -> str | None:
    """As the gate says it; None where no check found anything to measure, which says nothing."""
    if not measured:
        return None
    return "fail" if critical else "warn" if failed else "pass"


def _failures(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "Checks that failed",
        "None.",
        """
        select
            subject, severity, expectation || coalesce(' of ' || column_name, ''),
            coalesce(observed, 'no data'), reason
        from marts.dq_results
        where not success
        order by severity <> 'critical', subject_type <> 'mart', subject, suite, expectation,
            column_name
        """,
        ("Mart or file", "Severity", "Check", "Found", "Why it matters"),
    )


def _feeds(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "Feeds",
        "None was delivered.",
        """
        select
            verdicts.subject, coalesce(verdicts.verdict, 'no data'), verdicts.last_delivery_date,
            verdicts.days_since_delivery, freshness.max_days,
            case freshness.is_stale when true then 'stale' when false then 'fresh' end,
            coalesce(verdicts.reasons, '')
        from marts.dq_verdicts as verdicts
        left join marts.rpt_freshness as freshness
            on verdicts.subject = freshness.feed and freshness.store_id is null
        where verdicts.subject_type = 'feed'
        order by
            case verdicts.verdict when 'fail' then 0 when 'warn' then 1 else 2 end,
            coalesce(freshness.is_stale, false) desc,
            starts_with(verdicts.subject, 'ref_'),
            verdicts.subject
        """,
        ("Feed", "Verdict", "Last delivery", "Days ago", "Days allowed", "Freshness", "Reasons"),
    )


def _stores(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "Stores with missing deliveries",
        "None.",
        """
        select store_id, deliveries_missing, last_delivery_date, last_event_date
        from marts.rpt_freshness
        where store_id is not null and is_stale
        order by deliveries_missing desc, store_id
        """,
        ("Store", "Deliveries missing", "Last delivery on time", "Last sale"),
    )


def _alerts(connection: duckdb.DuckDBPyConnection) -> Table:
    def named(row: tuple) -> tuple:
        code, severity, kind, entity, *rest = row
        shown = f"a {kind}" if is_about_a_person(kind) else f"{kind} {entity}"
        return (code, severity, shown, *rest)

    return _table(
        connection,
        "Open alerts",
        "None.",
        """
        select
            alert_code, severity, entity_type, entity_id, opened_at, value, threshold, owner,
            'docs/' || runbook
        from marts.fct_alerts
        where status = 'open'
        order by severity <> 'critical', opened_at desc, alert_code, entity_type, entity_id
        """,
        ("Alert", "Severity", "About", "Open since", "Value", "Bound", "Owner", "What to do"),
        named,
    )


def _rejections(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "Rejected files that nothing has replaced",
        "None.",
        """
        select file_path, delivery_date, reason
        from marts.audit_loads
        where
            status = 'rejected'
            and (feed, file_path) not in (
                select (feed, file_path) from marts.audit_loads where status <> 'rejected'
            )
        order by delivery_date desc, file_path, reason
        """,
        ("File", "Delivered", "Reason"),
    )


def _rows(connection: duckdb.DuckDBPyConnection) -> Table:
    return _table(
        connection,
        "What became of every row",
        "No file was delivered.",
        """
        select
            feed, count(*), sum(rows_received), sum(rows_accepted), sum(rows_duplicate),
            sum(rows_quarantined), sum(net_amount_received), sum(net_amount_accepted),
            sum(net_amount_duplicate), sum(net_amount_quarantined)
        from marts.audit_loads
        group by feed
        order by starts_with(feed, 'ref_'), feed
        """,
        ("Feed", "Files", "Rows received", "= accepted", "+ duplicate", "+ quarantined"),
        _with_amounts,
    )


def _with_amounts(row: tuple) -> tuple:
    """Rows, and below them the net amount where a feed has one."""
    feed, files, *figures = row
    return (feed, files, *(_stacked(*pair) for pair in zip(figures[:4], figures[4:], strict=True)))


def _stacked(rows: int, amount: object) -> str:
    return _text(rows) if amount is None else f"{_text(rows)}\nnet {_text(amount)}"


# What needs somebody comes first.
_TABLES = (_failures, _alerts, _rejections, _stores, _feeds, _marts, _rows)


def _table(
    connection: duckdb.DuckDBPyConnection,
    title: str,
    none: str,
    sql: str,
    columns: tuple[str, ...],
    shown: Callable[[tuple], tuple] = tuple,
) -> Table:
    found = connection.execute(sql).fetchall()
    rows = [tuple(_text(value) for value in shown(row)) for row in found[:ROWS_SHOWN]]
    return Table(title, "" if rows else none, columns, rows, len(found) - len(rows))


def _text(value: object) -> str:
    if value is None:
        return NO_DATA
    if isinstance(value, date | str):
        return str(value)
    return f"{value:,.6g}" if isinstance(value, float) else f"{value:,}"


def _share(value: float | None) -> str:
    return NO_DATA if value is None else f"{value:.1%}"
