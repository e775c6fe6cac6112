"""What becomes of every delivered row and file, and that nothing is lost on the way."""

import csv
import fcntl
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import openpyxl
import pytest

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.feeds.delivery import FORMATS
from regulars.feeds.ingest import PACK_BYTES, find_batches, load_batch, pack
from regulars.feeds.ledger import read_ledger
from regulars.feeds.quarantine import export_waiting, waiting
from regulars.settings import load_settings

HEADER = "receipt_id,line_no,store_id,sold_at,customer_id,product_code,qty,unit_price,net_amount\n"
NIGHT = "2014-12-31"


def line(receipt="r1", number=1, amount="10.00", sold_at="2014-12-31T18:05:00", **other) -> str:
    values = {"store": "s1", "customer": "c1", "product": "p1", "qty": "1", "price": "10"} | other
    store, customer, product, qty, price = values.values()
    return f"{receipt},{number},{store},{sold_at},{customer},{product},{qty},{price},{amount}\n"


def many(count: int, **other) -> str:
    """Good lines, so that a single bad one stays below the share that rejects a file."""
    return "".join(line(receipt=f"m{n}", **other) for n in range(count))


def ingest(feed="pos_sales", date_from=None, date_to=date(2014, 12, 31)) -> list[dict]:
    lines = [
        line
        for batch in find_batches([feed], date_from, date_to)
        for line in load_batch(json.loads(json.dumps(batch)))
    ]
    for found in lines:
        if found["status"] != "duplicate_file":
            assert found["rows_received"] == found["rows_loaded"] + found["rows_quarantined"]
    return lines


def rows(feed="pos_sales", columns="*") -> list[tuple]:
    folder = load_settings().lake / feed
    return duckdb.sql(f"select {columns} from '{folder}/*.parquet' order by all").fetchall()


def quarantined(feed="pos_sales") -> list[tuple]:
    folder = load_settings().lake / "quarantine" / feed
    columns = "file_path, physical_line, raw_text, column_name, rule, net_amount"
    return duckdb.sql(f"select {columns} from '{folder}/*.parquet' order by all").fetchall()


def as_jsonl(text: str) -> str:
    records = csv.DictReader(io.StringIO(text))
    return "".join(json.dumps(record) + "\n" for record in records)


def as_xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    for record in csv.reader(io.StringIO(text)):
        book.active.append([float(v) if v in ("1", "10", "10.00") else v for v in record])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.requirement("FEED-01")
@pytest.mark.parametrize("ending", FORMATS)
def test_formats_give_the_same_rows(deliver, ending):
    text = HEADER + line(receipt="007") + line(number=2)
    if ending == "parquet":
        plain = deliver("other", NIGHT, "s1.csv", text)
        path = deliver("pos_sales", NIGHT, "s1.parquet", "")
        duckdb.sql(
            "copy (select * replace (cast(sold_at as timestamp) as sold_at) from"
            f" read_csv('{plain}', all_varchar = true)) to '{path}'"
        )
    else:
        written = {"jsonl": as_jsonl, "xlsx": as_xlsx}.get(ending.split(".")[0], str)(text)
        deliver("pos_sales", NIGHT, f"s1.{ending}", written)
    (loaded,) = ingest()
    assert loaded["status"] == "loaded", loaded["reason"]
    assert (loaded["rows_loaded"], loaded["net_amount_loaded"]) == (2, "20.00")
    assert rows(columns="receipt_id, line_no, sold_at::varchar, net_amount") == [
        ("007", 1, "2014-12-31 18:05:00", Decimal("10.00")),
        ("r1", 2, "2014-12-31 18:05:00", Decimal("10.00")),
    ]


def test_bad_lines_of_json_are_quarantined_where_they_stand(deliver):
    good = as_jsonl(HEADER + many(40))
    bad = '{"receipt_id": "x",\n[1, 2]\n' + as_jsonl(HEADER + line(amount="abc"))
    deliver("pos_sales", NIGHT, "s1.jsonl", good + "\n" + bad)
    (loaded,) = ingest()
    assert loaded["status"] == "rejected", "three bad lines of 43 are above one in twenty"
    deliver("pos_sales", NIGHT, "s2.jsonl", good * 2 + "\n" + bad)
    (loaded,) = ingest()
    assert (loaded["rows_loaded"], loaded["rows_quarantined"]) == (80, 3)
    assert [(row[1], row[3], row[4]) for row in quarantined()] == [
        (82, None, "broken_json"),
        (83, None, "broken_json"),
        (84, "net_amount", "type"),
    ]


