"""Where two published versions differ: the tables, and of each the first row and its columns."""

import json
from pathlib import Path

import duckdb

from regulars.warehouse.content import AUDIT_ONLY, BUILD_LOGS
from regulars.warehouse.publish import DATABASE, DESCRIPTION

# Of each table so many rows are shown.
ROWS_SHOWN = 2


def differences(one: Path, other: Path, left_out: frozenset[str] = BUILD_LOGS) -> str:
    """Tables of two versions whose hashes differ, with the first rows that only one of them holds.

    Args:
        one: the folder of a version.
        other: the folder of another.
        left_out: tables that may differ.

    Returns:
        A line per table and row, in the order of names and values; empty if all are the same.
    """
    tables = [json.loads((folder / DESCRIPTION).read_text())["tables"] for folder in (one, other)]
    names = sorted(
        name
        for name in tables[0].keys() | tables[1].keys()
        if name not in left_out
        and tables[0].get(name, {}).get("hash") != tables[1].get(name, {}).get("hash")
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one / DATABASE}' as one (read_only)")
        connection.execute(f"attach '{other / DATABASE}' as other (read_only)")
        return "\n".join(
            line
            for name in names
            for line in (
                _rows(connection, name)
                if name in tables[0] and name in tables[1]
                else [f"{name}: only in {one if name in tables[0] else other}"]
            )
        )


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The first rows, by all columns from the left, that only one side holds, and what differs.

    A mart's key stands left, so a row and its counterpart are neighbours.
    """
    columns = {
        side: [
            f'"{column}" {kind}'
            for column, kind, *_ in connection.execute(f"describe {side}.{name}").fetchall()
        ]
        for side in ("one", "other")
    }
    if columns["one"] != columns["other"]:
        odd = sorted(set(columns["one"]) ^ set(columns["other"]))
        return [f"{name}: columns differ: {', '.join(odd) or 'their order'}"]
    kept = [column for column in columns["one"] if column.split('"')[1] not in AUDIT_ONLY]
    listed = ", ".join(column[: column.rindex('"') + 1] for column in kept)
    found = {
        side: connection.execute(
            f"select {listed} from {side}.{name} except all select {listed} from {rival}.{name}"
            " order by all"
        ).fetchmany(ROWS_SHOWN)
        for side, rival in (("one", "other"), ("other", "one"))
    }
    first = next(iter(found["one"] or found["other"]), ())
    rival = next(iter(found["other"]), None) if found["one"] else None
    names = [column.split('"')[1] for column in kept]
    told = (
        [
            f"{column} {mine!r} <> {theirs!r}"
            for column, mine, theirs in zip(names, first, rival, strict=True)
            if mine != theirs
        ]
        if rival
        else ["a row that the other lacks"]
    )
    lines = [f"{name}: first {dict(zip(names[:4], first, strict=False))}: {', '.join(told)}"]
    return [*lines, *(f"    {side}: {row}" for side, rows in found.items() for row in rows)]
