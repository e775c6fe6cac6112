"""Exports of other systems, with their real column lists, become the contract's rows."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from regulars.errors import RegularsError
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.layout import SHIPPED, layout_names, load_layout
from regulars.settings import load_settings

HEADERS = Path(__file__).parents[2] / "fixtures" / "layouts"
NIGHT = "2026-11-20"

SALES = "receipt_id, line_no, store_id, sold_at::varchar, product_code, qty, unit_price, net_amount"
# An anonymous answer keeps neither its number nor its time (ADR 0010).
SURVEY = "left(response_id, 3), question_code, score, scale_max, verbatim, responded_at::varchar"
D = Decimal

# layout: header file, rows as delivered, columns to look at, rows in the lake.
EXPORTS = {
    "square_items": (
        "square_items",
        [
            {
                "Date": "2022-11-10",
                "Time": "21:50:48",
                "Item": "Taro Ball",
                "SKU": "TB1",
                "Qty": "2.0",
                "Gross Sales": "$1,022.50",
                "Discounts": "-$0.95",
                "Net Sales": "$1,021.55",
                "Transaction ID": "T1",
                "Event Type": "Payment",
                "Location": "Main",
            },
            {
                "Date": "10/05/2026",
                "Time": "2:30:00 PM",
                "Item": "Tea",
                "Qty": "1.0",
                "Gross Sales": "-$3.00",
                "Discounts": "",
                "Net Sales": "-$3.00",
                "Transaction ID": "T2",
                "Event Type": "Refund",
                "Location": "Main",
            },
        ],
        SALES + ", discount",
        [
            (
                "T1",
                1,
                "Main",
                "2022-11-10 21:50:48",
                "TB1",
                D(2),
                D("511.25"),
                D("1021.55"),
                D("0.95"),
            ),
            ("T2", 1, "Main", "2026-10-05 14:30:00", "Tea", D(-1), D(3), D(-3), D(0)),
        ],
    ),
    "toast_item_selection": (
        "toast_item_selection_details",
        [
            {
                "Location": "North",
                "Order Date": "10/8/26 5:18 PM",
                "Check Id": "1000000000000000017",
                "SKU": "S1",
                "Gross Price": "12.00",
                "Discount": "2.00",
                "Net Price": "10.00",
                "Qty": "2.0",
                "Void?": void,
            }
            for void in ("false", "true")
        ],
        SALES + ", void",
        [
            (
                "1000000000000000017",
                n,
                "North",
                "2026-10-08 17:18:00",
                "S1",
                D(2),
                D(6),
                D(10),
                void,
            )
            for n, void in ((1, False), (2, True))
        ],
    ),
    "shopify_orders": (
        "shopify_orders",
        [
            {
                "Name": "#1001",
                "Currency": "USD",
                "Created at": "2026-06-01 10:01:00 +0000",
                "Lineitem quantity": "2",
                "Lineitem price": "4.50",
                "Lineitem sku": "A",
            },
            {
                "Name": "#1001",
                "Lineitem quantity": "1",
                "Lineitem price": "3",
                "Lineitem name": "B",
            },
        ],
        SALES + ", currency, sold_at_is_utc, void",
        [
            (
                "#1001",
                1,
                "shopify",
                "2026-06-01 10:01:00",
                "A",
                D(2),
                D("4.5"),
                D(9),
                "USD",
                True,
                False,
            ),
            (
                "#1001",
                2,
                "shopify",
                "2026-06-01 10:01:00",
                "B",
                D(1),
                D(3),
                D(3),
                "USD",
                True,
                False,
            ),
        ],
    ),
    "loyverse_receipts_by_item": (
        "loyverse_receipts_by_item",
        [
            {
                "Date": "2026-01-05 10:05:00",
                "Receipt number": "1-1001",
                "Receipt type": kind,
                "SKU": "10001",
                "Quantity": "1.000",
                "Gross sales": "5.00",
                "Discounts": "0.50",
                "Net sales": "4.50",
                "Store": "Pier",
                "Status": "Closed",
            }
            for kind in ("Sale", "Refund")
        ],
        SALES,
        [
            ("1-1001", 1, "Pier", "2026-01-05 10:05:00", "10001", D(1), D(5), D("4.5")),
            ("1-1001", 2, "Pier", "2026-01-05 10:05:00", "10001", D(-1), D(5), D("-4.5")),
        ],
    ),
    "zendesk_tickets": (
        "zendesk_ticket_export",
        [
            {
                "Id": "35436",
                "Created at": "08-04-2023 20:52",
                "Via": "Web form",
                "Priority": "Urgent",
                "Subject": "冰太少, too little ice",
            }
        ],
        "complaint_id, received_at::varchar, channel, severity, verbatim",
        [("35436", "2023-04-08 20:52:00", "Web form", 5, "冰太少, too little ice")],
    ),
    "typeform": (
        "typeform_csv",
        [
            {
                "#": "r1",
                "<question 1>": "9",
                "<question 2>": "",
                "Submit Date (UTC)": "2023-01-23 06:24:12",
            }
        ],
        SURVEY + ", responded_at_is_utc",
        [("an_", "<question 1>", None, None, "9", "2023-01-01 12:00:00", True)],
    ),
    "wenjuanxing": (
        "wenjuanxing_xls",
        [
            {
                "序号": "1",
                "提交答卷时间": "2026/09/03 12:00:00",
                "1、<题目>": "5",
                "2、<题目>": "好吃",
            },
            {
                "序号": "2",
                "提交答卷时间": "2026/09/03 12:00:01",
                "1、<题目>": "",
                "2、<题目>": "甜",
            },
        ],
        SURVEY,
        [
            ("an_", "1、<题目>", None, None, "5", "2026-09-01 12:00:00"),
            ("an_", "2、<题目>", None, None, "好吃", "2026-09-01 12:00:00"),
            ("an_", "2、<题目>", None, None, "甜", "2026-09-01 12:00:00"),
        ],
    ),
}


def export(header_file: str, rows: list[dict], more_header: list[list[str]] | None = None) -> str:
    """A file with the real header and the given cells."""
    (header,) = csv.reader((HEADERS / f"{header_file}.header.csv").open(encoding="utf-8"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([header, *(more_header or [])])
    writer.writerows([[row.pop(name, "") for name in header] for row in map(dict, rows)])
    return text.getvalue()


def load(feed: str) -> list[dict]:
    return [
        line
        for batch in find_batches([feed], None, date(2026, 11, 20))
        for line in load_batch(batch)
    ]


def in_lake(feed: str, columns: str) -> list[tuple]:
    folder = load_settings().lake / feed
    rows = f"read_parquet('{folder}/*.parquet', file_row_number = true)"
    return duckdb.sql(f"select {columns} from {rows} order by file_row_number").fetchall()


def test_every_shipped_layout_is_valid_and_tested():
    tested = {*EXPORTS, "online_retail", "surveymonkey", "qualtrics"}
    assert set(layout_names(SHIPPED)) == tested
    assert all(load_layout(name).layout == name for name in tested)


@pytest.mark.requirement("ARCH-04")
@pytest.mark.parametrize("layout", EXPORTS)
def test_export_becomes_the_contract(deliver, layout):
    header_file, rows, columns, expected = EXPORTS[layout]
    used = {name for row in rows for name in row}
    (header,) = csv.reader((HEADERS / f"{header_file}.header.csv").open(encoding="utf-8"))
    assert used <= set(header)
    shape = load_layout(layout)
    content = export(header_file, rows).encode(shape.encoding)
    deliver(shape.feed, NIGHT, "export.csv", content, layout=layout)
    (line,) = load(shape.feed)
    assert line["status"] == "loaded", line["reason"]
    assert (line["rows_loaded"], line["rows_quarantined"]) == (len(expected), 0)
    assert in_lake(shape.feed, columns) == expected


def test_two_header_rows_and_known_questions(deliver, home):
    (home / "layouts").mkdir(parents=True)
    text = (SHIPPED / "surveymonkey.yaml").read_text("utf-8").replace("surveymonkey", "ours")
    (home / "layouts" / "ours.yaml").write_text(
        text
        + """
  questions:
    "<question 1> | Response":
      {question_code: Q1, dimension: product, scale: [1, 5], scores: {Very good: 5, Poor: 1}}
    "<question 2> | Open-Ended Response": {question_code: Q2}
