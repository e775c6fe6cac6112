"""Words past their keeping period: listed, approved, gone from every file, and nothing else."""

import csv
import gzip
import io
import json
from datetime import date

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.privacy.archive import Archive
from regulars.privacy.classes import protection
from regulars.privacy.door import open_door
from regulars.privacy.keys import load_keys
from regulars.privacy.retention import _FEEDS, due, purge
from regulars.privacy.vault import Vault

OLD, NEW = '甜品太甜了, "真的"', "好"
COMPLAINTS = [
    ("C1", "M1", OLD),  # due and approved
    ("C2", "M1", NEW),  # due, nobody approved
    ("C3", "M1", OLD),  # young: the same words of the same person
    ("C4", None, NEW),  # due and approved; its words stand in the younger C2
]


def published(settings, *rows):
    folder = settings.published / "000001"
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "regulars.duckdb") as connection:
        connection.execute(
            "create table rpt_verbatim_retention (feedback_id varchar, captured_date date,"
            " keep_until_date date, status varchar, approved_by varchar, approved_date date)"
        )
        connection.executemany("insert into rpt_verbatim_retention values (?, ?, ?, ?, ?, ?)", rows)
    (settings.published / "current").symlink_to("000001")


def text_of(records):
    made = io.StringIO(newline="")
    csv.writer(made).writerows([("complaint_id", "customer_id", "verbatim"), *records])
    return made.getvalue()


@pytest.fixture
def held(settings, rows_of, deliver):
    def load(feed, **columns):
        with open_door(settings, load_contract(feed)) as door:
            passed = door.protect(rows_of(feed, **columns)).rows
            door.commit("b1")
        (settings.lake / feed).mkdir(parents=True)
        pq.write_table(passed, settings.lake / feed / "b1.parquet")
        return passed

    ids, members, texts = map(list, zip(*COMPLAINTS, strict=True))
    load("complaints", complaint_id=ids, customer_id=members, verbatim=texts)
    answers = load(
        "survey_responses",
        wave_id=["w1", "w1"],
        response_id=["r1", "r2"],
        question_code=["q1", "q1"],
        verbatim=["还行吧", "不错的"],
        anonymous=[True, False],
    )
    hidden = answers["response_id"][0].as_py()
    load("ref_feedback", feedback_id=["F1"], text=["grape talk"], conclusion=["more grapes"])

    archive = Archive(settings, load_keys(settings))
    for feed, name, content in (
        ("complaints", "c.csv", text_of(COMPLAINTS)),
        ("complaints", "c.csv.gz", text_of(COMPLAINTS)),
        ("complaints", "gb.csv", text_of(COMPLAINTS).encode("gb18030")),
        ("complaints", "c.jsonl", json.dumps({"complaint_id": "C1", "verbatim": OLD}) + "\n"),
        ("survey_responses", "s.csv", "wave_id,response_id,question_code,verbatim\n"
         "w1,r1,q1,还行吧\nw1,r2,q1,不错的\nw1,r3,q1,还行吧\n"),
    ):  # fmt: skip
        landed = deliver(feed, "2009-12-31", name, content)
        archive.seal(landed)
        landed.unlink()
    book = settings.landing / "complaints/2009-12-31/c.xlsx"
    workbook = openpyxl.Workbook()
    for row in (["complaint_id", "severity", "verbatim"], ["C1", 1, OLD], ["C3", 1, OLD]):
        workbook.active.append(row)
    workbook.save(book)
    table = settings.landing / "complaints/2009-12-31/c.parquet"
    pq.write_table(pa.table({"complaint_id": ["C1", "C3"], "n": [1, 1], "v": [OLD, OLD]}), table)
    for path in (book, table):
        archive.seal(path)
        path.unlink()

    day = date(2009, 12, 1), date(2014, 12, 1)
    anonymous = duckdb.sql(f"select md5('w1/{hidden}/q1')").fetchone()[0]
    published(
        settings,
        ("complaint/C1", *day, "purgeable", "HQ-01", date(2014, 12, 29)),
        ("complaint/C2", *day, "purgeable", None, None),
        ("complaint/C3", *day, "kept", None, None),
        ("complaint/C4", *day, "purgeable", "HQ-01", date(2014, 12, 29)),
        (f"survey/{anonymous}", *day, "purgeable", "HQ-02", date(2014, 12, 30)),
        ("survey/w1/r2/q1", *day, "listed", None, None),
        ("record/F1", *day, "purgeable", "HQ-02", date(2014, 12, 30)),
    )
    return settings


def lake(settings, feed):
    return pq.read_table(settings.lake / feed / "b1.parquet")


def sealed(settings):
    archive = Archive(settings, load_keys(settings))
    return {
        archive.describe(path).file_path.rpartition("/")[2]: b"".join(archive.read(path))
        for path in archive.files()
    }


@pytest.mark.requirement("SEC-08")
def test_the_dry_run_lists_what_is_due_and_changes_nothing(held):
    before = {path: path.read_bytes() for path in held.home.rglob("*.parquet")}
    listed = {text.feedback_id: text.approved_by for text in due(held)}
    assert len(listed) == 5
    assert (listed["complaint/C1"], listed["complaint/C2"]) == ("HQ-01", None)
    assert before == {path: path.read_bytes() for path in held.home.rglob("*.parquet")}
    assert not (held.home / "purges").exists()