@pytest.mark.parametrize("name", ["s[1].csv", "s*.csv", "s 'x'.csv", "店.csv.gz"])
def test_file_names_are_never_patterns(deliver, name):
    deliver("pos_sales", NIGHT, name, HEADER + line(receipt="a"))
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + line(receipt="b"))
    assert sorted(found["rows_loaded"] for found in ingest()) == [1, 1]


LIMITS = {
    "unpacked bytes": ("MAX_FILE_BYTES", "1000", "s1.csv.gz", "unpacks to more than 1000 bytes"),
    "unpacked workbook": ("MAX_FILE_BYTES", "1000", "s1.xlsx", "unpacks to more than 1000 bytes"),
    "rows": ("MAX_FILE_ROWS", "99", "s1.csv", "has more than 99 lines"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_files_beyond_a_limit_are_rejected(deliver, monkeypatch, case):
    setting, value, name, told = LIMITS[case]
    monkeypatch.setenv(f"REGULARS_{setting}", value)
    text = HEADER + many(100)
    deliver("pos_sales", NIGHT, name, as_xlsx(text) if name.endswith("xlsx") else text)
    (loaded,) = ingest()
    assert (loaded["status"], loaded["rows_loaded"]) == ("rejected", 0)
    assert told in loaded["reason"]


def test_a_line_beyond_the_limit_is_quarantined(deliver):
    long = line(product="x" * 10_000_000)
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + many(30) + long + line(receipt="last"))
    (loaded,) = ingest()
    assert (loaded["rows_loaded"], loaded["rows_quarantined"]) == (31, 1)
    ((_, physical_line, raw_text, _, rule, _),) = quarantined()
    assert (physical_line, rule) == (32, "line_too_long")
    assert len(raw_text) < 70_000


def test_too_many_files_in_one_delivery_are_refused(deliver, monkeypatch):
    monkeypatch.setenv("REGULARS_MAX_DELIVERY_FILES", "2")
    for number in range(3):
        deliver("pos_sales", NIGHT, f"s{number}.csv", HEADER + line(receipt=str(number)))
    with pytest.raises(RegularsError, match=r"pos_sales/2014-12-31 holds more than 2 files"):
        ingest()


def test_links_are_not_followed(deliver, home):
    outside = deliver("elsewhere", NIGHT, "s1.csv", HEADER + line())
    folder = home / "landing" / "pos_sales" / NIGHT
    folder.mkdir(parents=True)
    (folder / "s1.csv").symlink_to(outside)
    (folder.parent / "2014-12-30").symlink_to(outside.parent, target_is_directory=True)
    assert find_batches(["pos_sales"], None, date(2014, 12, 31)) == []


def test_columns_in_any_order_and_times_with_offset(deliver):
    deliver(
        "pos_sales",
        NIGHT,
        "s1.csv",
        "\ufeffnet_amount,unit_price,qty,product_code,extra,sold_at,store_id,line_no,receipt_id\r\n"
        "1.50,1.5,1,p,ignored,2014-12-31T18:05:00+08:00,s1,1,a\r\n"
        "1.50,1.5,1,p,ignored,2014-12-31T18:05:00,s1,1,b\r\n",
    )
    (loaded,) = ingest()
    assert loaded["warnings"] == ["not in the contract, values are not kept: column extra"]
    assert rows(columns="receipt_id, sold_at::varchar, sold_at_is_utc") == [
        ("a", "2014-12-31 10:05:00", True),
        ("b", "2014-12-31 18:05:00", False),
    ]


BAD_ROWS = {
    "unparsable amount": (line(amount="1,99".replace(",", ";")), "net_amount", "type"),
    "decimal comma in quotes": (line(amount='"1,99"'), "net_amount", "type"),
    "NaN": (line(amount="NaN"), "net_amount", "type"),
    "infinity": (line(amount="inf"), "net_amount", "type"),
    "exponent beyond the cent": (line(amount="1e-3"), "net_amount", "type"),
    "too many decimals": (line(amount="1.005"), "net_amount", "type"),
    "overflow": (line(amount="12345678901234567.00"), "net_amount", "type"),
    "line number with a fraction": (line(number="1.5"), "line_no", "type"),
    "line number in hex": (line(number="0x1"), "line_no", "type"),
    "line number zero": (line(number=0), "line_no", "line_no_from_one"),
    "no store": (line(store=""), "store_id", "required"),
    "no amount": (line(amount=""), "net_amount", "required"),
    "impossible date": (line(sold_at="2014-02-30T10:00:00"), "sold_at", "type"),
    "date the other way round": (line(sold_at="31.12.2014 10:00"), "sold_at", "type"),
    "endless time": (line(sold_at="infinity"), "sold_at", "type"),
    "sale in the future": (line(sold_at="2015-01-02T00:00:00"), "sold_at", "sold_by_delivery"),
    "negative price": (line(price="-1"), "unit_price", "unit_price_not_negative"),
    "line break in an id": (line(product='"p\nq"'), "product_code", "line_break"),
    "too few columns": ("r1,1,s1\n", None, "too_few_columns"),
    "too many columns": (line().strip() + ",more\n", None, "too_many_columns"),
}


@pytest.mark.requirement("DQ-06")
@pytest.mark.parametrize("case", BAD_ROWS)
def test_bad_row_is_quarantined_where_it_stands(deliver, case):
    text, column, rule = BAD_ROWS[case]
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + many(20) + "\n" + text + many(10, store="s2"))
    (loaded,) = ingest()
    assert loaded["status"] == "loaded", loaded["reason"]
    assert (loaded["rows_received"], loaded["rows_loaded"], loaded["rows_quarantined"]) == (
        31,
        30,
        1,
    )
    ((file_path, physical_line, raw_text, *why, amount),) = quarantined()
    assert (file_path, physical_line) == ("pos_sales/2014-12-31/s1.csv", 23)
    assert raw_text == text.rstrip("\n")
    assert why == [column, rule]
    assert Decimal(loaded["net_amount_received"]) == Decimal(loaded["net_amount_loaded"]) + (
        amount or 0
    )


