"""Column layouts: small YAML files that turn another system's export into a contract.

The language is described in ``docs/layouts.md``; every mapping becomes SQL over text columns.
"""

import codecs
import difflib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from regulars.errors import RegularsError
from regulars.feeds.contract import Contract, load_contract
from regulars.feeds.opening import Form
from regulars.feeds.sql import delivered, literal

SHIPPED = Path(__file__).with_name("layouts")
_SOURCES = (
    "from",
    "first_of",
    "join",
    "constant",
    "count_within",
    "product_of",
    "quotient_of",
    "answer",
)
# What the row of a wide export becomes: one row per answered question, with these columns.
_ANSWER = {
    "question_code": '"answer: question_code"',
    "dimension": '"answer: dimension"',
    "score": '"answer: score"',
    "scale_min": '"answer: scale_min"',
    "scale_max": '"answer: scale_max"',
    "product_series": '"answer: product_series"',
    "verbatim": '"answer: verbatim"',
}


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Signed(_Form):
    """Rows whose amounts count as negative."""

    column: str
    values: Annotated[tuple[str, ...], Field(alias="is", min_length=1)]


class Mapping(_Form):
    """How a contract column is filled: one source, then what is done to its text, in order."""

    source: Annotated[str | None, Field(alias="from")] = None
    first_of: Annotated[tuple[str, ...] | None, Field(min_length=2)] = None
    join: Annotated[tuple[str, ...] | None, Field(min_length=2)] = None
    constant: str | None = None
    count_within: str | None = None
    product_of: tuple[str, str] | None = None
    quotient_of: tuple[str, str] | None = None
    answer: Literal[tuple(_ANSWER)] | None = None

    first_within: str | None = None
    strip_prefix: str | None = None
    strip_suffix: str | None = None
    values: Annotated[dict[str, str | None] | None, Field(alias="map")] = None
    otherwise: str | None = None
    remove: tuple[str, ...] = ()
    decimal_mark: Literal[".", ","] = "."
    decimals: Annotated[int | None, Field(ge=0, le=4)] = None
    absolute: bool = False
    negate: bool = False
    negative_where: Signed | None = None
    time_format: tuple[str, ...] = ()
    utc: bool = False
    default: str | None = None

    @field_validator("time_format", "remove", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in _SOURCES if getattr(self, _field(name)) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_SOURCES)}; has {given or 'none'}")
        return self

    def sources(self) -> tuple[str, ...]:
        """Source columns that are read."""
        single = (self.source, self.count_within, self.first_within)
        several = (self.first_of, self.join, self.product_of, self.quotient_of)
        signed = self.negative_where.column if self.negative_where else None
        return tuple(
            name for name in (*single, signed, *(n for part in several for n in part or ())) if name
        )

    def needs_order(self) -> bool:
        """Whether the value depends on the rows around."""
        return self.count_within is not None or self.first_within is not None

    def sql(self) -> str:
        """The value as text."""
        text = self._source_sql()
        if self.first_within:
            text = (
                f"first_value(nullif({text}, '') ignore nulls) over (partition by _place,"
                f" {delivered(self.first_within)} order by _source_row"
                " rows between unbounded preceding and unbounded following)"
            )
        if self.strip_prefix:
            text = f"regexp_replace({text}, {literal('^' + re.escape(self.strip_prefix))}, '')"
        if self.strip_suffix:
            text = f"regexp_replace({text}, {literal(re.escape(self.strip_suffix) + '$')}, '')"
        if self.values:
            cases = " ".join(f"when {literal(k)} then {_value(v)}" for k, v in self.values.items())
            rest = text if self.otherwise is None else literal(self.otherwise)
            text = f"case coalesce(trim({text}), '') {cases} else {rest} end"
        text = self._cleaned(text)
        if self.decimals is not None:
            text = f"cast(cast(try_cast({text} as decimal(38,8)) as {self._decimal}) as varchar)"
        if self.absolute:
            text = f"ltrim({text}, '-')"
        if self.negate:
            text = f"case when {text} like '-%' then substr({text}, 2) else '-' || {text} end"
        if self.negative_where:
            among = ", ".join(literal(value) for value in self.negative_where.values)
            negative = f"{delivered(self.negative_where.column)} in ({among})"
            turned = f"{negative} and {text} not like '-%'"
            text = f"case when {turned} then '-' || {text} else {text} end"
        if self.time_format:
            formats = ", ".join(literal(form) for form in self.time_format)
            parsed = f"try_strptime(trim({text}), [{formats}])"
            text = f"coalesce(strftime({parsed}, '%Y-%m-%dT%H:%M:%S'), {text})"
        if self.utc:
            text = f"nullif({text}, '') || 'Z'"
        if self.default is not None:
            text = f"coalesce(nullif({text}, ''), {literal(self.default)})"
        return text

    def _cleaned(self, text: str) -> str:
        """A number as other systems write it, with a decimal point and nothing else."""
        for unwanted in self.remove:
            text = f"replace({text}, {literal(unwanted)}, '')"
        if self.decimal_mark == ",":
            text = f"replace(replace({text}, '.', ''), ',', '.')"
        return text

    @property
    def _decimal(self) -> str:
        return f"decimal(38,{self.decimals})"

    def _source_sql(self) -> str:
        if self.source is not None:
            return delivered(self.source)
        if self.constant is not None:
            return literal(self.constant)
        if self.answer is not None:
            return _ANSWER[self.answer]
        if self.first_of is not None:
            filled = (f"nullif({delivered(c)}, '')" for c in self.first_of)
            return f"coalesce({', '.join(filled)})"
        if self.join is not None:
            return f"concat_ws(' ', {', '.join(delivered(c) for c in self.join)})"
        if self.count_within is not None:
            window = f"partition by _place, {delivered(self.count_within)} order by _source_row"
            return f"cast(row_number() over ({window}) as varchar)"
        left, right = (
            f"try_cast({self._cleaned(delivered(c))} as decimal(18,6))"
            for c in self.product_of or self.quotient_of
        )
        if self.product_of is not None:
            return f"cast({left} * {right} as varchar)"
        return f"cast(cast({left} as double) / nullif({right}, 0) as varchar)"


