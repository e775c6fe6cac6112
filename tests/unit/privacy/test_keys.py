"""One master key, a ring that it wraps, and a clear word for every way to lose either."""

import json
import logging
import os
import stat

import pytest

from regulars.errors import RegularsError
from regulars.privacy import keys
from regulars.privacy.keys import load_keys, new_master_key, rotate_master_key, save_ring
from regulars.settings import load_settings


@pytest.fixture
def settings(home):
    return load_settings()


def tree(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != ".lock"}


@pytest.mark.requirement("SEC-01")
def test_a_trial_makes_its_key_once_and_says_so_loudly(settings, caplog):
    with caplog.at_level(logging.WARNING):
        ring = load_keys(settings)
    assert "NO MASTER KEY WAS GIVEN" in caplog.text
    for name in (keys.MASTER, keys.RING):
        assert stat.S_IMODE((settings.keys / name).stat().st_mode) == 0o600
    assert settings.published not in (settings.keys / keys.RING).parents
    caplog.clear()
    assert load_keys(settings) == ring
    assert caplog.text == ""
    clear = list(ring.keys.values())
    assert len(set(clear)) == len(clear) == 4
    assert not any(key.hex() in repr(ring) or repr(key) in repr(ring) for key in clear)


@pytest.mark.requirement("SEC-01")
def test_production_never_makes_a_key(settings, monkeypatch):
    monkeypatch.setenv("REGULARS_PRODUCTION", "true")
    with pytest.raises(RegularsError, match="production mode and no master key"):
        load_keys(load_settings())
    assert not (settings.keys / keys.MASTER).exists()
    assert not (settings.keys / keys.RING).exists()


def from_environment(monkeypatch, tmp_path, key):
    monkeypatch.setenv("REGULARS_MASTER_KEY", key)


def from_file(monkeypatch, tmp_path, key):
    (tmp_path / "secret").write_text(key + "\n")
    (tmp_path / "secret").chmod(0o400)
    monkeypatch.setenv("REGULARS_MASTER_KEY_FILE", str(tmp_path / "secret"))


def from_airflow(monkeypatch, tmp_path, key):
    monkeypatch.setenv("REGULARS_MASTER_KEY_CONNECTION", "regulars_master_key")
    monkeypatch.setenv(
        "AIRFLOW_CONN_REGULARS_MASTER_KEY", json.dumps({"conn_type": "generic", "password": key})
    )


@pytest.mark.parametrize("source", [from_environment, from_file, from_airflow])
def test_every_source_of_the_master_key_opens_the_ring(home, tmp_path, monkeypatch, source):
    key = new_master_key()
    monkeypatch.setenv("REGULARS_MASTER_KEY", key)
    ring = load_keys(load_settings())
    monkeypatch.delenv("REGULARS_MASTER_KEY")
    monkeypatch.setenv("REGULARS_PRODUCTION", "true")
    source(monkeypatch, tmp_path, key)
    assert load_keys(load_settings()) == ring
    assert not (home / "keys" / keys.MASTER).exists()


def test_two_sources_are_refused(home, tmp_path, monkeypatch):
    from_environment(monkeypatch, tmp_path, new_master_key())
    from_file(monkeypatch, tmp_path, new_master_key())
    with pytest.raises(RegularsError, match="REGULARS_MASTER_KEY and master_key_file"):
        load_keys(load_settings())


def test_production_refuses_a_key_file_that_all_can_read(home, tmp_path, monkeypatch):
    from_file(monkeypatch, tmp_path, new_master_key())
    (tmp_path / "secret").chmod(0o444)
    monkeypatch.setenv("REGULARS_PRODUCTION", "true")
    with pytest.raises(RegularsError, match="everybody can read"):
        load_keys(load_settings())


@pytest.mark.parametrize("text", ["hunter2hunter2", "A" * 44, "", "ключ"])
def test_a_malformed_key_is_refused_and_not_shown(home, tmp_path, monkeypatch, text):
    monkeypatch.setenv("REGULARS_MASTER_KEY_FILE", str(tmp_path / "secret"))
    (tmp_path / "secret").write_text(text, "utf-8")
    with pytest.raises(RegularsError, match=r"is no master key|cannot be read") as caught:
        load_keys(load_settings())
    assert not text or text not in str(caught.value)


