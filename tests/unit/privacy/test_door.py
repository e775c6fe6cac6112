"""What passes the door: tokens to the lake, clear values to the vault, nobody who was erased."""

import json
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars.feeds.contract import FEEDS, load_contract
from regulars.privacy.classes import protected_columns, protection
from regulars.privacy.door import open_door, subjects, token_columns
from regulars.privacy.keys import load_keys
from regulars.privacy.suppression import Suppression


def pass_door(settings, feed, rows, name="b1"):
    with open_door(settings, load_contract(feed)) as door:
        passed = door.protect(rows)
        door.commit(name)
    return passed


def erased(settings, ids, phones=(), at=datetime(2014, 6, 1)):
    ring = load_keys(settings)
    entries = Suppression(settings, ring).entries(list(ids), {"phone": list(phones)})
    folder = settings.vault / "suppression"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(
        json.dumps({"erased_at": at.isoformat(), "entries": entries})
    )


@pytest.mark.requirement("SEC-01")
@pytest.mark.requirement("FEED-04")
def test_members_reach_the_lake_as_tokens(settings, members):
    rows = pass_door(settings, "customers", members).rows
    one, two, three, four = rows.to_pylist()
    assert one["phone"] == two["phone"]
    assert one["name"] == two["name"]
    assert one["name"] != three["name"]
    assert one["birth_keys"] == two["birth_keys"]
    assert one["birth_date"] != two["birth_date"]
    assert one["birth_year"] == 1980
    assert one["birth_month_day"] // 100 in range(1, 13)
    assert (one["address"], two["address"]) == ("[sealed]", None)
    assert three["birth_year"] is None
    assert three["birth_month_day"] is None
    assert all(four[n] is None for n in ("name", "phone", "email", "birth_date", "vault_ref"))
    text = json.dumps(rows.select(rows.column_names).to_pylist(), default=str, ensure_ascii=False)
    for value in ("小明", "1381234", "8613812345678", "example", "中山", "Main", "Anna", "1980-"):
        assert value not in text


def test_the_lake_has_the_columns_that_were_promised(settings, members):
    rows = pass_door(settings, "customers", members).rows
    promised = [n for n, _ in protected_columns(load_contract("customers"))]
    assert set(promised) <= {
        *rows.column_names,
        "created_at_is_utc",
        "updated_at_is_utc",
    }
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        kinds = dict(
            connection.execute("select column_name, column_type from (describe rows)").fetchall()
        )
    expected = dict(protected_columns(load_contract("customers")))
    assert {n: kinds[n] for n in expected if n in kinds} == {
        n: k for n, k in expected.items() if n in kinds
    }


@pytest.mark.requirement("SEC-01")
def test_the_vault_has_what_was_delivered(settings, members, vault, people):
    rows = pass_door(settings, "customers", members).rows
    held = vault.read_refs([r for r in rows["vault_ref"].to_pylist() if r]).to_pylist()
    found = {row["subject"]: json.loads(row["content"]) for row in held}
    for member in people[:3]:
        content = found[f"customer_id:{member[0]}"]
        assert content["name"] == member[1]
        assert content["phone"] == member[2]
        assert content["birth_date"] == (member[5] and member[5].isoformat())


@pytest.mark.requirement("FB-01")
def test_words_are_sealed_and_a_redacted_copy_goes_on(settings, vault, rows_of):
    said = ["打13812345678\n谢谢 😋", None, "plain"]
    rows = rows_of(
        "complaints", complaint_id=["C1", "C2", "C3"], customer_id=["M1", "M1", None], verbatim=said
    )
    passed = pass_door(settings, "complaints", rows).rows
    assert passed["verbatim"].to_pylist() == ["打[phone]\n谢谢 😋", None, "plain"]
    held = vault.read(["customer_id:M1", "complaint_id:C3"]).to_pylist()
    assert {(h["subject"], json.loads(h["content"])["verbatim"]) for h in held} == {
        ("customer_id:M1", said[0]),
        ("complaint_id:C3", "plain"),
    }
    assert passed["vault_ref"].null_count == 1


@pytest.mark.requirement("SAT-06")
@pytest.mark.requirement("SEC-07")
def test_an_anonymous_answer_is_sealed_under_nobodys_key(rows_of):
    rows = rows_of(
        "survey_responses",
        response_id=["r1", "r2", "r3"],
        customer_id=["M1", None, "slipped through"],
        anonymous=[False, True, True],
    )
    whose = subjects(rows, protection(load_contract("survey_responses"))).to_pylist()
    assert whose == ["customer_id:M1", "anonymous:l1", "anonymous:l1"]


