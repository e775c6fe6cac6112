"""Likeness of member records, by Splink with stated weights (Fellegi and Sunter, 1969).

Weights are given and never fitted here: a pair has the same probability on every night, whoever
else is known, so that comparing the new records each night gives what comparing all at once gives.
"""

import logging
from collections.abc import Mapping
from typing import NamedTuple

import duckdb
import pyarrow as pa


def _likeness(keys: str) -> str:
    """Parts in common over parts in all."""
    one, two = f"{keys}_l", f"{keys}_r"
    common = f"len(list_intersect({one}, {two}))"
    return f"{common} / (len({one}) + len({two}) - {common})"


# How likeness is measured where equality is not all; how much of it makes a level is published
# with its weight.
MEASURES = {
    "name": _likeness("name_keys"),
    "birth_date": "len(list_intersect(birth_keys_l, birth_keys_r))",
    "address": _likeness("address_keys"),
}
# Levels of each comparison, the first that holds counts; "other" is what is left.
LEVELS = {
    "name": ("exact", "similar", "related"),
    "birth_date": ("exact", "swapped", "similar"),
    "phone": ("exact",),
    "email": ("exact",),
    "address": ("similar", "related"),
    "city": ("exact",),
    "sex": ("exact",),
}
# Only records that agree here, or share a part of an address, are compared. Without phone, mail,
# day of birth and address no two records can be likely enough, so that no block of common names is
# needed.
BLOCKS = ("phone", "email", "birth_date")
PARTS = "address_keys"
PAIRS = pa.schema(
    [("record_key_a", pa.string()), ("record_key_b", pa.string()), ("probability", pa.float64())]
)


class Weight(NamedTuple):
    """How often a level is met by two records of one person, and of two; ``alike_min`` is the least
    measure that meets it, None where equality does or nothing is asked for.
    """

    m: float
    u: float
    alike_min: float | None = None


def known(comparison: str) -> str:
    """The column without which two records are not compared here."""
    return PARTS if comparison == "address" else comparison


def condition(comparison: str, level: str, alike_min: float | None) -> str:
    """SQL of a level over the columns of two records, which end in ``_l`` and ``_r``."""
    if level == "exact":
        return f"{comparison}_l = {comparison}_r"
    return f"{MEASURES[comparison]} >= {float(alike_min)!r}"


def likely_pairs(
    records: pa.Table,
    weights: Mapping[tuple[str, str], Weight],
    prior: float,
    min_probability: float,
    threads: int = 2,
) -> pa.Table:
    """Pairs of records, at least one of them new, that are likely one person's.

    Args:
        records: ``record_key`` (unique), ``customer_id``, ``is_new``, the texts ``name``,
            ``phone``, ``email``, ``birth_date``, ``city`` and ``sex`` (null is unknown and says
            nothing), and the lists of 64-bit numbers ``name_keys``, ``birth_keys`` and
            ``address_keys`` (null or with parts that few share).
        weights: per comparison and level.
        prior: probability that two records drawn at random are of one person.
        min_probability: pairs below it are left out.
        threads: of DuckDB.

    Returns:
        ``PAIRS``, sorted, the smaller key first; two records of one customer_id are no pair.
        Probabilities are rounded to six decimals, beyond which platforms may differ.

    Raises:
        KeyError: a level has no weight.
        TypeError: a level of likeness has no least measure.
    """
    if not any(records["is_new"].to_pylist()):
        return PAIRS.empty_table()
    # Heavy to import, and not needed on a night without new records.
    import splink.comparison_level_library as levels
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule
    from splink.comparison_library import CustomComparison

    def comparison(name: str) -> CustomComparison:
        made = [levels.NullLevel(known(name))]
        for level in LEVELS[name]:
            m, u, alike_min = weights[name, level]
            made.append(
                levels.CustomLevel(condition(name, level, alike_min), level).configure(
                    m_probability=m, u_probability=u
                )
            )
        m, u, _ = weights[name, "other"]
        made.append(levels.ElseLevel().configure(m_probability=m, u_probability=u))
        return CustomComparison(made, name)

    asked = "(l.is_new or r.is_new) and l.customer_id <> r.customer_id"

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        probability_two_random_records_match=prior,
        comparisons=[comparison(name) for name in LEVELS],
        blocking_rules_to_generate_predictions=[
            *(CustomRule(f"l.{block} = r.{block} and {asked}") for block in BLOCKS),
            CustomRule(f"l.{PARTS} = r.{PARTS} and {asked}", arrays_to_explode=[PARTS]),
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
