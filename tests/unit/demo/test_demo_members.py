"""Members: invented, changing, and sometimes twice on the books."""

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def customers(chain):
    return chain.tables["customers"].to_pandas().set_index("customer_id")


def digits(phone):
    return phone.replace("+86", "").replace(" ", "").replace("-", "")


def test_contacts_are_invented_but_well_formed(customers):
    phones = customers["phone"].dropna().map(digits)

    assert phones.str.fullmatch(r"1[3-9]\d{9}").all()
    assert phones.str.startswith("16000").all()
    assert customers["email"].dropna().str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.com").all()
    assert 0.8 < customers["phone"].notna().mean() < 1


def test_some_persons_hold_two_cards_and_are_listed(chain, customers):
    pairs = pd.DataFrame(chain.truth["second_cards"])
    one, two = customers.loc[pairs["customer_id"]], customers.loc[pairs["also"]]
    phones = customers["phone"].dropna().map(digits)

    assert 24 <= len(pairs) <= 60
    for column in ("name", "birth_date", "sex"):
        assert (one[column].to_numpy() == two[column].to_numpy()).all()
    same = one["phone"].map(digits).to_numpy() == two["phone"].map(digits).to_numpy()
    assert same.sum() == (len(pairs) + 1) // 2
    assert (one["phone"].to_numpy() != two["phone"].to_numpy()).all()
    assert (one["created_at"].to_numpy() < two["created_at"].to_numpy()).all()
    shared = phones[phones.duplicated(keep=False)]
    assert set(shared.index) == {*pairs["customer_id"][same], *pairs["also"][same]}


def test_everyone_joins_before_buying_and_some_never_buy(customers, lines):
    first = lines.groupby("customer_id")["sold_at"].min()
    joined = customers.loc[first.index, "created_at"]

    assert (joined < first).all()
    assert 40 <= len(customers) - len(first) <= 200


def test_points_are_what_was_spent_before_refunds(customers, lines):
    bought = lines[lines["refund_of"].isna()].groupby("customer_id")["fen"].sum() // 100
    expected = bought.reindex(customers.index, fill_value=0)

    assert (customers["points_balance"] == expected).all()
    assert set(customers["member_level"]) == {"standard", "silver", "gold"}


def test_a_row_is_sent_again_only_when_it_changed(chain):
    rows = pd.concat(
        d.rows.to_pandas().assign(until=pd.Timestamp(d.date) + pd.Timedelta(days=1))
        for d in chain.deliveries
        if d.feed == "customers"
    )
    cities = rows.groupby("customer_id")["city"].nunique()

    assert not rows.duplicated(["customer_id", "updated_at"]).any()
    assert (rows["updated_at"] < rows["until"]).all()
    assert (rows["created_at"] <= rows["updated_at"]).all()
    assert 10 <= (cities == 2).sum() <= 200
