"""Files: the contract's columns, the same bytes, and every row accounted for."""

import csv
import gzip
import hashlib
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from regulars.demo import deliver, simulate
from regulars.demo.arrow import columns
from regulars.feeds.contract import FEEDS, load_contract
from regulars.settings import PROJECT_ROOT

ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "timestamp": pa.timestamp("s"),
    "date": pa.date32(),
    "bool": pa.bool_(),
}


def arrow_type(text):
    if text.startswith("decimal"):
        return pa.decimal128(*map(int, text[len("decimal(") : -1].split(",")))
    return ARROW[text]


def read(path: Path) -> list[dict[str, str | None]]:
    """All records of a file; as text, null where nothing stands, unless it is Parquet."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [
        {name: value or None for name, value in record.items()}
        for record in csv.DictReader(io.StringIO(text, newline=""), strict=True)
    ]


def header(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    return list(read(path)[0])


def data_files(landing: Path) -> list[Path]:
    return sorted(p for p in landing.rglob("*.*") if p.is_file() and p.suffix != ".json")


def by_path(landing: Path) -> dict[str, Path]:
    return {p.relative_to(landing).as_posix(): p for p in data_files(landing)}


@pytest.mark.parametrize("feed", FEEDS)
def test_columns_are_the_contracts(feed, landing):
    contract = yaml.safe_load(
        (PROJECT_ROOT / "expectations" / "contracts" / f"{feed}.odcs.yaml").read_text("utf-8")
    )
    properties = contract["schema"][0]["properties"]
    expected = {p["name"]: arrow_type(p["physicalType"]) for p in properties}

    assert dict(zip(columns(feed).names, columns(feed).types, strict=True)) == expected
    files = [p for p in data_files(landing) if p.parts[-3] == feed]
    assert files
    for path in files:
        assert header(path) == list(expected)


@pytest.mark.parametrize("feed", FEEDS)
def test_required_columns_are_filled_and_keys_unique(feed, chain):
    contract = yaml.safe_load(
        (PROJECT_ROOT / "expectations" / "contracts" / f"{feed}.odcs.yaml").read_text("utf-8")
    )
    table = chain.tables[feed].to_pandas()
    required = [p["name"] for p in contract["schema"][0]["properties"] if p.get("required")]

    assert table[required].notna().all(axis=None)
    assert not table.duplicated(list(load_contract(feed).key)).any()


def test_same_seed_gives_the_same_bytes_and_times(landing, tmp_path):
    deliver(simulate(scale=0.02), tmp_path)
    once = {p.relative_to(landing): p for p in sorted(landing.rglob("*")) if p.is_file()}
    twice = {p.relative_to(tmp_path): p for p in sorted(tmp_path.rglob("*")) if p.is_file()}

    assert list(once) == list(twice)
    for name, path in once.items():
        assert path.read_bytes() == twice[name].read_bytes(), name
        assert path.stat().st_mtime_ns == twice[name].stat().st_mtime_ns


def test_deliver_writes_only_the_dates_asked_for(tiny, tmp_path):
    written = deliver(tiny, tmp_path, date(2014, 12, 27), date(2014, 12, 28))

    assert written == [p for p in written if p.is_file()]
    assert {p.parent.name for p in written} == {"2014-12-27", "2014-12-28"}
    assert {p.parent.name for p in data_files(tmp_path)} == {"2014-12-27", "2014-12-28"}
    everything = [d for d in tiny.deliveries if d.date in (date(2014, 12, 27), date(2014, 12, 28))]
    assert len(written) == len(everything)


def test_history_is_bulk_and_the_last_week_nightly(chain):
    files = [d for d in chain.deliveries if d.feed == "pos_sales"]
    dates = sorted({d.date for d in files})
    bulk = [date(2012, 12, 31), date(2013, 12, 31), date(2014, 12, 24)]
    history = [d for d in files if d.date in bulk]

    assert dates == bulk + [date(2014, 12, night) for night in range(25, 32)]
    assert 24 <= len(history) <= 48
    assert [d.name for d in files if d.name.endswith(".parquet")] == ["s01_2012.parquet"]
    assert [d.name for d in files if d.name.endswith(".csv")] == ["s02_2012.csv"]
    for night in dates[3:]:
        assert len([d for d in files if d.date == night]) >= 10
    for feed in ("survey_responses", "complaints", "complaint_events", "customers"):
        assert any(d.feed == feed and d.date == date(2014, 12, 31) for d in chain.deliveries)


def test_every_row_of_every_file_is_accepted_a_duplicate_or_quarantined(tiny, landing):
    files = by_path(landing)
    assert set(files) == set(tiny.truth["files"])
    seen = set()
    for name in sorted(files, key=lambda name: (name.split("/")[1], name)):
        dirty = {row["file_row"] for row in tiny.truth["dirty"].get(name, ())}
        counted = {"accepted": 0, "duplicate": 0, "quarantined": 0}
        for number, record in enumerate(read(files[name]), start=1):
            row = (name.split("/")[0], *map(str, record.values()))
            fate = "quarantined" if number in dirty else "duplicate" if row in seen else "accepted"
            counted[fate] += 1
            if number not in dirty:
                seen.add(row)
        assert {k: tiny.truth["files"][name][k] for k in counted} == counted, name
        assert tiny.truth["files"][name]["received"] == sum(counted.values())


def test_feed_totals_are_the_sums_of_their_files(chain):
    for feed, total in chain.truth["rows"].items():
        counts = [c for c in chain.truth["files"].values() if c["feed"] == feed]
        assert total["files"] == len(counts)
        for name in ("received", "accepted", "duplicate", "quarantined"):
            assert total[name] == sum(c[name] for c in counts)
        assert total["accepted"] >= chain.tables[feed].num_rows


def test_money_of_a_file_is_what_its_readable_rows_say(tiny, landing):
    for name, path in by_path(landing).items():
        amounts = [r.get("net_amount") for r in read(path)]
        if not name.startswith("pos_sales") or "NaN" in amounts:
            assert tiny.truth["files"][name]["net_amount"] is None
        else:
            assert tiny.truth["files"][name]["net_amount"] == str(sum(map(Decimal, amounts)))


def test_dirty_rows_stand_where_the_truth_says(tiny, landing):
    spoilt = {
        "unparsable number": {"1,O", "five", "high"},
        "not a number": {"NaN"},
        "bad date": {"2012-02-30T12:00:00", "2013-04-31T10:00:00", "1987-13-05", "yesterday"},
        "missing required value": {None},
        "negative price": {"-18.0000"},
        "unknown currency": {"元"},
        "unknown value": {"medium"},
        "score outside its scale": {"7.00"},
        "anonymous answer with a customer": {"M000001"},
    }
    seen = set()
    for name, rows in tiny.truth["dirty"].items():
        records = read(landing / name)
        for row in rows:
            assert records[row["file_row"] - 1][row["column"]] in spoilt[row["kind"]]
            seen.add(row["kind"])
    assert len(seen) >= 6


def test_dirt_of_every_kind_is_spread_over_the_full_chain(chain):
    kinds = {row["kind"] for rows in chain.truth["dirty"].values() for row in rows}

    assert len(kinds) == 9
    assert sum(total["quarantined"] for total in chain.truth["rows"].values()) == 16
    for name, rows in chain.truth["dirty"].items():
        assert len(rows) == chain.truth["files"][name]["quarantined"]
        assert len(rows) / chain.truth["files"][name]["received"] < 0.05


def test_manifests_state_what_is_in_the_file(tiny, landing):
    manifests = sorted(landing.rglob("*.manifest.json"))
    totals = 0
    for manifest in manifests:
        stated = json.loads(manifest.read_text())
        stem = manifest.name.removesuffix(".manifest.json")
        (path,) = [p for p in data_files(manifest.parent) if p.name.split(".")[0] == stem]
        records = read(path)
        assert stated["rows"] == len(records)
        assert stated["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert stated["exported_at"].startswith(str(manifest.parent.name))
        if "control_totals" in stated:
            totals += 1
            total = sum(Decimal(record["net_amount"]) for record in records)
            assert stated["control_totals"] == {"net_amount": str(total)}
    assert totals >= 10
    assert len(manifests) < len(data_files(landing))


def test_repeated_file_has_the_same_bytes(tiny, landing):
    for copy, original in tiny.truth["repeated_files"].items():
        assert (landing / copy).read_bytes() == (landing / original).read_bytes()
        assert copy.split("/")[1] > original.split("/")[1]
        assert tiny.truth["files"][copy]["duplicate"] == tiny.truth["files"][copy]["received"]


def test_late_files_bring_older_business_dates(chain):
    late = [d for d in chain.deliveries if d.path in chain.truth["late_files"]]

    assert len(late) == 2
    for delivery in late:
        assert max(delivery.rows["business_date"].to_pylist()) < delivery.date


def test_corrections_repeat_keys_with_another_amount_and_a_later_version(tiny):
    seen = {}
    for delivery in tiny.deliveries:
        if delivery.feed != "pos_sales" or delivery.path in tiny.truth["repeated_files"]:
            continue
        corrects = delivery.path in tiny.truth["corrected_rows"]
        columns = ("store_id", "receipt_id", "line_no", "net_amount", "updated_at")
        for row in delivery.rows.select(columns).to_pylist():
            key = (row["store_id"], row["receipt_id"], row["line_no"])
            assert (key in seen) == corrects
            if corrects:
                assert seen[key]["net_amount"] > row["net_amount"]
                assert seen[key]["updated_at"] < row["updated_at"]
            seen[key] = row


def test_offsets_are_written_by_some_tills_only(landing):
    offset = {
        path.name[:3]
        for path in data_files(landing)
        if path.parts[-3] == "pos_sales" and path.suffix != ".parquet"
        if any(str(r["sold_at"]).endswith("+08:00") for r in read(path))
    }
    assert offset == {"s02"}


@pytest.mark.parametrize("feed", ["products", "stores"])
def test_reference_files_come_again_with_a_few_rows_changed(feed, chain):
    files = [d for d in chain.deliveries if d.feed == feed]
    changed = {
        key
        for key in {row[load_contract(feed).key[0]] for d in files for row in d.rows.to_pylist()}
        if len(
            {
                str(r)
                for d in files
                for r in d.rows.to_pylist()
                if r[load_contract(feed).key[0]] == key
            }
        )
        > 1
    }

    assert all(delivery.manifest for delivery in files)
    # New costs and the end of one product; a store closed and another was equipped.
    expected = {"products": {"P101", "P111", "P305"}, "stores": {"S05", "S12"}}
    assert changed == expected[feed]


def test_final_products_cost_what_was_sent_last(chain):
    costs = {r["product_code"]: r["unit_cost"] for r in chain.tables["products"].to_pylist()}
    assert (costs["P101"], costs["P111"], costs["P102"]) == (
        Decimal("9.10"),
        Decimal("8.20"),
        Decimal("7.60"),
    )


@pytest.mark.parametrize(
    ("feed", "version"),
    [
        ("pos_sales", "updated_at"),
        ("customers", "updated_at"),
        ("complaints", "updated_at"),
        ("complaint_events", None),
        ("survey_responses", None),
        ("ref_staff", "updated_at"),
        ("ref_improvements", "updated_at"),
    ],
)
def test_newest_rows_of_all_files_are_the_final_tables(feed, version, tiny):
    newest = {}
    for delivery in tiny.deliveries:
        if delivery.feed != feed:
            continue
        for row in delivery.rows.to_pylist():
            key = tuple(row[name] for name in load_contract(feed).key)
            old = newest.get(key)
            if old is None or version is None or row[version] >= old[version]:
                newest[key] = row
    final = {tuple(r[n] for n in load_contract(feed).key): r for r in tiny.tables[feed].to_pylist()}
    assert newest == final
