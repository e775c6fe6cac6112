"""What each published version said: one small file a version, kept beside the lake.

A version may be dropped and the warehouse deleted; what was said stays said.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from regulars.code_version import code_version
from regulars.feeds.sql import literal
from regulars.settings import Settings

log = logging.getLogger(__name__)

FIGURES = "marts.rpt_figures_told"
# What ``raw`` holds of these files; see ``warehouse.sync``.
SAID = {
    "version": "VARCHAR",
    "figure": "VARCHAR",
    "period_kind": "VARCHAR",
    "period_start": "DATE",
    "figure_value": "DECIMAL(28,9)",
    "as_of": "DATE",
    "known_at": "TIMESTAMP",
    "code_version": "VARCHAR",
}
STEPS = ("with_rules", "with_late_data", "with_corrections", "with_identities")
SPLIT = {
    "version_before": "VARCHAR",
    "version_after": "VARCHAR",
    "figure": "VARCHAR",
    "period_kind": "VARCHAR",
    "period_start": "DATE",
    **dict.fromkeys(STEPS, "DECIMAL(28,9)"),
}


@dataclass(frozen=True)
class Edition:
    """A version that was published: the newest day it knew, the last load, UTC, and its code."""

    version: str
    as_of: date
    known_at: datetime
    code: str


def said_files(settings: Settings) -> list[Path]:
    """One file per version that told something, oldest first."""
    return sorted(settings.said.glob("[0-9]*.parquet"))


def split_files(settings: Settings) -> list[Path]:
    """One file per pair of versions whose differences were split."""
    return sorted((settings.said / "splits").glob("*.parquet"))


def keep_said(connection: duckdb.DuckDBPyConnection, settings: Settings, version: str) -> None:
    """Keep the figures of the built marts as those of ``version``; kept once, never changed."""
    path = settings.said / f"{version}.parquet"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(
        connection,
        f"select {literal(version)} as version, told.figure, told.period_kind, told.period_start,"
        " told.figure_value, build.as_of, build.known_at,"
        f" {literal(code_version())} as code_version"
        f" from {FIGURES} as told cross join raw.build as build",
        path,
    )


def editions(settings: Settings) -> dict[str, Edition]:
    """Every version that told something, by its number."""
    files = said_files(settings)
    if not files:
        return {}
    with duckdb.connect() as connection:
        found = connection.execute(
            "select distinct version, as_of, known_at, code_version"
            f" from read_parquet([{', '.join(literal(str(path)) for path in files)}])"
        ).fetchall()
    return {row[0]: Edition(*row) for row in sorted(found)}


def write_whole(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as Parquet aside and rename: a reader finds all of it or none."""
    aside = path.with_name(f".new-{path.name}")
    connection.execute(f"copy ({query} order by all) to {literal(str(aside))} (format parquet)")
    aside.replace(path)
