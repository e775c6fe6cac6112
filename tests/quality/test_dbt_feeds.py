"""Every feed's contract and what dbt says of it: sources, staging keys, columns, uniqueness."""

import csv
import re

import pytest

from regulars.feeds.contract import FEEDS, load_contract
from regulars.settings import PROJECT_ROOT

DROPS = [feed for feed in FEEDS if feed.startswith("ref_")]


def staged(models, feed):
    return next(m for m in models.values() if m["name"] == f"stg_reference__{feed[4:]}")


def listed(text):
    """The names in a list of Jinja, without the quotes that SQL needs."""
    return tuple(name.strip().strip("'\"") for name in text.strip().rstrip(",").split(","))


@pytest.mark.parametrize("feed", FEEDS)
def test_feed_is_a_source_that_names_its_contract(feed, manifest):
    (source,) = [s for s in manifest["sources"].values() if s["name"] == feed]

    assert source["schema"] == "raw"
    assert source["config"]["meta"]["contract"] == f"expectations/contracts/{feed}.odcs.yaml"


@pytest.mark.parametrize("feed", DROPS)
def test_drop_is_staged_by_the_key_of_its_contract(feed, models):
    model = staged(models, feed)
    ranked = re.search(r"version_rank\(\s*\[(.*?)\]\s*\)", model["raw_code"], re.S)

    assert listed(ranked.group(1)) == load_contract(feed).key
    (parent,) = [n for n in model["depends_on"]["nodes"] if not n.endswith(".lake.build")]
    assert parent == f"source.regulars.reference.{feed}"


@pytest.mark.parametrize("feed", DROPS)
def test_drop_is_staged_with_every_column_of_its_contract(feed, models):
    model, contract = staged(models, feed), load_contract(feed)
    selected = model["raw_code"].split("\nselect\n")[1]
    for column in contract.columns:
        assert re.search(rf"\b{column.name}\b", selected), column.name
    # Whether a time had an offset is kept beside it; the version of the row needs no such flag.
    times = [c for c in contract.columns if c.type == "timestamp" and c.name != "updated_at"]
    assert len(model["columns"]) == len(contract.columns) + len(times) + len(
        ["load_id", "file_row"]
    )


@pytest.mark.parametrize("feed", DROPS)
def test_drop_has_one_row_per_key(feed, manifest, models):
    model = staged(models, feed)
    tests = [
        node["test_metadata"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node") == model["unique_id"]
    ]
    (unique,) = [t for t in tests if t["name"] in ("unique", "unique_combination")]
    columns = unique["kwargs"].get("columns") or [unique["kwargs"]["column_name"]]

    assert len(columns) == len(load_contract(feed).key)
    assert set(columns) <= set(model["columns"])


@pytest.mark.requirement("DQ-02")
def test_every_text_that_staging_cleans_is_listed_for_corrections(models):
    code = {m["name"]: m["raw_code"] for m in models.values() if m["name"].startswith("stg_")}
    listed_texts = re.findall(r"'(\w+)', '(text|code)',", code.pop("stg_lake__texts"))
    cleaned = re.findall(r"clean_(text|code)\('(\w+)'\)", "\n".join(code.values()))

    assert cleaned
    assert {(kind, column) for column, kind in listed_texts} == set(cleaned)


@pytest.mark.requirement("FEED-10")
def test_every_personal_field_has_a_purpose_and_real_uses(models):
    path = PROJECT_ROOT / "dbt_project" / "seeds" / "ref_field_uses.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        inventory = {(row["feed"], row["column_name"]): row for row in csv.DictReader(lines)}
    personal = {
        (feed, column.name)
        for feed in FEEDS
        for column in load_contract(feed).columns
        if column.classification != "none"
    }
    assert personal - set(inventory) == set()
    assert all(row["purpose"] for row in inventory.values())

    names = {model["name"] for model in models.values()}
    uses = {use for row in inventory.values() for use in row["used_by"].split(";") if use}
    assert uses - names == set()
    basics = {column for (_, column), row in inventory.items() if row["field_group"] == "basic"}
    (completed,) = [m for m in models.values() if m["name"] == "int_customers__records_completed"]
    assert set(re.findall(r"'(\w+)',?", completed["raw_code"].split("%}")[0])) == basics