@pytest.mark.requirement("SAT-06")
@pytest.mark.requirement("SEC-07")
def test_an_anonymous_answer_keeps_no_person_and_no_exact_time(settings, rows_of):
    at = datetime(2014, 5, 31, 23, 59, 58)
    rows = rows_of(
        "survey_responses",
        wave_id=["w"] * 3,
        response_id=["r1", "r2", "r2"],
        question_code=["q1", "q1", "q2"],
        responded_at=[at] * 3,
        updated_at=[at, at, None],
        customer_id=["M1", "slipped through", None],
        verbatim=["mine", "told in secret", None],
        anonymous=[False, True, True],
    )
    linked, one, two = pass_door(settings, "survey_responses", rows).rows.to_pylist()
    assert (linked["customer_id"], linked["response_id"], linked["responded_at"]) == (
        "M1",
        "r1",
        at,
    )
    assert one["customer_id"] is two["customer_id"] is None
    assert one["response_id"] == two["response_id"]
    assert one["response_id"].startswith("an_")
    assert one["response_id"] != "r2"
    assert one["responded_at"] == one["updated_at"] == datetime(2014, 5, 1, 12)
    assert two["updated_at"] is None
    again = pass_door(settings, "survey_responses", rows).rows.to_pylist()
    assert again == [linked, one, two]


@pytest.mark.requirement("SAT-06")
def test_an_anonymous_post_keeps_no_author(settings, rows_of):
    rows = rows_of(
        "ref_feedback",
        feedback_id=["F1"],
        author_hash=["abc"],
        customer_id=["M1"],
        anonymous=[True],
    )
    (row,) = pass_door(settings, "ref_feedback", rows).rows.to_pylist()
    assert row["author_hash"] is row["customer_id"] is None
    assert row["feedback_id"].startswith("an_")


def test_whose_row_it_is(rows_of):
    def whose(feed, **columns):
        return subjects(rows_of(feed, **columns), protection(load_contract(feed))).to_pylist()

    assert whose("complaint_events", complaint_id=["C1"], step=["closed"]) == ["complaint_id:C1"]
    assert whose("ref_interactions", interaction_id=["I1", "I2"], prospect_id=["P1", None]) == [
        "prospect_id:P1",
        "ref_interactions:I2",
    ]


@pytest.mark.parametrize("feed", FEEDS)
def test_every_feed_passes(settings, feed, rows_of):
    contract = load_contract(feed)
    columns = {n: ["x"] for n in contract.key if contract.column(n).type == "text"}
    rows = rows_of(feed, **(columns or {contract.columns[0].name: [None]}))
    passed = pass_door(settings, feed, rows)
    assert passed.rows.num_rows == 1
    assert passed.rows_suppressed == passed.rows_anonymised == 0
    if not protection(contract).sealed:
        assert passed.rows is rows


@pytest.mark.requirement("SEC-06")
def test_who_was_erased_does_not_come_back(settings, vault, rows_of, people):
    erased(settings, ["M1"], ["13812345678"])
    rows = rows_of(
        "customers",
        *people,
        created_at=[datetime(2013, 1, 1)] * 4,
    )
    rows = rows.set_column(
        rows.column_names.index("referrer_id"), "referrer_id", pa.array([None, None, "M1", "M3"])
    )
    passed = pass_door(settings, "customers", rows)
    assert passed.is_kept.to_pylist() == [False, False, True, True]  # M2 has the same number
    assert passed.rows["customer_id"].to_pylist() == ["M3", "M4"]
    assert passed.rows["referrer_id"].to_pylist() == [None, "M3"]
    assert (passed.rows_suppressed, passed.rows_anonymised) == (2, 1)
    assert vault.read(["customer_id:M1", "customer_id:M2"]).num_rows == 0

    complaints = rows_of(
        "complaints", complaint_id=["C1", "C2"], customer_id=["M1", "M3"], verbatim=["弱", "好"]
    )
    passed = pass_door(settings, "complaints", complaints)
    assert passed.rows["customer_id"].to_pylist() == [None, "M3"]
    assert passed.rows["vault_ref"].is_null().to_pylist() == [True, False]
    assert passed.rows["verbatim"].to_pylist() == ["弱", "好"]
    assert vault.read(["complaint_id:C1"]).num_rows == 0


@pytest.mark.requirement("SEC-06")
def test_sales_of_who_was_erased_stay_as_sales_of_nobody(settings, rows_of):
    erased(settings, ["M1"])
    rows = rows_of("pos_sales", receipt_id=["1", "2", "3"], customer_id=["M1", "M2", None])
    passed = pass_door(settings, "pos_sales", rows)
    assert passed.rows["customer_id"].to_pylist() == [None, "M2", None]
    assert passed.rows["receipt_id"].to_pylist() == ["1", "2", "3"]
    assert (passed.rows_suppressed, passed.rows_anonymised) == (0, 1)


