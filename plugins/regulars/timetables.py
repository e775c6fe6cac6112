"""When a night is due, and which delivery date it closes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from airflow.exceptions import AirflowTimetableInvalid
from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.base import DagRunInfo, TimeRestriction
from airflow.timetables.trigger import CronPartitionTimetable
from pendulum import DateTime

from regulars.errors import RegularsError
from regulars.pages.place import MOUNT
from regulars.settings import Settings

_MIDNIGHT = time()


class DeliveryDateTimetable(CronPartitionTimetable):
    """A run per cron time, keyed ``YYYY-MM-DD`` by the day before it in the chain's time zone.

    The partition date is that day's midnight, not the cron time. So a backfill to a date includes
    the date, and finds the runs that were started by hand for it.
    """

    def __init__(
        self,
        cron: str,
        *,
        timezone: str,
        run_offset: int = -1,
        # Long enough that a first night is not lost when the DAG is read again just after it fell
        # due, too short to start a night that nobody asked for when a home is new.
        run_immediately: bool | timedelta = timedelta(minutes=1),
        key_format: str = "%Y-%m-%d",
    ) -> None:
        super().__init__(
            cron,
            timezone=timezone,
            run_offset=run_offset,
            run_immediately=run_immediately,
            key_format=key_format,
        )

    def _partition_date(self, day: date) -> DateTime:
        return self.localize_partition_datetime(datetime.combine(day, _MIDNIGHT))

    def _get_partition_date(self, *, run_date: DateTime) -> DateTime:
        local = run_date.in_timezone(self._timezone)
        return self._partition_date(local.date() + timedelta(days=self._run_offset))

    def iter_partition_dagrun_infos(
        self, *, earliest: datetime, latest: datetime
    ) -> Iterator[DagRunInfo]:
        """One run per calendar date, first and last included, whatever the cron expression."""
        day, last = earliest.date(), latest.date()
        while day <= last:
            midnight = self._partition_date(day)
            yield DagRunInfo(
                run_after=midnight,
                data_interval=None,
                partition_date=midnight,
                partition_key=day.strftime(self._key_format),
            )
            day += timedelta(days=1)

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The next night; one that a stopped scheduler missed is due at once.

        A backfill run (due at its own partition date) is no night: after one alone, the schedule
        starts with the next cron time as in a new home.
        """
        if last_dagrun_info and last_dagrun_info.run_after == last_dagrun_info.partition_date:
            last_dagrun_info = None
        return super().next_dagrun_info_v2(
            last_dagrun_info=last_dagrun_info, restriction=restriction
        )


class OnRequestTimetable(DeliveryDateTimetable):
    """Never due by itself; takes keyed runs and backfills like the nightly one."""

    summary = "On request"

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> None:
        """Nothing is ever due."""
        return None


def nightly(settings: Settings) -> DeliveryDateTimetable:
    """The schedule that ``settings`` ask for; ``schedule = "off"`` gives one that is never due.

    Raises:
        RegularsError: the schedule is neither that nor a cron expression.
    """
    if settings.schedule == "off":
        return OnRequestTimetable("@daily", timezone=settings.timezone)
    timetable = DeliveryDateTimetable(settings.schedule, timezone=settings.timezone)
    try:
        timetable.validate()
    except AirflowTimetableInvalid as error:
        raise RegularsError(
            f'settings: schedule {settings.schedule!r} is neither "off" nor a cron expression '
            f'such as "0 2 * * *": {error}'
        ) from error
    return timetable


class RegularsPlugin(AirflowPlugin):
    """Makes timetables and pages known to Airflow (entry point ``airflow.plugins``)."""

    name = "regulars"
    timetables: ClassVar = [DeliveryDateTimetable, OnRequestTimetable]

    # In the menu: quality verdicts and the ledger of recent loads.
    external_views: ClassVar = [
        {
            "name": "Quality and loads",
            "href": f"{MOUNT}/overview",
            "destination": "nav",
            "url_route": "regulars",
            "category": "browse",
        }
    ]

    @property
    def fastapi_apps(self) -> list[dict]:
        """The verdict pages. Only the API server asks; the others are spared the import."""
        from regulars.pages.served import app

        return [{"app": app, "url_prefix": MOUNT, "name": "regulars"}]
