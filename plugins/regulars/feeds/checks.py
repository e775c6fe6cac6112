"""From delivered text to typed columns and, per row, the first rule it breaks: one select."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from regulars.feeds.contract import Column, Contract, Rule
from regulars.feeds.sql import delivered, identifier


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
        ("extra_lines", "BIGINT"),
        ("problem", "INTEGER"),
    ]


def checked_select(
    contract: Contract,
    mapped: Mapping[str, str],
    source: str,
    *,
    by_row: bool = False,
    is_json: bool = False,
    max_text_bytes: int | None = None,
) -> CheckedSelect:
    """Select the typed rows of ``source`` and the number of their first problem, null if none.

    Args:
        contract: what the columns must be.
        mapped: per contract column, SQL for its text over ``source``; absent columns are null.
        source: relation with ``_file_no``, ``_delivery_date``, ``_extra_lines`` and ``_is_broken``
            beside the delivered columns.
        by_row: ``source`` has ``_source_row`` and ``_answer``, which put the rows back in order.
        is_json: a text may be a JSON object or array, which is no text.
        max_text_bytes: longest text; None where the reader has seen to it.
    """
    row = (
        "_source_row as source_row, _answer as answer"
        if by_row
        else "cast(null as bigint) as source_row"
    )
    raw = [f"nullif({mapped.get(c.name, 'null')}, '') as {_raw(c)}" for c in contract.columns]
    typed = [(name, sql) for column in contract.columns for name, _, sql in _typed(column)]
    not_an_object = Problem(None, "broken_json", "the line is not a JSON object")
    # Files of every shape number their problems alike; what cannot occur in one is not asked.
    problems: list[tuple[str | None, Problem]] = [("is_broken", not_an_object)]
    for column in contract.columns:
        asked = column.name in mapped or column.required
        problems += [
            (breaks if asked else None, problem)
            for breaks, problem in _column_problems(column, is_json, max_text_bytes)
        ]
    for rule in contract.rules:
        problems.append((_broken(rule), Problem(rule.column, rule.name, rule.reason)))
    cases = " ".join(
        f"when {breaks} then {number}" for number, (breaks, _) in enumerate(problems) if breaks
    )
    sql = f"""
        select {", ".join(identifier(n) for n, _ in typed)}, file_no, source_row, extra_lines,
            case {cases} end as problem
        from (
            select *, {", ".join(f"{sql} as {identifier(n)}" for n, sql in typed)}
            from (
                select {", ".join(raw)}, _file_no as file_no, {row},
                    _delivery_date as delivery_date, _extra_lines as extra_lines,
                    _is_broken as is_broken
                from {source}
            )
        )
        {"order by file_no, source_row, answer" if by_row else ""}"""
    return CheckedSelect(sql, tuple(problem for _, problem in problems))


def clean_select(contract: Contract, columns: Collection[str], source: str) -> str:
    """Select the typed rows of ``source`` with their ``load_id``, null where a row breaks a rule.

    Lets pass only what ``checked_select`` lets pass, with the same values; it may let pass less.

    Args:
        contract: what the columns must be.
        columns: the contract's columns that ``source`` has; only they are selected. Numbers are
            DOUBLE, which is several times cheaper than going by way of text, all others text.
        source: relation with those, as ``delivered`` names them, ``load_id`` and ``delivery_date``.
    """
    raw, typed, breaks = [], [], []
    for column in contract.columns:
        given = column.name in columns
        value = delivered(column.name) if given else "cast(null as varchar)"
        raw.append(f"{value} as {_raw(column)}")
        if column.is_number:
            number = f"try_cast({_raw(column)} as {column.duckdb_type})"
            typed.append((column.name, number, given))
        else:
            typed += [(name, sql, given) for name, _, sql in _typed(column)]
        if not given:
            continue
        if column.required:
            breaks.append(f"{_raw(column)} is null")
        if column.is_number:
            breaks.append(f"not {_fits(_raw(column), column)}")
        elif column.type != "text":
            breaks.append(_misformed(column))
    breaks += [_broken(rule) for rule in contract.rules if rule.column in columns]
    is_bad = " or ".join(f"coalesce({condition}, false)" for condition in breaks)
    return f"""
        select {", ".join(identifier(name) for name, _, given in typed if given)},
            case when {is_bad} then null else load_id end as load_id
        from (
            select *, {", ".join(f"{sql} as {identifier(name)}" for name, sql, _ in typed)}
            from (select {", ".join(raw)}, load_id, delivery_date from {source})
        )"""


def _scale(column: Column) -> int:
    return 0 if column.type == "int" else int(column.type.rstrip(")").split(",")[1])


def _fits(number: str, column: Column) -> str:
    """SQL: a double is, but for its own inexactness, a number of the column's scale and size."""
    scale = _scale(column)
    precision = 18 if column.type == "int" else int(column.type[len("decimal(") :].split(",")[0])
    # Below 2^50 units of the last place a double tells any two of them apart.
    highest = min(10**precision, 2**50) / 10**scale
    units = f"({number} * 1e{scale})"
    return (
        f"(abs({number}) < {highest:.0f} and abs({units} - round({units})) <= abs({units}) * 3e-16)"
    )


def _broken(rule: Rule) -> str:
    return f"{identifier(rule.column)} is not null and not coalesce({rule.must}, true)"


def _raw(column: Column) -> str:
    return identifier(f"{column.name} as delivered")


