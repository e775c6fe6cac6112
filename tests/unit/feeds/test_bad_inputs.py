"""Bad and odd inputs: what becomes of each, and that nothing is lost on the way.

Bad files are loaded in one batch with a good one, which must load. Three times it is asked whether received = accepted + duplicate + quarantined, in rows and in money: the ledger, the
``raw`` schema after a sync, and the model ``audit_loads`` on top of it.
"""

import csv
import gzip
import hashlib
import io
import itertools
import json
import os
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.styles import Font

from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.ledger import read_ledger
from regulars.settings import load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import PROJECT, _invoke
from regulars.warehouse.sync import committed_batches, sync

NIGHT = "2014-12-31"
HEADER = "receipt_id,line_no,store_id,sold_at,customer_id,product_code,qty,unit_price,net_amount\n"
FIELDS = HEADER.strip().split(",")
OPTIONAL = ["business_date", "discount", "currency", "channel", "refund_of", "void", "updated_at"]
ANSWERS = "wave_id,response_id,question_code,responded_at,anonymous,score,scale_min,scale_max\n"
VERBATIM = "wave_id,response_id,question_code,responded_at,anonymous,verbatim\n"
GOOD_FILE = {
    "pos_sales": HEADER + "neighbour,1,s9,2014-12-31T18:05:00,,p1,1,10,10.00\n",
    "survey_responses": ANSWERS + "w1,neighbour,Q1,2014-12-01T10:00:00,true,,,\n",
    "complaints": "complaint_id,received_at,channel\nneighbour,2014-12-01T10:00:00,phone\n",
    "customers": "customer_id,created_at\nneighbour,2014-12-01T10:00:00\n",
    "stores": "store_id,name,timezone,opened_at\nneighbour,Shop,Asia/Shanghai,2012-01-01\n",
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of a file; ``bad`` holds physical line, column and rule of quarantined rows.

    ``money`` is what its accepted and duplicate rows add up to, if they are not 10.00 each.
    """

    status: str
    accepted: int = 0
    duplicate: int = 0
    bad: tuple[tuple[int, str | None, str], ...] = ()
    says: str = ""
    money: str | None = None


def loaded(
    accepted: int, *bad: tuple, duplicate: int = 0, money: str | None = None, says: str = ""
):
    return Outcome("loaded", accepted, duplicate, bad, says, money)


def copy(duplicate: int):
    return Outcome("duplicate_file", duplicate=duplicate, says="the same content as")


def rejected(says: str):
    return Outcome("rejected", says=says)


NOT_TAKEN = Outcome("not taken")


@dataclass(frozen=True)
class Case:
    """One delivered file: text, bytes, or a function that puts it where it is told."""

    content: str | bytes | Callable[[Path], object]
    outcome: Outcome
    name: str = "s1.csv"
    feed: str = "pos_sales"
    beside: dict[str, str] = field(default_factory=dict)
    manifest: str | dict[str, Any] | None = None
    layout: dict[str, Any] | None = None
    settings: dict[str, str] = field(default_factory=dict)
    # What the accepted row with receipt_id X must hold, by column.
    kept: dict[str, Any] | None = None


@dataclass(frozen=True)
class Row:
    """A row as delivered: the column and rule that stop it, or else what is kept of it."""

    text: str
    bad: tuple[str | None, str] | None = None
    kept: dict[str, Any] | None = None


# What files are made of.


def line(receipt="r1", number=1, amount="10.00", sold_at="2014-12-31T18:05:00", **other) -> str:
    values = {"store": "s1", "customer": "c1", "product": "p1", "qty": "1", "price": "10"} | other
    store, customer, product, qty, price = values.values()
    return f"{receipt},{number},{store},{sold_at},{customer},{product},{qty},{price},{amount}\n"


_receipts = itertools.count()


def good(count: int, **other) -> str:
    """Good lines, different in every file, so that no file is taken for the copy of another."""
    return "".join(line(receipt=f"g{next(_receipts)}", **other) for _ in range(count))


def among(bad: str) -> str:
    """A bad line, on physical line 22, among so many good ones that its file is loaded."""
    return HEADER + good(20) + bad + good(20)


def sale(**changed: str) -> str:
    """A line with all columns of the contract, of which others may be changed."""
    typical = records(HEADER + line("X"))[0] | dict.fromkeys(OPTIONAL, "")
    return ",".join((typical | changed).values()) + "\n"


def records(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text)))


def jsonl(found: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in found)


def csv_text() -> str:
    return HEADER + good(20)


def json_text() -> str:
    return jsonl(records(csv_text()))


def chinese() -> str:
    return csv_text() + line("X", product="芋圆")


def x(**changed: Any) -> str:
    """A record as JSON, with other values; Ellipsis takes a key out."""
    typical = records(HEADER + line("X"))[0] | {"line_no": 1, "qty": 1, "net_amount": 10.0}
    return jsonl([{k: v for k, v in (typical | changed).items() if v is not ...}])


def workbook(*rows: list, change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    """A sheet with 20 good rows and then ``rows``; line 22 is the first of them."""
    book = openpyxl.Workbook()
    for row in (FIELDS, *(sold(f"g{n}") for n in range(20)), *rows):
        book.active.append(row)
    if change:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sold(receipt: str = "X", **changed: Any) -> list:
    values = [receipt, 1, "s1", "2014-12-31T18:05:00", "c1", "p1", 1, 10.0, 10.0]
    return list((dict(zip(FIELDS, values, strict=True)) | changed).values())


def repacked(packed: bytes, part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """A workbook with one of its parts changed, or left out."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            data = change(data) if name.endswith(part) else data
            if data is not None:
                new.writestr(name, data)
    return written.getvalue()


def parquet(*changed: str, extra: str = "", rows: int = 30) -> Callable[[Path], object]:
    """Writes typed rows; ``changed`` are SQL columns over ``receipt_id`` r0, r1 …"""
    typed = (
        "select 'r' || n as receipt_id, 1 as line_no, 's1' as store_id,"
        " timestamp '2014-12-31 18:05:00' as sold_at, 'c1' as customer_id, 'p1' as product_code,"
        f" 1 as qty, 10 as unit_price, 10.00 as net_amount {extra} from range({rows}) as t(n)"
    )
    replaced = f"* replace ({', '.join(changed)})" if changed else "*"
    query = f"select {replaced} from ({typed})"
    return lambda path: duckdb.sql(f"copy ({query}) to '{path}' (format parquet)")


def at_r3(value: str, column: str) -> str:
    return f"case when receipt_id = 'r3' then {value} else {column} end as {column}"


def cut(write: Callable[[Path], object], count: int) -> Callable[[Path], object]:
    def put(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes()[:-count])

    return put


def with_column(name: str, value: str = "v") -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return csv_text().replace("\n", f",{value}\n").replace(f",{value}\n", f",{quoted}\n", 1)


def link_to_a_file_elsewhere(path: Path) -> None:
    elsewhere = path.parents[4] / "elsewhere.csv"
    elsewhere.write_text(csv_text())
    path.symlink_to(elsewhere)


def answers(*bad: str) -> str:
    return ANSWERS + "".join(f"w1,a{n},Q1,{NIGHT},false,5,1,5\n" for n in range(20)) + "".join(bad)


def verbatims(text: str, after: int = 2) -> str:
    answer = "w1,{},Q1,2014-12-01T10:00:00,true,{}\n"
    before = "".join(answer.format(f"a{n}", "fine") for n in range(60))
    return VERBATIM + before + text + "".join(answer.format(f"z{n}", "ok") for n in range(after))


OLD = HEADER + "".join(line(receipt=f"d{n}") for n in range(20))
LONG = "x" * 10_000_000
BOMB = gzip.compress(b"0" * 5_000_000)
SMALL = {"REGULARS_MAX_FILE_BYTES": "1000000"}
DTD = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e "%s">]><worksheet>&e;</worksheet>'

