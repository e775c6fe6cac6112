"""Lake, ledger and published versions on an S3-compatible server on loopback."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from regulars.errors import RegularsError
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.ledger import ledger_folder, read_ledger, restate
from regulars.settings import Settings
from regulars.store import POINTER, Store
from regulars.warehouse.sync import committed_batches

NIGHT = date(2014, 12, 31)
HEADER = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n"


def deliver(settings: Settings, name: str, *receipts: str) -> None:
    folder = settings.landing / "pos_sales" / str(NIGHT)
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{r},1,S01,2014-12-31T20:00:00,P101,1,18,18.00\n" for r in receipts)
    (folder / name).write_text(HEADER + "".join(lines))
    os.utime(folder / name, (1420000000, 1420000000))


def load() -> list[str]:
    batches = find_batches(["pos_sales"], None, NIGHT)
    return [line["status"] for batch in batches for line in load_batch(batch)]


def receipts(settings: Settings) -> list[str]:
    found = duckdb.sql(f"select receipt_id from '{settings.lake}/pos_sales/*.parquet' order by 1")
    return [receipt for (receipt,) in found.fetchall()]


def test_what_one_home_loads_the_other_has(homes):
    first = homes("first")
    deliver(first, "a.csv", "r1", "r2")
    assert load() == ["loaded"]
    second = homes("second")
    deliver(second, "b.csv", "r3")
    assert load() == ["loaded"]
    assert receipts(second) == ["r1", "r2", "r3"]
    Store(homes("first")).pull()
    assert receipts(first) == ["r1", "r2", "r3"]
    assert committed_batches(first.lake) == committed_batches(second.lake)
    assert read_ledger(first.lake, "pos_sales") == read_ledger(second.lake, "pos_sales")
    # A content that the other home has loaded is a duplicate here.
    deliver(second, "copy.csv", "r1", "r2")
    homes("second")
    assert load() == ["duplicate_file"]


def test_of_two_commits_of_one_batch_the_first_stays(homes):
    first = homes("first")
    deliver(first, "a.csv", "r1")
    assert load() == ["loaded"]
    (before,) = read_ledger(first.lake, "pos_sales")
    second = homes("second")
    deliver(second, "a.csv", "r1")
    store = Store(second)
    (batch,) = committed_batches(first.lake)
    assert store.commit("pos_sales", batch.batch_id, b'{"of": "the second"}\n') is False
    store.pull()
    assert read_ledger(second.lake, "pos_sales") == [before]


def test_a_race_for_the_ledger_object_has_one_winner(homes, monkeypatch):
    """Both have seen that there is none; the server lets one of them create it."""
    stores = [Store(homes("first")), Store(homes("second"))]
    for store in stores:
        monkeypatch.setattr(store._objects, "exists", lambda path: False)
    won = [store.commit("pos_sales", "2014-12-31_x", b"{}\n") for store in stores]
    assert won == [True, False]


def test_rows_without_their_ledger_do_not_exist(homes, monkeypatch):
    first = homes("first")
    deliver(first, "a.csv", "r1")
    with monkeypatch.context() as broken:

        def cut_off(*args, **kwargs):
            raise ConnectionError("gone")

        broken.setattr("s3fs.S3FileSystem.pipe_file", cut_off)
        with pytest.raises(ConnectionError):
            load()
    second = homes("second")
    Store(second).pull()
    assert committed_batches(first.lake) == committed_batches(second.lake) == []
    assert not (second.lake / "pos_sales").exists()
    homes("first")
    assert load() == ["loaded"]
    Store(homes("second")).pull()
    assert receipts(second) == ["r1"]


def test_what_is_rewritten_here_is_rewritten_there_and_in_other_homes(homes):
    first = homes("first")
    deliver(first, "a.csv", "r1", "r2")
    load()
    second = homes("second")
    Store(second).pull()
    homes("first")
    store = Store(first)
    store.pull()
    (batch,) = committed_batches(first.lake)
    rows = batch.rows(first.lake)
    duckdb.sql(f"copy (from '{rows}' where receipt_id <> 'r1') to '{rows}.new' (format parquet)")
    os.replace(f"{rows}.new", rows)
    (line,) = read_ledger(first.lake, "pos_sales")
    restate(first.lake, "pos_sales", batch.batch_id, {line["load_id"]: 1})
    store.push_rewritten()
    Store(homes("second")).pull()
    assert receipts(second) == ["r2"]
    assert [found["rows_suppressed"] for found in read_ledger(second.lake, "pos_sales")] == [1]
    assert all(b"r1" not in store._objects.cat_file(path) for path in _rows(store))


def _rows(store: Store) -> list[str]:
    return [path for path in store._objects.find(store._path("lake")) if "parquet" in path]


def test_a_home_that_had_a_lake_hands_it_in_and_a_lost_one_comes_back(homes, monkeypatch):
    with monkeypatch.context() as without:
        without.delenv("REGULARS_STORE")
        first = homes("first")
        deliver(first, "a.csv", "r1")
        load()
    first = homes("first")
    Store(first).pull()
    shutil.rmtree(first.lake)
    Store(first).pull()
    assert receipts(first) == ["r1"]
    assert len(list(ledger_folder(first.lake, "pos_sales").iterdir())) == 1


def version(settings: Settings, name: str) -> Path:
    folder = settings.published / "versions" / name
    (folder / "parquet").mkdir(parents=True)
    (folder / "parquet" / "mart_nps.parquet").write_text(name)
    (folder / "version.json").write_text(json.dumps({"version": name}))
    return folder


def test_readers_of_the_store_see_whole_versions(homes, monkeypatch):
    settings = homes("first")
    store = Store(settings)
    one, two = version(settings, "000001"), version(settings, "000002")
    store.publish([one], one)
    assert store.current() == "000001"
    with monkeypatch.context() as broken:
        # Cut off before the description: the pointer stays, and the version is written again.
        put = store._objects.put_file

        def cut_off(file, path):
            if file.endswith("version.json"):
                raise ConnectionError("gone")
            put(file, path)

        broken.setattr(store._objects, "put_file", cut_off)
        with pytest.raises(ConnectionError):
            store.publish([one, two], two)
    assert store.current() == "000001"
    store.publish([one, two], two)
    assert store.current() == "000002"
    store.publish([one, two], one)  # a rollback
    assert store.current() == "000001"
    store.publish([two], two)
    assert store.current() == "000002"
    kept = store._objects.find(store._path("published/versions"))
    assert {path.split("/versions/")[1].split("/")[0] for path in kept} == {"000002"}


def test_the_pointer_of_another_home_is_not_replaced(homes):
    first, second = homes("first"), homes("second")
    one, other = version(first, "000001"), version(second, "000001")
    Store(first).publish([one], one)
    with pytest.raises(RegularsError, match="another home publishes"):
        Store(second).publish([other], other)
    assert Store(first)._objects.exists(Store(first)._path(POINTER))


def test_two_swaps_at_once_have_one_winner(homes, monkeypatch):
    """The pointer changes between the look at it and the swap: the server refuses the second."""
    settings = homes("first")
    store = Store(settings)
    one, two = version(settings, "000001"), version(settings, "000002")
    store.publish([one], one)
    seen = store._etag(POINTER)
    store._objects.pipe_file(store._path(POINTER), b'{"version": "000009"}')
    monkeypatch.setattr(store, "_etag", lambda name: seen)
    with pytest.raises(RegularsError, match="another home publishes"):
        store.publish([one, two], two)
    assert store.current() == "000009"
