"""A standalone Spark on loopback, and the comparison of a mart that two engines built."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import duckdb
import pyarrow as pa

HOST = "127.0.0.1"
# Sums of doubles depend on the order of their rows, which no two engines share: so much of the
# greater value, or of 1, two doubles may differ.
TOLERANCE = 1e-9


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[str]:
    """A master and workers of one core each, until left; gives the master's address."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port, page = _free_port(), _free_port()
    master = f"spark://{HOST}:{port}"
    parts = [
        ["master.Master", "--host", HOST, "--port", str(port), "--webui-port", str(page)],
        *(
            [
                *("worker.Worker", "--host", HOST, "--cores", "1", "--memory", "1g"),
                *("--work-dir", str(folder / f"worker_{number}"), "--webui-port", "0", master),
            ]
            for number in range(workers)
        ),
    ]
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        # A busy machine is not a lost worker.
        "SPARK_MASTER_OPTS": "-Dspark.worker.timeout=600",
    }
    running: list[subprocess.Popen] = []
    try:
        for number, (part, *arguments) in enumerate(parts):
            with (folder / f"part_{number}.log").open("wb") as log:
                running.append(
                    subprocess.Popen(
                        [home / "bin/spark-class", f"org.apache.spark.deploy.{part}", *arguments],
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        env=environment,
                    )
                )
        _wait_for_workers(f"http://{HOST}:{page}/json/", workers)
        yield master
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(60)


def first_difference(
    expected: duckdb.DuckDBPyConnection, mart: str, key: Sequence[str], found: pa.Table
) -> str | None:
    """Where the mart of DuckDB and that of Spark differ first, in the order of ``key``.

    Args:
        expected: the warehouse that DuckDB built; ``mart`` lies in its schema ``marts``.
        mart: its name.
        key: columns that tell its rows apart.
        found: the rows that Spark holds.

    Returns:
        Mart, key, column and both values in one line; None where they are equal.
    """
    described = expected.execute(f"describe marts.{mart}").fetchall()
    types = {name: type_ for name, type_, *_ in described}
    if list(types) != found.column_names:
        return f"{mart}: columns {list(types)} on DuckDB, {found.column_names} on Spark"
    expected.register("found_rows", found)
    told = {name: type_ for name, type_, *_ in expected.execute("describe found_rows").fetchall()}
    if told != types:
        names = [name for name in types if told[name] != types[name]]
        return f"{mart}: types of {[(name, types[name], told[name]) for name in names]}"
    (rows,) = expected.execute(f"select count(*) from marts.{mart}").fetchone()
    same_key = " and ".join(f'one."{name}" is not distinct from two."{name}"' for name in key)
    differs = {name: _differs(name, type_) for name, type_ in types.items()}
    shown = ", ".join(
        f'case when {test} then [cast(one."{name}" as varchar), cast(two."{name}" as varchar)] end'
        for name, test in differs.items()
    )
    keys = [f'coalesce(one."{name}", two."{name}")' for name in key]
    row = expected.execute(
        f"select one.is_there, two.is_there, {', '.join(keys)}, {shown}"
        f" from (select *, true as is_there from marts.{mart}) as one"
        f" full join (select *, true as is_there from found_rows) as two on {same_key}"
        f" where one.is_there is null or two.is_there is null or {' or '.join(differs.values())}"
        f" order by {', '.join(keys)} limit 1"
    ).fetchone()
    expected.unregister("found_rows")
    if row is None:
        # A row that stands twice meets itself.
        if rows != found.num_rows:
            return f"{mart}: {rows} rows on DuckDB and {found.num_rows} on Spark"
        return None
    on_duckdb, on_spark, *values = row
    place = ", ".join(
        f"{name}={value}" for name, value in zip(key, values[: len(key)], strict=True)
    )
    if not (on_duckdb and on_spark):
        return f"{mart}: {place}: only on {'DuckDB' if on_duckdb else 'Spark'}"
    told = zip(types, values[len(key) :], strict=True)
    column, (one, two) = next((name, pair) for name, pair in told if pair)
    return f"{mart}: {place}: {column} is {one} on DuckDB and {two} on Spark"


def _differs(name: str, type_: str) -> str:
    one, two = f'one."{name}"', f'two."{name}"'
    if type_ != "DOUBLE":
        return f"{one} is distinct from {two}"
    within = f"abs({one} - {two}) <= {TOLERANCE} * greatest(1, abs({one}), abs({two}))"
    return f"({one} is distinct from {two} and not coalesce({within}, false))"


def _wait_for_workers(page: str, workers: int) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urlopen(page, timeout=10) as answer:  # noqa: S310 (loopback)
                if json.load(answer)["aliveworkers"] == workers:
                    return
        except OSError:
            pass
        if time.monotonic() > until:
            raise TimeoutError(f"the {workers} workers of Spark did not come up")
        time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