# fmt: off
WHOLE_FILES = {
    # Nothing, or not what its name says.
    "zero bytes": Case(b"", rejected("zero bytes")),
    "header only": Case(HEADER, rejected("a header and no rows")),
    "header without line end": Case(HEADER.strip(), rejected("a header and no rows")),
    "blank lines only": Case("\n\n\n", rejected("line 1 is blank")),
    "JSON Lines without an object": Case("hello\n[1]\n", rejected("no line is a JSON object"), "s1.jsonl"),
    "Parquet without rows": Case(parquet(rows=0), rejected("no rows"), "s1.parquet"),
    "unknown ending": Case(csv_text(), rejected("the ending is none of csv, csv.gz"), "s1.csv.part"),
    "gzip that is text": Case(lambda p: p.write_text(csv_text()), rejected("not a whole gzip file"), "s1.csv.gz"),
    "text that is gzip": Case(gzip.compress(csv_text().encode()), rejected("not UTF-8")),
    "JSON that is gzip": Case(gzip.compress(json_text().encode()), rejected(".jsonl: "), "s1.jsonl"),
    "workbook that is text": Case(csv_text(), rejected("not a readable Excel workbook"), "s1.xlsx"),
    "text that is a workbook": Case(workbook(), rejected(".csv: ")),
    "Parquet that is text": Case(csv_text(), rejected("not a readable Parquet file"), "s1.parquet"),
    "Parquet cut off": Case(cut(parquet(), 30), rejected("not a readable Parquet file"), "s1.parquet"),
    "gzip cut off": Case(cut(lambda p: p.write_bytes(gzip.compress(json_text().encode())), 20), rejected("not a whole gzip file"), "s1.jsonl.gz"),
    "gzip with a wrong checksum": Case(lambda p: p.write_bytes(gzip.compress(csv_text().encode())[:-8] + b"12345678"), rejected("not a whole gzip file"), "s1.csv.gz"),
    "gzip of two members": Case(lambda p: p.write_bytes(gzip.compress(csv_text().encode()) + gzip.compress(good(5).encode())), loaded(25), "s1.csv.gz"),
    "gzip and then something else": Case(lambda p: p.write_bytes(gzip.compress(csv_text().encode()) + b"more"), rejected("not a whole gzip file"), "s1.csv.gz"),
    "workbook with a broken sheet": Case(repacked(workbook(), "sheet1.xml", lambda d: d[:200]), rejected("not a readable Excel workbook"), "s1.xlsx"),
    "workbook without a sheet": Case(repacked(workbook(), "sheet1.xml", lambda d: None), rejected("not a readable Excel workbook"), "s1.xlsx"),
    "zip that is no workbook": Case(repacked(workbook(), "Types].xml", lambda d: None), rejected("not a readable Excel workbook"), "s1.xlsx"),
    "workbook with entities of its own": Case(repacked(workbook(), "sheet1.xml", lambda d: DTD % LONG[:1000].encode()), rejected(".xlsx: "), "s1.xlsx"),
    # Too much.
    "gzip bomb": Case(lambda p: p.write_bytes(BOMB), rejected("unpacks to more than 1000000 bytes"), "s1.csv.gz", settings=SMALL),
    "JSON bomb": Case(lambda p: p.write_bytes(BOMB), rejected("unpacks to more than 1000000 bytes"), "s1.jsonl.gz", settings=SMALL),
    "zip bomb": Case(repacked(workbook(), "theme1.xml", lambda d: b"0" * 5_000_000), rejected("unpacks to more than 1000000 bytes"), "s1.xlsx", settings=SMALL),
    "too many lines": Case(csv_text(), rejected("more than 19 lines"), settings={"REGULARS_MAX_FILE_ROWS": "19"}),
    "too many rows of Parquet": Case(parquet(), rejected("more than 19"), "s1.parquet", settings={"REGULARS_MAX_FILE_ROWS": "19"}),
    "10 MB and no line end": Case(LONG, rejected("is missing")),
    # Manifests.
    "manifest, all well": Case(csv_text(), loaded(20), manifest={"rows": 20, "control_totals": {"net_amount": "200.00"}, "exported_at": "2015-01-01T01:00:00+08:00"}),
    "manifest, total as a number": Case(csv_text().replace("10.00", "10.01"), loaded(20, money="200.20"), manifest={"control_totals": {"net_amount": 200.2}}),
    "manifest, other rows": Case(csv_text(), rejected("states 21 rows, the file has 20"), manifest={"rows": 21}),
    "manifest, bad rows count": Case(among(line(amount="x")), loaded(40, (22, "net_amount", "type")), manifest={"rows": 41}),
    "manifest, other hash": Case(csv_text(), rejected("states sha256 ab"), manifest={"sha256": "ab"}),
    "manifest, other total": Case(csv_text(), rejected("states net_amount 200.01, the file has 200.00"), manifest={"control_totals": {"net_amount": "200.01"}}),
    "manifest, total of a text": Case(csv_text(), rejected("store_id, which is no number"), manifest={"control_totals": {"store_id": "1"}}),
    "manifest, unknown layout": Case(csv_text(), rejected("no layout 'till9'"), manifest={"layout": "till9"}),
    "manifest, layout that climbs": Case(csv_text(), rejected("no layout '../../till'"), manifest={"layout": "../../till"}),
    "manifest, layout of another feed": Case(csv_text(), rejected("is for complaints"), manifest={"layout": "zendesk_tickets"}),
    "manifest, hash as a number": Case(csv_text(), rejected("manifest"), manifest={"sha256": 5}),
    "manifest, layout as a list": Case(csv_text(), rejected("manifest"), manifest={"layout": ["x"]}),
    "manifest, rows as a word": Case(csv_text(), rejected("manifest"), manifest={"rows": "many"}),
    "manifest, endless rows": Case(csv_text(), rejected("manifest"), manifest='{"rows": Infinity}'),
    "manifest, unreadable time": Case(csv_text(), rejected("manifest"), manifest={"exported_at": "yesterday"}),
    "manifest, time before all time": Case(csv_text(), rejected("manifest"), manifest={"exported_at": "0001-01-01T00:00:00+08:00"}),
    "manifest, no JSON": Case(csv_text(), rejected("manifest"), manifest="{"),
    "manifest, a list": Case(csv_text(), rejected("manifest"), manifest="[]"),
    "manifest, very deep": Case(csv_text(), rejected("manifest"), manifest="[" * 100_000),
    # Names.
    "name with a pattern": Case(csv_text(), loaded(20), "s*[1]?.csv"),
    "name with quotes": Case(csv_text(), loaded(20), "s'1\"; drop table x; --.csv"),
    "name with a line break": Case(csv_text(), NOT_TAKEN, "s\n1.csv"),
    "name in Chinese, capitals and spaces": Case(csv_text(), loaded(20), " 高雄 店.CSV"),
    "name of 250 bytes": Case(csv_text(), loaded(20), "s" * 246 + ".csv"),
    "hidden file": Case(csv_text(), NOT_TAKEN, ".s1.csv"),
    "link to a file elsewhere": Case(link_to_a_file_elsewhere, NOT_TAKEN),
    "link to nothing": Case(lambda p: p.symlink_to("gone.csv"), NOT_TAKEN),
    "folder with the name of a file": Case(lambda p: p.mkdir(), NOT_TAKEN),
    "pipe": Case(os.mkfifo, NOT_TAKEN),
    "growing file": Case(csv_text(), NOT_TAKEN, settings={"REGULARS_SETTLE_SECONDS": "3600"}),
    "growing file with its manifest": Case(csv_text(), loaded(20), manifest={"rows": 20}, settings={"REGULARS_SETTLE_SECONDS": "3600"}),
}

