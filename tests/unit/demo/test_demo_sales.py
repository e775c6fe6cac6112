"""Receipt lines: amounts to the fen, stores that could sell them, voids and refunds."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from regulars.demo.catalogue import PRODUCTS, SERIES


@pytest.fixture(scope="module")
def pos(chain):
    return chain.tables["pos_sales"].to_pandas()


def test_net_amount_is_quantity_times_price_less_discount_exactly(pos):
    due = pos["qty"] * pos["unit_price"] - pos["discount"]

    assert (due == pos["net_amount"]).all()
    assert ((pos["discount"] >= 0) & (pos["unit_price"] > 0)).all()
    assert 0.05 < (pos["discount"] > 0).mean() < 0.3
    assert pos.loc[pos["discount"] > 0, "promo_code"].notna().all()


def test_receipts_have_one_to_four_lines_numbered_from_one(pos):
    lines = pos.groupby(["store_id", "receipt_id"])["line_no"].agg(["size", "max", "nunique"])

    assert (lines["size"] == lines["max"]).all()
    assert (lines["size"] == lines["nunique"]).all()
    assert set(lines["size"]) == {1, 2, 3, 4}
    assert pos["receipt_id"].str.fullmatch(r"\d{7}").all()


def test_prices_are_the_list_prices(pos):
    price = {p.product_code: Decimal(p.price) / 100 for p in PRODUCTS}
    assert (pos["unit_price"] == pos["product_code"].map(price)).all()


@pytest.mark.requirement("DQ-13", "OP-14")
def test_five_lines_map_to_four_series_and_all_are_sold_in_their_time(chain, pos):
    products = chain.tables["products"].to_pandas()
    lines = products.groupby("series")["line"].agg(lambda values: sorted(set(values)))

    assert lines.to_dict() == {
        "仙芋系列": ["手工芋圆", "滑嫩仙草"],
        "传统豆花": ["传统豆花"],
        "招牌点心": ["招牌点心"],
        "古味茶饮": ["古味茶饮"],
    }
    assert set(lines.index) == set(SERIES)
    assert products[["unit_cost", "list_price", "role"]].notna().all(axis=None)
    sold = pos.merge(products, on="product_code", how="left", validate="many_to_one")
    day = sold["sold_at"].dt.date
    assert (sold["sold_from"] <= day).all()
    assert (sold["sold_to"].isna() | (sold["sold_to"] >= day)).all()
    assert products["sold_to"].notna().any()


@pytest.mark.requirement("MKT-25")
def test_stores_sell_only_while_they_are_open(chain, pos):
    stores = chain.tables["stores"].to_pandas()
    sold = pos.merge(stores, on="store_id", how="left", validate="many_to_one")
    business_day = (sold["sold_at"] - pd.Timedelta(hours=4)).dt.date

    assert (business_day >= sold["opened_at"]).all()
    assert (sold["closed_at"].isna() | (sold["closed_at"] >= business_day)).all()
    assert stores["closed_at"].notna().sum() == 1
    assert (stores["opened_at"] > pd.Timestamp("2012-01-01").date()).sum() == 4
    assert stores["province"].nunique() >= 8


@pytest.mark.requirement("LOY-04")
def test_tofu_pudding_is_sold_only_where_there_is_equipment(chain, lines):
    stores = chain.tables["stores"].to_pandas().set_index("store_id")
    equipped = stores["equipment"].str.split(";").map(lambda things: "douhua" in things)
    douhua = lines[(lines["series"] == "传统豆花") & (lines["fen"] > 0)]

    assert 4 <= equipped.sum() <= 8
    assert set(douhua["store_id"]) == set(equipped.index[equipped])
    installed = douhua.loc[douhua["store_id"] == "S05", "day"].min()
    assert pd.Timestamp("2014-03-01") <= installed < pd.Timestamp("2014-04-01")


def test_stores_without_takeaway_sell_none(chain, pos):
    stores = chain.tables["stores"].to_pandas()
    without = set(stores.loc[~stores["offers_takeaway"], "store_id"])

    assert without
    assert not (pos["store_id"].isin(without) & (pos["channel"] == "takeaway")).any()
    assert {"dine_in", "takeaway", "delivery"} == set(pos["channel"])


def test_refunds_return_a_line_that_was_sold_shortly_before(pos):
    refunds = pos[pos["refund_of"].notna()]
    origin = refunds.merge(
        pos,
        left_on=["store_id", "refund_of", "product_code"],
        right_on=["store_id", "receipt_id", "product_code"],
        suffixes=("", "_sold"),
    ).drop_duplicates(["store_id", "receipt_id"])

    assert 200 < len(refunds) < 2_000
    assert len(origin) == len(refunds)
    assert (origin["net_amount"] == -origin["net_amount_sold"]).all()
    assert (refunds["qty"] < 0).all()
    assert (origin["sold_at"] > origin["sold_at_sold"]).all()
    assert (origin["sold_at"] - origin["sold_at_sold"] < pd.Timedelta(days=2)).all()
    same = origin["customer_id"].fillna("") == origin["customer_id_sold"].fillna("")
    assert same.all()


def test_voided_lines_are_extra_lines(pos):
    void = pos[pos["void"]]

    assert 100 < len(void) < 2_000
    assert (void["line_no"] > 1).all()


def test_one_till_leaves_the_business_date_to_the_reader(pos):
    unstated = pos["business_date"].isna()
    hour = pos["sold_at"].dt.hour

    assert set(pos.loc[unstated, "store_id"]) == {"S03"}
    assert (unstated & (hour < 4)).any()
    stated = pos[~unstated]
    assert (stated["sold_at"].dt.date == stated["business_date"]).all()
    assert np.isin(hour[~unstated], range(10, 24)).all()
