"""Which marts Spark does not build is said, and what it reads otherwise stands in no model."""

import csv
import re

import yaml

from regulars.warehouse.dbt import PROJECT

OUTSIDE = PROJECT.parent / "docs" / "not_on_spark.csv"

# What a model says besides SQL: configuration, Jinja and comments.
_NO_SQL = re.compile(
    r"\{\{ *config\(.*?\) *\}\}$|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|--[^\n]*", re.DOTALL | re.MULTILINE
)


def test_marts_that_spark_does_not_build_are_listed(models):
    selectors = yaml.safe_load((PROJECT / "selectors.yml").read_text())["selectors"]
    (spark,) = (selector for selector in selectors if selector["name"] == "spark")
    everything, but = spark["definition"]["union"]
    assert everything == {"method": "fqn", "value": "*"}
    assert all(part["method"] == "fqn" and part["children"] for part in but["exclude"])
    named = {part["value"] for part in but["exclude"]}
    assert named <= {node["name"] for node in models.values()}
    outside, more = set(), {key for key, node in models.items() if node["name"] in named}
    while more:
        outside |= more
        more = {
            key for key, node in models.items() if outside & set(node["depends_on"]["nodes"])
        } - outside
    with OUTSIDE.open(encoding="utf-8") as lines:
        listed = {row["mart"] for row in csv.DictReader(lines) if row["reason"]}
    assert listed == {models[key]["name"] for key in outside if models[key]["fqn"][1] == "marts"}


def _sql(models):
    return {
        node["name"]: _NO_SQL.sub("", node["raw_code"])
        for node in models.values()
        if node["language"] == "sql"
    }


def test_names_in_double_quotes_are_quoted_by_the_adapter(models):
    # Spark reads what stands in double quotes as a text.
    quoted = [name for name, sql in _sql(models).items() if '"' in re.sub(r"'[^']*'", "", sql)]
    assert not quoted


def test_texts_hold_no_quote(models):
    # Spark reads the two quotes as the end of one text and the beginning of another.
    broken = [
        (name, text)
        for name, sql in _sql(models).items()
        for text in re.findall(r"'(?:[^']|'')*'", sql)
        if "''" in text[1:-1]
    ]
    assert not broken


def test_quotients_are_no_decimals(models):
    # Spark keeps six digits of a whole number divided by 60.0, and all of one cast to double.
    broken = [
        name
        for name, sql in _sql(models).items()
        for rounded in re.findall(r"(floor\([\w.]+)? / [0-9]+\.[0-9]+\b", sql)
        if not rounded
    ]
    assert not broken