ENCODINGS = {
    "UTF-8 with a mark": Case("\ufeff" + chinese(), loaded(21), kept={"product_code": "芋圆"}),
    "UTF-8 with a mark, JSON": Case("\ufeff" + json_text(), loaded(20), "s1.jsonl"),
    "UTF-16 undeclared": Case(chinese().encode("utf-16"), rejected("the file is UTF-16")),
    "UTF-16 undeclared, JSON": Case(json_text().encode("utf-16"), rejected("the file is UTF-16"), "s1.jsonl"),
    "UTF-16 undeclared, no mark": Case(chinese().encode("utf-16-le"), rejected("is missing")),
    "UTF-16 declared": Case(chinese().encode("utf-16"), loaded(21), layout={"encoding": "utf-16"}, kept={"product_code": "芋圆"}),
    "UTF-16 declared, not so": Case(chinese(), rejected("utf-16"), layout={"encoding": "utf-16"}),
    "UTF-16 declared, odd bytes": Case(chinese().encode("utf-16")[:-1], rejected("ends within a utf-16 character"), layout={"encoding": "utf-16"}),
    "GB18030 undeclared, one row": Case(chinese().encode("gb18030"), loaded(20, (22, None, "invalid_utf8"))),
    "GB18030 undeclared, all rows": Case((HEADER + good(20, product="芋圆")).encode("gb18030"), rejected("line 2: the line is not valid UTF-8")),
    "GB18030 undeclared, header": Case(chinese().replace("customer_id", "会员").encode("gb18030"), rejected("line 1 is not UTF-8")),
    "GB18030 declared": Case(chinese().encode("gb18030"), loaded(21), layout={"encoding": "gb18030"}, kept={"product_code": "芋圆"}),
    "GB18030 declared, gzip": Case(chinese().encode("gb18030"), loaded(21), "s1.csv.gz", layout={"encoding": "gb18030"}),
    "GB18030 declared, not so": Case(chinese().encode("gb18030") + b"\xff\xff\n", rejected("line 23 is not gb18030"), layout={"encoding": "gb18030"}),
    "Big5 declared": Case(chinese().replace("芋圆", "芋圓").encode("big5"), loaded(21), layout={"encoding": "big5"}, kept={"product_code": "芋圓"}),
    "cp1252 declared": Case(chinese().replace("芋圆", "café").encode("cp1252"), loaded(21), layout={"encoding": "cp1252"}, kept={"product_code": "café"}),
    "character cut off at the end": Case(among("")[:-1].encode() + b"\xe8\x8a", loaded(39, (41, None, "invalid_utf8"))),
}

COLUMNS = {
    "other order": Case(",".join(FIELDS[::-1]) + "\n" + "".join(",".join(r.split(",")[::-1]) + "\n" for r in good(20).splitlines()), loaded(20)),
    "one added": Case(with_column("till"), loaded(20, says="values are not kept: column till")),
    "many added": Case(HEADER.strip() + "".join(f",c{n}" for n in range(300)) + "\n" + good(20).replace("\n", "," * 300 + "\n"), loaded(20, says="not in the contract, values are not kept: column c0")),
    "one added with one of our names": Case(with_column("_file"), loaded(20, says="values are not kept: column _file")),
    "one added with one of our names, JSON": Case(json_text().replace('"qty"', '"_delivery_date": "v", "qty"'), loaded(20, says="values are not kept: column _delivery_date"), "s1.jsonl"),
    "one added with one of our names, Parquet": Case(parquet(extra=", 1 as _file"), loaded(30, says="values are not kept: column _file"), "s1.parquet"),
    "SQL in a header": Case(with_column('x"; drop table checked; --'), loaded(20, says="column x\"; drop table checked")),
    "SQL in a key, JSON": Case(json_text().replace('"qty"', '"x\\"; drop table \'checked\'": "v", "qty"'), loaded(20, says="column x\"; drop table"), "s1.jsonl"),
    "star as a key, JSON": Case(json_text().replace('"qty"', '"*": "v", "qty"'), loaded(20, says="values are not kept: column *"), "s1.jsonl"),
    "formula in a header": Case(with_column("=cmd()"), loaded(20, says="values are not kept: column =cmd()")),
    "optional one removed": Case(csv_text().replace("customer_id,", "").replace(",c1", ""), loaded(20)),
    "required one removed": Case(csv_text().replace(",net_amount", "").replace(",10.00", ""), rejected("required column net_amount is missing")),
    "required one removed, Parquet": Case(lambda p: duckdb.sql(f"copy (select 'r' as receipt_id) to '{p}' (format parquet)"), rejected("required column line_no"), "s1.parquet"),
    "store missing": Case(csv_text().replace("store_id,", "").replace(",s1", ""), rejected("required column store_id is missing")),
    "renamed": Case(csv_text().replace("net_amount", "net"), rejected("required column net_amount is missing")),
    "other capitals": Case(csv_text().replace("qty", "Qty"), rejected("required column qty is missing")),
    "named twice": Case(with_column("qty"), rejected("the name 'qty' stands twice")),
    "named twice in other capitals": Case(with_column("QTY"), rejected("the name 'QTY' stands twice")),
    "one without a name": Case(with_column(""), rejected("column 10: the column has no name")),
    "spaces round the names": Case(csv_text().replace("qty,", " qty ,"), loaded(20)),
    "semicolons": Case(csv_text().replace(",", ";"), rejected("receipt_id, line_no")),
    "semicolons declared": Case(csv_text().replace(",", ";"), loaded(20), layout={"delimiter": ";"}),
    "hint for Excel above the header": Case("sep=,\n" + csv_text(), rejected("line 1")),
    "line of totals at the end": Case(csv_text() + "TOTAL,,,,,,,,200.00\n", loaded(20, (22, "line_no", "required"))),
    "delimiter changes for good": Case(HEADER + good(10) + good(10).replace(",", ";"), rejected("line 12: the line has fewer columns")),
}

