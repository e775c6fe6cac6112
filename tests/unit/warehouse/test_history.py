"""The marts as they stood on a date, as known at a moment."""

import json
from datetime import UTC, date, datetime

import pytest

from regulars.errors import RegularsError
from regulars.warehouse import history, publish
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.history import build_history
from regulars.warehouse.publish import current, publish_version
from regulars.warehouse.quality import judge_marts


@pytest.fixture
def known(settings, lake, make_marts, suites, monkeypatch):
    """Two deliveries, the first loaded on New Year's Day and the second on the day after."""
    monkeypatch.setattr(history, "judge_marts", lambda: judge_marts(suites))
    lake.deliver(1, day="2014-12-30")
    lake.deliver(2, day="2014-12-31")
    for number, moment in ((1, "2015-01-01T02:00:00"), (2, "2015-01-02T02:00:00")):
        path = settings.lake / "ledger" / "stores" / f"b{number}.jsonl"
        line = json.loads(path.read_text()) | {"loaded_at": moment}
        path.write_text(json.dumps(line) + "\n")
    build_warehouse()
    judge_marts(suites)
    publish_version()


def described(version: dict) -> dict:
    with open(f"{version['path']}/version.json", encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize(
    ("as_of", "known_at", "stood", "files"),
    [
        (date(2014, 12, 31), None, "2014-12-31", 2),
        (date(2014, 12, 30), None, "2014-12-30", 1),
        (date(2014, 12, 31), datetime(2015, 1, 1, 2, tzinfo=UTC), "2014-12-30", 1),
        (date(2014, 12, 31), datetime(2015, 1, 2, 2, tzinfo=UTC), "2014-12-31", 2),
    ],
)
def test_only_what_was_delivered_and_known_by_then_counts(known, as_of, known_at, stood, files):
    now = current()
    found = described(build_history(as_of, known_at))
    assert (found["as_of"], found["loads"]["files"]) == (stood, files)
    assert current() == now
    assert described({"path": now})["as_of"] == "2014-12-31"


def test_the_copy_in_postgresql_is_not_of_the_past(known, monkeypatch):
    copied = []
    monkeypatch.setattr(publish, "copy_version", lambda folder, url: copied.append(folder))
    monkeypatch.setenv("REGULARS_POSTGRES_URL", "postgresql://db/bi")
    build_history(date(2014, 12, 30))
    assert copied == []
    publish_version()
    assert copied == [current()]


def test_before_the_first_delivery_nothing_was_known(known):
    with pytest.raises(RegularsError, match="nothing had been loaded for dates up to 2014-12-29"):
        build_history(date(2014, 12, 29))
    with pytest.raises(RegularsError, match="by 2015-01-01T01:59:59 UTC"):
        build_history(date(2014, 12, 31), datetime(2015, 1, 1, 1, 59, 59, tzinfo=UTC))


def test_a_moment_without_a_time_zone_is_refused(known):
    with pytest.raises(RegularsError, match="has no time zone"):
        build_history(date(2014, 12, 31), datetime(2015, 1, 1))


def test_what_is_to_come_is_refused(known):
    with pytest.raises(RegularsError, match="as_of 9999-12-31 is still to come: it is 20"):
        build_history(date(9999, 12, 31))
    with pytest.raises(
        RegularsError, match="known_at 9999-12-31T00:00:00\\+00:00 is still to come"
    ):
        build_history(date(2014, 12, 31), datetime(9999, 12, 31, tzinfo=UTC))
