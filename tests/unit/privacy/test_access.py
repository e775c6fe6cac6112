"""Who may read what: denied by default, kept to rows and columns, every access in the log."""

import csv
import io
import json
import os

import duckdb
import pyarrow as pa
import pytest

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.feeds.quarantine import Quarantined, write
from regulars.privacy import access
from regulars.privacy.access import Reader, decrypt, given_passphrase
from regulars.privacy.access_log import append, check
from regulars.privacy.door import open_door
from regulars.privacy.erasure import Records

PASSPHRASE = "correct horse battery"  # noqa: S105
POLICY = [
    # role, table, columns, rows, from, to, status at as_of
    ("analyst", "fct_sales", "*", None, "2012-01-01", None, "granted"),
    ("analyst", "mart_tier", "customer_id;tier", None, None, None, "granted"),
    ("analyst", "mart_ended", "*", None, None, "2020-01-01", "granted"),
    ("analyst", "mart_coming", "*", None, "2999-01-01", None, "not yet"),
    ("analyst", "raw_customers", "*", None, None, None, "no such table"),
    ("analyst", "rpt_call_list", "*", None, None, None, "granted"),
    ("east", "fct_sales", "*", "region=华东", None, None, "granted"),
    ("east", "dim_store", "*", "region=华东", None, None, "granted"),
    (
        "east",
        "rpt_call_list",
        "customer_id;name;phone;reasons",
        "region=华东",
        None,
        None,
        "granted",
    ),
    ("lost", "mart_tier", "*", "region=华东", None, None, "granted"),
    ("south", "audit_quarantine", "feed;raw_text", "region=华南", None, None, "granted"),
    ("steward", "audit_quarantine", "feed;raw_text", None, None, None, "granted"),
    ("clerk", "audit_quarantine", "*", None, None, None, "granted"),
    ("PA-1", "mart_tier", "tier", None, None, None, "granted"),
    ("PA-2", "mart_tier", "tier", None, None, None, "granted"),
    (None, "mart_ungranted", None, None, None, None, "denied to all"),
]
STAFF = [
    ("s-s", "steward"),
    ("s-s", "south"),
    ("s-c", "clerk"),
    ("s-a", "analyst"),
    ("s-e", "east"),
    ("s-l", "lost"),
    ("s-n", "analyst"),
    ("s-0", "none"),
]
AGREEMENTS = [
    # party, kind, party_kind, from, to
    ("s-a", "confidentiality", "staff", "2012-01-01", None),
    ("s-s", "confidentiality", "staff", "2012-01-01", None),
    ("s-c", "confidentiality", "staff", "2012-01-01", None),
    ("s-e", "confidentiality", "staff", "2012-01-01", "2999-01-01"),
    ("s-l", "confidentiality", "staff", "2012-01-01", None),
    ("s-0", "confidentiality", "staff", "2012-01-01", None),
    ("s-n", "confidentiality", "staff", "2012-01-01", "2020-01-01"),
    ("PA-1", "data_sharing", "partner", "2012-01-01", None),
    ("PA-2", "data_sharing", "partner", "2012-01-01", "2020-01-01"),
]
TABLES = {
    "fct_sales": "(values ('r1', 's1', 'M1', 10), ('r2', 's2', 'M3', 20))"
    " t(receipt_id, store_id, customer_id, net_amount)",
    "mart_tier": "(values ('M1', 'A', 99), ('M3', 'B', 50)) t(customer_id, tier, grade)",
    "mart_ended": "(values (1)) t(x)",
    "mart_coming": "(values (1)) t(x)",
    "mart_ungranted": "(values (1)) t(x)",
    "dim_store": "(values ('s1', '华东'), ('s2', '华南')) t(store_id, region)",
    # M9 is on the list and unknown to the vault.
    "rpt_call_list": "(values ('M3', 2, '=near'), ('M1', 1, 'fell'), ('M9', 1, 'fell'),"
    " ('M2', 1, 'fell')) t(customer_id, urgency, reasons)",
    "dim_customer": "(values ('M1', '华东'), ('M2', '华南'), ('M3', '华东'), ('M9', '华东'))"
    " t(customer_id, region)",
}


