"""Every mart is either built and compared on Spark, or on the list of those that are not yet."""

import csv
import re

import yaml

from regulars.warehouse.dbt import PROJECT

OUTSIDE = PROJECT.parent / "docs" / "not_on_spark.csv"


def _named(node, value):
    path = value.split(".")
    return node["name"] == value or node["fqn"][: len(path)] == path


def test_marts_on_spark_and_those_outside_are_all_marts(models):
    selectors = yaml.safe_load((PROJECT / "selectors.yml").read_text())["selectors"]
    (spark,) = (selector for selector in selectors if selector["name"] == "spark")
    parts = spark["definition"]["union"]
    assert all(part["method"] == "fqn" and part["parents"] for part in parts)
    for part in parts:
        found = [node for node in models.values() if _named(node, part["value"])]
        assert found, f"selectors.yml names {part['value']}, which is no model"
    waiting = [
        node_id
        for node_id, node in models.items()
        if any(_named(node, part["value"]) for part in parts)
    ]
    built = set()
    while waiting:
        node_id = waiting.pop()
        if node_id in models and node_id not in built:
            built.add(node_id)
            waiting += models[node_id]["depends_on"]["nodes"]
    marts = {name: node for name, node in models.items() if node["fqn"][1] == "marts"}
    with OUTSIDE.open(encoding="utf-8") as lines:
        outside = {row["mart"] for row in csv.DictReader(lines)}
    on_spark = {marts[node_id]["name"] for node_id in built & marts.keys()}
    assert outside == {node["name"] for node in marts.values()} - on_spark


# What a model says besides SQL: configuration, Jinja and comments.
_NO_SQL = re.compile(
    r"\{\{ *config\(.*?\) *\}\}$|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|--[^\n]*", re.DOTALL | re.MULTILINE
)


def test_names_in_double_quotes_are_quoted_by_the_adapter(models):
    # Spark reads what stands in double quotes as a text, and says nothing.
    quoted = [
        node["name"]
        for node in models.values()
        if node["language"] == "sql"
        and '"' in re.sub(r"'[^']*'", "", _NO_SQL.sub("", node["raw_code"]))
    ]
    assert not quoted
