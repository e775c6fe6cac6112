"""The object store behind a home: its lake, ledger and published versions, object for file.

``Landing`` is the other end: objects that senders deliver, in a bucket of theirs or in ours.

The folders of the home are a working copy, which everything reads and writes as if there were no
store; DuckDB reads them as fast as the disk is. With a store named, a batch exists once its ledger
object does, which is created only if there is none of that name; readers see the version that one
pointer names, which is replaced only if it is still the one that was left here. Homes that share a
store ``pull`` what the others committed. Keys, vault and archive stay in the home.
"""

import errno
import json
import logging
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from regulars.errors import RegularsError
from regulars.settings import Settings
from regulars.warehouse.connection import exclusive

log = logging.getLogger(__name__)

POINTER = "published/current.json"
# A file on its way from the landing bucket; hidden, so that nobody takes it.
ASIDE = ".pulled"
_LEDGER = "ledger/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# So many refused names are told one by one.
_TOLD = 20


def store_of(settings: Settings) -> "Store | None":
    """The store that the settings name, if any."""
    return Store(settings) if settings.store else None


def pull(settings: Settings) -> None:
    """Bring the lake of the home up to what the store holds; nothing to do without a store."""
    if store := store_of(settings):
        store.pull()


def _client(setting: str) -> Any:
    try:
        import s3fs
    except ImportError as error:
        raise RegularsError(
            f"the setting {setting} needs the extra cluster: install it with"
            " `uv sync --extra cluster`"
        ) from error
    # Listings must show what others wrote a moment ago.
    return s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)


