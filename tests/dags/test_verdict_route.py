import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from airflow.api_fastapi.core_api import security
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.configuration import conf
from airflow.serialization.serialized_objects import DagSerialization
from fastapi import FastAPI
from fastapi.testclient import TestClient

from regulars.operators.verdict_link import DashboardsLink, VerdictLink, VersionLink
from regulars.pages.place import page_name
from regulars.settings import PROJECT_ROOT
from regulars.timetables import RegularsPlugin

# As few columns as the page reads.
MARTS = """
    create table dq_results (
        subject_type varchar, subject varchar, suite varchar, expectation varchar,
        column_name varchar, severity varchar, success boolean, observed varchar, reason varchar
    );
    create table dq_verdicts (
        subject_type varchar, subject varchar, verdict varchar, checks integer,
        failed_critical integer, failed_warning integer, reasons varchar,
        last_delivery_date date, days_since_delivery integer, coverage_pct double
    );
    create table rpt_freshness (
        feed varchar, store_id varchar, last_delivery_date date, last_event_date date,
        max_days integer, deliveries_missing integer, is_stale boolean
    );
    create table fct_alerts (
        alert_code varchar, severity varchar, entity_type varchar, entity_id varchar,
        opened_at date, status varchar, value double, threshold double, owner varchar,
        runbook varchar
    );
    create table audit_loads (
        feed varchar, file_path varchar, delivery_date date, status varchar, reason varchar,
        rows_received bigint, rows_accepted bigint, rows_duplicate bigint, rows_quarantined bigint,
        net_amount_received decimal(18, 2), net_amount_accepted decimal(18, 2),
        net_amount_duplicate decimal(18, 2), net_amount_quarantined decimal(18, 2)
    );
    insert into dq_results values (
        'mart', 'mart_nps', 'marts_voice', 'to_be_between', 'margin', 'warning', false, '22.1',
        'A margin of 20 tells nothing.'
    );
"""
RUN = SimpleNamespace(run_id="nightly__2014-12-31__20150101T020000.1+00:00Z")
PAGE = page_name(RUN.run_id)


@pytest.fixture
def verdicts(home: Path) -> Path:
    folder = home / "verdicts"
    folder.mkdir(parents=True)
    (folder / f"{PAGE}.html").write_text("<h1>Verdict 豆花</h1>", encoding="utf-8")
    (home / "secret.html").write_text("secret")
    (folder / "linked.html").symlink_to(home / "secret.html")
    return folder


@pytest.fixture
def browser(verdicts: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Airflow's server with the plugin, and a user ``reader`` beside a user ``other``."""

    class AuthManager:
        async def get_user_from_token(self, token: str) -> str:
            return token

        def is_authorized_dag(self, *, method, access_entity, details, user) -> bool:
            return (user, method, details.id) == ("reader", "GET", "build_marts")

    monkeypatch.setattr(security, "get_auth_manager", AuthManager)
    monkeypatch.setattr(security.DagModel, "get_team_name", lambda dag_id: None)
    server = FastAPI()
    for mounted in RegularsPlugin().fastapi_apps:
        server.mount(mounted["url_prefix"], mounted["app"])
    return TestClient(server)


def as_user(name: str) -> dict:
    return {"Authorization": f"Bearer {name}"}


def test_the_page_is_for_those_who_may_see_the_run(browser: TestClient) -> None:
    address = f"/regulars/verdicts/{PAGE}"
    assert browser.get(address).status_code == 401
    assert browser.get(address, headers=as_user("other")).status_code == 403
    answer = browser.get(address, headers=as_user("reader"))
    assert answer.text == "<h1>Verdict 豆花</h1>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "..%2Fsecret",
        "%2e%2e%2fsecret",
        "..%5Csecret",
        "linked",
        "",
        ".",
        "%00",
        f"{PAGE}.html",
        "no-such-page",
        "a" * 300,
    ],
)
def test_nothing_else_is_served(browser: TestClient, name: str) -> None:
    answer = browser.get(f"/regulars/verdicts/{name}", headers=as_user("reader"))
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.fixture
def version(home: Path) -> Path:
    """A version with two files of dashboards, current."""
    folder = home / "published" / "versions" / "000002"
    (folder / "dashboards").mkdir(parents=True)
    (folder / "dashboards" / "index.html").write_text("<h1>总览</h1>", encoding="utf-8")
    (folder / "dashboards" / "page.js").write_text("1")
    (folder / "version.json").write_text("secret")
    (folder / "dashboards" / "linked.html").symlink_to(folder / "version.json")
    (home / "published" / "current").symlink_to(Path("versions") / "000002")
    return folder


@pytest.mark.parametrize("name", ["current", "000002"])
def test_dashboards_are_for_those_who_may_see_the_run(
    browser: TestClient, version: Path, name: str
) -> None:
    address = f"/regulars/dashboards/{name}/index.html"
    assert browser.get(address).status_code == 401
    assert browser.get(address, headers=as_user("other")).status_code == 403
    answer = browser.get(address, headers=as_user("reader"))
    assert answer.text == "<h1>总览</h1>"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    script = browser.get(f"/regulars/dashboards/{name}/page.js", headers=as_user("reader"))
    assert script.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "000002/linked.html",
        "000002/no-such.html",
        "000002/..%2Fversion.json",
        "000002/version.json",
        "000001/index.html",
        "..%2F..%2Fverdicts/index.html",
        "%2e%2e/index.html",
        "currently/index.html",
    ],
)
def test_nothing_but_dashboards_is_served(browser: TestClient, version: Path, path: str) -> None:
    answer = browser.get(f"/regulars/dashboards/{path}", headers=as_user("reader"))
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_the_task_that_publishes_has_the_links(home: Path, version: Path) -> None:
    task = DagBag(PROJECT_ROOT / "dags").dags["build_marts"].get_task("publish_version")
    server = conf.get("api", "base_url", fallback="/").rstrip("/")
    assert [link.get_link(task, ti_key=RUN) for link in task.operator_extra_links] == [
        f"{server}/regulars/versions/000002",
        f"{server}/regulars/dashboards/000002/index.html",
    ]


