"""Clusters: how many, which, and always the same."""

import numpy as np
import pandas as pd
import pytest

from regulars.analytics.clusters import FITTED, NO_DATA, clusters_table, find_clusters


@pytest.fixture
def blobs() -> pd.DataFrame:
    """Three separated groups of 30, 40 and 50 rows."""
    draw = np.random.default_rng(3)
    centres = np.repeat([[0, 0], [10, 0], [5, 9]], [30, 40, 50], axis=0)
    return pd.DataFrame(centres + draw.normal(size=centres.shape), columns=["spend", "days"])


@pytest.mark.requirement("SEG-08")
def test_three_separated_groups_are_three_clusters(blobs):
    fit = find_clusters(blobs, min_rows=20)
    assert fit.status == FITTED
    assert list(fit.sizes) == [40, 50, 30]
    assert fit.labels.groupby(np.repeat([1, 2, 3], [30, 40, 50])).nunique().eq(1).all()
    assert fit.silhouette == fit.candidates.max() == fit.candidates[3] > 0.7
    assert fit.spread < fit.naive_spread == 1


@pytest.mark.requirement("SEG-08")
def test_labels_are_the_same_again_and_follow_the_centres(blobs):
    fit = find_clusters(blobs, min_rows=20)
    again = find_clusters(blobs.sample(frac=1, random_state=5), min_rows=20)
    pd.testing.assert_series_equal(fit.labels, again.labels.sort_index())
    assert fit.centres["spend"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(fit.centres, blobs.groupby(fit.labels).mean().round(6))


@pytest.mark.requirement("SEG-08")
def test_one_far_customer_is_a_cluster_of_one(blobs):
    far = pd.concat([blobs.assign(days=0), pd.DataFrame({"spend": [500.0], "days": [0.0]})])
    fit = find_clusters(far.reset_index(drop=True), min_rows=20)
    assert fit.sizes[1] == 1
    assert fit.labels.iloc[-1] == 1
    assert fit.note == "constant and left out: days"


@pytest.mark.requirement("SEG-08")
def test_many_rows_are_fitted_on_some_and_all_labelled(blobs):
    few = find_clusters(blobs, min_rows=20, max_fit_rows=60, max_silhouette_rows=30)
    pd.testing.assert_series_equal(few.labels, find_clusters(blobs, min_rows=20).labels)


@pytest.mark.requirement("SEG-08")
@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (pd.DataFrame({"a": [1.0, 2, 3]}), "3 complete rows, 5 needed"),
        (pd.DataFrame({"a": [1.0] * 9}), "all rows are equal"),
        (pd.DataFrame({"a": [1.0, 2] * 5}), "2 distinct rows, 3 needed"),
        (pd.DataFrame({"a": [1.0, 2, 3, 4, None, None]}), "4 complete rows, 5 needed"),
    ],
)
def test_too_little_data_says_so(rows, note):
    fit = find_clusters(rows, min_rows=5)
    assert (fit.status, fit.note) == (NO_DATA, note)
    assert fit.labels.empty


def test_the_table_holds_every_row_and_says_why_it_has_no_cluster(blobs):
    blobs.index.name = "customer_id"
    blobs.loc[4, "spend"] = None
    table = clusters_table(blobs, find_clusters(blobs, min_rows=20))
    assert table.set_index("customer_id")["cluster"].isna().sum() == 1
    assert set(table["clusters"]) == {3}
    none = clusters_table(blobs, find_clusters(blobs, min_rows=900))
    assert none["cluster"].isna().all()
    assert set(none["status"]) == {NO_DATA}