LINES = {
    "no line end at the end": Case(csv_text().strip(), loaded(20)),
    "CRLF": Case(csv_text().replace("\n", "\r\n"), loaded(20)),
    "old Mac": Case(csv_text().replace("\n", "\r"), loaded(20)),
    "old Mac, gzip": Case(csv_text().replace("\n", "\r"), loaded(20), "s1.csv.gz"),
    "old Mac, a bad row": Case(among(line(amount="x")).replace("\n", "\r"), loaded(40, (22, "net_amount", "type"))),
    "CRLF, then LF": Case(csv_text().replace("\n", "\r\n", 9), loaded(20)),
    "LF, then CRLF": Case(csv_text() + good(9).replace("\n", "\r\n"), loaded(29)),
    "CRLF, then LF, JSON": Case(json_text().replace("\n", "\r\n", 9), loaded(20), "s1.jsonl"),
    "CRLF, JSON": Case(json_text().replace("\n", "\r\n"), loaded(20), "s1.jsonl"),
    "blank line first": Case("\n" + csv_text(), rejected("line 1 is blank")),
    "blank lines below the header": Case(HEADER + "\n\n" + good(20) + line(amount="x"), loaded(20, (24, "net_amount", "type"))),
    "blank lines between and at the end": Case(among("\n\n" + line(amount="x")) + "\n\n", loaded(40, (24, "net_amount", "type"))),
    "blank lines, JSON": Case("\n" + json_text().replace("\n", "\n\n"), loaded(20), "s1.jsonl"),
    "blank lines in quotes": Case(verbatims('w1,X,Q1,2014-12-01T10:00:00,true,"so\n\n\nlala"\n'), loaded(63), feed="survey_responses"),
    "end-of-file sign of DOS": Case(csv_text() + "\x1a", loaded(20, (22, None, "too_few_columns"))),
    "quotes round everything": Case(HEADER + "".join('"' + '","'.join(r.split(",")) + '"\n' for r in good(20).splitlines()), loaded(20)),
    "unclosed quote": Case(HEADER + good(80) + line(product='"p') + good(2), loaded(80, *((n, None, "unclosed_quote") for n in (82, 83, 84)))),
    "unclosed quote, closed by the next": Case(HEADER + good(80) + line(product='"p') + line(product='"q"') + good(2), loaded(82, (82, None, "unclosed_quote"), (83, None, "unclosed_quote"))),
    "unclosed quote in the last value": Case(HEADER + good(80) + line(amount='"10.00') + line(), loaded(80, (82, None, "unclosed_quote"), (83, None, "unclosed_quote"))),
    "unclosed quote in the last line": Case(csv_text() + line(amount='"10.00').strip(), loaded(20, (22, None, "unclosed_quote"))),
    "unclosed quote swallows much": Case(HEADER + good(20) + line(product='"p') + good(60), rejected("line 22: a quote is opened and never closed")),
    "unclosed quote in the header": Case(csv_text().replace("line_no", '"line_no'), rejected("is missing")),
    "unclosed quote in a comment": Case(verbatims('w1,X,Q1,2014-12-01T10:00:00,true,"so\n'), loaded(60, *((n, None, "unclosed_quote") for n in (62, 63, 64))), feed="survey_responses"),
    "10 MB comment": Case(verbatims(f"w1,X,Q1,2014-12-01T10:00:00,true,{LONG}\n"), loaded(62, (62, None, "line_too_long")), feed="survey_responses"),
    "10 MB comment, JSON": Case(json_text() + x(product_code=LONG) + x(receipt_id="Y"), loaded(21, (21, None, "line_too_long")), "s1.jsonl"),
    "JSON, one list of all": Case("[" + json_text().strip().replace("\n", ", ") + "]", rejected("no line is a JSON object"), "s1.jsonl"),
    "JSON over several lines": Case(json.dumps(json.loads(x()), indent=1), rejected("no line is a JSON object"), "s1.jsonl"),
    "JSON, other order": Case(jsonl([dict(reversed(r.items())) for r in records(csv_text())]), loaded(20), "s1.jsonl"),
    "JSON, key in other capitals": Case(json_text() + x(QTY=3), loaded(21, says="values are not kept: column QTY"), "s1.jsonl"),
}

