"""Records of known persons, linked: how many pairs are found, and how many are wrong."""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import combinations

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from regulars.feeds.contract import load_contract
from regulars.identity import pairs
from regulars.identity.groups import Limits, Link, Record, form_groups
from regulars.identity.pairs import LEVELS, PAIRS, Weight, condition, known, likely_pairs
from regulars.privacy.classes import protection
from regulars.privacy.door import token_columns
from regulars.privacy.keys import load_keys
from regulars.privacy.tokens import Tokens
from regulars.settings import PROJECT_ROOT, load_settings

# FEBRL's third set: 2,000 persons and 3,000 copies with errors (see its README).
FEBRL = PROJECT_ROOT / "tests" / "fixtures" / "febrl" / "dataset3.csv.gz"
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
DAY = date(2014, 1, 1)


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def weights():
    return {
        (row["comparison"], row["level"]): Weight(
            float(row["m_probability"]),
            float(row["u_probability"]),
            float(row["alike_min"]) if row["alike_min"] else None,
        )
        for row in seed("ref_identity_weights")
    }


@pytest.fixture(scope="module")
def rule():
    return {
        row["code"].removeprefix("identity_"): float(row["value"])
        for row in seed("ref_parameters")
        if row["code"].startswith("identity_")
    }


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_HOME", str(tmp_path_factory.mktemp("linkage")))
        patch.setenv("REGULARS_SETTINGS", "none.toml")
        return Tokens(load_keys(load_settings()), "CN")


@pytest.fixture(scope="module")
def records(tokens, rule):
    """FEBRL's records as ``int_customers__records_compared`` has them, and whose each is.

    What the door makes of the customers feed is made of them. The number of social security stands
    for the mail address (one that was mistyped has another token), the suburb for the city.
    """
    told = pd.read_csv(FEBRL, dtype=str, skipinitialspace=True).fillna("")
    place = ["street_number", "address_1", "address_2", "suburb", "postcode", "state"]
    columns = {
        "name": told["given_name"] + " " + told["surname"],
        "phone": pd.Series("", told.index),
        "email": told["soc_sec_id"] + "@example.com",
        "address": told[place].agg(" ".join, axis=1),
        "key_override": pd.Series("", told.index),
    }
    clear = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    born = pd.to_datetime(told["date_of_birth"], format="%Y%m%d", errors="coerce")
    clear["birth_date"] = pa.array(born.dt.date.where(born.notna(), None), pa.date32())
    made = token_columns(clear, protection(load_contract("customers")), tokens)
    tokenised = ("name", "phone", "email", "birth_date", "name_keys", "birth_keys")
    table = {name: made[name] for name in tokenised}
    table["address_keys"] = rare(made["address_keys"], rule["address_shared_max"])
    table["city"] = pa.array(told["suburb"].where(told["suburb"].ne("")), pa.string())
    table["sex"] = pa.nulls(len(told), pa.string())
    table["customer_id"] = table["record_key"] = [f"M{n:06d}" for n in range(len(told))]
    table["is_new"] = pa.repeat(True, len(told))
    person = told["rec_id"].str.extract(r"rec-([0-9]+)-")[0]
    return pa.table(table), dict(zip(table["customer_id"], person, strict=True))


def rare(addresses: pa.Array, most: float) -> pa.Array:
    """Those parts that at most so many records share; null where there are none."""
    listed = addresses.to_pylist()
    records = Counter(part for parts in listed for part in parts or ())
    kept = [[part for part in parts or () if records[part] <= most] or None for parts in listed]
    return pa.array(kept, pa.list_(pa.int64()))


def test_every_level_has_a_weight_and_all_that_differ_are_weighed(weights):
    assert set(weights) == {
        (name, level) for name, levels in LEVELS.items() for level in (*levels, "other")
    }
    for (_, level), weight in weights.items():
        assert (weight.alike_min is None) == (level in ("exact", "other"))
    for name in LEVELS:
        for part in (0, 1):
            of_all = sum(weight[part] for key, weight in weights.items() if key[0] == name)
            assert of_all == pytest.approx(1, abs=0.001), name


