"""What is known of a value by its ref: that the vault holds it, what the lake made of it."""

from binascii import unhexlify
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.privacy.classes import REF

REF_BYTES = 16


class Refs:
    """Refs that others are looked for among, 24 bytes each."""

    def __init__(self, parts: Iterable[pa.Array | pa.ChunkedArray]):
        """Parts: hexadecimal texts of ``REF_BYTES``, null where a row has none; taken in turn.

        Raises:
            ValueError: one is no such text.
        """
        numbers, count = [_numbers(pa.array([], pa.string()))], 0
        for part in parts:
            high, low, rows = _numbers(part)
            numbers.append((high, low, rows + count))
            count += len(part)
        high, low, rows = map(np.concatenate, zip(*numbers, strict=True))
        order = np.argsort(high)
        self._high, self._low, self._rows = high[order], low[order], rows[order]

    def places(self, refs: pa.Array | pa.ChunkedArray) -> np.ndarray:
        """Per ref the row that it stands in, any of several; -1 where it is null or not held."""
        places = np.full(len(refs), -1)
        if len(self._high):
            high, low, rows = _numbers(refs)
            at = np.minimum(np.searchsorted(self._high, high), len(self._high) - 1)
            is_held = (self._high[at] == high) & (self._low[at] == low)
            places[rows[is_held]] = self._rows[at[is_held]]
        return places


def read_group(file: pq.ParquetFile, number: int, columns: Sequence[str]) -> pa.Table:
    """Columns of one row group. Arrow's threads take 50 ms to start: more than most files do."""
    return file.read_row_group(number, list(columns), use_threads=False)


def _numbers(refs: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of refs that are not null the two halves as numbers, and the rows they stand in."""
    if isinstance(refs, pa.ChunkedArray):
        refs = refs.combine_chunks()
    rows = np.flatnonzero(refs.is_valid().to_numpy(zero_copy_only=False))
    width = 2 * REF_BYTES
    texts = refs.drop_null().cast(pa.binary(width))
    data = texts.buffers()[1][texts.offset * width :][: len(texts) * width] if len(texts) else b""
    halves = np.frombuffer(unhexlify(data), ">u8").astype(np.uint64).reshape(-1, 2)
    return halves[:, 0], halves[:, 1], rows


@dataclass(frozen=True)
class Known:
    """Of some refs, which are known (a mask), and the rows of those that are, in their order."""

    is_known: np.ndarray
    rows: pa.Table


class MadeBefore:
    """Columns of files of the lake, to be had by ref; a few row groups at a time are in memory."""

    _GROUPS_IN_MEMORY = 4

    def __init__(self, files: Sequence[pq.ParquetFile], columns: Sequence[str]):
        self._columns = columns
        self._groups = [(file, n) for file in files for n in range(file.num_row_groups)]
        rows = [file.metadata.row_group(n).num_rows for file, n in self._groups]
        self._starts = np.cumsum([0, *rows])
        self._refs = Refs(read_group(file, n, [REF])[REF] for file, n in self._groups)
        self._held: dict[int, pa.Table] = {}

    def find(self, refs: pa.Array) -> "Known | None":
        """What the files have of ``refs``; None where they have nothing."""
        places = self._refs.places(refs)
        is_known = places >= 0
        places = places[is_known]
        group_of = np.searchsorted(self._starts, places, "right") - 1
        parts, order = [], []
        for group in np.unique(group_of):
            rows = np.flatnonzero(group_of == group)
            parts.append(self._group(group).take(pa.array(places[rows] - self._starts[group])))
            order.append(rows)
        if not parts:
            return None
        rows = pa.concat_tables(parts, promote_options="permissive")
        if len(parts) > 1:
            rows = rows.take(pa.array(np.argsort(np.concatenate(order))))
        return Known(is_known, rows)

    def _group(self, number: int) -> pa.Table:
        if number not in self._held:
            if len(self._held) == self._GROUPS_IN_MEMORY:
                del self._held[next(iter(self._held))]
            file, group = self._groups[number]
            self._held[number] = read_group(file, group, self._columns).combine_chunks()
        return self._held[number]
