"""Dashboards as dbt knows them: what they read, and that it is marts alone."""

import csv
import re

import pytest

from regulars.dashboards.render import DASHBOARDS, load_pages

_TABLE = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_.]*)")
_NAMED_QUERY = re.compile(r"\b([a-z_]+) as \(")


def _reads(block):
    named = set(_NAMED_QUERY.findall(block.sql))
    # extract(year from some_date) is no table.
    sql = re.sub(r"extract\(\w+ from", "extract(", block.sql)
    return set(_TABLE.findall(sql)) - named


@pytest.mark.requirement("ARCH-02")
def test_pages_read_marts_and_nothing_else(models):
    marts = {node["name"] for node in models.values() if node["fqn"][1] == "marts"}
    read = {
        table
        for page in load_pages()
        for block in page.blocks
        if not block.is_optional
        for table in _reads(block)
    }
    assert len(read) > 25
    assert read - marts == set()


def test_every_page_is_an_exposure_of_what_it_reads(manifest):
    stated = {
        exposure["name"]: {node.rpartition(".")[2] for node in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
        if exposure["type"] == "dashboard"
    }
    for page in load_pages():
        reads = {t for block in page.blocks if not block.is_optional for t in _reads(block)}
        optional = {t for block in page.blocks if block.is_optional for t in _reads(block)}
        assert reads <= stated[f"dashboard_{page.name}"] <= reads | optional, page.name
    assert len(stated) == len(load_pages())


def test_labels_are_said_once():
    with (DASHBOARDS / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    assert [row["key"] for row in rows if row["en"] != row["en"].strip() or None in row] == []
