"""Read a suite, measure its profile, judge it.

A suite is a YAML file in ``expectations/suites``. For each subject table it states measures (SQL
aggregates, taken by DuckDB in one pass) and what to expect of them. Great Expectations judges the
profile, a few rows, and never sees the table: its cost does not grow with the data.
"""

import difflib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from regulars.errors import RegularsError
from regulars.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import pandas

SUITES = PROJECT_ROOT / "expectations" / "suites"
EVERY_FEED = "every_feed"

_Name = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")]
_Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Check:
    """The verdict on one expectation for one subject.

    ``subject`` is the file path (or whatever the suite profiles by), otherwise the table.
    ``observed`` is the measured value as text; None means that there was nothing to measure.
    """

    suite: str
    table: str
    subject: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    observed: str | None
    reason: str


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Form):
    """One bound: its type and arguments in Great Expectations' terms, and why it stands."""

    type: _Text
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning"]
    since: date
    reason: _Text

    @property
    def columns(self) -> tuple[str, ...]:
        """The measures that the expectation looks at."""
        named = [self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs]
        return (*named, *self.kwargs.get("column_list", ()))


class Subject(_Form):
    """One table: what is measured of it, per value of ``by`` if given, and what is expected."""

    table: _Name
    by: _Name | None = None
    measures: dict[_Name, _Text] = Field(min_length=1)
    expectations: tuple[Expectation, ...] = Field(min_length=1)


class Suite(_Form):
    """A suite as written, known to be complete and made of expectations that exist."""

    suite: _Name
    subjects: tuple[Subject, ...] = Field(min_length=1)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables judged, in the order of the file."""
        return tuple(subject.table for subject in self.subjects)

    def subject(self, table: str) -> Subject:
        """The part of the suite on ``table``; RegularsError if there is none."""
        for subject in self.subjects:
            if subject.table == table:
                return subject
        raise RegularsError(
            f"suite {self.suite} has no table {table!r}; it has {', '.join(self.tables)}"
        )

    def profile_sql(self, table: str, relation: str | None = None) -> str:
        """SQL that measures ``table`` in one pass: one row, or one row per value of ``by``.

        ``relation`` is what to read instead of the table's own name, for example a view of a batch.
        """
        subject = self.subject(table)
        measured = [f"{sql} as {name}" for name, sql in subject.measures.items()]
        source = f"from {relation or table}"
        if subject.by is None:
            return f"select {', '.join(measured)} {source}"
        columns = ", ".join([subject.by, *measured])
        return f"select {columns} {source} group by {subject.by} order by {subject.by}"


def load_suite(name: str, folder: Path = SUITES) -> Suite:
    """Read and check ``<folder>/<name>.yaml``.

    Raises:
        RegularsError: the file is missing or wrong; names the file, the place in it and the cure.
    """
    path = folder / f"{name}.yaml"
    where = f"suite {path.name}"
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        suite = Suite.model_validate(written)
    except FileNotFoundError:
        known = sorted(p.stem for p in folder.glob("*.yaml"))
        raise RegularsError(f"{where}: no such file; {_nearest(name, known)}") from None
    except yaml.YAMLError as error:
        raise RegularsError(f"{where}: not YAML: {error}") from error
    except ValidationError as error:
        raise RegularsError("\n".join(f"{where}: {p}" for p in _problems(error))) from error

    problems = []
    if suite.suite != name:
        problems.append(f"suite: is {suite.suite!r}, but the file name says {name!r}")
    if len(set(suite.tables)) < len(suite.tables):
        problems.append("subjects: a table appears twice; put its expectations together")
    for s, subject in enumerate(suite.subjects):
        for e, expectation in enumerate(subject.expectations):
            place = f"subjects[{s}].expectations[{e}]"
            problems += [f"{place}.{p}" for p in _misfits(subject, expectation)]
    if problems:
        raise RegularsError("\n".join(f"{where}: {p}" for p in problems))
    return suite


def load_feed_suite(feed: str, folder: Path = SUITES) -> Suite:
    """The suite of a feed: what every feed is measured by, and what ``<feed>.yaml`` adds, if any.

    Raises:
        RegularsError: as ``load_suite``.
    """
    common = load_suite(EVERY_FEED, folder).subject(EVERY_FEED)
    own = None
    if (folder / f"{feed}.yaml").exists():
        own = load_suite(feed, folder).subject(feed)
    subject = Subject(
        table=feed,
        by=common.by,
        measures=common.measures | (own.measures if own else {}),
        expectations=(*common.expectations, *(own.expectations if own else ())),
    )
    return Suite(suite=feed, subjects=(subject,))


def judge(
    suite: Suite, table: str, profile: "pandas.DataFrame", by: str | None = None
) -> list[Check]:
    """Judge the measured profile of ``table``.

    Args:
        suite: as read by ``load_suite``.
        table: one of the suite's tables.
        profile: what ``Suite.profile_sql`` returned.
        by: the profile's column that names the subject, if not the one the suite states.

    Returns:
        One check per expectation and profile row, in the order of suite and profile. A null
        measure is "no data" and breaks no bound, unless the expectation is about nulls. A profile
        without rows gives one failing critical check: nothing was judged.
    """
    subject = suite.subject(table)
    by = by or subject.by
    if profile.empty:
        return [
            Check(
                suite=suite.suite,
                table=table,
                subject=table,
                expectation="profile_has_rows",
                column=None,
                severity="critical",
                success=False,
                observed="0",
                reason=f"The profile of {table} holds no rows, so nothing could be judged.",
            )
        ]
    profile = profile.reset_index(drop=True)
    rows = profile.to_dict("records")
    checks = []
    for expectation, result in zip(subject.expectations, _validate(subject, profile), strict=True):
        failure = _failure(result)
        failing_rows = result.result.get("unexpected_index_list") or []
        for position, row in enumerate(rows):
            per_row = by is not None and not failure
            checks.append(
                Check(
                    suite=suite.suite,
                    table=table,
                    subject=str(row[by]) if by else table,
                    expectation=expectation.type,
                    column=", ".join(expectation.columns) or None,
                    severity=expectation.severity,
                    success=position not in failing_rows if per_row else bool(result.success),
                    observed=_observed(expectation, result.result, row),
                    reason=f"could not be judged: {failure}" if failure else expectation.reason,
                )
            )
    return checks


def _validate(subject: Subject, profile: "pandas.DataFrame") -> list[Any]:
    """Great Expectations' results in the order of the subject's expectations."""
    gx, batch_definition = _great_expectations()
    expectations = [
        _implementation(e.type)(**e.kwargs, severity=e.severity, notes=e.reason, meta={"place": i})
        for i, e in enumerate(subject.expectations)
    ]
    outcome = batch_definition.get_batch({"dataframe": profile}).validate(
        gx.ExpectationSuite(name=subject.table, expectations=expectations),
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
    )
    # What could not be evaluated comes first in the outcome, whatever its place in the suite.
    return sorted(outcome.results, key=lambda r: r.expectation_config.meta["place"])


@cache
def _great_expectations() -> tuple[Any, Any]:
    """The library and one in-memory batch definition per process; importing it takes seconds."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it logs its own import
    import great_expectations as gx
    from great_expectations.data_context.types import base

    context = gx.get_context(
        mode="ephemeral",
        project_config=base.DataContextConfig(
            store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
        ),
    )
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("profiles").add_dataframe_asset("profile")
    return gx, asset.add_batch_definition_whole_dataframe("profile")


