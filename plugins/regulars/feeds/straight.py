"""Read clean CSV files straight into Parquet: typed, judged and written in one pass.

Nearly every file is clean. One that is not leaves nothing here and is read with care instead
(``regulars.feeds.reader``), which costs several times as much and finds out what is wrong.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas

from regulars.feeds.checks import clean_select
from regulars.feeds.contract import Contract, lake_columns
from regulars.feeds.opening import FILE_PLACE, UNREADABLE
from regulars.feeds.reader import PARQUET, Source, Summary, dating_column
from regulars.feeds.sql import delivered, identifier, literal
from regulars.quality.suite import Suite


class StraightReader:
    """Writes the rows of files aside as Parquet and tells which of the files were clean.

    A file is clean if it gave one good row for every line below its header: then nothing is lost,
    whatever quotes it has. ``list_files`` must have listed the sources.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, max_line_bytes: int
    ):
        self.connection = connection
        self.contract = contract
        self.max_line_bytes = max_line_bytes
        self._parts: list[Path] = []
        self._read = 0
        self._summaries: dict[int, Summary] = {}

    def read(self, sources: Sequence[Source], aside: Path) -> list[Source]:
        """Read all that looks clean, files of one shape in one pass; returns those that are."""
        alike: dict[tuple, list[Source]] = defaultdict(list)
        for source in sources:
            opened = source.opened
            if opened.kind == "csv" and opened.is_plain and source.layout is None:
                alike[opened.form, opened.header].append(source)
        for group in alike.values():
            part = aside / f"straight-{group[0].file_no}.parquet"
            try:
                self.connection.execute(
                    f"copy ({self._select(group)}) to {_file(part)} ({PARQUET})"
                )
            except UNREADABLE:
                part.unlink(missing_ok=True)
            else:
                self._parts.append(part)
                self._read += len(group)
        if not self._parts:
            return []
        nulls = ", ".join(
            f"cast(null as {kind}) as {identifier(name)}"
            for name, kind in lake_columns(self.contract)
        )
        self.connection.execute(
            "create temp view straight as"
            f" select * from read_parquet([{self._listed()}], union_by_name = true)"
            " where load_id is not null"
            f" union all by name select {nulls} where false"
        )
        summaries = self._summarised()
        clean = [
            s
            for s in sources
            if s.file_no in summaries and summaries[s.file_no].rows == s.opened.lines
        ]
        self._summaries = {s.file_no: summaries[s.file_no] for s in clean}
        return clean

    def _select(self, group: Sequence[Source]) -> str:
        opened = group[0].opened
        places = {name: f"c{n}" for n, name in enumerate(opened.header)}
        kinds = dict.fromkeys(places, "VARCHAR")
        for column in self.contract.columns:
            if column.name in kinds and column.is_number:
                kinds[column.name] = "DOUBLE"
        types = ", ".join(f"'{places[name]}': '{kind}'" for name, kind in kinds.items())
        known = [c.name for c in self.contract.columns if c.name in places]
        columns = ", ".join(f"{places[name]} as {delivered(name)}" for name in known)
        # Looked up by place and not joined: a join may turn the rows' order around.
        load_ids = ", ".join(literal(s.opened.load_id) for s in group)
        dates = ", ".join(f"date '{s.delivered.delivery_date}'" for s in group)
        return clean_select(
            self.contract,
            known,
            f"(select {columns}, ([{load_ids}])[{FILE_PLACE}] as load_id,"
            f" ([{dates}])[{FILE_PLACE}] as delivery_date"
            f" from read_csv([{', '.join(_file(s.opened.path) for s in group)}],"
            f" columns = {{{types}}}, delim = {literal(opened.form.delimiter)},"
            f" skip = {opened.form.header_rows}, auto_detect = false, header = false,"
            " quote = '\"', escape = '\"', nullstr = '',"
            f" max_line_size = {self.max_line_bytes}, ignore_errors = true))",
        )

    def _summarised(self) -> dict[int, Summary]:
        amount = "sum(net_amount)" if self.contract.column("net_amount") else "null"
        event = identifier(dating_column(self.contract))
        found = self.connection.execute(
            f"select file_no, count(*), {amount}, cast(min({event}) as date),"
            f" cast(max({event}) as date) from straight join files using (load_id) group by file_no"
        ).fetchall()
        return {
            file_no: Summary(rows, rows, 0, amount, amount, first, last)
            for file_no, rows, amount, first, last in found
        }

    def write(self, accepted: Sequence[Source], path: Path) -> list[Path]:
        """Parquet files with the rows of ``accepted``, clean files all."""
        if not accepted:
            return []
        if len(accepted) == self._read:
            return self._parts
        load_ids = ", ".join(literal(s.opened.load_id) for s in accepted)
        self.connection.execute(
            f"copy (select * from read_parquet([{self._listed()}], union_by_name = true)"
            f" where load_id in ({load_ids})) to {_file(path)} ({PARQUET})"
        )
        return [path]

    def _listed(self) -> str:
        return ", ".join(_file(part) for part in self._parts)

    def summaries(self) -> dict[int, Summary]:
        """Per clean file, what its rows add up to."""
        return self._summaries

    def profile(self, suite: Suite) -> pandas.DataFrame:
        """The suite's measures per clean file; no rows without one."""
        if not self._summaries:
            return pandas.DataFrame()
        numbers = ", ".join(map(str, self._summaries))
        rows = (
            "(select file_path, false as is_quarantined, straight.*"
            f" from straight join files using (load_id) where file_no in ({numbers}))"
        )
        return self.connection.execute(suite.profile_sql(self.contract.feed, rows)).df()

    def total(self, file_no: int, column: str) -> Decimal:
        """The sum of a number column of a clean file."""
        query = (
            f"select coalesce(sum({identifier(column)}), 0) from straight"
            " where load_id = (select load_id from files where file_no = ?)"
        )
        return Decimal(self.connection.execute(query, [file_no]).fetchone()[0])


def _file(path: Path) -> str:
    return literal(str(path))
