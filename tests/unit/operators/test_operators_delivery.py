import pytest

from regulars.errors import RegularsError
from regulars.operators.delivery import REJECTED_SHOWN, delivery_date, report, sentences


def line(feed: str, path: str, status: str = "loaded", **changes: object) -> dict:
    return {
        "feed": feed,
        "file_path": path,
        "status": status,
        "reason": None if status == "loaded" else f"{path}: {status} for a reason",
        "rows_received": 10,
        "rows_loaded": 8,
        "rows_quarantined": 2,
        "net_amount_received": None,
        "net_amount_loaded": None,
        "net_amount_quarantined": None,
        "event_date_min": "2014-12-30",
        "event_date_max": "2014-12-31",
        "verdict": "pass",
        "warnings": [],
    } | changes


MONEY = {
    "net_amount_received": "100.10",
    "net_amount_loaded": "80.05",
    "net_amount_quarantined": "20.05",
}
LOADED = line("pos_sales", "pos_sales/2014-12-31/s01.csv", **MONEY)
COPY = line(
    "pos_sales",
    "pos_sales/2014-12-31/s02.csv",
    "duplicate_file",
    rows_loaded=0,
    rows_quarantined=0,
    net_amount_received="7.00",
)
REJECTED = line(
    "pos_sales",
    "pos_sales/2014-12-31/s03.csv",
    "rejected",
    rows_loaded=0,
    rows_quarantined=10,
    net_amount_received="3.00",
    net_amount_loaded="0.00",
    net_amount_quarantined="3.00",
    event_date_min="1999-01-01",
    verdict="fail",
)


def test_rows_and_money_add_up() -> None:
    counts = report("2014-12-31", ["pos_sales"], [LOADED, COPY, REJECTED])["feeds"]["pos_sales"]
    assert counts["rows_received"] == 30
    assert [counts[f"rows_{kind}"] for kind in ("loaded", "duplicate", "quarantined")] == [
        8,
        10,
        12,
    ]
    assert counts["net_amount_received"] == "110.10"
    assert [counts[f"net_amount_{kind}"] for kind in ("loaded", "duplicate", "quarantined")] == [
        "80.05",
        "7.00",
        "23.05",
    ]


def test_files_that_could_not_be_opened_have_no_amounts() -> None:
    unread = REJECTED | dict.fromkeys(MONEY) | {"rows_received": 0, "rows_quarantined": 0}
    counts = report("2014-12-31", ["pos_sales"], [LOADED, unread])["feeds"]["pos_sales"]
    assert counts["net_amount_received"] == "100.10"


def test_business_dates_are_those_of_loaded_rows() -> None:
    assert report("2014-12-31", ["pos_sales"], [REJECTED, LOADED])["business_dates"] == [
        "2014-12-30",
        "2014-12-31",
    ]
    assert report("2014-12-31", ["pos_sales"], [REJECTED])["business_dates"] is None


def test_a_feed_without_files_is_told() -> None:
    summary = report("2014-12-31", ["complaints", "complaint_events"], [])
    assert sentences(summary) == ["complaints: no new files", "complaint_events: no new files"]


def test_sentences_give_the_equation() -> None:
    first = sentences(report("2014-12-31", ["pos_sales"], [LOADED, COPY, REJECTED]))[0]
    assert first == (
        "pos_sales: files 3 (1 loaded, 1 duplicate, 1 rejected); "
        "rows 30 received = 8 loaded + 10 duplicate + 12 quarantined; "
        "net amount 110.10 received = 80.05 loaded + 7.00 duplicate + 23.05 quarantined"
    )


def test_sentences_name_rejected_files_and_warnings() -> None:
    warned = LOADED | {"warnings": ["column x is not in the contract"], "verdict": "warn"}
    other = warned | {"file_path": "pos_sales/2014-12-31/s09.csv"}
    lines = sentences(report("2014-12-31", ["pos_sales"], [warned, other, REJECTED]))
    assert "WARNING pos_sales (files: 2): column x is not in the contract" in lines
    assert f"REJECTED {REJECTED['reason']}" in lines
    assert "2 warned" in lines[0]


def test_a_long_list_of_rejected_files_is_cut_and_says_so() -> None:
    many = [REJECTED | {"file_path": f"f{n:03}", "reason": f"f{n:03}: bad"} for n in range(60)]
    summary = report("2014-12-31", ["pos_sales"], many)
    assert summary["rejected_files"] == 60
    assert len(summary["rejected"]) == REJECTED_SHOWN
    assert sentences(summary)[-1].startswith("REJECTED 10 more files")


def test_delivery_date() -> None:
    assert delivery_date("2014-02-28").isoformat() == "2014-02-28"


@pytest.mark.parametrize(
    "text", ["20141231", "2014-W01-1", "2014-1-5", "2014-02-29", "yesterday", ""]
)
def test_other_forms_of_dates_are_refused(text: str) -> None:
    with pytest.raises(RegularsError, match="YYYY-MM-DD"):
        delivery_date(text)