def _implementation(expectation_type: str) -> Any:
    """Great Expectations' class of that name; LookupError naming the nearest if there is none."""
    _great_expectations()
    from great_expectations.expectations import registry

    known = registry.list_registered_expectation_implementations()
    if expectation_type not in known:
        raise LookupError(_nearest(expectation_type, known))
    return registry.get_expectation_impl(expectation_type)


def _misfits(subject: Subject, expectation: Expectation) -> list[str]:
    """What Great Expectations, or a verdict per row of the profile, would not take."""
    from_profile = {*subject.measures, *([subject.by] if subject.by else [])}
    problems = [
        f"kwargs: no measure {column!r}; {_nearest(column, sorted(from_profile))}"
        for column in expectation.columns
        if column not in from_profile
    ]
    try:
        implementation = _implementation(expectation.type)
        implementation(**expectation.kwargs)
    except LookupError as error:
        return [*problems, f"type: unknown expectation {expectation.type!r}; {error.args[0]}"]
    except ValueError as error:
        return [*problems, f"kwargs: {error}"]
    from great_expectations.expectations import expectation as kinds

    row_by_row = (
        kinds.ColumnMapExpectation,
        kinds.ColumnPairMapExpectation,
        kinds.MulticolumnMapExpectation,
    )
    if subject.by and (
        "mostly" in expectation.kwargs or not issubclass(implementation, row_by_row)
    ):
        problems.append(
            f"type: {expectation.type} judges all rows together, but 'by: {subject.by}' asks for a"
            " verdict per row; use an expect_column_values_… expectation without 'mostly'"
        )
    return problems


def _failure(result: Any) -> str | None:
    """Why Great Expectations could not evaluate an expectation, if so."""
    info = result.exception_info or {}
    for entry in [info, *(v for v in info.values() if isinstance(v, Mapping))]:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None


def _observed(expectation: Expectation, result: Mapping[str, Any], row: Any) -> str | None:
    """The measured values as text, None where there is no data."""
    if "observed_value" in result:
        return _text(result["observed_value"])
    values = {column: _text(row.get(column)) for column in expectation.columns}
    if len(values) == 1:
        return next(iter(values.values()))
    return ", ".join(f"{column}={value}" for column, value in values.items()) or None


def _text(value: Any) -> str | None:
    import pandas

    if pandas.isna(value) is True:  # a list is data, whatever it holds
        return None
    if isinstance(value, Real) and not isinstance(value, Integral):
        return f"{value:.15g}"
    return str(value)


def _problems(error: ValidationError) -> list[str]:
    """Pydantic's findings as ``place: message``."""
    problems = []
    for found in error.errors():
        place = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]
        )
        problems.append(f"{place.lstrip('.') or 'file'}: {found['msg']}")
    return problems


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"