# Rows of one file each: CSV first, JSON Lines below. An X stands for the receipt's own name.
TIMES = {
    "2014-12-31T18:05:00": ("2014-12-31 18:05:00", False),
    "2014-12-31 18:05": ("2014-12-31 18:05:00", False),
    "2014-12-31T18:05:00.123": ("2014-12-31 18:05:00.123", False),
    "2014-12-31": ("2014-12-31 00:00:00", False),
    "2014-03-30T02:30:00": ("2014-03-30 02:30:00", False),  # a time that summer time skips in Berlin
    "0001-01-01T00:00:00": ("0001-01-01 00:00:00", False),
    "2014-12-31T18:05:00Z": ("2014-12-31 18:05:00", True),
    "2014-12-31T18:05:00+08:00": ("2014-12-31 10:05:00", True),
    "2014-12-31T18:05:00+0800": ("2014-12-31 10:05:00", True),
    "2014-12-31T18:05:00+08": ("2014-12-31 10:05:00", True),
    "2014-12-31T18:05:00-05:30": ("2014-12-31 23:35:00", True),
    "2014-12-31T18:05:00-00:00": ("2014-12-31 18:05:00", True),
    "2014-12-31T18:05:00.5+08:00": ("2014-12-31 10:05:00.5", True),
    "2014-12-31T18:05+08:00": ("2014-12-31 10:05:00", True),
    "2014-12-31T18:05Z": ("2014-12-31 18:05:00", True),
}
NO_TIMES = (
    "2014-12-31 18:05:00 UTC", "2014-12-31 18:05:00 Asia/Shanghai", "2014-12-31T18:05:00+08:00:30",
    "2014-12-31T18:05:00+25:00", "2014-12-31 (BC)", "0000-01-01T00:00:00", "10000-01-01",
    "2014-02-30T10:00:00", "2014-12-31T25:00:00", "2014-12-31T18:65:00", "31.12.2014 18:05",
    "2014/12/31 18:05", "2014-12-31 06:05:00 PM", "20141231T180500Z", "1420020300", "18:05", "infinity",
)
NUMBERS = {"1.5": "1.50", "1.5000": "1.50", "+1.5": "1.50", "-.5": "-0.50", "1.": "1.00", "-0.00": "0.00", " 1.5 ": "1.50", "1_000": "1000.00", "1.5000000000000002": "1.50", "0001.50": "1.50", "1e2": "100.00", '"1.50"': "1.50"}
NO_NUMBERS = (
    '"1,99"', '"1,000.00"', "1 000", "1.005", "NaN", "Infinity", "-inf", "0x10", "１２", "−1",
    "10000000000000000.00", "1.2.3", "--1", "-", "$10", "10 CNY", "(10.00)", "NULL", "#N/A", "=1+1", "1.50\u200b", "1\x00",
)
ROWS = {
    **{f"time {text}": Row(sale(sold_at=text), kept={"sold_at": at, "sold_at_is_utc": utc}) for text, (at, utc) in TIMES.items()},
    **{f"no time {text}": Row(sale(sold_at=text), ("sold_at", "type")) for text in NO_TIMES},
    **{f"number {text}": Row(sale(net_amount=text), kept={"net_amount": Decimal(value)}) for text, value in NUMBERS.items()},
    **{f"no number {text}": Row(sale(net_amount=text), ("net_amount", "type")) for text in NO_NUMBERS},
    # Texts are kept word for word.
    "leading zeros": Row(sale(store_id="007", product_code="0010"), kept={"store_id": "007", "product_code": "0010"}),
    "formula": Row(sale(product_code="=cmd|' /C calc'!A0"), kept={"product_code": "=cmd|' /C calc'!A0"}),
    "SQL": Row(sale(product_code="'; drop table checked; --"), kept={"product_code": "'; drop table checked; --"}),
    "NUL character": Row(sale(product_code="a\x00b"), ("product_code", "line_break")),
    "bidi and zero-width characters": Row(sale(product_code="\u202egnp\u200b"), kept={"product_code": "\u202egnp\u200b"}),
    "beyond the basic plane": Row(sale(product_code="🍧𠮷"), kept={"product_code": "🍧𠮷"}),
    "quote within a value": Row(sale(product_code='5" bowl'), kept={"product_code": '5" bowl'}),
    "doubled quotes": Row(sale(product_code='"5"" bowl, big"'), kept={"product_code": '5" bowl, big'}),
    "empty in quotes": Row(sale(customer_id='""'), kept={"customer_id": None}),
    "unknown member, product and refunded receipt": Row(sale(customer_id="nobody", product_code="none", refund_of="never"), kept={"refund_of": "never"}),
    "unknown channel": Row(sale(channel="drone"), kept={"channel": "drone"}),
    # Rows that cannot be taken apart.
    "too few values": Row("X,1,s1\n", (None, "too_few_columns")),
    "too many values": Row(sale().strip() + ",more\n", (None, "too_many_columns")),
    "2000 values": Row("a," * 2000 + "b\n", (None, "too_many_columns")),
    "decimal comma without quotes": Row(sale(net_amount="1,99"), ("business_date", "type")),
    "other delimiter": Row(sale().replace(",", ";"), (None, "too_few_columns")),
    "delimiter at the end of the line": Row(sale().strip() + ",\n", kept={"store_id": "s1"}),
    "line of spaces": Row("   \n", (None, "too_few_columns")),
    "line of commas": Row("," * 16 + "\n", ("receipt_id", "required")),
    "header again": Row(",".join([*FIELDS, *OPTIONAL]) + "\n", ("line_no", "type")),
    "text after a quote": Row(sale(product_code='"p"1'), (None, "unclosed_quote")),
    "quote escaped by a backslash": Row(sale(product_code='"p\\"1"'), (None, "unclosed_quote")),
    "line break in an id": Row(sale(product_code='"p\n\n1"'), ("product_code", "line_break")),
    "invalid UTF-8": Row(sale(product_code="caf\udce9"), (None, "invalid_utf8")),
    "surrogate in UTF-8": Row(sale(product_code="\udced\udca0\udc80"), (None, "invalid_utf8")),
    # Rules of the contract.
    "store empty": Row(sale(store_id=""), ("store_id", "required")),
    "store empty in quotes": Row(sale(store_id='""'), ("store_id", "required")),
    "amount empty": Row(sale(net_amount=""), ("net_amount", "required")),
    "two rules broken": Row(sale(store_id="", net_amount="x"), ("store_id", "required")),
    "line number zero": Row(sale(line_no="0"), ("line_no", "line_no_from_one")),
    "line number below zero": Row(sale(line_no="-1"), ("line_no", "line_no_from_one")),
    "line number beyond all bounds": Row(sale(line_no="1" + "0" * 20), ("line_no", "type")),
    "line number with a fraction": Row(sale(line_no="1.5"), ("line_no", "type")),
    "line number in words": Row(sale(line_no="one"), ("line_no", "type")),
    "price below zero": Row(sale(unit_price="-1"), ("unit_price", "unit_price_not_negative")),
    "currency in words": Row(sale(currency="yuan"), ("currency", "currency_is_iso_4217")),
    "currency that does not exist": Row(sale(currency="ZZZ"), ("currency", "currency_is_iso_4217")),
    "neither true nor false": Row(sale(void="perhaps"), ("void", "type")),
    "business date with a time": Row(sale(business_date="2014-12-31T00:00:00"), ("business_date", "type")),
    "29 February of a common year": Row(sale(business_date="2013-02-29"), ("business_date", "type")),
    "business date after the delivery": Row(sale(business_date="2015-01-01"), ("business_date", "business_date_by_delivery")),
    "sale after the delivery": Row(sale(sold_at="2015-01-02T00:00:00"), ("sold_at", "sold_by_delivery")),
    "sale in the year 9999": Row(sale(sold_at="9999-12-31T23:59:59"), ("sold_at", "sold_by_delivery")),
}
JSON_ROWS = {
    "number for a text": Row(x(store_id=7), kept={"store_id": "7"}),
    "text for a number": Row(x(qty="2"), kept={"qty": Decimal(2)}),
    "number with an exponent": Row(x().replace("10.0", "1e1"), kept={"net_amount": Decimal(10)}),
    "optional key missing": Row(x(customer_id=...), kept={"customer_id": None}),
    "empty text": Row(x(customer_id=""), kept={"customer_id": None}),
    "extra key that holds more": Row(x(tags={"a": [1]}), kept={"store_id": "s1"}),
    "NUL character": Row(x(product_code="a\x00b"), ("product_code", "line_break")),
    "quotes and brackets": Row(x(product_code="\"'{[,"), kept={"product_code": "\"'{[,"}),
    "required key missing": Row(x(store_id=...), ("store_id", "required")),
    "null for a required key": Row(x(store_id=None), ("store_id", "required")),
    "empty object": Row("{}\n", ("receipt_id", "required")),
    "object for a text": Row(x(customer_id={"id": 1}), ("customer_id", "type")),
    "list for a text": Row(x(product_code=["p1"]), ("product_code", "type")),
    "true for a number": Row(x(net_amount=True), ("net_amount", "type")),
    "NaN": Row(x(net_amount=float("nan")), ("net_amount", "type")),
    "number beyond all bounds": Row(x(net_amount=1e300), ("net_amount", "type")),
    "too many decimals": Row(x(net_amount=0.305), ("net_amount", "type")),
    "line break in an id": Row(x(product_code="p\n1"), ("product_code", "line_break")),
    "line broken off": Row('{"receipt_id": "X",\n', (None, "broken_json")),
    "two objects in a line": Row(x().strip() + x(), (None, "broken_json")),
    "list": Row("[1, 2]\n", (None, "broken_json")),
    "comment": Row("// receipts of the day\n", (None, "broken_json")),
    "half a surrogate pair": Row(x(product_code="?").replace("?", "\\ud800"), (None, "broken_json")),
    "invalid UTF-8": Row(x(product_code="caf\udce9"), (None, "invalid_utf8")),
}

VALUES = {
    "more than one bad in twenty": Case(HEADER + good(9) + line(amount="x"), rejected("line 11: net_amount is not a number")),
    "largest amount": Case(among(line("X", amount="9999999999999999.99")), loaded(41, money="10000000000000399.99")),
    "score outside its scale": Case(answers(f"w1,X,Q1,{NIGHT},false,6,1,5\n"), loaded(20, (22, "score", "score_within_scale")), feed="survey_responses"),
    "score without a scale": Case(answers(f"w1,X,Q1,{NIGHT},false,4,,\n"), loaded(20, (22, "score", "scale_is_complete")), feed="survey_responses"),
    "anonymous with a member": Case(answers().replace(",score", ",customer_id,score").replace("false,", "false,c1,") + f"w1,X,Q1,{NIGHT},true,c1,4,1,5\n", loaded(20, (22, "customer_id", "anonymous_has_no_customer")), feed="survey_responses"),
    "severity of six": Case("complaint_id,received_at,channel,severity\n" + "".join(f"c{n},{NIGHT},app,{n % 5 + 1}\n" for n in range(20)) + f"X,{NIGHT},app,6\n", loaded(20, (22, "severity", "severity_one_to_five")), feed="complaints"),
    "born after the delivery": Case("customer_id,created_at,birth_date\n" + "".join(f"c{n},{NIGHT},1980-02-29\n" for n in range(20)) + f"X,{NIGHT},2015-01-01\n", loaded(20, (22, "birth_date", "born_before_delivery")), feed="customers"),
    "born before all time": Case("customer_id,created_at,birth_date\n" + "".join(f"c{n},{NIGHT},0001-01-01\n" for n in range(20)), loaded(20), feed="customers"),
}

