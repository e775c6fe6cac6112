"""The data dictionary of a version: every table, what it means and where it comes from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from regulars.feeds.contract import FEEDS

TEMPLATE = Path(__file__).with_name("dictionary.html.jinja")
# Tables that the run writes itself, which dbt knows nothing of.
OWN_GROUP = "the run"


@dataclass(frozen=True)
class Entry:
    """A published table; ``columns`` are name, type and meaning."""

    name: str
    group: str
    description: str
    rows: int
    columns: list[tuple[str, str, str | None]]
    owner: str | None
    requirements: list[str]
    made_from: list[str]
    feeds: list[str]
    shown_on: list[str]


def render_dictionary(
    connection: duckdb.DuckDBPyConnection,
    said: dict[str, Any],
    manifest: dict[str, Any],
    has_dbt: bool,
) -> str:
    """The dictionary as one HTML page that needs nothing else; every value is escaped.

    Args:
        connection: sees the tables of the version without a schema name.
        said: what ``version.json`` says.
        manifest: dbt's, of the code that built the version.
        has_dbt: whether dbt's own documentation lies beside the page.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    entries = list_tables(connection, said["tables"], manifest)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        version=said["version"],
        as_of=said["as_of"],
        tables=entries,
        names={entry.name for entry in entries},
        has_dbt=has_dbt,
    )


def list_tables(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Any], manifest: dict[str, Any]
) -> list[Entry]:
    """An entry for every table of the version, by name.

    Meaning and types are those in the file; owner, requirements and lineage are dbt's.
    """
    meanings = dict(
        connection.execute("select table_name, comment from duckdb_tables()").fetchall()
    )
    columns: dict[str, list] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns()"
        " where not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(tuple(column))
    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    shown = _shown_on(manifest)
    feeds: dict[str, frozenset[str]] = {}
    entries = []
    for name in sorted(tables):
        node = models.get(name)
        meta = node["config"]["meta"] if node else {}
        entries.append(
            Entry(
                name=name,
                group=node["fqn"][2] if node else OWN_GROUP,
                description=(meanings.get(name) or "").strip(),
                rows=tables[name]["rows"],
                columns=columns[name],
                owner=meta.get("owner"),
                requirements=list(meta.get("requirements", [])),
                made_from=_parents(manifest, node["unique_id"]) if node else [],
                feeds=sorted(_feeds(manifest, node["unique_id"], feeds)) if node else [],
                shown_on=shown.get(node["unique_id"], []) if node else [],
            )
        )
    return entries


def _parents(manifest: dict[str, Any], node_id: str) -> list[str]:
    return sorted({parent.split(".")[-1] for parent in manifest["parent_map"][node_id]})


def _feeds(
    manifest: dict[str, Any], node_id: str, known: dict[str, frozenset[str]]
) -> frozenset[str]:
    """The delivered tables that a model comes from, through all models between."""
    if node_id not in known:
        if node_id.startswith("source."):
            name = node_id.split(".")[-1]
            # Loads and builds are sources too, which nobody delivers.
            known[node_id] = frozenset({name} & set(FEEDS))
        else:
            meta = manifest["nodes"][node_id]["config"]["meta"]
            above = manifest["parent_map"][node_id] if meta.get("carries_feeds", True) else []
            known[node_id] = frozenset().union(*(_feeds(manifest, one, known) for one in above))
    return known[node_id]


def _shown_on(manifest: dict[str, Any]) -> dict[str, list[str]]:
    """Titles of the exposures that read a model, by its id."""
    shown: dict[str, list[str]] = {}
    for exposure in sorted(manifest["exposures"].values(), key=lambda one: one["name"]):
        for node_id in exposure["depends_on"]["nodes"]:
            shown.setdefault(node_id, []).append(exposure["label"] or exposure["name"])
    return shown
