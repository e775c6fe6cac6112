"""Open alerts that nobody was told of yet."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from regulars.settings import Settings
from regulars.warehouse.connection import build_lock, connect

# What may be named outside the marts. Whatever else an alert is about may be a person.
_NAMED = frozenset(
    {
        *("brand", "chain", "channel", "feed", "feed_store", "file", "platform", "product"),
        *("region", "segment", "series", "store", "store_type", "tier"),
    }
)
_SENT = "sent.json"


@dataclass(frozen=True)
class Alert:
    """A row of ``fct_alerts`` that is open; ``opened_at`` is a business date."""

    code: str
    severity: str
    entity_type: str
    entity_id: str
    opened_at: date
    owner: str
    runbook: str

    @property
    def key(self) -> str:
        """Which condition of what it is: the same while the alert is open, and tells no name."""
        text = json.dumps([self.code, self.entity_type, self.entity_id])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def subject(self) -> str:
        """What it is about, without saying who."""
        if is_about_a_person(self.entity_type):
            return f"a {self.entity_type}"
        return f"{self.entity_type} {self.entity_id}"


def is_about_a_person(entity_type: str) -> bool:
    """Whether an id of this type must not leave the marts."""
    return entity_type not in _NAMED


def tell_new_alerts(settings: Settings, tell: Callable[[list[Alert], date], None]) -> int:
    """Give ``tell`` the open alerts of the warehouse that it was not given yet, in one call.

    An alert is given once for as long as it is open, also when late data move its opening date, the
    version is rolled back or the warehouse is built anew; when it was closed and opens again, it
    is given again. What was given is kept in ``<home>/alerts`` and noted after ``tell`` returned:
    if that fails they are given with the next build.

    Returns:
        How many were given; without any, ``tell`` is not called.
    """
    with build_lock(settings, "tell_new_alerts"):
        with connect(settings, read_only=True) as connection:
            (as_of,) = connection.execute("select as_of from raw.build").fetchone()
            found = _open_alerts(connection)
            closed = _closed_spans(connection)
        path = settings.alerts / _SENT
        sent = _read(path)
        new = [alert for alert in found if not _is_known(alert, sent.get(alert.key), closed)]
        if new:
            tell(new, as_of)
        told = {alert.key: alert.opened_at.isoformat() for alert in found}
        if told != sent:
            _write(path, told)
    return len(new)


def _open_alerts(connection: duckdb.DuckDBPyConnection) -> list[Alert]:
    rows = connection.execute("""
        select alert_code, severity, entity_type, entity_id, opened_at, owner, runbook
        from marts.fct_alerts
        where status = 'open'
        order by severity <> 'critical', alert_code, entity_type, entity_id, opened_at
    """).fetchall()
    return [Alert(*row) for row in rows]


def _closed_spans(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[date, date]]]:
    """First and last day of the closed alerts, by key, of what has an open one too."""
    rows = connection.execute("""
        select alert_code, severity, entity_type, entity_id, opened_at, owner, runbook, closed_at
        from marts.fct_alerts
        where
            status = 'closed'
            and (alert_code, entity_type, entity_id) in (
                select (alert_code, entity_type, entity_id)
                from marts.fct_alerts
                where status = 'open'
            )
    """).fetchall()
    spans: dict[str, list[tuple[date, date]]] = {}
    for *columns, closed_at in rows:
        alert = Alert(*columns)
        spans.setdefault(alert.key, []).append((alert.opened_at, closed_at))
    return spans


def _is_known(alert: Alert, told: str | None, closed: dict[str, list[tuple[date, date]]]) -> bool:
    """Whether the one that was told is this one, and not an earlier one that was closed since."""
    if told is None:
        return False
    day = date.fromisoformat(told)
    return not any(first <= day <= last for first, last in closed.get(alert.key, ()))


def _read(path: Path) -> dict[str, str]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _write(path: Path, told: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(told, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    aside.replace(path)