TYPED_FILES = {
    "Parquet, doubles": Case(parquet("10.0::double as net_amount"), loaded(30), "s1.parquet"),
    "Parquet, wide decimals": Case(parquet("10.0::decimal(38, 10) as net_amount"), loaded(30), "s1.parquet"),
    "Parquet, too many decimals": Case(parquet(at_r3("0.305::double", "net_amount")), loaded(29, (4, "net_amount", "type")), "s1.parquet"),
    "Parquet, NaN": Case(parquet(at_r3("'nan'::double", "net_amount")), loaded(29, (4, "net_amount", "type")), "s1.parquet"),
    "Parquet, infinity": Case(parquet(at_r3("'-inf'::double", "net_amount")), loaded(29, (4, "net_amount", "type")), "s1.parquet"),
    "Parquet, null": Case(parquet(at_r3("null", "store_id")), loaded(29, (4, "store_id", "required")), "s1.parquet"),
    "Parquet, text for numbers": Case(parquet("'1' as line_no", "'10.00' as net_amount"), loaded(30), "s1.parquet"),
    "Parquet, numbers for text": Case(parquet("7 as store_id"), loaded(30), "s1.parquet"),
    "Parquet, truth for numbers": Case(parquet("true as net_amount"), rejected("line 1: net_amount is not a number"), "s1.parquet"),
    "Parquet, seconds for a time": Case(parquet("1420020300 as sold_at"), rejected("line 1: sold_at is not a time"), "s1.parquet"),
    "Parquet, time with its zone": Case(parquet("timestamptz '2014-12-31 18:05:00+08' as sold_at", "'X' as receipt_id"), loaded(1, duplicate=29), "s1.parquet", kept={"sold_at": "2014-12-31 10:05:00", "sold_at_is_utc": True}),
    "Parquet, date for a time": Case(parquet("date '2014-12-31' as sold_at"), loaded(30), "s1.parquet"),
    "Parquet, object for a number": Case(parquet("{'a': 1} as net_amount"), rejected("column net_amount"), "s1.parquet"),
    "Parquet, list for a text": Case(parquet("['a'] as product_code"), rejected("product_code"), "s1.parquet"),
    "Parquet, bytes for a text": Case(parquet("encode('店') as product_code"), rejected("product_code"), "s1.parquet"),
    "Parquet, extra column that holds more": Case(parquet(extra=", {'a': [1]} as tags"), loaded(30, says="values are not kept: column tags"), "s1.parquet"),
    "Excel, times and dates": Case(workbook(sold("X", sold_at=datetime(2014, 12, 31, 18, 5)), sold("Y", sold_at=date(2014, 12, 31))), loaded(22), "s1.xlsx", kept={"sold_at": "2014-12-31 18:05:00"}),
    "Excel, time of day": Case(workbook(sold(sold_at=clock(18, 5))), loaded(20, (22, "sold_at", "type")), "s1.xlsx"),
    "Excel, date as its number": Case(workbook(sold(sold_at=42004.75)), loaded(20, (22, "sold_at", "type")), "s1.xlsx"),
    "Excel, whole floats": Case(workbook(sold(receipt=7.0, line_no=1.0, qty=2.0)), loaded(21), "s1.xlsx"),
    "Excel, float with its noise": Case(workbook(sold(net_amount=0.1 + 0.2)), loaded(21, money="200.30"), "s1.xlsx"),
    "Excel, fraction of a cent": Case(workbook(sold(net_amount=1.005)), loaded(20, (22, "net_amount", "type")), "s1.xlsx"),
    "Excel, error in a cell": Case(workbook(sold(net_amount="#N/A")), loaded(20, (22, "net_amount", "type")), "s1.xlsx"),
    "Excel, formula never calculated": Case(workbook(sold(net_amount="=1+1")), loaded(20, (22, "net_amount", "required")), "s1.xlsx"),
    "Excel, empty rows below": Case(workbook([None] * 9, [""] * 9), loaded(20), "s1.xlsx"),
    "Excel, empty cells that are formatted": Case(workbook(change=lambda book: [setattr(book.active.cell(r, c), "font", Font(bold=True)) for r, c in ((40, 3), (1, 12))]), loaded(20), "s1.xlsx"),
    "Excel, bad row below a cell of two lines": Case(workbook(sold("Y", product_code="p\nq"), *(sold(f"h{n}") for n in range(20)), sold("Z", qty="one")), loaded(40, (22, "product_code", "line_break"), (43, "qty", "type")), "s1.xlsx"),
}

DELIVERIES = {
    "the same file again": Case(OLD, copy(20), beside={"a.csv": OLD}),
    "the same file, packed": Case(OLD, loaded(0, duplicate=20), "s1.csv.gz", beside={"a.csv": OLD}),
    "the same rows in another order": Case(HEADER + "".join(sorted(OLD.splitlines(True)[1:], reverse=True)), loaded(0, duplicate=20), beside={"a.csv": OLD}),
    "the same rows in another format": Case(jsonl(records(OLD)), loaded(0, duplicate=20), "s1.jsonl", beside={"a.csv": OLD}),
    "the same row twice": Case(OLD + line("d3"), loaded(20, duplicate=1)),
    "the same key, other amount": Case(OLD.replace("10.00", "10.01", 1), loaded(1, duplicate=19, money="200.01"), beside={"a.csv": OLD}),
    "the same key, other amount, in one file": Case(OLD + line("d3", amount="9.99"), loaded(21, money="209.99")),
    "half of it again, half of it new": Case(HEADER + "".join(OLD.splitlines(True)[1:11]) + good(10), loaded(10, duplicate=10), beside={"a.csv": OLD}),
    "a bad row again": Case(OLD + line(amount="x"), loaded(0, (22, "net_amount", "type"), duplicate=20), beside={"a.csv": OLD + line(amount="y")}),
}
# fmt: on

TABLES = {
    "file": WHOLE_FILES,
    "encoding": ENCODINGS,
    "columns": COLUMNS,
    "lines": LINES,
    "values": VALUES,
    "typed": TYPED_FILES,
    "deliveries": DELIVERIES,
}
CASES = {f"{table}: {name}": case for table in TABLES for name, case in TABLES[table].items()}


@dataclass(frozen=True)
class Books:
    """What is written down about every file after a load, by file path."""

    ledger: dict[str, dict[str, Any]]
    raw: dict[str, dict[str, Any]]
    audit: dict[str, dict[str, Any]]
    quarantine: dict[str, list[dict[str, Any]]]
    rows: dict[str, int]
    sales: dict[tuple[str, str], dict[str, Any]]  # by file path and receipt_id


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that holds no load yet, and the models below ``audit_loads`` that are tables."""

    file: Path
    tables: dict[str, str]

    def load(self, feed: str) -> Books:
        """Load all that was delivered into the lake, sync a copy of the warehouse, look into it."""
        for batch in find_batches([feed], None, date(2014, 12, 31)):
            load_batch(json.loads(json.dumps(batch)))
        settings = load_settings()
        settings.warehouse.parent.mkdir(parents=True)
        shutil.copy(self.file, settings.warehouse)
        with connect(settings) as connection:
            sync(connection, settings, committed_batches(settings.lake), "test")
            for relation, sql in self.tables.items():
                connection.execute(f"create or replace table {relation} as {sql}")

            def ask(query: str) -> list[dict[str, Any]]:
                found = connection.execute(query)
                names = [column[0] for column in found.description]
                return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

            quarantine = defaultdict(list)
            for row in ask("from raw.quarantine order by physical_line, row_key"):
                quarantine[row["file_path"]].append(row)
            held = f"(select load_id, count(*) as held from raw.{feed} group by load_id)"
            rows = ask(f"from {held} join raw.loads using (load_id) where status = 'loaded'")
            sales = ask(
                "select loads.file_path, sold.* replace (cast(sold_at as varchar) as sold_at)"
                " from raw.pos_sales as sold join raw.loads as loads using (load_id)"
                " where loads.status = 'loaded'"
            )
            return Books(
                {found["file_path"]: found for found in read_ledger(settings.lake, feed)},
                {found["file_path"]: found for found in ask("from raw.loads")},
                {found["file_path"]: found for found in ask("from marts.audit_loads")},
                quarantine,
                {found["file_path"]: found["held"] for found in rows},
                {(found["file_path"], found["receipt_id"]): found for found in sales},
            )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Warehouse:
    """Built once, without a load; after one, only the tables have to be made again."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(tmp_path_factory.mktemp("warehouse")))
        settings = load_settings()
        with connect(settings) as connection:
            sync(connection, settings, [], "test")
        kinds = ["--exclude-resource-type", "test", "unit_test"]
        outcome = _invoke(settings, PROJECT, ["build", "--select", "+audit_loads", *kinds])
    assert outcome.success, outcome.exception
    models = [r.node for r in outcome.result if r.node.resource_type == "model"]
    tables = {
        m.relation_name: m.compiled_code
        for m in models
        if m.config.materialized != "view" and m.language == "sql"
    }
    return Warehouse(settings.warehouse, tables)