def test_invalid_utf8_is_quarantined_with_its_bytes(deliver):
    bad = line(product="caf\x00").encode().replace(b"\x00", b"\xe9")
    deliver("pos_sales", NIGHT, "s1.csv", (HEADER + many(30)).encode() + bad)
    (loaded,) = ingest()
    assert (loaded["rows_loaded"], loaded["rows_quarantined"]) == (30, 1)
    ((_, physical_line, raw_text, _, rule, _),) = quarantined()
    assert (physical_line, rule) == (32, "invalid_utf8")
    assert "caf\\xe9" in raw_text


def test_unclosed_quote_loses_no_line(deliver):
    broken = line(product='"p').strip() + "\n"
    deliver("pos_sales", NIGHT, "s1.csv.gz", HEADER + many(60) + broken + line() + line(number=2))
    (loaded,) = ingest()
    assert (loaded["rows_received"], loaded["rows_loaded"], loaded["rows_quarantined"]) == (
        63,
        60,
        3,
    )
    assert [row[1] for row in quarantined()] == [62, 63, 64]


def test_verbatim_keeps_its_line_breaks(deliver):
    text = "好吃！\n\n再来🍧"
    deliver(
        "survey_responses",
        NIGHT,
        "w.csv",
        "wave_id,response_id,question_code,responded_at,anonymous,verbatim\n"
        f'w1,a,Q1,2014-12-01T10:00:00,false,"{text}"\n'
        "w1,b,Q1,2014-12-01T10:00:00,true,ok\n",
    )
    (loaded,) = ingest("survey_responses")
    assert loaded["rows_loaded"] == 2
    assert rows("survey_responses", "verbatim") == [("ok",), (text,)]


