"""What becomes of landed files once the ledger knows them, and how they come back for a replay."""

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from regulars.feeds.contract import feeds_like
from regulars.feeds.delivery import (
    MANIFEST_SUFFIX,
    Delivered,
    FileRejectedError,
    check_number,
    check_place,
    find_deliveries,
    folder_date,
    is_hidden,
    manifest_path,
    manifest_paths,
)
from regulars.feeds.ledger import attempts
from regulars.privacy.archive import SUFFIX, Archive
from regulars.privacy.erasure import clean_file
from regulars.privacy.keys import load_keys
from regulars.privacy.suppression import Suppression
from regulars.settings import Settings, load_settings
from regulars.store import ASIDE, Landed, landing_of
from regulars.warehouse.connection import exclusive

log = logging.getLogger(__name__)


class Arrivals:
    """Objects that senders put in a bucket, on their way to the landing folder and out again.

    Copies in the landing folder have path, size and time of their object, which is how the ledger
    knows a file. Without a bucket there is nothing to do.
    """

    def __init__(self, settings: Settings):
        self._settings = settings
        self._landing = landing_of(settings)
        listed = self._landing.listed() if self._landing else ()
        self._there: dict[str, Landed] = {landed.path: landed for landed in listed}

    def pull(
        self,
        feed: str,
        is_wanted: Callable[[tuple[str, int, int]], bool],
        date_from: date | None = None,
        date_to: date = date.max,
    ) -> None:
        """Copy the wanted objects of a feed, each after its manifest, that are not here yet.

        Args:
            feed: the name of its folder.
            is_wanted: asked by path, size and time of an object.
            date_from: first delivery date, None for all.
            date_to: last delivery date.

        Raises:
            RegularsError: a delivery folder holds too many objects.
        """
        days: dict[date, list[Delivered]] = {}
        for there in self._there.values():
            of, folder, _ = there.path.split("/")
            if of != feed:
                continue
            day = folder_date(folder)
            if day is None:
                log.warning("%s is no delivery: its folder is not named YYYY-MM-DD", there.path)
                continue
            if day > date_to or (date_from and day < date_from):
                continue
            found = Delivered(feed, there.path, day, there.bytes, there.mtime_ns)
            days.setdefault(day, []).append(found)
        if self._landing is None:
            return
        with exclusive(self._settings.home / "store" / "landing.lock", "landing"):
            for left in (self._settings.landing / feed).glob(f"*/{ASIDE}"):
                left.unlink()
            for day, delivered in sorted(days.items()):
                number = len(delivered)
                check_number(feed, day.isoformat(), number, self._settings.max_delivery_files)
                for file in delivered:
                    wanted = is_wanted((file.path, file.bytes, file.mtime_ns))
                    if wanted and not is_hidden(file.name):
                        self._get(file)

    def remove(self, path: Path) -> None:
        """Remove a file of the landing folder, and before it the object that it is a copy of."""
        there = self._there.get(path.relative_to(self._settings.landing).as_posix())
        if there and _is_copy(path, there):
            self._landing.remove(there)
        path.unlink()

    def _get(self, delivered: Delivered) -> None:
        for name in (*manifest_paths(delivered), delivered.path):
            there, file = self._there.get(name), self._settings.landing / name
            if there and not _is_copy(file, there) and not self._landing.get(there, file):
                log.warning("%s was replaced a moment ago; the next run takes it", name)
                return


def _is_copy(file: Path, there: Landed) -> bool:
    if not file.exists():
        return False
    about = file.stat()
    return (about.st_size, about.st_mtime_ns) == (there.bytes, there.mtime_ns)


def settle_landed(feeds: Sequence[str]) -> int:
    """Do with the landed files that were taken what the setting ``landed_files`` says.

    Links stay where they lie, and so does what the ledger does not know. Where the files are copies
    of objects, it is those that are meant; the copies go in any case.

    Returns:
        The number of files that are gone from the landing folder.
    """
    settings = load_settings()
    is_kept = settings.landed_files == "kept"
    if is_kept and not settings.landing_store:
        return 0
    arrivals = Arrivals(settings)
    ring = load_keys(settings)
    archive, suppression = Archive(settings, ring), Suppression(settings, ring)
    settled = 0
    for feed in feeds_like(feeds):
        known = attempts(settings.lake, feed)
        if not is_kept:
            # What a home took that did not come so far.
            arrivals.pull(feed, known.__contains__)
        for delivered in find_deliveries(
            settings.landing, feed, None, date.max, settings.max_delivery_files
        ):
            line = known.get((delivered.path, delivered.bytes, delivered.mtime_ns))
            if line is None:
                continue
            try:
                landed = check_place(settings.landing, delivered)
            except FileRejectedError:
                continue
            # A copy of a file that was loaded before is told nothing of its rows.
            touched = line.get("rows_suppressed") or line.get("rows_anonymised")
            clean = None
            if len(suppression) and (touched or line["status"] != "loaded"):
                clean = partial(clean_file, feed=feed, needles=suppression)
            if is_kept:
                for path in (manifest_path(settings.landing, delivered), landed):
                    if path is not None:
                        path.unlink()
            else:
                archive.settle(delivered, clean, arrivals.remove)
            settled += not landed.exists()
    log.info("%d files %s", settled, settings.landed_files)
    return settled


def restore_landed(settings: Settings, lines: Iterable[dict[str, Any]]) -> None:
    """Put the files of these ledger lines back into the landing folder, as they lay there.

    A file of which the archive holds nothing stays away; one that has come since stays too.
    """
    if not settings.archive.exists():
        return
    archive = Archive(settings, load_keys(settings))
    for line in lines:
        landed = settings.landing / line["file_path"]
        sealed = settings.archive / f"{line['file_path']}.{line['load_id'][:12]}{SUFFIX}"
        if landed.exists() or not sealed.exists():
            continue
        for manifest in _manifests(settings, line["file_path"]):
            archive.restore(manifest)
        archive.restore(sealed)
        os.utime(landed, ns=(line["file_mtime_ns"], line["file_mtime_ns"]))


def _manifests(settings: Settings, file_path: str) -> list:
    """The sealed manifests of a file: beside it, named after it with or without its ending."""
    folder, _, name = file_path.rpartition("/")
    stems = [name]
    while "." in stems[-1]:
        stems.append(stems[-1].rpartition(".")[0])
    held = sorted((settings.archive / folder).glob(f"*{MANIFEST_SUFFIX}.*{SUFFIX}"))
    names = tuple(f"{stem}{MANIFEST_SUFFIX}." for stem in stems)
    return [path for path in held if path.name.startswith(names)]
