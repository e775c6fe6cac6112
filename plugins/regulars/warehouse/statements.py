"""The statements of a night, kept, so that the nights that follow send them without dbt.

dbt writes the same text every night until the code changes; rendering it costs more than DuckDB's
work on it (docs/adr/0023). So a night that dbt ran leaves its statements, and a full build, which
new code asks for, drops them.
"""

import hashlib
import importlib.util
import json
import logging
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from threading import local
from typing import Any
from uuid import uuid4

import duckdb

log = logging.getLogger(__name__)

ARTIFACTS = ("manifest.json", "run_results.json")


class AnotherAnswerError(Exception):
    """A query that dbt asked while rendering answers otherwise than it did then."""


class Statements:
    """What dbt sends for each node: an instance is a callback of ``dbtRunner``."""

    def __init__(self) -> None:
        self._sent: dict[str, list[str]] = defaultdict(list)

    def __call__(self, event: Any) -> None:
        """Take in the text of a statement that belongs to a node, anew if the node starts anew."""
        if event.info.name == "NodeStart":
            self._sent.pop(event.data.node_info.unique_id, None)
        elif event.info.name == "SQLQuery" and (node := event.data.node_info.unique_id):
            # The comment in front names the node.
            text = event.data.sql.split("*/", 1)[-1].strip()
            if text not in ("BEGIN", "COMMIT"):
                self._sent[node].append(text)

    def keep(self, target: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Write them beside a copy of what dbt tells of its run, in ``<target>/night``.

        Args:
            target: dbt's target folder, of the night that has just ended well.
            connection: to the warehouse it built.
        """
        forget(target)
        aside = target / "night.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for name in ARTIFACTS:
            shutil.copyfile(target / name, aside / name)
        kept = {
            node: [
                {"text": text, "answer": _answer(connection, text) if _asks(node, text) else None}
                for text in texts
            ]
            for node, texts in self._sent.items()
        }
        (aside / "statements.json").write_text(json.dumps(kept), encoding="utf-8")
        aside.replace(target / "night")


def forget(target: Path) -> None:
    """Drop what is kept: the code has changed."""
    shutil.rmtree(target / "night", ignore_errors=True)


def are_kept(target: Path) -> bool:
    """Whether a night can be sent."""
    return (target / "night").exists()


def send(
    target: Path, open_cursor: Callable[[], duckdb.DuckDBPyConnection], threads: int
) -> dict[str, tuple[dict, dict]]:
    """Send the kept statements, each node's in a transaction, after those of the nodes it reads.

    ``manifest.json`` and ``run_results.json`` tell of this run afterwards, as after one of dbt.

    Args:
        target: dbt's target folder.
        open_cursor: gives each thread its own cursor on the warehouse.
        threads: nodes at once.

    Returns:
        By unique id, dbt's node and its result (``status``, ``failures``, ``execution_time`` in
        seconds, ``timing``).

    Raises:
        AnotherAnswerError: dbt would write other statements tonight.
        duckdb.Error: a statement failed.
    """
    folder = target / "night"
    manifest, results = (
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ARTIFACTS
    )
    statements = json.loads((folder / "statements.json").read_text(encoding="utf-8"))
    told = {result["unique_id"]: result for result in results["results"]}
    nodes = {node: manifest["nodes"][node] for node in told if node in manifest["nodes"]}
    cursors = local()
    opened = []

    def run(node_id: str) -> None:
        if not hasattr(cursors, "own"):
            opened.append(open_cursor())
            cursors.own = opened[-1]
        started = datetime.now(UTC)
        clock = time.perf_counter()
        found = _run_node(cursors.own, nodes[node_id], statements.get(node_id, []))
        told[node_id] |= found | {
            "execution_time": time.perf_counter() - clock,
            "timing": [
                {"name": name, "started_at": _utc(since), "completed_at": _utc(datetime.now(UTC))}
                for name, since in (("compile", started), ("execute", started))
            ],
        }
        log.info("%s: %s in %.2f s", node_id, told[node_id]["status"], time.perf_counter() - clock)

    try:
        _in_order(_read_by(manifest["parent_map"], nodes), run, threads)
    finally:
        # One that stays open keeps the file from dbt.
        for cursor in opened:
            cursor.close()
    results["metadata"] |= {"generated_at": _utc(datetime.now(UTC)), "invocation_id": str(uuid4())}
    shutil.copyfile(folder / "manifest.json", target / "manifest.json")
    (target / "run_results.json").write_text(json.dumps(results), encoding="utf-8")
    return {node_id: (node, told[node_id]) for node_id, node in nodes.items()}


def _in_order(reads: dict[str, set[str]], run: Callable[[str], None], threads: int) -> None:
    order = TopologicalSorter(reads)
    order.prepare()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="night")
    try:
        running, short_of_memory = {}, []
        while order.is_active():
            if not short_of_memory:
                running |= {pool.submit(run, node_id): node_id for node_id in order.get_ready()}
            elif not running:
                # All nodes share the memory; one that wants too much beside others runs alone.
                node_id = short_of_memory.pop()
                pool.submit(run, node_id).result()
                order.done(node_id)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                node_id = running.pop(future)
                try:
                    future.result()
                except duckdb.OutOfMemoryException:
                    log.info("%s: too little memory beside others, again alone", node_id)
                    short_of_memory.append(node_id)
                else:
                    order.done(node_id)
    finally:
        pool.shutdown(cancel_futures=True)


def _read_by(parents: dict[str, list[str]], nodes: dict[str, dict]) -> dict[str, set[str]]:
    """For each node those it reads, also through views, which no night makes anew."""

    @cache
    def read(node_id: str) -> frozenset[str]:
        return frozenset(_closest(node_id))

    def _closest(node_id: str) -> Iterator[str]:
        for parent in parents.get(node_id, []):
            if parent in nodes:
                yield parent
            else:
                yield from read(parent)

    return {node_id: set(read(node_id)) for node_id in nodes}


def _run_node(cursor: duckdb.DuckDBPyConnection, node: dict, statements: list[dict]) -> dict:
    cursor.begin()
    try:
        if node["resource_type"] == "test":
            ((failures, warns, fails),) = cursor.execute(statements[-1]["text"]).fetchall()
            is_error = fails and node["config"]["severity"].lower() == "error"
            status = "fail" if is_error else "warn" if warns else "pass"
            found = {
                "status": status,
                "failures": failures,
                "message": _message(status, failures, node["config"]),
            }
        else:
            if node["language"] == "python":
                _run_python(cursor, node)
            else:
                _run_statements(cursor, statements)
            found = {"status": "success"}
        cursor.commit()
    except duckdb.Error as error:
        cursor.rollback()
        raise type(error)(f"{node['name']}: {error}") from error
    except BaseException:
        cursor.rollback()
        raise
    return found


def _message(status: str, failures: int, config: dict) -> str | None:
    """What dbt says of such a test."""
    if status == "pass":
        return None
    limit = config["error_if" if status == "fail" else "warn_if"]
    found = "result" if failures == 1 else "results"
    return f"Got {failures} {found}, configured to {status} if {limit}"


def _run_statements(cursor: duckdb.DuckDBPyConnection, statements: list[dict]) -> None:
    for statement in statements:
        if statement["answer"] is None:
            cursor.execute(statement["text"])
        elif _answer(cursor, statement["text"]) != statement["answer"]:
            raise AnotherAnswerError(statement["text"])


def _run_python(cursor: duckdb.DuckDBPyConnection, node: dict) -> None:
    """As dbt-duckdb does: what ``model`` gives becomes the table, or is added to it."""
    spec = importlib.util.spec_from_loader(node["name"], loader=None)
    module = importlib.util.module_from_spec(spec)
    exec(compile(node["compiled_code"], node["name"], "exec"), module.__dict__)  # noqa: S102
    dbt = module.dbtObj(lambda table: cursor.query(f"select * from {table}"))
    frame = module.model(dbt, cursor)
    if frame is None:
        raise TypeError(f"{node['name']} gives no rows")
    is_added = node["config"]["materialized"] == "incremental"
    into = "insert into {} by name" if is_added else "create or replace table {} as"
    cursor.execute(f"{into.format(node['relation_name'])} select * from frame")


def _asks(node: str, text: str) -> bool:
    """Whether dbt read the answer, which may be another tomorrow, to write the next statement."""
    is_query = node.startswith("model.") and text.lower().startswith(("select", "with"))
    # The columns of an incremental model's new rows are those of its text; their table is gone.
    return is_query and "__dbt_tmp" not in text


def _answer(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    rows = sorted(map(repr, connection.execute(text).fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