@pytest.mark.requirement("FEED-02", "SEC-07")
@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("6,1,5,false,", "score_within_scale"),
        ("4,,5,false,", "scale_is_complete"),
        ("4,1,5,true,c1", "anonymous_has_no_customer"),
    ],
)
def test_survey_rules(deliver, answer, rule):
    header = (
        "wave_id,response_id,question_code,responded_at,score,scale_min,scale_max,anonymous,"
        "customer_id\n"
    )
    good = "".join(f"w1,g{n},Q1,2014-12-01T10:00:00,5,1,5,false,c1\n" for n in range(30))
    bad = f"w1,bad,Q1,2014-12-01T10:00:00,{answer}\n"
    deliver("survey_responses", NIGHT, "w.csv", header + good + bad)
    (loaded,) = ingest("survey_responses")
    assert (loaded["rows_loaded"], loaded["rows_quarantined"]) == (30, 1)
    assert quarantined("survey_responses")[0][4] == rule


REJECTED = {
    "empty file": ("s1.csv", b"", {}, "zero bytes"),
    "header only": ("s1.csv", HEADER, {}, "a header and no rows"),
    "truncated gzip": ("s1.csv.gz", None, {}, "not a whole gzip file"),
    "missing column": (
        "s1.csv",
        (HEADER + line()).replace("net_amount", "net"),
        {},
        "required column net_amount is missing",
    ),
    "column twice": ("s1.csv", HEADER.replace("qty", "store_id") + line(), {}, "stands twice"),
    "UTF-16": ("s1.csv", (HEADER + line()).encode("utf-16"), {}, "UTF-16"),
    "not Parquet": ("s1.parquet", HEADER, {}, "not a readable Parquet file"),
    "unknown ending": ("s1.doc", HEADER, {}, "ending is none of"),
    "rows of the manifest": (
        "s1.csv",
        HEADER + line(),
        {"rows": 2},
        "states 2 rows, the file has 1",
    ),
    "hash of the manifest": ("s1.csv", HEADER + line(), {"sha256": "ab"}, "states sha256 ab"),
    "total of the manifest": (
        "s1.csv",
        HEADER + line(),
        {"control_totals": {"net_amount": "9.99"}},
        "states net_amount 9.99, the file has 10.00",
    ),
    "unknown layout": ("s1.csv", HEADER + line(), {"layout": "till9"}, "no layout 'till9'"),
    "too many bad rows": (
        "s1.csv",
        HEADER + many(9) + line(amount="x"),
        {},
        "line 11: net_amount is not a number",
    ),
}


@pytest.mark.requirement("DQ-09", "ARCH-04")
@pytest.mark.parametrize("case", REJECTED)
def test_bad_file_is_rejected_and_the_others_load(deliver, case):
    name, content, manifest, message = REJECTED[case]
    if content is None:
        path = deliver("pos_sales", NIGHT, name, HEADER + many(500))
        path.write_bytes(path.read_bytes()[:-20])
    else:
        deliver("pos_sales", NIGHT, name, content, **manifest)
    deliver("pos_sales", NIGHT, "s2.csv", HEADER + line(receipt="ok"))
    bad, good = ingest()
    assert (bad["status"], good["status"]) == ("rejected", "loaded")
    assert f"pos_sales/2014-12-31/{name}" in bad["reason"]
    assert message in bad["reason"]
    assert rows(columns="receipt_id") == [("ok",)]
    assert ingest() == []  # recorded: not taken again


@pytest.mark.requirement("FEED-01")
def test_the_same_content_under_another_name_is_a_duplicate(deliver):
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + line())
    deliver("pos_sales", NIGHT, "s1_again.csv", HEADER + line())
    first, second = ingest()
    assert (first["status"], second["status"]) == ("loaded", "duplicate_file")
    deliver("pos_sales", "2014-12-30", "late.csv", HEADER + line())
    (third,) = ingest()
    assert third["status"] == "duplicate_file"
    assert third["rows_received"] == 1
    assert "s1.csv" in third["reason"]
    assert len(rows()) == 1


