"""What is handed over when: bulk history, nightly files, and what goes wrong on the way."""

import csv
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# The history comes once a year, the last week night by night.
BULK = (date(2012, 12, 31), date(2013, 12, 31), date(2014, 12, 24))
NIGHTS = tuple(date(2014, 12, 25) + timedelta(days=n) for n in range(7))
CHAIN_OFFSET = timedelta(hours=8)


@dataclass(frozen=True)
class Dirty:
    """A row that must be quarantined: an ordinary one under a key of its own, one value spoilt.

    ``at`` is how many good rows stand before it in the file.
    """

    at: int
    column: str
    kind: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class Delivery:
    """One file of a feed: its rows in the contract's columns and how it is written."""

    feed: str
    date: date
    name: str
    rows: pa.Table
    offset: str | None = None
    dirty: tuple[Dirty, ...] = field(default=())
    manifest: bool = False

    @property
    def path(self) -> str:
        """Path within the landing folder, posix."""
        return f"{self.feed}/{self.date.isoformat()}/{self.name}"

    @property
    def row_count(self) -> int:
        """Rows in the file, spoilt ones included."""
        return self.rows.num_rows + len(self.dirty)

    @property
    def exported_at(self) -> datetime:
        """The night's export, UTC."""
        night = datetime.combine(self.date, datetime.min.time(), UTC) + timedelta(days=1)
        return night + timedelta(hours=3, minutes=15) - CHAIN_OFFSET

    def net_amount(self) -> Decimal | None:
        """Sum of net_amount over the file's rows; None if the feed or a row has no such number."""
        if "net_amount" not in self.rows.schema.names:
            return None
        total = pc.sum(self.rows["net_amount"]).as_py() or Decimal("0.00")
        if any(d.column == "net_amount" for d in self.dirty):
            return None
        return total + sum((Decimal(d.values["net_amount"] or 0) for d in self.dirty), Decimal(0))

    def content(self) -> bytes:
        """The file's bytes; the same for the same rows."""
        if self.name.endswith(".parquet"):
            buffer = io.BytesIO()
            pq.write_table(self.rows, buffer, compression="zstd")
            return buffer.getvalue()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.rows.schema.names)
        writer.writerows(self._records())
        data = text.getvalue().encode()
        return gzip.compress(data, 6, mtime=0) if self.name.endswith(".gz") else data

    def _records(self) -> Iterator[tuple[str | None, ...]]:
        good = zip(
            *(written(column, self.offset).to_pylist() for column in self.rows.columns),
            strict=True,
        )
        names = self.rows.schema.names
        waiting = sorted(self.dirty, key=lambda d: d.at)
        for position, record in enumerate(good):
            while waiting and waiting[0].at <= position:
                values = waiting.pop(0).values
                yield tuple(values[name] for name in names)
            yield record
        for spoilt in waiting:
            yield tuple(spoilt.values[name] for name in names)

    def write(self, landing: Path) -> Path:
        """Write the file, and its manifest where it has one; both dated to the night's export."""
        path = landing / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = self.content()
        files = {path: content}
        if self.manifest:
            manifest = {
                "rows": self.row_count,
                "sha256": hashlib.sha256(content).hexdigest(),
                "exported_at": self.exported_at.isoformat(),
            }
            if (net := self.net_amount()) is not None:
                manifest["control_totals"] = {"net_amount": str(net)}
            text = json.dumps(manifest, indent=2) + "\n"
            stem = self.name.split(".")[0]
            files[path.with_name(f"{stem}.manifest.json")] = text.encode()
        stamp = int(self.exported_at.timestamp())
        for target, data in files.items():
            target.write_bytes(data)
            os.utime(target, (stamp, stamp))
        return path


def written(column: pa.ChunkedArray, offset: str | None) -> pa.ChunkedArray:
    """A column as text in the feed's form; times carry ``offset`` if there is one."""
    if pa.types.is_timestamp(column.type):
        text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        return pc.binary_join_element_wise(text, offset, "") if offset else text
    return pc.cast(column, pa.string())
