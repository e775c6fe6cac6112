"""Erasing a person from a small home: absent everywhere, with proof, and nobody else touched."""

import gzip
import json
import shutil
from datetime import date
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.privacy.archive import Archive
from regulars.privacy.door import open_door
from regulars.privacy.erasure import NobodyKnownError, Records
from regulars.privacy.keys import load_keys
from regulars.privacy.requests import answer_requests, leave_request
from regulars.privacy.search import Needles, search
from regulars.settings import load_settings

SALES = {
    "receipt_id": ["1", "2", "3", "4"],
    "customer_id": ["M1", "M3", None, "M2"],
    "net_amount": [Decimal("1.50"), Decimal("2.25"), Decimal("3.00"), Decimal("4.00")],
}
MEMBERS_CSV = (
    "customer_id,name,phone,email\n"
    "M1,王小明,138 1234 5678,Li@Example.com\n"
    'M3,"Anna\nO’Brien",,anna@example.org\n'
    "M12,M1x,13812345679,\n"
)
SALES_CSV = "receipt_id,customer_id,net_amount\n1,M1,1.50\n2,M3,2.25\n3,,3.00\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Where the first home is kept, for the others to be copies of it."""
    return tmp_path_factory.mktemp("built") / "home"


@pytest.fixture
def held(built, settings, members, rows_of, deliver):
    """A home as ingestion leaves it: lake, quarantine, vault, archive, a version and an export."""
    if not built.exists():
        build(settings, members, rows_of, deliver)
        shutil.copytree(settings.home, built, symlinks=True)
        return settings
    shutil.copytree(built, settings.home, symlinks=True, dirs_exist_ok=True)
    return settings


def build(settings, members, rows_of, deliver):
    lake = settings.lake

    def load(feed, rows):
        with open_door(settings, load_contract(feed)) as door:
            passed = door.protect(rows).rows
            door.commit("b1")
        (lake / feed).mkdir(parents=True)
        pq.write_table(passed, lake / feed / "b1.parquet")
        return passed

    referrer = members.column_names.index("referrer_id")
    members = members.set_column(referrer, "referrer_id", pa.array([None, None, "M1", None]))
    load("customers", members)
    sales = rows_of("pos_sales", **(SALES | {"net_amount": [None] * 4}))
    place = sales.column_names.index("net_amount")
    amounts = pa.array(SALES["net_amount"], pa.decimal128(18, 2))
    load("pos_sales", sales.set_column(place, "net_amount", amounts))
    load(
        "complaints",
        rows_of(
            "complaints",
            complaint_id=["C1", "C2"],
            customer_id=["M1", "M3"],
            verbatim=["打13812345678,我是王小明", "好"],
        ),
    )
    load("complaint_events", rows_of("complaint_events", complaint_id=["C1"], note=["rang 小明"]))
    load("ref_members", rows_of("ref_members", customer_id=["M1", "M3"]))
    # Nobody delivered member numbers in this file.
    narrow = rows_of("pos_sales", receipt_id=["9"]).drop_columns(["customer_id"])
    pq.write_table(narrow, lake / "pos_sales" / "b0.parquet")
    lines = pa.table(
        {
            "load_id": ["l1"] * 3,
            "row_key": ["M1", None, "M3"],
            "raw_text": ["M1,王,,", "broken 138-1234-5678", "M3,x"],
            "rule": ["type"] * 3,
        }
    )
    with open_door(settings, load_contract("customers")) as door:
        sealed = door.seal_lines(lines)
        door.commit("b1")
    (lake / "quarantine" / "customers").mkdir(parents=True)
    pq.write_table(sealed, lake / "quarantine" / "customers" / "b1.parquet")

    archive = Archive(settings, load_keys(settings))
    for feed, name, content in (
        ("customers", "members.csv", MEMBERS_CSV),
        ("customers", "again.csv.gz", MEMBERS_CSV),
        ("customers", "wide.csv", ("\ufeff" + MEMBERS_CSV).encode("utf-16-le")),
        ("pos_sales", "sales.csv", SALES_CSV),
        (
            "complaints",
            "c.jsonl",
            '{"complaint_id":"C1","customer_id":"M1"}\n{"customer_id":"M3"}\n',
        ),
    ):
        landed = deliver(feed, "2014-12-31", name, content)
        archive.seal(landed)
        landed.unlink()
    book = settings.landing / "customers/2014-12-31/members.xlsx"
    workbook = openpyxl.Workbook()
    for row in (["customer_id", "phone"], ["M1", "13812345678"], ["M3", None]):
        workbook.active.append(row)
    workbook.save(book)
    archive.seal(book)
    book.unlink()
    pq.write_table(
        pa.table({"customer_id": ["M1", "M3"], "qty": [1, 2]}),
        settings.landing / "pos_sales/2014-12-31/sales.parquet",
    )
    archive.seal(settings.landing / "pos_sales/2014-12-31/sales.parquet")
    (settings.landing / "pos_sales/2014-12-31/sales.parquet").unlink()

    version = settings.published / "000001"
    version.mkdir(parents=True)
    with duckdb.connect(version / "regulars.duckdb") as connection:
        connection.execute("create table dim_customer as select unnest(['M1', 'M3']) customer_id")
    (settings.published / "current").symlink_to("000001")
    (settings.home / "exports").mkdir()
    (settings.home / "exports" / "list.csv").write_text("customer_id\nM1\nM3\n")


