"""Delivered files: where they lie, whether they are complete, what their manifests promise."""

import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

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
    attempt: int = 0  # above 0: a replay

    @property
    def name(self) -> str:
        """File name without its folders."""
        return PurePosixPath(self.path).name

    @property
    def format(self) -> str | None:
        """One of ``FORMATS``; None if the ending is none of them."""
        return next((f for f in FORMATS if self.name.lower().endswith("." + f)), None)


def _moment(stated: object) -> object:
    """An ISO 8601 time in UTC; one without an offset is taken as UTC."""
    if not isinstance(stated, str):
        return stated
    try:
        moment = datetime.fromisoformat(stated)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError as error:
        raise ValueError(f"{stated} is no time of our calendar") from error


def _number(stated: object) -> object:
    """A total, written as text or as a number."""
    if isinstance(stated, int) and not isinstance(stated, bool):
        return Decimal(stated)
    try:
        return Decimal(stated) if isinstance(stated, str) else stated
    except InvalidOperation as error:
        raise ValueError(f"{stated!r} is not a number") from error


class Manifest(BaseModel):
    """What the sender states about a file; every field is optional."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    rows: int | None = None
    sha256: str | None = None
    exported_at: Annotated[datetime | None, BeforeValidator(_moment)] = None  # UTC, naive
    control_totals: dict[str, Annotated[Decimal, BeforeValidator(_number)]] | None = None
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
        delivered = folder_date(folder.name)
        if delivered is None or folder.is_symlink():
            log.warning("%s is no delivery: its folder is not named YYYY-MM-DD", folder)
            continue
        if delivered > date_to or (date_from and delivered < date_from):
            continue
        paths = sorted(folder.iterdir())
        check_number(feed, folder.name, len(paths), max_files)
        for path in paths:
            if not is_readable(path.name):
                log.warning("%r is not taken: its name is not readable text; rename it", str(path))
                continue
            if is_hidden(path.name) or path.is_symlink() or not path.is_file():
                continue
            stat = path.stat()
            relative = path.relative_to(landing).as_posix()
            yield Delivered(feed, relative, delivered, stat.st_size, stat.st_mtime_ns)


def check_number(feed: str, folder: str, number: int, max_files: int) -> None:
    """Raises RegularsError if a delivery folder holds more than ``max_files`` files."""
    if number > max_files:
        raise RegularsError(
            f"{feed}/{folder} holds more than {max_files} files; deliver fewer and larger"
            " ones, or raise the setting max_delivery_files"
        )


def is_readable(name: str) -> bool:
    """Whether a name is text that can be shown."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return name.isprintable()


def is_hidden(name: str) -> bool:
    """Whether a file of this name is no data: a manifest, a mark, a file still being written."""
    return name.startswith((".", "_")) or name.endswith(MANIFEST_SUFFIX)


def folder_date(name: str) -> date | None:
    """The date that a delivery folder is named after; None if it is not."""
    try:
        found = date.fromisoformat(name)
    except ValueError:
        return None
    return found if found.isoformat() == name else None


def is_complete(landing: Path, delivered: Delivered, settle_seconds: float) -> bool:
    """Whether the file has a manifest or has lain still for the settle time."""
    if manifest_path(landing, delivered) is not None:
        return True
    return time.time() - delivered.mtime_ns / 1e9 >= settle_seconds


def manifest_path(landing: Path, delivered: Delivered) -> Path | None:
    """The manifest beside a file, named after it with or without its ending, if there is one."""
    for name in manifest_paths(delivered):
        path = landing / name
        # False too for a name that is too long for the file system.
        if os.path.isfile(path) and not os.path.islink(path):
            return path
    return None


def manifest_paths(delivered: Delivered) -> tuple[str, str]:
    """Where a manifest may lie, relative to the landing folder; the first one found counts."""
    stem = delivered.path
    if delivered.format:
        stem = stem[: -len("." + delivered.format)]
    return delivered.path + MANIFEST_SUFFIX, stem + MANIFEST_SUFFIX


def check_place(landing: Path, delivered: Delivered) -> Path:
    """Where the file lies, if it is a plain file of its own delivery folder.

    Raises:
        FileRejectedError: its path climbs out, or it is a link.
    """
    path = landing / delivered.path
    folder = landing.resolve() / delivered.feed / delivered.delivery_date.isoformat()
    if path.is_symlink() or path.parent.resolve() != folder or path.name != delivered.name:
        raise FileRejectedError(
            "is not a plain file of its delivery folder; links are not followed"
        )
    return path


def read_manifest(landing: Path, delivered: Delivered) -> Manifest:
    """Read the manifest of a file; an empty one if there is none.

    Raises:
        FileRejectedError: the manifest is not readable or a field has the wrong form.
    """
    path = manifest_path(landing, delivered)
    if path is None:
        return Manifest()
    try:
        stated = json.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
        return Manifest.model_validate(stated)
    except ValidationError as error:
        found = "; ".join(f"{_place(e)}: {e['msg']}" for e in error.errors())
        raise FileRejectedError(f"manifest {path.name}: {found}") from error
    except (ValueError, RecursionError) as error:
        raise FileRejectedError(f"manifest {path.name} is not JSON: {_short(error)}") from error


def _place(error: dict) -> str:
    return ".".join(str(part) for part in error["loc"]) or "the file"


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
