"""A vault in a home of its own, and members to put into it."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from regulars.feeds.contract import load_contract
from regulars.privacy.keys import load_keys
from regulars.privacy.vault import Vault
from regulars.settings import load_settings

MEMBERS = [
    ("M1", "王小明", "138 1234 5678", "Li@Example.com", "上海市中山路12号", date(1980, 5, 7)),
    ("M2", "王 小明", "+8613812345678", None, None, date(1980, 7, 5)),
    ("M3", "Anna O’Brien", None, "anna@example.org", "12 Main Street", None),
    ("M4", None, None, None, None, None),
]


@pytest.fixture
def settings(home):
    return load_settings()


@pytest.fixture
def vault(settings):
    return Vault(settings, load_keys(settings))


@pytest.fixture
def people():
    """The first columns of four members; the first two are one person."""
    return MEMBERS


@pytest.fixture
def members():
    """The same as rows."""
    return _rows_of("customers", *MEMBERS)


@pytest.fixture
def rows_of():
    """A function that makes rows of a feed as the reader types them."""
    return _rows_of


def _rows_of(feed, *values, **columns):
    contract = load_contract(feed)
    if values:
        names = ("customer_id", "name", "phone", "email", "address", "birth_date")
        columns = dict(zip(names, map(list, zip(*values, strict=True)), strict=True))
    count = len(next(iter(columns.values())))
    kinds = {
        "int": pa.int64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
        "bool": pa.bool_(),
    }
    table = {}
    for column in contract.columns:
        kind = kinds.get(column.type, pa.string())
        table[column.name] = pa.array(columns.get(column.name, [None] * count), kind)
        if column.name == "created_at" and "created_at" not in columns:
            table[column.name] = pa.array([datetime(2013, 1, 1)] * count, kind)
    return pa.table(table | {"load_id": ["l1"] * count, "file_row": list(range(1, count + 1))})