def _typed(column: Column) -> list[tuple[str, str, str]]:
    """Name, type and SQL of the lake columns that come from one delivered column."""
    raw = _raw(column)
    if column.type == "text":
        return [(column.name, "VARCHAR", raw)]
    if column.type == "timestamp":
        # A cast to TIMESTAMP would drop the offset; TIMESTAMPTZ turns it into UTC, but wants
        # seconds.
        full = f"regexp_replace(upper({raw}), '^(.{{13}}:[0-9]{{2}})(Z|[+-].*)$', '\\1:00\\2')"
        utc = f"timezone('UTC', try_cast({full} as timestamptz))"
        local = f"try_cast({raw} as timestamp)"
        # Only a branch of a case is spared the rows that another has taken, and offsets are dear.
        moment = (
            f"case when {_is_plain_time(raw)} then {local}"
            f" when {_has_offset(raw)} then {utc} else {local} end"
        )
        is_utc = (
            f"case when {_is_plain_time(raw)} then false"
            f" when {raw} is not null then {_has_offset(raw)} end"
        )
        return [
            (column.name, "TIMESTAMP", moment),
            (f"{column.name}_is_utc", "BOOLEAN", is_utc),
        ]
    sql = f"try_cast({raw} as {column.duckdb_type})"
    if column.type == "int":
        # A cast to BIGINT would round.
        sql = f"coalesce({sql}, try_cast(try_cast({raw} as decimal(38,10)) as bigint))"
    if column.is_number:
        # As ``clean_select`` has it; and casts of text do not take 1000e-1 and make 0.01 of 5e-400.
        number = f"try_cast({raw} as double)"
        by_double = f"cast({number} as {column.duckdb_type})"
        sql = f"case when {_fits(number, column)} then {by_double} else {sql} end"
    return [(column.name, column.duckdb_type, sql)]


def _is_plain_time(raw: str) -> str:
    """Whether a time has the form of nearly all: YYYY-MM-DD?HH:MM:SS, no offset."""
    return f"(strlen({raw}) = 19 and substr({raw}, 5, 1) = '-' and substr({raw}, 17, 1) = ':')"


def _has_offset(raw: str) -> str:
    offset = "[0-9]([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$"
    return f"(strlen({raw}) > 10 and regexp_matches({raw}, '{offset}'))"


_TIME = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?"
)


def _column_problems(
    column: Column, is_json: bool, max_text_bytes: int | None
) -> list[tuple[str | None, Problem]]:
    name, raw = column.name, _raw(column)
    problems: list[tuple[str | None, Problem]] = []
    if column.required:
        empty = Problem(name, "required", f"{name} is required but empty")
        problems.append((f"{raw} is null", empty))
    if column.type == "text":
        return problems + _text_problems(column, is_json, max_text_bytes)
    _, expected = _form(column)
    problems.append((_misformed(column), Problem(name, "type", f"{name} is not {expected}")))
    return problems


def _misformed(column: Column) -> str:
    """SQL: a delivered text is not of the column's type, or of its form."""
    typed, raw = identifier(column.name), _raw(column)
    form, _ = _form(column)
    # A number that reads back as delivered needs no closer look; that is nearly every row.
    plain = f" or cast({typed} as varchar) = {raw}" if column.is_number else ""
    return (
        f"case when {raw} is null{plain} then false"
        f" else {typed} is null or not coalesce({form}, false) end"
    )


def _text_problems(
    column: Column, is_json: bool, max_text_bytes: int | None
) -> list[tuple[str | None, Problem]]:
    name, raw = column.name, _raw(column)
    problems: list[tuple[str | None, Problem]] = []
    too_long = f"coalesce(strlen({raw}) > {max_text_bytes}, false)"
    reason = f"{name} is longer than a line may be (setting max_line_bytes)"
    problem = Problem(name, "line_too_long", reason)
    problems.append((too_long if max_text_bytes is not None else None, problem))
    nested = f"coalesce(left({raw}, 1) in ('{{', '[') and json_valid({raw}), false)"
    problem = Problem(name, "type", f"{name} is a JSON object or array and not a text")
    problems.append((nested if is_json else None, problem))
    if column.classification not in ("free_text", "contact"):
        breaks = " or ".join(f"contains({raw}, chr({code}))" for code in (0, 10, 13))
        reason = f"{name} holds a line break or a NUL; look for an unclosed quote"
        problems.append((f"coalesce({breaks}, false)", Problem(name, "line_break", reason)))
    return problems


def _form(column: Column) -> tuple[str, str]:
    """SQL for what a cast alone would let pass, and the expected form in words."""
    raw, typed = _raw(column), identifier(column.name)
    match column.type:
        case "int":
            exact = f"{typed} = try_cast({raw} as decimal(38,10))"
            return f"{_fits(f'try_cast({raw} as double)', column)} or {exact}", "a whole number"
        case "date":
            form = f"{raw} like '____-__-__' and {typed} >= date '0001-01-01'"
            return form, "a date of the form YYYY-MM-DD"
        case "timestamp":
            # Only what is not plain pays for the regular expression.
            shaped = (
                f"case when {_is_plain_time(raw)} then true"
                f" else regexp_full_match({raw}, '{_TIME}') end"
            )
            form = f"{shaped} and {typed} >= timestamp '0001-01-01'"
            return form, "a time in ISO 8601, such as 2014-12-31T18:05:00"
        case "bool":
            return "true", "true or false"
        case _:
            # The cast rounds. What a double cannot tell shows by its digits, or with an exponent by
            # itself.
            scale = _scale(column)
            point = f"strpos({raw}, '.')"
            digits = f"({point} = 0 or length(rtrim({raw}, ' 0')) - {point} <= {scale})"
            exponent = f"regexp_matches({raw}, '[eE]')"
            exact = f"{typed} = try_cast({raw} as decimal(38,10))"
            number = f"try_cast({raw} as double)"
            form = (
                f"case when {_fits(number, column)} then true"
                f" when {exponent} then {exact} else {digits} end"
            )
            return form, f"a number that fits {column.type} with a decimal point"