@pytest.mark.requirement("SEC-08")
def test_only_what_is_due_and_approved_goes(held):
    built = []
    entry = purge(held, lambda: built.append(1))
    assert built == [1]
    assert entry["is_complete"]
    rows = lake(held, "complaints")
    assert rows["complaint_id"].to_pylist() == ["C1", "C2", "C3", "C4"]
    assert rows["verbatim"].to_pylist() == [None, NEW, OLD, None]
    assert [ref is None for ref in rows["vault_ref"].to_pylist()] == [True, False, False, True]
    answers = lake(held, "survey_responses")
    assert answers["verbatim"].to_pylist() == [None, "不错的"]
    talk = lake(held, "ref_feedback").to_pylist()[0]
    assert (talk["text"], talk["conclusion"], talk["feedback_id"]) == (None, None, "F1")

    vault = Vault(held, load_keys(held))
    kept = vault.read_refs([ref for ref in rows["vault_ref"].to_pylist() if ref]).to_pylist()
    assert {json.loads(row["content"])["verbatim"] for row in kept} == {OLD, NEW}
    told = vault.read(["customer_id:M1", "complaint_id:C4", "response_id:r2"])["content"]
    # C1 and C3 share one value, which C3 still needs.
    assert len(told.to_pylist()) == 3
    assert vault.read(["record", "feedback_id:F1"]).num_rows == 0
    assert vault.check() == []


@pytest.mark.requirement("SEC-08")
def test_lines_in_quarantine_lose_the_words_that_go(held):
    keys = ["C1", "C3", None]
    lines = pa.table(
        {"load_id": ["l0"] * 3, "row_key": keys, "raw_text": [f"{k},?,{OLD}" for k in keys]}
    )
    with open_door(held, load_contract("complaints")) as door:
        kept = door.seal_lines(lines)
        door.commit("q")
    folder = held.lake / "quarantine" / "complaints"
    folder.mkdir(parents=True)
    pq.write_table(kept, folder / "b0.parquet")
    assert purge(held, lambda: None)["is_complete"]
    refs = kept["vault_ref"].to_pylist()
    left = Vault(held, load_keys(held)).read_refs(refs)["ref"].to_pylist()
    assert sorted(left) == sorted(refs[1:])
    assert pq.read_table(folder / "b0.parquet").equals(kept)
    # Again there is nothing left of it to destroy.
    assert purge(held, lambda: None)["values_destroyed"] == 0


@pytest.mark.requirement("SEC-08")
def test_sealed_files_lose_the_words_and_keep_every_record(held):
    purge(held, lambda: None)
    texts = sealed(held)
    left = [(c, m or "", "" if c in ("C1", "C4") else text) for c, m, text in COMPLAINTS]
    for name, code in (("c.csv", "utf-8"), ("c.csv.gz", "utf-8"), ("gb.csv", "gb18030")):
        data = gzip.decompress(texts[name]) if name.endswith(".gz") else texts[name]
        assert list(csv.reader(io.StringIO(data.decode(code), newline="")))[1:] == [
            *map(list, left)
        ]
    assert json.loads(texts["c.jsonl"]) == {"complaint_id": "C1", "verbatim": ""}
    # The same words in another answer of the wave stay.
    answers = (
        "wave_id,response_id,question_code,verbatim\nw1,r1,q1,\nw1,r2,q1,不错的\nw1,r3,q1,还行吧\n"
    )
    assert texts["s.csv"].decode() == answers
    book = openpyxl.load_workbook(io.BytesIO(texts["c.xlsx"])).active
    assert [[c.value for c in row] for row in book][1:] == [["C1", 1, None], ["C3", 1, OLD]]
    table = pq.read_table(pa.BufferReader(texts["c.parquet"]))
    assert table["v"].to_pylist() == [None, OLD]


@pytest.mark.requirement("SEC-08")
def test_the_log_names_records_approvals_and_files_and_no_words(held):
    entry = purge(held, lambda: None)
    (path,) = (held.home / "purges").iterdir()
    assert json.loads(path.read_text("utf-8")) == entry
    assert [(a["approved_by"], a["texts"]) for a in entry["approvals"]] == [
        ("HQ-01", 2),
        ("HQ-02", 2),
    ]
    assert {"complaint/C1", "record/F1"} < set(entry["records"])
    assert all(done["before"] != done["after"] for done in entry["removed"])
    folders = {done["path"].split("/")[0] for done in entry["removed"]}
    assert folders == {"archive", "lake", "vault"}
    assert OLD not in path.read_text("utf-8")
    assert "grape" not in path.read_text("utf-8")


@pytest.mark.requirement("SEC-08")
def test_a_landed_file_that_holds_the_words_is_named(held, deliver):
    deliver("complaints", "2009-12-31", "kept.csv", text_of(COMPLAINTS))
    deliver("complaints", "2009-12-31", "other.csv", text_of(COMPLAINTS[1:3]))
    entry = purge(held, lambda: None)
    assert entry["remaining"] == ["landing, complaints/2009-12-31/kept.csv"]
    assert not entry["is_complete"]


@pytest.mark.requirement("SEC-08")
def test_a_purge_that_was_cut_off_is_finished(held, monkeypatch):
    def power_cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("regulars.privacy.retention._purge_lake", power_cut)
    with pytest.raises(KeyboardInterrupt):
        purge(held, lambda: None)
    monkeypatch.undo()
    assert purge(held, lambda: None)["is_complete"]
    assert lake(held, "complaints")["verbatim"].to_pylist() == [None, NEW, OLD, None]
    assert Vault(held, load_keys(held)).check() == []


def test_nothing_approved_is_no_purge(settings):
    with pytest.raises(RegularsError, match="nothing is published"):
        due(settings)
    published(
        settings, ("complaint/C2", date(2009, 12, 1), date(2014, 12, 1), "purgeable", None, None)
    )
    assert purge(settings, pytest.fail) is None
    assert not (settings.home / "purges").exists()


@pytest.mark.parametrize("feed", _FEEDS.values())
def test_what_is_sealed_of_these_feeds_is_words_alone(feed):
    spec = protection(load_contract(feed))
    assert spec.sealed == spec.texts