@pytest.fixture
def version(settings):
    """A published version with a policy."""
    folder = settings.published / "versions" / "000007"
    folder.mkdir(parents=True)
    (settings.published / "current").symlink_to(folder)
    with duckdb.connect(folder / "regulars.duckdb") as connection:
        connection.execute(
            "create table rpt_access_policy (role_name varchar, object_name varchar,"
            " allowed_columns varchar, row_filter varchar, from_date date, to_date date,"
            " status varchar)"
        )
        connection.executemany("insert into rpt_access_policy values (?, ?, ?, ?, ?, ?, ?)", POLICY)
        connection.execute("create table rpt_data_access (staff_id varchar, role_name varchar)")
        connection.executemany("insert into rpt_data_access values (?, ?)", STAFF)
        connection.execute(
            "create table rpt_agreements (party_id varchar, kind varchar, party_kind varchar,"
            " valid_from_date date, valid_to_date date)"
        )
        connection.executemany("insert into rpt_agreements values (?, ?, ?, ?, ?)", AGREEMENTS)
        for name, values in TABLES.items():
            connection.execute(f"create table {name} as from {values}")
    return settings


@pytest.fixture
def vaulted(version, members):
    """The same with the members' numbers in the vault and their refs in the warehouse."""
    names = members["name"].to_pylist()
    phones = members["phone"].to_pylist()
    names[2], phones[2] = '=HYPERLINK("x")', "+44 20 7946 0958"
    for column, values in (("name", names), ("phone", phones)):
        place = members.column_names.index(column)
        members = members.set_column(place, column, pa.array(values))
    with open_door(version, load_contract("customers")) as door:
        rows = door.protect(members).rows
        door.commit("b1")
    version.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(version.warehouse) as connection:
        connection.execute("create schema staging")
        connection.register("rows", rows)
        connection.execute(
            "create table staging.stg_reference__customers as"
            " select customer_id, vault_ref from rows"
        )
    return version


def log(settings):
    return [json.loads(line) for line in settings.access_log.read_text("utf-8").splitlines()]


def listed(text):
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.requirement("SEC-02")
def test_a_role_sees_what_it_is_granted_and_nothing_else(version):
    reader = Reader(version, "analyst", "s-a")
    assert sorted(reader.grants) == ["fct_sales", "mart_tier", "rpt_call_list"]
    with reader.open() as connection:
        tables = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
        assert [name for (name,) in tables] == ["fct_sales", "mart_tier", "rpt_call_list"]
        tiers = connection.execute("select * from mart_tier order by 1")
        assert [column[0] for column in tiers.description] == ["customer_id", "tier"]
        assert tiers.fetchall() == [("M1", "A"), ("M3", "B")]


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize(
    "table",
    ["mart_ungranted", "mart_ended", "mart_coming", "raw_customers", "dim_customer", "nothing"],
)
def test_what_is_not_granted_today_is_denied_and_logged(version, table):
    reader = Reader(version, "analyst", "s-a")
    with pytest.raises(RegularsError, match=f"analyst may not read {table}"):
        reader.open([table])
    with pytest.raises(RegularsError, match=f"analyst may not read {table}"):
        reader.query(f"select * from {table}")
    assert [(e["action"], e["object"], e["rows_given"]) for e in log(version)] == [
        ("denied", table, 0)
    ] * 2


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize(
    "escape",
    [
        "attach '{path}' as again",
        "select * from '{path}'",
        "select * from read_csv('/etc/passwd')",
        "copy fct_sales to '{path}.csv'",
        "select * from published.mart_ungranted",
        "select * from query_table('mart_ungranted')",
        "set enable_external_access = true",
        "reset lock_configuration",
        "install httpfs",
    ],
)
def test_a_reader_cannot_leave_its_connection(version, escape):
    reader = Reader(version, "analyst", "s-a")
    with reader.open() as connection, pytest.raises(duckdb.Error):
        connection.execute(escape.format(path=reader.path))
    with pytest.raises(RegularsError):
        reader.query(escape.format(path=reader.path))


@pytest.mark.requirement("SEC-02")
def test_a_role_of_a_region_gets_rows_of_the_region_only(version):
    reader = Reader(version, "east", "s-e")
    # The table has a store and no region: that of the store counts.
    assert reader.query("select receipt_id from fct_sales") == (["receipt_id"], [("r1",)])
    assert reader.query("select * from dim_store")[1] == [("s1", "华东")]
    assert {entry["row_filter"] for entry in log(version)} == {"region=华东"}


@pytest.mark.requirement("SEC-02")
def test_a_filter_that_cannot_hold_gives_nothing(version, monkeypatch):
    monkeypatch.setattr(access, "_LOOKUPS", {})
    with pytest.raises(RegularsError, match="mart_tier cannot be kept to region=华东"):
        Reader(version, "lost", "s-l").open()