@pytest.mark.requirement("SEC-06")
def test_who_comes_back_later_may_join_again(settings, rows_of, people):
    erased(settings, ["M1"], ["13812345678"], at=datetime(2014, 6, 1))
    rows = rows_of("customers", people[1], people[1])
    place = rows.column_names.index("created_at")
    times = pa.array([datetime(2014, 5, 31), datetime(2014, 6, 2)], pa.timestamp("us"))
    passed = pass_door(settings, "customers", rows.set_column(place, "created_at", times))
    assert passed.is_kept.to_pylist() == [False, True]


@pytest.mark.requirement("SEC-06")
def test_the_list_itself_names_nobody(settings):
    erased(settings, ["M1"], ["13812345678"])
    (path,) = (settings.vault / "suppression").iterdir()
    text = path.read_text()
    assert "M1" not in text
    assert "138123" not in text


@pytest.mark.requirement("SEC-01")
def test_quarantined_lines_are_sealed(settings, vault):
    lines = pa.table(
        {
            "load_id": ["l1", "l1"],
            "row_key": ["M1", None],
            "raw_text": ["M1,王小明,13812345678", "broken 13912345678"],
            "rule": ["type", "too_few_columns"],
        }
    )
    with open_door(settings, load_contract("customers")) as door:
        sealed = door.seal_lines(lines)
        door.commit("b1")
    assert sealed["raw_text"].to_pylist() == ["[sealed]", "[sealed]"]
    held = vault.read(["customer_id:M1", "quarantine:l1"]).to_pylist()
    texts = [json.loads(row["content"])["raw_text"] for row in held]
    assert sorted(texts) == sorted(lines["raw_text"].to_pylist())
    with open_door(settings, load_contract("stores")) as door:
        assert door.seal_lines(lines)["raw_text"] == lines["raw_text"]


def test_loading_again_changes_nothing(settings, members, vault):
    first = pass_door(settings, "customers", members).rows
    files = {p: p.read_bytes() for p in vault.files()}
    assert pass_door(settings, "customers", members, "b2").rows == first
    assert {p: p.read_bytes() for p in vault.files()} == files
    assert pc.count_distinct(first["vault_ref"]).as_py() == 3


def test_time_of_the_erasure_may_carry_an_offset(settings, rows_of):
    erased(settings, ["M1"], at=datetime(2014, 6, 1, tzinfo=UTC))
    rows = rows_of("pos_sales", receipt_id=["1"], customer_id=["M1"])
    assert pass_door(settings, "pos_sales", rows).rows["customer_id"].to_pylist() == [None]


@pytest.mark.parametrize("rows_expected", [4, 5])
def test_what_the_lake_has_of_a_row_that_comes_again_is_not_made_again(
    settings, members, rows_of, people, monkeypatch, rows_expected
):
    contract = load_contract("customers")

    def protected(rows):
        with open_door(settings, contract) as door:
            door.expect(rows_expected)
            passed = door.protect(rows).rows
            door.commit("b")
        return passed

    folder = settings.lake / "customers"
    folder.mkdir(parents=True)
    changed = [people[0], ("M2", "王二", "13900000000", None, None, None), *people[2:], people[0]]
    following = rows_of("customers", *changed)
    fresh = protected(following)
    pq.write_table(protected(members), folder / "2014-12-30_b1.parquet")
    # Older, and of no use: it lacks what is looked up.
    pq.write_table(members.select(["customer_id"]), folder / "2014-12-29_b0.parquet")

    made = []

    def counted(clear, *arguments):
        made.append(clear["name"].to_pylist())
        return token_columns(clear, *arguments)

    monkeypatch.setattr("regulars.privacy.door.token_columns", counted)
    assert protected(following).equals(fresh)
    # Who delivered nothing has no ref to be known by, and nothing to make.
    assert made == [["王二", None]]


@pytest.mark.requirement("SEC-06")
def test_a_quarantined_record_of_an_erased_person_is_kept_without_text_and_key(settings, vault):
    erased(settings, ["M1"])
    lines = pa.table({"load_id": ["l1"] * 2, "row_key": ["M1", "M3"], "raw_text": ["M1,x", "M3,x"]})
    with open_door(settings, load_contract("customers")) as door:
        sealed = door.seal_lines(lines)
        door.commit("b1")
    assert sealed["raw_text"].to_pylist() == [None, "[sealed]"]
    assert sealed["row_key"].to_pylist() == [None, "M3"]
    assert vault.read(["customer_id:M1"]).num_rows == 0
    assert vault.read(["customer_id:M3"]).num_rows == 1
