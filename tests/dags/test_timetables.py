from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables import trigger
from airflow.timetables.base import DagRunInfo, TimeRestriction
from pendulum import instance

from regulars.timetables import DeliveryDateTimetable, OnRequestTimetable

SHANGHAI = "Asia/Shanghai"
ANY_TIME = TimeRestriction(earliest=None, latest=None, catchup=False)


def nightly(cron: str = "0 2 * * *", zone: str = SHANGHAI) -> DeliveryDateTimetable:
    # As the scheduler sees it: stored and read again.
    return decode_timetable(encode_timetable(DeliveryDateTimetable(cron, timezone=zone)))


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return instance(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def backfill(timetable: DeliveryDateTimetable, first: str, last: str) -> list[DagRunInfo]:
    """The runs of ``airflow backfill create``, which gives dates as midnights in UTC."""
    bounds = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last)]
    return list(timetable.iter_partition_dagrun_infos(earliest=bounds[0], latest=bounds[1]))


def following(
    timetable: DeliveryDateTimetable, last: DagRunInfo | None, now: str, monkeypatch
) -> DagRunInfo | None:
    monkeypatch.setattr(trigger, "utcnow", lambda: at(now))
    return timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=ANY_TIME)


def test_a_backfill_holds_its_first_and_last_day() -> None:
    keys = [info.partition_key for info in backfill(nightly(), "2014-12-29", "2014-12-31")]
    assert keys == ["2014-12-29", "2014-12-30", "2014-12-31"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "UTC"])
def test_a_backfill_finds_the_runs_started_by_hand(zone: str) -> None:
    timetable = nightly(zone=zone)
    (info,) = backfill(timetable, "2014-12-31", "2014-12-31")
    # Airflow compares the partition dates, and sets that of a run by hand from its key.
    assert info.partition_date == timetable.resolve_partition_date("2014-12-31")
    assert info.partition_date == at("2014-12-31T00:00", zone)


def test_a_backfill_finds_the_nightly_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    timetable = nightly()
    scheduled = following(timetable, None, "2015-01-01T01:00", monkeypatch)
    (info,) = backfill(timetable, "2014-12-31", "2014-12-31")
    assert (info.partition_key, info.partition_date) == (
        scheduled.partition_key,
        scheduled.partition_date,
    )


def test_every_day_has_a_partition_when_clocks_change() -> None:
    # In Beirut clocks skip the midnight of 2014-03-30.
    infos = backfill(nightly(zone="Asia/Beirut"), "2014-03-29", "2014-03-31")
    assert [info.partition_key for info in infos] == ["2014-03-29", "2014-03-30", "2014-03-31"]
    assert len({info.partition_date for info in infos}) == 3


@pytest.mark.parametrize(
    ("cron", "now", "due", "key"),
    [
        ("0 2 * * *", "2015-01-01T01:00", "2015-01-01T02:00", "2014-12-31"),
        ("30 23 * * *", "2015-01-01T01:00", "2015-01-01T23:30", "2014-12-31"),
        # On Monday a run on weekdays closes Sunday, and with it the whole weekend.
        ("0 2 * * 1-5", "2015-01-03T12:00", "2015-01-05T02:00", "2015-01-04"),
    ],
)
def test_a_night_closes_the_day_before(
    cron: str, now: str, due: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = following(nightly(cron), None, now, monkeypatch)
    assert (info.run_after, info.partition_key) == (at(due), key)


def test_a_new_home_starts_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    info = following(nightly(), None, "2015-01-01T02:05", monkeypatch)
    assert info.run_after == at("2015-01-02T02:00")


def test_a_first_night_is_not_lost_when_it_has_just_fallen_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    info = following(nightly(), None, "2015-01-01T02:00:20", monkeypatch)
    assert info.run_after == at("2015-01-01T02:00")


def test_a_backfill_alone_starts_no_night(monkeypatch: pytest.MonkeyPatch) -> None:
    (last,) = backfill(nightly(), "2014-06-30", "2014-06-30")
    info = following(nightly(), last, "2015-01-01T12:00", monkeypatch)
    assert info.run_after == at("2015-01-02T02:00")


def test_a_missed_night_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    timetable = nightly()
    last = following(timetable, None, "2014-12-28T01:00", monkeypatch)
    info = following(timetable, last, "2015-01-01T12:00", monkeypatch)
    assert (info.run_after, info.partition_key) == (at("2015-01-01T02:00"), "2014-12-31")


def test_on_request_is_never_due_and_takes_keys_and_backfills(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timetable = decode_timetable(encode_timetable(OnRequestTimetable("@daily", timezone=SHANGHAI)))
    assert following(timetable, None, "2015-01-01T00:00:10", monkeypatch) is None
    assert timetable.partitioned
    assert timetable.periodic
    assert timetable.resolve_partition_date("2014-12-31") == at("2014-12-31T00:00")
    assert len(backfill(timetable, "2014-12-29", "2014-12-31")) == 3