class Question(_Form):
    """What is known of one question of a wide survey export."""

    question_code: str | None = None
    dimension: str | None = None
    product_series: str | None = None
    scale: tuple[float, float] | None = None
    scores: dict[str, float] = {}


class Answers(_Form):
    """The columns of a wide survey export that hold answers: each becomes a row of its own."""

    after: str | None = None
    matching: str | None = None
    excluding: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    questions: dict[str, Question] = {}

    def columns(self, header: Sequence[str]) -> list[str]:
        """The answer columns of a file, in the order of its header."""
        start = header.index(self.after) + 1 if self.after else 0
        return [
            column
            for column in header[start:]
            if column not in self.excluding and re.search(self.matching or "", column)
        ]

    def sql(self, relation: str, header: Sequence[str]) -> str:
        """One row per answer of ``relation``, with the columns of an answer; blanks are no rows."""
        facts, names = [], ", ".join(_ANSWER[n] for n in ("question_code", "dimension"))
        for number, column in enumerate(self.columns(header)):
            known = self.questions.get(column, Question())
            low, high = known.scale or self.scale or (None, None)
            scored = " ".join(
                f"when {literal(label)} then '{score:g}'" for label, score in known.scores.items()
            )
            value = delivered(column)
            score = f"case trim({value}) {scored} else {value} end" if scored else value
            number = f"case when try_cast({score} as decimal(18,2)) is not null then {score} end"
            if low is None:
                number = "cast(null as varchar)"
            facts.append(
                f"({number}, {_value(known.question_code or column)}, {_value(known.dimension)},"
                f" {_value(known.product_series)}, {_text(low)}, {_text(high)}, {number}, {value})"
            )
        listed = ", ".join(facts)
        series, low, high = (_ANSWER[n] for n in ("product_series", "scale_min", "scale_max"))
        score, verbatim = _ANSWER["score"], _ANSWER["verbatim"]
        return (
            f"select given.* exclude (_answer), answers._answer, {names}, {series}, {score},"
            f" case when {score} is not null then {low} end as {low},"
            f" case when {score} is not null then {high} end as {high},"
            f" case when {score} is null then answered end as {verbatim}"
            f" from ({relation}) as given, lateral (values {listed})"
            f" as answers(_answer, {names}, {series}, {low}, {high}, {score}, answered)"
            " where nullif(trim(answered), '') is not null"
        )


