"""Complaints: step histories, limits met and missed, files that show only what is known."""

from datetime import datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from regulars.demo.complaints import STEPS


@pytest.fixture(scope="module")
def complaints(chain):
    return chain.tables["complaints"].to_pandas().set_index("complaint_id")


@pytest.fixture(scope="module")
def events(chain):
    return chain.tables["complaint_events"].to_pandas()


@pytest.fixture(scope="module")
def first(events):
    return events.pivot_table(index="complaint_id", columns="step", values="at", aggfunc="min")


@pytest.mark.requirement("COMP-04")
def test_most_complaints_take_all_steps_in_order_and_the_rest_is_known(chain, first):
    truth = chain.truth["complaints"]
    through = first.dropna(subset=["closed"])
    skipped = through[STEPS].isna().any(axis=1)
    turned = pd.Series(False, index=through.index)
    for before, after in pairwise(STEPS):
        turned |= through[after] < through[before]

    violated = set(through.index[skipped | turned])
    assert violated
    assert skipped.any()
    assert turned.any()
    assert violated <= set(truth["process_violations"])
    assert set(truth["process_violations"]) & set(through.index) == violated
    assert len(violated) / len(through) < 0.1


def test_every_event_has_its_complaint_and_none_is_too_early(complaints, events):
    assert set(events["complaint_id"]) == set(complaints.index)
    assert not events.duplicated(["complaint_id", "step", "at"]).any()
    assert (events["at"] >= events["complaint_id"].map(complaints["received_at"])).all()
    assert events["at"].max() < datetime(2015, 1, 1)


@pytest.mark.requirement("COMP-07")
def test_limits_are_met_and_missed_and_hit_exactly(chain, complaints, first):
    received = complaints["received_at"]
    respond = first[["confirmed", "answered"]].min(axis=1) - received
    solve = first["carried_out"] - received
    is_complex = complaints["complexity"] == "complex"
    day, second = timedelta(hours=24), timedelta(seconds=1)
    boundary = chain.truth["complaints"]["boundary"]

    assert sorted(boundary.values()) == [
        "response at 24 h + 1 s, breached",
        "response at 24 h exactly, met",
        "solution at 48 h + 1 s, breached",
        "solution at 48 h exactly, met",
    ]
    for case, label in boundary.items():
        over = second if "breached" in label else timedelta(0)
        if label.startswith("response"):
            assert respond[case] == day + over
            assert not is_complex[case]
        else:
            assert solve[case] == 2 * day + over
            assert first.loc[case, "answered"] == first.loc[case, "closed"]
            assert is_complex[case]
    assert 0.01 < (respond > day).mean() < 0.2
    assert 0.05 < (solve[is_complex] > 2 * day).mean() < 0.5


@pytest.mark.requirement("COMP-07")
def test_some_are_open_at_the_end(chain, first, events):
    last = events.sort_values("at", kind="stable").groupby("complaint_id")["step"].last()
    open_at_end = last.index[last != "closed"]

    assert 5 <= len(open_at_end) <= 60
    assert chain.truth["complaints"]["open"] == len(open_at_end)
    assert len(chain.truth["complaints"]["reopened"]) >= 3
    assert first["reopened"].notna().any()


def test_kinds_are_the_contracts(complaints):
    assert set(complaints["type"]) == {"quality", "price", "after_sales", "logistics", "attitude"}
    assert set(complaints["cause"].dropna()) == {
        "quality", "communication", "expectation", "management", "competition",
    }  # fmt: skip
    assert set(complaints["complexity"].dropna()) == {"general", "complex"}
    assert set(complaints["severity"]) == {1, 2, 3, 4, 5}
    assert complaints["customer_id"].notna().any()
    assert complaints["customer_id"].isna().any()


def test_cause_is_known_from_the_analysis_on(complaints, first):
    analysed = first["analysed"].notna() | first["answered"].notna()
    assert complaints["cause"].notna().equals(analysed.reindex(complaints.index))


def test_a_delivery_shows_a_complaint_as_it_stood_that_night(chain):
    rows = pd.concat(
        d.rows.to_pandas().assign(until=pd.Timestamp(d.date) + pd.Timedelta(days=1))
        for d in chain.deliveries
        if d.feed == "complaints"
    )
    again = rows[rows.duplicated("complaint_id", keep=False)]

    assert (rows["updated_at"] < rows["until"]).all()
    assert len(again)
    versions = again.groupby("complaint_id")
    assert (versions["updated_at"].diff().dropna() > pd.Timedelta(0)).all()
    assert (versions["cause"].count() < versions.size()).any()
