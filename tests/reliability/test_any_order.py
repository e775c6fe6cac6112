"""Order is irrelevant and replay is once: the same rows, however they arrive, give the same marts.

Hypothesis draws a small chain's rows (with corrections, ties, late and repeated rows) and ways of
delivering them. Its choices are the same in every run; ``REGULARS_EXPLORE=20`` draws others, and
twenty times as many. A failure prints the blob that reproduces it.
"""

import csv
import gzip
import io
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regulars.demo import deliver, simulate
from regulars.feeds.contract import FEEDS, lake_columns, load_contract
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import Settings, load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.content import table_hash
from regulars.warehouse.dbt import PROJECT, _invoke
from regulars.warehouse.sync import committed_batches, sync

pytestmark = pytest.mark.slow

EXPLORE = int(os.environ.get("REGULARS_EXPLORE", "0"))


def drawn(examples: int, shrink: bool = True) -> settings:
    return settings(
        max_examples=examples * max(EXPLORE, 1),
        # To shrink an example is to build it a hundred times.
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        derandomize=not EXPLORE,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


LAST = date(2014, 12, 31)
DELIVERY_DATES = ("2014-12-29", "2014-12-30", "2014-12-31")
# Tell what was delivered in which file and when: other files, other rows. All else must agree.
TELLS_OF_FILES = {
    "audit_loads",
    "audit_models",
    "audit_quarantine",
    "dq_results",
    "dq_verdicts",
    "fct_alerts",
    "rpt_dq_scores",
    "rpt_dq_trend",
    "rpt_feedback_latency",
    "rpt_freshness",
    "rpt_reconciliation",
    "rpt_volume",
}
# The log of the builds themselves.
TELLS_OF_BUILDS = {"audit_models"}

# What is drawn. Few values each, so that keys, times and contents often meet.

_updated = st.none() | st.sampled_from([f"2014-12-2{day}T20:00:00" for day in (6, 7, 8)])
_at = st.sampled_from(
    [f"2014-12-2{day}T{hour}" for day in (6, 7, 8) for hour in ("02:30:00", "18:05:00+08:00")]
)
_member = st.none() | st.sampled_from(["c1", "c2", "c3"])
_store = st.sampled_from(["s1", "s2"])


def _texts(**values: Any) -> st.SearchStrategy[dict[str, str | None]]:
    return st.fixed_dictionaries(
        {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in values.items()}
    )


ROWS = {
    "pos_sales": _texts(
        receipt_id=st.sampled_from(["r1", "r2", "r3"]),
        line_no=st.sampled_from(["1", "2"]),
        store_id=_store,
        sold_at=_at,
        customer_id=_member,
        product_code=st.sampled_from(["p1", "p2"]),
        qty=st.sampled_from(["1", "2", "-1"]),
        unit_price="10",
        net_amount=st.sampled_from(["10.00", "20.00", "-10.00", "9.5"]),
        refund_of=st.none() | st.sampled_from(["r1", "r9"]),
        void=st.sampled_from([None, "true", "false"]),
        updated_at=_updated,
    ),
    "survey_responses": _texts(
        wave_id="2014Q4",
        response_id=st.sampled_from(["a1", "a2", "a3"]),
        question_code=st.sampled_from(["NPS", "Q1"]),
        dimension="recommend",
        score=st.sampled_from(["0", "7", "10"]),
        scale_min="0",
        scale_max="10",
        responded_at=_at,
        store_id=_store,
        anonymous="false",
        customer_id=_member,
        updated_at=_updated,
    ),
    "customers": _texts(
        customer_id=st.sampled_from(["c1", "c2"]),
        city=st.sampled_from(["Kaohsiung", "Taipei", None]),
        created_at="2013-05-01T10:00:00",
        # Where it is not stated, a member's history begins with the delivery, so with the file.
        updated_at=_updated.filter(bool),
    ),
    "complaints": _texts(
        complaint_id=st.sampled_from(["k1", "k2"]),
        received_at=_at,
        channel=st.sampled_from(["phone", "app"]),
        customer_id=_member,
        store_id=_store,
        severity=st.sampled_from(["1", "5", None]),
        updated_at=_updated,
    ),
    "complaint_events": _texts(
        complaint_id=st.sampled_from(["k1", "k2", "k9"]),
        step=st.sampled_from(["confirmed", "answered", "closed"]),
        at=st.just("2014-12-28T21:00:00") | st.just("2014-12-28T22:00:00+08:00"),
        actor=st.sampled_from(["desk", "store"]),
    ),
}
FIXED = {
    "stores": [
        {"store_id": s, "name": s, "timezone": "Asia/Shanghai", "opened_at": "2012-01-01"}
        for s in ("s1", "s2")
    ],
    "products": [
        {"product_code": p, "name": p, "series": "传统豆花", "sold_from": "2012-01-01"}
        for p in ("p1", "p2")
    ],
}
_LINE = "{},1,s1,2014-12-26T18:05:00,p1,1,10,{}\n"
_LINES = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n" + "".join(
    _LINE.format(f"r{n}", "10.00") for n in range(20)
)
SPOILT = {
    "one_bad": (_LINES + _LINE.format("b1", "x")).encode(),
    "rejected": (_LINES + _LINE.format("b1", "x") * 9).encode(),
}
Rows = dict[str, list[dict[str, str | None]]]
histories = st.fixed_dictionaries(
    {feed: st.lists(row, min_size=1, max_size=12) for feed, row in ROWS.items()}
)


