"""What becomes of landed files once the ledger knows them, and how they come back for a replay."""

import logging
import os
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from regulars.feeds.contract import feeds_like
from regulars.feeds.delivery import (
    MANIFEST_SUFFIX,
    FileRejectedError,
    check_place,
    find_deliveries,
)
from regulars.feeds.ledger import attempts
from regulars.privacy.archive import SUFFIX, Archive
from regulars.privacy.erasure import clean_file
from regulars.privacy.keys import load_keys
from regulars.privacy.suppression import Suppression
from regulars.settings import Settings, load_settings

log = logging.getLogger(__name__)


def settle_landed(feeds: Sequence[str]) -> int:
    """Do with the landed files that were taken what the setting ``landed_files`` says.

    Links stay where they lie, and so does what the ledger does not know.

    Returns:
        The number of files that are gone from the landing folder.
    """
    settings = load_settings()
    if settings.landed_files == "kept":
        return 0
    ring = load_keys(settings)
    archive, suppression = Archive(settings, ring), Suppression(settings, ring)
    settled = 0
    for feed in feeds_like(feeds):
        known = attempts(settings.lake, feed)
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
            archive.settle(delivered, clean)
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