"""
    )
    second = ["", "", "", "", "", "", "", "", "", "Response", "Other", "Open-Ended Response"]
    rows = [
        [
            "1",
            "c",
            "01/02/2026 03:04:05 PM",
            "01/02/2026 03:04:05 PM",
            *[""] * 5,
            "Very good",
            "",
            "x",
        ],
        ["2", "c", "01/02/2026 03:04:05 PM", "01/02/2026 03:04:05 PM", *[""] * 5, "2", "y", ""],
        ["3", "c", "01/02/2026 03:04:05 PM", "01/02/2026 03:04:05 PM", *[""] * 5, "7", "", "z"],
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows * 1)
    many = "".join(f"g{n},c,,01/02/2026 03:04:05 PM,,,,,,5,,\r\n" for n in range(40))
    content = export("surveymonkey_csv", [], [second]) + text.getvalue() + many
    deliver("survey_responses", NIGHT, "export.csv", content, layout="ours")
    (line,) = load("survey_responses")
    assert line["status"] == "loaded", line["reason"]
    assert (line["rows_received"], line["rows_quarantined"]) == (46, 1)
    found = in_lake("survey_responses", SURVEY + ", dimension")
    at = "2026-01-01 12:00:00"
    assert found[:5] == [
        ("an_", "Q1", D(5), D(5), None, at, "product"),
        ("an_", "Q2", None, None, "x", at, None),
        ("an_", "Q1", D(2), D(5), None, at, "product"),
        ("an_", "<question 1> | Other", None, None, "y", at, None),
        ("an_", "Q2", None, None, "z", at, None),
    ]
    bad = load_settings().lake / "quarantine" / "survey_responses"
    assert duckdb.sql(f"select physical_line, rule from '{bad}/*.parquet'").fetchall() == [
        (5, "score_within_scale")
    ]


def test_three_header_rows_of_qualtrics(deliver):
    texts = ["a\nquestion of two lines"] * 20
    imports = ['{"ImportId":"x"}'] * 20
    rows = [{"ResponseId": "R1", "RecordedDate": "2026-01-02 03:04:05", "Q1": "4", "Q3": "ok"}]
    content = export("qualtrics_csv", rows, [texts, imports])
    deliver("survey_responses", NIGHT, "export.csv", content, layout="qualtrics")
    (line,) = load("survey_responses")
    assert line["status"] == "loaded", line["reason"]
    assert in_lake("survey_responses", "left(response_id, 3), question_code, verbatim") == [
        ("an_", "Q1", "4"),
        ("an_", "Q3", "ok"),
    ]


GOOD = """
layout: mine
feed: products
columns:
  product_code: {from: Code}
  name: {from: Name}
  series: {constant: none}