@pytest.mark.requirement("SEC-02", "SEC-04")
@pytest.mark.parametrize(
    ("role", "person", "reason"),
    [
        ("east", "s-a", "s-a does not hold role east"),
        ("analyst", "nobody", "nobody does not hold role analyst"),
        ("analyst", "PA-1", "PA-1 does not hold role analyst"),
        ("analyst", "s-n", "s-n has no agreement on confidentiality"),
        ("none", "s-0", "grants role none nothing"),
    ],
)
def test_who_holds_no_role_or_no_agreement_is_refused(version, role, person, reason):
    with pytest.raises(RegularsError, match=reason):
        Reader(version, role, person)
    (entry,) = log(version)
    assert (entry["action"], entry["person_id"], entry["role"]) == ("denied", person, role)


@pytest.mark.requirement("SEC-12")
def test_a_partner_reads_under_an_agreement_that_is_valid_today(version):
    assert Reader(version, "PA-1", "PA-1").query("select * from mart_tier order by 1")[1] == [
        ("A",),
        ("B",),
    ]
    with pytest.raises(RegularsError, match="PA-2 has no agreement on data_sharing"):
        Reader(version, "PA-2", "PA-2")


@pytest.mark.requirement("SEC-03", "SEC-12")
def test_every_access_is_logged_without_what_was_asked(version):
    reader = Reader(version, "analyst", "s-a")
    reader.query("select tier from mart_tier where customer_id = 'M1'")
    (entry,) = log(version)
    assert entry["entry_no"] == 1
    assert {k: entry[k] for k in ("action", "person_id", "role", "object", "version")} == {
        "action": "read",
        "person_id": "s-a",
        "role": "analyst",
        "object": "mart_tier",
        "version": "000007",
    }
    assert entry["rows_given"] == 2
    assert "M1" not in version.access_log.read_text("utf-8")
    assert version.access_log.stat().st_mode & 0o777 == 0o600


@pytest.mark.requirement("SEC-03")
@pytest.mark.parametrize("change", ["edit", "drop", "swap", "garbage"])
def test_a_log_that_was_changed_is_found_and_nothing_more_is_given(version, change):
    for number in range(3):
        append(version, "read", object=f"t{number}")
    assert check(version) == 3
    lines = version.access_log.read_text("utf-8").splitlines()
    if change == "edit":
        lines[1] = lines[1].replace("t1", "t9")
    elif change == "drop":
        del lines[1]
    elif change == "swap":
        lines[0], lines[1] = lines[1], lines[0]
    else:
        lines[1] = "[]"
    version.access_log.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(RegularsError, match="access log was changed at line"):
        check(version)
    with pytest.raises(RegularsError, match="access log was changed"):
        Reader(version, "analyst", "s-a").open(["mart_tier"])


@pytest.mark.requirement("SEC-02")
def test_call_list_is_encrypted_and_of_the_region(vaulted):
    path = Reader(vaulted, "east", "s-e").call_list(PASSPHRASE)

    # M2 is of another region; the vault has no number of M9. By urgency; formulas are defused.
    assert listed(decrypt(path, PASSPHRASE)) == [
        ["name", "phone", "customer_id", "reasons"],
        ["王小明", "138 1234 5678", "M1", "fell"],
        ['\'=HYPERLINK("x")', "+44 20 7946 0958", "M3", "'=near"],
    ]
    content = path.read_bytes()
    assert "王小明".encode() not in content
    assert b"138" not in content
    assert path.stat().st_mode & 0o777 == 0o600
    assert [(e["action"], e["object"], e["rows_given"]) for e in log(vaulted)] == [
        ("call_list", "rpt_call_list", 2)
    ]
    assert "M1" not in vaulted.access_log.read_text("utf-8")


@pytest.mark.requirement("SEC-02")
def test_all_columns_of_the_list_are_not_names_and_numbers(vaulted):
    reader = Reader(vaulted, "analyst", "s-a")
    with pytest.raises(RegularsError, match="not granted name and phone"):
        reader.call_list(PASSPHRASE)
    assert not vaulted.call_lists.exists()
    assert reader.query("select * from rpt_call_list limit 0")[0] == [
        "customer_id",
        "urgency",
        "reasons",
    ]