def measured(rows, person, weights) -> dict[tuple[str, str], tuple[float, float]]:
    """How often two records of one person, and of two, meet each level; of 1,000 records all pairs
    of strangers. Comparisons that nothing is known of are left out.
    """
    names = [name for name in rows.column_names if name not in ("record_key", "is_new")]
    both = ", ".join(f"{side}.{name} as {name}_{side}" for side in "lr" for name in names)
    whose = pa.table({"customer_id": list(person), "who": list(person.values())})
    found = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("listed", rows)
        connection.register("whose", whose)
        connection.execute(
            "create table known as from listed join whose using (customer_id) order by customer_id"
        )
        order = "l.customer_id < r.customer_id"
        connection.execute(
            f"create table same as select {both} from known l join known r"
            f" on l.who = r.who and {order}"
        )
        connection.execute(
            f"create table strangers as select {both} from (from known limit 1000) l"
            f" join (from known limit 1000) r on l.who <> r.who and {order}"
        )
        for name, levels in LEVELS.items():
            of = " ".join(
                f"when {condition(name, level, weights[name, level].alike_min)} then '{level}'"
                for level in levels
            )
            shares = [
                dict(
                    connection.execute(
                        f"select case {of} else 'other' end as level,"
                        f" count(*) / sum(count(*)) over () from {pairs_of}"
                        f" where {known(name)}_l is not null and {known(name)}_r is not null"
                        " group by level"
                    ).fetchall()
                )
                for pairs_of in ("same", "strangers")
            ]
            if all(shares):
                for level in (*levels, "other"):
                    found[name, level] = tuple(share.get(level, 0.0) for share in shares)
    return found


@pytest.mark.requirement("DQ-01")
def test_weights_say_what_known_persons_say(records, weights):
    """Of records with more errors than a till's: for one person where that is measured, against it
    where that is, and never ten times as sure.
    """
    found = measured(*records, weights)
    assert {name for name, _ in found} == {"name", "birth_date", "email", "address", "city"}
    for key, (m, u) in found.items():
        chosen = weights[key]
        print(f"{key}: chosen {chosen.m:g} / {chosen.u:g}, measured {m:.4f} / {u:.6f}")
        if m and u:
            assert (chosen.m > chosen.u) == (m > u), key
            assert chosen.m / chosen.u < 10 * m / u, key


def joined(rows, found, rule) -> dict[str, str]:
    """Number → customer of every linked record, by contacts and likely pairs."""
    listed = rows.to_pylist()
    links = [
        Link(pair["record_key_a"], pair["record_key_b"], "alike", 3, pair["probability"], DAY, None)
        for pair in found.to_pylist()
    ]
    for strength, kind in ((1, "phone"), (2, "email")):
        givers = defaultdict(list)
        for row in listed:
            if row[kind]:
                givers[row[kind]].append(row["customer_id"])
        for numbers in givers.values():
            links += [
                Link(a, b, f"same {kind}", strength, 1.0, DAY, None)
                for a, b in combinations(sorted(numbers), 2)
            ]
    names = ("name", "birth_date", "name_keys", "birth_keys")
    known = [
        Record(row["customer_id"], DAY, datetime(2013, 1, 1), *(row[name] for name in names))
        for row in listed
    ]
    limits = Limits(rule["name_alike_min"], int(rule["birth_parts_min"]), int(rule["group_max"]))
    return {p.member_id: p.customer_id for p in form_groups(known, links, [], limits)}


@pytest.mark.requirement("DQ-01")
def test_one_phone_in_two_formats_is_one_customer(tokens, rule):
    phones = ["138-0000-0000", "+8613800000000", "138-0000-0001"]
    rows = pa.table(
        {"customer_id": ["M1", "M2", "M3"], "phone": tokens.tokens("phone", pa.array(phones))}
        | {name: [None] * 3 for name in ("email", "name", "birth_date", "name_keys", "birth_keys")}
    )
    assert joined(rows, PAIRS.empty_table(), rule) == {"M1": "M1", "M2": "M1"}


