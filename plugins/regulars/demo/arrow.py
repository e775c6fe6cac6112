"""The contract's column types as Arrow, and exact columns from numpy integers."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.feeds.contract import load_contract

TIMESTAMP = pa.timestamp("s")
TEXT = pa.string()
AMOUNT = pa.decimal128(18, 2)
SCORE = pa.decimal128(6, 2)

_TYPES = {
    "text": TEXT,
    "int": pa.int64(),
    "timestamp": TIMESTAMP,
    "date": pa.date32(),
    "bool": pa.bool_(),
}


@cache
def columns(feed: str) -> pa.Schema:
    """The columns of the feed's contract, in its order."""
    return pa.schema([(c.name, _type(c.type)) for c in load_contract(feed).columns])


def _type(contract_type: str) -> pa.DataType:
    if contract_type in _TYPES:
        return _TYPES[contract_type]
    precision, scale = contract_type.removeprefix("decimal(").rstrip(")").split(",")
    return pa.decimal128(int(precision), int(scale))


def decimals(units: np.ndarray, to: pa.Decimal128Type, null: np.ndarray | None = None) -> pa.Array:
    """Decimals from integers that count the last digit of type ``to``, without any float."""
    units = np.asarray(units, dtype="<i8")
    words = np.column_stack([units, units >> 63])  # low word, sign extension
    values = pa.Array.from_buffers(to, len(units), [None, pa.py_buffer(words.tobytes())])
    return values if null is None else pc.if_else(pa.array(null), None, values)


def texts(values: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Text column; null where ``null`` says so."""
    return pa.array(np.asarray(values, dtype=object), type=TEXT, mask=null)


def pick(choices: list[str], index: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Text column of ``choices[index]``; ``index`` may hold anything where ``null`` is true."""
    index = pa.array(index, mask=null)
    return pa.array(choices, type=TEXT).take(index)


def table(feed: str, values: Mapping[str, pa.Array]) -> pa.Table:
    """Table of a feed in the contract's columns and order; a column not given is null."""
    schema = columns(feed)
    if unknown := set(values) - set(schema.names):
        raise ValueError(f"{feed} has no column {', '.join(sorted(unknown))}")
    length = len(next(iter(values.values())))
    return pa.Table.from_arrays(
        [
            pa.nulls(length, field.type) if field.name not in values else values[field.name]
            for field in schema
        ],
        schema=schema,
    )
