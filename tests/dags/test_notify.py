import json
import logging
import tomllib
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk import DAG, BaseNotifier

from regulars.assets import MARTS_CURRENT
from regulars.operators import notify as module
from regulars.operators.notify import (
    alert_message,
    notify,
    notify_copy_failure,
    notify_failure,
    notify_new_alerts,
)
from regulars.settings import PROJECT_ROOT, load_settings
from regulars.warehouse.alerts import Alert
from regulars.warehouse.connection import connect

FAILED = {"dag": DAG("ingest_pos"), "run_id": "r1", "reason": "task_failure"}


class Recorder(BaseNotifier):
    """Keeps what it was told."""

    template_fields = ("text",)
    told: ClassVar[list[str]] = []

    def __init__(
        self, text: str = "{{ regulars_subject }} | {{ regulars_message }}", works: bool = True
    ) -> None:
        super().__init__()
        self.text, self.works = text, works

    def notify(self, context: Mapping[str, Any]) -> None:
        if not self.works:
            raise OSError("no mail today")
        self.told.append(self.text)


@pytest.fixture
def use(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Set a notifier; returns what it is told."""
    monkeypatch.setattr(Recorder, "told", [])

    def configure(import_path: str = f"{__name__}.Recorder", kwargs: str = "{}") -> list[str]:
        text = f'{{"import_path": "{import_path}", "kwargs": {kwargs}}}'
        monkeypatch.setenv("REGULARS_NOTIFIER", text)
        return Recorder.told

    return configure


def alert(code: str, entity: str, kind: str = "store", severity: str = "warning") -> Alert:
    page = f"runbooks/{code}.md"
    return Alert(code, severity, kind, entity, date(2014, 12, 30), "data-team", page)


@pytest.fixture
def build(home: Path):
    """A warehouse with open alerts on these stores."""

    def make(*stores: str) -> None:
        with connect(load_settings()) as connection:
            connection.execute("create schema if not exists raw")
            connection.execute("create schema if not exists marts")
            connection.execute(
                "create or replace table raw.build as select date '2014-12-31' as_of"
            )
            connection.execute(
                "create or replace table marts.fct_alerts as"
                " select 'DQ_STALE' as alert_code, 'warning' as severity, 'store' as entity_type,"
                " unnest(?::varchar[]) as entity_id, date '2014-12-30' as opened_at,"
                " null::date as closed_at, 'open' as status, 'data-team' as owner,"
                " 'runbooks/DQ_STALE.md' as runbook",
                [stores],
            )

    return make


@pytest.mark.requirement("RISK-02")
def test_new_alerts_go_in_one_message_and_once(use, build) -> None:
    told = use()
    build("s1", "s2")
    assert notify_new_alerts({}) == 2
    (text,) = told
    assert text.startswith("Regulars: 2 new alerts as of 2014-12-31, 0 critical | WARNING DQ_STALE")
    assert "store s1, since 2014-12-30" in text
    assert "docs/runbooks/DQ_STALE.md" in text
    assert notify_new_alerts({}) == 0
    assert len(told) == 1


@pytest.mark.parametrize(
    ("import_path", "kwargs"),
    [
        (f"{__name__}.Recorder", '{"works": false}'),
        (f"{__name__}.Recorder", '{"no_such": 1}'),
        ("no.such.Notifier", "{}"),
        ("airflow.sdk.BaseNotifier", "{}"),
    ],
)
def test_a_broken_notifier_fails_no_night_and_loses_nothing(
    use, build, caplog, import_path: str, kwargs: str
) -> None:
    use(import_path, kwargs)
    build("s1")
    with caplog.at_level(logging.WARNING):
        assert notify_new_alerts({}) == 0
        notify_failure(FAILED)
        notify_copy_failure("000002", {})
    assert "could not be sent" in caplog.text
    assert "the failure of a run could not be told" in caplog.text
    assert "a copy that failed could not be told" in caplog.text
    told = use()
    assert notify_new_alerts({}) == 1
    assert len(told) == 1


def test_a_copy_that_failed_is_told_without_its_reason(use, monkeypatch) -> None:
    told = use()
    version = {"version": "000002", "path": "x", "copy_error": "row of Ms. Wang"}
    monkeypatch.setattr("regulars.warehouse.publish.publish_version", lambda: version)
    task = DagBag(PROJECT_ROOT / "dags").dags["build_marts"].get_task("publish_version")
    monkeypatch.setattr("regulars.operators.build.get_current_context", dict)
    outlets = {MARTS_CURRENT: SimpleNamespace(extra=None)}
    assert task.python_callable(outlet_events=outlets) == version
    (text,) = told
    assert "Version 000002 is published, but was not copied to PostgreSQL" in text
    assert "Wang" not in text


def test_without_a_setting_the_log_is_told(home, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        notify("Two alerts", "about {{ store }} s1", {"store": "x"})
    # What is delivered is no template.
    assert "Two alerts\nabout {{ store }} s1" in caplog.text


def test_the_mail_of_the_documentation_says_what_it_should(use, monkeypatch) -> None:
    text = (PROJECT_ROOT / "regulars.toml").read_text()
    lines = [line.removeprefix("# ") for line in text.partition("# [notifier]")[2].splitlines()]
    wanted = tomllib.loads("\n".join(["[notifier]", *lines]))["notifier"]
    use(wanted["import_path"], json.dumps(wanted["kwargs"]))
    sent = []

    def hook(self) -> nullcontext:
        # Airflow's hook knows a sender from its connection.
        send = SimpleNamespace(from_email="a@b", send_email_smtp=lambda **mail: sent.append(mail))
        return nullcontext(send)

    monkeypatch.setattr(SmtpNotifier, "hook", property(hook))
    notify("Two alerts", "about <s1>", {})
    (mail,) = sent
    assert mail["subject"] == "Two alerts"
    assert mail["html_content"] == "<pre>about &lt;s1&gt;</pre>"
    assert mail["to"] == "data@example.org"


def test_a_message_groups_by_code_and_names_no_person() -> None:
    alerts = [
        alert("DQ_CRITICAL", "f.csv", "file", "critical"),
        *[alert("DQ_STALE", f"s{n:02}") for n in range(13)],
        alert("RISK_LOST", "m0042", "customer"),
    ]
    subject, text = alert_message(alerts, date(2014, 12, 31))
    assert subject == "Regulars: 15 new alerts as of 2014-12-31, 1 critical"
    assert [part.splitlines()[0] for part in text.split("\n\n")] == [
        "CRITICAL DQ_CRITICAL: 1, for data-team, see docs/runbooks/DQ_CRITICAL.md",
        "WARNING DQ_STALE: 13, for data-team, see docs/runbooks/DQ_STALE.md",
        "WARNING RISK_LOST: 1, for data-team, see docs/runbooks/RISK_LOST.md",
    ]
    assert text.count("  store s") == module.NAMED_PER_KIND
    assert "and 3 more in fct_alerts" in text
    assert "a customer, since" in text
    assert "m0042" not in text


def test_a_failed_run_is_told_without_its_error(use) -> None:
    told = use()
    notify_failure(FAILED | {"exception": ValueError("m0042 bought")})
    (text,) = told
    assert text.startswith("Regulars: a run of ingest_pos failed | Run r1")
    assert "docs/runbooks/failed_night.md" in text
    assert "m0042" not in text


def test_every_dag_tells_of_its_failure(home) -> None:
    for dag in DagBag(PROJECT_ROOT / "dags").dags.values():
        assert dag.on_failure_callback is notify_failure
