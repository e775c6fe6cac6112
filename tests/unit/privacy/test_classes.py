"""Every column of every feed has a class, and the class decides what reaches the lake."""

import pytest

from regulars.errors import RegularsError
from regulars.feeds import contract as contracts
from regulars.feeds.contract import CLASSES, CONTRACTS, FEEDS, load_contract
from regulars.privacy.classes import protected_columns, protection

# Whoever adds a column that holds contact data, a trait of a person or prose, adds it here.
PERSONAL = {
    "complaint_events": {"free_text": "note"},
    "complaints": {"sensitive": "city", "free_text": "verbatim"},
    "customers": {
        "contact": "name phone email address",
        "sensitive": "sex city occupation education income_band household birth_date",
        "free_text": "key_override",
    },
    "ref_agreements": {"free_text": "title"},
    "ref_campaigns": {"free_text": "goal"},
    "ref_competitors": {"free_text": "fact"},
    "ref_crisis_plans": {"free_text": "title outside_partners lessons"},
    "ref_feedback": {"free_text": "text key_points conclusion"},
    "ref_improvements": {"free_text": "title"},
    "ref_information_needs": {"free_text": "need"},
    "ref_interactions": {"free_text": "wish"},
    "ref_market": {"free_text": "note"},
    "ref_pestel": {"free_text": "finding evidence"},
    "ref_plans": {"free_text": "resources risk_measure question result decision"},
    "ref_risk_plans": {"free_text": "identification steps duties resources communication"},
    "ref_risks": {"free_text": "evidence response_reason action cause"},
    "ref_spend": {"free_text": "reason"},
    "ref_swot": {"free_text": "finding evidence"},
    "ref_targets": {"free_text": "statement"},
    "ref_training": {"sensitive": "score passed"},
    "survey_responses": {"free_text": "verbatim"},
}


@pytest.mark.requirement("SEC-01")
@pytest.mark.requirement("FEED-10")
@pytest.mark.parametrize("feed", FEEDS)
def test_every_column_has_a_class(feed):
    columns = load_contract(feed).columns
    assert columns
    assert [c.name for c in columns if c.classification not in CLASSES] == []


@pytest.mark.requirement("FEED-10")
def test_what_people_tell_is_classed():
    found: dict[str, dict[str, str]] = {}
    for feed in FEEDS:
        for column in load_contract(feed).columns:
            if column.classification in ("contact", "sensitive", "free_text"):
                classes = found.setdefault(feed, {})
                held = classes.get(column.classification)
                classes[column.classification] = f"{held} {column.name}" if held else column.name
    assert found == PERSONAL


@pytest.fixture
def broken_contract(tmp_path, monkeypatch):
    """The customers contract with one line changed, read from a folder of its own."""

    def change(old: str, new: str):
        text = (CONTRACTS / "customers.odcs.yaml").read_text("utf-8")
        assert old in text
        (tmp_path / "customers.odcs.yaml").write_text(text.replace(old, new, 1), "utf-8")
        monkeypatch.setattr(contracts, "CONTRACTS", tmp_path)
        monkeypatch.setattr(contracts, "_shown", lambda path: path.name)
        load_contract.cache_clear()

    yield change
    load_contract.cache_clear()


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("        classification: contact\n", "", "column name: no classification"),
        ("classification: contact", "classification: secret", "column name: .*'secret'"),
        (
            "customProperties: [{property: tokenAs, value: phone}]",
            "required: false",
            "phone.*token",
        ),
        ("value: phone}", "value: fax}", "column phone: tokenAs 'fax'"),
        ("classification: contact", "classification: none", "column name: tokenAs is for"),
    ],
)
def test_a_column_without_a_class_is_refused(broken_contract, old, new, told):
    broken_contract(old, new)
    with pytest.raises(RegularsError, match=rf"customers\.odcs\.yaml: .*{told}"):
        load_contract("customers")


@pytest.mark.requirement("FEED-04")
def test_a_member_reaches_the_lake_as_tokens():
    held = protection(load_contract("customers"))
    assert dict(held.tokens) == {
        "name": "name",
        "phone": "phone",
        "email": "email",
        "birth_date": "birth_date",
    }
    assert held.marks == ("address",)
    assert held.texts == ("key_override",)
    columns = dict(protected_columns(load_contract("customers")))
    assert columns["birth_date"] == "VARCHAR"
    assert columns["birth_year"] == columns["birth_month_day"] == "BIGINT"
    for parts in ("name_keys", "birth_keys", "address_keys"):
        assert columns[parts] == "BIGINT[]"
    assert list(columns)[-2:] == ["vault_ref", "load_id"]


def test_sales_are_left_as_they_are():
    held = protection(load_contract("pos_sales"))
    assert held.sealed == ()
    assert protected_columns(load_contract("pos_sales")) == contracts.lake_columns(
        load_contract("pos_sales")
    )
