"""Order is irrelevant and replay is once: the same rows, however they arrive, give the same marts.

Hypothesis draws a small chain's rows (with corrections, ties, late and repeated rows) and ways of
delivering them. Its choices are the same in every run; ``REGULARS_EXPLORE=7`` draws ten times as
many others from the seed 7. A failure tells the seed and what was drawn.
"""

import csv
import gzip
import io
import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from regulars.demo import deliver, simulate
from regulars.feeds.contract import FEEDS, load_contract
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.ledger import read_ledger
from regulars.privacy.classes import protected_columns
from regulars.settings import Settings, load_settings
from regulars.warehouse import dbt
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.content import table_hash
from regulars.warehouse.dbt import PROJECT, _invoke, target_folder
from regulars.warehouse.publish import _marts
from regulars.warehouse.statements import are_kept
from regulars.warehouse.sync import ROW_COLUMNS, committed_batches, sync

pytestmark = pytest.mark.slow

# The seed to explore with; 0 for the choices that every run makes.
SEED = int(os.environ.get("REGULARS_EXPLORE", "0"))


def drawn(examples: int) -> Callable[[Callable], Callable]:
    """So many examples; none is shrunk, for that would be to load or build it a hundred times."""
    chosen = settings(
        max_examples=examples * (10 if SEED else 1),
        phases=[Phase.generate],
        derandomize=not SEED,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    print(f"REGULARS_EXPLORE={SEED}")
    return lambda test: chosen(seed(SEED)(test) if SEED else test)


LAST = date(2014, 12, 31)
DELIVERY_DATES = ("2014-12-29", "2014-12-30", "2014-12-31")
# Tables that tell in which file, of which day, a row came, with what they say of it. Other files
# make other rows of them; all other tables must agree.
TELLS_OF_FILES = {
    "audit_loads": "one row per file",
    "audit_models": "rows and seconds of every node, so of the tables below too",
    "audit_quarantine": "file and physical line of every bad row",
    "dq_results": "checks of every file",
    "mart_kpi_scorecard": "verdicts of feeds; counts those alerts",
    "dq_verdicts": "verdict of every file, and of a feed by its newest delivery",
    "fct_alerts": "opened for files, and for stores by the delivery that missed them",
    "fct_alert_stages": "stages of those alerts",
    "fct_feedback": "the day on which words were presented, that of their delivery",
    "rpt_accountability": "those alerts by owner",
    "rpt_alert_pages": "pages of those alerts",
    "rpt_alert_review": "counts those alerts",
    "rpt_dq_scores": "rows received, copies included, by month of delivery",
    "rpt_dq_trend": "rows received, copies included, by date of delivery",
    "rpt_evaluation": "counts those alerts",
    "rpt_figures_told": "of the scorecard",
    "rpt_executive": "lists those alerts",
    "rpt_information_fields": "days since the last delivery, by field",
    "rpt_feedback_latency": "hours from an event to its delivery",
    "rpt_freshness": "days since the last delivery",
    "rpt_kpi_trend": "of the scorecard",
    "rpt_meeting_pack": "counts those alerts",
    "rpt_period_review": "the night that made it, by its deliveries",
    "rpt_risk_monthly": "counts those alerts",
    "rpt_self_check": "of the scorecard",
    "rpt_strategy_map": "of the scorecard",
    "rpt_system_review": "counts those alerts",
    "rpt_reconciliation": "rows received and duplicate, copies included",
    "rpt_volume": "rows of a delivery",
}
# A fact names the load of its row. A copy of a file has the load of the first.
TELLS_OF_LOADS = "load_id"


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
    content: bytes = field(repr=False)
    rows: int
    exported_at: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Files in groups as they arrive, how many of them make a batch, and the order of batches."""

    groups: list[list[File]]
    batch_files: int = 400
    order: int = 0


def written(feed: str, day: str, name: str, rows: list[dict], exported: str | None = None) -> File:
    """A file of the form that its name tells."""
    if ".jsonl" in name:
        text = "".join(json.dumps(row) + "\n" for row in rows)
    else:
        out = io.StringIO()
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        text = out.getvalue()
    content = gzip.compress(text.encode(), mtime=0) if name.endswith("gz") else text.encode()
    return File(feed, day, name, content, len(rows), exported)


@st.composite
def deliveries(draw: st.DrawFn, rows: Rows, manifests: bool) -> list[File]:
    """Files that hold all rows: split, repeated, shuffled, in any format, folder and order.

    With manifests come also a file with a bad row and one that is rejected, and copies of both.
    """
    files = [written(feed, "2014-12-31", "all.csv", found) for feed, found in FIXED.items()]
    for feed, found in rows.items():
        again = draw(st.lists(st.sampled_from(found), max_size=6))
        shuffled = draw(st.permutations([*found, *again]))
        parts = draw(st.integers(1, min(4, len(shuffled))))
        for part in range(parts):
            ending = draw(st.sampled_from(["csv", "csv.gz", "jsonl", "jsonl.gz"]))
            day = draw(st.sampled_from(DELIVERY_DATES))
            exported = f"2014-12-3{draw(st.integers(0, 1))}T23:00:00Z" if manifests else None
            file = written(feed, day, f"{part}.{ending}", shuffled[part::parts], exported)
            files.append(file)
            if draw(st.booleans()):  # the same file again, under another name and date
                day = draw(st.sampled_from(DELIVERY_DATES))
                files.append(replace(file, delivery_date=day, name=f"{part}_again.{ending}"))
    if manifests:
        for name, content in SPOILT.items():
            for copy in range(draw(st.integers(0, 2))):
                day = draw(st.sampled_from(DELIVERY_DATES))
                lines = content.count(b"\n") - 1
                files.append(File("pos_sales", day, f"{name}_{copy}.csv", content, lines))
    return files


@st.composite
def arrivals(draw: st.DrawFn, files: list[File]) -> Arrival:
    """Any order, any number of nights, any size of batch."""
    order = draw(st.permutations(files))
    nights = draw(st.integers(1, 3))
    groups = [order[night::nights] for night in range(nights)]
    return Arrival(groups, draw(st.integers(1, 5)), draw(st.integers(0, 9)))


@pytest.fixture(scope="module")
def home() -> Iterator[Callable[[], Settings]]:
    """Empty the one home of this module, and say how to use it; dbt keeps what it has parsed."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        for name in [n for n in os.environ if n.startswith("REGULARS_")]:
            environment.delenv(name)
        environment.setenv("REGULARS_HOME", folder)
        environment.setenv("REGULARS_SETTINGS", str(Path(folder) / "none.toml"))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        environment.setenv("REGULARS_LANDED_FILES", "kept")  # to be delivered once more
        at_home = load_settings()

        def empty() -> Settings:
            for path in (at_home.landing, at_home.lake, at_home.published):
                shutil.rmtree(path, ignore_errors=True)
            at_home.warehouse.unlink(missing_ok=True)
            return at_home

        yield empty


def load(arrival: Arrival, at_home: Settings) -> None:
    """Let the files arrive, group by group; load each group in any order of its batches and sync.

    In the end every row of every file is somewhere, and no other row is.
    """
    for group in arrival.groups:
        for file in group:
            path = at_home.landing / file.feed / file.delivery_date / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            os.utime(path, (1_420_000_000, 1_420_000_000))
            if file.exported_at:
                manifest = json.dumps({"exported_at": file.exported_at})
                path.with_name(f"{file.name}.manifest.json").write_text(manifest)
        load_new(arrival.batch_files, arrival.order)
        with connect(at_home) as connection:
            sync(connection, at_home, committed_batches(at_home.lake), "test")
    delivered = {
        f"{file.feed}/{file.delivery_date}/{file.name}": file.rows
        for group in arrival.groups
        for file in group
    }
    assert delivered == {
        line["file_path"]: line["rows_received"] for line in _balanced(at_home.lake)
    }


def _balanced(lake: Path) -> list[dict[str, Any]]:
    """The ledger, once its row equation was checked; a copy's rows count with its first file."""
    lines = [line for feed in FEEDS for line in read_ledger(lake, feed)]
    for line in lines:
        for what in ("rows", "net_amount"):
            received = line[f"{what}_received"]
            if line["status"] != "duplicate_file" and received is not None:
                kept = Decimal(line[f"{what}_loaded"] or 0)
                assert Decimal(received) == kept + Decimal(line[f"{what}_quarantined"] or 0), line
    return lines


def load_new(batch_files: int, order: int) -> None:
    """Load what is new in the landing folder; the batches in an order that the number stands for.

    Below 0 that is the newest first.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_BATCH_FILES", str(batch_files))
        batches = find_batches(FEEDS, None, LAST)
        if order < 0:
            batches.reverse()
        else:
            random.Random(order).shuffle(batches)  # noqa: S311
        for batch in batches:
            load_batch(batch)


def hashes(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, tuple[int, str]]:
    """Rows and hash of every table of a schema."""
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?"
        " and table_catalog = current_database() order by 1",
        [schema],
    ).fetchall()
    return {name: table_hash(connection, f"{schema}.{name}") for (name,) in names}


def marts(at_home: Settings) -> dict[str, tuple[int, str]]:
    """Build, check the row equation of every file, and hash what does not tell of files."""
    build_warehouse()
    with connect(at_home) as connection:
        assert (
            connection.execute("""
            select file_path from marts.audit_loads
            where
                rows_received <> rows_accepted + rows_duplicate + rows_quarantined
                or net_amount_received
                <> net_amount_accepted + net_amount_duplicate + net_amount_quarantined
        """).fetchall()
            == []
        )
        connection.execute("create schema seen")
        names = [name for name in _marts(connection) if name not in TELLS_OF_FILES]
        for name in names:
            kept = f"select columns(c -> c <> '{TELLS_OF_LOADS}') from marts.{name}"
            connection.execute(f"create view seen.{name} as {kept}")
        found = hashes(connection, "seen")
        connection.execute("drop schema seen cascade")
    assert found["fct_sales"][0] > 0
    return found


# The winner of a key, on staging alone: many examples.

WINNERS = {
    "pos_sales": "stg_pos__sale_versions",
    "survey_responses": "stg_surveys__responses",
    "customers": "stg_reference__customers",
    "complaints": "stg_complaints__complaints",
    "complaint_events": "stg_complaints__events",
}
# Of sales staging gives every version; those that do not stand are another model.
REPLACED = "int_sales__versions_replaced"
_exported = st.none() | st.sampled_from(["2014-12-30T23:00:00", "2014-12-31T23:00:00"])


@pytest.fixture(scope="module")
def staging(home) -> Iterator[Callable[[str, list[dict]], list[tuple]]]:
    """What staging makes of rows of a feed that lie in ``raw`` in this order, files left out."""
    at_home = home()
    with connect(at_home) as connection:
        sync(connection, at_home, [], "test")
    outcome = _invoke(at_home, PROJECT, ["compile", "--select", *WINNERS.values(), REPLACED])
    assert outcome.success, outcome.exception
    sql = {result.node.name: result.node.compiled_code for result in outcome.result}
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as regulars")
    connection.execute("use regulars")
    connection.execute("create schema raw")
    connection.execute("create schema staging")
    connection.execute("create table raw.build as select 'CNY' as chain_currency")

    def stage(feed: str, rows: list[dict]) -> list[tuple]:
        columns = dict(protected_columns(load_contract(feed))) | ROW_COLUMNS
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
        kept = [name for name in kept if name not in ("load_id", "file_row")]
        winner = ""
        if feed == "pos_sales":
            connection.execute(f"create or replace view staging.{WINNERS[feed]} as {model}")
            winner = f" anti join ({sql[REPLACED]}) using (load_id, file_row)"
        named = ", ".join(f'"{name}"' for name in kept)
        return connection.execute(f"select {named} from ({model}){winner} order by all").fetchall()

    yield stage
    connection.close()


@pytest.mark.requirement("DQ-12")
@pytest.mark.parametrize("feed", WINNERS)
def test_the_winner_of_a_key_does_not_depend_on_order(staging, feed):
    versions = st.tuples(ROWS[feed], _exported)

    @drawn(30)
    @given(st.lists(versions, min_size=1, max_size=15), st.data())
    def same_winners(drawn_versions, data):
        rows = [row | {"exported_at": at} for row, at in drawn_versions]
        again = data.draw(st.lists(st.sampled_from(rows), max_size=8))
        shuffled = data.draw(st.permutations([*rows, *again]))
        assert staging(feed, shuffled) == staging(feed, rows)

    same_winners()


# The way from the landing folder to ``raw``: the same files, in any order and batches.


@pytest.mark.requirement("DQ-12")
def test_raw_does_not_depend_on_how_files_arrive(home):
    @drawn(3)
    @given(histories, st.data())
    def same_raw(rows, data):
        files = data.draw(deliveries(rows, manifests=True))
        found = []
        for arrival in (Arrival([files]), data.draw(arrivals(files))):
            at_home = home()
            load(arrival, at_home)
            with connect(at_home) as connection:
                # A batch is how files happened to be loaded together.
                connection.execute("alter table raw.loads drop column batch_id")
                connection.execute("drop table raw.ledger")
                found.append(hashes(connection, "raw"))
        assert found[0] == found[1]

    same_raw()


def different(one: dict, other: dict) -> list[str]:
    """Names of the tables that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


# All the way to the marts: few examples, for each is a build.


def richest_history() -> Rows:
    """The one with the most rows of some that are drawn."""
    found = []

    @drawn(10)
    @given(histories)
    def collect(rows):
        found.append(rows)

    collect()
    return max(found, key=lambda rows: sum(map(len, rows.values())))


@pytest.mark.requirement("DQ-12", "FEED-01")
def test_marts_do_not_depend_on_how_rows_are_delivered(home):
    rows = richest_history()
    found = []

    # The first way that Hypothesis draws is the plainest.
    @drawn(2)
    @given(deliveries(rows, manifests=False).flatmap(arrivals))
    def same_marts(arrival):
        at_home = home()
        load(arrival, at_home)
        found.append(marts(at_home))
        assert different(found[-1], found[0]) == []

    same_marts()


# A demo chain, with all that its deliveries hold.


@pytest.mark.requirement("DQ-12", "FEED-01")
def test_a_chain_late_backwards_and_twice_gives_the_same_marts(home, monkeypatch):
    chain = simulate(scale=0.02)
    at_home = home()
    deliver(chain, at_home.landing)
    load_new(400, 0)
    expected = marts(at_home)
    at_home = home()
    deliver(chain, at_home.landing)
    # The year in the middle comes late, and its sales later still; the last month closes meanwhile.
    parts = {
        "sales": ["pos_sales/2013-*/", "*/2014-12-31/"],
        "rest": ["*/2013-*/", "*/2014-12-*/"],
    }
    for part, patterns in parts.items():
        for folder in sorted(f for pattern in patterns for f in at_home.landing.glob(pattern)):
            target = at_home.home / part / folder.relative_to(at_home.landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(target)
    load_new(40, -1)
    assert marts(at_home) != expected
    shutil.copytree(at_home.home / "rest", at_home.landing, dirs_exist_ok=True)
    load_new(40, -1)
    # The first night is dbt's, and the second sends its statements.
    assert marts(at_home) != expected
    assert are_kept(target_folder(at_home))
    monkeypatch.setattr(dbt, "_invoke", None)
    shutil.copytree(at_home.home / "sales", at_home.landing, dirs_exist_ok=True)
    for path in sorted(p for p in at_home.landing.rglob("*") if p.is_file()):
        shutil.copy2(path, path.with_name(f"again_{path.name}"))
    load_new(40, -1)
    assert different(marts(at_home), expected) == []
    statuses = Counter(line["status"] for line in _balanced(at_home.lake))
    assert statuses["duplicate_file"] >= statuses["loaded"] > 100
