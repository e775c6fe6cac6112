"""Deliveries that senders put into a bucket: taken once, whole, and gone when they are settled."""

import json
import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from regulars.errors import RegularsError
from regulars.feeds.ingest import find_batches, load_batch
from regulars.feeds.landed import settle_landed
from regulars.feeds.ledger import read_ledger
from regulars.privacy.archive import Archive
from regulars.privacy.erasure import Records
from regulars.privacy.retention import _still_landed, _Words
from regulars.settings import Settings
from regulars.store import ASIDE, Landing, Store, _moment, landed_copies
from regulars.warehouse.sync import committed_batches, sync

NIGHT = date(2014, 12, 31)
HEADER = "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount\n"
MEMBERS = "customer_id,phone,created_at\nM1,13812345678,2012-01-01T00:00:00\n"


class Sender:
    """Puts objects below the landing prefix, as a till would."""

    def __init__(self, store: Store):
        self._objects, self._root = store._objects, store._root.split("/")[0] + "/landing"

    def put(self, name: str, *receipts: str, price: str = "18.00", **manifest: object) -> str:
        path = f"pos_sales/{NIGHT}/{name}"
        lines = (f"{r},1,S01,2014-12-31T20:00:00,P101,1,18,{price}\n" for r in receipts)
        self.put_raw(path, (HEADER + "".join(lines)).encode())
        if manifest:
            self.put_raw(f"{path}.manifest.json", json.dumps(manifest).encode())
        return path

    def put_raw(self, name: str, content: bytes) -> None:
        bucket, _, prefix = self._root.partition("/")
        key = f"{prefix}/{name}"
        self._objects.call_s3("put_object", Bucket=bucket, Key=key, Body=content)

    def there(self) -> list[str]:
        return sorted(
            path.removeprefix(f"{self._root}/") for path in self._objects.find(self._root)
        )