def test_loading_a_batch_twice_changes_nothing(deliver):
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + line())
    (batch,) = find_batches(["pos_sales"], None, date(2014, 12, 31))
    load_batch(batch)
    before = rows()
    load_batch(batch)
    lake = load_settings().lake
    assert [found["status"] for found in read_ledger(lake, "pos_sales")] == ["loaded"]
    assert rows() == before


DIES = """
import os, signal
from datetime import date
from regulars.feeds import ingest

first, second = ingest.find_batches(["pos_sales"], None, date(2014, 12, 31))
ingest.load_batch(first)
# All is written but the ledger, which is the commit.
ingest.commit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
ingest.load_batch(second)
"""


def test_a_killed_backfill_goes_on_where_it_stopped(deliver, monkeypatch):
    monkeypatch.setenv("REGULARS_BATCH_FILES", "2")
    nights = ("2014-12-28", "2014-12-29", "2014-12-30", NIGHT)
    for night in nights:
        sold = line(receipt=night, sold_at="2014-12-01T10:00:00")
        deliver("pos_sales", night, "s1.csv", HEADER + sold)
    died = subprocess.run([sys.executable, "-c", DIES], check=False)
    assert died.returncode == -signal.SIGKILL
    lake = load_settings().lake
    assert {found["file_path"][10:20] for found in read_ledger(lake, "pos_sales")} == {*nights[:2]}
    # What is left to do, and nothing of what is done.
    (rest,) = find_batches(["pos_sales"], None, date(2014, 12, 31))
    assert [file["delivery_date"] for file in rest["files"]] == [*nights[2:]]
    load_batch(rest)
    assert find_batches(["pos_sales"], None, date(2014, 12, 31)) == []
    loaded = read_ledger(lake, "pos_sales")
    assert sorted(found["file_path"][10:20] for found in loaded) == [*nights]
    committed = {f"{found['batch_id']}.parquet" for found in loaded}
    assert {path.name for path in (lake / "pos_sales").glob("*.parquet")} == committed
    assert len(rows()) == 4


def test_range_and_waiting_files(deliver, monkeypatch):
    for night in ("2014-12-29", "2014-12-30", NIGHT, "2015-01-01"):
        deliver(
            "pos_sales", night, "s1.csv", HEADER + line(receipt=night, sold_at="2014-12-01T10:00")
        )
    deliver("pos_sales", "not-a-date", "s1.csv", HEADER + line())
    found = find_batches(["pos_sales"], date(2014, 12, 30), date(2014, 12, 31))
    assert [f["delivery_date"] for b in found for f in b["files"]] == ["2014-12-30", NIGHT]
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "3600")
    assert find_batches(["pos_sales"], None, date(2014, 12, 31)) == []


def test_files_of_several_shapes_keep_the_order_of_their_rows(deliver):
    deliver("pos_sales", NIGHT, "a.csv", HEADER + many(2500))
    deliver("pos_sales", NIGHT, "b.csv", (HEADER + many(2500, store="s2")).replace("\n", "\r\n"))
    deliver("pos_sales", NIGHT, "c.csv.gz", HEADER + many(2500, store="s3") + line(receipt='"q"'))
    assert [found["rows_loaded"] for found in ingest()] == [2500, 2500, 2501]
    folder = load_settings().lake / "pos_sales"
    rows = f"read_parquet('{folder}/*.parquet', file_row_number = true)"
    window = "partition by store_id order by file_row_number"
    place = f"select *, row_number() over ({window}) as place from {rows}"
    wrong = "place != cast(substr(receipt_id, 2) as bigint) + 1 and receipt_id <> 'q'"
    assert duckdb.sql(f"select * from ({place}) where {wrong}").fetchall() == []


