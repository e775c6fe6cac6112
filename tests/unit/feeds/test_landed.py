"""Landed files after their load: out of the landing folder, and back for a replay."""

import json
from dataclasses import replace
from datetime import date

import pytest

from regulars.feeds.contract import load_contract
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.landed import settle_landed
from regulars.privacy.archive import Archive
from regulars.privacy.keys import load_keys
from regulars.privacy.suppression import Suppression
from regulars.settings import load_settings

NIGHT = "2014-12-31"
SALES = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n" + "".join(
    f"r{n},1,s1,2014-12-31T10:00:00,p,1,{-1 if n == 7 else 1},1.00\n" for n in range(40)
)


def ingest(**options) -> list[dict]:
    batches = find_batches(["pos_sales"], None, date.fromisoformat(NIGHT), **options)
    return [line for batch in batches for line in load_batch(batch)]


def landed() -> list[str]:
    folder = load_settings().landing
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.requirement("SEC-01")
def test_a_loaded_file_is_sealed_and_comes_back_for_a_replay(deliver, monkeypatch):
    deliver("pos_sales", NIGHT, "s1.csv.gz", SALES, rows=40)
    (line,) = ingest()
    assert (line["rows_loaded"], line["rows_quarantined"]) == (39, 1)
    late = deliver("pos_sales", NIGHT, "s2.csv", SALES)
    assert settle_landed(["pos_*"]) == 1
    assert landed() == [f"pos_sales/{NIGHT}/s2.csv"]
    sealed = [p for p in load_settings().archive.rglob("*") if p.is_file()]
    assert len(sealed) == 2
    assert not any(b"r1,1,s1" in p.read_bytes() for p in sealed)
    late.unlink()
    assert ingest() == []

    contract = load_contract("pos_sales")
    mended = replace(contract, rules=())
    monkeypatch.setattr("regulars.feeds.ingest.load_contract", lambda feed: mended)
    (again,) = ingest(replay=True)
    assert (again["rows_loaded"], again["attempt"]) == (40, 1)
    assert settle_landed(["pos_sales"]) == 1
    assert landed() == []
    assert ingest(replay=True) == []


def test_a_delivery_of_the_same_name_is_not_replaced_by_a_sealed_one(deliver):
    deliver("pos_sales", NIGHT, "s1.csv", SALES)
    ingest()
    settle_landed(["pos_sales"])
    mended = deliver("pos_sales", NIGHT, "s1.csv", SALES.replace("-1,1.00", "1,1.00"))
    assert ingest(replay=True) == []
    assert mended.exists()
    (line,) = ingest()
    assert (line["status"], line["rows_loaded"]) == ("loaded", 40)


@pytest.mark.parametrize(("setting", "left"), [("kept", 1), ("deleted", 0)])
def test_landed_files_are_kept_or_deleted_where_the_setting_says_so(
    deliver, monkeypatch, setting, left
):
    monkeypatch.setenv("REGULARS_LANDED_FILES", setting)
    deliver("pos_sales", NIGHT, "s1.csv", SALES)
    ingest()
    settle_landed(["pos_sales"])
    assert len(landed()) == left
    assert not load_settings().archive.exists()


def test_what_is_not_loaded_stays(deliver, tmp_path):
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(SALES)
    file = deliver("pos_sales", NIGHT, "s1.csv", SALES)
    link = file.with_name("link.csv")
    link.symlink_to(elsewhere)
    assert settle_landed(["pos_sales"]) == 0
    ingest()
    assert settle_landed(["pos_sales"]) == 1
    assert elsewhere.exists()
    assert link.is_symlink()


@pytest.mark.requirement("SEC-06")
def test_who_was_erased_is_not_sealed_again(deliver, home):
    settings = load_settings()
    ring = load_keys(settings)
    listed = Suppression(settings, ring).entries(["M1"], {"phone": ["13812345678"]})
    (settings.vault / "suppression").mkdir(parents=True)
    (settings.vault / "suppression" / "e1.json").write_text(
        json.dumps({"erased_at": "2014-12-30T00:00:00", "entries": listed})
    )
    members = "customer_id,phone,created_at\nM1,,2012-01-01T00:00:00\n"
    members += "M7,138 1234 5678,2012-01-01T00:00:00\nM2,13900000000,2012-01-01T00:00:00\n"
    sales = SALES.replace("product_code", "customer_id,product_code").replace(",p,", ",M2,p,")
    sales = sales.replace("r3,1,s1,2014-12-31T10:00:00,M2", "r3,1,s1,2014-12-31T10:00:00,M1")
    deliver("customers", NIGHT, "m.csv", members)
    deliver("pos_sales", NIGHT, "s.csv", sales)
    # Refused files and copies never pass the door, and are sealed all the same.
    deliver("customers", NIGHT, "refused.csv", members.replace("M2", "M3"), rows=99)
    deliver("customers", NIGHT, "same.csv", members)
    batches = find_batches(["customers", "pos_sales"], None, date.fromisoformat(NIGHT))
    lines = {line["file_path"]: line for batch in batches for line in load_batch(batch)}
    assert lines[f"customers/{NIGHT}/m.csv"]["rows_suppressed"] == 2
    assert lines[f"customers/{NIGHT}/refused.csv"]["status"] == "rejected"
    assert lines[f"customers/{NIGHT}/same.csv"]["status"] == "duplicate_file"
    assert lines[f"pos_sales/{NIGHT}/s.csv"]["rows_anonymised"] == 1
    settle_landed(["customers", "pos_sales"])
    archive = Archive(settings, ring)
    texts = {
        archive.describe(path).file_path: b"".join(archive.read(path)).decode()
        for path in archive.files()
    }
    head, *_, other = members.splitlines(keepends=True)
    for name in ("m.csv", "same.csv"):
        assert texts[f"customers/{NIGHT}/{name}"] == head + other
    assert texts[f"customers/{NIGHT}/refused.csv"] == head + other.replace("M2", "M3")
    assert texts[f"pos_sales/{NIGHT}/s.csv"] == sales.replace(",M1,p,", ",,p,")
