"""The contract's column types as Arrow, and exact columns from numpy integers."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TIMESTAMP = pa.timestamp("s")
TEXT = pa.string()
AMOUNT = pa.decimal128(18, 2)
SCORE = pa.decimal128(6, 2)

COLUMNS: dict[str, pa.Schema] = {
    "pos_sales": pa.schema(
        {
            "receipt_id": TEXT,
            "line_no": pa.int64(),
            "store_id": TEXT,
            "sold_at": TIMESTAMP,
            "business_date": pa.date32(),
            "customer_id": TEXT,
            "product_code": TEXT,
            "qty": pa.decimal128(18, 3),
            "unit_price": pa.decimal128(18, 4),
            "discount": AMOUNT,
            "net_amount": AMOUNT,
            "currency": TEXT,
            "channel": TEXT,
            "promo_code": TEXT,
            "staff_id": TEXT,
            "refund_of": TEXT,
            "void": pa.bool_(),
            "updated_at": TIMESTAMP,
        }
    ),
    "survey_responses": pa.schema(
        {
            "wave_id": TEXT,
            "response_id": TEXT,
            "question_code": TEXT,
            "dimension": TEXT,
            "score": SCORE,
            "scale_min": SCORE,
            "scale_max": SCORE,
            "verbatim": TEXT,
            "mode": TEXT,
            "responded_at": TIMESTAMP,
            "store_id": TEXT,
            "product_series": TEXT,
            "value_element": TEXT,
            "subject": TEXT,
            "anonymous": pa.bool_(),
            "customer_id": TEXT,
            "trigger": TEXT,
            "weight": pa.decimal128(9, 4),
            "updated_at": TIMESTAMP,
        }
    ),
    "complaints": pa.schema(
        {
            "complaint_id": TEXT,
            "received_at": TIMESTAMP,
            "channel": TEXT,
            "customer_id": TEXT,
            "store_id": TEXT,
            "product_code": TEXT,
            "receipt_id": TEXT,
            "type": TEXT,
            "cause": TEXT,
            "complexity": TEXT,
            "severity": pa.int64(),
            "handler_id": TEXT,
            "verbatim": TEXT,
            "updated_at": TIMESTAMP,
        }
    ),
    "complaint_events": pa.schema(
        {
            "complaint_id": TEXT,
            "step": TEXT,
            "at": TIMESTAMP,
            "actor": TEXT,
            "note": TEXT,
            "score": SCORE,
        }
    ),
    "customers": pa.schema(
        {
            "customer_id": TEXT,
            "name": TEXT,
            "phone": TEXT,
            "email": TEXT,
            "sex": TEXT,
            "city": TEXT,
            "occupation": TEXT,
            "education": TEXT,
            "income_band": TEXT,
            "household": TEXT,
            "source_channel": TEXT,
            "referrer_id": TEXT,
            "address": TEXT,
            "birth_date": pa.date32(),
            "points_balance": pa.int64(),
            "member_level": TEXT,
            "created_at": TIMESTAMP,
            "updated_at": TIMESTAMP,
            "consent_marketing": pa.bool_(),
            "key_override": TEXT,
        }
    ),
    "products": pa.schema(
        {
            "product_code": TEXT,
            "name": TEXT,
            "series": TEXT,
            "line": TEXT,
            "category": TEXT,
            "role": TEXT,
            "unit_cost": pa.decimal128(18, 4),
            "list_price": pa.decimal128(18, 4),
            "sold_from": pa.date32(),
            "sold_to": pa.date32(),
        }
    ),
    "stores": pa.schema(
        {
            "store_id": TEXT,
            "name": TEXT,
            "timezone": TEXT,
            "country": TEXT,
            "province": TEXT,
            "city": TEXT,
            "region": TEXT,
            "latitude": pa.decimal128(9, 6),
            "longitude": pa.decimal128(9, 6),
            "opened_at": pa.date32(),
            "closed_at": pa.date32(),
            "offers_takeaway": pa.bool_(),
            "self_service": pa.bool_(),
            "equipment": TEXT,
        }
    ),
}


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


def table(feed: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Table of a feed in the contract's columns and order; a column not given is null."""
    schema = COLUMNS[feed]
    if unknown := set(columns) - set(schema.names):
        raise ValueError(f"{feed} has no column {', '.join(sorted(unknown))}")
    length = len(next(iter(columns.values())))
    return pa.Table.from_arrays(
        [
            pa.nulls(length, field.type) if field.name not in columns else columns[field.name]
            for field in schema
        ],
        schema=schema,
    )