def forget_versions(settings):
    """What a build and a publication without the person come to."""

    def rebuild():
        (settings.published / "000001" / "regulars.duckdb").unlink()

    return rebuild


def lake(settings, feed):
    return pq.read_table(settings.lake / feed / "b1.parquet")


def sealed_texts(settings):
    archive = Archive(settings, load_keys(settings))
    texts = {}
    for path in archive.files():
        data = b"".join(archive.read(path))
        name = archive.describe(path).file_path
        texts[name] = gzip.decompress(data) if name.endswith(".gz") else data
    return texts


@pytest.mark.requirement("SEC-06")
@pytest.mark.parametrize("by", ["M1", "M2", "+86 138-1234-5678", "LI@example.com"])
def test_a_person_is_found_by_every_identifier(held, by):
    person = Records(held).find(by)
    assert person.ids == ["M1", "M2"]
    assert "complaint_id:C1" in person.subjects
    assert "小明" not in repr(person)


@pytest.mark.requirement("SEC-06", "C360-02")
def test_all_numbers_of_a_customer_are_one_person(held):
    # Without a phone or mail in common: the published version knows them by name and birth.
    with duckdb.connect(held.published / "000001" / "regulars.duckdb") as connection:
        connection.execute(
            "create table dim_customer_identity as from (values ('M2', 'M1', true),"
            " ('M1', 'M1', true), ('M3', 'M1', true), ('M4', 'M1', false), ('M4', 'M4', true))"
            " as told (member_id, customer_id, is_current)"
        )
    for by in ("M1", "M3", "anna@example.org"):
        assert Records(held).find(by).ids == ["M1", "M2", "M3"]
    assert Records(held).find("M4").ids == ["M4"]


@pytest.mark.parametrize("by", ["M9", "13900000000", "王小明", ""])
def test_who_is_not_known_is_not_found_and_not_shown(held, by):
    with pytest.raises(RegularsError, match="nobody is known") as caught:
        Records(held).find(by)
    assert not by or by not in str(caught.value)


@pytest.mark.requirement("SEC-06")
@pytest.mark.requirement("SEC-12")
def test_an_erased_person_is_absent_everywhere(held):
    certificate = Records(held).erase("M1", forget_versions(held))
    assert certificate["proof"]["is_absent"] is True
    assert certificate["proof"]["remaining"] == []
    assert certificate["proof"]["files_searched"] > 10
    assert certificate["searched_for"]["id"] == 2
    paths = [done["path"] for done in certificate["removed"]]
    for folder in ("lake/customers", "lake/pos_sales", "lake/quarantine", "archive", "exports"):
        assert any(path.startswith(folder) for path in paths), folder
    assert any(path.startswith("vault/keys") for path in paths)
    assert all(done["before"] != done["after"] for done in certificate["removed"])
    (path,) = (held.home / "erasures").iterdir()
    assert json.loads(path.read_text()) == certificate
    for secret in ('"M1"', "小明", "13812345678", "example.com"):
        assert secret not in path.read_text("utf-8")
    with pytest.raises(RegularsError, match="nobody is known"):
        Records(held).find("M1")
    with pytest.raises(RegularsError, match="nobody is known"):
        Records(held).find("13812345678")


@pytest.mark.requirement("SEC-06")
def test_who_shares_a_number_with_very_many_is_not_erased_with_them(held, monkeypatch):
    monkeypatch.setenv("REGULARS_ERASURE_MAX_NUMBERS", "1")
    before = lake(held, "customers")
    with pytest.raises(RegularsError, match="nothing was erased: 2 customer numbers share"):
        Records(load_settings()).erase("M1", forget_versions(held))
    assert lake(held, "customers").equals(before)
    assert not (held.home / "erasures").exists()
    monkeypatch.setenv("REGULARS_ERASURE_MAX_NUMBERS", "2")
    assert Records(load_settings()).erase("M1", forget_versions(held))["proof"]["is_absent"]


