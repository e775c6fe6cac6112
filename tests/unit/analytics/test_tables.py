"""Tables of fits that are not there: their columns keep their types in the warehouse."""

import duckdb
import pandas as pd
import pytest

from regulars.analytics.clusters import clusters_table, find_clusters
from regulars.analytics.factors import analyse_factors, loadings_table, scores_table
from regulars.analytics.regression import coefficients_table, fit_regression

NOTHING = pd.DataFrame({"a": [], "b": [], "y": []}, index=pd.Index([], name="customer_id"))


def loadings():
    return loadings_table(analyse_factors(NOTHING, min_rows=5))


def scores():
    return scores_table(NOTHING, analyse_factors(NOTHING, min_rows=5))


def clusters():
    return clusters_table(NOTHING, find_clusters(NOTHING, min_rows=5))


def coefficients():
    return coefficients_table(fit_regression(NOTHING, "y", ["a", "b"], min_rows=5))


@pytest.mark.requirement("SEG-06", "SEG-07", "SEG-08")
@pytest.mark.parametrize("make", [loadings, scores, clusters, coefficients])
def test_texts_stay_texts_where_nothing_is_fitted(make):
    with duckdb.connect() as connection:
        relation = connection.from_df(make())
        found = dict(zip(relation.columns, map(str, relation.types), strict=True))
    texts = {"customer_id", "factor", "indicator", "feature", "state", "status", "note", "fit_note"}
    assert {found[name] for name in texts & set(found)} == {"VARCHAR"}
    numbers = {"loading", "score", "coef", "silhouette", "rmse", "chi_square"} & set(found)
    assert {found[name] for name in numbers} <= {"DOUBLE"}