def money(value: Any) -> Decimal:
    return Decimal(value or 0)


def check_equations(books: Books) -> None:
    """received = accepted + duplicate + quarantined, wherever it is written down."""
    for path, audit in books.audit.items():
        ledger, raw = books.ledger[path], books.raw[path]
        for of in ("rows", "net_amount"):
            received = money(audit[f"{of}_received"])
            for book in (ledger, raw):
                duplicate = received if book["status"] == "duplicate_file" else 0
                kept = money(book[f"{of}_loaded"]) + money(book[f"{of}_quarantined"])
                assert money(book[f"{of}_received"]) == kept + duplicate == received, book
            parts = (audit[f"{of}_{part}"] for part in ("accepted", "duplicate", "quarantined"))
            assert received == sum(map(money, parts)), audit
        found = books.quarantine[path]
        assert books.rows.get(path, 0) == raw["rows_loaded"]
        if raw["status"] == "loaded":
            # An amount that cannot be read counts for nothing, here as there.
            amount = sum(money(row["net_amount"]) for row in found)
            assert (len(found), amount) == (
                raw["rows_quarantined"],
                money(raw["net_amount_quarantined"]),
            )
        else:
            assert not found
    assert set(books.ledger) == set(books.raw) == set(books.audit)


def check_outcome(books: Books, path: str, expected: Outcome, *, split: bool) -> None:
    """``split``: rows that other cases hold too are not told from the accepted ones otherwise."""
    ledger, audit, bad = books.ledger[path], books.audit[path], books.quarantine[path]
    assert ledger["status"] == audit["status"] == expected.status, ledger["reason"]
    said = " ".join([ledger["reason"] or "", *ledger["warnings"]])
    assert expected.says in said
    assert len(said) < 5000, "a message that nobody reads"
    if expected.status == "rejected":
        assert path in said
        assert audit["rows_accepted"] == audit["rows_duplicate"] == 0
        return
    assert [(row["physical_line"], row["column_name"], row["rule"]) for row in bad] == list(
        expected.bad
    )
    assert all(row["reason"] and row["raw_text"] for row in bad)
    accepted, duplicate = audit["rows_accepted"], audit["rows_duplicate"]
    assert (accepted + duplicate, audit["rows_quarantined"]) == (
        expected.accepted + expected.duplicate,
        len(expected.bad),
    )
    if split:
        assert (accepted, duplicate) == (expected.accepted, expected.duplicate)
    if ledger["net_amount_received"] is not None:
        typical = Decimal(10) * (expected.accepted + expected.duplicate)
        assert money(audit["net_amount_accepted"]) + money(audit["net_amount_duplicate"]) == (
            typical if expected.money is None else Decimal(expected.money)
        )


def put(case: Case, number: int, home: Path) -> str:
    """Deliver a case as file number so and so; the path of the file."""
    stem, name = f"s{number}", case.name.replace("s1.", f"s{number}.", 1)
    folder = home / "landing" / case.feed / NIGHT
    folder.mkdir(parents=True, exist_ok=True)
    for other, content in {"neighbour.csv": GOOD_FILE[case.feed], **case.beside}.items():
        (folder / other).write_text(content)
        os.utime(folder / other, (1_420_000_000, 1_420_000_000))  # has lain still for long
    if callable(case.content):
        case.content(folder / name)
    else:
        data = case.content.encode() if isinstance(case.content, str) else case.content
        data = gzip.compress(data, mtime=0) if name.endswith(".gz") else data
        (folder / name).write_bytes(data)
    manifest = case.manifest
    if case.layout is not None:
        manifest = {"layout": stem}
        columns = {column: {"from": column} for column in FIELDS}
        mine = {"layout": stem, "feed": case.feed, "columns": columns, **case.layout}
        (home / "layouts").mkdir(exist_ok=True)
        (home / "layouts" / f"{stem}.yaml").write_text(json.dumps(mine))
    if manifest is not None:
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        (folder / f"{stem}.manifest.json").write_text(text)
    return f"{case.feed}/{NIGHT}/{name}"


@pytest.fixture(scope="module")
def load(tmp_path_factory, warehouse) -> Callable[[str], tuple[Books, str]]:
    """Load a case, by name: what is written down, and the path of its file.

    The bad files of a table lie in one delivery and go into one batch, with one good file; only
    what needs settings of its own, or is about copies, gets a home of its own.
    """
    done: dict[tuple, tuple[Books, dict[str, str]]] = {}

    def group(name: str) -> tuple:
        case, table = CASES[name], name.split(":")[0]
        alone = case.settings or table == "deliveries"
        return (table, case.feed, name if alone else None)

    def load_group(name: str) -> tuple[Books, str]:
        key = group(name)
        if key not in done:
            home, paths = tmp_path_factory.mktemp("home"), {}
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("REGULARS_HOME", str(home))
                environment.setenv("REGULARS_SETTLE_SECONDS", "0")
                for setting, value in CASES[name].settings.items():
                    environment.setenv(setting, value)
                for number, other in enumerate(name for name in CASES if group(name) == key):
                    paths[other] = put(CASES[other], number, home)
                done[key] = warehouse.load(CASES[name].feed), paths
        books, paths = done[key]
        return books, paths[name]

    return load_group


@pytest.mark.requirement("FEED-01", "FEED-02", "FEED-03", "DQ-05", "DQ-06", "DQ-09")
@pytest.mark.parametrize("name", CASES)
def test_a_file_ends_as_the_contracts_say(load, name):
    case = CASES[name]
    books, path = load(name)
    check_equations(books)
    for other in ("neighbour.csv", *case.beside):
        assert books.ledger[f"{case.feed}/{NIGHT}/{other}"]["status"] == "loaded"
    if case.outcome is NOT_TAKEN:
        assert path not in books.ledger
        return
    check_outcome(books, path, case.outcome, split=name.startswith("deliveries"))
    if case.kept:
        kept = {column: books.sales[path, "X"][column] for column in case.kept}
        assert kept == case.kept


