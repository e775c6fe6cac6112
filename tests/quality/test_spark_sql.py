"""What Spark reads otherwise than DuckDB, and says nothing about, stands in no model."""

import re

# What a model says besides SQL: configuration, Jinja and comments.
_NO_SQL = re.compile(
    r"\{\{ *config\(.*?\) *\}\}$|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|--[^\n]*", re.DOTALL | re.MULTILINE
)


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
