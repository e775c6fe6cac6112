"""From delivered text to typed columns and, per row, the first rule it breaks: one select."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.feeds.contract import Column, Contract
from regulars.feeds.sql import identifier


@dataclass(frozen=True)
class Problem:
    """Why a row is quarantined, in plain words."""

    column: str | None
    rule: str
    reason: str


@dataclass(frozen=True)
class CheckedSelect:
    """The select that types and judges rows, and what its ``problem`` numbers mean."""

    sql: str
    problems: tuple[Problem, ...]


def checked_columns(contract: Contract) -> list[tuple[str, str]]:
    """Names and types of what ``checked_select`` yields, in order."""
    typed = [(name, kind) for column in contract.columns for name, kind, _ in _typed(column)]
    return [
        *typed,
        ("file_no", "INTEGER"),
        ("source_row", "BIGINT"),
        ("row_hash", "UBIGINT"),
        ("extra_lines", "BIGINT"),
        ("problem", "INTEGER"),
    ]


def checked_select(
    contract: Contract,
    mapped: Mapping[str, str],
    source: str,
    *,
    extra_lines: str = "0",
    broken: str = "false",
    by_row: bool = False,
) -> CheckedSelect:
    """Select the typed rows of ``source`` and the number of their first problem, null if none.

    Args:
        contract: what the columns must be.
        mapped: per contract column, SQL for its text over ``source``; absent columns are null.
        source: relation with columns ``_file_no`` and ``_delivery_date`` beside the delivered ones.
        extra_lines: SQL for the line breaks inside the fields of a row.
        broken: SQL for whether the line of a row could not be taken apart.
        by_row: ``source`` has ``_source_row`` and ``_answer``, which put the rows back in order.
    """
    row = (
        "_source_row as source_row, _answer as answer"
        if by_row
        else "cast(null as bigint) as source_row"
    )
    raw = [f"nullif({mapped.get(c.name, 'null')}, '') as {_raw(c)}" for c in contract.columns]
    typed = [(name, sql) for column in contract.columns for name, _, sql in _typed(column)]
    not_an_object = Problem(None, "broken_json", "the line is not a JSON object")
    problems = [("is_broken", not_an_object)]
    for column in contract.columns:
        problems += _column_problems(column)
    for rule in contract.rules:
        breaks = f"{identifier(rule.column)} is not null and not coalesce({rule.must}, true)"
        problems.append((breaks, Problem(rule.column, rule.name, rule.reason)))
    cases = " ".join(f"when {sql} then {number}" for number, (sql, _) in enumerate(problems))
    values = ", ".join(f"coalesce(cast({identifier(n)} as varchar), chr(30))" for n, _ in typed)
    sql = f"""
        select {", ".join(identifier(n) for n, _ in typed)}, file_no, source_row,
            md5_number_lower(concat_ws(chr(31), {values})) as row_hash,
            extra_lines,
            case {cases} end as problem
        from (
            select *, {", ".join(f"{sql} as {identifier(n)}" for n, sql in typed)}
            from (
                select {", ".join(raw)}, _file_no as file_no, {row},
                    _delivery_date as delivery_date, {extra_lines} as extra_lines,
                    {broken} as is_broken
                from {source}
            )
        )
        {"order by file_no, source_row, answer" if by_row else ""}"""
    return CheckedSelect(sql, tuple(problem for _, problem in problems))


def _raw(column: Column) -> str:
    return identifier(f"{column.name} as delivered")


def _typed(column: Column) -> list[tuple[str, str, str]]:
    """Name, type and SQL of the lake columns that come from one delivered column."""
    raw = _raw(column)
    if column.type == "text":
        return [(column.name, "VARCHAR", raw)]
    if column.type == "timestamp":
        # A cast to TIMESTAMP would drop the offset; TIMESTAMPTZ turns it into UTC.
        local = f"try_cast({raw} as timestamp)"
        utc = f"timezone('UTC', try_cast({raw} as timestamptz))"
        return [
            (column.name, "TIMESTAMP", f"case when {_has_offset(raw)} then {utc} else {local} end"),
            (
                f"{column.name}_is_utc",
                "BOOLEAN",
                f"case when {raw} is not null then {_has_offset(raw)} end",
            ),
        ]
    return [(column.name, column.duckdb_type, f"try_cast({raw} as {column.duckdb_type})")]


def _has_offset(raw: str) -> str:
    """Whether a time ends in Z or an offset; its last six places hold no other sign."""
    plain = f"(strlen({raw}) = 19 and substr({raw}, 17, 1) = ':')"
    signs = " or ".join(f"substr({raw}, -{n}, 1) in ('+', '-')" for n in (6, 5, 3))
    offset = f"strlen({raw}) > 16 and (right({raw}, 1) in ('Z', 'z') or {signs})"
    return f"case when {plain} then false else {offset} end"


def _column_problems(column: Column) -> list[tuple[str, Problem]]:
    name, raw = column.name, _raw(column)
    problems = []
    if column.required:
        empty = Problem(name, "required", f"{name} is required but empty")
        problems.append((f"{raw} is null", empty))
    if column.type == "text":
        if column.classification not in ("free_text", "contact"):
            broken = f"contains({raw}, chr(10))"
            reason = f"{name} holds a line break; look for an unclosed quote"
            problems.append((broken, Problem(name, "line_break", reason)))
        return problems
    form, expected = _form(column)
    typed = identifier(name)
    # A number that reads back as delivered needs no closer look; that is nearly every row.
    is_number = column.type not in ("date", "timestamp", "bool")
    plain = f"{raw} is null" + (f" or cast({typed} as varchar) = {raw}" if is_number else "")
    broken = f"case when {plain} then false else {typed} is null or not ({form}) end"
    problems.append((broken, Problem(name, "type", f"{name} is not {expected}")))
    return problems


def _form(column: Column) -> tuple[str, str]:
    """SQL for what a cast alone would let pass, and the expected form in words."""
    raw = _raw(column)
    match column.type:
        case "int":
            form = f"translate({raw}, ' 0123456789', '') in ('', '-', '+')"
            return form, "a whole number"
        case "date":
            return f"{raw} like '____-__-__'", "a date of the form YYYY-MM-DD"
        case "timestamp":
            form = f"strlen({raw}) >= 10 and substr({raw}, 5, 1) = '-'"
            return form, "a time in ISO 8601, such as 2014-12-31T18:05:00"
        case "bool":
            return "true", "true or false"
        case _:
            digits = f"translate({raw}, ' 0123456789', '') in ('', '.', '-', '-.', '+', '+.')"
            scale = int(column.type.rstrip(")").split(",")[1])
            point = f"strpos({raw}, '.')"
            fits = f"({point} = 0 or length(rtrim({raw}, ' 0')) - {point} <= {scale})"
            return f"{digits} and {fits}", f"a number that fits {column.type} with a decimal point"