@dataclass(frozen=True)
class RowsFile:
    """A file of rows, among twenty good ones each, and what became of it."""

    path: str
    rows: dict[str, Row]
    lines: dict[str, int]
    books: Books

    def check(self, name: str) -> None:
        row, receipt = self.rows[name], receipt_of(name)
        found = [bad for bad in self.books.quarantine[self.path] if bad["row"] == name]
        if row.bad is None:
            assert found == []
            kept = {column: self.books.sales[self.path, receipt][column] for column in row.kept}
            assert kept == row.kept
            return
        assert [(bad["column_name"], bad["rule"]) for bad in found] == [row.bad]
        assert (self.path, receipt) not in self.books.sales
        if row.text.isascii():
            assert found[0]["raw_text"] == row.text.replace("X", receipt, 1).rstrip("\n")

    def check_sum(self) -> None:
        check_equations(self.books)
        assert self.books.ledger[f"pos_sales/{NIGHT}/neighbour.csv"]["status"] == "loaded"
        found = self.books.audit[self.path]
        bad = sum(row.bad is not None for row in self.rows.values())
        assert (found["rows_received"], found["rows_quarantined"]) == (21 * len(self.rows), bad)


def receipt_of(row: str) -> str:
    """A receipt number of its own for every row, free of what CSV or JSON would take amiss."""
    return "row_" + hashlib.sha256(row.encode()).hexdigest()[:8]


def load_rows(
    rows: dict[str, Row], file: str, header: str, good: Callable[..., str], home: Path, warehouse
) -> RowsFile:
    text, lines = header, {}
    for number, (name, row) in enumerate(rows.items()):
        text += "".join(good(receipt_id=f"good{number}_{n}") for n in range(20))
        lines[text.count("\n") + 1] = name
        text += row.text.replace("X", receipt_of(name), 1)
    path = f"pos_sales/{NIGHT}/{file}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(home))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        target = home / "landing" / path
        target.parent.mkdir(parents=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
        target.with_name("neighbour.csv").write_text(GOOD_FILE["pos_sales"])
        books = warehouse.load("pos_sales")
    for bad in books.quarantine[path]:
        bad["row"] = lines.get(bad["physical_line"])
    return RowsFile(path, rows, lines, books)


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory, warehouse) -> RowsFile:
    header = ",".join([*FIELDS, *OPTIONAL]) + "\n"
    home = tmp_path_factory.mktemp("csv")
    return load_rows(ROWS, "rows.csv", header, sale, home, warehouse)


@pytest.fixture(scope="module")
def json_file(tmp_path_factory, warehouse) -> RowsFile:
    home = tmp_path_factory.mktemp("jsonl")
    return load_rows(JSON_ROWS, "rows.jsonl", "", x, home, warehouse)


@pytest.mark.requirement("FEED-01", "DQ-05", "DQ-06")
@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_csv_ends_as_the_contracts_say(csv_file, name):
    csv_file.check(name)


@pytest.mark.requirement("FEED-01", "DQ-05", "DQ-06")
@pytest.mark.parametrize("name", JSON_ROWS)
def test_a_row_of_json_ends_as_the_contracts_say(json_file, name):
    json_file.check(name)


def test_no_row_of_these_files_is_lost(csv_file, json_file):
    csv_file.check_sum()
    json_file.check_sum()


def put_sales(home: Path, name: str, text: str) -> Path:
    path = home / "landing" / "pos_sales" / NIGHT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found() -> list[dict[str, Any]]:
    return find_batches(["pos_sales"], None, date(2014, 12, 31))


@pytest.mark.requirement("FEED-01", "DQ-06")
@pytest.mark.parametrize("threads", ["1", "2"])
def test_every_bad_row_is_found_whatever_the_length_of_its_file(home, monkeypatch, threads):
    # DuckDB reads 2048 rows at a time; what is left of a file must not be put elsewhere.
    monkeypatch.setenv("REGULARS_THREADS", threads)
    torn, wrong = line(product='"p"1'), line("wrong", amount="x")
    for number, length in enumerate((2068, 2068, 30, 2068)):
        middle = good(500) + torn + good(20) + torn + good(20) if length > 2000 else good(length)
        text = HEADER + good(length - 541) * (length > 2000) + middle + good(20) + wrong + good(2)
        put_sales(home, f"s{number}.csv", text)
    (batch,) = found()
    lines = load_batch(batch)
    assert [(f["rows_received"], f["rows_quarantined"]) for f in lines] == [
        (2092, 3),
        (2092, 3),
        (53, 1),
        (2092, 3),
    ]
    lake = load_settings().lake
    located = duckdb.sql(
        f"select physical_line, raw_text from '{lake}/quarantine/pos_sales/*.parquet'"
        " where rule = 'type' order by all"
    ).fetchall()
    assert located == [(n, wrong.strip()) for n in (52, 2091, 2091, 2091)]


@pytest.mark.requirement("FEED-01")
@pytest.mark.parametrize(
    "path",
    [
        "../elsewhere.csv",
        f"pos_sales/{NIGHT}/../../../elsewhere.csv",
        f"pos_sales/{NIGHT}/link.csv",
    ],
)
def test_a_path_that_leads_out_of_the_landing_folder_is_refused(home, path):
    neighbour = put_sales(home, "neighbour.csv", GOOD_FILE["pos_sales"])
    (batch,) = found()
    (home / "elsewhere.csv").write_text(csv_text())
    # A link that was put there after the files were listed.
    (neighbour.parent / "link.csv").symlink_to(home / "elsewhere.csv")
    batch["files"].insert(0, batch["files"][0] | {"path": path})
    refused, loaded_one = load_batch(batch)
    assert refused["status"] == "rejected"
    assert "links are not followed" in refused["reason"]
    assert loaded_one["status"] == "loaded"


def test_a_file_that_is_gone_is_no_load_and_costs_nobody_anything(home):
    put_sales(home, "neighbour.csv", GOOD_FILE["pos_sales"])
    gone = put_sales(home, "gone.csv", csv_text())
    (batch,) = found()
    gone.unlink()
    assert [line["file_path"] for line in load_batch(batch)] == [f"pos_sales/{NIGHT}/neighbour.csv"]


def test_a_name_that_is_not_utf8_costs_nobody_anything(home):
    neighbour = put_sales(home, "neighbour.csv", GOOD_FILE["pos_sales"])
    try:
        Path(os.fsdecode(os.fsencode(neighbour.parent) + b"/caf\xe9.csv")).write_text(csv_text())
    except OSError:
        pytest.skip("this file system takes no such name")
    (batch,) = found()
    assert [line["status"] for line in load_batch(batch)] == ["loaded"]


def test_a_file_that_grows_is_taken_once_it_lies_still(home, monkeypatch):
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "3600")
    growing = put_sales(home, "s1.csv", csv_text())
    assert found() == []
    growing.write_text(growing.read_text() + good(1))
    os.utime(growing, (1_420_000_000, 1_420_000_000))
    (batch,) = found()
    assert [line["rows_loaded"] for line in load_batch(batch)] == [21]


@pytest.mark.requirement("DQ-06")
@pytest.mark.parametrize("together", [True, False])
def test_the_copy_of_a_rejected_file_is_rejected_too(home, monkeypatch, together):
    # No row of it was ever accepted, so none can be a duplicate; and batches may not matter.
    monkeypatch.setenv("REGULARS_BATCH_FILES", "2" if together else "1")
    text = HEADER + good(5) + line(amount="x")
    put_sales(home, "a.csv", text)
    put_sales(home, "b.csv", text)
    lines = [line for batch in found() for line in load_batch(batch)]
    assert [(line["status"], line["rows_quarantined"]) for line in lines] == [("rejected", 6)] * 2
