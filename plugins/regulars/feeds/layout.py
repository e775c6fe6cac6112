"""Column layouts: small YAML files that turn another system's export into a contract."""

import codecs
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.feeds.opening import Form
from regulars.feeds.sql import identifier, literal

LAYOUTS = Path(__file__).with_name("layouts")


class _Mapping(BaseModel):
    """How one contract column is filled."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class From(_Mapping):
    """Take a source column; ``strip_suffix`` removes a fixed ending such as the .0 of a float."""

    source: Annotated[str, Field(alias="from")]
    strip_suffix: str | None = None

    def sources(self) -> tuple[str, ...]:
        """Source columns that are read."""
        return (self.source,)

    def sql(self) -> str:
        """The value as text."""
        column = identifier(self.source)
        if self.strip_suffix is None:
            return column
        pattern = literal(re.escape(self.strip_suffix) + "$")
        return f"regexp_replace({column}, {pattern}, '')"


class Constant(_Mapping):
    """The same value on every row."""

    constant: str

    def sources(self) -> tuple[str, ...]:
        """Source columns that are read."""
        return ()

    def sql(self) -> str:
        """The value as text."""
        return literal(self.constant)


class CountWithin(_Mapping):
    """Number the rows of a file from 1 within equal values of a source column."""

    count_within: str

    def sources(self) -> tuple[str, ...]:
        """Source columns that are read."""
        return (self.count_within,)

    def sql(self) -> str:
        """The value as text."""
        within = identifier(self.count_within)
        window = f"partition by _file, {within} order by _source_row"
        return f"cast(row_number() over ({window}) as varchar)"


class ProductOf(_Mapping):
    """Multiply two source columns exactly and round half away from zero."""

    product_of: tuple[str, str]
    decimals: Literal[0, 1, 2, 3, 4]

    def sources(self) -> tuple[str, ...]:
        """Source columns that are read."""
        return self.product_of

    def sql(self) -> str:
        """The value as text; null where a factor is not a number."""
        left, right = (f"try_cast({identifier(c)} as decimal(18,6))" for c in self.product_of)
        return f"cast(cast({left} * {right} as decimal(38,{self.decimals})) as varchar)"


class Layout(BaseModel):
    """A layout: the feed it serves and, per contract column, where its values come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layout: str
    feed: str
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    header_rows: Annotated[int, Field(ge=1, le=5)] = 1
    columns: dict[str, From | Constant | CountWithin | ProductOf]

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"unknown encoding {value!r}; known are gb18030, big5, …") from None

    @property
    def form(self) -> Form:
        """How the files of this layout are written."""
        return Form(self.encoding, self.delimiter, self.header_rows)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every source column that the layout reads, once each."""
        return tuple(dict.fromkeys(s for m in self.columns.values() for s in m.sources()))

    @property
    def counts_rows(self) -> bool:
        """Whether a column depends on the order of the rows in the file."""
        return any(isinstance(m, CountWithin) for m in self.columns.values())


def shipped_layouts() -> tuple[str, ...]:
    """Names of the layouts that come with Regulars."""
    return tuple(sorted(p.stem for p in LAYOUTS.glob("*.yaml")))


@cache
def load_layout(name: str) -> Layout:
    """Read a shipped layout.

    Raises:
        RegularsError: no such layout, or it does not fit its feed's contract.
    """
    if name not in shipped_layouts():
        raise RegularsError(f"no layout {name!r}; there are {', '.join(shipped_layouts())}")
    path = LAYOUTS / f"{name}.yaml"
    try:
        layout = Layout.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise RegularsError(f"layout {path.name}: {error}") from error
    contract = load_contract(layout.feed)
    unknown = sorted(set(layout.columns) - {c.name for c in contract.columns})
    missing = [c.name for c in contract.columns if c.required and c.name not in layout.columns]
    if unknown or missing:
        raise RegularsError(
            f"layout {path.name}: "
            + "; ".join(
                [f"{c} is not a column of {layout.feed}" for c in unknown]
                + [f"required column {c} of {layout.feed} is not filled" for c in missing]
            )
        )
    return layout
