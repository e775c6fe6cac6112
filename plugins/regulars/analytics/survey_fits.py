"""Fits for each wave or year of a survey: factors, correlations, clusters, drivers."""

import pandas as pd

from regulars.analytics.clusters import clusters_table, find_clusters
from regulars.analytics.correlations import correlate_pairs
from regulars.analytics.factors import FITTED, analyse_factors, factor_scores, loadings_table
from regulars.analytics.regression import coefficients_table, fit_regression


def factors_by_wave(
    responses: pd.DataFrame,
    indicators: list[str],
    target: str,
    *,
    min_rows: int,
    min_eigenvalue: float,
) -> pd.DataFrame:
    """Factors of each wave and the effect of each factor on the target.

    Args:
        responses: one row per questionnaire in a stated order: wave_id, the indicators and the
            target, all on one scale.
        indicators: columns to find factors of.
        target: column that the factor scores should explain.
        min_rows: complete rows below which a wave is skipped with its reason.
        min_eigenvalue: see ``analyse_factors``.

    Returns:
        ``loadings_table`` of every wave with wave_id before it and effect behind it: standardised
        coefficient of the factor's scores in a regression of the target on all of them; missing
        where it cannot be had.
    """
    tables = []
    for wave, answers in responses.groupby("wave_id", sort=True):
        values = answers[indicators]
        fit = analyse_factors(values, min_rows=min_rows, min_eigenvalue=min_eigenvalue)
        effects = pd.Series(dtype=float)
        if fit.status == FITTED:
            scores = factor_scores(values, fit)
            names = list(scores.columns)
            explained = fit_regression(
                scores.join(answers[target].astype(float)), target, names, min_rows=min_rows
            )
            if explained.status == FITTED:
                effects = explained.coefficients["beta"]
        table = loadings_table(fit)
        table.insert(0, "wave_id", wave)
        table["effect"] = table["factor"].map(effects).astype(float)
        tables.append(table)
    return with_texts(pd.concat(tables, ignore_index=True) if tables else _no_waves())


def correlations_by_wave(
    responses: pd.DataFrame, indicators: list[str], *, min_rows: int
) -> pd.DataFrame:
    """``correlate_pairs`` of the indicators within each wave_id, which stands before it."""
    tables = [
        correlate_pairs(answers[indicators], min_rows=min_rows).assign(wave_id=wave)
        for wave, answers in responses.groupby("wave_id", sort=True)
    ]
    none = correlate_pairs(pd.DataFrame(columns=indicators, dtype=float), min_rows=min_rows)
    table = pd.concat(tables or [none[:0].assign(wave_id=pd.Series(dtype=str))])
    return with_texts(table[["wave_id", *none.columns]].reset_index(drop=True))


def clusters_by_year(
    responses: pd.DataFrame, features: list[str], *, min_rows: int, k_max: int
) -> pd.DataFrame:
    """``clusters_table`` of the respondents of each calendar_year, which stands before it.

    Args:
        responses: one row per questionnaire in a stated order: respondent, calendar_year and the
            features on one scale.
        features: columns to cluster by.
        min_rows: complete rows below which a year has no clusters.
        k_max: greatest number of clusters.
    """
    tables = []
    for year, answers in responses.groupby("calendar_year", sort=True):
        values = answers.set_index("respondent")[features]
        fit = find_clusters(values, min_rows=min_rows, k_max=k_max)
        table = clusters_table(values, fit)
        table.insert(0, "calendar_year", int(year))
        tables.append(table)
    if tables:
        return with_texts(pd.concat(tables, ignore_index=True))
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in features})
    empty.index = pd.Index([], name="respondent", dtype=str)
    table = clusters_table(empty, find_clusters(empty, min_rows=1))
    table.insert(0, "calendar_year", pd.Series(dtype=int))
    return with_texts(table)


def drivers_by_year(
    answers: pd.DataFrame,
    drivers: list[str],
    target: str,
    *,
    min_rows: int,
    all_needed: bool = False,
) -> pd.DataFrame:
    """Regression of the target on the drivers within each calendar_year.

    Args:
        answers: one row per answer: calendar_year, respondent, driver (of ``drivers``, or the
            target) and score_100; the mean counts where a respondent answered twice.
        drivers: explaining answers, in a stated order.
        target: answer to explain.
        min_rows: questionnaires with all of them below which a year has no coefficients.
        all_needed: whether a year that lacks a driver has no coefficients at all; else the others
            keep theirs.

    Returns:
        ``coefficients_table`` of every year with calendar_year before it. What nobody was asked in
        a year has no row there and is named in fit_note.
    """
    tables = []
    for year, rows in answers.groupby("calendar_year", sort=True):
        wide = rows.assign(score_100=rows["score_100"].astype(float)).pivot_table(
            index="respondent", columns="driver", values="score_100"
        )
        silent = [name for name in [*drivers, target] if name not in wide.columns]
        asked = [name for name in drivers if name in wide.columns or all_needed]
        fit = fit_regression(
            wide.reindex(columns=[*asked, target]), target, asked, min_rows=min_rows
        )
        table = coefficients_table(fit)
        if silent:
            told = f"not asked: {', '.join(silent)}"
            table["fit_note"] = told if target in silent or not fit.note else f"{fit.note}; {told}"
        table.insert(0, "calendar_year", int(year))
        tables.append(table)
    if tables:
        return with_texts(pd.concat(tables, ignore_index=True))
    empty = pd.DataFrame({target: pd.Series(dtype=float)})
    table = coefficients_table(fit_regression(empty, target, [], min_rows=min_rows))[:0]
    table.insert(0, "calendar_year", pd.Series(dtype=int))
    return with_texts(table)


def with_texts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text columns typed as text, also where every value is missing.

    A column of objects without a value becomes one of numbers in the warehouse.
    """
    objects = [name for name in table.columns if table[name].dtype == object]
    return table.astype(dict.fromkeys(objects, "str"))


def _no_waves() -> pd.DataFrame:
    empty = loadings_table(analyse_factors(pd.DataFrame(), min_rows=1))[:0]
    empty.insert(0, "wave_id", pd.Series(dtype=str))
    return empty.assign(effect=pd.Series(dtype=float))
