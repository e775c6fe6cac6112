"""What the seeds of the house must keep: no word counted twice, no figure that is lost."""

import csv
from itertools import permutations
from pathlib import Path

import pytest

TERMS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "ref_sentiment_terms.csv"


@pytest.fixture(scope="module")
def terms():
    with TERMS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _spaced(row):
    # English words count whole, so the letters of one may stand within another.
    return f" {row['term']} " if row["language"] == "en" else row["term"]


@pytest.mark.requirement("CRIS-04")
def test_no_word_of_sentiment_holds_another_of_its_list(terms):
    words = [row for row in terms if row["term_kind"] == "word"]
    assert words
    assert all(-1 <= float(row["weight"]) <= 1 and float(row["weight"]) for row in words)
    twice = [
        (one["term"], other["term"])
        for one, other in permutations(words, 2)
        if one["list_version"] == other["list_version"]
        and one["language"] == other["language"]
        and _spaced(one) in _spaced(other)
    ]
    assert twice == []


@pytest.mark.requirement("CRIS-04")
def test_no_negation_ends_in_another(terms):
    negations = [row for row in terms if row["term_kind"] == "negation"]
    twice = [
        (one["term"], other["term"])
        for one, other in permutations(negations, 2)
        if one["list_version"] == other["list_version"]
        and one["language"] == other["language"]
        and _spaced(other).endswith(_spaced(one))
    ]
    assert negations
    assert twice == []


@pytest.mark.requirement("CARE-05")
def test_a_benchmark_whose_number_is_lost_has_no_value():
    with (TERMS.parent / "ref_benchmarks.csv").open(encoding="utf-8") as file:
        unusable = [row for row in csv.DictReader(file) if row["quality"] == "unusable"]
    assert "care_05_contacts" in {row["code"] for row in unusable}
    assert {row["low"] + row["high"] for row in unusable} == {""}