@pytest.fixture
def family(held, rows_of, deliver):
    """The same home; M5 is M1's child, who gave M1's phone and address, and has no card of M1's."""
    place = "上海市中山路12号"
    child = rows_of(
        "customers",
        ("M5", "王二", "13812345678", "er@example.com", place, date(2003, 2, 1)),
        ("M7", None, None, "er@example.com", None, None),
    )
    with open_door(held, load_contract("customers")) as door:
        pq.write_table(door.protect(child).rows, held.lake / "customers" / "b2.parquet")
        door.commit("b2")
    landed = deliver("customers", "2014-12-31", "child.csv", "customer_id,phone\nM5,13812345678\n")
    Archive(held, load_keys(held)).seal(landed)
    landed.unlink()
    return held, child


@pytest.mark.requirement("SEC-06")
def test_who_has_another_name_and_birth_is_somebody_else(family):
    settings, _ = family
    records = Records(settings)
    # M7 is known through the child alone.
    assert (records.find("M1").ids, records.find("M1").others) == (["M1", "M2"], ["M5", "M7"])
    assert (records.find("M5").ids, records.find("M5").others) == (["M5", "M7"], ["M1", "M2"])
    assert records.find("er@example.com").ids == ["M5", "M7"]
    assert "M5" not in json.dumps(records.report("M1"))
    for shared in ("13812345678", "+86 138 1234 5678"):
        with pytest.raises(RegularsError, match="ask by customer number") as caught:
            records.find(shared)
        assert "138" not in str(caught.value)


@pytest.mark.requirement("SEC-06")
def test_a_family_on_one_phone_is_not_erased_with_a_member(family, vault):
    settings, child = family
    before = pq.read_table(settings.lake / "customers" / "b2.parquet")
    certificate = Records(settings).erase("M1", forget_versions(settings))
    assert certificate["proof"]["is_absent"] is True
    assert certificate["others_kept"] == 2
    assert certificate["searched_for"]["id"] == 2
    assert pq.read_table(settings.lake / "customers" / "b2.parquet").equals(before)
    (held, *_) = vault.read(["customer_id:M5"]).to_pylist()
    assert json.loads(held["content"])["phone"] == "13812345678"
    assert sealed_texts(settings)["customers/2014-12-31/child.csv"].endswith(b"M5,13812345678\n")
    # The child's next delivery comes in, the parent's does not.
    with open_door(settings, load_contract("customers")) as door:
        assert door.protect(child).rows["customer_id"].to_pylist() == ["M5", "M7"]
    assert Records(settings).find("13812345678").ids == ["M5", "M7"]


@pytest.mark.requirement("SEC-06")
def test_sales_add_up_as_before_and_belong_to_nobody(held):
    before = lake(held, "pos_sales")
    Records(held).erase("M1", forget_versions(held))
    after = lake(held, "pos_sales")
    assert pc.sum(after["net_amount"]) == pc.sum(before["net_amount"])
    assert after["customer_id"].to_pylist() == [None, "M3", None, None]
    assert after.schema == before.schema


@pytest.mark.requirement("SEC-06")
def test_nobody_else_is_touched(held):
    records = Records(held)
    before = records.report("M3")
    Records(held).erase("M1", forget_versions(held))
    after = Records(held).report("M3")
    before.pop("published")
    after.pop("published")
    assert before["lake"]["customers"][0].pop("referrer_id") == "M1"
    assert after["lake"]["customers"][0].pop("referrer_id") is None
    assert after == before
    assert lake(held, "customers")["customer_id"].to_pylist() == ["M3", "M4"]
    assert records.vault.check() == []


@pytest.mark.requirement("SEC-06")
def test_quarantine_keeps_place_and_reason_of_a_record_and_not_its_text(held, vault):
    Records(held).erase("M1", forget_versions(held))
    path = held.lake / "quarantine" / "customers" / "b1.parquet"
    rows = pq.read_table(path).to_pylist()
    assert [row["raw_text"] for row in rows] == [None, None, "[sealed]"]
    assert [row["row_key"] for row in rows] == [None, None, "M3"]
    assert {row["rule"] for row in rows} == {"type"}
    assert vault.read(["quarantine:l1"]).num_rows == 0