def test_there_is_no_link_without_a_version(home: Path) -> None:
    assert VersionLink().get_link(None, ti_key=RUN) == ""
    assert DashboardsLink().get_link(None, ti_key=RUN) == ""


@pytest.mark.parametrize(
    ("address", "told"),
    [("versions/current", "secret"), ("runbooks/failed_night.md", "A night failed")],
)
def test_versions_and_runbooks_are_for_those_who_may_see_the_run(
    browser: TestClient, version: Path, address: str, told: str
) -> None:
    assert browser.get(f"/regulars/{address}").status_code == 401
    assert browser.get(f"/regulars/{address}", headers=as_user("other")).status_code == 403
    answer = browser.get(f"/regulars/{address}", headers=as_user("reader"))
    assert told in answer.text
    assert answer.headers["content-type"].split(";")[0] in ("application/json", "text/plain")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "address",
    [
        "versions/000001",
        "versions/..",
        "versions/%2e%2e",
        "runbooks/no_such.md",
        "runbooks/..%2Fconnect.md",
        "runbooks/%2e%2e%2fconnect.md",
        "runbooks/failed_night",
    ],
)
def test_no_other_version_or_runbook_is_served(
    browser: TestClient, version: Path, address: str
) -> None:
    assert browser.get(f"/regulars/{address}", headers=as_user("reader")).status_code == 404


LEDGER = {
    **{"file_path": "pos_sales/2014-12-31/<s01>.csv", "delivery_date": "2014-12-31"},
    **{"status": "loaded", "verdict": "warn", "rows_received": 12, "rows_loaded": 11},
    **{"rows_quarantined": 1, "loaded_at": "2026-11-22T02:00:00+00:00"},
}


@pytest.mark.requirement("DQ-04")
def test_the_menu_leads_to_verdicts_and_loads_for_those_who_may_see_the_run(
    browser: TestClient, home: Path, version: Path, tmp_path: Path
) -> None:
    (view,) = RegularsPlugin.external_views
    assert browser.get(view["href"]).status_code == 401
    assert browser.get(view["href"], headers=as_user("other")).status_code == 403
    (home / "published" / "current").unlink()
    empty = browser.get(view["href"], headers=as_user("reader"))
    assert "nothing is published" in empty.text
    assert "None yet." in empty.text

    (home / "published" / "current").symlink_to(Path("versions") / "000002")
    ledger = home / "lake" / "ledger" / "pos_sales"
    ledger.mkdir(parents=True)
    for number, rows in enumerate((12, 13)):
        path = ledger / f"b{number}.jsonl"
        path.write_text(json.dumps(LEDGER | {"rows_received": rows}) + "\n")
        os.utime(path, (number, number))
    said = {
        **{"version": "000002", "as_of": "2014-12-31", "verdict": "warn", "coverage_pct": 0.6},
        **{"known_at": "2015-01-01 01:02:03", "code_version": "c0de", "loads": {"files": 2}},
    }
    (version / "version.json").write_text(json.dumps(said))
    with duckdb.connect(version / "regulars.duckdb") as connection:
        connection.execute(MARTS)
    answer = browser.get(view["href"], headers=as_user("reader"))
    assert answer.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    text = answer.text
    assert "Quality and loads, as of 2014-12-31" in text
    assert "version 000002, which readers see now" in text
    assert "Passed with warnings" in text
    assert "A margin of 20 tells nothing." in text
    assert "60.0%" in text
    # Newest first, and nothing delivered becomes markup.
    assert "&lt;s01&gt;.csv" in text
    assert "<s01>" not in text
    assert text.index(">13<") < text.index(">12<")
    links = re.findall(r'href="([^"]+)"', text)
    assert links == ["dashboards/000002/index.html", f"verdicts/{PAGE}"]
    for link in links:
        assert browser.get(f"/regulars/{link}", headers=as_user("reader")).status_code == 200


def test_every_route_of_the_plugin_asks_who_it_is(browser: TestClient) -> None:
    for address in (
        "",
        "/",
        "/docs",
        "/openapi.json",
        "/verdicts",
        f"/verdicts/{PAGE}",
        "/overview",
        "/versions/current",
        "/runbooks/failed_night.md",
    ):
        assert browser.get(f"/regulars{address}").status_code in (401, 404)


def test_the_task_that_judges_has_the_link(home: Path, verdicts: Path) -> None:
    bag = DagBag(PROJECT_ROOT / "dags")
    task = bag.dags["build_marts"].get_task("judge_marts")
    (link,) = task.operator_extra_links
    server = conf.get("api", "base_url", fallback="/").rstrip("/")
    assert link.get_link(task, ti_key=RUN) == f"{server}/regulars/verdicts/{PAGE}"
    # What Airflow stores and shows.
    stored = DagSerialization.from_dict(DagSerialization.to_dict(bag.dags["build_marts"]))
    assert stored.get_task("judge_marts").extra_links == ["Verdict"]
    assert stored.get_task("publish_version").extra_links == ["Dashboards", "Version"]


def test_there_is_no_link_without_a_page(home: Path) -> None:
    assert VerdictLink().get_link(None, ti_key=RUN) == ""