"""
WRONG = {
    "unknown column": (
        GOOD + "  serie: {from: S}\n",
        "columns.serie: not a column of products; did",
    ),
    "missing column": (GOOD.replace("  name: {from: Name}\n", ""), "required column name"),
    "unknown key": (GOOD.replace("from: Code", "form: Code"), "did you mean from"),
    "two sources": (GOOD.replace("from: Code", "from: Code, constant: x"), "needs exactly one of"),
    "unknown encoding": (GOOD + "encoding: gb99\n", "unknown encoding 'gb99'"),
    "not YAML": (GOOD + "  : : :\n- x", "not YAML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_layouts_are_explained(tmp_path, case):
    text, told = WRONG[case]
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(RegularsError, match=r"layout mine\.yaml: ") as error:
        load_layout("mine", tmp_path)
    assert told in str(error.value)


def test_an_unknown_layout_names_the_nearest(tmp_path):
    with pytest.raises(RegularsError, match="did you mean square_items"):
        load_layout("square_item", tmp_path)


ENCODINGS = {"gb18030": "豆花", "big5": "豆花", "utf-16": "豆花🍧", "cp1252": "crème brûlée"}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_declared_encodings(deliver, home, encoding):
    (home / "layouts").mkdir(parents=True)
    (home / "layouts" / "mine.yaml").write_text(GOOD + f"encoding: {encoding}\n")
    load_layout.cache_clear()
    text = f"Code,Name\np1,{ENCODINGS[encoding]}\n"
    deliver("products", NIGHT, "p.csv.gz", text.encode(encoding), layout="mine")
    (line,) = load("products")
    assert line["status"] == "loaded", line["reason"]
    assert in_lake("products", "name") == [(ENCODINGS[encoding],)]


def test_another_encoding_than_declared_rejects_the_file(deliver, home):
    (home / "layouts").mkdir(parents=True)
    (home / "layouts" / "mine.yaml").write_text(GOOD + "encoding: big5\n")
    load_layout.cache_clear()
    deliver("products", NIGHT, "p.csv", b"Code,Name\np1,\xff\xff\n", layout="mine")
    (line,) = load("products")
    assert (line["status"], line["rows_loaded"]) == ("rejected", 0)
    assert "line 2 is not big5" in line["reason"]