@pytest.mark.requirement("SEC-06")
def test_words_stay_without_anybody(held):
    Records(held).erase("M1", forget_versions(held))
    rows = lake(held, "complaints").to_pylist()
    assert [(r["complaint_id"], r["customer_id"], bool(r["vault_ref"])) for r in rows] == [
        ("C1", None, False),
        ("C2", "M3", True),
    ]
    assert rows[0]["verbatim"] == "打[phone],我是[name]"
    assert lake(held, "ref_members")["customer_id"].to_pylist() == ["M3"]


@pytest.mark.requirement("SEC-06")
def test_sealed_files_lose_the_person_and_nothing_else(held):
    Records(held).erase("M1", forget_versions(held))
    texts = sealed_texts(held)
    rest = (
        'customer_id,name,phone,email\nM3,"Anna\nO’Brien",,anna@example.org\nM12,M1x,13812345679,\n'
    )
    assert texts["customers/2014-12-31/members.csv"].decode() == rest
    assert texts["customers/2014-12-31/again.csv.gz"].decode() == rest
    assert texts["customers/2014-12-31/wide.csv"].decode("utf-16") == rest
    assert texts["pos_sales/2014-12-31/sales.csv"].decode() == SALES_CSV.replace("M1", "")
    assert texts["complaints/2014-12-31/c.jsonl"] == b'{"customer_id":"M3"}\n'
    assert (held.home / "exports" / "list.csv").read_text() == "customer_id\nM3\n"


@pytest.mark.requirement("SEC-06")
def test_a_redelivery_does_not_bring_the_person_back(held, members, vault):
    Records(held).erase("M1", forget_versions(held))
    with open_door(held, load_contract("customers")) as door:
        passed = door.protect(members)
        door.commit("b2")
    assert passed.rows["customer_id"].to_pylist() == ["M3", "M4"]
    assert vault.read(["customer_id:M1"]).num_rows == 0


@pytest.mark.requirement("SEC-06")
def test_what_was_not_rebuilt_is_named_by_the_proof(held):
    proof = Records(held).erase("M1")["proof"]
    assert proof["is_absent"] is False
    assert {hit["path"] for hit in proof["remaining"]} == {"published/000001/regulars.duckdb"}


@pytest.mark.requirement("SEC-01")
def test_the_search_can_fail(held, members):
    """The same search finds the person where tokens are switched off."""
    needles = Needles(["M1"], {"phone": ["13812345678"], "name": ["王小明"]}, "CN")
    archive = Archive(held, load_keys(held))
    kinds = {hit.kind for hit in search(held.lake, needles, archive)[0]}
    assert kinds == {"id", "name"}  # the number is a number; the name is in somebody's words
    pq.write_table(members, held.lake / "clear.parquet")
    (held.lake / "log.gz").write_bytes(gzip.compress(b"call 138 1234 5678"))
    found = {(hit.path, hit.kind) for hit in search(held.lake, needles, archive)[0]}
    assert {("clear.parquet", "phone"), ("clear.parquet", "name"), ("log.gz", "phone")} <= found


@pytest.mark.requirement("SEC-06")
def test_an_erasure_that_was_cut_off_is_finished(held, monkeypatch):
    from regulars.privacy.vault import Vault

    def power_cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "destroy", power_cut)
    with pytest.raises(KeyboardInterrupt):
        Records(held).erase("M1", forget_versions(held))
    monkeypatch.undo()
    with pytest.raises(RegularsError):
        Records(held).find("13812345678")
    records = Records(held)
    for number in ("M1", "M2"):
        certificate = records.erase(number, lambda: None)
    hits = {hit["path"] for hit in certificate["proof"]["remaining"]}
    assert hits <= {"published/000001/regulars.duckdb"}
    assert records.vault.read(["customer_id:M1", "customer_id:M2"]).num_rows == 0


@pytest.mark.requirement("SEC-06")
def test_an_erasure_that_was_cut_off_while_building_is_certified_by_the_next(held):
    def power_cut():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Records(held).erase("13812345678", power_cut)
    assert not (held.home / "erasures").exists()
    for other in ("M3", "13900000000"):
        assert Records(held)._unfinished(other) is None
    built = []
    certificate = Records(held).erase("138 1234 5678", lambda: built.append(1))
    assert built == [1]
    assert certificate["proof"]["files_searched"] > 10
    (listed,) = (held.vault / "suppression").glob("*.json")
    assert certificate["certificate"] == listed.stem
    with pytest.raises(NobodyKnownError):
        Records(held).erase("13812345678", pytest.fail)


