"""Landed files after their load: sealed, opened again, and never bent without notice."""

import errno
import os
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from regulars.errors import RegularsError
from regulars.feeds.delivery import Delivered
from regulars.privacy.archive import _CHUNK, Archive
from regulars.privacy.keys import load_keys, rotate_master_key
from regulars.settings import load_settings

NAME = "customers/2014-12-31/members.csv"
TEXT = "customer_id,name,phone\nM1,王小明,13812345678\n"


def delivered(landed, mtime_ns=None):
    stat = landed.stat() if landed.exists() else None
    mtime_ns = mtime_ns or (stat.st_mtime_ns if stat else 0)
    return Delivered("customers", NAME, date(2014, 12, 31), 1, mtime_ns)


@pytest.fixture
def archive(settings):
    return Archive(settings, load_keys(settings))


def content(archive, path):
    return b"".join(archive.read(path))


@pytest.mark.requirement("SEC-01")
def test_a_loaded_file_is_sealed_and_can_be_opened(archive, deliver, settings):
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT, rows=1)
    sealed = archive.settle(delivered(landed))
    assert not landed.exists()
    assert not landed.with_name("members.manifest.json").exists()
    assert len(archive.files()) == 2
    assert "王小明".encode() not in sealed.read_bytes()
    assert b"13812345678" not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert content(archive, sealed) == TEXT.encode()
    assert archive.describe(sealed).file_path == NAME
    assert archive.restore(sealed).read_bytes() == TEXT.encode()
    assert list(archive.root.glob(".opened-*")) == []
    archive.settle(delivered(landed))
    assert archive.settle(delivered(landed)) is None


def test_a_file_that_changed_since_its_load_stays(archive, deliver):
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT)
    assert archive.settle(delivered(landed, 1)) is None
    assert landed.exists()
    assert archive.settle(delivered(landed)).exists()


def test_a_landing_folder_on_another_file_system_gets_its_files_back(archive, deliver, monkeypatch):
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT)
    sealed = archive.settle(delivered(landed))
    within_one = os.replace

    def replaced(source, target):
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        within_one(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    assert archive.restore(sealed).read_text() == TEXT
    assert [path.name for path in landed.parent.iterdir()] == ["members.csv"]


@pytest.mark.parametrize(("setting", "stays"), [("deleted", False), ("kept", True)])
def test_other_settings(home, deliver, monkeypatch, setting, stays):
    monkeypatch.setenv("REGULARS_LANDED_FILES", setting)
    settings = load_settings()
    archive = Archive(settings, load_keys(settings))
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT)
    assert archive.settle(delivered(landed)) is None
    assert landed.exists() is stays
    assert archive.files() == []


@pytest.mark.parametrize("size", [0, 1, _CHUNK - 1, _CHUNK, _CHUNK + 1, 3 * _CHUNK])
def test_every_length_comes_back(archive, deliver, size):
    data = os.urandom(size)
    landed = deliver("customers", "2014-12-31", "members.csv", data)
    assert content(archive, archive.seal(landed)) == data


def test_memory_stays_bounded(archive, deliver):
    landed = deliver("customers", "2014-12-31", "members.csv", bytes(24 * _CHUNK))
    tracemalloc.start()
    archive.seal(landed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * _CHUNK


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize(
    "bend",
    [
        lambda data: data[:-1],
        lambda data: data[: -_CHUNK - 20],
        lambda data: data[:-25],  # the last chunk, whole
        lambda data: data[:2],
        lambda data: b"",
        lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
        lambda data: data.replace(b"members", b"member5"),
        lambda data: data + b"x",
    ],
)
def test_a_bent_file_is_refused(archive, deliver, bend):
    landed = deliver("customers", "2014-12-31", "members.csv", os.urandom(2 * _CHUNK + 9))
    sealed = archive.seal(landed)
    data = sealed.read_bytes()
    sealed.write_bytes(bend(data))
    with pytest.raises(RegularsError, match="truncated"):
        content(archive, sealed)


@pytest.mark.requirement("SEC-01")
def test_rotation_leaves_the_archive_open_and_another_ring_shut(archive, deliver, settings, home):
    sealed = archive.seal(deliver("customers", "2014-12-31", "members.csv", TEXT))
    rotate_master_key(settings)
    assert content(Archive(settings, load_keys(settings)), sealed) == TEXT.encode()
    newer = load_keys(settings).with_new("archive")
    assert content(Archive(settings, newer), sealed) == TEXT.encode()
    with pytest.raises(RegularsError, match="no archive key of version 1"):
        content(Archive(settings, newer.without_old("archive")), sealed)


def test_sealing_again_writes_nothing(archive, deliver):
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT)
    sealed = archive.seal(landed)
    before = sealed.read_bytes()
    assert archive.seal(landed) == sealed
    assert sealed.read_bytes() == before


def test_a_file_that_cannot_be_sealed_stays(archive, deliver, monkeypatch):
    landed = deliver("customers", "2014-12-31", "members.csv", TEXT)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        archive.settle(delivered(landed))
    assert landed.exists()
    assert [p for p in archive.root.rglob("*") if p.is_file()] == []