class Layout(_Form):
    """A layout: the feed it serves, how its files are written, where each column comes from."""

    layout: str
    feed: str
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    header_rows: Annotated[int, Field(ge=1, le=5)] = 1
    names_from: Annotated[int | None, Field(ge=1, le=5)] = None
    columns: dict[str, Mapping]
    answers: Answers | None = None

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"unknown encoding {value!r}; for example gb18030 or cp1252") from None

    @property
    def form(self) -> Form:
        """How the files of this layout are written."""
        return Form(self.encoding, self.delimiter, self.header_rows, self.names_from)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every source column that the layout reads by name, once each."""
        named = [s for mapping in self.columns.values() for s in mapping.sources()]
        return tuple(dict.fromkeys(named))

    @property
    def needs_order(self) -> bool:
        """Whether a row depends on the rows around it, or one line gives several rows."""
        return self.answers is not None or any(m.needs_order() for m in self.columns.values())


def _field(name: str) -> str:
    return "source" if name == "from" else name


def _value(text: str | None) -> str:
    return "cast(null as varchar)" if text is None else literal(text)


def _text(number: float | None) -> str:
    return "cast(null as varchar)" if number is None else f"'{number:g}'"


def layout_names(folder: Path) -> tuple[str, ...]:
    """Names of the layouts of this home, and of those that come with Regulars."""
    return tuple(sorted({p.stem for place in (folder, SHIPPED) for p in place.glob("*.yaml")}))


@cache
def load_layout(name: str, folder: Path = SHIPPED) -> Layout:
    """Read a layout of ``folder``, or else one that comes with Regulars.

    Raises:
        RegularsError: no such layout, or it is wrong; names the file, the place and what to do.
    """
    known = layout_names(folder)
    if name not in known:
        raise RegularsError(f"no layout {name!r}; {_nearest(name, known)}")
    path = folder / f"{name}.yaml"
    path = path if path.exists() else SHIPPED / f"{name}.yaml"
    try:
        layout = Layout.model_validate(yaml.safe_load(path.read_text("utf-8")))
        problems = _misfits(layout, load_contract(layout.feed))
    except yaml.YAMLError as error:
        raise RegularsError(f"layout {path.name}: not YAML: {error}") from error
    except ValidationError as error:
        problems = [_told(found) for found in error.errors()]
    if problems:
        raise RegularsError("\n".join(f"layout {path.name}: {problem}" for problem in problems))
    return layout


def _misfits(layout: Layout, contract: Contract) -> list[str]:
    names = [c.name for c in contract.columns]
    problems = [
        f"columns.{c}: not a column of {layout.feed}; {_nearest(c, names)}"
        for c in layout.columns
        if c not in names
    ]
    problems += [
        f"columns: required column {c.name} of {layout.feed} is not filled"
        for c in contract.columns
        if c.required and c.name not in layout.columns
    ]
    for name, mapping in layout.columns.items():
        if mapping.answer and layout.answers is None:
            problems.append(f"columns.{name}: 'answer' needs a part 'answers'")
    return problems


def _told(found: dict) -> str:
    place = ".".join(str(part) for part in found["loc"])
    if found["type"] == "extra_forbidden":
        parts = {"columns": Mapping, "answers": Answers}
        form = parts.get(found["loc"][0], Layout) if len(found["loc"]) > 1 else Layout
        known = [field.alias or name for name, field in form.model_fields.items()]
        return f"{place}: unknown key; {_nearest(str(found['loc'][-1]), known)}"
    return f"{place}: {found['msg']}"


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=2)
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