@pytest.mark.requirement("SEC-06")
@pytest.mark.parametrize("place", ["inside", "outside"])
def test_files_that_others_own_are_named_and_not_touched(held, deliver, monkeypatch, place):
    if place == "outside":
        monkeypatch.setenv("REGULARS_LANDING", str(held.home.parent / "theirs"))
        held = load_settings()
    theirs = held.landing / "customers/2014-12-31"
    theirs.mkdir(parents=True, exist_ok=True)
    (theirs / "kept.csv").write_text(MEMBERS_CSV)
    (theirs / "other.csv").write_text("customer_id,name\nM3,Anna\n")
    monkeypatch.setenv("REGULARS_LANDED_FILES", "kept")
    proof = Records(load_settings()).erase("M1", forget_versions(held))["proof"]
    assert proof["is_absent"] is False
    named = {hit["path"] for hit in proof["remaining"]}
    assert len(named) == 1
    assert named.pop().endswith("customers/2014-12-31/kept.csv")
    assert (theirs / "kept.csv").read_text() == MEMBERS_CSV


@pytest.mark.requirement("SEC-06")
def test_a_request_waits_sealed_and_goes_with_its_certificate(held):
    leave_request(held, "13812345678")
    leave_request(held, "13900000000")
    waiting = sorted((held.home / "requests").iterdir())
    assert not any(b"139" in path.read_bytes() or b"138" in path.read_bytes() for path in waiting)
    assert not any("138" in path.name or "139" in path.name for path in waiting)

    def power_cut():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer_requests(held, power_cut)
    assert len(list((held.home / "requests").iterdir())) >= 1
    rebuild = forget_versions(held)
    answered = answer_requests(held, rebuild)
    (certificate,) = (held.home / "erasures").iterdir()
    assert answered["certificates"] == [certificate.stem]
    assert answered["unproved"] == []
    assert answered["unknown"] <= 1
    assert list((held.home / "requests").iterdir()) == []
    assert "138" not in json.dumps(answered["certificates"])


def test_a_request_that_was_changed_is_refused_and_stays(held):
    number = leave_request(held, "M1")
    path = held.home / "requests" / f"{number}.request"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(RegularsError, match=f"request {number} cannot be opened"):
        answer_requests(held, pytest.fail)
    assert path.exists()
    assert Records(held).find("M1").ids == ["M1", "M2"]


@pytest.mark.requirement("SEC-06")
def test_a_person_is_told_all_that_is_held(held):
    told = Records(held).report("M1")
    assert told["ids"] == ["M1", "M2"]
    assert any(row.get("phone") == "138 1234 5678" for row in told["told_us"])
    assert any("我是王小明" in (row.get("verbatim") or "") for row in told["told_us"])
    assert any(row.get("note") == "rang 小明" for row in told["told_us"])
    assert set(told["lake"]) == {"customers", "pos_sales", "complaints", "ref_members"}
    assert told["published"] == {"dim_customer": [{"customer_id": "M1"}]}
    assert "customers/2014-12-31/members.csv" in told["sealed_files"]
    json.dumps(told)


def test_numbers_are_looked_for_as_whole_words():
    needles = Needles(["M1"], {"phone": ["+86 138 1234 5678"]}, "CN")
    assert needles.in_text("a,M1,b")
    assert needles.in_text("138-1234-5678")
    assert not needles.in_text("M12 XM1 M1x")
    assert not needles.in_text("138123456789")
    assert needles.count("王,M1,8613812345678".encode("gb18030")) == {"id": 1, "phone": 1}


@pytest.mark.requirement("SEC-06")
@given(
    st.lists(
        st.sampled_from(["M1", "138 1234 5678", "8613812345678", "李o’B", "Li@X.com", "Ａ1"])
        | st.text(max_size=3),
        max_size=8,
    ),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.binary(max_size=3),
)
def test_the_quick_look_at_bytes_misses_nothing(texts, code, noise):
    contacts = {"phone": ["13812345678"], "name": ["李O’b"], "email": ["li@x.com"], "text": ["a.b"]}
    needles = Needles(["M1", "Ａ1"], contacts, "CN")
    block = noise.join(text.encode(code, "replace") for text in texts)
    slow = {
        kind: max(sum(1 for _ in pattern.finditer(block)) for _, pattern in patterns)
        for kind, patterns in needles._bytes.items()
    }
    assert needles.count(block) == {kind: times for kind, times in slow.items() if times}
