"""Files for people: the sheets of the workbook as XLSX, sheets and action lists as CSV.

What a spreadsheet would take for a formula stays text, whatever a delivered value may hold.
"""

import csv
import logging
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from regulars.errors import RegularsError
from regulars.warehouse.publish import DATABASE, current

log = logging.getLogger(__name__)

WORKBOOK = "workbook.xlsx"
# What is to be done next, beside the sheets: whom to speak to, whom to ask, what is wrong.
LISTS = ("rpt_next_action", "rpt_survey_due", "fct_alerts")
# A sheet of Excel ends here, the heading included.
SHEET_ROWS = 1_048_576
# Spreadsheets evaluate what begins so, some of them after trimming; the wide forms as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_current(folder: Path) -> Path:
    """Write the current version's files to ``folder/<version>``, in place of earlier ones.

    Returns:
        The folder: ``workbook.xlsx`` with the sheets in their order, Chinese headings, and a CSV
        of every sheet and list, with the column names of the marts.

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
    shutil.rmtree(target, ignore_errors=True)
    aside.rename(target)
    return target


def safe_text(value: str) -> str:
    """The text as a CSV may hold it: an apostrophe goes before what looks like a formula."""
    return f"'{value}" if value.lstrip(" \u00a0\u3000\ufeff").startswith(_FORMULA) else value


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[list[str], Iterator[tuple]]:
    # A cursor of its own: the tables are read side by side, row by row.
    result = connection.cursor().execute(f'from "{table}"')
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
) -> None:
    book = Workbook(write_only=True)
    for table, title in sheets:
        names, rows = _rows(connection, table)
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