@dataclass(frozen=True)
class File:
    """A file to be delivered; ``exported_at`` goes into its manifest."""

    feed: str
    delivery_date: str
    name: str
    content: bytes
    exported_at: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Files in groups as they arrive, and how many of them make a batch."""

    groups: list[list[File]] = field(repr=False)
    batch_files: int = 400
    seed: int = 0


def written(feed: str, rows: list[dict], ending: str) -> bytes:
    if ending.startswith("jsonl"):
        text = "".join(json.dumps(row) + "\n" for row in rows)
    else:
        out = io.StringIO()
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        text = out.getvalue()
    return gzip.compress(text.encode(), mtime=0) if ending.endswith("gz") else text.encode()


def plainly(rows: Rows) -> Arrival:
    """One file a feed, all rows once, all at once, on the last day."""
    files = [
        File(feed, "2014-12-31", "all.csv", written(feed, found, "csv"))
        for feed, found in (rows | FIXED).items()
    ]
    return Arrival([files])


@st.composite
def deliveries(draw: st.DrawFn, rows: Rows, manifests: bool) -> list[File]:
    """Files that hold all rows: split, repeated, shuffled, in any format, folder and order.

    With manifests come also a file with a bad row and one that is rejected, and copies of both.
    """
    files = [
        File(feed, "2014-12-31", "all.csv", written(feed, found, "csv"))
        for feed, found in FIXED.items()
    ]
    for feed, found in rows.items():
        again = draw(st.lists(st.sampled_from(found), max_size=6))
        shuffled = draw(st.permutations([*found, *again]))
        parts = draw(st.integers(1, min(4, len(shuffled))))
        for part in range(parts):
            ending = draw(st.sampled_from(["csv", "csv.gz", "jsonl", "jsonl.gz"]))
            day = draw(st.sampled_from(DELIVERY_DATES))
            exported = f"2014-12-3{draw(st.integers(0, 1))}T23:00:00Z" if manifests else None
            content = written(feed, shuffled[part::parts], ending)
            files.append(File(feed, day, f"{part}.{ending}", content, exported))
            if draw(st.booleans()):  # the same file again, under another name and date
                day = draw(st.sampled_from(DELIVERY_DATES))
                files.append(File(feed, day, f"{part}_again.{ending}", content, exported))
    if manifests:
        for name, content in SPOILT.items():
            for copy in range(draw(st.integers(0, 2))):
                day = draw(st.sampled_from(DELIVERY_DATES))
                files.append(File("pos_sales", day, f"{name}_{copy}.csv", content))
    return files


@st.composite
def arrivals(draw: st.DrawFn, files: list[File]) -> Arrival:
    """Any order, any number of nights, any size of batch."""
    order = draw(st.permutations(files))
    nights = draw(st.integers(1, 3))
    groups = [order[night::nights] for night in range(nights)]
    return Arrival(groups, draw(st.integers(1, 5)), draw(st.integers(0, 9)))


@contextmanager
def home() -> Iterator[Settings]:
    """A home of its own for one arrival."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", folder)
        environment.setenv("REGULARS_SETTINGS", str(Path(folder) / "none.toml"))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        yield load_settings()


