import shutil

import pytest

from regulars.warehouse.alerts import tell_new_alerts
from regulars.warehouse.connection import connect

S1 = ("DQ_STALE", "store", "s1", "2014-12-30", None)
S2 = ("DQ_STALE", "store", "s2", "2014-12-30", None)


@pytest.fixture
def build(settings):
    """Build a warehouse with these alerts: code, entity type and id, opened and closed dates."""

    def make(*alerts: tuple, as_of: str = "2014-12-31") -> None:
        with connect(settings) as connection:
            connection.execute("create schema if not exists raw")
            connection.execute("create schema if not exists marts")
            connection.execute(
                "create or replace table raw.build as select cast(? as date) as as_of", [as_of]
            )
            connection.execute("""
                create or replace table marts.fct_alerts (
                    alert_code varchar, entity_type varchar, entity_id varchar, opened_at date,
                    closed_at date, severity varchar, owner varchar, runbook varchar,
                    status varchar as (if(closed_at is null, 'open', 'closed'))
                )
            """)
            for code, kind, entity, opened, closed in alerts:
                severity = "critical" if code == "DQ_CRITICAL" else "warning"
                connection.execute(
                    "insert into marts.fct_alerts values (?, ?, ?, ?, ?, ?, 'team', 'a.md')",
                    [code, kind, entity, opened, closed, severity],
                )

    return make


@pytest.fixture
def told(settings):
    """The ids of each message that goes out now."""

    def tell() -> list[list[str]]:
        messages = []
        told = tell_new_alerts(
            settings, lambda alerts, as_of: messages.append([a.entity_id for a in alerts])
        )
        assert told == sum(map(len, messages))
        return messages

    return tell


@pytest.mark.requirement("RISK-02")
def test_an_alert_is_told_once(build, told) -> None:
    build(S1)
    assert told() == [["s1"]]
    assert told() == []
    build(S1, S2)
    assert told() == [["s2"]]
    build(S1, S2)
    assert told() == []


def test_alerts_of_a_run_go_together_the_critical_first(build, told) -> None:
    build(S1, S2, ("DQ_CRITICAL", "file", "f.csv", "2014-12-31", None))
    assert told() == [["f.csv", "s1", "s2"]]


def test_what_was_closed_in_the_meantime_is_not_told(build, told) -> None:
    build(("DQ_STALE", "store", "s1", "2014-01-01", "2014-01-02"))
    assert told() == []


def test_an_alert_that_opens_again_is_told_again(build, told) -> None:
    build(S1)
    told()
    build((*S1[:4], "2014-12-31"))
    assert told() == []
    build((*S1[:4], "2014-12-31"), (*S1[:3], "2015-01-05", None))
    assert told() == [["s1"]]


def test_an_alert_that_closed_and_opened_between_two_builds_is_told_again(build, told) -> None:
    build(S1)
    told()
    build((*S1[:4], "2014-12-31"), (*S1[:3], "2015-01-05", None), as_of="2015-01-05")
    assert told() == [["s1"]]
    assert told() == []


def test_an_alert_whose_opening_late_data_move_is_the_same(build, told) -> None:
    build(S1)
    told()
    build((*S1[:3], "2014-12-20", None))
    assert told() == []
    build((*S1[:3], "2014-12-31", None))
    assert told() == []


def test_a_warehouse_built_anew_tells_nothing_twice(settings, build, told) -> None:
    build(S1)
    told()
    shutil.rmtree(settings.warehouse.parent)
    build(S1)
    assert told() == []


def test_what_could_not_be_told_is_told_next_time(settings, build, told) -> None:
    build(S1)

    def broken(alerts, as_of) -> None:
        raise OSError("no mail today")

    with pytest.raises(OSError, match="no mail"):
        tell_new_alerts(settings, broken)
    assert told() == [["s1"]]


def test_what_is_kept_names_nobody(settings, build, told) -> None:
    build(("RISK_LOST", "customer", "m0042", "2014-12-31", None))
    assert told() == [["m0042"]]
    assert "m0042" not in "".join(p.read_text() for p in settings.alerts.iterdir())
