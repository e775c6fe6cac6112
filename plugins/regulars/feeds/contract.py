"""Feed contracts: the Open Data Contract Standard files in ``expectations/contracts``."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import yaml
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

from regulars.errors import RegularsError
from regulars.settings import PROJECT_ROOT

CONTRACTS = PROJECT_ROOT / "expectations" / "contracts"
SUFFIX = ".odcs.yaml"
FEEDS: tuple[str, ...] = tuple(
    sorted(p.name.removesuffix(SUFFIX) for p in CONTRACTS.glob("*" + SUFFIX))
)

# What a column says about people, and so what may become of its values (regulars.privacy).
CLASSES = ("identifier", "contact", "sensitive", "free_text", "none")
# How values are brought into one form before they become tokens (custom property `tokenAs`).
TOKENS = ("name", "phone", "email", "address", "birth_date")

_DUCKDB_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "bool": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """A delivered column; ``type`` as the feed contracts write it, e.g. ``decimal(18,2)``.

    ``classification`` is one of ``CLASSES``; ``token_as``, one of ``TOKENS``, is filled for columns
    whose values leave the door as tokens only.
    """

    name: str
    type: str
    required: bool
    classification: str
    token_as: str | None = None

    @property
    def duckdb_type(self) -> str:
        """The type in the lake."""
        return _DUCKDB_TYPES.get(self.type, self.type.upper())

    @property
    def is_number(self) -> bool:
        """Whether it holds whole numbers or decimals."""
        return self.type.startswith(("int", "decimal("))

    @property
    def lake_columns(self) -> list[tuple[str, str]]:
        """Names and DuckDB types of what the lake holds of it: of a time also whether it is UTC."""
        columns = [(self.name, self.duckdb_type)]
        if self.type == "timestamp":
            columns.append((f"{self.name}_is_utc", "BOOLEAN"))
        return columns


@dataclass(frozen=True)
class Rule:
    """What must hold where ``column`` is filled: a SQL condition and its reason."""

    name: str
    column: str
    must: str
    reason: str


@dataclass(frozen=True)
class Contract:
    """One feed: its columns in contract order, its key and its row rules.

    ``event_column`` says when a row happened; it is the element of the promised latency, and
    ``None`` for a feed that describes instead of telling what happened.
    """

    feed: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    event_column: str | None

    def column(self, name: str) -> Column | None:
        """The column of that name, if the contract has it."""
        return next((c for c in self.columns if c.name == name), None)


def feeds_like(patterns: Iterable[str]) -> list[str]:
    """The feeds that names or patterns such as ``ref_*`` stand for, in the order given."""
    found = (feed for pattern in patterns for feed in FEEDS if fnmatch(feed, pattern))
    return list(dict.fromkeys(found))


@cache
def load_contract(feed: str) -> Contract:
    """Read the contract of a feed.

    Raises:
        RegularsError: there is no such feed, or its contract file is not valid.
    """
    path = CONTRACTS / f"{feed}{SUFFIX}"
    if feed not in FEEDS:
        raise RegularsError(f"no feed {feed!r}; contracts exist for {', '.join(FEEDS)}")
    try:
        document = OpenDataContractStandard.from_file(str(path))
        (schema,) = document.schema_ or ()
        return _contract(feed, schema, document.slaProperties or ())
    except (yaml.YAMLError, ValidationError, KeyError, TypeError, ValueError) as error:
        raise RegularsError(f"{_shown(path)}: not a valid contract: {error}") from error


def _contract(feed: str, schema, promises) -> Contract:
    columns = tuple(
        Column(p.name, p.physicalType, bool(p.required), p.classification, _token_as(p))
        for p in schema.properties
    )
    names = {c.name for c in columns}
    for column in columns:
        if column.type not in _DUCKDB_TYPES and not column.type.startswith("decimal("):
            raise ValueError(f"column {column.name}: unknown physicalType {column.type!r}")
        _check_class(column)
    rules = tuple(
        Rule(q.name, q.implementation["column"], q.implementation["must"], q.description)
        for q in schema.quality or ()
    )
    for rule in rules:
        if rule.column not in names:
            raise ValueError(f"rule {rule.name}: unknown column {rule.column!r}")
    keyed = sorted(
        (p for p in schema.properties if p.primaryKey), key=lambda p: p.primaryKeyPosition
    )
    event = next((p.element for p in promises if p.property == "latency"), None)
    event_column = event and event.removeprefix(f"{schema.name}.")
    if event_column and event_column not in {c.name for c in columns if c.type == "timestamp"}:
        raise ValueError(f"latency: {event!r} is not a timestamp of {schema.name}")
    return Contract(feed, columns, tuple(p.name for p in keyed), rules, event_column)


def _token_as(schema_property) -> str | None:
    found = {p.property: p.value for p in schema_property.customProperties or ()}
    return found.get("tokenAs")


def _check_class(column: Column) -> None:
    name, held = column.name, column.classification
    if held is None:
        raise ValueError(f"column {name}: no classification (one of {', '.join(CLASSES)})")
    if held not in CLASSES:
        raise ValueError(f"column {name}: classification {held!r} is none of {', '.join(CLASSES)}")
    if held == "contact" and column.token_as is None:
        raise ValueError(f"column {name}: contact data needs tokenAs (one of {', '.join(TOKENS)})")
    if column.token_as is not None and column.token_as not in TOKENS:
        raise ValueError(f"column {name}: tokenAs {column.token_as!r} is none of {TOKENS}")
    if column.token_as is not None and held not in ("contact", "sensitive"):
        raise ValueError(f"column {name}: tokenAs is for contact and sensitive columns")
    if held == "free_text" and column.type != "text":
        raise ValueError(f"column {name}: free text must be of type text")


def lake_columns(contract: Contract) -> list[tuple[str, str]]:
    """Names and DuckDB types of the feed's rows in the lake, in order.

    A Parquet file of the lake lacks the columns that none of its files delivered.
    """
    held = [pair for column in contract.columns for pair in column.lake_columns]
    return [*held, ("load_id", "VARCHAR")]


def _shown(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()
