"""What a table holds, as one number: equal contents, equal hashes, in whatever order they lie."""

import hashlib

import duckdb

# How a result came about, not what it is: two builds of the same loads differ in these and in
# nothing else. loaded_at, known_at: when files were taken; seconds: how long a node took;
# code_version: which code it was, so that code which changes no figure publishes nothing.
AUDIT_ONLY = ("loaded_at", "known_at", "seconds", "code_version")
# What the last build ran: a night leaves views and seeds alone, a build from scratch does not.
BUILD_LOGS = frozenset({"audit_models"})


def table_hash(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    """Count and hash the rows of ``relation`` (``schema.table``), audit-only columns left out.

    The hash covers column names, types and order, and the sum of a 128-bit hash per row: no row
    order, every duplicate. Values are compared as DuckDB prints them, decimals to the last digit.
    """
    columns = [
        (name, type_)
        for name, type_, *_ in connection.execute(f"describe {relation}").fetchall()
        if name not in AUDIT_ONLY
    ]
    # Nought is one number, whichever sign the last digit of a difference left it.
    values = ", ".join(
        f'cast(case when "{name}" = 0 then 0 else "{name}" end as varchar)'
        if type_ in ("DOUBLE", "FLOAT")
        else f'cast("{name}" as varchar)'
        for name, type_ in columns
    )
    rows, low, high = connection.execute(
        "select count(*), sum(md5_number_lower(line)), sum(md5_number_upper(line))"
        f" from (select cast(to_json([{values}]) as varchar) as line from {relation})"
    ).fetchone()
    digest = hashlib.sha256(f"{columns} {rows} {low} {high}".encode())
    return rows, digest.hexdigest()[:32]


def content_hash(tables: dict[str, str]) -> str:
    """One hash of many tables' hashes, by name; ``BUILD_LOGS`` left out."""
    lines = "\n".join(f"{name} {tables[name]}" for name in sorted(tables.keys() - BUILD_LOGS))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]