def load(arrival: Arrival, at_home: Settings, sync_between: bool = True) -> None:
    """Let the files arrive, group by group, and load each group in any order of its batches."""
    for group in arrival.groups:
        for file in group:
            path = at_home.landing / file.feed / file.delivery_date / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            os.utime(path, (1_420_000_000, 1_420_000_000))
            if file.exported_at:
                manifest = json.dumps({"exported_at": file.exported_at})
                path.with_name(f"{file.name}.manifest.json").write_text(manifest)
        load_new(arrival.batch_files, arrival.seed)
        if sync_between:
            with connect(at_home) as connection:
                sync(connection, at_home, committed_batches(at_home.lake), "test")


def load_new(batch_files: int, seed: int) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_BATCH_FILES", str(batch_files))
        batches = find_batches(FEEDS, None, LAST)
        random.Random(seed).shuffle(batches)  # noqa: S311
        for batch in batches:
            load_batch(batch)


def hashes(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, tuple[int, str]]:
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?"
        " and table_catalog = current_database() order by 1",
        [schema],
    ).fetchall()
    return {name: table_hash(connection, f"{schema}.{name}") for (name,) in names}


def marts(at_home: Settings) -> dict[str, tuple[int, str]]:
    build_warehouse()
    with duckdb.connect(at_home.warehouse, read_only=True) as connection:
        return hashes(connection, "marts")


