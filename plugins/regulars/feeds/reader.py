"""Read delivered files of one feed with DuckDB: declared columns, nothing sniffed, nothing lost."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas

from regulars.feeds.checks import Problem, checked_columns, checked_select
from regulars.feeds.contract import Contract
from regulars.feeds.delivery import Delivered, FileRejectedError, Manifest
from regulars.feeds.layout import Layout
from regulars.feeds.opening import (
    FILE_PLACE,
    UNREADABLE,
    Opened,
    json_lines,
    told,
    with_one_line_ending,
)
from regulars.feeds.records import count_records
from regulars.feeds.sql import delivered, identifier, literal
from regulars.quality.suite import Suite

# Ids that hardly repeat gain nothing by a dictionary, and trying costs a fifth of the time.
PARQUET = "format parquet, codec zstd, write_bloom_filter false, dictionary_size_limit 2000"

_STRUCTURE = {
    "MISSING COLUMNS": ("too_few_columns", "the line has fewer columns than the header"),
    "TOO MANY COLUMNS": ("too_many_columns", "the line has more columns than the header"),
    "UNQUOTED VALUE": ("unclosed_quote", "a quote is opened and never closed, or text follows it"),
    "INVALID ENCODING": ("invalid_utf8", "the line is not valid UTF-8"),
    "LINE SIZE OVER MAXIMUM": ("line_too_long", "the line is longer than the limit"),
}


@dataclass(frozen=True)
class Source:
    """A file that is ready to be read."""

    file_no: int
    delivered: Delivered
    manifest: Manifest
    layout: Layout | None
    opened: Opened


@dataclass
class Rejects:
    """Records of one file that are no rows: their number, as DuckDB counts, and why."""

    records: dict[int, Problem] = field(default_factory=dict)
    physical_lines: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Summary:
    """What the rows of one file add up to; amounts in the currency of the rows."""

    rows: int
    good_rows: int
    extra_lines: int
    net_amount: Decimal | None
    good_net_amount: Decimal | None
    event_date_min: date | None
    event_date_max: date | None


@dataclass(frozen=True)
class BadRow:
    """A row that breaks a rule: its number in the file, why, and its readable parts as JSON.

    ``record`` is the number of the delivered record, which may have given several rows. ``row_key``
    joins the values of the contract's key with bars; None if one of them cannot be read.
    """

    file_row: int
    record: int
    problem: Problem
    row_key: str | None
    net_amount: Decimal | None
    text: str


def list_files(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    """Make the temp table ``files``: what is known of each source beside its rows."""
    connection.execute(
        "create temp table files (file_no integer, filename varchar, file_path varchar,"
        " load_id varchar, delivery_date date)"
    )
    columns = zip(
        *(
            (
                s.file_no,
                str(s.opened.path),
                s.delivered.path,
                s.opened.load_id,
                s.delivered.delivery_date,
            )
            for s in sources
        ),
        strict=True,
    )
    connection.execute(
        "insert into files select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)",
        [list(column) for column in columns],
    )


def dating_column(contract: Contract) -> str:
    """The column that dates a row: the first that is a time or a date."""
    return next(c.name for c in contract.columns if c.type in ("timestamp", "date"))


class Reader:
    """Reads sources into the table ``checked``, row order kept, and the lines that are no rows.

    ``checked`` has the columns of ``checked_columns``; ``rowid`` ascends within a file, from which
    the view ``numbered`` derives ``file_row``, 1-based. ``source_row`` is filled where the records
    of a file are numbered before they become rows. ``list_files`` must have listed the sources.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, max_line_bytes: int
    ):
        self.connection = connection
        self.contract = contract
        self.max_line_bytes = max_line_bytes
        self.problems: tuple[Problem, ...] = ()
        self.rejects: dict[int, Rejects] = defaultdict(Rejects)
        # Files whose records are counted before they become rows: records and their lines.
        self.records: dict[int, tuple[int, int]] = {}
        columns = ", ".join(f"{identifier(n)} {t}" for n, t in checked_columns(contract))
        connection.execute(f"create temp table checked ({columns})")
        connection.execute(
            "create temp view numbered as select *, checked.rowid - first_row + 1 as file_row"
            " from checked join (select file_no, min(rowid) as first_row from checked"
            " group by file_no) using (file_no)"
        )

    def read(self, sources: Sequence[Source]) -> dict[int, str]:
        """Read all sources; returns, per file that cannot be read as a whole, why."""
        alike: dict[tuple, list[Source]] = defaultdict(list)
        for source in sources:
            opened, layout = source.opened, source.layout.layout if source.layout else None
            shape = (opened.kind, opened.newline, opened.quoted, opened.header, opened.form)
            alike[*shape, layout].append(source)
        unreadable: dict[int, str] = {}
        for group in alike.values():
            unreadable |= self._read_alike(group)
        return unreadable | self._lost_lines([s for s in sources if s.file_no not in unreadable])

    def _read_alike(self, group: list[Source], again: bool = True) -> dict[int, str]:
        """Read files of one shape in one pass; if that fails, one by one to find the culprit."""
        try:
            self._insert(group)
        except UNREADABLE as error:
            if "No space left" in str(error):
                raise
            if len(group) > 1:
                alone = [self._read_alike([source]) for source in group]
                return {no: why for failed in alone for no, why in failed.items()}
            (source,) = group
            if source.opened.kind == "csv" and "state machine" in str(error) and again:
                # Exports put together from several systems mix their line endings.
                with_one_line_ending(source.opened.path)
                return self._read_alike(group, again=False)
            return {source.file_no: f"cannot be read: {told(error, source.opened.path)}"}
        return {}

    def _insert(self, group: list[Source]) -> None:
        opened, layout = group[0].opened, group[0].layout
        relation = self._relation(group)
        by_row = layout is not None and layout.needs_order
        if by_row:
            relation = self._number_records(group, relation)
            if layout.answers:
                relation = layout.answers.sql(relation, opened.header)
        numbers = ", ".join(str(s.file_no) for s in group)
        dates = ", ".join(f"date '{s.delivered.delivery_date}'" for s in group)
        checked = checked_select(
            self.contract,
            self._mapped(group[0]),
            f"(select *, ([{numbers}])[_place] as _file_no, ([{dates}])[_place] as _delivery_date"
            f" from ({relation}))",
            by_row=by_row,
            is_json=opened.kind == "jsonl",
            max_text_bytes=None if opened.kind == "csv" else self.max_line_bytes,
        )
        self.problems = checked.problems
        try:
            self.connection.execute("begin")
            self.connection.execute(f"insert into checked {checked.sql}")
            if opened.kind != "parquet":
                self._collect_rejects()
            self.connection.execute("commit")
        except duckdb.Error:
            self.connection.execute("rollback")
            raise
        finally:
            for table in ("reject_errors", "reject_scans", "delivered"):
                self.connection.execute(f"drop table if exists {table}")

    def _mapped(self, source: Source) -> dict[str, str]:
        if source.layout:
            return {name: mapping.sql() for name, mapping in source.layout.columns.items()}
        header = source.opened.header
        return {c.name: delivered(c.name) for c in self.contract.columns if c.name in header}

    def _needed(self, source: Source) -> list[str]:
        """The delivered columns that are read; the values of all others are kept nowhere."""
        header, layout = source.opened.header, source.layout
        if layout is None:
            return [c.name for c in self.contract.columns if c.name in header]
        answers = layout.answers.columns(header) if layout.answers else ()
        return list(dict.fromkeys([*layout.source_columns, *answers]))

    def _relation(self, group: list[Source]) -> str:
        """SQL for the needed columns of files of one shape, all text, in the order of the files.

        Beside them ``_place`` (of the file in the group, from 1), ``_extra_lines`` (line breaks
        inside the fields of a record) and ``_is_broken`` (the record could not be taken apart).
        """
        opened, needed = group[0].opened, self._needed(group[0])
        paths = ", ".join(literal(str(s.opened.path)) for s in group)
        place = f"{FILE_PLACE} as _place"
        match opened.kind:
            case "parquet":
                columns = [f"cast({identifier(c)} as varchar) as {delivered(c)}" for c in needed]
                source = f"read_parquet([{paths}])"
                constant = f"{place}, 0 as _extra_lines, false as _is_broken"
            case "jsonl":
                keys = ", ".join(literal(f'$."{name}"') for name in needed)
                columns = [f"found[{n}] as {delivered(c)}" for n, c in enumerate(needed, 1)]
                lines = json_lines([s.opened.path for s in group])
                source = (
                    f"(select *, json_extract_string(object, [{keys}]) as found from ({lines}))"
                )
                constant = "_place, 0 as _extra_lines, object is null as _is_broken"
            case "csv":
                # Numbered, so that no delivered name meets another or one of ours.
                places = {name: f"c{n}" for n, name in enumerate(opened.header)}
                columns = [f"{places[c]} as {delivered(c)}" for c in needed]
                types = ", ".join(f"'{place}': 'VARCHAR'" for place in places.values())
                source = (
                    f"read_csv([{paths}], columns = {{{types}}},"
                    f" delim = {literal(opened.form.delimiter)}, skip = {opened.form.header_rows},"
                    " auto_detect = false, header = false, quote = '\"', escape = '\"',"
                    f" nullstr = '', max_line_size = {self.max_line_bytes},"
                    " store_rejects = true, rejects_limit = 0)"
                )
                fields = f"concat_ws('', {', '.join(places.values())})"
                breaks = f"length({fields}) - length(replace({fields}, chr(10), ''))"
                constant = (
                    f"{place}, {breaks if opened.quoted else '0'} as _extra_lines,"
                    " false as _is_broken"
                )
        return f"select {', '.join([*columns, constant])} from {source}"

    def _number_records(self, group: list[Source], relation: str) -> str:
        """Keep ``relation`` in order; SQL for it with ``_source_row``, 1-based within a file."""
        self.connection.execute(f"create or replace temp table delivered as {relation}")
        counted = self.connection.execute(
            "select _place, min(rowid), count(*), count(*) + sum(_extra_lines)"
            " from delivered group by _place"
        ).fetchall()
        first = [0] * len(group)
        for place, first_row, records, lines in counted:
            first[place - 1] = first_row
            self.records[group[place - 1].file_no] = (records, lines)
        return (
            f"select *, rowid - ({first})[_place] + 1 as _source_row, 0 as _answer from delivered"
        )

    def _collect_rejects(self) -> None:
        found = self.connection.execute(
            "select file_no, line, min_by(error_type, coalesce(column_idx, 0)), any_value(csv_line)"
            " from reject_errors join reject_scans using (scan_id, file_id)"
            " join files on files.filename = reject_scans.file_path"
            " group by file_no, line order by file_no, line"
        ).fetchall()
        for file_no, record, error_type, text in found:
            name = error_type.lower()
            rule, reason = _STRUCTURE.get(error_type, (name.replace(" ", "_"), name))
            rejects = self.rejects[file_no]
            rejects.records[record] = Problem(None, rule, reason)
            lines = sum(1 for part in text.splitlines() if part)
            rejects.physical_lines += lines
            # An endless line is one line; what else spans several has swallowed them.
            rejects.rows += 1 if rule == "line_too_long" else lines

    def _lost_lines(self, sources: Sequence[Source]) -> dict[int, str]:
        """Files whose rows, rejected lines and line breaks do not add up to the lines."""
        summaries = self.summaries()
        lost = {}
        for source in sources:
            summary, rejects = summaries[source.file_no], self.rejects[source.file_no]
            as_read = (summary.rows, summary.rows + summary.extra_lines)
            rows, lines = self.records.get(source.file_no, as_read)
            if source.opened.lines in (None, lines + rejects.physical_lines):
                continue
            # Blank lines inside quotes make the quick count differ; only then count with care.
            records = count_records(source.opened)
            read = rows + len(rejects.records)
            if records != read:
                lost[source.file_no] = (
                    f"{records} records were delivered but {read} could be told apart;"
                    " look for an unclosed quote or mixed line endings"
                )
        return lost

    def summaries(self) -> dict[int, "Summary"]:
        """Per file read, what its rows add up to; a file without rows has a summary of zeros."""
        has_money = self.contract.column("net_amount") is not None
        amount = "net_amount" if has_money else "cast(null as decimal(18,2))"
        event = dating_column(self.contract)
        good = "filter (problem is null)"
        found = self.connection.execute(
            f"select file_no, count(file_row), count(file_row) {good},"
            f" coalesce(sum(extra_lines), 0),"
            f" sum({amount}), sum({amount}) {good}, cast(min({identifier(event)}) {good} as date),"
            f" cast(max({identifier(event)}) {good} as date)"
            " from files left join numbered using (file_no) group by file_no"
        ).fetchall()
        return {file_no: Summary(*figures) for file_no, *figures in found}

    def bad_rows(self) -> dict[int, list["BadRow"]]:
        """Per file, the rows that break a rule, in the order of the file."""
        amount = "net_amount" if self.contract.column("net_amount") else "null"
        key = " || '|' || ".join(identifier(name) for name in self.contract.key)
        found = self.connection.execute(
            f"select file_no, file_row, coalesce(source_row, file_row), problem, {key},"
            f" {amount}, to_json(numbered) from numbered"
            " where problem is not null order by file_no, file_row"
        ).fetchall()
        bad: dict[int, list[BadRow]] = defaultdict(list)
        for file_no, file_row, record, problem, *rest in found:
            bad[file_no].append(BadRow(file_row, record, self.problems[problem], *rest))
        return bad

    def profile(self, suite: Suite) -> pandas.DataFrame:
        """The suite's measures per file, rejected lines counted as quarantined rows."""
        swallowed = [[no] for no, rejects in self.rejects.items() for _ in range(rejects.rows)]
        self.connection.execute("create or replace temp table no_rows (file_no integer)")
        if swallowed:
            self.connection.executemany("insert into no_rows values (?)", swallowed)
        self.connection.execute(
            "create or replace temp view judged as"
            " select file_path, problem is not null as is_quarantined, checked.*"
            " from checked join files using (file_no)"
            " union all by name"
            " select file_path, true as is_quarantined from no_rows join files using (file_no)"
        )
        return self.connection.execute(suite.profile_sql(self.contract.feed, "judged")).df()

    def write(self, accepted: Sequence[Source], path: Path) -> list[Path]:
        """A Parquet file with the good rows of ``accepted``: the columns that any of them has."""
        if not accepted:
            return []
        given = {name for source in accepted for name in self._mapped(source)}
        columns = ", ".join(
            identifier(name)
            for column in self.contract.columns
            if column.name in given
            for name, _ in column.lake_columns
        )
        numbers = ", ".join(str(s.file_no) for s in accepted)
        self.connection.execute(
            f"copy (select {columns}, load_id from numbered join files using (file_no)"
            f" where problem is null and file_no in ({numbers}) order by file_no, file_row)"
            f" to {literal(str(path))} ({PARQUET})"
        )
        return [path]

    def total(self, file_no: int, column: str) -> Decimal:
        """The sum of a number column of a file, bad rows included as far as it can be read."""
        query = f"select coalesce(sum({identifier(column)}), 0) from checked where file_no = ?"
        return Decimal(self.connection.execute(query, [file_no]).fetchone()[0])


def check_header(contract: Contract, opened: Opened, layout: Layout | None) -> list[str]:
    """Columns that the file has beyond what is read.

    Raises:
        FileRejectedError: a column that is needed is missing, or is no column of plain values.
    """
    header = opened.header
    needed = layout.source_columns if layout else [c.name for c in contract.columns if c.required]
    read = set(layout.source_columns if layout else (c.name for c in contract.columns))
    missing = [name for name in needed if name not in header]
    if missing:
        what = f"layout {layout.layout}" if layout else f"contract {contract.feed}"
        raise FileRejectedError(
            f"required column {shortened(missing)} is missing (the {what} needs it; the file has:"
            f" {shortened(header)}); add the column or name a layout, then deliver the file again"
        )
    if nested := [name for name in opened.nested if name in read]:
        raise FileRejectedError(f"column {shortened(nested)} holds no plain values; deliver texts")
    return [name for name in header if name not in read]


def shortened(names: Sequence[str]) -> str:
    """Names for a message: the first of many, and of long ones the beginning."""
    shown = [name if len(name) <= 60 else name[:60] + "…" for name in names[:20]]
    more = [f"and {len(names) - 20} more"] if len(names) > 20 else []
    return ", ".join(shown + more)
