"""Delivered files: where they lie, whether they are complete, what their manifests promise."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath

from regulars.errors import RegularsError

log = logging.getLogger(__name__)

FORMATS = ("csv", "csv.gz", "jsonl", "jsonl.gz", "parquet", "xlsx")
MANIFEST_SUFFIX = ".manifest.json"


class FileRejectedError(Exception):
    """The file cannot be loaded as a whole; the message says why and what to do."""


@dataclass(frozen=True)
class Delivered:
    """A file in the landing folder, before it is opened."""

    feed: str
    path: str  # relative to the landing folder, posix
    delivery_date: date
    bytes: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """File name without its folders."""
        return PurePosixPath(self.path).name

    @property
    def format(self) -> str | None:
        """One of ``FORMATS``; None if the ending is none of them."""
        return next((f for f in FORMATS if self.name.lower().endswith("." + f)), None)


@dataclass(frozen=True)
class Manifest:
    """What the sender states about a file; every field is optional."""

    rows: int | None = None
    sha256: str | None = None
    exported_at: datetime | None = None  # UTC, naive
    control_totals: dict[str, Decimal] = field(default_factory=dict)
    layout: str | None = None


def find_deliveries(
    landing: Path, feed: str, date_from: date | None, date_to: date, max_files: int
) -> Iterator[Delivered]:
    """Files of a feed in the delivery folders of a range, in the order of date and name.

    Links are not followed.

    Raises:
        RegularsError: a folder holds more than ``max_files`` files.
    """
    for folder in sorted((landing / feed).glob("*/")):
        delivered = _date(folder.name)
        if delivered is None or folder.is_symlink():
            log.warning("%s is no delivery: its folder is not named YYYY-MM-DD", folder)
            continue
        if delivered > date_to or (date_from and delivered < date_from):
            continue
        paths = sorted(folder.iterdir())
        if len(paths) > max_files:
            raise RegularsError(
                f"{feed}/{folder.name} holds more than {max_files} files; deliver fewer and larger"
                " ones, or raise the setting max_delivery_files"
            )
        for path in paths:
            hidden = path.name.startswith((".", "_")) or path.name.endswith(MANIFEST_SUFFIX)
            if hidden or path.is_symlink() or not path.is_file():
                continue
            stat = path.stat()
            relative = path.relative_to(landing).as_posix()
            yield Delivered(feed, relative, delivered, stat.st_size, stat.st_mtime_ns)


def _date(name: str) -> date | None:
    try:
        found = date.fromisoformat(name)
    except ValueError:
        return None
    return found if found.isoformat() == name else None


def is_complete(landing: Path, delivered: Delivered, settle_seconds: float) -> bool:
    """Whether the file has a manifest or has lain still for the settle time."""
    if manifest_path(landing, delivered).is_file():
        return True
    return time.time() - delivered.mtime_ns / 1e9 >= settle_seconds


def manifest_path(landing: Path, delivered: Delivered) -> Path:
    """Where the manifest of a file would lie: the same name, whatever its ending, beside it."""
    ending = "." + (delivered.format or "")
    stem = delivered.name[: -len(ending)] if delivered.format else delivered.name
    folder = (landing / delivered.path).parent
    full = folder / (delivered.name + MANIFEST_SUFFIX)
    return full if full.is_file() else folder / (stem + MANIFEST_SUFFIX)


def read_manifest(landing: Path, delivered: Delivered) -> Manifest:
    """Read the manifest of a file; an empty one if there is none.

    Raises:
        FileRejectedError: the manifest is not readable or a field has the wrong form.
    """
    path = manifest_path(landing, delivered)
    if not path.is_file():
        return Manifest()
    try:
        stated = json.loads(path.read_text("utf-8"))
        exported = stated.get("exported_at")
        return Manifest(
            rows=None if stated.get("rows") is None else int(stated["rows"]),
            sha256=stated.get("sha256"),
            exported_at=None if exported is None else _utc(exported),
            control_totals={k: Decimal(v) for k, v in stated.get("control_totals", {}).items()},
            layout=stated.get("layout"),
        )
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise FileRejectedError(f"manifest {path.name} cannot be read: {error}") from error


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