@pytest.fixture
def sender(homes: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Who delivers to a prefix beside the store; every home takes its landing from there."""
    sender = Sender(Store(homes("first")))
    monkeypatch.setenv("REGULARS_LANDING", f"s3://{sender._root}")
    return sender


@pytest.fixture
def settings(sender: Sender, homes: Callable[[str], Settings]) -> Settings:
    return homes("first")


def load(**options: object) -> list[dict]:
    batches = find_batches(["pos_sales"], None, NIGHT, **options)
    return [line for batch in batches for line in load_batch(batch)]


def statuses(**options: object) -> list[str]:
    return [line["status"] for line in load(**options)]


def landed(settings: Settings) -> list[str]:
    files = settings.landing.rglob("*")
    return sorted(p.relative_to(settings.landing).as_posix() for p in files if p.is_file())


def receipts(settings: Settings) -> list[str]:
    """What a build would read."""
    with duckdb.connect() as connection:
        sync(connection, settings, committed_batches(settings.lake), "code")
        found = connection.execute("select receipt_id from raw.pos_sales order by 1").fetchall()
    return [receipt for (receipt,) in found]


def test_what_was_sent_is_loaded_sealed_and_gone(sender, settings, monkeypatch):
    path = sender.put("a.csv", "r1", "r2", rows=2)
    assert settings.landing == settings.home / "landing"
    (line,) = load()
    assert (line["status"], line["file_path"], line["rows_loaded"]) == ("loaded", path, 2)
    assert statuses() == []
    assert sender.there() == landed(settings) == [path, f"{path}.manifest.json"]
    later = sender.put("b.csv", "r3")
    assert settle_landed(["pos_*"]) == 1
    assert sender.there() == [later]
    assert landed(settings) == []
    assert len(list(settings.archive.rglob("*.sealed"))) == 2
    assert not any(b"r1,1,S01" in p.read_bytes() for p in settings.archive.rglob("*.sealed"))
    # The store's own objects lie in the same bucket and are no deliveries.
    assert statuses() == ["loaded"]
    assert receipts(settings) == ["r1", "r2", "r3"]


def test_a_file_is_taken_with_its_manifest_or_once_it_lies_still(sender, settings, monkeypatch):
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "3600")
    sender.put("waits.csv", "r1")
    stated = sender.put("stated.csv.gz", rows=7)
    short = sender.put("short.csv", "r3", rows=7)
    sender.put("_SUCCESS")
    assert [(line["file_path"], line["status"]) for line in load()] == [
        (short, "rejected"),
        (stated, "rejected"),  # no gzip
    ]
    assert settle_landed(["pos_sales"]) == 2
    assert sender.there() == [f"pos_sales/{NIGHT}/{name}" for name in ("_SUCCESS", "waits.csv")]
    # The manifest may come later than its file, and for its name without the ending.
    sender.put_raw(f"pos_sales/{NIGHT}/waits.manifest.json", b'{"rows": 1}')
    assert statuses() == ["loaded"]


def test_days_after_the_one_that_is_closed_wait(sender, settings):
    sender.put_raw("pos_sales/2015-01-01/a.csv", HEADER.encode())
    assert statuses() == []
    assert landed(settings) == []


@pytest.mark.parametrize("what", ["deleted", "kept"])
def test_objects_are_deleted_or_left_alone_and_copies_never_stay(
    sender, settings, monkeypatch, what
):
    monkeypatch.setenv("REGULARS_LANDED_FILES", what)
    path = sender.put("a.csv", "r1", rows=1)
    assert statuses() == ["loaded"]
    assert settle_landed(["pos_sales"]) == 1
    assert landed(settings) == []
    assert sender.there() == ([path, f"{path}.manifest.json"] if what == "kept" else [])
    assert not settings.archive.exists()
    monkeypatch.setattr(Landing, "get", None)  # what the ledger knows is not fetched again
    assert statuses() == []
    assert settle_landed(["pos_sales"]) == 0


@pytest.mark.parametrize("what", ["sealed", "kept"])
def test_a_rejected_file_comes_back_for_a_replay(sender, settings, monkeypatch, what):
    monkeypatch.setenv("REGULARS_LANDED_FILES", what)
    sender.put("bad.csv", "r1", price="x")
    sender.put("good.csv", "r2")
    assert statuses() == ["rejected", "loaded"]
    settle_landed(["pos_sales"])
    assert landed(settings) == []
    (again,) = load(replay=True)
    assert (again["status"], again["attempt"]) == ("rejected", 1)
    settle_landed(["pos_sales"])
    assert landed(settings) == []
    assert len(sender.there()) == (2 if what == "kept" else 0)


def test_an_object_that_was_replaced_is_a_new_delivery_and_stays(sender, settings):
    """Of the same size, between load and deletion."""
    path = sender.put("a.csv", "r1")
    assert statuses() == ["loaded"]
    sender.put("a.csv", "r2")
    settle_landed(["pos_sales"])
    assert sender.there() == [path]
    assert statuses() == ["loaded"]
    settle_landed(["pos_sales"])
    assert sender.there() == landed(settings) == []
    assert receipts(settings) == ["r1", "r2"]


def test_versions_of_one_second_have_times_of_their_own():
    at = datetime(2014, 12, 31, 23, 59, 59, 5000, tzinfo=UTC)
    one, other = (_moment({"LastModified": at, "ETag": etag}) for etag in ('"a"', '"b"'))
    assert one != other
    assert {one // 1_000_000, other // 1_000_000} == {1420070399005}
    assert one % 100 == 0  # what any file system keeps


def test_an_object_that_is_replaced_while_it_is_fetched_or_deleted_is_not_lost(
    sender, settings, monkeypatch
):
    path = sender.put("a.csv", "r1", rows=1)
    looked = Landing._etag
    with monkeypatch.context() as meanwhile:

        def replaced(landing, there):
            sender.put("a.csv", "r2")
            return looked(landing, there)

        meanwhile.setattr(Landing, "_etag", replaced)
        assert statuses() == []
    assert path not in landed(settings)
    assert statuses() == ["loaded"]
    with monkeypatch.context() as meanwhile:

        def looks_alike(landing, there):
            sender.put("a.csv", "r3")
            return there.etag

        meanwhile.setattr(Landing, "_etag", looks_alike)
        settle_landed(["pos_sales"])
    assert sender.there() == [path]
    assert statuses() == ["loaded"]
    assert receipts(settings) == ["r2", "r3"]


HOSTILE = {
    f"../pos_sales/{NIGHT}/up.csv": "is not named",
    f"pos_sales/{NIGHT}/../../../../../{NIGHT}.csv": "is not named",
    f"pos_sales/../{NIGHT}": "is not named",
    f"pos_sales/{NIGHT}/..": "is not named",
    "/etc/cron.d": "is not named",
    f"pos_sales/{NIGHT}/deep/er.csv": "is not named",
    f"pos_sales/{NIGHT}": "is not named",
    f"pos_sales/{NIGHT}/bell\a.csv": "no plain readable name",
    f"pos_sales/{NIGHT}/turned\u202evsc.csv": "no plain readable name",
    f"pos_sales/{NIGHT}/a.csv?versionId=null": "no plain readable name",
    f"pos_sales/{NIGHT}/{'长' * 90}.csv": "more than 255 bytes",
    f"pos_sales/{NIGHT}/huge.csv": "has 1001 bytes, more than the setting max_file_bytes",
}


def test_hostile_names_are_told_and_lead_nowhere(sender, settings, monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("REGULARS_MAX_FILE_BYTES", "1000")
    for name in HOSTILE:
        sender.put_raw(name, b"x" * (1001 if "huge" in name else 10))
    # What is only odd is a name like any other; a mark for a folder is nothing.
    for name in ("a*?[1].csv", "b%2e%2e'\".csv", "c\\..\\d.csv"):
        sender.put(name, name)
    sender.put_raw(f"pos_sales/{NIGHT}/", b"")
    sender.put_raw("pos_sales/31.12.2014/undated.csv", HEADER.encode())
    before = {path for path in tmp_path.rglob("*") if "first" not in path.parts}
    assert statuses() == ["loaded"] * 3
    settle_landed(["pos_sales"])
    assert {path for path in tmp_path.rglob("*") if "first" not in path.parts} == before
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    for name, told in HOSTILE.items():
        assert any(repr(name) in error and told in error for error in errors), name
    assert "31.12.2014/undated.csv is no delivery: its folder is not named" in caplog.text
    assert landed(settings) == []
    left = {*HOSTILE, "pos_sales/31.12.2014/undated.csv", f"pos_sales/{NIGHT}/"}
    assert set(sender.there()) == left


def test_refusals_do_not_flood_the_log(sender, settings, caplog):
    for number in range(25):
        sender.put_raw(f"junk-{number}", b"x")
    assert statuses() == []
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 21
    assert errors[-1] == "and 5 more"


def test_too_many_objects_are_refused_before_they_are_fetched(sender, settings, monkeypatch):
    monkeypatch.setenv("REGULARS_MAX_DELIVERY_FILES", "2")
    for name in ("a.csv", "b.csv", "c.csv"):
        sender.put(name, name)
    with pytest.raises(RegularsError, match="holds more than 2 files"):
        load()
    assert landed(settings) == []


def test_a_bucket_that_is_not_there_is_an_error(sender, homes, monkeypatch):
    monkeypatch.setenv("REGULARS_LANDING", "s3://no-such-bucket/landing")
    with pytest.raises(RegularsError, match=r"s3://no-such-bucket/landing: .*does not exist"):
        load()


def a_night() -> None:
    load()
    settle_landed(["pos_sales"])


def in_a_process(work: Callable[[], None]) -> Callable[[], int]:
    """Start a process that does the work; what comes back waits for its exit code."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    ("owner", "name", "moment"),
    [
        (os, "utime", "before"),  # an object is fetched and its file has no name yet
        (Landing, "get", "after"),
        (Store, "commit", "before"),
        (Store, "commit", "after"),  # the store knows of it, the home does not
        (Archive, "settle", "before"),
        (Archive, "seal", "after"),
        (Landing, "remove", "before"),
        (Landing, "remove", "after"),
        (Path, "unlink", "after"),
    ],
)
def test_a_night_that_is_killed_loses_nothing(sender, settings, owner, name, moment):
    for number in range(3):
        sender.put(f"{number}.csv", f"r{number}", rows=1)

    def deadly_night():
        whole = getattr(owner, name)

        def deadly(*args, **kwargs):
            if moment == "after":
                whole(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(owner, name, deadly)
        a_night()

    assert in_a_process(deadly_night)() == -signal.SIGKILL
    a_night()
    assert receipts(settings) == ["r0", "r1", "r2"]
    lines = read_ledger(settings.lake, "pos_sales")
    assert [line["status"] for line in lines] == ["loaded"] * 3
    assert sender.there() == landed(settings) == []
    assert len(list(settings.archive.rglob("*.sealed"))) == 6


def test_half_an_object_that_a_kill_left_does_not_stay(sender, settings):
    left = settings.landing / "pos_sales" / "2014-12-30" / ASIDE
    left.parent.mkdir(parents=True)
    left.write_text("half a name")
    assert statuses() == []
    assert not left.exists()


def test_two_homes_at_once_load_everything_once(sender, homes):
    first = homes("first")
    sender.put("0.csv", "r0")
    assert statuses() == ["loaded"]  # there is a ring of keys to share
    for number in range(1, 9):
        sender.put(f"{number}.csv", f"r{number}", rows=1)
    nights = []
    for name in ("first", "second"):
        homes(name)
        nights.append(in_a_process(a_night))
    assert [wait() for wait in nights] == [0, 0]
    assert sender.there() == []
    for name in ("first", "second"):
        settings = homes(name)
        assert statuses() == []
        assert landed(settings) == []
        assert receipts(settings) == [f"r{number}" for number in range(9)]
    committed = [batch.batch_id for batch in committed_batches(first.lake)]
    assert committed == [batch.batch_id for batch in committed_batches(settings.lake)]


def test_homes_whose_batches_overlap_count_each_file_once(sender, homes):
    """The second has seen a file more when it loads what the first is loading."""
    sender.put("a.csv", "r1")
    first = homes("first")
    (narrow,) = find_batches(["pos_sales"], None, NIGHT)
    sender.put("b.csv", "r2")
    second = homes("second")
    (wide,) = find_batches(["pos_sales"], None, NIGHT)
    homes("first")
    load_batch(narrow)
    homes("second")
    load_batch(wide)
    for settings in (first, second):
        homes(settings.home.name)
        assert statuses() == []
        assert receipts(settings) == ["r1", "r2"]
        settle_landed(["pos_sales"])
        assert landed(settings) == []
    assert sender.there() == []


def test_what_another_home_took_and_never_settled_is_settled(sender, homes):
    path = sender.put("a.csv", "r1", rows=1)
    homes("first")
    assert statuses() == ["loaded"]
    second = homes("second")
    assert statuses() == []
    assert sender.there() == [path, f"{path}.manifest.json"]
    assert settle_landed(["pos_sales"]) == 1
    assert sender.there() == landed(second) == []
    assert len(list(second.archive.rglob("*.sealed"))) == 2


def test_proofs_look_into_the_bucket_too(sender, settings):
    path = f"customers/{NIGHT}/m.csv"
    sender.put_raw(path, MEMBERS.encode())
    for batch in find_batches(["customers"], None, NIGHT):
        load_batch(batch)
    settle_landed(["customers"])
    # The sender delivers her again, and her complaint.
    sender.put_raw(path.replace("m.csv", "again.csv"), MEMBERS.encode())
    complaint = b"complaint_id,verbatim\nC1,much too sweet\n"
    sender.put_raw(f"complaints/{NIGHT}/c.csv", complaint)
    proof = Records(settings).erase("M1")["proof"]
    assert proof["is_absent"] is False
    assert {found["path"] for found in proof["remaining"]} == {
        f"{settings.landing_store}/customers/{NIGHT}/again.csv"
    }
    words = _Words({("C1",): {"much too sweet"}})
    assert _still_landed(settings, "complaints", words) == [f"landing, complaints/{NIGHT}/c.csv"]
    with landed_copies(settings, "complaints") as folder:
        assert [p.name for p in folder.rglob("*") if p.is_file()] == ["c.csv"]
    assert list(settings.vault.glob(".opened-*")) == []
