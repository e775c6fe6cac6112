"""The house rules of the dbt project, read from its manifest."""

import re

import pytest

# Seeds are maintained in the house: intermediate models read them without a staging view.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"intermediate", "marts"},
}
NAMES = {
    "staging": r"stg_{folder}__[a-z_]+",
    "intermediate": r"int_[a-z]+__[a-z0-9_]+_[a-z0-9]+",
    "marts": r"(dim|fct|mart|rpt|audit|dq)_[a-z0-9_]+",
}
# Money of customers is told of identified sales only: it needs the share of them beside it.
CUSTOMER_MONEY = {"spend", "net_spend", "net_spend_365d"}
CONTACT_COLUMNS = {"name", "phone", "email", "address", "birth_date", "verbatim", "note"}


@pytest.fixture(scope="module")
def marts(models):
    return [node for node in models.values() if _layer(node) == "marts"]


def _layer(node):
    return node["fqn"][1]


def _kind(models, node_id):
    return _layer(models[node_id]) if node_id in models else node_id.split(".")[0]


def test_layers_read_only_what_they_may(models):
    broken = [
        f"{node['name']} reads {parent}"
        for node in models.values()
        for parent in node["depends_on"]["nodes"]
        if _kind(models, parent) not in MAY_READ[_layer(node)]
    ]
    assert models
    assert not broken


def test_models_are_named_after_their_layer(models):
    broken = [
        node["name"]
        for node in models.values()
        if not re.fullmatch(NAMES[_layer(node)].format(folder=node["fqn"][2]), node["name"])
    ]
    assert not broken


def test_every_model_says_its_grain_owner_and_requirements(models):
    broken = [
        node["name"]
        for node in models.values()
        if not node["description"].startswith("One row")
        or not node["config"]["meta"].get("owner")
        or not node["config"]["meta"].get("requirements")
    ]
    assert not broken


def test_every_column_is_described(models):
    broken = [
        f"{node['name']}.{column['name']}"
        for node in models.values()
        for column in node["columns"].values()
        if not column["description"]
    ]
    assert not broken
    assert all(node["columns"] for node in models.values())


def test_marts_have_enforced_contracts(marts):
    assert [node["name"] for node in marts if not node["config"]["contract"]["enforced"]] == []


def test_marts_carry_as_of(marts):
    broken = [
        node["name"]
        for node in marts
        if node["name"].startswith(("mart_", "rpt_")) and "as_of" not in node["columns"]
    ]
    assert not broken


@pytest.mark.requirement("DQ-10")
def test_marts_with_money_of_customers_carry_coverage(marts):
    told = [node for node in marts if CUSTOMER_MONEY & set(node["columns"])]
    assert {"mart_customer_360", "rpt_abc_movement"} <= {node["name"] for node in told}
    assert [node["name"] for node in told if "coverage_pct" not in node["columns"]] == []


def test_marts_hold_no_contact_data_or_free_text(marts):
    broken = [
        f"{node['name']}.{column}"
        for node in marts
        for column in node["columns"]
        if column in CONTACT_COLUMNS
    ]
    assert not broken


def test_unit_tests_are_named_after_their_rule(manifest):
    names = [test["name"] for test in manifest["unit_tests"].values()]
    assert names
    assert [name for name in names if not re.fullmatch(r"test_[a-z0-9_]+", name)] == []


def test_sql_is_portable(models):
    # Spark takes the two arguments of trim the other way round.
    local = re.compile(
        r"::|//|\bqualify\b|\bavg\(|\\d|\bnow\(|\bcurrent_(date|timestamp)\b"
        r"|\btrim\((?:[^(),]|\([^()]*\))*,",
        re.I,
    )
    broken = [
        f"{node['name']}: {found.group()}"
        for node in models.values()
        if (found := local.search(node["raw_code"]))
    ]
    assert not broken


def test_rows_of_unit_tests_in_sql_are_portable(manifest):
    local = re.compile(r"::|\bgenerate_series\b|\bunnest\b|\bto_[a-z]+\(|\brange\([a-z]", re.I)
    given = [
        (test["name"], rows["rows"])
        for test in manifest["unit_tests"].values()
        for rows in [*test["given"], test["expect"]]
        if rows["format"] == "sql"
    ]
    assert given
    broken = [f"{name}: {found.group()}" for name, sql in given if (found := local.search(sql))]
    assert not broken
