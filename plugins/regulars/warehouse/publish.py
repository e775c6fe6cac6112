"""Versions for readers: write one whole, swap one link, keep the last few, go back on demand."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from regulars.code_version import code_version, rules_version
from regulars.errors import RegularsError
from regulars.pages.dictionary import render_dictionary
from regulars.settings import Settings, load_settings
from regulars.store import store_of
from regulars.warehouse.connection import build_lock, connect, exclusive
from regulars.warehouse.content import content_hash, table_hash
from regulars.warehouse.dbt import target_folder, write_docs
from regulars.warehouse.postgres import copy_version
from regulars.warehouse.said import keep_said
from regulars.warehouse.state import JUDGED, PUBLISHED, State, read_state, write_state

log = logging.getLogger(__name__)

DATABASE = "regulars.duckdb"
DASHBOARDS = "dashboards"
DOCS = "docs"
DESCRIPTION = "version.json"
METRICS = "semantic_manifest.json"
DBT_DOCS = "dbt.html"
# Readers need DuckDB 1.4 or newer; left to itself DuckDB writes for far older clients.
STORAGE_VERSION = "v1.4.0"


def publish_version() -> dict:
    """Publish the marts as a new version if the build passed the gate and its content is new.

    With ``postgres_url`` its tables are then copied there; a copy that fails holds nothing back.

    Returns:
        ``version`` (six digits), ``path``, ``content_hash`` and ``new``: False if the current
        version has the same content or this build was published before; ``copy_error`` says why
        there is no copy of it in PostgreSQL, if there should be one.

    Raises:
        RegularsError: there is no finished build, or it was not judged or failed the gate.
    """
    settings = load_settings()
    with build_lock(settings, "publish_version"):
        with connect(settings, read_only=True) as connection:
            state = read_state(connection)
            _check_gate(state)
            done = state.step == PUBLISHED and _link(settings).exists()
            description = None if done else _describe(connection, settings, state)
        if done:
            return _published(settings, current(), new=False)
        folder, new = _publish(settings, description)
        _tell_store(settings)
        with connect(settings) as connection:
            keep_said(connection, settings, folder.name)
            write_state(connection, replace(state, step=PUBLISHED, version=folder.name))
    return _published(settings, folder, new)


def current() -> Path:
    """The folder of the version that readers see now.

    Raises:
        RegularsError: nothing was published yet.
    """
    settings = load_settings()
    if not _link(settings).exists():
        raise RegularsError(
            f"nothing is published in {settings.published} yet; run `make nightly` or `make demo`"
        )
    return _link(settings).resolve()


def list_versions() -> list[dict]:
    """Every version kept, oldest first: version, as_of, content_hash, path, is_current."""
    settings = load_settings()
    now = _link(settings).resolve().name if _link(settings).exists() else None
    return [
        {
            "version": folder.name,
            "as_of": description["as_of"],
            "content_hash": description["content_hash"],
            "path": str(folder),
            "is_current": folder.name == now,
        }
        for folder in _versions(settings)
        for description in [_read(folder)]
    ]


def rollback(to: str | None = None) -> dict:
    """Point readers at an earlier version; it stays until a build with something new is published.

    Args:
        to: a version, with or without leading zeros; None means the newest one before the current.

    Returns:
        As ``publish_version``, with ``new`` False.

    Raises:
        RegularsError: there is no such version, or nothing to go back to.
    """
    settings = load_settings()
    with _swap_lock(settings, "rollback"):
        now = current()
        kept = {folder.name: folder for folder in _versions(settings)}
        if to is None:
            earlier = [name for name in kept if name < now.name]
            if not earlier:
                raise RegularsError(f"there is no version before {now.name} to go back to")
            to = max(earlier)
        folder = kept.get(to.zfill(6))
        if folder is None:
            raise RegularsError(f"there is no version {to}; kept are {', '.join(kept)}")
        _swap(settings, folder)
        _tell_store(settings)
    log.info("readers see version %s instead of %s", folder.name, now.name)
    return _published(settings, folder, new=False)


def _check_gate(state: State | None) -> None:
    if state is None or state.step not in (JUDGED, PUBLISHED):
        step = "never built" if state is None else f"only {state.step}"
        raise RegularsError(
            f"the warehouse is {step}: a version is published after build_warehouse and judge_marts"
        )
    if state.verdict == "fail":
        raise RegularsError("the marts failed a critical expectation; the last version stays")


def _describe(connection: duckdb.DuckDBPyConnection, settings: Settings, state: State) -> dict:
    """What ``version.json`` says, but for the version and its predecessor."""
    tables = {}
    for name in _marts(connection):
        rows, digest = table_hash(connection, f"marts.{name}")
        tables[name] = {"rows": rows, "hash": digest}
    as_of, known_at, loads = connection.execute(
        "select as_of::varchar, known_at::varchar, (select count(*) from raw.loads) from raw.build"
    ).fetchone()
    expectations = connection.execute(
        "select severity, count(*), count(*) filter (not success) from marts.dq_results"
        " group by severity order by severity"
    ).fetchall()
    feeds = connection.execute(
        "select subject, verdict, last_delivery_date::varchar, days_since_delivery, coverage_pct"
        " from marts.dq_verdicts where subject_type = 'feed' order by subject"
    ).fetchall()
    return {
        "as_of": as_of,
        "known_at": known_at,
        "timezone": settings.timezone,
        "currency": settings.currency,
        "code_version": code_version(),
        "rules_version": rules_version(),
        "loads": {"files": loads, "digest": state.inputs.loads},
        "verdict": state.verdict,
        "expectations": {
            severity: {"judged": judged, "failed": failed}
            for severity, judged, failed in expectations
        },
        "coverage_pct": next((coverage for *_, coverage in feeds if coverage is not None), None),
        "feeds": {
            feed: {"verdict": verdict, "last_delivery_date": last, "days_since_delivery": days}
            for feed, verdict, last, days, _ in feeds
        },
        "content_hash": content_hash({name: table["hash"] for name, table in tables.items()}),
        "tables": tables,
    }


def _publish(settings: Settings, description: dict) -> tuple[Path, bool]:
    """Write the version, unless it exists, and let readers see it."""
    with _swap_lock(settings, "publish_version"):
        _clear_remains(settings)
        content = description["content_hash"]
        now = current() if _link(settings).exists() else None
        if now and _read(now)["content_hash"] == content:
            log.info("version %s has this content already: nothing to publish", now.name)
            return now, False
        newest = max(_versions(settings), default=None)
        if newest and newest != now and _read(newest)["content_hash"] == content:
            # Written whole by a run that was killed before the swap, or rolled back since.
            folder = newest
        else:
            number = int(newest.name) + 1 if newest else 1
            folder = _write_version(settings, f"{number:06}", description, now)
        _swap(settings, folder)
        log.info("readers see version %s, as of %s", folder.name, description["as_of"])
        _drop_old(settings)
    return folder, True


def _write_version(
    settings: Settings, version: str, description: dict, before: Path | None
) -> Path:
    aside = settings.published / "versions" / f".new-{version}"
    (aside / "parquet").mkdir(parents=True)
    _write_tables(settings, aside, description["tables"])
    text = json.dumps(
        {"version": version, "previous": before.name if before else None, **description},
        ensure_ascii=False,
        indent=2,
    )
    (aside / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
    _write_pages(aside, before)
    _write_docs(settings, aside, before)
    for path in sorted(aside.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
        _fsync(path)
    _fsync(aside)
    folder = aside.with_name(version)
    aside.rename(folder)
    _fsync(folder.parent)
    return folder


def _write_tables(settings: Settings, aside: Path, tables: dict[str, Any]) -> None:
    # Not read-only: DuckDB would then attach the new file read-only too.
    with connect(settings) as connection:
        connection.execute(
            f"attach '{aside / DATABASE}' as published (storage_version '{STORAGE_VERSION}')"
        )
        for name in tables:
            connection.execute(f'create table published.main."{name}" as from marts."{name}"')
            connection.execute(
                f"copy published.main.\"{name}\" to '{aside / 'parquet' / name}.parquet'"
                " (format parquet, compression zstd)"
            )
        for statement in _comments(connection):
            connection.execute(statement)
        connection.execute("checkpoint published")
        connection.execute("detach published")


def _write_pages(aside: Path, before: Path | None) -> None:
    """The dashboards of the version; marts are not held back because a page could not be drawn."""
    from regulars.dashboards.render import Facts, write_dashboards

    said = _read(aside)
    facts = Facts(
        version=said["version"],
        as_of=said["as_of"],
        verdict=said["verdict"],
        coverage=said["coverage_pct"],
        currency=said["currency"],
    )
    folder = aside / DASHBOARDS
    try:
        with duckdb.connect(aside / DATABASE, read_only=True) as connection:
            write_dashboards(connection, facts, folder, before and before / DASHBOARDS)
    except Exception:
        log.exception("the dashboards were not written")
        shutil.rmtree(folder, ignore_errors=True)


def _write_docs(settings: Settings, aside: Path, before: Path | None) -> None:
    """Dictionary, metrics and dbt's documentation; no version is held back for the lack of them.

    What dbt documents changes with the rules alone, and is taken from the version before while they
    are the same: it takes seconds.
    """
    manifest = target_folder(settings) / "manifest.json"
    if not manifest.exists():
        return
    folder = aside / DOCS
    try:
        folder.mkdir()
        said = _read(aside)
        text = manifest.read_text(encoding="utf-8")
        shutil.copyfile(manifest.with_name(METRICS), folder / METRICS)
        kept = before and before / DOCS / DBT_DOCS
        if kept and kept.exists() and _read(before)["rules_version"] == said["rules_version"]:
            shutil.copyfile(kept, folder / DBT_DOCS)
        else:
            shutil.copyfile(write_docs(settings), folder / DBT_DOCS)
        with duckdb.connect(aside / DATABASE, read_only=True) as connection:
            page = render_dictionary(connection, said, json.loads(text), has_dbt=True)
        (folder / "index.html").write_text(page, encoding="utf-8")
    except Exception:
        log.exception("the documentation was not written")
        shutil.rmtree(folder, ignore_errors=True)


def _comments(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Statements that carry the comments on marts and their columns over."""
    found = connection.execute("""
        select table_name, null as column_name, comment from duckdb_tables()
        where schema_name = 'marts' and database_name = current_database() and comment is not null
        union all
        select view_name, null, comment from duckdb_views()
        where schema_name = 'marts' and database_name = current_database() and comment is not null
        union all
        select table_name, column_name, comment from duckdb_columns()
        where schema_name = 'marts' and database_name = current_database() and comment is not null
        order by all
    """).fetchall()
    for table, column, comment in found:
        text = comment.strip().replace("'", "''")
        if column is None:
            yield f"comment on table published.main.\"{table}\" is '{text}'"
        else:
            yield f'comment on column published.main."{table}"."{column}" is \'{text}\''


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables and views of ``marts``; a view is published as the table it shows."""
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
        " and table_catalog = current_database() order by table_name"
    ).fetchall()
    return [name for (name,) in found]


def _link(settings: Settings) -> Path:
    return settings.published / "current"


def _versions(settings: Settings) -> list[Path]:
    folder = settings.published / "versions"
    return sorted(p for p in folder.glob("[0-9]*") if p.is_dir())


def _read(folder: Path) -> dict[str, Any]:
    return json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))


def _published(settings: Settings, folder: Path, new: bool) -> dict:
    said = {
        "version": folder.name,
        "path": str(folder),
        "content_hash": _read(folder)["content_hash"],
        "new": new,
    }
    if settings.postgres_url:
        try:
            copy_version(folder, settings.postgres_url)
        except RegularsError as error:
            log.error("%s", error)
            said["copy_error"] = str(error)
    return said


def _swap(settings: Settings, folder: Path) -> None:
    """Replace the link in one step: a reader finds the old folder or the new one."""
    aside = settings.published / ".current-new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path("versions") / folder.name)
    aside.replace(_link(settings))
    _fsync(settings.published)


def _tell_store(settings: Settings) -> None:
    """Give readers of the object store, if there is one, the same versions."""
    if store := store_of(settings):
        store.publish(_versions(settings), current())


def drop_former_versions() -> int:
    """Delete every version but the one that readers see, and all exports; returns how many."""
    settings = load_settings()
    shutil.rmtree(settings.exports, ignore_errors=True)
    with _swap_lock(settings, "drop_former_versions"):
        former = [path for path in _versions(settings) if path != current()]
        for folder in former:
            shutil.rmtree(folder)
        _clear_remains(settings)
        _tell_store(settings)
    return len(former)


def _drop_old(settings: Settings) -> None:
    """Keep the newest versions; readers were just pointed at the very newest."""
    for folder in _versions(settings)[: -settings.keep_versions]:
        gone = folder.with_name(f".old-{folder.name}")
        folder.rename(gone)
        shutil.rmtree(gone)


def _clear_remains(settings: Settings) -> None:
    """Remove what a killed run left half written or half deleted."""
    for pattern in (".new-*", ".old-*"):
        for folder in (settings.published / "versions").glob(pattern):
            shutil.rmtree(folder)


def _swap_lock(settings: Settings, purpose: str) -> AbstractContextManager[None]:
    """So that no version is dropped while a rollback points readers at it."""
    return exclusive(settings.published / ".lock", purpose)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