def without(found: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


# The winner of a key, on staging alone: many examples.

WINNERS = {
    "pos_sales": "stg_pos__sale_versions",
    "survey_responses": "stg_surveys__responses",
    "customers": "stg_reference__customers",
    "complaints": "stg_complaints__complaints",
    "complaint_events": "stg_complaints__events",
}
_exported = st.none() | st.sampled_from(["2014-12-30T23:00:00", "2014-12-31T23:00:00"])


@pytest.fixture(scope="module")
def staging() -> Iterator[Callable[[str, list[dict]], list[tuple]]]:
    """What staging makes of rows of a feed that lie in ``raw`` in this order, files left out."""
    with home() as at_home:
        with connect(at_home) as connection:
            sync(connection, at_home, [], "test")
        outcome = _invoke(at_home, PROJECT, ["compile", "--select", *WINNERS.values()])
    assert outcome.success, outcome.exception
    sql = {result.node.name: result.node.compiled_code for result in outcome.result}
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as regulars")
    connection.execute("use regulars")
    connection.execute("create schema raw")
    connection.execute("create table raw.build as select 'CNY' as chain_currency")

    def stage(feed: str, rows: list[dict]) -> list[tuple]:
        columns = dict(lake_columns(load_contract(feed)))
        declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create or replace table raw.{feed} ({declared})")
        for place, row in enumerate(rows):
            held = {k: v for k, v in row.items() if v is not None and k in columns}
            # Which file a row came with must not matter: the place stands for it.
            held |= {"load_id": f"{(place * 7) % 5}", "file_row": str(place)}
            names = ", ".join(f'"{name}"' for name in [*held, "row_hash"])
            content = json.dumps({k: v for k, v in row.items() if k != "exported_at"})
            values = ", ".join("?" for _ in held) + ", md5_number_lower(?)"
            connection.execute(
                f"insert into raw.{feed} ({names}) values ({values})", [*held.values(), content]
            )
        model = sql[WINNERS[feed]]
        kept = connection.sql(f"select * from ({model})").columns
        kept = [name for name in kept if name not in ("load_id", "file_row", "version_rank")]
        winner = " where version_rank = 1" if feed == "pos_sales" else ""
        named = ", ".join(f'"{name}"' for name in kept)
        return connection.execute(f"select {named} from ({model}){winner} order by all").fetchall()

    yield stage
    connection.close()


@pytest.mark.requirement("DQ-12")
@pytest.mark.parametrize("feed", WINNERS)
def test_the_winner_of_a_key_does_not_depend_on_order(staging, feed):
    versions = st.tuples(ROWS[feed], _exported)

    @drawn(60)
    @given(st.lists(versions, min_size=1, max_size=15), st.data())
    def same_winners(drawn_versions, data):
        rows = [row | {"exported_at": at} for row, at in drawn_versions]
        again = data.draw(st.lists(st.sampled_from(rows), max_size=8))
        shuffled = data.draw(st.permutations([*rows, *again]))
        assert staging(feed, shuffled) == staging(feed, rows)

    same_winners()


# The way from the landing folder to ``raw``: the same files, in any order and batches.


@pytest.mark.requirement("DQ-12")
@drawn(12, shrink=False)
@given(histories, st.data())
def test_raw_does_not_depend_on_how_files_arrive(rows, data):
    files = data.draw(deliveries(rows, manifests=True))
    found = []
    for arrival in (Arrival([files]), data.draw(arrivals(files))):
        with home() as at_home:
            load(arrival, at_home)
            with connect(at_home) as connection:
                connection.execute("create schema seen")
                # A batch is how files happened to be loaded together.
                loads = "select * exclude (batch_id) from raw.loads"
                connection.execute(f"create table seen.loads as {loads}")
                found.append(
                    hashes(connection, "seen")
                    | without(hashes(connection, "raw"), {"loads", "ledger"})
                )
    assert found[0] == found[1]


# All the way to the marts: few examples, each two builds.


@pytest.mark.requirement("DQ-12", "FEED-01", "FEED-02", "FEED-03")
@drawn(3, shrink=False)
@given(histories, st.data())
def test_marts_do_not_depend_on_how_rows_are_delivered(rows, data):
    files = data.draw(deliveries(rows, manifests=False))
    found = []
    for arrival in (plainly(rows), data.draw(arrivals(files))):
        with home() as at_home:
            load(arrival, at_home)
            found.append(without(marts(at_home), TELLS_OF_FILES))
    assert found[0] == found[1]


# A demo chain, with all that its deliveries hold.


@pytest.fixture(scope="module")
def small_chain():
    return simulate(scale=0.02)


@pytest.fixture(scope="module")
def chain_at_home(small_chain):
    """The chain delivered and loaded in the order of its nights; its settings and marts."""
    with home() as at_home:
        deliver(small_chain, at_home.landing)
        load_new(400, 0)
        yield at_home, marts(at_home)


@pytest.mark.requirement("DQ-12")
def test_files_in_reverse_and_small_batches_give_the_same_marts(small_chain, chain_at_home):
    first, expected = chain_at_home
    names = sorted(p for p in first.landing.rglob("*") if p.is_file())
    with home() as at_home:
        for path in reversed(names):
            target = at_home.landing / path.relative_to(first.landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
            if not path.name.endswith(".manifest.json"):  # backwards, it comes before its file
                load_new(1, 0)
        assert without(marts(at_home), TELLS_OF_BUILDS) == without(expected, TELLS_OF_BUILDS)


@pytest.mark.requirement("FEED-01")
def test_replay_under_other_names_changes_no_mart(small_chain, chain_at_home):
    at_home, expected = chain_at_home
    for path in sorted(p for p in at_home.landing.rglob("*") if p.is_file()):
        copied = path.with_name(f"again_{path.name}")
        shutil.copy2(path, copied)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(at_home.home))
        load_new(7, 3)
        assert without(marts(at_home), TELLS_OF_FILES) == without(expected, TELLS_OF_FILES)
        with duckdb.connect(at_home.warehouse, read_only=True) as connection:
            files, copies = connection.execute(
                "select count(*), count(*) filter (status = 'duplicate_file')"
                " from marts.audit_loads where status <> 'rejected'"
            ).fetchone()
    assert copies >= files / 2
