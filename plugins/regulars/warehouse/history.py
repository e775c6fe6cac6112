"""The marts as they stood: of a business date, as known at a moment, in a home of their own."""

import json
import logging
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from regulars.errors import RegularsError
from regulars.settings import Settings, environment_set, load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import exclusive
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.said import editions
from regulars.warehouse.sync import committed_batches

log = logging.getLogger(__name__)


def build_history(as_of: date, known_at: datetime | None = None) -> dict:
    """Build, judge and publish what was delivered for dates up to ``as_of`` and loaded by then.

    The home of its own has the lake's rows by link and a ledger that holds only what was known, so
    that nothing else differs from a night. The current version and its warehouse are not touched.

    Args:
        as_of: the last delivery date that counts.
        known_at: the last moment of loading that counts, in UTC; None for all that is known now.

    Returns:
        As ``publish_version``.

    Raises:
        RegularsError: nothing had been loaded by then, the date or the moment is to come,
            ``known_at`` has no time zone, or the build or the gate failed.
    """
    settings = load_settings()
    if as_of > settings.today():
        raise RegularsError(
            f"as_of {as_of} is still to come: it is {settings.today()} in {settings.timezone}"
        )
    if known_at is not None and known_at.tzinfo is None:
        raise RegularsError(f"{known_at.isoformat()} has no time zone: add +00:00 or another one")
    if known_at is not None and known_at > datetime.now(UTC):
        raise RegularsError(f"known_at {known_at.isoformat()} is still to come")
    moment = known_at and known_at.astimezone(UTC).replace(tzinfo=None)
    home = settings.history / "_".join(
        [str(as_of), *([f"known_{moment:%Y-%m-%dT%H%M%S.%f}"] if moment else [])]
    )
    with exclusive(settings.history / ".lock", "build_history"):
        return _build_home(settings, home, as_of, moment)


def _build_home(settings: Settings, home: Path, as_of: date, moment: datetime | None) -> dict:
    shutil.rmtree(home, ignore_errors=True)
    kept = know(settings, home / "lake", as_of, moment)
    if not kept:
        raise RegularsError(
            f"nothing had been loaded for dates up to {as_of}"
            + (f" by {moment.isoformat()} UTC" if moment else "")
        )
    log.info("%d files were known", kept)
    _say_again(settings, home, as_of, moment)
    # The copy in PostgreSQL is of what readers see now, and not of the past.
    with environment_set({"REGULARS_HOME": str(home), "REGULARS_POSTGRES_URL": ""}):
        build_warehouse(full_refresh=True)
        judge_marts()
        return publish_version()


def _say_again(settings: Settings, home: Path, as_of: date, moment: datetime | None) -> None:
    """Copy what versions had said by then; the marts tell of it."""
    for edition in editions(settings).values():
        if edition.as_of <= as_of and (moment is None or edition.known_at < moment):
            path = settings.said / f"{edition.version}.parquet"
            (home / "said").mkdir(exist_ok=True)
            shutil.copyfile(path, home / "said" / path.name)


def know(settings: Settings, lake: Path, as_of: date, moment: datetime | None) -> int:
    """Link the rows and copy the ledger lines of what was known; returns how many lines."""
    lines = 0
    for batch in committed_batches(settings.lake):
        known = [
            line
            for line in batch.ledger(settings.lake).read_text("utf-8").splitlines()
            if _is_known(json.loads(line), as_of, moment)
        ]
        if known:
            ledger = batch.ledger(lake)
            ledger.parent.mkdir(parents=True, exist_ok=True)
            ledger.write_text("".join(f"{line}\n" for line in known), encoding="utf-8")
            lines += len(known)
    for folder in settings.lake.iterdir():
        if lines and folder.name != "ledger":
            (lake / folder.name).symlink_to(folder, target_is_directory=True)
    return lines


def _is_known(line: dict, as_of: date, moment: datetime | None) -> bool:
    if date.fromisoformat(line["delivery_date"]) > as_of:
        return False
    return moment is None or datetime.fromisoformat(line["loaded_at"]) <= moment
