"""Likeness of member records, by Splink with stated weights (Fellegi and Sunter, 1969).

Weights are given and never fitted here: a pair has the same probability on every night, whoever
else is known, so that comparing the new records each night gives what comparing all at once gives.
"""

import logging
from collections.abc import Mapping

import duckdb
import pyarrow as pa

# Likeness of two names: parts in common over parts in all.
_LIKENESS = (
    "len(list_intersect(name_keys_l, name_keys_r))"
    " / len(list_distinct(list_concat(name_keys_l, name_keys_r)))"
)
_COMMON_DAYS = "len(list_intersect(birth_keys_l, birth_keys_r))"
# Levels of each comparison, the first that holds counts; "other" is what is left.
LEVELS = {
    "name": {
        "exact": "name_l = name_r",
        "similar": f"{_LIKENESS} >= 0.6",
        "related": f"{_LIKENESS} >= 0.4",
    },
    "birth_date": {
        "exact": "birth_date_l = birth_date_r",
        "swapped": f"{_COMMON_DAYS} >= 3",
        "similar": f"{_COMMON_DAYS} >= 2",
    },
    "phone": {"exact": "phone_l = phone_r"},
    "email": {"exact": "email_l = email_r"},
    "city": {"exact": "city_l = city_r"},
    "sex": {"exact": "sex_l = sex_r"},
}
# Only records that agree here are compared. Without phone, mail and day of birth no two records
# can be likely enough, so that no block of common names is needed.
BLOCKS = ("phone", "email", "birth_date")
PAIRS = pa.schema(
    [("record_key_a", pa.string()), ("record_key_b", pa.string()), ("probability", pa.float64())]
)


def likely_pairs(
    records: pa.Table,
    weights: Mapping[tuple[str, str], tuple[float, float]],
    prior: float,
    min_probability: float,
    threads: int = 2,
) -> pa.Table:
    """Pairs of records, at least one of them new, that are likely one person's.

    Args:
        records: ``record_key`` (unique), ``customer_id``, ``is_new``, the texts ``name``,
            ``phone``, ``email``, ``birth_date``, ``city`` and ``sex`` (null is unknown and says
            nothing), and the lists of 64-bit numbers ``name_keys`` and ``birth_keys``.
        weights: (comparison, level) → (m, u): how often the level is met by two records of one
            person, and of two.
        prior: probability that two records drawn at random are of one person.
        min_probability: pairs below it are left out.
        threads: of DuckDB.

    Returns:
        ``PAIRS``, sorted, the smaller key first; two records of one customer_id are no pair.
        Probabilities are rounded to six decimals, beyond which platforms may differ.

    Raises:
        KeyError: a level has no weight.
    """
    if not any(records["is_new"].to_pylist()):
        return PAIRS.empty_table()
    # Heavy to import, and not needed on a night without new records.
    import splink.comparison_level_library as levels
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule
    from splink.comparison_library import CustomComparison

    def comparison(name: str, conditions: Mapping[str, str]) -> CustomComparison:
        made = [levels.NullLevel(name)]
        for level, condition in conditions.items():
            m, u = weights[name, level]
            made.append(
                levels.CustomLevel(condition, level).configure(m_probability=m, u_probability=u)
            )
        m, u = weights[name, "other"]
        made.append(levels.ElseLevel().configure(m_probability=m, u_probability=u))
        return CustomComparison(made, name)

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        probability_two_random_records_match=prior,
        comparisons=[comparison(name, conditions) for name, conditions in LEVELS.items()],
        blocking_rules_to_generate_predictions=[
            CustomRule(
                f"l.{block} = r.{block} and (l.is_new or r.is_new)"
                " and l.customer_id <> r.customer_id"
            )
            for block in BLOCKS
        ],
        additional_columns_to_retain=["customer_id", "is_new"],
        retain_matching_columns=False,
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(config={"threads": threads}) as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(records), settings, log_level=None)
        found = linker.inference.predict(threshold_match_probability=min_probability)
        return (
            connection.execute(
                "select least(record_key_l, record_key_r) as record_key_a,"
                " greatest(record_key_l, record_key_r) as record_key_b,"
                " round(match_probability, 6) as probability"
                f" from {found.physical_name} order by all"
            )
            .to_arrow_table()
            .cast(PAIRS)
        )