def test_a_mended_rule_lets_quarantined_rows_in(deliver, monkeypatch, tmp_path):
    bad = line(receipt="bad", price="-1")
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + many(60) + bad)
    deliver("pos_sales", NIGHT, "s2.csv", HEADER + line(price="-1"))
    ingest()
    lake = load_settings().lake
    (held,) = waiting(lake)
    assert (held["file_path"], held["physical_line"]) == ("pos_sales/2014-12-31/s1.csv", 62)
    assert export_waiting(lake, "pos_sales", str(tmp_path / "held.csv")) == 1
    contract = load_contract("pos_sales")
    rules = tuple(r for r in contract.rules if r.name != "unit_price_not_negative")
    mended = replace(contract, rules=rules)
    monkeypatch.setattr("regulars.feeds.ingest.load_contract", lambda feed: mended)
    assert find_batches(["pos_sales"], None, date(2014, 12, 31)) == []
    (batch,) = find_batches(["pos_sales"], None, date(2014, 12, 31), replay=True)
    again = load_batch(batch)
    assert [(found["status"], found["attempt"], found["rows_loaded"]) for found in again] == [
        ("loaded", 1, 61),
        ("loaded", 1, 1),
    ]
    assert waiting(lake) == []
    assert find_batches(["pos_sales"], None, date(2014, 12, 31), replay=True) == []


def test_small_batches_share_a_task():
    def batch(name: str, size: int) -> dict:
        return {"feed": name, "files": [{"bytes": size}]}

    small, large = batch("small", 1000), batch("large", PACK_BYTES)
    assert pack([]) == []
    assert pack([small, small, large, small, large]) == [[small, small], [large], [small], [large]]


@pytest.mark.requirement("DQ-06")
def test_quarantined_rows_keep_their_key_if_it_can_be_read(deliver):
    bad = line(amount="x") + line(number="y")
    deliver("pos_sales", NIGHT, "s1.csv", HEADER + many(60) + bad)
    ingest()
    folder = load_settings().lake / "quarantine" / "pos_sales"
    keys = duckdb.sql(f"select row_key from '{folder}/*.parquet' order by physical_line")
    assert keys.fetchall() == [("s1|r1|1",), (None,)]


def test_online_retail_layout(deliver, monkeypatch):
    deliver(
        "pos_sales",
        NIGHT,
        "day.csv",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        '536365,85123A,"HOLDER, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n'
        '536365,85123A,"HOLDER, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n'
        "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,,United Kingdom\n",
        layout="online_retail",
    )
    (loaded,) = ingest()
    assert (loaded["layout"], loaded["net_amount_loaded"]) == ("online_retail", "3.10")
    assert rows(columns="receipt_id, line_no, store_id, customer_id, net_amount, currency") == [
        ("536365", 1, "online", "17850", Decimal("15.30"), "GBP"),
        ("536365", 2, "online", "17850", Decimal("15.30"), "GBP"),
        ("C536379", 1, "online", None, Decimal("-27.50"), "GBP"),
    ]


@pytest.mark.requirement("DQ-06")
def test_bad_rows_at_the_ends_of_many_files_are_all_found(deliver):
    # More rows than DuckDB handles at a time, so that the end of each file is a chunk of its own.
    for name in ("a", "b", "c"):
        bad = line(receipt=f"bad-{name}", amount="x")
        deliver("pos_sales", NIGHT, f"{name}.csv", HEADER + many(2066, store=name) + bad + line())
    assert [(found["rows_loaded"], found["rows_quarantined"]) for found in ingest()] == [
        (2067, 1)
    ] * 3
    assert [(row[0][-5:], row[1], row[2][:5]) for row in quarantined()] == [
        (f"{name}.csv", 2068, f"bad-{name}") for name in ("a", "b", "c")
    ]


def test_what_another_worker_writes_aside_is_let_be_and_remains_go(deliver):
    """In containers two workers may have one process number, so a lock tells who is at work."""
    deliver("pos_sales", NIGHT, "day.csv", HEADER + line())
    aside = load_settings().lake / ".aside"
    at_work, remains = aside / "worker", aside / f"{os.getpid()}-killed"
    for folder in (at_work, remains):
        folder.mkdir(parents=True)
        (folder / "rows.parquet").write_text("someone's")
    handle = os.open(at_work, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    try:
        assert [load["status"] for load in ingest()] == ["loaded"]
        assert [folder.name for folder in aside.iterdir()] == ["worker"]
        assert (at_work / "rows.parquet").exists()
    finally:
        os.close(handle)