class Store:
    """Objects below ``settings.store``; endpoint and credentials as every S3 client finds them."""

    def __init__(self, settings: Settings):
        self._objects = _client(f"store = {settings.store!r}")
        self._root = settings.store.removeprefix("s3://").rstrip("/")
        self._settings = settings

    def pull(self) -> None:
        """Take over what was committed or rewritten since; hand in what is only here."""
        lake = self._settings.lake
        with self._noted() as noted:
            # The ledger is listed before the rows: what it names then is there to be found.
            there = self._listed("lake/ledger")
            there |= self._listed("lake")
            for name in sorted(there, key=lambda name: (name.startswith(_LEDGER), name)):
                if _batch(name) not in there:
                    continue  # not committed
                is_seen = name in noted and noted[name][0] == there[name]
                if not is_seen or not (lake / name).exists():
                    self._get(f"lake/{name}", lake / name)
                    noted[name] = [there[name], *_looks(lake / name)]
            for ledger in sorted(lake.glob(f"{_LEDGER}*/*.jsonl")):
                if ledger.relative_to(lake).as_posix() not in there:
                    self._commit(noted, ledger.parent.name, ledger.stem, ledger.read_bytes())

    def commit(self, feed: str, batch_id: str, ledger: bytes) -> bool:
        """Hand in the rows of a batch, then create its ledger object, which is the commit.

        Returns:
            False if another home has committed the same batch before; its rows are those that
            count, and ``pull`` brings them.
        """
        with self._noted() as noted:
            return self._commit(noted, feed, batch_id, ledger)

    def push_rewritten(self) -> None:
        """Replace the objects whose files were rewritten here since, as by an erasure."""
        lake = self._settings.lake
        with self._noted() as noted:
            for name in sorted(set(noted) - {POINTER}):
                if (lake / name).exists() and noted[name][1:] != _looks(lake / name):
                    noted[name] = self._put(lake / name, f"lake/{name}")

    def publish(self, versions: Sequence[Path], current: Path) -> None:
        """Make the store hold these versions, whole, and point its readers at ``current``.

        Raises:
            RegularsError: the pointer is not the one that was left here: another home publishes.
        """
        with self._noted() as noted:
            described = self._listed("published/versions", "/version.json")
            whole = {name.split("/")[1] for name in described if name.count("/") == 2}
            for folder in versions:
                if folder.name in whole:
                    continue
                files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
                # Its description comes last and says that the version is whole.
                for path in sorted(files, key=lambda path: path == folder / "version.json"):
                    inside = path.relative_to(folder).as_posix()
                    self._put(path, f"published/versions/{folder.name}/{inside}")
            self._point(noted, current.name)
            for name in whole - {folder.name for folder in versions}:
                self._objects.rm(self._path(f"published/versions/{name}"), recursive=True)

    def current(self) -> str:
        """The version that readers of the store see."""
        return json.loads(self._objects.cat_file(self._path(POINTER)))["version"]

    def _point(self, noted: dict[str, list], version: str) -> None:
        text = json.dumps({"version": version}).encode()
        try:
            if not self._objects.exists(self._path(POINTER)):
                self._objects.pipe_file(self._path(POINTER), text, mode="create")
            else:
                (left,) = noted.get(POINTER, ['"none"'])
                if left == self._etag(POINTER) and self.current() == version:
                    return
                self._objects.pipe_file(self._path(POINTER), text, IfMatch=left)
        except OSError as error:
            raise RegularsError(
                f"{self._settings.store}/{POINTER} is not the one that this home left there:"
                " another home publishes to the same store, or this one lost its notes. Give each"
                " home a store of its own, or delete that object and publish again"
            ) from error
        noted[POINTER] = [self._etag(POINTER)]

    def _commit(self, noted: dict[str, list], feed: str, batch_id: str, ledger: bytes) -> bool:
        lake = self._settings.lake
        name = f"{_LEDGER}{feed}/{batch_id}.jsonl"
        if self._objects.exists(self._path(f"lake/{name}")):
            return False  # nor may its rows be touched
        for folder in (feed, f"quarantine/{feed}"):
            rows = f"{folder}/{batch_id}.parquet"
            if (lake / rows).exists():
                noted[rows] = self._put(lake / rows, f"lake/{rows}")
        try:
            self._objects.pipe_file(self._path(f"lake/{name}"), ledger, mode="create")
        except FileExistsError:
            return False
        return True

    @contextmanager
    def _noted(self) -> Iterator[dict[str, list]]:
        """Per object what it was when it was last seen, and how its file looked; kept."""
        path = self._settings.home / "store" / "seen.json"
        with exclusive(path.with_name("lock"), "object store"):
            noted = json.loads(path.read_text("utf-8")) if path.exists() else {}
            try:
                yield noted
            finally:
                aside = path.with_suffix(".new")
                aside.write_text(json.dumps(noted, indent=0), encoding="utf-8")
                aside.replace(path)

    def _listed(self, folder: str, ending: str = "") -> dict[str, str]:
        """Version of every object below a folder, by its name below the folder's first part."""
        top = self._path(folder.split("/")[0]) + "/"
        found: dict[str, dict[str, Any]] = self._objects.find(self._path(folder), detail=True)
        return {
            path.removeprefix(top): about["ETag"]
            for path, about in found.items()
            if path.endswith(ending)
        }

    def _put(self, file: Path, name: str) -> list:
        looks = _looks(file)
        self._objects.put_file(str(file), self._path(name))
        return [self._etag(name), *looks]

    def _get(self, name: str, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.pulled")
        self._objects.get_file(self._path(name), str(aside))
        os.replace(aside, file)

    def _etag(self, name: str) -> str:
        return self._objects.info(self._path(name))["ETag"]

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def _batch(name: str) -> str:
    """The ledger object that commits an object of the lake."""
    *folders, file = name.split("/")
    return f"{_LEDGER}{folders[-1]}/{Path(file).stem}.jsonl"


def _looks(file: Path) -> list[int]:
    """What changes when a file is written anew."""
    about = file.stat()
    return [about.st_size, about.st_mtime_ns]


@dataclass(frozen=True)
class Landed:
    """An object that a sender delivered, as one listing showed it."""

    path: str  # <feed>/<date>/<file>: no part of it leads anywhere else
    bytes: int
    mtime_ns: int
    etag: str


class Landing:
    """Objects below the setting ``landing``, where senders put them."""

    def __init__(self, settings: Settings):
        self._objects = _client(f"landing = {settings.landing_store!r}")
        self._root = settings.landing_store.removeprefix("s3://")
        self._max_bytes = settings.max_file_bytes

    def listed(self) -> list[Landed]:
        """What lies there, by name; what could not be a delivered file is told and left out.

        Raises:
            RegularsError: there is no such bucket.
        """
        found, refused = [], []
        try:
            objects = self._objects.find(self._root, detail=True)
        except FileNotFoundError as error:
            raise RegularsError(f"landing = s3://{self._root}: {error}") from error
        for key, about in objects.items():
            name = key.removeprefix(f"{self._root}/")
            if name == key or (key.endswith("/") and not about["size"]):
                continue  # a mark that stands for a folder
            if fault := _fault(name) or self._excess(about["size"]):
                refused.append(f"{name!r} {fault}")
            else:
                found.append(Landed(name, about["size"], _moment(about), about["ETag"]))
        for told in refused[:_TOLD]:
            log.error("object of s3://%s is not taken: %s", self._root, told)
        if len(refused) > _TOLD:
            log.error("and %d more", len(refused) - _TOLD)
        return sorted(found, key=lambda landed: landed.path)

    def get(self, landed: Landed, file: Path) -> bool:
        """Copy an object to a file, which appears whole and with the object's time.

        Returns:
            False if the object is gone or another by now; then there is no new file.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(ASIDE)
        try:
            self._objects.get_file(self._path(landed), str(aside))
            is_listed = self._etag(landed) == landed.etag
            if is_listed:
                os.utime(aside, ns=(landed.mtime_ns, landed.mtime_ns))
                os.replace(aside, file)
        except FileNotFoundError:
            return False
        finally:
            aside.unlink(missing_ok=True)
        return is_listed

    def remove(self, landed: Landed) -> None:
        """Delete an object, unless it is another by now: that is a new delivery."""
        bucket, _, key = self._path(landed).partition("/")
        try:
            # Not every server heeds the condition of a deletion, so it is looked at before too.
            if self._etag(landed) == landed.etag:
                self._objects.call_s3("delete_object", Bucket=bucket, Key=key, IfMatch=landed.etag)
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno != errno.EINVAL:  # the condition does not hold
                raise

    def _excess(self, size: int) -> str | None:
        if size <= self._max_bytes:
            return None
        return f"has {size} bytes, more than the setting max_file_bytes allows"

    def _etag(self, landed: Landed) -> str:
        return self._objects.info(self._path(landed))["ETag"]

    def _path(self, landed: Landed) -> str:
        return f"{self._root}/{landed.path}"


def landing_of(settings: Settings) -> Landing | None:
    """The objects that are delivered, if the setting ``landing`` names such."""
    return Landing(settings) if settings.landing_store else None


@contextmanager
def landed_copies(settings: Settings, feed: str = "") -> Iterator[Path]:
    """A folder with copies of what lies in the landing bucket, for the length of the block."""
    settings.vault.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.vault, prefix=".opened-") as folder:
        if landing := landing_of(settings):
            for landed in landing.listed():
                if landed.path.startswith(feed and f"{feed}/"):
                    landing.get(landed, Path(folder) / landed.path)
        yield Path(folder)


def _fault(name: str) -> str | None:
    """Why an object of this name cannot be a file of a delivery folder."""
    parts = name.split("/")
    if len(parts) != 3 or not {"", ".", ".."}.isdisjoint(parts):
        return "is not named <feed>/<YYYY-MM-DD>/<file>"
    if not name.isprintable() or "?versionId=" in name:
        return "has no plain readable name; rename it"
    if max(len(part.encode()) for part in parts) > 255:
        return "has a name of more than 255 bytes; rename it"
    return None


def _moment(about: dict[str, Any]) -> int:
    """When an object was put there, in nanoseconds.

    No server tells more than milliseconds, many only seconds; what stands below is made of the
    version, so that two objects of one name, size and second are two deliveries. File systems keep
    a hundred nanoseconds.
    """
    milliseconds = (about["LastModified"] - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds * 1_000_000 + zlib.crc32(about["ETag"].encode()) % 10_000 * 100
