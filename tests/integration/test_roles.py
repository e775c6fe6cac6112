"""The demo's policy on the demo's marts: everything is listed, and a role sees its part."""

import duckdb
import pytest

from regulars.errors import RegularsError
from regulars.feeds.sql import literal
from regulars.privacy.access import Reader
from regulars.settings import load_settings

PUBLISHED = ["rpt_access_policy", "rpt_data_access", "rpt_agreements", "fct_sales", "dim_store"]
PUBLISHED += ["mart_customer_tier", "mart_nps", "rpt_call_list", "dim_customer"]


@pytest.fixture(scope="module")
def home(warehouse, tmp_path_factory):
    """A version of the tables that these tests read, in a home of its own."""
    home = tmp_path_factory.mktemp("access") / "home"
    folder = home / "published" / "versions" / "000001"
    folder.mkdir(parents=True)
    (home / "published" / "current").symlink_to(folder)
    with duckdb.connect(folder / "regulars.duckdb") as connection:
        connection.execute(f"attach {literal(str(warehouse))} as built (read_only)")
        for name in PUBLISHED:
            connection.execute(f"create table {name} as from built.marts.{name}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(home))
        environment.setenv("REGULARS_SETTINGS", str(home / "none.toml"))
        yield load_settings()


@pytest.mark.requirement("SEC-02")
def test_every_published_table_is_listed_and_only_granted_ones_are_read(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        published = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        listed = connection.execute(
            "select object_name, list(distinct status), list(role_name) from"
            " marts.rpt_access_policy where status <> 'no such table' group by all"
        ).fetchall()
    assert {name for (name,) in published} == {name for name, _, _ in listed}
    denied = [roles for _, status, roles in listed if status == ["denied to all"]]
    assert len(denied) > 100
    assert not any(role for roles in denied for role in roles)


@pytest.mark.requirement("SEC-02")
def test_an_account_manager_sees_the_sales_of_the_region(home):
    reader = Reader(home, "region_1", "HQ-03")
    _, stores = reader.query("select distinct store_id from fct_sales")
    with duckdb.connect(home.published / "current" / "regulars.duckdb", read_only=True) as all_rows:
        east = all_rows.execute(
            "select distinct store_id from fct_sales join dim_store using (store_id)"
            " where region = '华东'"
        ).fetchall()
        everywhere = all_rows.execute("select distinct store_id from fct_sales").fetchall()
    assert sorted(stores) == sorted(east)
    assert len(east) < len(everywhere)
    for table in ("raw.customers", "mart_nps", "dim_customer"):
        with pytest.raises(RegularsError, match="may not read"):
            reader.query(f"select * from {table}")
    # HQ-05 has a role and never signed.
    with pytest.raises(RegularsError, match="HQ-05 has no agreement"):
        Reader(home, "analyst", "HQ-05")


@pytest.mark.requirement("ARCH-06")
def test_a_region_and_the_others_make_the_company_and_no_region_sees_another(home):
    total = "select coalesce(sum(net_amount_chain), 0) from fct_sales"
    reader = Reader(home, "region_1", "HQ-03")
    ((east,),) = reader.query(total)[1]
    with duckdb.connect(home.published / "current" / "regulars.duckdb", read_only=True) as company:
        (everything,) = company.execute(total).fetchone()
        (others,) = company.execute(
            f"{total} where store_id in (select store_id from dim_store where region <> '华东')"
        ).fetchone()
        elsewhere = company.execute(
            "select list(store_id order by store_id) from dim_store where region <> '华东'"
        ).fetchone()[0]
    assert east > 0
    assert others > 0
    assert east + others == everything
    stores = ", ".join(literal(store) for store in elsewhere)
    assert reader.query(f"select * from fct_sales where store_id in ({stores})")[1] == []


@pytest.mark.requirement("SEC-04", "SEC-05", "SEC-03")
def test_the_demos_lapses_are_found(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        lapses = connection.execute(
            "select staff_id, agreement_status, training_status from marts.rpt_data_access"
            " where agreement_status <> 'valid' or training_status <> 'in time' order by all"
        ).fetchall()
        alerts = connection.execute(
            "select alert_code, entity_id, closed_at is null from marts.fct_alerts"
            " where alert_code in ('NDA_MISSING', 'SECURITY_FINDING_OVERDUE') order by all"
        ).fetchall()
    assert lapses == [("HQ-05", "missing", "in time"), ("HQ-07", "valid", "overdue")]
    assert alerts == [
        ("NDA_MISSING", "HQ-05", True),
        ("SECURITY_FINDING_OVERDUE", "IM-4", True),
    ]
