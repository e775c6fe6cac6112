"""Files for people: the sheets of the workbook as XLSX, sheets and action lists as CSV, and a
workbook for every unit, that is each department and each store, with its own reports.

What a spreadsheet would take for a formula stays text, whatever a delivered value may hold.
"""

import csv
import logging
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, load_contract
from regulars.warehouse.publish import DATABASE, current

log = logging.getLogger(__name__)

WORKBOOK = "workbook.xlsx"
UNITS = "units"
UNIT_PACK = "rpt_unit_pack"
# A company, a line of records, who answers for something: no customer, no work of one person.
_NOT_A_PERSON = ("partner_name", "record_id", "owner_id")
# Names under which marts, not contracts, tell of single customers: a case is a complaint.
_MAY_BE_A_PERSON = {"entity_id", "entities", "case_id"}
# What is to be done next, beside the sheets: whom to speak to, whom to ask, what is wrong.
LISTS = ("rpt_next_action", "rpt_survey_due", "fct_alerts")
# A sheet of Excel ends here, the heading included.
SHEET_ROWS = 1_048_576
# Spreadsheets evaluate what begins so, some of them after trimming; the wide forms as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_current(folder: Path) -> Path:
    """Write the current version's files to ``folder/<version>``, in place of earlier ones.

    Returns:
        The folder: ``workbook.xlsx`` with the sheets in their order, Chinese headings, a CSV of
        every sheet and list, with the column names of the marts, and ``units/<unit>.xlsx``.

    Raises:
        RegularsError: nothing was published yet, or the version has no workbook.
    """
    version = current()
    with duckdb.connect(version / DATABASE, read_only=True) as connection:
        try:
            sheets = connection.execute(
                "select object_name, sheet_zh from rpt_workbook order by sheet_no"
            ).fetchall()
            labels = dict(
                connection.execute("select column_name, label_zh from rpt_column_label").fetchall()
            )
        except duckdb.CatalogException as error:
            raise RegularsError(f"version {version.name} has no workbook: {error}") from error
        target = folder / version.name
        aside = folder / f".new-{version.name}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        _write_workbook(connection, sheets, labels, aside / WORKBOOK)
        for table in (*(name for name, _ in sheets), *LISTS):
            _write_csv(connection, table, aside / f"{table}.csv")
        _write_units(connection, labels, aside / UNITS)
    shutil.rmtree(target, ignore_errors=True)
    aside.rename(target)
    return target


def safe_text(value: str) -> str:
    """The text as a CSV may hold it: an apostrophe goes before what looks like a formula."""
    return f"'{value}" if value.lstrip(" \u00a0\u3000\ufeff").startswith(_FORMULA) else value


def _write_units(
    connection: duckdb.DuckDBPyConnection, labels: dict[str, str], folder: Path
) -> None:
    """A workbook for each owner of published tables, and for each store its rows of them.

    What tells of single customers or of the work of single people stays out, whoever owns it.
    """
    tables = tables_without_people(connection)
    owners: dict[str, list[str]] = {}
    for table, owner in connection.execute("select mart, owner from rpt_mart_use").fetchall():
        if table in tables:
            owners.setdefault(owner, []).append(table)
    folder.mkdir()
    for owner, owned in owners.items():
        sheets = [(table, table) for table in sorted(owned)]
        _write_workbook(connection, sheets, labels, folder / f"{owner}.xlsx")
    of_stores = sorted(
        (table for table, columns in tables.items() if "store_id" in columns),
        key=lambda table: (table != UNIT_PACK, table),
    )
    for (store,) in connection.execute("select store_id from dim_store").fetchall():
        # An id may hold anything; nothing of it leads out of the folder.
        path = folder / f"store-{quote(store, safe='')}.xlsx"
        _write_workbook(connection, [(t, t) for t in of_stores], labels, path, store)


def tables_without_people(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The marts and reports, with their columns, that tell of no single customer or colleague.

    These have no column that a contract classes as an identifier, or that goes by another name.
    """
    identifiers = {
        column.name
        for feed in FEEDS
        for column in load_contract(feed).columns
        if column.classification == "identifier" and not column.name.endswith(_NOT_A_PERSON)
    } | _MAY_BE_A_PERSON
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns()"
        " where regexp_matches(table_name, '^(mart|rpt)_')"
    ).fetchall():
        columns.setdefault(table, set()).add(column)
    return {table: names for table, names in columns.items() if not names & identifiers}


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, store: str | None = None
) -> tuple[list[str], Iterator[tuple]]:
    # A cursor of its own: the tables are read side by side, row by row.
    condition, values = ("", []) if store is None else (" where store_id = ?", [store])
    result = connection.cursor().execute(f'from "{table}"{condition}', values)
    names = [column[0] for column in result.description]
    return names, iter(result.fetchone, None)


def _write_csv(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    names, rows = _rows(connection, table)
    # With the mark that tells Excel that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow(safe_text(v) if isinstance(v, str) else v for v in row)


def _write_workbook(
    connection: duckdb.DuckDBPyConnection,
    sheets: list[tuple[str, str]],
    labels: dict[str, str],
    path: Path,
    store: str | None = None,
) -> None:
    book = Workbook(write_only=True)
    for table, title in sheets:
        names, rows = _rows(connection, table, store)
        heading = [labels.get(name, name) for name in names]
        sheet, held, part = _sheet(book, title, heading), 1, 1
        for row in rows:
            if held == SHEET_ROWS:
                part += 1
                sheet, held = _sheet(book, f"{title} ({part})", heading), 1
            sheet.append([_cell(sheet, value) for value in row])
            held += 1
    book.save(path)


def _sheet(book: Workbook, title: str, heading: list[str]) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name) for name in heading])
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """A text is a text: openpyxl would make a formula of what begins with an equals sign."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_FORMULA)
    return cell