@pytest.mark.requirement("DQ-01", "C360-02")
@pytest.mark.parametrize(("has_address", "least"), [(True, 0.99), (False, 0.975)])
def test_records_of_known_persons_are_linked(records, weights, rule, has_address, least):
    rows, person = records
    if not has_address:
        place = rows.column_names.index("address_keys")
        rows = rows.set_column(place, "address_keys", pa.nulls(len(rows), pa.list_(pa.int64())))
    true = pairs_in(Counter(person.values()))
    # Of this set it is known how many pairs are true; all other figures are those of the house.
    prior = true / (len(person) * (len(person) - 1) / 2)
    found = likely_pairs(rows, weights, prior, rule["probability_min"])
    customer = joined(rows, found, rule)
    groups = [(customer.get(number, number), whose) for number, whose in person.items()]
    right = pairs_in(Counter(groups))
    precision, recall = right / pairs_in(Counter(group for group, _ in groups)), right / true
    f1 = 2 * precision * recall / (precision + recall)
    print(f"address {has_address}: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")
    assert true == 6538
    assert precision >= 0.999
    assert f1 >= least


def pairs_in(counted: Counter) -> int:
    return sum(n * (n - 1) // 2 for n in counted.values())


@pytest.mark.requirement("DQ-01")
def test_night_by_night_gives_what_all_at_once_gives(records, weights, rule):
    rows = records[0].slice(0, 1500)
    limits = rule["prior"], rule["probability_min"]
    whole = likely_pairs(rows, weights, *limits)
    place = rows.column_names.index("is_new")
    nights = []
    for until in (500, 501, 1500):
        new = [until - {500: 500, 501: 1, 1500: 999}[until] <= n for n in range(until)]
        known = rows.slice(0, until).set_column(place, "is_new", pa.array(new))
        nights.append(likely_pairs(known, weights, *limits))
    order = [("record_key_a", "ascending"), ("record_key_b", "ascending")]
    assert len(whole) > 100
    assert pa.concat_tables(nights).sort_by(order).equals(whole.sort_by(order))
    assert likely_pairs(rows.take(list(range(1499, -1, -1))), weights, *limits).equals(whole)


def test_nothing_new_is_not_compared_at_all(records, weights, rule, monkeypatch):
    rows = records[0].slice(0, 10)
    old = rows.set_column(rows.column_names.index("is_new"), "is_new", pa.array([False] * 10))
    monkeypatch.setattr(pairs.duckdb, "connect", None)
    assert likely_pairs(old, weights, rule["prior"], rule["probability_min"]).equals(
        PAIRS.empty_table()
    )


def pair(weights, rule, *, a=None, b=None):
    """The probability that two records are one person's."""
    both = {"name": "王芳", "name_keys": [1, 2, 3], "birth_date": "d", "birth_keys": [7, 8, 9]}
    both |= {"city": "厦门", "sex": "female", "phone": None, "email": None, "is_new": True}
    both["address_keys"] = None
    rows = [both | {"record_key": k, "customer_id": k} | (x or {}) for k, x in (("a", a), ("b", b))]
    lists = {name: pa.list_(pa.int64()) for name in ("name_keys", "birth_keys", "address_keys")}
    schema = pa.schema([(k, lists.get(k, pa.string())) for k in rows[0] if k != "is_new"])
    table = pa.Table.from_pylist(rows, schema).append_column("is_new", pa.array([True, True]))
    found = likely_pairs(table, weights, rule["prior"], rule["probability_min"])
    return found["probability"].to_pylist()


@pytest.mark.requirement("DQ-01")
def test_a_changed_phone_is_bridged_by_name_birth_and_city(weights, rule):
    changed = {"a": {"phone": "p1"}, "b": {"phone": "p2"}}
    (found,) = pair(weights, rule, **changed)
    # 0.84/0.002 · 0.9/0.00007 · 0.85/0.12 · 0.98/0.52 · 0.45/0.999999 to one, odds of 1 in 999,999.
    assert found == pytest.approx(0.9701, abs=0.0001)
    # Name and day of birth alone are those of several people in a large chain.
    assert pair(weights, rule, a={"city": None}, b={"sex": None}) == []
    assert pair(weights, rule, b={"city": "北京"}) == []
    other = {"name": "李娜", "name_keys": [4, 5, 6]}
    assert pair(weights, rule, a={"phone": "p1"}, b={"phone": "p1", **other})[0] > 0.99
    assert pair(weights, rule, b=other) == []