def test_a_missing_file_or_connection_is_named(home, monkeypatch):
    monkeypatch.setenv("REGULARS_MASTER_KEY_FILE", "/nowhere/secret")
    with pytest.raises(RegularsError, match=r"/nowhere/secret cannot be read"):
        load_keys(load_settings())
    monkeypatch.delenv("REGULARS_MASTER_KEY_FILE")
    monkeypatch.setenv("REGULARS_MASTER_KEY_CONNECTION", "not_there")
    with pytest.raises(RegularsError, match="connection not_there"):
        load_keys(load_settings())


@pytest.mark.requirement("SEC-01")
def test_a_lost_wrong_or_changed_key_is_told_apart_and_nothing_is_touched(settings, monkeypatch):
    load_keys(settings)
    master, ring = settings.keys / keys.MASTER, settings.keys / keys.RING
    kept = tree(settings.keys)

    def told(match):
        with pytest.raises(RegularsError, match=match):
            load_keys(settings)
        for name, content in kept.items():
            (settings.keys / name).write_bytes(content)
        load_keys(settings)

    master.unlink()
    told("master key .* is lost")
    master.write_text(new_master_key())
    told("is not the one that wrapped")
    ring.write_bytes(kept[keys.RING][:100])
    told("truncated")
    ring.write_bytes(b"")
    told("truncated")
    held = json.loads(kept[keys.RING])
    held["keys"].pop()
    ring.write_text(json.dumps(held))
    told("changed by hand")
    held = json.loads(kept[keys.RING])
    one, two = held["keys"][0], held["keys"][1]
    one["wrapped"], two["wrapped"] = two["wrapped"], one["wrapped"]
    ring.write_text(json.dumps(held))
    told("changed by hand")


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize("sealed", ["vault/values/customers/b.parquet", "archive/x.sealed"])
def test_a_lost_ring_is_not_replaced_beside_what_it_sealed(settings, sealed):
    load_keys(settings)
    (settings.home / sealed).parent.mkdir(parents=True)
    (settings.home / sealed).write_bytes(b"x")
    (settings.keys / keys.RING).unlink()
    with pytest.raises(RegularsError, match=r"key ring .* is lost"):
        load_keys(settings)
    assert not (settings.keys / keys.RING).exists()


@pytest.mark.requirement("SEC-01")
def test_rotating_the_master_key_keeps_the_data_keys(settings, monkeypatch):
    ring = load_keys(settings)
    before = tree(settings.keys)
    rotate_master_key(settings)
    after = tree(settings.keys)
    assert before[keys.MASTER] != after[keys.MASTER]
    assert before[keys.RING] != after[keys.RING]
    assert load_keys(settings) == ring
    (settings.keys / keys.MASTER).write_bytes(before[keys.MASTER])
    with pytest.raises(RegularsError, match="is not the one that wrapped"):
        load_keys(settings)


def test_a_key_of_ones_own_is_rotated_by_handing_in_the_next(settings, monkeypatch):
    old, new = new_master_key(), new_master_key()
    monkeypatch.setenv("REGULARS_MASTER_KEY", old)
    ring = load_keys(settings)
    with pytest.raises(RegularsError, match="give the new master key"):
        rotate_master_key(settings)
    rotate_master_key(settings, new)
    with pytest.raises(RegularsError, match="is not the one that wrapped"):
        load_keys(settings)
    monkeypatch.setenv("REGULARS_MASTER_KEY", new)
    assert load_keys(settings) == ring


def test_a_rotation_that_was_cut_off_is_finished(settings, monkeypatch):
    ring = load_keys(settings)
    real = os.replace

    def power_cut(source, target):
        if str(source).endswith(".new"):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rotate_master_key(settings)
    monkeypatch.setattr(os, "replace", real)
    assert load_keys(settings) == ring
    assert not (settings.keys / f"{keys.MASTER}.new").exists()
    assert load_keys(settings) == ring


def test_versions_of_a_data_key(settings):
    ring = load_keys(settings)
    newer = ring.with_new("token")
    save_ring(settings, newer)
    assert load_keys(settings) == newer
    assert newer.version("token") == 2
    assert newer.key("token", 1) == ring.key("token") != newer.key("token")
    assert newer.without_old("token").version("token") == 2
    with pytest.raises(RegularsError, match="no token key of version 1"):
        newer.without_old("token").key("token", 1)
    assert ring.derived("token", "a") != ring.derived("token", "b")