@pytest.fixture
def broken(version):
    """The same with two lines of members and one of products in quarantine."""
    for feed, lines in {
        "customers": ["M1,王小明,13812345678", "'=1+1,M2"],
        "products": ["p"],
    }.items():
        held, ledger = version.lake / "quarantine" / feed, version.lake / "ledger" / feed
        held.mkdir(parents=True)
        ledger.mkdir(parents=True)
        path = f"{feed}/2014-12-31/a.csv"
        line = {"file_path": path, "batch_id": "b1", "attempt": 1, "status": "loaded"}
        (ledger / "b1.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
        with open_door(version, load_contract(feed)) as door:
            records = [
                Quarantined("l1", feed, path, n, n + 1, f"M{n}", text, None, "r", "why", None)
                for n, text in enumerate(lines, start=1)
            ]
            write(held / "b1.parquet", records, door)
            door.commit("b1")
    return version


@pytest.mark.requirement("SEC-02", "SEC-03")
def test_a_privileged_role_reads_lines_in_quarantine_word_for_word(broken):
    names, rows = Reader(broken, "steward", "s-s").quarantined()
    assert names[-1] == "raw_text"
    assert [row[-1] for row in rows] == ["M1,王小明,13812345678", "'=1+1,M2", "p"]
    assert rows[0][:2] == ("customers/2014-12-31/a.csv", "2")
    assert [row[-1] for row in Reader(broken, "steward", "s-s").quarantined("products")[1]] == ["p"]
    told = [(e["action"], e["object"], e["person_id"], e["rows_given"]) for e in log(broken)]
    assert told == [
        ("read", "audit_quarantine", "s-s", 3),
        ("read", "audit_quarantine", "s-s", 1),
    ]
    assert "王小明" not in broken.access_log.read_text("utf-8")
    for path in (broken.lake / "quarantine").rglob("*.parquet"):
        assert "王小明".encode() not in path.read_bytes()


@pytest.mark.requirement("SEC-02", "SEC-03")
@pytest.mark.parametrize(
    ("role", "person", "reason"),
    [
        ("clerk", "s-c", "not granted raw_text"),
        ("analyst", "s-a", "not granted raw_text"),
        ("south", "s-s", "cannot be kept to region=华南"),
    ],
)
def test_lines_in_quarantine_are_granted_by_name_and_whole(broken, role, person, reason):
    with pytest.raises(RegularsError, match=reason):
        Reader(broken, role, person).quarantined()
    (entry,) = log(broken)
    assert (entry["action"], entry["object"]) == ("denied", "audit_quarantine")


@pytest.mark.requirement("SEC-06")
def test_an_erased_line_in_quarantine_has_no_text(broken):
    Records(broken).erase("M1")
    rows = Reader(broken, "steward", "s-s").quarantined("customers")[1]
    assert [row[-1] for row in rows] == ["", "'=1+1,M2"]


def test_call_list_opens_with_its_passphrase_alone(vaulted):
    path = Reader(vaulted, "east", "s-e").call_list(PASSPHRASE)
    with pytest.raises(RegularsError, match="another passphrase or is damaged"):
        decrypt(path, PASSPHRASE + "!")
    content = path.read_bytes()
    for broken in (content[:-1], content[:-1] + bytes([content[-1] ^ 1]), content[:20], b"PK"):
        os.chmod(path, 0o600)
        path.write_bytes(broken)
        with pytest.raises(RegularsError, match=r"damaged|no call list"):
            decrypt(path, PASSPHRASE)


def test_a_passphrase_is_given_and_long(vaulted, monkeypatch, tmp_path):
    monkeypatch.delenv(access.PASSPHRASE, raising=False)
    with pytest.raises(RegularsError, match="set REGULARS_CALL_LIST_PASSPHRASE"):
        given_passphrase()
    monkeypatch.setenv(access.PASSPHRASE, "eleven char")
    with pytest.raises(RegularsError, match="12 characters"):
        Reader(vaulted, "east", "s-e").call_list(given_passphrase())
    (tmp_path / "secret").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv(f"{access.PASSPHRASE}_FILE", str(tmp_path / "secret"))
    assert given_passphrase() == PASSPHRASE
    monkeypatch.setenv(f"{access.PASSPHRASE}_FILE", str(tmp_path / "none"))
    with pytest.raises(RegularsError, match="cannot be read"):
        given_passphrase()


@pytest.mark.requirement("SEC-06", "SEC-12")
def test_an_erasure_leaves_no_call_list_behind(vaulted):
    path = Reader(vaulted, "east", "s-e").call_list(PASSPHRASE)
    certificate = Records(vaulted).erase("M3")
    assert not path.exists()
    assert f"exports/call_lists/{path.name}" in [done["path"] for done in certificate["removed"]]
    again = Reader(vaulted, "east", "s-e").call_list(PASSPHRASE)
    assert [row[2] for row in listed(decrypt(again, PASSPHRASE))] == ["customer_id", "M1"]
